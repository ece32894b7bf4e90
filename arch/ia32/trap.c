/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * trap.c - what the processor's exceptions mean: upcalls if they come from user mode, a
 * panic if they come from the kernel.
 */
#include <glue/glue.h>
#include <arch/layout.h>

#include "cpu.h"
#include "descriptors.h"
#include "port.h"

#define PF_WRITE 0x2 /* error code (SDM vol. 3A, 4.7) */

/* The way out of the IPC system call ends in these two (fastpath.S, trap.S). */
#define SYSEXIT    0x350f
#define STI_LENGTH 1

#define DR6_REASON 0x0000e00fu /* B0-B3, BD, BS, BT */

static word_t read_clear_dr6(void)
{
	word_t v;

	__asm__ volatile("movl %%dr6, %0" : "=r"(v));
	__asm__ volatile("movl %0, %%dr6" : : "r"(0));
	return v;
}

/* Without an execute permission the error code does not tell an instruction fetch from a
 * read; but a fetch that faults on the first byte says so by its address. */
static unsigned fault_access(const struct glue_ctx *c, word_t va)
{
	if (c->error & PF_WRITE)
		return GLUE_W;
	return va == c->eip ? GLUE_X : GLUE_R;
}

/* Exception numbers are the vectors; the code is the processor's error code, and for a debug
 * exception the reason in DR6. */
struct glue_ctx *trap_user(struct glue_ctx *c)
{
	word_t va;

	switch (c->vector) {
	case VEC_PF:
		va = read_cr2();
		return k_pagefault(c, va, fault_access(c, va));
	case VEC_NM:
		return k_fpu(c);
	case VEC_GP:
		if (io_fault())
			return c;
		break;
	case VEC_DB:
		c->error = read_clear_dr6() & DR6_REASON;
		break;
	}
	return k_exception(c, c->vector, c->error);
}

/* What is on the kernel stack after a trap in kernel mode: from `edi` to `eflags` of a context,
 * with what `pusha` says of esp in the place of `resume`. */
struct kernel_frame {
	word_t edi, esi, ebp, esp, ebx, edx, ecx, eax, vector, error, eip, cs, eflags;
};

void trap_kernel(struct kernel_frame *f);
void trap_nmi(word_t *frame);

void trap_kernel(struct kernel_frame *f)
{
	struct glue_ctx c;

	/* SYSENTER leaves TF alone: a user who single-steps it traps here, in front of the
	 * first instruction of the kernel. Stepping ends; nothing else sets TF, or uses
	 * the debug registers. */
	if (f->vector == VEC_DB) {
		read_clear_dr6();
		f->eflags &= ~(word_t)EFLAGS_TF;
		return;
	}
	glue_copy_words(&c.edi, &f->edi, sizeof(*f) / sizeof(word_t));
	c.esp = (word_t)(f + 1);
	c.ss = SEL_KERNEL_SS;
	if (f->vector == VEC_PF)
		k_panic(&c, "kernel page fault at %08x, error code %x", read_cr2(), f->error);
	k_panic(&c, "kernel exception %u, error code %x", f->vector, f->error);
}

/* Runs as a task of its own; the state of the kernel is in the main TSS. */
void trap_double_fault(void)
{
	const struct tss *t = &main_tss.tss;
	struct glue_ctx c = {
	    .edi = t->edi,
	    .esi = t->esi,
	    .ebp = t->ebp,
	    .ebx = t->ebx,
	    .edx = t->edx,
	    .ecx = t->ecx,
	    .eax = t->eax,
	    .vector = VEC_DF,
	    .eip = t->eip,
	    .cs = t->cs,
	    .eflags = t->eflags,
	    .esp = t->esp,
	    .ss = t->ss,
	};
	word_t bottom = (word_t)_kernel_stack;

	if (t->esp < bottom + 64 && t->esp > bottom - GLUE_PAGE_SIZE)
		k_panic(&c, "kernel stack overflow");
	k_panic(&c, "double fault");
}

/* frame: eip, cs, eflags. An NMI is the machine's affair (memory errors, a button); it is
 * reported and otherwise ignored. */
void trap_nmi(word_t *frame)
{
	/* If it came between `sti` and `sysexit`, interrupts would now be taken there. */
	if (!(frame[1] & 3) && *(const uint16_t *)frame[0] == SYSEXIT) {
		frame[0] -= STI_LENGTH;
		frame[2] &= ~(word_t)EFLAGS_IF;
	}
	k_printf("cobnut: NMI in %s mode at %08x\n", frame[1] & 3 ? "user" : "kernel", frame[0]);
}
