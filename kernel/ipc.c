/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ipc.c - synchronous IPC: the state machine.
 */
#include <kernel/kernel.h>

NOINLINE void ipc_fail(struct tcb *t, unsigned code, unsigned phase)
{
	t->g.utcb->error = ABI_IPC_ERROR(code, phase);
	glue_ipc_ret(&t->g.ctx, ABI_TAG_ERROR, ABI_NILTHREAD);
}

void ipc_update_accepts(struct tcb *t)
{
	bool plain = t->g.state == TS_RECEIVING &&
		     !(t->g.flags & (T_HALTED | T_NOSYNC | T_QUANTUM)) && t->g.cont == CONT_IPC &&
		     glue_ctx_plain(&t->g.ctx);

	t->g.accepts = plain ? t->g.partner : (word_t)ABI_NILTHREAD;
}

/* Block `t`, which is in the IPC system call, until its `partner` (id or anythread) sends: true. */
static NOINLINE bool wait_ipc(struct tcb *t)
{
	word_t nosync = ipc_acceptor(t) & ABI_ACCEPT_NOSYNC;

	ASSERT(t->g.cont == CONT_IPC);
	t->g.state = TS_RECEIVING;
	t->g.accepts = t->g.partner;
	if (unlikely(nosync | t->g.flags || !glue_ctx_plain(&t->g.ctx))) {
		t->g.flags = (t->g.flags & ~T_NOSYNC) | nosync;
		if (t->g.flags || !glue_ctx_plain(&t->g.ctx))
			t->g.accepts = ABI_NILTHREAD;
	}
	return true;
}
_Static_assert(T_NOSYNC == ABI_ACCEPT_NOSYNC, "the flag is the bit");

/* The message of a plain send, to a thread in an IPC system call: its words, and the results. */
static void deliver_words(struct tcb *from, struct tcb *to)
{
	glue_copy_words(&to->g.utcb->mr[1], &from->g.utcb->mr[1], from->g.tag & ABI_TAG_U_MASK);
}

static inline void deliver_results(struct tcb *from, struct tcb *to)
{
	glue_ipc_ret(&to->g.ctx, from->g.tag & ~(word_t)ABI_TAG_FLAGS, from->g.id);
}

void ipc_cancel(struct tcb *t, unsigned code, bool halt)
{
	unsigned phase = ABI_IPC_RECV_PHASE;

	if (t->g.state == TS_SENDING) {
		sendq_remove(t);
		phase = ABI_IPC_SEND_PHASE;
	}
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
	struct tcb *dest = tid_perhaps(to);

	/* Mostly it accepts the message of any kind; else all is looked at. */
	if (unlikely(dest->g.id != to || !ipc_accepts(dest, t->g.id))) {
		if (dest->g.id != to || dest == t || !dest->g.space) {
			t->g.flags |= T_HALTED;
			return NULL;
		}
		if (!ipc_receptive(dest, t->g.id) || dest->g.cont != CONT_IPC) {
			t->g.cont = cont;
			t->g.partner = to;
			t->g.state = TS_SENDING;
			sendq_add(dest, t);
			return NULL;
		}
	}
	ipc_wait_answer(t, to, cont);
	glue_ipc_ret(&dest->g.ctx, fault_message(t, cont, dest->g.utcb->mr), t->g.id);
	ipc_ready(dest);
	dest->g.waited = 1;
	return dest;
}

/* Take the message of `s`, which is queued for `t`, in t's receive phase, which ends. */
static NOINLINE void take(struct tcb *t, struct tcb *s)
{
	sendq_remove(s);
	if (s->g.cont != CONT_IPC) {
		t->g.state = TS_RECEIVING;
		t->g.partner = ABI_ANYTHREAD;
		ipc_kernel_call(s, t->g.id, s->g.cont);
		return;
	}
	if (unlikely(s->g.tag & ABI_TAG_RESERVED)) {
		ipc_fail(s, ABI_IPC_MSG_OVERFLOW, ABI_IPC_SEND_PHASE);
		ipc_fail(t, ABI_IPC_MSG_OVERFLOW, ABI_IPC_RECV_PHASE);
		sched_wake(s);
		return;
	}
	deliver_results(s, t);
	if (s->g.tag & ABI_TAG_U_MASK)
		deliver_words(s, t);
	if (s->g.partner == t->g.id && s->g.tag & ABI_TAG_RBLOCK) {
		/* A call, the usual case: nothing can be pending from t. */
		t->g.waited = 1;
		wait_ipc(s);
		return;
	}
	if (s->g.partner == ABI_NILTHREAD)
		glue_ipc_ret(&s->g.ctx, 0, ABI_NILTHREAD);
	else
		/* What is pending for s may set free a further thread, and so on: each does
		 * its own receive phase when its turn comes. */
		s->g.flags |= T_RECEIVE;
	sched_wake(s);
}

/* The receive phase has failed. */
static inline bool not_received(struct tcb *t, unsigned code)
{
	ipc_fail(t, code, ABI_IPC_RECV_PHASE);
	return false;
}

static inline bool receive_open(struct tcb *t)
{
	struct tcb *s = sendq_first(t);
	word_t bits;

	if (s) {
		take(t, s);
		return false;
	}
	bits = ipc_acceptor(t) & ABI_ACCEPT_NOTIFY ? notify_pending(t) : 0;
	if (bits)
		return notify_deliver(t, bits);
	if (!(t->g.tag & ABI_TAG_RBLOCK))
		return not_received(t, ABI_IPC_NO_PARTNER);
	return wait_ipc(t);
}

/* From just one thread. */
static inline bool receive_closed(struct tcb *t, word_t from)
{
	struct tcb *p = tid_perhaps(from);

	if (unlikely(p->g.id != from || (!p->g.space && p->g.partner != t->g.id)))
		return not_received(t, ABI_IPC_NON_EXIST);
	if (p->g.state == TS_SENDING && p->peer == t) {
		take(t, p);
		return false;
	}
	if (!(t->g.tag & ABI_TAG_RBLOCK))
		return not_received(t, ABI_IPC_NO_PARTNER);
	p->g.waited = 1;
	if (!p->g.space && p->g.state == TS_RECEIVING)
		irq_ack(p);
	return wait_ipc(t);
}

bool ipc_receive(struct tcb *t)
{
	word_t from = t->g.partner;

	if (from == (word_t)ABI_WAITNOTIFY)
		return notify_receive(t);
	return from == (word_t)ABI_ANYTHREAD ? receive_open(t) : receive_closed(t, from);
}

/* ---- the system call -------------------------------------------------------------------------
 *
 * What it is about is in the thread's control block; one function leads to the next, with the
 * same arguments, and none comes back. So few registers are needed, and none to be saved. */

NOINLINE struct glue_ctx *ipc_receive_only(struct tcb *cur)
{
	return irq_receive(cur) || ipc_receive(cur) ? sched_block() : sched_continue();
}

NOINLINE struct glue_ctx *ipc_rest(struct tcb *cur)
{
	if (cur->g.partner != ABI_NILTHREAD)
		return ipc_receive_only(cur);
	glue_ipc_ret(&cur->g.ctx, 0, ABI_NILTHREAD);
	return &cur->g.ctx;
}

/* As ipc_sent; there may be something pending. */
static NOINLINE struct glue_ctx *sent_receive(struct tcb *cur, struct tcb *dest)
{
	return ipc_receive(cur) ? sched_handoff(dest) : sched_woken(dest);
}

NOINLINE struct glue_ctx *ipc_sent(struct tcb *cur, struct tcb *dest)
{
	word_t from = cur->g.partner;

	if (from == ABI_NILTHREAD) {
		glue_ipc_ret(&cur->g.ctx, 0, ABI_NILTHREAD);
		return sched_woken(dest);
	}
	if (unlikely(!(cur->g.tag & ABI_TAG_RBLOCK) || !ipc_blocks(cur, ABI_NILTHREAD, from)))
		return sent_receive(cur, dest);
	ipc_block(cur, from);
	return sched_handoff(dest);
}

NOINLINE struct glue_ctx *ipc_not_sent(struct tcb *cur, unsigned code)
{
	ipc_fail(cur, code, ABI_IPC_SEND_PHASE);
	return sched_continue();
}

/* `dest` waits for the message, but something is wrong with one of the two. */
static NOINLINE struct glue_ctx *send_refused(struct tcb *cur, struct tcb *dest)
{
	if (dest->g.cont == CONT_IPC) {
		if (dest->g.flags & T_NOSYNC)
			return ipc_not_sent(cur, ABI_IPC_NOT_ACCEPTED);
		ipc_cancel(dest, ABI_IPC_MSG_OVERFLOW, false);
		sched_wake(dest);
	}
	return ipc_not_sent(cur, ABI_IPC_MSG_OVERFLOW);
}

/* `dest` is in an IPC and waits for the message. */
static NOINLINE struct glue_ctx *send_words(struct tcb *cur, struct tcb *dest)
{
	deliver_words(cur, dest);
	return ipc_sent(cur, dest);
}

static NOINLINE struct glue_ctx *send(struct tcb *cur, struct tcb *dest)
{
	deliver_results(cur, dest);
	dest->g.state = TS_READY;
	dest->g.accepts = ABI_NILTHREAD;
	return cur->g.tag & ABI_TAG_U_MASK ? send_words(cur, dest) : ipc_sent(cur, dest);
}

/* The kernel waits in dest's name for the message, and what that says counts. */
static NOINLINE struct glue_ctx *answer(struct tcb *cur, struct tcb *dest)
{
	unsigned words = cur->g.tag & ABI_TAG_U_MASK;

	if (dest->g.cont == CONT_START && words > 2) /* no more than IP and SP */
		words = 2;
	dest->g.state = TS_READY;
	dest->g.cont = CONT_IPC;
	glue_exc_load(&dest->g.ctx, &cur->g.utcb->mr[1], words);
	return ipc_sent(cur, dest);
}

/* `dest` doesn't wait for the message. */
static NOINLINE struct glue_ctx *send_later(struct tcb *cur, struct tcb *dest)
{
	if (!(cur->g.tag & ABI_TAG_SBLOCK))
		return ipc_not_sent(cur, ABI_IPC_NO_PARTNER);
	if (dest == cur)
		return ipc_not_sent(cur, ABI_IPC_NON_EXIST);
	if (dest->g.utcb && ipc_acceptor(dest) & ABI_ACCEPT_NOSYNC)
		return ipc_not_sent(cur, ABI_IPC_NOT_ACCEPTED);
	cur->g.state = TS_SENDING;
	sendq_add(dest, cur);
	return sched_block();
}

static NOINLINE struct glue_ctx *send_irq(struct tcb *cur, struct tcb *irq)
{
	unsigned code = irq_send(cur, irq);

	return code == ABI_OK ? ipc_rest(cur) : ipc_not_sent(cur, code);
}

static ALWAYS_INLINE struct glue_ctx *ipc_general(struct tcb *cur, struct tcb *dest)
{
	if (cur->g.tag & ABI_TAG_NOTIFY)
		return notify_send(cur, dest);
	if (unlikely(!dest->g.space))
		return send_irq(cur, dest);
	if (!ipc_receptive(dest, cur->g.id))
		return send_later(cur, dest);
	if (unlikely(cur->g.tag & ABI_TAG_RESERVED))
		return send_refused(cur, dest);
	if (dest->g.cont == CONT_IPC)
		return unlikely(dest->g.flags & T_NOSYNC) ? send_refused(cur, dest)
							  : send(cur, dest);
	if (dest->g.cont > CONT_NO_ANSWER)
		return answer(cur, dest);
	dest->g.state = TS_READY;
	dest->g.cont = CONT_IPC;
	return ipc_sent(cur, dest);
}

/* An event, though mostly the end of k_ipc: one call less. */
NOINLINE struct glue_ctx *k_ipc_to(struct glue_ctx *c, struct glue_thread *dest)
{
	c = ipc_general(tcb_of_ctx(c), (struct tcb *)dest);
	debug_check();
	return c;
}
