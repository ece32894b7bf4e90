/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * bench.h - what the parts of the benchmark share.
 *
 * A run of an operation is a region: between bench_begin and bench_end a thread does the same
 * step again and again, and then a line is printed, with the ticks that passed. The meter
 * (tests/bench/meter) sees the region by the addresses of the two functions, and the kernel's
 * entries from the op_ functions in it; scripts/bench puts the two together, in order.
 */
#ifndef BENCH_H
#define BENCH_H

#include <l4/types.h>
#include <rt/assert.h>
#include <rt/exit.h>
#include <rt/thread.h>
#include <stdbool.h>
#include <stdint.h>

#define PRIO_LOW  100 /* of threads that measure */
#define PRIO_HIGH 110 /* of those that the operation wakes */

/* An error that makes all figures worthless ends the run. */
#define MUST(x)                                                                                    \
	do {                                                                                       \
		if (!(x))                                                                          \
			rt_fail("%s:%d: %s does not hold, error %lu", __FILE__, __LINE__, #x,      \
				L4_ErrorCode());                                                   \
	} while (0)

/* ---- regions (region.c) --------------------------------------------------------------------- */

/* The marks: region from the first instruction of the one to the first of the other. Each
 * reads the clock; the second returns the ticks since `start`. */
uint64_t bench_begin(void);
uint64_t bench_end(uint64_t start);

/* What is measured now, and what came of it. */
struct job {
	void (*step)(void);
	unsigned rounds;
	uint64_t ticks;
	L4_ThreadId_t director; /* who waits for the end */
	L4_ThreadId_t partner;
	L4_MsgTag_t tag;
};
extern struct job job;

/* Do job.step some times to warm up, then job.rounds times as a region. */
void region(void);

/* The same in a new thread of this space, which ends with it: `before`, unless NULL, is done
 * there first. */
void region_in_thread(void (*before)(void));

/* Print the line of the last region. `words`: the message's, or 0. */
void region_report(const char *group, bool inter, unsigned words);

/* ---- other threads (peer.c) -------------------------------------------------------------------
 */

/* A thread in this space, or (inter) the only one of a space that sees the program's code and
 * constants, and has a stack. One `inter` peer at a time. L4_UserDefinedHandle() is `arg`. */
L4_ThreadId_t peer_new(bool inter, unsigned prio, L4_ThreadId_t pager, void (*entry)(void),
		       L4_Word_t arg);
void peer_delete(L4_ThreadId_t id);

/* Where the KIP and UTCBs of a space go. */
L4_Fpage_t peer_kip_area(void);
L4_Fpage_t peer_utcb_area(void);

/* Wait for ever. */
_Noreturn void sleep_forever(void);

/* Number `i` of the ids that no thread of the runtime has. */
L4_ThreadId_t id_number(unsigned i);

/* ---- crowd.c
 * ------------------------------------------------------------------------------------- */

/* Fill the system up to `threads` threads, or as many as there are numbers for, in `spaces`
 * spaces. None of them runs, until crowd_await. */
void crowd_make(unsigned threads, unsigned spaces);

/* Let about half of them wait for `whom`: to send to it, or for its message. */
void crowd_await(L4_ThreadId_t whom);

/* How many there are, with the runtime's. */
unsigned crowd_threads(void), crowd_spaces(void);

/* First number for id_number that the crowd leaves free. */
#define CROWD_IDS 4u

/* ---- what is measured
 * ------------------------------------------------------------------------------- */

void bench_clock(void);   /* region.c: a loop that is known, and nothing */
void bench_ipc(void);     /* ipc.c */
void bench_notify(void);  /* notify.c */
void bench_faults(void);  /* fault.c */
void bench_time(void);    /* time.c: interrupts, ticks, yield */
void bench_memory(void);  /* memory.c */
void bench_threads(void); /* thread.c */
void bench_sizes(void);   /* thread.c: memory of the kernel for each */
void bench_stress(void);  /* stress.c: what could keep interrupts off for long */

#endif
