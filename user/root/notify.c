/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * notify.c - bits sent to a thread that waits for some of them.
 */
#include <l4/ipc.h>
#include <l4/schedule.h>
#include <rt/time.h>

#include "root.h"

#define NAME        "notify"
#define TIMES       256u
#define WANTED      0x5u
#define NOT_WANTED  0x2u
#define PRIO_SENDER 150 /* the waiting thread runs as soon as it is woken */

static volatile struct {
	unsigned woken, failed;
	L4_Word_t bits, pending;
} seen;

static void wait(void)
{
	L4_Set_NotifyMask(WANTED);
	L4_Accept(L4_NotifyMsgAcceptor);
	for (;;) {
		L4_Word_t bits;
		L4_MsgTag_t tag = L4_WaitNotify(&bits);

		seen.failed += L4_IpcFailed(tag) != 0;
		seen.bits = bits;
		seen.pending = L4_Get_NotifyBits();
		seen.woken++;
	}
}

/* With the sender at lower priority than the thread that waits. */
static bool exchange(L4_ThreadId_t thread, uint64_t *ticks)
{
	EXPECT(NAME, L4_IpcSucceeded(L4_Notify(thread, NOT_WANTED)));
	EXPECT(NAME, seen.woken == 0);
	EXPECT(NAME, L4_IpcSucceeded(L4_Notify(thread, WANTED)));
	EXPECT(NAME, seen.woken == 1 && seen.failed == 0);
	EXPECT(NAME, seen.bits == WANTED && seen.pending == NOT_WANTED);
	*ticks = __l4_ticks();
	for (unsigned i = 0; i < TIMES; i++)
		(void)L4_Notify(thread, 1);
	*ticks = rt_ticks_since(*ticks);
	EXPECT(NAME, seen.woken == 1 + TIMES && seen.failed == 0 && seen.bits == 1);
	return true;
}

bool show_notify(void)
{
	L4_ThreadId_t self = L4_Myself(), thread;
	uint64_t ticks = 0;
	bool ok;

	thread = rt_thread_spawn(PRIO_PEER, wait, 0);
	EXPECT(NAME, !L4_IsNilThread(thread));
	EXPECT(NAME, L4_Set_Priority(self, PRIO_SENDER)); /* it runs, and waits */
	ok = exchange(thread, &ticks);
	EXPECT(NAME, L4_Set_Priority(self, 255));
	if (!ok)
		return false;
	report_pass(NAME, measure_insn(ticks, 1, TIMES),
		    "bits out of the mask stay, others wake; notify, run, wait again, %u times",
		    TIMES);
	rt_thread_delete(thread);
	return true;
}
