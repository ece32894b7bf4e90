/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ipc.c - synchronous IPC: the state machine, and the plain path through it.
 *
 * The plain path comes first, in k_ipc or, where a port has it in assembler, before it: the
 * partner waits, the receive phase finds nothing pending. `accepts` of the partner, `status` of
 * the sender and `barrier` of the CPU fold nearly every reason against it. Everything else goes
 * through ipc_general, with the same effect where both could do it.
 */
#include <kernel/kernel.h>

/* Everything off the plain path is compiled for size. */
#define GENERAL __attribute__((cold))

#define IPC_BLOCKED ~0u /* send(): the sender is in a queue now */

void ipc_fail(struct tcb *t, unsigned code, unsigned phase)
{
	t->g.utcb->error = ABI_IPC_ERROR(code, phase);
	glue_ipc_ret(&t->g.ctx, ABI_TAG_ERROR, ABI_NILTHREAD);
}

void ipc_update_accepts(struct tcb *t)
{
	bool plain = t->g.state == TS_RECEIVING && t->g.cont == CONT_IPC &&
		     !(t->g.flags & (T_HALTED | T_NOSYNC | T_QUANTUM));

	t->g.accepts = plain ? t->g.partner : (word_t)ABI_NILTHREAD;
}

static inline word_t acceptor(const struct tcb *t)
{
	return *(volatile const word_t *)&t->g.utcb->acceptor;
}

void ipc_wait(struct tcb *t, word_t partner, enum thread_cont cont)
{
	t->g.state = TS_RECEIVING;
	t->g.partner = partner;
	t->g.cont = cont;
	t->g.flags &= ~T_NOSYNC;
	if (cont == CONT_IPC && acceptor(t) & ABI_ACCEPT_NOSYNC)
		t->g.flags |= T_NOSYNC;
	ipc_update_accepts(t);
}

bool ipc_receptive(const struct tcb *t, word_t sender, bool plain)
{
	return t->g.state == TS_RECEIVING &&
	       (t->g.partner == sender || t->g.partner == (word_t)ABI_ANYTHREAD) &&
	       (plain || t->g.cont == CONT_IPC);
}

/* The message of a plain send, into the UTCB of a thread in an IPC system call. */
static inline void deliver_words(struct tcb *from, struct tcb *to, word_t tag)
{
	unsigned words = tag & ABI_TAG_U_MASK;

	if (words)
		glue_copy_words(&to->g.utcb->mr[1], &from->g.utcb->mr[1], words);
	glue_ipc_ret(&to->g.ctx, tag & ~(word_t)ABI_TAG_FLAGS, from->g.id);
}

/* What a plain message means to a thread for which the kernel waits. */
GENERAL static void deliver_answer(struct tcb *from, struct tcb *to, word_t tag)
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

GENERAL void ipc_deliver(struct tcb *from, struct tcb *to, word_t tag)
{
	if (from->g.cont != CONT_IPC) {
		tag = fault_message(from, to->g.utcb->mr);
		glue_ipc_ret(&to->g.ctx, tag, from->g.id);
	} else if (to->g.cont != CONT_IPC) {
		deliver_answer(from, to, tag);
	} else {
		deliver_words(from, to, tag);
	}
	to->g.state = TS_READY;
	to->g.cont = CONT_IPC;
	to->g.accepts = ABI_NILTHREAD;
}

GENERAL void ipc_cancel(struct tcb *t, unsigned code, bool halt)
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

GENERAL struct tcb *ipc_kernel_call(struct tcb *t, word_t to, enum thread_cont cont)
{
	struct tcb *dest = tid_find(to);

	if (!dest || dest == t || !dest->g.space) {
		t->g.flags |= T_HALTED;
		return NULL;
	}
	if (!ipc_receptive(dest, t->g.id, false)) {
		t->g.cont = cont;
		t->g.state = TS_SENDING;
		t->g.partner = to;
		sendq_add(dest, t);
		return NULL;
	}
	t->g.cont = cont;
	ipc_deliver(t, dest, 0);
	ipc_wait(t, to, cont);
	dest->g.waited = 1;
	return dest;
}

/* Take the message of `s`, which is queued for `t`, in t's receive phase. */
GENERAL static void take(struct tcb *t, struct tcb *s)
{
	sendq_remove(s);
	if (s->g.cont != CONT_IPC) {
		word_t partner = t->g.id;

		ipc_deliver(s, t, 0);
		ipc_wait(s, partner, s->g.cont);
		t->g.waited = 1;
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
		ipc_wait(s, s->g.partner, CONT_IPC);
		t->g.waited = 1;
	} else {
		/* What is pending for s may set free a further thread, and so on: each does
		 * its own receive phase when its turn comes. */
		s->g.flags |= T_RECEIVE;
		sched_wake(s);
	}
}

/* Receive from just one thread. True: something was received, or it is an error. */
GENERAL static bool receive_closed(struct tcb *t, word_t from, word_t tag)
{
	struct tcb *p = tid_find(from);

	if (!p || (!p->g.space && p->g.partner != t->g.id)) {
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

GENERAL static bool receive_open(struct tcb *t, word_t tag)
{
	struct tcb *s = sendq_first(t);
	word_t bits;

	if (s) {
		take(t, s);
		return true;
	}
	bits = acceptor(t) & ABI_ACCEPT_NOTIFY ? notify_pending(t) : 0;
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

GENERAL bool ipc_receive(struct tcb *t, word_t from, word_t tag)
{
	if (from == (word_t)ABI_WAITNOTIFY)
		return notify_receive(t, tag);
	if (from == (word_t)ABI_ANYTHREAD ? receive_open(t, tag) : receive_closed(t, from, tag))
		return false;
	ipc_wait(t, from, CONT_IPC);
	return true;
}

GENERAL bool ipc_receive_due(struct tcb *t)
{
	t->g.flags &= ~T_RECEIVE;
	return ipc_receive(t, t->g.partner, t->tag);
}

/* Send phase to a thread that exists. 0, an error code, or IPC_BLOCKED. */
GENERAL static unsigned send(struct tcb *cur, struct tcb *dest, word_t from, word_t tag,
			     struct tcb **woken)
{
	if (ipc_receptive(dest, cur->g.id, true)) {
		if (dest->g.flags & T_NOSYNC && dest->g.cont == CONT_IPC)
			return ABI_IPC_NOT_ACCEPTED;
		if (tag & ABI_TAG_RESERVED) {
			if (dest->g.cont == CONT_IPC) {
				ipc_cancel(dest, ABI_IPC_MSG_OVERFLOW, false);
				sched_wake(dest);
			}
			return ABI_IPC_MSG_OVERFLOW;
		}
		ipc_deliver(cur, dest, tag);
		*woken = dest;
		return ABI_OK;
	}
	if (!(tag & ABI_TAG_SBLOCK))
		return ABI_IPC_NO_PARTNER;
	if (dest == cur)
		return ABI_IPC_NON_EXIST;
	if (dest->g.utcb && acceptor(dest) & ABI_ACCEPT_NOSYNC)
		return ABI_IPC_NOT_ACCEPTED;
	cur->g.state = TS_SENDING;
	cur->g.cont = CONT_IPC;
	cur->g.partner = from;
	cur->tag = tag;
	sendq_add(dest, cur);
	return IPC_BLOCKED;
}

GENERAL static __attribute__((noinline)) struct glue_ctx *ipc_general(struct tcb *cur, word_t to,
								      word_t from, word_t tag)
{
	struct tcb *woken = NULL;
	unsigned code = ABI_OK;

	if (to != ABI_NILTHREAD) {
		struct tcb *dest = tid_find(to);

		if (!dest)
			code = ABI_IPC_NON_EXIST;
		else if (tag & ABI_TAG_NOTIFY)
			code = notify_send(dest, *(volatile word_t *)&cur->g.utcb->mr[1], &woken);
		else if (!dest->g.space)
			code = irq_send(cur, dest);
		else
			code = send(cur, dest, from, tag, &woken);
	}
	if (code == IPC_BLOCKED)
		return sched_block();
	if (code != ABI_OK) {
		ipc_fail(cur, code, ABI_IPC_SEND_PHASE);
		return sched_continue();
	}
	if (from == ABI_NILTHREAD)
		glue_ipc_ret(&cur->g.ctx, 0, ABI_NILTHREAD);
	else if (ipc_receive(cur, from, tag))
		return woken ? sched_handoff(woken) : sched_block();
	return woken ? sched_woken(woken) : sched_continue();
}

#if !FASTPATH /* of the port: it makes the same tests, and leaves to k_ipc what fails one */
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
		return ipc_general(cur, to, from, tag);

	/* Nothing can be pending for the receive phase, so it blocks. */
	accept = acceptor(cur);
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

#else
#define ipc_plain ipc_general
#endif

struct glue_ctx *k_ipc(struct glue_ctx *c, word_t to, word_t from, word_t tag)
{
	c = ipc_plain(tcb_of_ctx(c), to, from, tag);
	debug_check();
	return c;
}
