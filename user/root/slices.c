/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * slices.c - two threads of one priority that never give up the processor take turns, because
 * their time slices are finite.
 */
#include <l4/ipc.h>
#include <l4/schedule.h>
#include <rt/time.h>

#include "root.h"

#define NAME     "round-robin"
#define SLICE_US 1000u
#define TURNS    8u

static volatile struct {
	L4_Word_t runner; /* handle of the thread that runs */
	unsigned turns;
	uint64_t at[TURNS + 2]; /* ticks since the start */
} seen;

static L4_ThreadId_t director;
static uint64_t start;

static void spin(void)
{
	L4_Word_t me = L4_UserDefinedHandle();

	while (seen.turns < TURNS) {
		if (seen.runner != me) {
			seen.runner = me;
			seen.at[seen.turns] = rt_ticks_since(start);
			seen.turns++;
		}
	}
	finish(director);
}

bool show_slices(void)
{
	L4_ThreadId_t thread[2], from;
	L4_Word_t slice, quantum;
	uint64_t ticks;

	director = L4_Myself();
	start = __l4_ticks();
	for (unsigned i = 0; i < 2; i++) {
		thread[i] = rt_thread_spawn(PRIO_PEER, spin, i + 1);
		EXPECT(NAME, !L4_IsNilThread(thread[i]));
		EXPECT(NAME, L4_Set_Timeslice(thread[i], SLICE_US, 0));
	}
	EXPECT(NAME, L4_Timeslice(thread[0], &slice, &quantum) == L4_SCHEDRESULT_RUNNING);
	EXPECT(NAME, slice > 0 && slice <= SLICE_US);
	for (unsigned i = 0; i < 2; i++)
		EXPECT(NAME, L4_IpcSucceeded(L4_Wait(&from)));
	EXPECT(NAME, seen.turns >= TURNS);
	ticks = seen.at[TURNS - 1] - seen.at[0];
	report_pass(NAME, measure_insn(ticks, 1, TURNS - 1),
		    "%u turns of two threads with slices of %u us; instructions per turn", TURNS,
		    SLICE_US);
	for (unsigned i = 0; i < 2; i++)
		rt_thread_delete(thread[i]);
	return true;
}
