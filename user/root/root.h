/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * root.h - what the parts of the demonstration root task share.
 */
#ifndef ROOT_H
#define ROOT_H

#include <l4/message.h>
#include <l4/thread.h>
#include <l4/types.h>
#include <rt/memory.h>
#include <rt/thread.h>
#include <stdbool.h>
#include <stdint.h>

/* Priorities of the threads; the first one's, which directs them all, is 255. */
#define PRIO_PAGER 220
#define PRIO_PEER  200 /* threads that do what is shown */

/* ---- reports (report.c) ------------------------------------------------------------------- */

/* Print "[root] PASS <name>: <text> (insn=<n>)"; MEASURE_UNKNOWN is printed as a question mark. */
void report_pass(const char *name, uint64_t insn, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Print "[root] FAIL <name>: <text>", and remember it. */
void report_fail(const char *name, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* True if report_fail has been called. */
bool report_failed(void);

/* In a function that shows something and returns whether it went well: end it with false,
 * saying what was expected, unless x holds. */
#define EXPECT(name, x)                                                                            \
	do {                                                                                       \
		if (!(x)) {                                                                        \
			report_fail(name, "line %d: %s does not hold, error %lu", __LINE__, #x,    \
				    L4_ErrorCode());                                               \
			return false;                                                              \
		}                                                                                  \
	} while (0)

/* ---- time (measure.c) --------------------------------------------------------------------- */

/* Find out how many instructions a tick of __l4_ticks() is. False: the machine's time is not
 * a count of instructions (QEMU's -icount), and nothing can be measured. */
bool measure_calibrate(void);

#define MEASURE_UNKNOWN UINT64_MAX

/* Instructions in so many ticks, times `scale`, divided by `count`, rounded; MEASURE_UNKNOWN
 * where measure_calibrate was false. */
uint64_t measure_insn(uint64_t ticks, unsigned scale, unsigned count);

/* Ticks per instruction, in millionths. */
uint64_t measure_calibration(void);

/* ---- the other address space (child.c) ------------------------------------------------------ */

/* Addresses in it that its pager backs with zeroed memory: stacks and heap. */
#define CHILD_MEMORY_START 0x20000000ul
#define CHILD_MEMORY_END   0x20100000ul
#define CHILD_FRAMES       64 /* pages that the pager has for that */

struct child {
	struct rt_space space;
	L4_ThreadId_t thread;
	L4_ThreadId_t pager; /* a thread of the root task */
};

/* A second space, with one thread that executes `entry`: a function of the root task that
 * touches nothing but its stack and its registers. The space sees the root task's code, and
 * what it needs of the rest, by page faults. L4_UserDefinedHandle() is `arg`. */
bool child_create(struct child *c, void (*entry)(void), L4_Word_t arg);

/* Faults that the pager has served, and the physical memory that it put at an address of
 * CHILD_MEMORY; 0: none yet. */
unsigned child_faults(void);
uint64_t child_frame_at(uintptr_t address);

/* Delete the space, and the pager; free the memory. */
void child_delete(struct child *c);

/* ---- when a thread is done (rendezvous.c) ------------------------------------------------- */

/* Wait for a message from `who` in the first thread. False: another one sent, which is a
 * failure of `name`, and is reported. */
bool await(const char *name, L4_ThreadId_t who, L4_MsgTag_t *tag);

/* Send an empty message to the first thread, and do nothing more. */
_Noreturn void finish(L4_ThreadId_t director);

/* ---- what is shown: each prints its lines and returns whether all went well --------------- */

bool show_runtime(void);    /* runtime.c: the small C library */
bool show_library(void);    /* library.c: ids, fpages, tags and their field views */
bool show_ipc(void);        /* pingpong.c: ping-pong in one space and between two */
bool show_pager(void);      /* pager.c: a thread serves another space's page faults */
bool show_protection(void); /* protection.c: what another space can't do */
bool show_exception(void);  /* exception.c: an undefined instruction, handled and resumed */
bool show_notify(void);     /* notify.c */
bool show_slices(void);     /* slices.c: round robin */
bool show_interrupt(void);  /* interrupt.c: the UART's, handled by a thread */

#endif
