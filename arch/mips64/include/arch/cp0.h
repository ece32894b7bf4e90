/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/cp0.h - system control coprocessor registers, by their names in MIPS64 Architecture for
 * Programmers III (MD00091), "Coprocessor 0 Registers". The bits are for assembler files, too.
 */
#ifndef ARCH_CP0_H
#define ARCH_CP0_H

/* Status */
#define STATUS_IE   0x00000001
#define STATUS_EXL  0x00000002
#define STATUS_USER 0x00000010 /* KSU: user mode */
#define STATUS_UX   0x00000020
#define STATUS_SX   0x00000040
#define STATUS_KX   0x00000080
#define STATUS_IM   0x00008500 /* interrupts 7 (timer), 2 (i8259), 0 (software) */
#define STATUS_BEV  0x00400000
#define STATUS_FR   0x04000000
#define STATUS_CU1  0x20000000

/* What the kernel runs with, but for CU1 where there is no FPU; and user mode, with which a
 * context is resumed: EXL keeps it kernel mode until eret. */
#define STATUS_KERNEL (STATUS_KX | STATUS_SX | STATUS_UX | STATUS_FR | STATUS_IM)
#define STATUS_RESUME (STATUS_KERNEL | STATUS_USER | STATUS_EXL | STATUS_IE)

/* Cause */
#define CAUSE_BD      0x80000000
#define CAUSE_TI      0x40000000
#define CAUSE_IV      0x00800000 /* interrupts have a vector of their own */
#define CAUSE_IP_MASK 0x0000ff00
#define CAUSE_IP0     0x00000100
#define CAUSE_IP2     0x00000400
#define CAUSE_IP7     0x00008000
#define CAUSE_EXC     0x0000007c
#define CAUSE_CODE    0x00000001 /* always 0; but 1 in what vectors.S makes up for SDBBP */
#define CAUSE_EXC_END 7          /* the first bit above it */
#define EXC_MOD       1
#define EXC_TLBL      2
#define EXC_TLBS      3
#define EXC_ADEL      4
#define EXC_ADES      5
#define EXC_STORE     1 /* bit of the number of those above that stores have */
#define EXC_SYS       8
#define EXC_BP        9
#define EXC_CPU       11
#define EXC_MCHECK    24

/* Config: what kind of processor it is, and the kind the kernel is for: MIPS64 with all address
 * segments (AT), release 2 (AR), a TLB (MT). */
#define CONFIG0_KIND  0x7f80
#define CONFIG0_RIGHT (2 << 13 | 1 << 10 | 1 << 7)

#ifndef __ASSEMBLER__
#include <glue/types.h>

#define CP0_32(name, reg, sel)                                                                     \
	static inline uint32_t read_##name(void)                                                   \
	{                                                                                          \
		uint32_t v;                                                                        \
		__asm__ volatile("mfc0 %0, $" #reg ", " #sel : "=r"(v));                           \
		return v;                                                                          \
	}                                                                                          \
	static inline void write_##name(uint32_t v)                                                \
	{                                                                                          \
		__asm__ volatile("mtc0 %z0, $" #reg ", " #sel : : "Jr"(v) : "memory");             \
	}

#define CP0_64(name, reg, sel)                                                                     \
	static inline word_t read_##name(void)                                                     \
	{                                                                                          \
		word_t v;                                                                          \
		__asm__ volatile("dmfc0 %0, $" #reg ", " #sel : "=r"(v));                          \
		return v;                                                                          \
	}                                                                                          \
	static inline void write_##name(word_t v)                                                  \
	{                                                                                          \
		__asm__ volatile("dmtc0 %z0, $" #reg ", " #sel : : "Jr"(v) : "memory");            \
	}

CP0_32(index, 0, 0)
CP0_64(entrylo0, 2, 0)
CP0_64(entrylo1, 3, 0)
CP0_64(context, 4, 0)
CP0_32(pagemask, 5, 0)
CP0_32(pagegrain, 5, 1)
CP0_32(wired, 6, 0)
CP0_32(hwrena, 7, 0)
CP0_64(badvaddr, 8, 0)
CP0_32(count, 9, 0)
CP0_64(entryhi, 10, 0)
CP0_32(compare, 11, 0)
CP0_32(status, 12, 0)
CP0_32(cause, 13, 0)
CP0_64(epc, 14, 0)
CP0_32(prid, 15, 0)
CP0_32(config0, 16, 0)
CP0_32(config1, 16, 1)
CP0_32(config2, 16, 2)
CP0_32(config3, 16, 3)
CP0_64(watchlo, 18, 0)
CP0_64(xcontext, 20, 0)
CP0_32(perfctl0, 25, 0)
CP0_64(errorepc, 30, 0)

/* Clear the execution hazards of what was written to CP0 (MD00091, "CP0 Hazards"). */
static inline void ehb(void)
{
	__asm__ volatile("ehb" : : : "memory");
}

static inline void tlb_probe(void)
{
	__asm__ volatile("ehb; tlbp; ehb" : : : "memory");
}

static inline void tlb_write(void)
{
	__asm__ volatile("ehb; tlbwi; ehb" : : : "memory");
}
#endif
#endif
