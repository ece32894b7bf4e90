/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * sched.c - the scheduler: ready queue, slices, quanta. switch.c has the short ways from one
 * thread to the next.
 *
 * A slice belongs to the CPU: when a thread blocks in an IPC and its partner runs directly,
 * the partner goes on with the same slice, and neither clock nor timer is touched. The
 * timer is armed for the end of the running slice (or quantum), and only moved forward: a
 * deadline that has been put off is noticed when the timer fires early. With infinite
 * slices the kernel asks for no timer interrupt at all.
 *
 * Likewise a thread that is woken and preempts the running one: mostly it blocks soon, so it
 * runs on in that one's slice, which is lent. If it blocks, the preempted thread goes on. If
 * anything else happens to one of the two, the loan is settled: what is left of it is the
 * preempted thread's, and the other one's own slice begins. So it does where an equal of that
 * one becomes ready, which has to come before the preempted thread: it waits for no other's slice.
 */
#include <kernel/kernel.h>

struct cpu k_cpus[CONFIG_CPUS];

/* Not inlined: a division of 64 bits is a lot of code. */
__attribute__((noinline)) uint64_t us_to_ticks(uint64_t us)
{
	return us * glue_clock_khz() / 1000;
}

__attribute__((noinline)) uint64_t ticks_to_us(uint64_t ticks)
{
	return ticks * 1000 / glue_clock_khz();
}

void sched_init(void)
{
	struct cpu *cpu = this_cpu();

	cpu->slice_end = cpu->quantum_end = cpu->armed = TIME_NEVER;
}

/* ---- the ready queue: rings under a two-level bitmap, and the thread in front of them -------
 *
 * A thread that is preempted mostly runs next, or soon. So it isn't put into the ring of its
 * priority if it is the first of all that are ready, but is `front`. */

static void set_top(struct cpu *cpu)
{
	const struct tcb *front = front_of(cpu);
	word_t prio = cpu->ring_top;

	if (front)
		prio = front->g.prio + ((front->g.flags & T_LENT) != 0);
	cpu->g.barrier = (cpu->g.barrier & ~(word_t)PRIO_MAX) | prio;
}

static __attribute__((noinline)) void ring_add(struct cpu *cpu, struct tcb *t, bool at_head)
{
	word_t prio = t->g.prio;
	struct tcb *head = cpu->ready[prio];

	t->g.flags |= T_QUEUED;
	if (head) {
		t->next = head;
		t->prev = head->prev;
		head->prev->next = t;
		head->prev = t;
		if (at_head)
			cpu->ready[prio] = t;
		return;
	}
	t->next = t->prev = t;
	cpu->ready[prio] = t;
	cpu->ready_map[prio / 32] |= 1u << prio % 32;
	cpu->ready_summary |= 1u << prio / 32;
	if (prio > cpu->ring_top)
		cpu->ring_top = prio;
}

static void ring_remove(struct cpu *cpu, struct tcb *t)
{
	word_t prio = t->g.prio, word = prio / 32;

	if (t->next != t) {
		t->prev->next = t->next;
		t->next->prev = t->prev;
		if (cpu->ready[prio] == t)
			cpu->ready[prio] = t->next;
		return;
	}
	cpu->ready[prio] = NULL;
	cpu->ready_map[word] &= ~(1u << prio % 32);
	if (!cpu->ready_map[word])
		cpu->ready_summary &= ~(1u << word);
	prio = 0;
	if (cpu->ready_summary) {
		word = 31 - (word_t)__builtin_clz(cpu->ready_summary);
		prio = word * 32 + 31 - (word_t)__builtin_clz(cpu->ready_map[word]);
	}
	cpu->ring_top = prio;
}

NOINLINE void sched_settle(void)
{
	struct cpu *cpu = this_cpu();
	struct tcb *front = front_of(cpu), *cur = (struct tcb *)cpu->g.current;
	uint64_t now;

	if (!front || !(front->g.flags & T_LENT))
		return;
	ASSERT(cur && !(front->g.flags & T_REST));
	now = glue_clock();
	front->slice_left = cpu->slice_end - now;
	front->g.flags ^= T_LENT | T_REST;
	cpu->slice_end = now + cur->slice;
	set_top(cpu);
	sched_arm(cpu);
}

static void ready_add(struct tcb *t, bool at_head)
{
	struct cpu *cpu = this_cpu();
	struct tcb *front = front_of(cpu);

	ASSERT(t->g.state == TS_READY && !(t->g.flags & (T_HALTED | T_QUEUED)));
	if (front && t->g.prio + at_head > front->g.prio) { /* it comes behind t */
		sched_settle();
		cpu->g.front = NULL;
		ring_add(cpu, front, true);
	}
	ring_add(cpu, t, at_head);
	set_top(cpu);
}

void ready_add_tail(struct tcb *t)
{
	ready_add(t, false);
}

void ready_remove(struct tcb *t)
{
	struct cpu *cpu = this_cpu();

	ASSERT((t->g.flags & (T_QUEUED | T_LENT)) == T_QUEUED);
	t->g.flags &= ~T_QUEUED;
	if (t == front_of(cpu))
		cpu->g.front = NULL;
	else
		ring_remove(cpu, t);
	set_top(cpu);
}

void sched_wake(struct tcb *t)
{
	t->g.state = TS_READY;
	t->g.accepts = ABI_NILTHREAD;
	if (!(t->g.flags & T_HALTED))
		ready_add_tail(t);
}

/* ---- time -------------------------------------------------------------------------------- */

void sched_arm(struct cpu *cpu)
{
	uint64_t end = cpu->slice_end < cpu->quantum_end ? cpu->slice_end : cpu->quantum_end;

	if (end < cpu->armed) {
		cpu->armed = end;
		glue_timer_arm(end);
	}
}

static void quantum_begin(struct cpu *cpu, struct tcb *t)
{
	cpu->g.barrier |= SPECIAL_QUANTUM;
	cpu->quantum_end = glue_clock() + t->quantum;
}

static void quantum_end(struct cpu *cpu, struct tcb *t)
{
	t->quantum = cpu->quantum_end - glue_clock();
	cpu->quantum_end = TIME_NEVER;
	cpu->g.barrier &= ~(word_t)SPECIAL_QUANTUM;
}

/* As it is told to user level: what is left of a length, at least `least`. */
static uint64_t rest(uint64_t left, uint64_t least)
{
	return (int64_t)left < (int64_t)least ? least : left;
}

uint64_t sched_quantum_left(struct tcb *t)
{
	struct cpu *cpu = this_cpu();
	uint64_t left = t->quantum;

	if (t == current_tcb() && cpu->g.barrier & SPECIAL_QUANTUM)
		left = cpu->quantum_end - glue_clock();
	return rest(left, 0);
}

uint64_t sched_slice_left(struct tcb *t)
{
	uint64_t left;

	sched_settle();
	left = sched_slice_to_come(t);

	if (t->slice == TICKS_FOREVER)
		return SLICE_INFINITE;
	if (t == current_tcb())
		left = this_cpu()->slice_end - glue_clock();
	return rest(left, 1);
}

void sched_set_quantum(struct tcb *t, uint64_t ticks)
{
	struct cpu *cpu = this_cpu();

	if (t == current_tcb())
		quantum_end(cpu, t);
	t->quantum = ticks;
	t->g.flags &= ~T_QUANTUM;
	if (ticks != SLICE_INFINITE) {
		t->g.flags |= T_QUANTUM;
		if (t == current_tcb())
			quantum_begin(cpu, t);
	}
	ipc_update_accepts(t);
}

void sched_set_slice(struct tcb *t, uint64_t ticks)
{
	t->slice = ticks == SLICE_INFINITE ? TICKS_FOREVER : ticks;
	t->g.flags &= ~T_REST;
	if (t == current_tcb())
		this_cpu()->slice_end = glue_clock() + t->slice;
}

/* ---- switching ------------------------------------------------------------------------------ */

/* Leave the running thread, which is not resumed by this upcall: what the plain path must
 * not bypass. */
static void leave_special(struct cpu *cpu, struct tcb *t)
{
	if (cpu->g.barrier & SPECIAL_FPU) {
		glue_fpu_enable(false);
		cpu->g.barrier &= ~(word_t)SPECIAL_FPU;
	}
	if (cpu->g.barrier & SPECIAL_QUANTUM)
		quantum_end(cpu, t);
}

/* What is to be done for the running thread when it is left, and for `next` when it runs. */
static __attribute__((noinline)) void prepare(struct tcb *next)
{
	struct cpu *cpu = this_cpu();

	ASSERT(next->g.state == TS_READY && !(next->g.flags & (T_HALTED | T_QUEUED)));
	if (cpu->g.current == &next->g)
		return;
	leave_special(cpu, (struct tcb *)cpu->g.current);
	if (next->g.flags & T_QUANTUM)
		quantum_begin(cpu, next);
	sched_arm(cpu); /* for the slice, too, where a quantum's end has fired the timer */
}

struct glue_ctx *sched_direct(struct tcb *next)
{
	prepare(next);
	return sched_run(next);
}

static struct glue_ctx *idle(struct cpu *cpu)
{
	leave_special(cpu, (struct tcb *)cpu->g.current);
	cpu->g.current = NULL;
	cpu->slice_end = TIME_NEVER;
	glue_space_leave();
	return NULL;
}

struct glue_ctx *sched_first(void)
{
	struct cpu *cpu = this_cpu();

	sched_settle();
	for (;;) {
		struct tcb *next = cpu->g.front ? front_of(cpu) : cpu->ready[cpu->ring_top];

		if (!next)
			return idle(cpu);
		ready_remove(next);
		if (!(next->g.flags & T_RECEIVE) || !ipc_receive_due(next)) {
			prepare(next);
			return sched_run_slice(next);
		}
		/* Any number of threads may block here, one after the other: being idle for
		 * a moment lets the interrupt in. Should the device withdraw it, the timer's
		 * comes instead. */
		if (glue_irq_pending()) {
			cpu->armed = 0;
			glue_timer_arm(0);
			return idle(cpu);
		}
	}
}

__attribute__((noinline)) struct glue_ctx *sched_handoff_special(struct tcb *woken)
{
	if (!(woken->g.flags & T_HALTED)) {
		if (woken->g.prio >= ready_top(this_cpu()))
			return sched_direct(woken);
		ready_add(woken, true);
	}
	return sched_block();
}

/* The preemption callback: user level is told, once, that and where it was preempted. Not in
 * the middle of a system call, which has to go on where it was cut. */
static void preempt_callback(struct tcb *t)
{
	volatile struct abi_utcb *utcb = t->g.utcb;
	word_t flags = utcb->preempt_flags;

	if (!(flags & ABI_PREEMPT_CALLBACK) || t->progress[0])
		return;
	utcb->preempt_flags = (flags & ~(word_t)ABI_PREEMPT_CALLBACK) | ABI_PREEMPT_SIGNALLED;
	utcb->preempted_ip = glue_ctx_get(&t->g.ctx, GLUE_IP);
	glue_ctx_set(&t->g.ctx, GLUE_IP, utcb->preempt_ip);
}

__attribute__((noinline)) struct glue_ctx *sched_continue_special(void)
{
	struct cpu *cpu = this_cpu();
	struct tcb *cur = (struct tcb *)cpu->g.current;

	if (cur) {
		/* Whoever comes before cur has come before `front`, too. */
		ASSERT(!cpu->g.front || !(front_of(cpu)->g.flags & T_LENT));
		cur->slice_left = cpu->slice_end - glue_clock();
		cur->g.flags |= T_REST;
		preempt_callback(cur);
		ready_add(cur, true);
	}
	return sched_first();
}

__attribute__((noinline)) struct glue_ctx *sched_woken_special(struct tcb *woken)
{
	if (!(woken->g.flags & T_HALTED))
		ready_add(woken, false);
	return sched_continue();
}

__attribute__((noinline)) struct glue_ctx *sched_tick_special(void)
{
	struct cpu *cpu = this_cpu();
	struct tcb *cur = (struct tcb *)cpu->g.current;
	uint64_t now = glue_clock();

	cpu->armed = TIME_NEVER;
	if (!cur)
		return sched_first();
	if (now >= cpu->quantum_end)
		return fault_quantum(cur);
	if (now >= cpu->slice_end) {
		sched_settle();
		if (cur->g.prio <= ready_top(cpu) && (cpu->g.front || cpu->ready_summary))
			preempt_callback(cur);
		/* With nobody to share with, back to cur. */
		return sched_yield_cpu();
	}
	sched_arm(cpu);
	return &cur->g.ctx;
}

void sched_set_prio(struct tcb *t, word_t prio)
{
	if (t->g.flags & T_QUEUED) {
		ready_remove(t);
		t->g.prio = prio;
		ready_add_tail(t);
	} else if (t->g.state == TS_SENDING) {
		struct tcb *peer = t->peer;

		sendq_remove(t);
		t->g.prio = prio;
		sendq_add(peer, t);
	} else {
		t->g.prio = prio;
	}
}

void sched_forget(struct tcb *t)
{
	struct cpu *cpu = this_cpu();

	if (cpu->g.current == &t->g) {
		sched_settle();
		leave_special(cpu, t);
		cpu->g.current = NULL;
		cpu->slice_end = TIME_NEVER;
		glue_space_leave();
	}
	if (cpu->fpu_owner == t)
		cpu->fpu_owner = NULL;
	if (t->g.flags & T_QUEUED) {
		sched_settle();
		ready_remove(t);
	}
}
