/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * glue/fastpath.h - the part of the kernel's state that a port's hand-written IPC path may
 * read and write, and what that path has to do. The kernel's own structures begin with these,
 * so there is one truth, and the path needs no internal header.
 *
 * The path is entered on the IPC system call: thread `cur`, which is k_cpus[this].current,
 * sends to `to` with `tag`, then receives from `from`. It first looks, changing nothing,
 * whether all of this holds:
 *
 *   number of `to`, shifted right by ABI_TID_VERSION_BITS, is less than threads_max; with
 *   dest = threads[number]:
 *   dest->id == to
 *   dest->accepts == cur->id or dest->accepts == ABI_ANYTHREAD
 *   (tag & (ABI_TAG_NOTIFY | ABI_TAG_RESERVED | ABI_TAG_RBLOCK)) == ABI_TAG_RBLOCK
 *   cur->status == 0
 *   dest->prio >= barrier
 *   !(cur->utcb->acceptor & ABI_ACCEPT_NOSYNC)
 *   from == to, or from == ABI_ANYTHREAD and no sender waits (cur->sendq == NULL) and
 *   nothing is to be notified: !(acceptor & ABI_ACCEPT_NOTIFY) or
 *   !(cur->utcb->notify_bits & cur->utcb->notify_mask)
 *
 * If something doesn't, it calls k_ipc with nothing changed (it may have saved the user's
 * registers); or, if at least dest->id == to, and to isn't nilthread, it may put `from` into
 * cur->partner and the tag into cur->tag and call k_ipc_to. Otherwise it does exactly what k_ipc
 * would:
 *
 *   mr[1] ... mr[u] of cur's UTCB are copied to dest's (glue_copy_words), u = tag &
 *   ABI_TAG_U_MASK; dest's results are (tag & ~ABI_TAG_FLAGS, cur->id) (glue_ipc_ret)
 *   dest: state = GLUE_STATE_READY, accepts = ABI_NILTHREAD, waited = not 0; what is beside
 *   the state in `status` is 0 in a thread that accepts anything, so all of it may be written
 *   cur: state = GLUE_STATE_RECEIVING, partner = from, accepts = from
 *   current = dest, dest's space in force (glue_activate); dest is resumed
 *
 * The path may also take what answers a page fault. Then, instead of dest->accepts, it asks for
 *
 *   dest->status == GLUE_STATE_RECEIVING and GLUE_CONT_PAGEFAULT, nothing else
 *   dest->partner == cur->id
 *   from == ABI_ANYTHREAD; of the rest, what belongs to that
 *
 * and whatever the message says, dest gets neither words nor results: its status becomes 0, and it
 * goes on with all of its context (which needn't be that of a fault). For cur, and in all else,
 * nothing is different.
 *
 * It may also take a message behind which nothing is received, to a thread that then preempts
 * cur: from == ABI_NILTHREAD, and of the above what is said of dest, of NOTIFY and RESERVED, and of
 * cur->status; and
 *
 *   cur->prio >= barrier and dest->prio > cur->prio
 *   front == NULL
 *   !(cur->utcb->preempt_flags & ABI_PREEMPT_CALLBACK)
 *
 * Then the words, dest's results, state and accepts, current and the space are as above; waited and
 * what cur accepts stay. cur's results are (0, ABI_NILTHREAD); it is ready, before all others, and
 * its slice is lent:
 *
 *   cur->flags = GLUE_FLAGS_LENT, front = cur, barrier = cur->prio + 1
 *
 * And a notification that nobody waits for, or some of them:
 *
 *   dest->id == to; tag & ABI_TAG_NOTIFY; from == ABI_NILTHREAD
 *   dest->state == GLUE_STATE_READY, or GLUE_STATE_RECEIVING and dest->partner isn't ABI_ANYTHREAD
 *   dest->utcb is there, and has ABI_ACCEPT_NOTIFY in its acceptor
 *
 * mr[1] of cur's UTCB is added to the bits of dest's; cur's results are (0, ABI_NILTHREAD), and it
 * goes on. And one that dest waits for, and preempts cur at: all that is said of a message alone,
 * but
 *
 *   tag & ABI_TAG_NOTIFY
 *   dest->accepts == ABI_ANYTHREAD; or dest->status == GLUE_STATE_WAIT_NOTIFY, nothing else, and
 *   glue_ctx_plain(&dest->ctx)
 *   dest's acceptor has ABI_ACCEPT_NOTIFY
 *   due != 0, where due = (dest's notify_bits | mr[1] of cur's UTCB) & dest's notify_mask
 *
 * due is in dest's mr[1], and no more in its bits, to which the others are added; dest's results
 * are (1, ABI_NILTHREAD).
 *
 * The words of a UTCB are untrusted, and are read once. In debug kernels the path is the same, and
 * checks nothing; the next event that gets to the core finds what it left.
 * tests/bench/differential runs the same IPC with and without it.
 */
#ifndef GLUE_FASTPATH_H
#define GLUE_FASTPATH_H

#define GLUE_STATE_READY       0 /* running, or could run */
#define GLUE_STATE_RECEIVING   1
#define GLUE_STATE_WAIT_NOTIFY 4 /* waits for notification bits only */
#define GLUE_CONT_PAGEFAULT    1

#define GLUE_FLAGS_LENT 0x48 /* in the ready queue, with the slice lent that runs */

/* log2 of the number of slots of the table of threads, threads_max of which are used. It is
 * aligned to its size. */
#define GLUE_SLOTS_LOG2                                                                            \
	(CONFIG_MAX_THREADS <= 512    ? 9                                                          \
	 : CONFIG_MAX_THREADS <= 1024 ? 10                                                         \
	 : CONFIG_MAX_THREADS <= 2048 ? 11                                                         \
	 : CONFIG_MAX_THREADS <= 4096 ? 12                                                         \
				      : 13)

#ifndef __ASSEMBLER__
#include <glue/types.h>

struct abi_utcb;

/* First part of a thread's control block. */
struct glue_thread {
	struct glue_ctx ctx;
	word_t id;      /* global id; 0 in the dummy that fills empty slots */
	word_t accepts; /* whose plain IPC would be delivered at once: an id,
			 * ABI_ANYTHREAD, or ABI_NILTHREAD for nobody's */
	word_t prio;
	struct abi_utcb *utcb; /* kernel alias */
	struct glue_space *space;
	struct glue_thread *sendq; /* first sender waiting for this thread, or NULL */
	word_t partner;            /* receiving: from whom; sending, and in k_ipc_to:
				    * from-specifier of the receive phase that follows */
	word_t waited;             /* not 0: some thread may have waited for just this one since
				    * it was made */
	union {
		struct {
			uint8_t state; /* the three above, or one of the kernel's own */
			uint8_t cont;  /* what to do when its message comes; 0: an IPC,
					* or the one above, or one of the kernel's own */
			uint8_t flags;
			uint8_t unused;
		};
		uint32_t status; /* 0: runs, and nothing is special about it */
	};
	word_t tag; /* sending, and in k_ipc_to: the tag, with its flags */
};

/* First part of a CPU's state: of k_cpus[0], an array that assembler code knows by this name. */
struct glue_cpu {
	struct glue_thread *current;  /* NULL: idle */
	word_t barrier;               /* a partner of less priority must not be switched to: the
				       * highest priority in the ready queue, one more while its
				       * thread has lent its slice, or 0; above all
				       * priorities where something is to be done for the running
				       * thread when it is left (FPU on, finite quantum) */
	struct glue_thread **threads; /* by number; in all other slots, of which there is at least
				       * one behind the last number, a dummy with id 0 */
	word_t threads_max;
	struct glue_thread *front; /* ready, before all others that are; or NULL */
};
#endif
#endif
