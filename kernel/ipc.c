/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ipc.c - synchronous IPC: the state machine.
 */
#include <kernel/kernel.h>

#define IPC_BLOCKED ~0u /* send(): the sender is in a queue now */

void ipc_fail(struct tcb *t, unsigned code, unsigned phase)
{
	t->g.utcb->error = ABI_IPC_ERROR(code, phase);
	glue_ipc_ret(&t->g.ctx, ABI_TAG_ERROR, ABI_NILTHREAD);
}

void ipc_update_accepts(struct tcb *t)
{
	bool plain = t->g.state == TS_RECEIVING && t->g.cont == CONT_IPC &&
		     !(t->g.flags & (T_HALTED | T_NOSYNC | T_QUANTUM)) && glue_ctx_plain(&t->g.ctx);

	t->g.accepts = plain ? t->g.partner : (word_t)ABI_NILTHREAD;
}

/* As wait_ipc; something is special about t. */
static __attribute__((noinline)) void wait_special(struct tcb *t, word_t accept)
{
	t->g.flags &= ~T_NOSYNC;
	if (accept & ABI_ACCEPT_NOSYNC)
		t->g.flags |= T_NOSYNC;
	ipc_update_accepts(t);
}

/* Block `t`, which is in the IPC system call, until `partner` (id or anythread) sends. */
static inline void wait_ipc(struct tcb *t, word_t partner)
{
	word_t accept = ipc_acceptor(t);

	ASSERT(t->g.cont == CONT_IPC);
	t->g.state = TS_RECEIVING;
	t->g.partner = partner;
	t->g.accepts = partner;
	if (unlikely(accept & ABI_ACCEPT_NOSYNC || t->g.flags || !glue_ctx_plain(&t->g.ctx)))
		wait_special(t, accept);
}

/* The message of a plain send, into the UTCB of a thread in an IPC system call. */
static __attribute__((noinline)) void deliver_words(struct tcb *from, struct tcb *to, word_t tag)
{
	unsigned words = tag & ABI_TAG_U_MASK;

	if (words)
		glue_copy_words(&to->g.utcb->mr[1], &from->g.utcb->mr[1], words);
	glue_ipc_ret(&to->g.ctx, tag & ~(word_t)ABI_TAG_FLAGS, from->g.id);
}

/* What a plain message means to a thread for which the kernel waits. */
static void deliver_answer(struct tcb *from, struct tcb *to, word_t tag)
{
	volatile const word_t *mr = from->g.utcb->mr;
	unsigned words = tag & ABI_TAG_U_MASK;

	switch (to->g.cont) {
	case CONT_START:
		if (words >= 1)
			glue_ctx_set(&to->g.ctx, GLUE_IP, mr[1]);
		if (words >= 2)
			glue_ctx_set(&to->g.ctx, GLUE_SP, mr[2]);
		break;
	case CONT_EXCEPTION:
		glue_exc_load(&to->g.ctx, &from->g.utcb->mr[1], words);
		break;
	default: /* a page fault is retried, a spent quantum over, whatever the answer */
		break;
	}
}

void ipc_cancel(struct tcb *t, unsigned code, bool halt)
{
	unsigned phase = t->g.state == TS_SENDING ? ABI_IPC_SEND_PHASE : ABI_IPC_RECV_PHASE;

	if (t->g.state == TS_SENDING)
		sendq_remove(t);
	if (t->g.cont == CONT_IRQ) {
		irq_detach(t);
		return;
	}
	t->g.flags &= ~T_RECEIVE;
	t->g.state = TS_READY;
	t->g.accepts = ABI_NILTHREAD;
	if (t->g.cont == CONT_IPC) {
		ipc_fail(t, code, phase);
	} else if (halt) {
		t->g.flags |= T_HALTED;
		thread_died(t, "the thread it waited for is gone");
	}
	t->g.cont = CONT_IPC;
}

struct tcb *ipc_kernel_call(struct tcb *t, word_t to, enum thread_cont cont)
{
	struct tcb *dest = tid_slot_fast(to);

	if (unlikely(dest->g.id != to || dest == t || !dest->g.space)) {
		t->g.flags |= T_HALTED;
		return NULL;
	}
	if (likely(ipc_takes(dest, t))) {
		glue_ipc_ret(&dest->g.ctx, fault_message(t, cont, dest->g.utcb->mr), t->g.id);
		ipc_ready(dest);
		dest->g.waited = 1;
		ipc_wait_answer(t, to, cont);
		return dest;
	}
	t->g.cont = cont;
	t->g.state = TS_SENDING;
	t->g.partner = to;
	sendq_add(dest, t);
	return NULL;
}

/* Take the message of `s`, which is queued for `t`, in t's receive phase. */
static void take(struct tcb *t, struct tcb *s)
{
	sendq_remove(s);
	if (s->g.cont != CONT_IPC) {
		t->g.state = TS_RECEIVING;
		t->g.partner = ABI_ANYTHREAD;
		ipc_kernel_call(s, t->g.id, s->g.cont);
		return;
	}
	if (unlikely(s->tag & ABI_TAG_RESERVED)) {
		ipc_fail(s, ABI_IPC_MSG_OVERFLOW, ABI_IPC_SEND_PHASE);
		ipc_fail(t, ABI_IPC_MSG_OVERFLOW, ABI_IPC_RECV_PHASE);
		sched_wake(s);
		return;
	}
	deliver_words(s, t, s->tag);
	if (s->g.partner == ABI_NILTHREAD) {
		glue_ipc_ret(&s->g.ctx, 0, ABI_NILTHREAD);
		sched_wake(s);
	} else if (s->g.partner == t->g.id && s->tag & ABI_TAG_RBLOCK) {
		/* A call, the usual case: nothing can be pending from t. */
		wait_ipc(s, s->g.partner);
		t->g.waited = 1;
	} else {
		/* What is pending for s may set free a further thread, and so on: each does
		 * its own receive phase when its turn comes. */
		s->g.flags |= T_RECEIVE;
		sched_wake(s);
	}
}

/* Receive from just one thread. True: something was received, or it is an error. */
static bool receive_closed(struct tcb *t, word_t from, word_t tag)
{
	struct tcb *p = tid_slot_fast(from);

	if (unlikely(p->g.id != from || (!p->g.space && p->g.partner != t->g.id))) {
		ipc_fail(t, ABI_IPC_NON_EXIST, ABI_IPC_RECV_PHASE);
		return true;
	}
	if (p->g.state == TS_SENDING && p->peer == t) {
		take(t, p);
		return true;
	}
	if (!(tag & ABI_TAG_RBLOCK)) {
		ipc_fail(t, ABI_IPC_NO_PARTNER, ABI_IPC_RECV_PHASE);
		return true;
	}
	p->g.waited = 1;
	if (p->g.cont == CONT_IRQ && p->g.state == TS_RECEIVING)
		irq_ack(p);
	return false;
}

static bool receive_open(struct tcb *t, word_t tag)
{
	struct tcb *s = sendq_first(t);
	word_t bits;

	if (s) {
		take(t, s);
		return true;
	}
	bits = ipc_acceptor(t) & ABI_ACCEPT_NOTIFY ? notify_pending(t) : 0;
	if (bits) {
		notify_deliver(t, bits);
		return true;
	}
	if (!(tag & ABI_TAG_RBLOCK)) {
		ipc_fail(t, ABI_IPC_NO_PARTNER, ABI_IPC_RECV_PHASE);
		return true;
	}
	return false;
}

bool ipc_receive(struct tcb *t, word_t from, word_t tag)
{
	if (from == (word_t)ABI_WAITNOTIFY)
		return notify_receive(t, tag);
	if (from == (word_t)ABI_ANYTHREAD ? receive_open(t, tag) : receive_closed(t, from, tag))
		return false;
	wait_ipc(t, from);
	return true;
}

bool ipc_receive_due(struct tcb *t)
{
	t->g.flags &= ~T_RECEIVE;
	return ipc_receive(t, t->g.partner, t->tag);
}

/* Send phase to a thread that waits for the message. 0, or an error code. */
static inline unsigned send_now(struct tcb *cur, struct tcb *dest, word_t tag, struct tcb **woken)
{
	if (dest->g.cont == CONT_IPC) {
		if (unlikely(dest->g.flags & T_NOSYNC))
			return ABI_IPC_NOT_ACCEPTED;
		if (unlikely(tag & ABI_TAG_RESERVED)) {
			ipc_cancel(dest, ABI_IPC_MSG_OVERFLOW, false);
			sched_wake(dest);
			return ABI_IPC_MSG_OVERFLOW;
		}
		deliver_words(cur, dest, tag);
	} else {
		if (unlikely(tag & ABI_TAG_RESERVED))
			return ABI_IPC_MSG_OVERFLOW;
		deliver_answer(cur, dest, tag);
	}
	ipc_ready(dest);
	*woken = dest;
	return ABI_OK;
}

/* Send phase to another thread. 0, an error code, or IPC_BLOCKED. */
static unsigned send_later(struct tcb *cur, struct tcb *dest, word_t from, word_t tag)
{
	if (!(tag & ABI_TAG_SBLOCK))
		return ABI_IPC_NO_PARTNER;
	if (dest == cur)
		return ABI_IPC_NON_EXIST;
	if (dest->g.utcb && ipc_acceptor(dest) & ABI_ACCEPT_NOSYNC)
		return ABI_IPC_NOT_ACCEPTED;
	cur->g.state = TS_SENDING;
	cur->g.partner = from;
	cur->tag = tag;
	sendq_add(dest, cur);
	return IPC_BLOCKED;
}

/* The send phase has failed, or has only begun. */
static __attribute__((noinline)) struct glue_ctx *not_sent(struct tcb *cur, unsigned code)
{
	if (code == IPC_BLOCKED)
		return sched_block();
	ipc_fail(cur, code, ABI_IPC_SEND_PHASE);
	return sched_continue();
}

struct glue_ctx *ipc_general(struct tcb *cur, word_t to, word_t from, word_t tag)
{
	struct tcb *dest = tid_slot_fast(to), *woken = NULL;
	unsigned code;

	if (unlikely(dest->g.id != to))
		code = ABI_IPC_NON_EXIST;
	else if (tag & ABI_TAG_NOTIFY)
		code = notify_send(dest, *(volatile word_t *)&cur->g.utcb->mr[1], &woken);
	else if (unlikely(!dest->g.space))
		code = irq_send(cur, dest);
	else if (ipc_receptive(dest, cur->g.id))
		code = send_now(cur, dest, tag, &woken);
	else
		code = send_later(cur, dest, from, tag);
	if (unlikely(code != ABI_OK))
		return not_sent(cur, code);
	if (from == ABI_NILTHREAD) {
		glue_ipc_ret(&cur->g.ctx, 0, ABI_NILTHREAD);
		return woken ? sched_woken(woken) : &cur->g.ctx;
	}
	if (ipc_receive(cur, from, tag))
		return woken ? sched_handoff(woken) : sched_block();
	return woken ? sched_woken(woken) : sched_continue();
}
