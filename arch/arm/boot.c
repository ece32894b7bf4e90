/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * boot.c - from boot.S to k_boot: get processor and devices ready, find the boot archive, and
 * tell the kernel what there is.
 */
#include <common/archive.h>

#include <arch/cp15.h>
#include <arch/port.h>

_Static_assert(CONFIG_RAM_START % SECTION_SIZE == 0 && CONFIG_RAM_SIZE % SECTION_SIZE == 0,
	       "the board's RAM is whole sections");
_Static_assert(CONFIG_RAM_SIZE <= DEVICE_BASE - KERNEL_BASE, "the direct map has room for RAM");
_Static_assert(CONFIG_RAM_START + SECTION_SIZE < KERNEL_BASE,
	       "boot.S's identity map is in TTBR0's half");

#define GIC_DIST_SIZE 0x10000
#define GIC_CPU_SIZE  0x10000

/* Fields of four bits in the identification registers (DDI 0406C, B4.1.93 and B4.1.89). */
#define ID_PFR0_THUMBEE(v) ((v) >> 12 & 0xf)
#define ID_PFR1_TIMER(v)   ((v) >> 16 & 0xf)
#define ID_MMFR0_VMSA(v)   ((v)&0xf)
#define VMSA_V7_PXN        4

#define CPACR_FPU_FULL 0x00f00000 /* cp10 and cp11, all modes */
#define CPACR_ASEDIS   0x80000000
#define CPACR_D32DIS   0x40000000

#define TEECR_XED       1      /* no access to the ThumbEE handler register */
#define DBGDSCR_UDCCDIS 0x1000 /* no debug communication channel */

GLUE_INIT_BSS static struct glue_boot_info boot_info;

/* What user mode could use to leave something for the next thread, or to watch. */
GLUE_INIT static void close_side_doors(void)
{
	write_pmuserenr(0);
	if (ID_PFR0_THUMBEE(read_id_pfr0()) != 0)
		__asm__ volatile("mcr p14, 6, %0, c0, c0, 0" : : "r"(TEECR_XED));
	/* DBGDSCRext; with the two debug-mode bits 0, break- and watchpoints are off too. */
	__asm__ volatile("mcr p14, 0, %0, c0, c2, 2" : : "r"(DBGDSCR_UDCCDIS));
	isb();
}

/* Without an FPU, the bits of its coprocessors can't be set (B4.1.40). */
GLUE_INIT static bool has_fpu(void)
{
	return (read_cpacr() & CPACR_FPU_FULL) == CPACR_FPU_FULL;
}

GLUE_INIT static void fpu_init(void)
{
	write_cpacr((read_cpacr() & ~(CPACR_ASEDIS | CPACR_D32DIS)) | CPACR_FPU_FULL);
	isb();
	if (has_fpu())
		glue_fpu_enable(false);
}

/* What keeps the kernel from running on this processor, or NULL. */
GLUE_INIT static const char *cpu_lacks(void)
{
	if (ID_MMFR0_VMSA(read_id_mmfr0()) < VMSA_V7_PXN)
		return "processor without PXN in its page tables: Cortex-A7, A15, A17 are right";
	if (ID_PFR1_TIMER(read_id_pfr1()) == 0)
		return "processor without generic timer: Cortex-A7, A15, A17 are right";
	if (!has_fpu())
		return "processor without FPU: Cortex-A7, A15, A17 with VFPv4 are right";
	if (read_cntfrq() < 1000)
		return "the firmware has not set the timer's frequency (CNTFRQ)";
	return NULL;
}

GLUE_INIT static void add_mem(paddr_t start, paddr_t size, enum glue_mem_type type)
{
	boot_info.mem[boot_info.mems++] =
	    (struct glue_boot_mem){.start = start, .end = start + size, .type = type};
}

GLUE_INIT static void find_modules(void)
{
	word_t at = ((word_t)_end + ARCHIVE_ALIGN - 1) & -(word_t)ARCHIVE_ALIGN;
	word_t end = KERNEL_BASE + (word_t)CONFIG_RAM_SIZE;

	archive_parse((const void *)at, end - at, &boot_info);
}

GLUE_INIT struct glue_ctx *arm_boot(void)
{
	arm_mmu_init();
	arm_console_init(); /* first, so that what fails is seen */
	close_side_doors();
	fpu_init();
	arm_gic_init();
	arm_timer_init();

	boot_info.cmdline = "";
	add_mem(CONFIG_RAM_START, CONFIG_RAM_SIZE, GLUE_MEM_RAM);
	add_mem(glue_virt_to_phys(_text), (paddr_t)(_einit - _text), GLUE_MEM_BOOT);
	add_mem(glue_virt_to_phys(_einit), (paddr_t)(_edata - _einit), GLUE_MEM_KERNEL);
	add_mem(glue_virt_to_phys(_bss), (paddr_t)(_boot_bss - _bss), GLUE_MEM_KERNEL);
	add_mem(glue_virt_to_phys(_boot_bss), (paddr_t)(_end - _boot_bss), GLUE_MEM_BOOT);
	add_mem(CONFIG_GIC_DIST_BASE, GIC_DIST_SIZE, GLUE_MEM_DEVICE);
	add_mem(CONFIG_GIC_CPU_BASE, GIC_CPU_SIZE, GLUE_MEM_DEVICE);
	find_modules();
	if (cpu_lacks() != NULL)
		boot_info.error = cpu_lacks();
	return k_boot(&boot_info);
}
