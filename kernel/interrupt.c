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

/* The line of interrupt thread `t` has asked for service. */
static inline struct glue_ctx *request(struct tcb *t)
{
	struct tcb *handler = tid_perhaps(t->g.partner);

	if (unlikely(t->g.state != TS_IRQ_IDLE || handler->g.id != t->g.partner ||
		     !handler->g.space))
		return sched_continue();
	if (unlikely(!ipc_takes(handler, t))) {
		ipc_kernel_call(t, t->g.partner, CONT_IRQ);
		return sched_continue();
	}
	glue_ipc_ret(&handler->g.ctx, fault_tag(ABI_PROTO_INTERRUPT, 0, 0), t->g.id);
	ipc_ready(handler);
	handler->g.waited = 1;
	t->g.state = TS_RECEIVING;
	t->g.cont = CONT_IRQ;
	return sched_woken(handler);
}

struct glue_ctx *k_interrupt(struct glue_ctx *c)
{
	int line = glue_irq_claim();

	if (line == GLUE_IRQ_TIMER)
		c = sched_tick();
	else
		c = line >= 0 ? request(tid_at((word_t)line)) : sched_continue();
	debug_check();
	return c;
}

/* The line of interrupt thread `t`, which waits for nothing now. */
static void idle(struct tcb *t, bool masked)
{
	enum glue_err err;

	t->g.state = TS_IRQ_IDLE;
	err = glue_irq_mask(tid_number(t->g.id), masked);
	ASSERT(err == GLUE_OK); /* only lines that can be given to user level have a thread */
	(void)err;
}

void irq_ack(struct tcb *t)
{
	t->g.cont = CONT_IRQ;
	idle(t, false);
}

void irq_detach(struct tcb *t)
{
	if (t->g.state == TS_SENDING && t->peer)
		sendq_remove(t);
	t->g.partner = ABI_NILTHREAD;
	t->g.flags &= ~T_HALTED;
	idle(t, true);
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
	word_t line = tid_number(id);
	struct tcb *t = tid_find(id), *h = tid_find(handler);

	if (handler == id) {
		if (t) {
			release_handler(t);
			tid_put(line, &k_dummy);
			thread_free(t);
		}
		return ABI_OK;
	}
	if (!h || !h->g.utcb)
		return ABI_ERR_THREAD;
	if (!t) {
		t = thread_create(id, NULL, ABI_NILTHREAD);
		if (!t)
			return ABI_ERR_NO_MEM;
		t->g.prio = PRIO_MAX;
	} else if (t->g.partner != handler) {
		release_handler(t);
	} else {
		irq_detach(t);
	}
	t->g.partner = handler;
	h->g.waited = 1;
	irq_ack(t);
	return ABI_OK;
}
