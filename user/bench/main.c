/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * main.c - the benchmark: a root task that does what is measured, in an order that
 * scripts/bench knows from the lines that it prints. First in a system that has little else
 * in it, then in one that is full.
 *
 *   bench [threads [spaces]]    how full; 0: not at all
 */
#include <l4/ipc.h>
#include <l4/kip.h>
#include <l4/schedule.h>
#include <l4/thread.h>
#include <rt/memory.h>
#include <rt/stdio.h>

#include "bench.h"

#define THREADS 4000u
#define SPACES  500u

static void measure_all(void)
{
	bench_ipc();
	bench_notify();
	bench_faults();
	bench_time();
	bench_memory();
	bench_threads();
}

static unsigned number(const char *s)
{
	unsigned n = 0;

	while (*s >= '0' && *s <= '9')
		n = n * 10 + (unsigned)(*s++ - '0');
	if (*s)
		rt_fail("bad number; usage: bench [threads [spaces]]");
	return n;
}

int main(int argc, char **argv)
{
	void *kip = L4_GetKernelInterface();
	unsigned threads = argc > 1 ? number(argv[1]) : THREADS;
	unsigned spaces = argc > 2 ? number(argv[2]) : SPACES;

	rt_memory_init(kip);
	rt_thread_init(kip);
	(void)L4_Set_Timeslice(L4_Myself(), 0, 0);
	printf("[bench] started\n");
	bench_clock();
	bench_sizes();
	/* In both systems some thread is ready, as one almost always is: that the ready queue
	 * runs empty is not the difference that is looked for. */
	crowd_make(2, 2);
	measure_all();
	if (threads) {
		crowd_make(threads, spaces);
		measure_all();
	}
	bench_stress();
	printf("[bench] done\n");
	return 0;
}
