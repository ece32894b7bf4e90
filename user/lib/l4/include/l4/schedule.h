/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/schedule.h - priorities, time slices and preemption.
 *
 * The functions on a thread `t` are Schedule calls, for threads of the space of t's
 * scheduler. They return t's state, L4_SCHEDRESULT_...; _ERROR: see L4_Schedule.
 */
#ifndef L4_SCHEDULE_H
#define L4_SCHEDULE_H

#include <l4/syscalls.h>
#include <l4/types.h>
#include <l4/vregs.h>

#define L4_SCHEDRESULT_ERROR        (ABI_STATE_ERROR)
#define L4_SCHEDRESULT_DEAD         (ABI_STATE_DEAD)
#define L4_SCHEDRESULT_INACTIVE     (ABI_STATE_INACTIVE)
#define L4_SCHEDRESULT_RUNNING      (ABI_STATE_RUNNING)
#define L4_SCHEDRESULT_PENDING_SEND (ABI_STATE_PENDING_SEND)
#define L4_SCHEDRESULT_SENDING      (ABI_STATE_SENDING)
#define L4_SCHEDRESULT_WAITING      (ABI_STATE_WAITING)
#define L4_SCHEDRESULT_RECEIVING    (ABI_STATE_RECEIVING)
#define L4_SCHEDRESULT_WAIT_NOTIFY  (ABI_STATE_WAIT_NOTIFY)

/* End the slice of the running thread: the next one of its priority runs. Anyone. */
L4_INLINE void L4_Yield(void)
{
	L4_ThreadSwitch(L4_nilthread);
}

/* Set t's priority, 0 ... 255; not above the caller's own unless that is privileged. */
L4_INLINE L4_Word_t L4_Set_Priority(L4_ThreadId_t t, L4_Word_t prio)
{
	return L4_Schedule(t, ~(L4_Word_t)0, ~(L4_Word_t)0, ~(L4_Word_t)0, prio, NULL, NULL);
}

/* Move t to processor `no`. */
L4_INLINE L4_Word_t L4_Set_ProcessorNo(L4_ThreadId_t t, L4_Word_t no)
{
	return L4_Schedule(t, ~(L4_Word_t)0, ~(L4_Word_t)0, no, ~(L4_Word_t)0, NULL, NULL);
}

/* Set t's slice and refill its total quantum, in microseconds, rounded up to
 * L4_SchedulePrecision; 0: infinite, -1: as it is. */
L4_INLINE L4_Word_t L4_Set_Timeslice(L4_ThreadId_t t, L4_Word_t slice, L4_Word_t total_quantum)
{
	return L4_Schedule(t, slice, total_quantum, ~(L4_Word_t)0, ~(L4_Word_t)0, NULL, NULL);
}

/* What is left of t's slice and total quantum, in microseconds. */
L4_INLINE L4_Word_t L4_Timeslice(L4_ThreadId_t t, L4_Word_t *slice, L4_Word_t *total_quantum)
{
	return L4_Schedule(t, ~(L4_Word_t)0, ~(L4_Word_t)0, ~(L4_Word_t)0, ~(L4_Word_t)0, slice,
			   total_quantum);
}

/* ---- preemption callback of the running thread (no system calls)
 * -------------------------------------- */

/* The next time the thread is preempted, it resumes at the callback IP instead of where it
 * was; once, after which this is to be called again. Returns whether a callback was enabled
 * before. */
L4_INLINE L4_Bool_t L4_EnablePreemptionCallback(void)
{
	L4_Word_t old = __L4_TCR_PreemptFlags();

	__L4_TCR_Set_PreemptFlags(old | ABI_PREEMPT_CALLBACK);
	return (old & ABI_PREEMPT_CALLBACK) != 0;
}

/* No callback any more. Returns whether there was one before. */
L4_INLINE L4_Bool_t L4_DisablePreemptionCallback(void)
{
	L4_Word_t old = __L4_TCR_PreemptFlags();

	__L4_TCR_Set_PreemptFlags(old & ~(L4_Word_t)ABI_PREEMPT_CALLBACK);
	return (old & ABI_PREEMPT_CALLBACK) != 0;
}

/* Where the thread was when it was preempted last with the callback enabled. */
L4_INLINE L4_Word_t L4_PreemptedIP(void)
{
	return __L4_TCR_PreemptedIP();
}

/* Set the callback IP. */
L4_INLINE void L4_Set_PreemptCallbackIP(L4_Word_t ip)
{
	__L4_TCR_Set_PreemptCallbackIP(ip);
}

#endif
