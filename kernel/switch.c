/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * switch.c - the short ways from one thread to the next: where nothing is special about
 * either, neither flags nor a finite quantum nor the FPU. All else is sched.c's. The last is that
 * of an interrupt's handler back to waiting. Compiled for speed, unless a port would have it small.
 */
#include <kernel/kernel.h>

/* The last thing that all of them do: one copy of the code. */
__attribute__((noinline)) struct glue_ctx *sched_run(struct tcb *next)
{
	return sched_plain(next);
}

static __attribute__((noinline)) struct glue_ctx *arm_and_run(struct tcb *next)
{
	sched_arm(this_cpu());
	return sched_run(next);
}

static __attribute__((noinline)) struct glue_ctx *run_for(struct tcb *next, uint64_t left)
{
	struct cpu *cpu = this_cpu();

	return likely(sched_slice_until(cpu, glue_clock() + left)) ? sched_run(next)
								   : arm_and_run(next);
}

struct glue_ctx *sched_run_slice(struct tcb *next)
{
	uint64_t left = sched_slice_to_come(next);

	next->g.flags &= ~T_REST;
	return run_for(next, left);
}

struct glue_ctx *sched_block(void)
{
	struct cpu *cpu = this_cpu();
	struct tcb *next = front_of(cpu);

	/* The preempted thread goes on in the slice that it has lent. */
	if (unlikely(!next || next->g.flags != GLUE_FLAGS_LENT || cpu->g.barrier > PRIO_MAX))
		return sched_first();
	cpu->g.front = NULL;
	cpu->g.barrier = cpu->ring_top;
	next->g.flags = 0;
	return sched_run(next);
}

struct glue_ctx *sched_handoff(struct tcb *woken)
{
	if (likely(woken->g.prio >= this_cpu()->g.barrier && !woken->g.flags))
		return sched_run(woken);
	return sched_handoff_special(woken);
}

struct glue_ctx *sched_woken(struct tcb *woken)
{
	struct cpu *cpu = this_cpu();
	struct tcb *cur = (struct tcb *)cpu->g.current;

	/* The running thread stays ready, in front of all others, and lends its slice. */
	if (unlikely(!cur || cur->g.prio >= woken->g.prio || cur->g.prio < cpu->g.barrier ||
		     cpu->g.front || woken->g.flags ||
		     cur->g.utcb->preempt_flags & ABI_PREEMPT_CALLBACK))
		return sched_woken_special(woken);
	cur->g.flags = GLUE_FLAGS_LENT;
	cpu->g.front = &cur->g;
	cpu->g.barrier = cur->g.prio + 1;
	return sched_run(woken);
}

struct glue_ctx *sched_continue(void)
{
	struct cpu *cpu = this_cpu();
	struct tcb *cur = (struct tcb *)cpu->g.current;

	if (likely(cur && cur->g.prio >= ready_top(cpu)))
		return &cur->g.ctx;
	return sched_continue_special();
}

struct glue_ctx *sched_yield_cpu(void)
{
	struct cpu *cpu = this_cpu();
	struct tcb *cur = (struct tcb *)cpu->g.current;
	word_t prio = cur->g.prio;
	struct tcb *next = cpu->ready[prio];

	if (unlikely(!next || prio != cpu->g.barrier || cpu->g.front ||
		     next->g.flags != T_QUEUED)) {
		ready_add_tail(cur);
		return sched_first();
	}
	/* An equal is next: the ring turns by one. */
	cur->next = next;
	cur->prev = next->prev;
	cur->prev->next = cur;
	cur->next = next->next;
	cur->next->prev = cur;
	cpu->ready[prio] = cur->next;
	cur->g.flags = T_QUEUED;
	next->g.flags = 0;
	return run_for(next, next->slice);
}

struct glue_ctx *sched_tick(void)
{
	struct cpu *cpu = this_cpu();
	struct tcb *cur = (struct tcb *)cpu->g.current;
	uint64_t now = glue_clock(), end;

	/* The slice is over, it was its own, and nobody is there to share with: another one. */
	if (unlikely(!cur || cur->g.prio <= cpu->g.barrier || cpu->g.front || now < cpu->slice_end))
		return sched_tick_special();
	end = now + cur->slice;
	if (unlikely(end / TIME_NEVER)) /* the highest bits: no timer for that */
		return sched_tick_special();
	cpu->slice_end = end;
	cpu->armed = end;
	glue_timer_arm(end);
	return &((struct tcb *)cpu->g.current)->g.ctx;
}

#ifndef QUICK_ACK /* 0: a port can't afford the size of it */
#define QUICK_ACK 1
#endif

bool irq_receive(struct tcb *cur)
{
	word_t from = cur->g.partner;
	struct tcb *t;

	if (!QUICK_ACK || tid_number(from) >= GLUE_IRQS)
		return false;
	t = tid_at(tid_number(from));
	if (unlikely(t->g.id != from || t->g.partner != cur->g.id || t->g.state != TS_RECEIVING ||
		     !(cur->g.tag & ABI_TAG_RBLOCK) || ipc_acceptor(cur) & ABI_ACCEPT_NOSYNC ||
		     cur->g.status))
		return false;
	ASSERT(t->g.cont == CONT_IRQ && glue_ctx_plain(&cur->g.ctx));
	irq_ack(t);
	cur->g.state = TS_RECEIVING;
	cur->g.accepts = from;
	return true;
}
