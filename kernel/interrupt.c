/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * interrupt.c - device interrupts as messages.
 *
 * An interrupt line with a handler has a thread object, made when a handler is associated:
 * TS_IRQ_IDLE while the line is unmasked, queued for its handler, or waiting for the
 * handler's answer with the line masked. `partner` is the handler's id in all three.
 */
#include <kernel/kernel.h>

/* As request, whatever the line and its handler do. Where that is being deleted, `t` is halted
 * until it is detached. */
static __attribute__((noinline)) struct glue_ctx *request_general(struct tcb *t)
{
	struct tcb *woken = NULL;

	if (likely(t->g.state == TS_IRQ_IDLE))
		woken = ipc_kernel_call(t, t->g.partner, CONT_IRQ);
	return woken ? sched_woken(woken) : sched_continue();
}

/* Line `line` has asked for service. Most often its handler waits for that, and nothing is special
 * about it: no other thread can have the slot of the id, or the line would have none. */
static inline struct glue_ctx *request(word_t line)
{
	struct tcb *t = tid_at(line), *handler = tid_at(tid_number(t->g.partner));
	word_t id = tid_make(line, ABI_IRQ_VERSION);

	if (unlikely(handler->g.accepts != id && handler->g.accepts != (word_t)ABI_ANYTHREAD))
		return request_general(t);
	ASSERT(t->g.state == TS_IRQ_IDLE && t->g.cont == CONT_IRQ);
	ASSERT(handler->g.id == t->g.partner && handler->g.waited);
	glue_ipc_ret(&handler->g.ctx, fault_tag(ABI_PROTO_INTERRUPT, 0, 0), id);
	ipc_ready(handler);
	t->g.state = TS_RECEIVING;
	return sched_woken(handler);
}

struct glue_ctx *k_interrupt(struct glue_ctx *c)
{
	int line = glue_irq_claim();

	if (likely(line >= 0))
		c = request((word_t)line);
	else
		c = line == GLUE_IRQ_TIMER ? sched_tick() : sched_continue();
	debug_check();
	return c;
}

/* Only lines that can be given to user level have a thread. */
static inline void set_mask(const struct tcb *t, bool masked)
{
	glue_irq_mask(tid_number(t->g.id), masked);
}

void irq_ack(struct tcb *t)
{
	t->g.state = TS_IRQ_IDLE;
	set_mask(t, false);
}

void irq_detach(struct tcb *t)
{
	if (t->g.state == TS_SENDING && t->peer)
		sendq_remove(t);
	t->g.partner = ABI_NILTHREAD;
	t->g.flags &= ~T_HALTED;
	t->g.state = TS_IRQ_IDLE;
	set_mask(t, true);
}

unsigned irq_send(struct tcb *t, struct tcb *irq)
{
	if (irq->g.partner != t->g.id)
		return ABI_IPC_NON_EXIST;
	if (irq->g.state == TS_RECEIVING)
		irq_ack(irq);
	return ABI_OK;
}

/* Line `t` gets another handler, or none: the one it has need not wait for it any longer. */
static void release_handler(struct tcb *t)
{
	struct tcb *h = tid_find(t->g.partner);

	if (h && h->g.state == TS_RECEIVING && h->g.partner == t->g.id) {
		ipc_cancel(h, ABI_IPC_NON_EXIST, false);
		sched_wake(h);
	}
	irq_detach(t);
}

unsigned irq_associate(word_t id, word_t handler)
{
	struct tcb *t = tid_find(id), *h = tid_find(handler);

	if (handler == id) {
		if (t) {
			release_handler(t);
			thread_free(t, id);
		}
		return ABI_OK;
	}
	if (!h || !h->g.utcb)
		return ABI_ERR_THREAD;
	if (!t) {
		if (!thread_possible())
			return ABI_ERR_NO_MEM;
		t = thread_create(id, NULL, ABI_NILTHREAD);
		t->g.prio = PRIO_MAX;
	} else if (t->g.partner != handler) {
		release_handler(t);
	} else {
		irq_detach(t);
	}
	t->g.partner = handler;
	t->g.cont = CONT_IRQ;
	h->g.waited = 1;
	irq_ack(t);
	return ABI_OK;
}
