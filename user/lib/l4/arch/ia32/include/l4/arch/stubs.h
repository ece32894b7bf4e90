/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/arch/stubs.h - how to enter the kernel on ia32. Programs use the functions of ipc.h,
 * thread.h and the others instead.
 *
 * IPC: sysenter with eax tag, ebx to, esi from, edi the address to return to, ebp the stack
 * pointer to return with; results eax tag, ebx from; all other registers and the flags are
 * lost. Other system calls: int 0x40 with the number in eax, arguments and results in ecx,
 * edx, esi, edi; all other registers are preserved. The kernel leaves the flat data segment
 * in ds and es at every entry, and in fs at every thread switch that one or the stack's; gs is
 * the UTCB.
 */
#ifndef L4_ARCH_STUBS_H
#define L4_ARCH_STUBS_H

#include <stddef.h>
#include <l4/abi/kip.h>

/* IPC with the message in the message registers; returns the tag. */
static inline abi_word_t __l4_ipc(abi_word_t to, abi_word_t from, abi_word_t tag,
				  abi_word_t *from_out)
{
	__asm__ volatile("pushl %%ebp\n\t"
			 "movl %%esp, %%ebp\n\t"
			 "movl $1f, %%edi\n\t"
			 "sysenter\n"
			 "1:\tpopl %%ebp"
			 : "+a"(tag), "+b"(to), "+S"(from)
			 :
			 : "ecx", "edx", "edi", "memory", "cc");
	*from_out = to;
	return tag;
}

/* System call `nr`: r[] holds the first four arguments, then the first four results. */
static inline void __l4_syscall(abi_word_t nr, abi_word_t r[4])
{
	__asm__ volatile("int $0x40"
			 : "+c"(r[0]), "+d"(r[1]), "+S"(r[2]), "+D"(r[3])
			 : "a"(nr)
			 : "memory", "cc");
}

/* The running thread's UTCB: its own address is in the first reserved word. */
static inline struct abi_utcb *__l4_utcb(void)
{
	struct abi_utcb *utcb;

	__asm__("movl %%gs:%c1, %0" : "=r"(utcb) : "i"(offsetof(struct abi_utcb, reserved)));
	return utcb;
}

/* The time-stamp counter. */
#define L4_TICKS_NAME "TSC"
#define L4_TICKS_BITS 64
static inline uint64_t __l4_ticks(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

#endif
