/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * paging.c - the kernel's own mapping.
 *
 * Physical memory from 0 on is mapped at KERNEL_BASE, in 4 MiB pages but for the first,
 * which holds the kernel: there, the page table tells text and constants (read-only) from
 * data. The processor has no execute permission for pages; instead, the kernel's code
 * segment ends with the text, which is the first thing in the image.
 */
#include <glue/glue.h>
#include <arch/layout.h>

#include "cpu.h"
#include "paging.h"

extern const char _text[], _einit[], _erodata[]; /* linker script */

/* The linker script puts them last, behind all that needs no alignment. */
#define WHOLE_PAGE __attribute__((aligned(4096), section(".bss..pages")))

uint32_t kernel_dir[PAGING_ENTRIES] WHOLE_PAGE;
uint32_t kernel_table[PAGING_ENTRIES] WHOLE_PAGE;
word_t kernel_entries = PAGING_ENTRIES - PDE_KERNEL;

/* Types of PWT | PCD << 1: write-back, write-combining, UC-, uncacheable (SDM vol. 3A,
 * 11.12); the upper four, with the PAT bit, are not used. */
#define PAT_TYPES 0x0007010600070106ull

GLUE_INIT static bool read_only(word_t va)
{
	return va >= ((word_t)_text & ~(GLUE_PAGE_SIZE - 1)) && va < (word_t)_erodata;
}

GLUE_INIT void paging_init(void)
{
	for (word_t i = 0; i < PAGING_ENTRIES; i++) {
		word_t pa = i * GLUE_PAGE_SIZE;

		kernel_table[i] =
		    pa | PTE_P | PTE_G | PTE_A | PTE_D | (read_only(KERNEL_BASE + pa) ? 0 : PTE_W);
	}
	write_cr4(read_cr4() | CR4_PSE | CR4_PGE);
	for (word_t i = 1; i < DIRECT_SIZE / LARGE_PAGE; i++)
		kernel_dir[PDE_KERNEL + i] =
		    i * LARGE_PAGE | PTE_P | PTE_W | PTE_G | PTE_A | PTE_D | PDE_PS;
	kernel_dir[0] = 0;
	wrmsr(MSR_PAT, PAT_TYPES);
	write_cr3(read_cr3());
	/* Changing PGE drops the global entries as well (SDM vol. 3A, 4.10.4.1). */
	write_cr4(read_cr4() & ~CR4_PGE);
	write_cr4(read_cr4() | CR4_PGE);
}

GLUE_INIT void paging_trim(paddr_t memory_end)
{
	word_t i = 1;

	while (i < DIRECT_SIZE / LARGE_PAGE && (paddr_t)i * LARGE_PAGE < memory_end)
		i++;
	kernel_entries = (i + 15) & ~15u; /* as glue_clear takes them */
	for (; i < DIRECT_SIZE / LARGE_PAGE; i++)
		kernel_dir[PDE_KERNEL + i] = 0;
	write_cr4(read_cr4() & ~CR4_PGE);
	write_cr4(read_cr4() | CR4_PGE);
}

GLUE_INIT volatile void *paging_map_device(paddr_t pa)
{
	kernel_dir[PDE_DEVICE] = ((word_t)pa & ~(LARGE_PAGE - 1)) | PTE_P | PTE_W | PTE_PCD |
				 PTE_PWT | PTE_G | PTE_A | PTE_D | PDE_PS;
	return (volatile void *)(DEVICE_BASE + ((word_t)pa & (LARGE_PAGE - 1)));
}

bool paging_maps(word_t va)
{
	uint32_t e = kernel_dir[va / LARGE_PAGE];

	if (e & PTE_P && !(e & PDE_PS))
		e = kernel_table[(va - KERNEL_BASE) / GLUE_PAGE_SIZE];
	return e & PTE_P;
}

struct glue_ctx *paging_drop_init(struct glue_ctx *c)
{
	for (word_t va = (word_t)_text; va < (word_t)_einit; va += GLUE_PAGE_SIZE) {
		kernel_table[(va - KERNEL_BASE) / GLUE_PAGE_SIZE] = 0;
		invlpg(va);
	}
	return c;
}
