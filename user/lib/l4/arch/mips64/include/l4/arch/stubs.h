/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/arch/stubs.h - how to enter the kernel on MIPS64. Programs use the functions of ipc.h,
 * thread.h and the others instead.
 *
 * syscall, its code ignored; it goes on at $31, wherever it stands. $4: the system call, $5-$8:
 * arguments; results in $2-$5. IPC: $2 tag, $4 the tag's flags as below, $5 to, $6 from; results $2
 * tag, $3 from. Preserved are $28-$30; all other registers, hi and lo are not.
 *
 * $28 (gp) is the address of the UTCB: the kernel sets it whenever it returns to user mode. So
 * programs are compiled without -mabicalls and with -G0, which leaves it alone.
 */
#ifndef L4_ARCH_STUBS_H
#define L4_ARCH_STUBS_H

#include <l4/abi/const.h>
#include <l4/abi/kip.h>

/* What a system call clobbers besides the registers of its arguments and results. */
#define L4_MIPS_CLOBBERS                                                                           \
	"$1", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$16", "$17", "$18", "$19", "$20",   \
	    "$21", "$22", "$23", "$24", "$25", "$31", "hi", "lo", "memory"

/* In the delay slot of a branch that links, so $31 is behind it. */
#define L4_MIPS_SYSCALL_INSN ".set push; .set noreorder; bal 1f; syscall; 1: .set pop"

/* The running thread's UTCB. */
static inline struct abi_utcb *__l4_utcb(void)
{
	struct abi_utcb *utcb;

	__asm__("move %0, $28" : "=r"(utcb));
	return utcb;
}

/* IPC with the message in the message registers; returns the tag. Of the tag's flags the kernel
 * looks only at "block to send"; the others go to $4, so that it is 0 for a plain message with a
 * receive phase that blocks, and never the number of another system call. $4 is set last: without
 * optimisation the compiler computes with it. */
static inline abi_word_t __l4_ipc(abi_word_t to, abi_word_t from, abi_word_t tag,
				  abi_word_t *from_out)
{
	abi_word_t flags =
	    (tag & (ABI_TAG_RESERVED | ABI_TAG_NOTIFY | ABI_TAG_RBLOCK)) ^ ABI_TAG_RBLOCK;
	register abi_word_t r2 __asm__("$2") = tag;
	register abi_word_t r3 __asm__("$3");
	register abi_word_t r5 __asm__("$5") = to;
	register abi_word_t r6 __asm__("$6") = from;
	register abi_word_t r4 __asm__("$4") = flags;

	__asm__ volatile(L4_MIPS_SYSCALL_INSN
			 : "+r"(r2), "=r"(r3), "+r"(r4), "+r"(r5), "+r"(r6)
			 :
			 : "$7", "$8", L4_MIPS_CLOBBERS);
	tag = r2;
	*from_out = r3;
	return tag;
}

/* System call `nr`: r[] holds the first four arguments, then the first four results. */
static inline void __l4_syscall(abi_word_t nr, abi_word_t r[4])
{
	register abi_word_t r2 __asm__("$2");
	register abi_word_t r3 __asm__("$3");
	register abi_word_t r5 __asm__("$5") = r[0];
	register abi_word_t r6 __asm__("$6") = r[1];
	register abi_word_t r7 __asm__("$7") = r[2];
	register abi_word_t r8 __asm__("$8") = r[3];
	register abi_word_t r4 __asm__("$4") = nr;
	abi_word_t result;

	__asm__ volatile(L4_MIPS_SYSCALL_INSN
			 : "=r"(r2), "=r"(r3), "+r"(r4), "+r"(r5), "+r"(r6), "+r"(r7), "+r"(r8)
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
