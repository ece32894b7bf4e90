/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * mmu.c - the kernel's own half of the address space, made once at boot: RAM one to one, in
 * sections, never executable; the image in 4 KiB pages with the rights of its parts; device
 * registers. All of it global and for PL1 only.
 */
#include <arch/cp15.h>
#include <arch/port.h>

/* Short descriptors (DDI 0406C, B3.5.1) with the access flag and S set. */
#define SECTION_DATA   0x10413 /* read-write, XN, PXN, memory type 0 (cached) */
#define SECTION_DEVICE 0x1041f /* the same, memory type 3 (strongly ordered) */
#define PAGE_TEXT      0x612   /* read-only, executable */
#define PAGE_RODATA    0x613   /* read-only */
#define PAGE_DATA      0x413   /* read-write */

#define PAGES (SECTION_SIZE / GLUE_PAGE_SIZE)

uint32_t arm_kernel_l1[4096] __attribute__((aligned(16384), section(".bss.level1")));

/* The first section of the image. The linker script makes sure that everything but .bss
 * fits in it. */
FAR_BSS uint32_t arm_image_l2[PAGES] __attribute__((aligned(1024)));

static unsigned device_slots;

void *glue_phys_to_virt(paddr_t pa)
{
	return (void *)((word_t)pa - (word_t)CONFIG_RAM_START + KERNEL_BASE);
}

paddr_t glue_virt_to_phys(const void *va)
{
	return (word_t)va - KERNEL_BASE + (word_t)CONFIG_RAM_START;
}

static uint32_t *l1_slot(word_t va)
{
	return &arm_kernel_l1[va / SECTION_SIZE];
}

GLUE_INIT static uint32_t image_page(word_t va)
{
	uint32_t pa = (uint32_t)glue_virt_to_phys((void *)va);

	if (va >= (word_t)_text && va < (word_t)_etext)
		return pa | PAGE_TEXT;
	if (va >= (word_t)_etext && va < (word_t)_erodata)
		return pa | PAGE_RODATA;
	return pa | PAGE_DATA;
}

GLUE_INIT void arm_mmu_init(void)
{
	for (unsigned i = 0; i < PAGES; i++)
		arm_image_l2[i] = image_page(KERNEL_LINK + i * GLUE_PAGE_SIZE);
	for (word_t i = 0; i < CONFIG_RAM_SIZE / SECTION_SIZE; i++)
		if (KERNEL_BASE + i * SECTION_SIZE != KERNEL_LINK)
			arm_kernel_l1[KERNEL_BASE / SECTION_SIZE + i] =
			    (uint32_t)(CONFIG_RAM_START + i * SECTION_SIZE) | SECTION_DATA;

	/* boot.S's identity map, and with it the lower half. */
	*l1_slot((word_t)glue_virt_to_phys(_text)) = 0;
	arm_tlb_flush_all();
}

struct glue_ctx *arm_mmu_drop_init(struct glue_ctx *c)
{
	for (word_t va = (word_t)_text; va < (word_t)_einit; va += GLUE_PAGE_SIZE)
		arm_image_l2[(va - KERNEL_LINK) / GLUE_PAGE_SIZE] =
		    (uint32_t)glue_virt_to_phys((void *)va) | PAGE_DATA;
	arm_tlb_flush_all();
	return c;
}

GLUE_INIT volatile uint32_t *arm_map_device(paddr_t pa)
{
	word_t va = DEVICE_BASE + device_slots * SECTION_SIZE;

	if (device_slots++ == DEVICE_SLOTS)
		k_panic(NULL, "no slot left to map the device at %llx", (unsigned long long)pa);
	*l1_slot(va) = (uint32_t)(pa & -(paddr_t)SECTION_SIZE) | SECTION_DEVICE;
	dsb();
	isb();
	return (volatile uint32_t *)(va + (word_t)(pa % SECTION_SIZE));
}
