/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * fault.c - page faults and exceptions become messages to the thread's pager or handler.
 *
 * The message is made when it is delivered, straight into the receiver's message
 * registers: those of the faulting thread stay as they are.
 */
#include <kernel/kernel.h>
#include <kernel/kmem.h>

word_t fault_message(const struct tcb *t, enum thread_cont cont, word_t *mr)
{
	int proto = ABI_PROTO_EXCEPTION;

	if (likely(cont == CONT_PAGEFAULT)) {
		mr[1] = t->fault[0];
		mr[2] = glue_ctx_get(&t->g.ctx, GLUE_IP);
		return fault_tag(ABI_PROTO_PAGEFAULT, t->fault_access, 2);
	}
	if (cont == CONT_EXCEPTION) {
		if (t->fault_access)
			proto = ABI_PROTO_SYSCALL;
		return fault_tag(proto, 0,
				 glue_exc_store(&t->g.ctx, &mr[1], t->fault[0], t->fault[1]));
	}
	if (cont == CONT_QUANTUM)
		return fault_tag(ABI_PROTO_QUANTUM, 0, 0);
	return fault_tag(ABI_PROTO_INTERRUPT, 0, 0);
}

static NOINLINE struct glue_ctx *raise(struct tcb *t, word_t handler, enum thread_cont cont)
{
	static const char *const died[] = {
	    [CONT_PAGEFAULT] = "page fault, no pager",
	    [CONT_EXCEPTION] = "exception, no handler",
	    [CONT_QUANTUM] = "quantum spent, no scheduler",
	};
	struct tcb *woken = ipc_kernel_call(t, handler, cont);

	if (woken)
		return sched_handoff(woken);
	if (t->g.flags & T_HALTED)
		thread_died(t, died[cont]);
	return sched_block();
}

struct glue_ctx *k_pagefault(struct glue_ctx *c, word_t va, unsigned access)
{
	struct tcb *t = tcb_of_ctx(c);

	t->fault[0] = va;
	t->fault_access = access;
	c = raise(t, *(volatile word_t *)&t->g.utcb->pager, CONT_PAGEFAULT);
	debug_check();
	return c;
}

struct glue_ctx *fault_exception(struct tcb *t, word_t number, word_t code, bool syscall)
{
	t->fault[0] = number;
	t->fault[1] = code;
	t->fault_access = syscall;
	t->progress[0] = 0; /* the handler may set the IP */
	return raise(t, *(volatile word_t *)&t->g.utcb->exc_handler, CONT_EXCEPTION);
}

struct glue_ctx *fault_quantum(struct tcb *t)
{
	return raise(t, t->scheduler, CONT_QUANTUM);
}

struct glue_ctx *k_exception(struct glue_ctx *c, word_t number, word_t code)
{
	c = fault_exception(tcb_of_ctx(c), number, code, false);
	debug_check();
	return c;
}

struct glue_ctx *k_fpu(struct glue_ctx *c)
{
	struct tcb *t = tcb_of_ctx(c);
	struct cpu *cpu = this_cpu();

	if (!t->fpu) {
		t->fpu = k_alloc(kmem_log2(sizeof(struct glue_fpu)));
		if (!t->fpu)
			return fault_exception(t, ABI_EXC_NO_FPU_MEMORY, 0, false);
		glue_fpu_init(t->fpu);
	}
	glue_fpu_enable(true);
	if (cpu->fpu_owner != t) {
		if (cpu->fpu_owner)
			glue_fpu_save(cpu->fpu_owner->fpu);
		glue_fpu_load(t->fpu);
		cpu->fpu_owner = t;
	}
	cpu->g.barrier |= SPECIAL_FPU;
	debug_check();
	return c;
}
