/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * boot.c - from boot.S to k_boot: get processor and devices ready, find the boot archive, and
 * tell the kernel what there is.
 */
#include <common/archive.h>

#include <arch/cp0.h>
#include <arch/offsets.h>
#include <arch/port.h>

#define GT64120_SIZE 0x1000

/* MD00091, "Configuration Register 1". */
#define CONFIG1_FP 0x01
#define CONFIG1_WR 0x08       /* watch registers */
#define CONFIG1_PC 0x10       /* performance counters */
#define FIR_F64    0x00400000 /* 64-bit registers */

/* HWREna: what rdhwr gives user mode: the step of synci, Count, and Count's resolution. */
#define HWRENA_SYNCI_STEP 0x2
#define HWRENA_CC         0x4
#define HWRENA_CCRES      0x8

#define VPN2_ALL (~(word_t)0x1fff & ~(3ul << 62))

GLUE_INIT_BSS static struct glue_boot_info boot_info;

/* What user mode could use to leave something for the next thread, or to watch. */
GLUE_INIT static void close_side_doors(void)
{
	uint32_t config1 = read_config1();

	write_hwrena(HWRENA_SYNCI_STEP | HWRENA_CC | HWRENA_CCRES);
	if (config1 & CONFIG1_WR)
		write_watchlo(0);
	if (config1 & CONFIG1_PC)
		write_perfctl0(0);
	write_context(0);
	ehb();
}

GLUE_INIT static bool has_fpu(void)
{
	return (read_config1() & CONFIG1_FP) != 0;
}

/* Bits of a user address that EntryHi keeps: the size of the processor's segments. */
GLUE_INIT static unsigned segment_bits(void)
{
	word_t kept;

	write_entryhi(VPN2_ALL);
	ehb();
	kept = read_entryhi() & VPN2_ALL;
	write_entryhi(0);
	ehb();
	return (unsigned)(GLUE_WORD_BITS - __builtin_clzl(kept));
}

/* What keeps the kernel from running on this processor, besides what boot.S looks at, or NULL. */
GLUE_INIT static const char *cpu_lacks(void)
{
	if (segment_bits() != USER_BITS)
		return "the processor's user segment is not of 42 bits, as the page tables are";
	if (!has_fpu() || !(mips_fpu_fir() & FIR_F64))
		return "processor without 64-bit FPU: MIPS64R2-generic, 5KEf are right";
	/* The refill reads a table of 8 KiB through the window, the kernel writes it elsewhere. */
	if (mips_dcache_way() > 2 * GLUE_PAGE_SIZE)
		return "data cache ways above 8 KiB: page tables would be in it twice";
	return NULL;
}

GLUE_INIT static void local_init(void)
{
	for (word_t n = 1; n < 64; n++) {
		word_t cleared = n < WORD_REGISTERS ? n : WORD_REGISTERS;
		const char *first = mips_copy_all + (COPY_WORDS - n % COPY_WORDS) % COPY_WORDS * 8;

		mips_local.words[n].copy = mips_local.calls[n] = (int32_t)(word_t)first;
		mips_local.words[n].clear = (int32_t)(word_t)(mips_leave + cleared * 4);
		if (n > COPY_WORDS) {
			mips_local.words[n].clear = (int32_t)(word_t)mips_copy_second;
			mips_local.calls[n] = (int32_t)(word_t)mips_call_long;
		}
	}
	mips_local.zeros = XKPHYS_CACHED + glue_virt_to_phys(mips_zeros) + TABLE_BIAS;
	mips_local.gp = (word_t)_gp;
	mips_local.status = STATUS_KERNEL | (has_fpu() ? STATUS_CU1 : 0);
	mips_local.user_status = STATUS_RESUME;
	mips_tlb_init();
	/* Exceptions go to vectors.S from here on. */
	write_status((uint32_t)mips_local.status);
	ehb();
}

GLUE_INIT static void add_mem(paddr_t start, paddr_t size, enum glue_mem_type type)
{
	boot_info.mem[boot_info.mems++] =
	    (struct glue_boot_mem){.start = start, .end = start + size, .type = type};
}

GLUE_INIT static void find_modules(void)
{
	paddr_t at = (glue_virt_to_phys(_end) + ARCHIVE_ALIGN - 1) & -(paddr_t)ARCHIVE_ALIGN;
	paddr_t end = CONFIG_RAM_START + (paddr_t)CONFIG_RAM_SIZE;

	archive_parse(glue_phys_to_virt(at), end - at, &boot_info);
}

/* Less memory than the board is said to have may show as nothing but words that don't keep what
 * is written. The last one, uncached; what is there may be a module's. */
GLUE_INIT static void probe_ram(void)
{
	paddr_t pa = CONFIG_RAM_START + (paddr_t)CONFIG_RAM_SIZE - sizeof(word_t);
	volatile word_t *last = (volatile word_t *)UNCACHED(pa);
	word_t kept = *last;

	*last = ~kept;
	if (*last != ~kept)
		k_panic(NULL, "no memory at %llx: the board was built for %u MiB",
			(unsigned long long)pa, (unsigned)(CONFIG_RAM_SIZE >> 20));
	*last = kept;
}

GLUE_INIT struct glue_ctx *mips_boot(void)
{
	local_init();
	close_side_doors();
	mips_cache_init();
	mips_console_init();
	mips_irq_init();
	mips_timer_init();
	probe_ram();

	boot_info.cmdline = "";
	add_mem(CONFIG_RAM_START, CONFIG_RAM_SIZE, GLUE_MEM_RAM);
	add_mem(glue_virt_to_phys(_text), (paddr_t)(_einit - _text), GLUE_MEM_BOOT);
	add_mem(glue_virt_to_phys(_einit), (paddr_t)(_boot_bss - _einit), GLUE_MEM_KERNEL);
	add_mem(glue_virt_to_phys(_boot_bss), (paddr_t)(_end - _boot_bss), GLUE_MEM_BOOT);
	/* The i8259s share their page with the serial port, which drivers need. */
	add_mem(CONFIG_GT64120_BASE, GT64120_SIZE, GLUE_MEM_DEVICE);
	find_modules();
	if (cpu_lacks() != NULL)
		boot_info.error = cpu_lacks();
	return k_boot(&boot_info);
}
