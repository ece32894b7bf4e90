/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/arch/stubs.h - how to enter the kernel on ARM v7-A. Programs use the functions of
 * ipc.h, thread.h and the others instead.
 *
 * svc, its number ignored, in ARM or Thumb state. r0: the system call, rotated right by eight
 * bits, r1-r4: arguments; results in r0-r3. IPC: r1 to, r2 from, r3 tag; results r0 tag, r1 from.
 * All other registers are preserved.
 */
#ifndef L4_ARCH_STUBS_H
#define L4_ARCH_STUBS_H

#include <l4/abi/kip.h>

/* IPC with the message in the message registers; returns the tag. */
static inline abi_word_t __l4_ipc(abi_word_t to, abi_word_t from, abi_word_t tag,
				  abi_word_t *from_out)
{
	register abi_word_t r0 __asm__("r0") = ABI_SYS_IPC;
	register abi_word_t r1 __asm__("r1") = to;
	register abi_word_t r2 __asm__("r2") = from;
	register abi_word_t r3 __asm__("r3") = tag;

	__asm__ volatile("svc #0" : "+r"(r0), "+r"(r1) : "r"(r2), "r"(r3) : "memory");
	*from_out = r1;
	return r0;
}

/* System call `nr`: r[] holds the first four arguments, then the first four results. */
static inline void __l4_syscall(abi_word_t nr, abi_word_t r[4])
{
	__asm__ volatile("mov r0, %1\n\t"
			 "ldmia %0, {r1-r4}\n\t"
			 "svc #0\n\t"
			 "stmia %0, {r0-r3}"
			 :
			 : "r"(r), "r"(nr << 24 | nr >> 8)
			 : "r0", "r1", "r2", "r3", "r4", "memory");
}

/* The running thread's UTCB (TPIDRURO). */
static inline struct abi_utcb *__l4_utcb(void)
{
	struct abi_utcb *utcb;

	__asm__("mrc p15, 0, %0, c13, c0, 3" : "=r"(utcb));
	return utcb;
}

/* The generic timer's virtual counter: time, in units of CNTFRQ. */
#define L4_TICKS_NAME "CNTVCT"
#define L4_TICKS_BITS 64
static inline uint64_t __l4_ticks(void)
{
	uint64_t ticks;

	__asm__ volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14" : "=r"(ticks) : : "memory");
	return ticks;
}

#endif
