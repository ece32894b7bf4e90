/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * notify.c - asynchronous notification: bits in the receiver's UTCB, no data, no blocking.
 *
 * Mask and bits are words of the UTCB, which user level may write: they say only what its
 * own thread receives.
 */
#include <kernel/kernel.h>

bool notify_deliver(struct tcb *t, word_t bits)
{
	volatile struct abi_utcb *utcb = t->g.utcb;

	utcb->notify_bits &= ~bits;
	utcb->mr[1] = bits;
	glue_ipc_ret(&t->g.ctx, 1, ABI_NILTHREAD);
	t->g.state = TS_READY;
	t->g.accepts = ABI_NILTHREAD;
	return false;
}

/* No volatile here: whatever these words are when they are read, and however often, nothing of the
 * kernel's depends on them, and nobody can change them while it runs. */
NOINLINE struct glue_ctx *notify_send(struct tcb *cur, struct tcb *to)
{
	struct abi_utcb *utcb = to->g.utcb;
	word_t bits, due;

	if (unlikely(!utcb || !(utcb->acceptor & ABI_ACCEPT_NOTIFY)))
		return ipc_not_sent(cur, ABI_IPC_NOT_ACCEPTED);
	bits = utcb->notify_bits | cur->g.utcb->mr[1];
	due = bits & utcb->notify_mask;
	/* For the kernel's messages no thread waits openly. */
	if (!due || (to->g.state != TS_WAIT_NOTIFY &&
		     (to->g.state != TS_RECEIVING || to->g.partner != (word_t)ABI_ANYTHREAD))) {
		utcb->notify_bits = bits;
		return ipc_rest(cur);
	}
	utcb->notify_bits = bits ^ due;
	utcb->mr[1] = due;
	glue_ipc_ret(&to->g.ctx, 1, ABI_NILTHREAD);
	to->g.state = TS_READY;
	to->g.accepts = ABI_NILTHREAD;
	return ipc_sent(cur, to);
}

bool notify_receive(struct tcb *t)
{
	word_t bits = notify_pending(t);
	unsigned code;

	if (bits)
		return notify_deliver(t, bits);
	if (!(ipc_acceptor(t) & ABI_ACCEPT_NOTIFY)) {
		code = ABI_IPC_NOT_ACCEPTED;
	} else if (!(t->g.tag & ABI_TAG_RBLOCK)) {
		code = ABI_IPC_NO_PARTNER;
	} else {
		t->g.state = TS_WAIT_NOTIFY;
		return true;
	}
	ipc_fail(t, code, ABI_IPC_RECV_PHASE);
	return false;
}
