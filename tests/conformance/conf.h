/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * conf.h - the conformance suite: what a case is made of.
 *
 * Three kinds of threads, all in the root task's program:
 *   supervisor  priority 255: starts each case, waits until nothing runs any more, judges,
 *               cleans up, and compares the free memory of kernel and user level
 *   case        priority 250, new for each case, in the root task's space: builds the scene
 *               and looks at what comes of it. Failing is to say so and stop for ever
 *   workers     new for each case, in any space: carry out one operation at a time
 * A space for workers has the program mapped as the root task has it, so workers, their
 * operations and results are ordinary shared memory, at the same addresses everywhere.
 *
 * Nothing depends on time: settle() returns when all workers have stopped or block. A thread
 * of the lowest priority tells.
 */
#ifndef CONF_H
#define CONF_H

#include <l4/ipc.h>
#include <l4/kip.h>
#include <l4/protocol.h>
#include <l4/schedule.h>
#include <l4/space.h>
#include <l4/thread.h>
#include <rt/memory.h>
#include <rt/stdio.h>
#include <rt/string.h>
#include <stdbool.h>

typedef L4_Word_t word_t;

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define ALL_ONES      (~(word_t)0)
#define PAGE          ((word_t)RT_PAGE_SIZE)

/* ---- cases --------------------------------------------------------------------------------- */

struct conf_case {
	void (*run)(void);
	const char *title;
};

/* Cases numbered from `first`: either a list of them, or rows that are made from tables. */
struct suite {
	const char *prefix;
	unsigned first, count;
	const struct conf_case *cases;
	void (*run)(unsigned row);
	void (*title)(unsigned row, char *buf, size_t size);
};

#define SUITE_OF(name, group, number, list)                                                        \
	const struct suite name = {                                                                \
	    .prefix = group, .first = number, .count = ARRAY_SIZE(list), .cases = list}
#define SUITE_ROWS(name, group, number, rows, run_row, title_row)                                  \
	const struct suite name = {                                                                \
	    .prefix = group, .first = number, .count = rows, .run = run_row, .title = title_row}

/* ---- verdicts: from the case's thread only ----------------------------------------------------
 */

_Noreturn void fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void skip(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#define CHECK(cond, ...) ((cond) ? (void)0 : fail(__VA_ARGS__))

/* Fail unless the two are equal, naming `what` is wrong. A prefix set by context() is put in
 * front of every reason. */
void check_eq(const char *what, word_t got, word_t want);
void context(const char *text);

/* ---- the world (world.c) ------------------------------------------------------------------------
 */

#define PRIO_CASE   250
#define PRIO_WORKER 100
#define PRIO_SPIN   0 /* below the thread that tells when all is quiet: is ready, never runs */

struct space {
	L4_ThreadId_t id; /* of a thread in it; nilthread: not made yet */
	L4_Fpage_t kip_area, utcb_area;
};

extern struct space root_space;
extern struct abi_kip *kip;

/* A user space that will come into being with its first worker. */
struct space *space_new(void);

/* An id that no thread has or had; whatever thread gets it is deleted after the case. */
L4_ThreadId_t id_new(void);

/* The id with the version before. */
L4_ThreadId_t id_stale(L4_ThreadId_t id);

/* Where thread `id` has its UTCB, in any space. */
void *utcb_place(const struct space *sp, L4_ThreadId_t id);

/* ThreadControl with the redirectors that mean none. */
word_t thread_control(L4_ThreadId_t dest, L4_ThreadId_t space, L4_ThreadId_t scheduler,
		      L4_ThreadId_t pager, void *utcb);
#define NO_UTCB ((void *)-1)
word_t thread_delete(L4_ThreadId_t id);

/* A new inactive thread without UTCB in `sp`, with the case as its scheduler. Where it is
 * the first one of the space, the areas are set and the program is mapped. */
L4_ThreadId_t thread_inactive(struct space *sp);

/* The same, activated, with the case as pager: it waits for its start message. */
L4_ThreadId_t thread_unstarted(struct space *sp, unsigned prio);

/* Map the program as it is mapped here. */
void space_map_program(L4_ThreadId_t space);

/* 2^log2 bytes, zeroed, mapped in the root task's space for the time of the case. */
void *pages_new(unsigned log2, uint64_t *frame);

/* 2^log2 bytes of physical memory for the time of the case. */
uint64_t frames_new(unsigned log2);

/* Memory of the kernel's, which nobody can map. */
uint64_t kernel_frame(void);

/* Associate the case (or `handler`) with an interrupt line for the time of the case. False:
 * not a line for user level. */
bool irq_take(word_t line, L4_ThreadId_t handler);

/* Interrupt lines that can be taken, and that no device uses. */
#define QUIET_LINES 3
word_t irq_quiet_line_no(unsigned n);
word_t irq_quiet_line(void); /* no. 0 */

/* Return when every thread above priority 2 has stopped or blocks. */
void settle(void);

/* The scheduling state of a thread: L4_SCHEDRESULT_... */
word_t state_of(L4_ThreadId_t id);

/* Free bytes of the kernel's pool. */
word_t kmem_free(void);

/* ---- workers (worker.c)
 * ---------------------------------------------------------------------------- */

#define WORKERS     24
#define WORKER_ARGS 8

struct worker {
	L4_ThreadId_t id;
	struct space *space;
	word_t stack;                /* its top */
	volatile word_t given, done; /* operations */
	void (*op)(struct worker *w);
	word_t arg[WORKER_ARGS];

	/* Set before each operation. */
	word_t seed;           /* message register i is pattern(seed, i) */
	word_t acceptor, mask; /* of notification */

	/* After it. */
	word_t result[WORKER_ARGS];
	word_t error; /* ErrorCode; ERROR_UNTOUCHED before */
	word_t bits;  /* notification bits that are pending still */
	word_t mr[ABI_MRS];
};

#define ERROR_UNTOUCHED 0x5a5au

/* Results of op_ipc. The last one grows from each end of an IPC to the next. */
#define IPC_TAG   0
#define IPC_FROM  1
#define IPC_ORDER 2

/* A new thread in `sp`, parked (halted), with nobody as pager. */
struct worker *worker_new(struct space *sp, unsigned prio);

/* Make a worker of a thread that waits for the case's start message. */
struct worker *worker_adopt(L4_ThreadId_t id, struct space *sp);

/* Begin an operation; it runs when the case blocks. With settle(), and checking that it was
 * completed, run(). */
void start(struct worker *w, void (*op)(struct worker *));
void run(struct worker *w, void (*op)(struct worker *));

bool finished(const struct worker *w);

/* Deterministic contents of message registers. */
#define SEED_ZEROS ((word_t)-1)
#define SEED_ONES  ((word_t)-2)
word_t pattern(word_t seed, unsigned i);

/* Operations. IPC with arg[0..2] to, from, tag. */
void op_ipc(struct worker *w);
void start_ipc(struct worker *w, L4_ThreadId_t to, L4_ThreadId_t from, word_t tag);

/* start_ipc and settle(); true if the IPC is complete. */
bool run_ipc(struct worker *w, L4_ThreadId_t to, L4_ThreadId_t from, word_t tag);

/* System call arg[0] with arguments arg[1..4]; result[0..3]. */
void op_syscall(struct worker *w);

void op_nothing(struct worker *w);

/* Schedule of arg[1] with slice, quantum, processor and priority in arg[2] and on;
 * result[0..2]. */
void op_schedule(struct worker *w);

/* For ever. */
void op_spin(struct worker *w);

/* Load, store arg[1], or call the word at address arg[0]. */
void op_read(struct worker *w);
void op_write(struct worker *w);
void op_execute(struct worker *w);

/* What a page fault said. access 0: there was none. */
struct fault {
	word_t access, address, ip;
};

/* Let w do op_read, op_write or op_execute, with the case as its pager, and see whether it
 * faults. w is parked again afterwards; result[0] is what was read or returned. */
struct fault probe(struct worker *w, void (*op)(struct worker *), word_t address, word_t value);

/* Park w, whatever it is in the middle of. */
void worker_restart(struct worker *w);

/* Flags of tags. */
#define S_BLOCK ((word_t)ABI_TAG_SBLOCK)
#define R_BLOCK ((word_t)ABI_TAG_RBLOCK)
#define NOTIFY  ((word_t)ABI_TAG_NOTIFY)
#define TAG(label, u, flags)                                                                       \
	((word_t)(label) << ABI_TAG_LABEL_SHIFT | (word_t)(u) | (word_t)(flags))

/* ---- judging IPC
 * --------------------------------------------------------------------------------- */

/* The IPC of w failed with this code and phase, and touched no message register. */
void check_ipc_error(const struct worker *w, word_t code, word_t phase);

/* It received a message with tag `tag` (flags ignored) whose words are pattern(seed, i), from
 * `from`, and no other message register was touched. */
void check_ipc_received(const struct worker *w, word_t tag, L4_ThreadId_t from, word_t seed);

/* It received the notification `bits`. */
void check_ipc_notified(const struct worker *w, word_t bits);

/* It only sent: the result is the nil tag. */
void check_ipc_sent(const struct worker *w);

/* It is blocked, in this scheduling state. */
void check_blocked(const struct worker *w, word_t state);

/* End the IPC that w is in by ExchangeRegisters, and check that it says so. */
void abort_ipc(struct worker *w, word_t phase);

#endif
