/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/cp15.h - system control coprocessor registers and barriers, by their names in the ARM
 * Architecture Reference Manual (DDI 0406C), B3.17 and B4.1, and the generic timer's, B8.2.
 */
#ifndef ARCH_CP15_H
#define ARCH_CP15_H

#include <glue/types.h>

#define CP15_READ(name, op1, crn, crm, op2)                                                        \
	static inline word_t read_##name(void)                                                     \
	{                                                                                          \
		word_t v;                                                                          \
		__asm__ volatile("mrc p15, " #op1 ", %0, " #crn ", " #crm ", " #op2 : "=r"(v));    \
		return v;                                                                          \
	}

#define CP15_WRITE(name, op1, crn, crm, op2)                                                       \
	static inline void write_##name(word_t v)                                                  \
	{                                                                                          \
		__asm__ volatile("mcr p15, " #op1 ", %0, " #crn ", " #crm ", " #op2                \
				 :                                                                 \
				 : "r"(v)                                                          \
				 : "memory");                                                      \
	}

/* 64 bits wide. */
#define CP15_READ64(name, op1, crm)                                                                \
	static inline uint64_t read_##name(void)                                                   \
	{                                                                                          \
		uint64_t v;                                                                        \
		__asm__ volatile("mrrc p15, " #op1 ", %Q0, %R0, " #crm : "=r"(v));                 \
		return v;                                                                          \
	}

#define CP15_WRITE64(name, op1, crm)                                                               \
	static inline void write_##name(uint64_t v)                                                \
	{                                                                                          \
		__asm__ volatile("mcrr p15, " #op1 ", %Q0, %R0, " #crm : : "r"(v));                \
	}

/* Identification. */
CP15_READ(ctr, 0, c0, c0, 1)
CP15_READ(id_pfr0, 0, c0, c1, 0)
CP15_READ(id_pfr1, 0, c0, c1, 1)
CP15_READ(id_mmfr0, 0, c0, c1, 4)
CP15_READ(ccsidr, 1, c0, c0, 0)
CP15_READ(clidr, 1, c0, c0, 1)
CP15_WRITE(csselr, 2, c0, c0, 0)

/* Control. */
CP15_READ(sctlr, 0, c1, c0, 0)
CP15_READ(cpacr, 0, c1, c0, 2)
CP15_WRITE(cpacr, 0, c1, c0, 2)
CP15_READ(isr, 0, c12, c1, 0)
CP15_WRITE(vbar, 0, c12, c0, 0)

/* Translation. */
CP15_READ(ttbr0, 0, c2, c0, 0)
CP15_WRITE(ttbr0, 0, c2, c0, 0)
CP15_READ(contextidr, 0, c13, c0, 1)
CP15_WRITE(contextidr, 0, c13, c0, 1)
CP15_WRITE(tlbiall, 0, c8, c7, 0)
CP15_WRITE(tlbimva, 0, c8, c7, 1)
CP15_WRITE(tlbiasid, 0, c8, c7, 2)

/* Address translation: stage 1, current state, unprivileged read; its result. */
CP15_WRITE(ats1cur, 0, c7, c8, 2)
CP15_READ(par, 0, c7, c4, 0)

/* Faults. */
CP15_READ(dfsr, 0, c5, c0, 0)
CP15_READ(ifsr, 0, c5, c0, 1)
CP15_READ(dfar, 0, c6, c0, 0)
CP15_READ(ifar, 0, c6, c0, 2)

/* Caches and branch predictor, by address: point of coherency (PoC) or of unification (PoU). */
CP15_WRITE(iciallu, 0, c7, c5, 0)
CP15_WRITE(icimvau, 0, c7, c5, 1)
CP15_WRITE(bpiall, 0, c7, c5, 6)
CP15_WRITE(dccmvac, 0, c7, c10, 1)
CP15_WRITE(dccmvau, 0, c7, c11, 1)
CP15_WRITE(dccimvac, 0, c7, c14, 1)
CP15_WRITE(dccisw, 0, c7, c14, 2)

/* Threads and performance monitor. */
CP15_WRITE(tpidrurw, 0, c13, c0, 2)
CP15_WRITE(tpidruro, 0, c13, c0, 3)
CP15_WRITE(pmuserenr, 0, c9, c14, 0)

/* Generic timer, the virtual one. */
CP15_READ(cntfrq, 0, c14, c0, 0)
CP15_WRITE(cntkctl, 0, c14, c1, 0)
CP15_WRITE(cntv_ctl, 0, c14, c3, 1)
CP15_READ64(cntvct, 1, c14)
CP15_WRITE64(cntv_cval, 3, c14)

static inline void isb(void)
{
	__asm__ volatile("isb" : : : "memory");
}

static inline void dsb(void)
{
	__asm__ volatile("dsb" : : : "memory");
}

/* The exclusive monitor of this CPU forgets its address. */
static inline void clrex(void)
{
	__asm__ volatile("clrex" : : : "memory");
}

#endif
