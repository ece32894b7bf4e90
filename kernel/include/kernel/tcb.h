/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * tcb.h - the thread control block, thread ids, and the state of a CPU.
 *
 * A blocked thread is data: `state` says what it waits for, `cont` what is to be done with
 * the answer. Nothing of it is on a kernel stack, so deleting or aborting is a data
 * operation.
 */
#ifndef KERNEL_TCB_H
#define KERNEL_TCB_H

#include <config.h>
#include <glue/glue.h>
#include <l4/abi/const.h>
#include <l4/abi/kip.h>

#define likely(x)     __builtin_expect(!!(x), 1)
#define unlikely(x)   __builtin_expect(!!(x), 0)
#define NOINLINE      __attribute__((noinline))
#define ALWAYS_INLINE inline __attribute__((always_inline))

enum thread_state {
	/* Known to the fast path, see glue/fastpath.h. Running, or in the ready queue, or (flag
	 * T_HALTED) neither; and waiting for `partner`, an id or anythread. */
	TS_READY = GLUE_STATE_READY,
	TS_RECEIVING = GLUE_STATE_RECEIVING,

	TS_INACTIVE,                             /* created, not activated */
	TS_SENDING,                              /* in the send queue of `peer` */
	TS_WAIT_NOTIFY = GLUE_STATE_WAIT_NOTIFY, /* a path may know it, too */
	TS_IRQ_IDLE, /* interrupt thread: its line is unmasked, or it has no handler */
	TS_DYING     /* being deleted: `partner` is the id it had, none leads here now */
};

/* What to do when a blocked thread's message exchange completes. */
enum thread_cont {
	CONT_IPC, /* 0: finish the IPC system call it is in */

	/* Whatever the message says. */
	CONT_PAGEFAULT = GLUE_CONT_PAGEFAULT, /* retry the access */
	CONT_QUANTUM,                         /* run again */
	CONT_NO_ANSWER = CONT_QUANTUM,

	CONT_START,     /* load IP and SP from the message */
	CONT_EXCEPTION, /* load the registers from the message */
	CONT_IRQ        /* unmask the line */
};

#define T_HALTED  0x01 /* executes no user instruction */
#define T_QUANTUM 0x02 /* has a finite total quantum */
#define T_NOSYNC  0x04 /* in its last wait it took no synchronous IPC */
#define T_QUEUED  0x08 /* is in the ready queue */
#define T_RECEIVE                                                                                  \
	0x10 /* TS_READY, but first the receive phase of its IPC is due, when it is                \
	      * scheduled: `partner`, `tag` say which */

#define T_REST                                                                                     \
	0x20 /* in the ready queue because it was preempted: `slice_left` is what it has           \
	      * left of its slice; others have a whole one to come */

#define T_LENT 0x40 /* is `front`, preempted by a thread that runs on in its slice */

_Static_assert(GLUE_FLAGS_LENT == (T_QUEUED | T_LENT), "glue/fastpath.h");

#define SLICE_INFINITE 0 /* of a length in ticks, as an argument: never ends */

/* A length in ticks that never ends, and the time when it does: a deadline at or behind it is not
 * asked for. Sums with the time as it is don't overflow. */
#define TICKS_FOREVER ((uint64_t)1 << 62)
#define TIME_NEVER    TICKS_FOREVER

#define NO_UTCB ~(word_t)0

struct space;

struct tcb {
	struct glue_thread g; /* must be first: the port finds the context there */

	/* Links of the one queue the thread is in: the ready queue of its priority, or the
	 * send queue of `peer`. Rings; group links the heads of a send queue's rings. */
	struct tcb *next, *prev, *group;
	struct tcb *peer; /* TS_SENDING: the receiver */

	bool privileged; /* is in the root task's space */
	uint8_t
	    fault_access; /* CONT_PAGEFAULT: R, W or X; CONT_EXCEPTION: whether of a system call */

	word_t fault[2]; /* page fault: address; exception: number, code */

	word_t scheduler;    /* id */
	word_t utcb_va;      /* user address of the UTCB, or NO_UTCB */
	uint64_t slice;      /* length in ticks */
	uint64_t slice_left; /* if T_REST; signed: a preempted thread may be behind its end */
	uint64_t quantum;    /* total quantum left in ticks, if T_QUANTUM */

	struct glue_fpu *fpu; /* NULL until the first use */
	word_t progress[2];   /* of a system call that was cut; [0] is 0: of none */
};

struct cpu {
	struct glue_cpu g;      /* must be first */
	struct tcb *fpu_owner;  /* whose values are in the FPU */
	uint64_t slice_end;     /* of the running slice */
	uint64_t quantum_end;   /* of the running thread's quantum */
	uint64_t armed;         /* what the timer is set to */
	word_t ring_top;        /* the highest priority in the rings; 0 also where there is none */
	uint32_t ready_summary; /* bit i: ready_map[i] is not 0 */
	uint32_t ready_map[8];  /* bit: the ring of that priority is not empty */
	struct tcb *ready[256];
};

/* g.front is a preempted thread that is before all in the rings; it is put there with its slice
 * lent. g.barrier has the highest priority in the ready queue, one more while that lends its slice,
 * 0 also where the queue is empty, and above it the reasons for which the plain path must not
 * switch. */
#define SPECIAL_FPU     0x100 /* the running thread has the FPU on */
#define SPECIAL_QUANTUM 0x200 /* the running thread's quantum is finite */

extern struct cpu k_cpus[CONFIG_CPUS];

static inline struct cpu *this_cpu(void)
{
	return &k_cpus[glue_cpu_id()];
}

static inline struct tcb *front_of(const struct cpu *cpu)
{
	return (struct tcb *)cpu->g.front;
}

static inline struct tcb *tcb_of_ctx(struct glue_ctx *c)
{
	return (struct tcb *)c;
}

static inline struct tcb *current_tcb(void)
{
	return (struct tcb *)this_cpu()->g.current;
}

static inline struct space *space_of(const struct tcb *t)
{
	return (struct space *)t->g.space;
}

/* ---- thread ids (tid.c) ------------------------------------------------------------- */

extern struct tcb k_dummy; /* what empty slots point to: inactive, its id is nil */

/* First thread number that is not an interrupt line. */
static const word_t k_user_base = (GLUE_IRQS + 63) & ~63;

static inline word_t tid_number(word_t id)
{
	return id >> ABI_TID_VERSION_BITS;
}

static inline word_t tid_make(word_t number, word_t version)
{
	return number << ABI_TID_VERSION_BITS | version;
}

extern word_t k_tid_end; /* all slots from this one on have always been empty */

/* Number of slots that are used: all but at least one, see glue/fastpath.h. */
static inline word_t tid_slots(void)
{
	word_t there = (word_t)1 << GLUE_SLOTS_LOG2;

	return CONFIG_MAX_THREADS < there ? CONFIG_MAX_THREADS : there - 1;
}

/* The thread in slot `no` < tid_slots(), or the dummy; and putting one, or the dummy, there. */
static inline __attribute__((always_inline)) struct tcb *tid_at(word_t no)
{
	return (struct tcb *)this_cpu()->g.threads[no];
}

static inline void tid_put(word_t no, struct tcb *t)
{
	this_cpu()->g.threads[no] = &t->g;
}

/* The thread that the slot of `id` holds, whatever its version; never NULL. */
struct tcb *tid_slot(word_t id);

/* The thread with this id, or one with another: for where each instruction counts, and the caller
 * compares. Numbers behind the table find what is in one of its slots. */
static inline __attribute__((always_inline)) struct tcb *tid_perhaps(word_t id)
{
	return tid_at(tid_number(id) & (((word_t)1 << GLUE_SLOTS_LOG2) - 1));
}

/* The thread with exactly this id, or NULL: nil, any, stale and unknown ids have none. */
struct tcb *tid_find(word_t id);

/* The space of that thread, or NULL: there is none, or it is an interrupt thread. */
struct space *tid_space(word_t id);

/* Allocate the table. False: no memory. Once, from k_boot. */
bool tid_init(void) MUSTUSE;

/* True if `id` may name a new user thread: number in range, low version bits not all 0. */
bool tid_valid_user(word_t id);

/* True if `id` is an interrupt id: number below the lines, version 1. */
bool tid_is_irq(word_t id);

/* ---- thread objects (thread.c) ---------------------------------------------------------*/

/* True if there is memory for one more thread. */
bool thread_possible(void) MUSTUSE;

/* A new inactive thread in slot tid_number(id), in `sp` (NULL: an interrupt thread), without
 * UTCB. There is memory for it. */
struct tcb *thread_create(word_t id, struct space *sp, word_t scheduler);

/* Free the object of the thread with this id, that nothing refers to any more and that has no FPU
 * registers, and its slot. */
void thread_free(struct tcb *t, word_t id);

/* Delete user thread `t`, or (TS_DYING: its id is `partner` then) go on deleting it, and with the
 * last thread its space. False: cut by a pending interrupt, call again; never the running thread.
 */
bool thread_delete(struct tcb *t) MUSTUSE;

/* Let `t` execute no user instruction any more, or again. An IPC under way goes on. The caller
 * updates what it accepts, and ends in sched_block where t is the running thread. */
void thread_set_halted(struct tcb *t, bool halted);

#endif
