/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * sched.h - 256 hard priorities, round robin within one, every operation O(1).
 *
 * The ready queue holds the ready threads that are not running. The running thread is
 * cpu.current, NULL when idle.
 */
#ifndef KERNEL_SCHED_H
#define KERNEL_SCHED_H

#include <kernel/tcb.h>

#define PRIO_MAX         255
#define PRIO_DEFAULT     100
#define SLICE_DEFAULT_US 10000
#define SCHED_TICK_US    100 /* slices and quanta are rounded up to a multiple of this */

void sched_init(void);

/* Ready queue of this CPU: `t` (TS_READY, not halted, not running) in at the tail of its
 * priority, and out, with no slice lent. Who takes a thread out for good takes T_REST from it. */
void ready_add_tail(struct tcb *t);
void ready_remove(struct tcb *t);

/* The highest priority in the ready queue, one more while a slice is lent; 0 also where it is
 * empty: a thread of at least this may run. */
static inline word_t ready_top(const struct cpu *cpu)
{
	return cpu->g.barrier & PRIO_MAX;
}

/* `t` is not blocked any more. Sets TS_READY, and queues it unless it is halted. */
void sched_wake(struct tcb *t);

/* Every way out of an upcall; each returns the context to resume (NULL: idle).
 *
 * sched_direct: `next` (ready, in no queue, not halted) goes on with the running slice;
 * the caller has blocked or queued the current thread. */
struct glue_ctx *sched_direct(struct tcb *next);

/* The same where `next` has an infinite quantum, and nothing is to be done for the current thread
 * (the barrier has no SPECIAL_*). */
static inline struct glue_ctx *sched_plain(struct tcb *next)
{
	this_cpu()->g.current = &next->g;
	glue_activate(&next->g.ctx, next->g.space);
	return &next->g.ctx;
}

/* The current thread has blocked (or is gone): the first of the ready queue runs. */
struct glue_ctx *sched_block(void);

/* The current thread has blocked in an IPC that made `woken` ready (in no queue): run it
 * directly, unless a ready thread has a higher priority. */
struct glue_ctx *sched_handoff(struct tcb *woken);

/* `woken` became ready (in no queue), and the current thread stays ready or there is none:
 * the one with the higher priority runs, the current one if they are equal. */
struct glue_ctx *sched_woken(struct tcb *woken);

/* The ways that these take: where something is special. sched_first: the first of the ready queue
 * runs. */
struct glue_ctx *sched_first(void);
struct glue_ctx *sched_handoff_special(struct tcb *woken);
struct glue_ctx *sched_woken_special(struct tcb *woken);
struct glue_ctx *sched_continue_special(void);
struct glue_ctx *sched_tick_special(void);

/* What `t`, which isn't running, has of its slice when it is scheduled. */
static inline uint64_t sched_slice_to_come(const struct tcb *t)
{
	return t->g.flags & T_REST ? t->slice_left : t->slice;
}

/* `next` runs, as by sched_plain; and in its own slice. */
struct glue_ctx *sched_run(struct tcb *next);
struct glue_ctx *sched_run_slice(struct tcb *next);

/* The running slice ends at `end`. False: the timer may have to be armed for that. */
static inline bool sched_slice_until(struct cpu *cpu, uint64_t end)
{
	cpu->slice_end = end;
	return end >= cpu->armed;
}

/* Arm the timer for what comes first, unless it fires before that. */
void sched_arm(struct cpu *cpu);

/* The current thread stays ready: go on with it, unless a ready thread has a higher
 * priority; then it is preempted and goes to the head of its queue. */
struct glue_ctx *sched_continue(void);

/* The current thread goes to the end of its queue with a fresh slice to come. */
struct glue_ctx *sched_yield_cpu(void);

/* The timer fired. */
struct glue_ctx *sched_tick(void);

/* Change the priority of a thread in any state. The caller ends in sched_continue. */
void sched_set_prio(struct tcb *t, word_t prio);

/* Change the slice length (ticks; SLICE_INFINITE) of a thread in any state, with no slice lent. The
 * running thread begins a new slice. The caller goes on with sched_arm. */
void sched_set_slice(struct tcb *t, uint64_t ticks);

/* Where the running slice was lent by a preempted thread: what is left of it is that
 * thread's from now on, and the running thread's own slice begins. */
void sched_settle(void);

/* Change the total quantum (ticks; SLICE_INFINITE: none) of a thread in any state; likewise. */
void sched_set_quantum(struct tcb *t, uint64_t ticks);

/* Total quantum that is left, and slice, in ticks, counted up to now. sched_slice_left settles. */
uint64_t sched_quantum_left(struct tcb *t);
uint64_t sched_slice_left(struct tcb *t);

/* `t` is being deleted: forget its FPU contents and, if it is current, the slice. */
void sched_forget(struct tcb *t);

/* Lengths, up to 2^40 us: no sum or product in the scheduler overflows. */
uint64_t us_to_ticks(uint64_t us);
uint64_t ticks_to_us(uint64_t ticks);

#endif
