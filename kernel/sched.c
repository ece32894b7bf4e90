/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * sched.c - the scheduler: ready queue, slices, quanta, and the switch itself.
 *
 * A slice belongs to the CPU: when a thread blocks in an IPC and its partner runs directly,
 * the partner goes on with the same slice, and neither clock nor timer is touched. The
 * timer is armed for the end of the running slice (or quantum), and only moved forward: a
 * deadline that has been put off is noticed when the timer fires early. With infinite
 * slices the kernel asks for no timer interrupt at all.
 */
#include <kernel/kernel.h>

struct cpu k_cpus[CONFIG_CPUS];

/* Not inlined: a division of 64 bits is a lot of code. */
__attribute__((noinline)) uint64_t us_to_ticks(uint64_t us)
{
	return us / 1000 * glue_clock_khz() + us % 1000 * glue_clock_khz() / 1000;
}

__attribute__((noinline)) uint64_t ticks_to_us(uint64_t ticks)
{
	uint32_t khz = glue_clock_khz();

	return ticks / khz * 1000 + ticks % khz * 1000 / khz;
}

void sched_init(void)
{
	struct cpu *cpu = this_cpu();

	cpu->top_prio = -1;
	cpu->slice_end = cpu->quantum_end = cpu->armed = TIME_NEVER;
}

/* ---- the ready queue: rings under a two-level bitmap ------------------------------------ */

static void set_barrier(struct cpu *cpu)
{
	if (unlikely(cpu->special))
		cpu->g.barrier = PRIO_MAX + 1;
	else
		cpu->g.barrier = cpu->top_prio < 0 ? 0 : (word_t)cpu->top_prio;
}

static void set_top(struct cpu *cpu, sword_t prio)
{
	cpu->top_prio = prio;
	set_barrier(cpu);
}

void sched_special(struct cpu *cpu, word_t what, bool on)
{
	cpu->special = on ? cpu->special | what : cpu->special & ~what;
	set_barrier(cpu);
}

static void update_top(struct cpu *cpu)
{
	unsigned word;

	if (!cpu->ready_summary) {
		set_top(cpu, -1);
		return;
	}
	word = 31 - __builtin_clz(cpu->ready_summary);
	set_top(cpu, word * 32 + 31 - __builtin_clz(cpu->ready_map[word]));
}

static void ready_add(struct tcb *t, bool at_head)
{
	struct cpu *cpu = this_cpu();
	word_t prio = t->g.prio;
	struct tcb *head = cpu->ready[prio];

	ASSERT(t->g.state == TS_READY && !(t->g.flags & (T_HALTED | T_QUEUED)));
	t->g.flags |= T_QUEUED;
	if (!head) {
		t->next = t->prev = t;
		cpu->ready[prio] = t;
		cpu->ready_map[prio / 32] |= 1u << prio % 32;
		cpu->ready_summary |= 1u << prio / 32;
		if ((sword_t)prio > cpu->top_prio)
			set_top(cpu, prio);
		return;
	}
	t->next = head;
	t->prev = head->prev;
	head->prev->next = t;
	head->prev = t;
	if (at_head)
		cpu->ready[prio] = t;
}

void ready_add_tail(struct tcb *t)
{
	ready_add(t, false);
}

void ready_add_head(struct tcb *t)
{
	ready_add(t, true);
}

void ready_remove(struct tcb *t)
{
	struct cpu *cpu = this_cpu();
	word_t prio = t->g.prio;

	ASSERT(t->g.flags & T_QUEUED);
	t->g.flags &= ~T_QUEUED;
	if (t->next == t) {
		cpu->ready[prio] = NULL;
		cpu->ready_map[prio / 32] &= ~(1u << prio % 32);
		if (!cpu->ready_map[prio / 32])
			cpu->ready_summary &= ~(1u << prio / 32);
		update_top(cpu);
		return;
	}
	t->prev->next = t->next;
	t->next->prev = t->prev;
	if (cpu->ready[prio] == t)
		cpu->ready[prio] = t->next;
}

void sched_wake(struct tcb *t)
{
	t->g.state = TS_READY;
	t->g.accepts = ABI_NILTHREAD;
	if (!(t->g.flags & T_HALTED))
		ready_add_tail(t);
}

/* ---- time -------------------------------------------------------------------------------- */

static void arm(struct cpu *cpu)
{
	uint64_t end = cpu->slice_end < cpu->quantum_end ? cpu->slice_end : cpu->quantum_end;

	if (end < cpu->armed) {
		cpu->armed = end;
		glue_timer_arm(end);
	}
}

/* Start (or continue) t's own slice. */
static void slice_begin(struct cpu *cpu, struct tcb *t)
{
	uint64_t left = t->slice_left ? t->slice_left : t->slice;

	t->slice_left = 0;
	cpu->slice_end = t->slice == SLICE_INFINITE ? TIME_NEVER : glue_clock() + left;
}

/* The rest of the running slice, at least one tick. */
static uint64_t slice_rest(const struct cpu *cpu)
{
	uint64_t now;

	if (cpu->slice_end == TIME_NEVER)
		return 0;
	now = glue_clock();
	return cpu->slice_end > now ? cpu->slice_end - now : 1;
}

static uint64_t quantum_rest(const struct cpu *cpu)
{
	uint64_t now = glue_clock();

	return cpu->quantum_end > now ? cpu->quantum_end - now : 0;
}

static void quantum_begin(struct cpu *cpu, struct tcb *t)
{
	sched_special(cpu, SPECIAL_QUANTUM, true);
	cpu->quantum_end = glue_clock() + t->quantum;
}

static void quantum_end(struct cpu *cpu, struct tcb *t)
{
	t->quantum = quantum_rest(cpu);
	cpu->quantum_end = TIME_NEVER;
	sched_special(cpu, SPECIAL_QUANTUM, false);
}

uint64_t sched_quantum_left(struct tcb *t)
{
	struct cpu *cpu = this_cpu();

	if (t == current_tcb() && cpu->special & SPECIAL_QUANTUM)
		return quantum_rest(cpu);
	return t->quantum;
}

uint64_t sched_slice_left(struct tcb *t)
{
	if (t == current_tcb())
		return slice_rest(this_cpu());
	return t->slice_left ? t->slice_left : t->slice;
}

void sched_set_quantum(struct tcb *t, uint64_t ticks)
{
	struct cpu *cpu = this_cpu();
	bool running = t == current_tcb();

	if (running && cpu->special & SPECIAL_QUANTUM)
		quantum_end(cpu, t);
	t->quantum = ticks;
	if (ticks == SLICE_INFINITE) {
		t->g.flags &= ~T_QUANTUM;
	} else {
		t->g.flags |= T_QUANTUM;
		if (running)
			quantum_begin(cpu, t);
	}
	ipc_update_accepts(t);
	arm(cpu);
}

void sched_set_slice(struct tcb *t, uint64_t ticks)
{
	struct cpu *cpu = this_cpu();

	t->slice = ticks;
	t->slice_left = 0;
	if (t == current_tcb()) {
		slice_begin(cpu, t);
		arm(cpu);
	}
}

/* ---- switching ------------------------------------------------------------------------------ */

/* Leave the running thread, which is not resumed by this upcall: what the plain path must
 * not bypass. */
static void leave_special(struct cpu *cpu, struct tcb *t)
{
	if (cpu->special & SPECIAL_FPU) {
		glue_fpu_enable(false);
		sched_special(cpu, SPECIAL_FPU, false);
	}
	if (cpu->special & SPECIAL_QUANTUM)
		quantum_end(cpu, t);
}

struct glue_ctx *sched_direct(struct tcb *next)
{
	struct cpu *cpu = this_cpu();
	struct glue_thread *cur = cpu->g.current;

	ASSERT(next->g.state == TS_READY && !(next->g.flags & (T_HALTED | T_QUEUED)));
	if (cur == &next->g)
		return &next->g.ctx;
	if (unlikely(cpu->special))
		leave_special(cpu, (struct tcb *)cur);
	cpu->g.current = &next->g;
	glue_activate(&next->g.ctx, next->g.space);
	if (unlikely(next->g.flags & T_QUANTUM)) {
		quantum_begin(cpu, next);
		arm(cpu);
	}
	return &next->g.ctx;
}

static struct glue_ctx *idle(struct cpu *cpu)
{
	if (cpu->special)
		leave_special(cpu, (struct tcb *)cpu->g.current);
	cpu->g.current = NULL;
	cpu->slice_end = TIME_NEVER;
	glue_space_leave();
	return NULL;
}

struct glue_ctx *sched_block(void)
{
	struct cpu *cpu = this_cpu();
	struct tcb *next;

	for (;;) {
		if (cpu->top_prio < 0)
			return idle(cpu);
		next = cpu->ready[cpu->top_prio];
		ready_remove(next);
		if (likely(!(next->g.flags & T_RECEIVE)) || !ipc_receive_due(next))
			break;
		/* Any number of threads may block here, one after the other: being idle for
		 * a moment lets the interrupt in. */
		if (glue_irq_pending())
			return idle(cpu);
	}
	slice_begin(cpu, next);
	arm(cpu);
	return sched_direct(next);
}

struct glue_ctx *sched_handoff(struct tcb *woken)
{
	struct cpu *cpu = this_cpu();

	if (likely((sword_t)woken->g.prio >= cpu->top_prio && !(woken->g.flags & T_HALTED) &&
		   cpu->g.current))
		return sched_direct(woken);
	if (!(woken->g.flags & T_HALTED))
		ready_add_head(woken);
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

/* The running thread stays ready, but another runs. */
static void preempt(struct cpu *cpu, struct tcb *cur)
{
	cur->slice_left = slice_rest(cpu);
	preempt_callback(cur);
	ready_add_head(cur);
}

struct glue_ctx *sched_woken(struct tcb *woken)
{
	struct cpu *cpu = this_cpu();
	struct tcb *cur = (struct tcb *)cpu->g.current;

	if (woken->g.flags & T_HALTED)
		return sched_continue();
	if ((cur && woken->g.prio <= cur->g.prio) || (sword_t)woken->g.prio < cpu->top_prio) {
		ready_add_tail(woken);
		return sched_continue();
	}
	if (cur)
		preempt(cpu, cur);
	slice_begin(cpu, woken);
	arm(cpu);
	return sched_direct(woken);
}

struct glue_ctx *sched_continue(void)
{
	struct cpu *cpu = this_cpu();
	struct tcb *cur = (struct tcb *)cpu->g.current;

	if (!cur)
		return sched_block();
	if (likely((sword_t)cur->g.prio >= cpu->top_prio))
		return &cur->g.ctx;
	preempt(cpu, cur);
	return sched_block();
}

struct glue_ctx *sched_yield_cpu(void)
{
	struct tcb *cur = current_tcb();

	cur->slice_left = 0;
	ready_add_tail(cur);
	return sched_block();
}

struct glue_ctx *sched_tick(void)
{
	struct cpu *cpu = this_cpu();
	struct tcb *cur = (struct tcb *)cpu->g.current;
	uint64_t now = glue_clock();

	cpu->armed = TIME_NEVER;
	if (!cur)
		return sched_block();
	if (unlikely(now >= cpu->quantum_end))
		return fault_quantum(cur);
	if (now < cpu->slice_end) {
		arm(cpu);
		return &cur->g.ctx;
	}
	if (cpu->top_prio < (sword_t)cur->g.prio) { /* nobody to share with */
		slice_begin(cpu, cur);
		arm(cpu);
		return &cur->g.ctx;
	}
	preempt_callback(cur);
	return sched_yield_cpu();
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
		leave_special(cpu, t);
		cpu->g.current = NULL;
		cpu->slice_end = TIME_NEVER;
		glue_space_leave();
	}
	if (cpu->fpu_owner == t)
		cpu->fpu_owner = NULL;
	if (t->g.flags & T_QUEUED)
		ready_remove(t);
}
