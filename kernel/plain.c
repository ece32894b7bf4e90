/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * plain.c - the IPC system call, and the plain path through it, compiled for speed.
 *
 * The plain path comes first, here or, where a port has it in assembler, before k_ipc: the
 * partner waits, the receive phase finds nothing pending. `accepts` of the partner, `status` of
 * the sender and `barrier` of the CPU fold nearly every reason against it. Everything else goes
 * through ipc_general, with the same effect where both could do it.
 */
#include <kernel/kernel.h>

/* A function of its own, with the same arguments, so that k_ipc has no registers to save. */
static __attribute__((noipa)) struct glue_ctx *receive_only(struct tcb *cur, word_t to, word_t from,
							    word_t tag)
{
	(void)to;
	return ipc_receive(cur, from, tag) ? sched_block() : sched_continue();
}

/* What isn't plain. What sends nothing needs no more than a receive phase, or not even that. */
static inline __attribute__((always_inline)) struct glue_ctx *ipc_other(struct tcb *cur, word_t to,
									word_t from, word_t tag)
{
	if (to != ABI_NILTHREAD)
		return ipc_general(cur, to, from, tag);
	if (from != ABI_NILTHREAD)
		return receive_only(cur, to, from, tag);
	glue_ipc_ret(&cur->g.ctx, 0, ABI_NILTHREAD);
	return &cur->g.ctx;
}

#if FASTPATH /* of the port: it makes the tests below, and leaves to k_ipc what fails one */
#define ipc_plain ipc_other
#else
/* The partner takes the message and runs; `cur` waits for `from`. No call before the last, so
 * that no register has to be saved for it. */
static inline __attribute__((always_inline)) struct glue_ctx *
plain_commit(struct tcb *cur, struct tcb *dest, word_t from, word_t tag)
{
	glue_ipc_ret(&dest->g.ctx, tag & ~(word_t)ABI_TAG_FLAGS, cur->g.id);
	dest->g.state = TS_READY;
	dest->g.accepts = ABI_NILTHREAD;
	dest->g.waited = 1;
	cur->g.state = TS_RECEIVING;
	cur->g.partner = from;
	cur->g.accepts = from;
	return sched_plain(dest);
}

static __attribute__((noinline)) struct glue_ctx *
plain_commit_words(struct tcb *cur, struct tcb *dest, word_t from, word_t tag)
{
	glue_copy_words(&dest->g.utcb->mr[1], &cur->g.utcb->mr[1], tag & ABI_TAG_U_MASK);
	return plain_commit(cur, dest, from, tag);
}

/* The tests are those of glue/fastpath.h, which a port's own fast path makes as well. */
static inline __attribute__((always_inline)) struct glue_ctx *ipc_plain(struct tcb *cur, word_t to,
									word_t from, word_t tag)
{
	struct tcb *dest = tid_slot_fast(to);
	word_t accept;

	/* The partner is there, waits for us, and a receive phase follows. */
	if (unlikely(dest->g.id != to ||
		     (dest->g.accepts != cur->g.id && dest->g.accepts != (word_t)ABI_ANYTHREAD) ||
		     (tag & (ABI_TAG_NOTIFY | ABI_TAG_RESERVED | ABI_TAG_RBLOCK)) !=
			 ABI_TAG_RBLOCK))
		return ipc_other(cur, to, from, tag);

	/* Nothing can be pending for the receive phase, so it blocks. */
	accept = ipc_acceptor(cur);
	if (from != to && unlikely(from != (word_t)ABI_ANYTHREAD || cur->g.sendq ||
				   (accept & ABI_ACCEPT_NOTIFY && notify_pending(cur))))
		return ipc_general(cur, to, from, tag);
	if (unlikely(accept & ABI_ACCEPT_NOSYNC || cur->g.status ||
		     dest->g.prio < this_cpu()->g.barrier))
		return ipc_general(cur, to, from, tag);

	/* Point of no return. */
	if (tag & ABI_TAG_U_MASK)
		return plain_commit_words(cur, dest, from, tag);
	return plain_commit(cur, dest, from, tag);
}
#endif

struct glue_ctx *k_ipc(struct glue_ctx *c, word_t to, word_t from, word_t tag)
{
	c = ipc_plain(tcb_of_ctx(c), to, from, tag);
	debug_check();
	return c;
}
