/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * schedule.c - Schedule and ThreadSwitch: user level's say in the scheduler.
 */
#include <kernel/kernel.h>

#define LONGEST_US ((uint64_t)1 << 40) /* twelve days, see us_to_ticks */

/* A time argument in microseconds, rounded up to the scheduler's tick, in clock ticks. */
static NOINLINE uint64_t time_arg(word_t arg)
{
	uint64_t us = arg;
	word_t ticks;

	if (us > LONGEST_US)
		us = LONGEST_US;
	ticks = (word_t)us / SCHED_TICK_US + ((word_t)us % SCHED_TICK_US != 0);
	return us_to_ticks((uint64_t)ticks * SCHED_TICK_US);
}

/* A time result in microseconds, as large as a word can say. */
static __attribute__((noinline)) word_t time_result(uint64_t ticks)
{
	uint64_t us = ticks_to_us(ticks), most = ~(word_t)0 - 1;

	return us < most ? us : most;
}

static word_t state_result(const struct tcb *t)
{
	if (t->g.flags & T_RECEIVE)
		return ABI_STATE_RECEIVING;
	switch (t->g.state) {
	case TS_INACTIVE:
		return ABI_STATE_INACTIVE;
	case TS_SENDING:
		return ABI_STATE_PENDING_SEND;
	case TS_RECEIVING:
		return ABI_STATE_WAITING;
	case TS_WAIT_NOTIFY:
		return ABI_STATE_WAIT_NOTIFY;
	default:
		return ABI_STATE_RUNNING;
	}
}

unsigned sys_schedule(struct tcb *cur)
{
	const word_t unchanged = ~(word_t)0;
	word_t dest = sys_arg(cur, 0), slice = sys_arg(cur, 1), quantum = sys_arg(cur, 2);
	word_t processor = sys_arg(cur, 3), prio = sys_arg(cur, 4);
	struct tcb *t = tid_find(dest), *scheduler;

	if (!t || !t->g.space)
		return ABI_ERR_THREAD;
	scheduler = tid_find(t->scheduler);
	if (!scheduler || scheduler->g.space != cur->g.space)
		return ABI_ERR_NO_PRIVILEGE;
	if (prio != unchanged && prio > PRIO_MAX)
		return ABI_ERR_PARAM;
	if (processor != unchanged && processor >= CONFIG_CPUS)
		return ABI_ERR_PARAM;
	if (prio != unchanged && prio > cur->g.prio && !cur->privileged)
		return ABI_ERR_NO_PRIVILEGE;

	sys_ret(cur, 0, state_result(t));
	sys_ret(cur, 1, time_result(sched_slice_left(t)));
	sys_ret(cur, 2, time_result(sched_quantum_left(t)));
	if (slice != unchanged)
		sched_set_slice(t, time_arg(slice));
	if (quantum != unchanged)
		sched_set_quantum(t, time_arg(quantum));
	sched_arm(this_cpu());
	if (prio != unchanged)
		sched_set_prio(t, prio);
	return ABI_OK;
}

unsigned sys_thread_switch(struct tcb *cur)
{
	word_t id = sys_arg(cur, 0);
	struct tcb *dest = id != ABI_NILTHREAD ? tid_find(id) : NULL;

	if (dest && dest->g.flags & T_QUEUED) {
		sched_settle();
		ready_remove(dest);
		dest->g.flags &= ~T_REST;
		if (!(dest->g.flags & T_RECEIVE) || !ipc_receive_due(dest)) {
			/* The rest of the slice goes with dest; cur has a whole one to come. */
			ready_add_tail(cur);
			sched_direct(dest);
			return SYS_SCHEDULED;
		}
	}
	sched_yield_cpu();
	return SYS_SCHEDULED;
}
