/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/arch/stubs.h - how to enter the kernel on MIPS64. Programs use the functions of ipc.h,
 * thread.h and the others instead.
 *
 * syscall, its code ignored. $2: the system call, $5-$8: arguments; results in $2-$5. IPC:
 * $5 to, $6 from, $7 tag; results $2 tag, $3 from. Preserved are $16-$23 and $28-$31; all
 * other registers, hi and lo are not.
 *
 * $28 (gp) is the address of the UTCB: the kernel sets it whenever it returns to user mode. So
 * programs are compiled without -mabicalls and with -G0, which leaves it alone.
 */
#ifndef L4_ARCH_STUBS_H
#define L4_ARCH_STUBS_H

#include <l4/abi/kip.h>

/* What a system call clobbers besides the registers of its arguments and results. */
#define L4_MIPS_CLOBBERS                                                                           \
	"$1", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "hi", "lo", "memory"

/* The running thread's UTCB. */
static inline struct abi_utcb *__l4_utcb(void)
{
	struct abi_utcb *utcb;

	__asm__("move %0, $28" : "=r"(utcb));
	return utcb;
}

/* IPC with the message in the message registers; returns the tag. $2 is set last: without
 * optimisation the compiler computes with it. */
static inline abi_word_t __l4_ipc(abi_word_t to, abi_word_t from, abi_word_t tag,
				  abi_word_t *from_out)
{
	register abi_word_t r3 __asm__("$3");
	register abi_word_t r4 __asm__("$4");
	register abi_word_t r5 __asm__("$5") = to;
	register abi_word_t r6 __asm__("$6") = from;
	register abi_word_t r7 __asm__("$7") = tag;
	register abi_word_t r2 __asm__("$2") = ABI_SYS_IPC;

	__asm__ volatile("syscall"
			 : "+r"(r2), "=r"(r3), "=r"(r4), "+r"(r5), "+r"(r6), "+r"(r7)
			 :
			 : "$8", L4_MIPS_CLOBBERS);
	tag = r2;
	*from_out = r3;
	return tag;
}

/* System call `nr`: r[] holds the first four arguments, then the first four results. */
static inline void __l4_syscall(abi_word_t nr, abi_word_t r[4])
{
	register abi_word_t r3 __asm__("$3");
	register abi_word_t r4 __asm__("$4");
	register abi_word_t r5 __asm__("$5") = r[0];
	register abi_word_t r6 __asm__("$6") = r[1];
	register abi_word_t r7 __asm__("$7") = r[2];
	register abi_word_t r8 __asm__("$8") = r[3];
	register abi_word_t r2 __asm__("$2") = nr;
	abi_word_t result;

	__asm__ volatile("syscall"
			 : "+r"(r2), "=r"(r3), "=r"(r4), "+r"(r5), "+r"(r6), "+r"(r7), "+r"(r8)
			 :
			 : L4_MIPS_CLOBBERS);
	result = r2;
	r[1] = r3;
	r[2] = r4;
	r[3] = r5;
	r[0] = result;
}

/* Count: time; 32 bits, which wrap in less than a minute. */
#define L4_TICKS_NAME "Count"
#define L4_TICKS_BITS 32
static inline uint64_t __l4_ticks(void)
{
	uint32_t count;

	__asm__ volatile("rdhwr %0, $2" : "=r"(count) : : "memory");
	return count;
}

#endif
