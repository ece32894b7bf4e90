/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * region.c - a stretch of the program that is measured.
 */
#include <l4/ipc.h>
#include <rt/stdio.h>
#include <rt/time.h>

#include "../root/arch.h"
#include "bench.h"

#define WARM_UP 4
#define LOOP    100000u /* rounds, of CALIBRATE_INSN instructions each */

struct job job;

__attribute__((noipa)) uint64_t bench_begin(void)
{
	return __l4_ticks();
}

__attribute__((noipa)) uint64_t bench_end(uint64_t start)
{
	return rt_ticks_since(start);
}

void region(void)
{
	void (*step)(void) = job.step;
	unsigned rounds = job.rounds;
	uint64_t start;

	for (unsigned i = 0; i < WARM_UP; i++)
		step();
	start = bench_begin();
	for (unsigned i = 0; i < rounds; i++)
		step();
	job.ticks = bench_end(start);
}

static void (*first)(void);

static void thread(void)
{
	if (first)
		first();
	region();
	L4_Set_MsgTag(L4_Niltag);
	(void)L4_Send(job.director);
	sleep_forever();
}

void region_in_thread(void (*before)(void))
{
	L4_ThreadId_t id;

	first = before;
	job.director = L4_Myself();
	id = rt_thread_spawn(PRIO_LOW, thread, 0);
	MUST(!L4_IsNilThread(id));
	MUST(L4_IpcSucceeded(L4_Receive(id)));
	rt_thread_delete(id);
}

void region_report(const char *group, bool inter, unsigned words)
{
	printf("[bench] group=%s space=%s words=%u threads=%u spaces=%u rounds=%u ticks=%llu\n",
	       group, inter ? "inter" : "intra", words, crowd_threads(), crowd_spaces(), job.rounds,
	       (unsigned long long)job.ticks);
}

/* ---- the instruments against each other ------------------------------------------------------ */

static void nothing(void)
{
}

static void loop(void)
{
	__l4_calibrate_loop(LOOP);
}

void bench_clock(void)
{
	job.rounds = 1;
	job.step = nothing;
	region();
	region_report("nothing", false, 0);
	job.step = loop;
	region();
	printf("[bench] clock=%s\n", L4_TICKS_NAME);
	printf("[bench] loop instructions=%u\n", LOOP * CALIBRATE_INSN);
	region_report("loop", false, 0);
}
