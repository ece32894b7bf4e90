/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * notify.c - asynchronous notification: bits in the receiver's UTCB, no data, no blocking.
 *
 * Mask and bits are words of the UTCB, which user level may write: they say only what its
 * own thread receives.
 */
#include <kernel/kernel.h>

word_t notify_pending(const struct tcb *t)
{
	volatile const struct abi_utcb *utcb = t->g.utcb;

	return utcb->notify_bits & utcb->notify_mask;
}

void notify_deliver(struct tcb *t, word_t bits)
{
	volatile struct abi_utcb *utcb = t->g.utcb;

	utcb->notify_bits &= ~bits;
	utcb->mr[1] = bits;
	glue_ipc_ret(&t->g.ctx, 1, ABI_NILTHREAD);
	t->g.state = TS_READY;
	t->g.accepts = ABI_NILTHREAD;
}

unsigned notify_send(struct tcb *to, word_t mask, struct tcb **woken)
{
	volatile struct abi_utcb *utcb = to->g.utcb;
	word_t bits, due;

	if (unlikely(!utcb || !(utcb->acceptor & ABI_ACCEPT_NOTIFY)))
		return ABI_IPC_NOT_ACCEPTED;
	bits = utcb->notify_bits | mask;
	due = bits & utcb->notify_mask;
	if (due && to->g.cont == CONT_IPC &&
	    (to->g.state == TS_WAIT_NOTIFY ||
	     (to->g.state == TS_RECEIVING && to->g.partner == (word_t)ABI_ANYTHREAD))) {
		bits &= ~due;
		utcb->mr[1] = due;
		glue_ipc_ret(&to->g.ctx, 1, ABI_NILTHREAD);
		to->g.state = TS_READY;
		to->g.accepts = ABI_NILTHREAD;
		*woken = to;
	}
	utcb->notify_bits = bits;
	return ABI_OK;
}

bool notify_receive(struct tcb *t, word_t tag)
{
	word_t bits = notify_pending(t);

	if (bits) {
		notify_deliver(t, bits);
		return false;
	}
	if (!(*(volatile word_t *)&t->g.utcb->acceptor & ABI_ACCEPT_NOTIFY)) {
		ipc_fail(t, ABI_IPC_NOT_ACCEPTED, ABI_IPC_RECV_PHASE);
		return false;
	}
	if (!(tag & ABI_TAG_RBLOCK)) {
		ipc_fail(t, ABI_IPC_NO_PARTNER, ABI_IPC_RECV_PHASE);
		return false;
	}
	t->g.state = TS_WAIT_NOTIFY;
	t->g.accepts = ABI_NILTHREAD;
	return true;
}
