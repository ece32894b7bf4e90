/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * plain.c - the IPC system call, and the plain path through it, compiled for speed.
 *
 * The plain path comes first, here or, where a port has it in assembler, before k_ipc: the
 * partner waits, the receive phase finds nothing pending. `accepts` of the partner, `status` of
 * the sender and `barrier` of the CPU fold nearly every reason against it. Everything else goes
 * through ipc_known, with the same effect where both could do it.
 */
#include <kernel/kernel.h>

#if FASTPATH
#define IPC_OTHER inline __attribute__((always_inline))
#else
#define IPC_OTHER NOINLINE
#endif

/* What isn't plain: all of it that comes to k_ipc, or a function with the same arguments, so that
 * the plain path has no registers to save for it. */
static IPC_OTHER struct glue_ctx *ipc_other(struct tcb *cur, word_t to, word_t from, word_t tag)
{
	struct tcb *dest;

	if (to == ABI_NILTHREAD && from == ABI_NILTHREAD) {
		glue_ipc_ret(&cur->g.ctx, 0, ABI_NILTHREAD);
		return &cur->g.ctx;
	}
	cur->g.partner = from;
	cur->g.tag = tag;
	if (to == ABI_NILTHREAD)
		return ipc_receive_only(cur);
	dest = tid_perhaps(to);
	if (unlikely(dest->g.id != to))
		return ipc_not_sent(cur, ABI_IPC_NON_EXIST);
	return ipc_known(cur, dest);
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
	ipc_block(cur, from);
	return sched_plain(dest);
}

static __attribute__((noinline)) struct glue_ctx *
plain_commit_words(struct tcb *dest, struct tcb *cur, word_t from, word_t tag)
{
	glue_copy_words(&dest->g.utcb->mr[1], &cur->g.utcb->mr[1], tag & ABI_TAG_U_MASK);
	return plain_commit(cur, dest, from, tag);
}

/* The tests are those of glue/fastpath.h, which a port's own fast path makes as well. */
static inline __attribute__((always_inline)) struct glue_ctx *ipc_plain(struct tcb *cur, word_t to,
									word_t from, word_t tag)
{
	struct tcb *dest = tid_perhaps(to);

	/* The partner is there, waits for us, and a receive phase follows. */
	if (unlikely(dest->g.id != to ||
		     (dest->g.accepts != cur->g.id && dest->g.accepts != (word_t)ABI_ANYTHREAD) ||
		     (tag & (ABI_TAG_NOTIFY | ABI_TAG_RESERVED | ABI_TAG_RBLOCK)) !=
			 ABI_TAG_RBLOCK))
		return ipc_other(cur, to, from, tag);
	if (unlikely(!ipc_blocks(cur, to, from) || dest->g.prio < this_cpu()->g.barrier))
		return ipc_other(cur, to, from, tag);

	/* Point of no return. */
	if (tag & ABI_TAG_U_MASK)
		return plain_commit_words(dest, cur, from, tag);
	return plain_commit(cur, dest, from, tag);
}
#endif

struct glue_ctx *k_ipc(struct glue_ctx *c, word_t to, word_t from, word_t tag)
{
	c = ipc_plain(tcb_of_ctx(c), to, from, tag);
	debug_check();
	return c;
}
