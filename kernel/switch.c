/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * switch.c - the short ways from one thread to the next: where nothing is special about
 * either, neither flags nor a finite quantum nor the FPU. All else is sched.c's. Compiled for
 * speed, unless a port would have it small.
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

static inline struct glue_ctx *run_slice(struct cpu *cpu, struct tcb *next, uint64_t now)
{
	return likely(sched_slice_begin(cpu, next, now)) ? sched_run(next) : arm_and_run(next);
}

__attribute__((noinline)) struct glue_ctx *sched_run_slice(struct tcb *next)
{
	return run_slice(this_cpu(), next, glue_clock());
}

struct glue_ctx *sched_block(void)
{
	struct cpu *cpu = this_cpu();
	struct tcb *next = cpu->front;

	if (unlikely(!next || next->g.flags != T_QUEUED || cpu->g.barrier > PRIO_MAX))
		return sched_first();
	cpu->front = NULL;
	cpu->g.barrier = cpu->ring_top;
	next->g.flags = 0;
	return sched_run_slice(next);
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
	uint64_t now;

	/* The running thread stays ready, in front of all others. */
	if (unlikely(!cur || cur->g.prio >= woken->g.prio || cur->g.prio < cpu->g.barrier ||
		     cpu->front || woken->g.flags ||
		     cur->g.utcb->preempt_flags & ABI_PREEMPT_CALLBACK))
		return sched_woken_special(woken);
	now = glue_clock();
	cur->slice_left = cpu->slice_end - now;
	cur->g.flags = T_QUEUED;
	cpu->front = cur;
	cpu->g.barrier = cur->g.prio;
	return run_slice(cpu, woken, now);
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

	cur->slice_left = cur->slice;
	if (unlikely(!next || prio != cpu->g.barrier || cpu->front || next->g.flags != T_QUEUED)) {
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
	return sched_run_slice(next);
}

struct glue_ctx *sched_tick(void)
{
	struct cpu *cpu = this_cpu();
	struct tcb *cur = (struct tcb *)cpu->g.current;
	uint64_t now = glue_clock(), end;

	/* The slice is over, and nobody is there to share with: another one. */
	if (unlikely(!cur || cur->g.prio <= cpu->g.barrier || now < cpu->slice_end))
		return sched_tick_special();
	end = now + cur->slice;
	cpu->slice_end = end;
	cpu->armed = end;
	glue_timer_arm(end);
	return &cur->g.ctx;
}
