/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ipc.h - what the parts of the IPC machinery know of one another.
 */
#ifndef KERNEL_IPC_H
#define KERNEL_IPC_H

#include <kernel/sched.h>

/* ---- send queues (sendq.c): by priority, FIFO within one ------------------------------ */

void sendq_add(struct tcb *receiver, struct tcb *sender);
void sendq_remove(struct tcb *sender);

static inline struct tcb *sendq_first(const struct tcb *receiver)
{
	return (struct tcb *)receiver->g.sendq;
}

/* ---- the state machine (ipc.c) ----------------------------------------------------------*/

/* The IPC system call of the running thread `cur` to `dest`, whose id is the one meant, whatever it
 * does; cur's `partner` and `tag` say the rest. */
static inline struct glue_ctx *ipc_known(struct tcb *cur, struct tcb *dest)
{
	return k_ipc_to(&cur->g.ctx, &dest->g);
}

/* Its receive phase; or if it has one. The send phase, if it has one, made nobody ready; or,
 * ipc_sent, it made `dest` ready (in no queue); or, ipc_not_sent, it failed. */
struct glue_ctx *ipc_receive_only(struct tcb *cur);
struct glue_ctx *ipc_rest(struct tcb *cur);
struct glue_ctx *ipc_sent(struct tcb *cur, struct tcb *dest);
struct glue_ctx *ipc_not_sent(struct tcb *cur, unsigned code);

/* What t's UTCB says that it takes, read once. */
static inline word_t ipc_acceptor(const struct tcb *t)
{
	return *(volatile const word_t *)&t->g.utcb->acceptor;
}

/* Bits that would be delivered to `t` now: pending and in its mask. */
static inline word_t notify_pending(const struct tcb *t)
{
	volatile const struct abi_utcb *utcb = t->g.utcb;

	return utcb->notify_bits & utcb->notify_mask;
}

/* True if, after a message to thread `to`, the receive phase of the running thread finds nothing
 * pending, and nothing is special about it: if it may block, ipc_block is all that is left. */
static inline __attribute__((always_inline)) bool ipc_blocks(const struct tcb *cur, word_t to,
							     word_t from)
{
	word_t accept = ipc_acceptor(cur);

	if (from != to && unlikely(from != (word_t)ABI_ANYTHREAD || cur->g.sendq ||
				   (accept & ABI_ACCEPT_NOTIFY && notify_pending(cur))))
		return false;
	return likely(!(accept & ABI_ACCEPT_NOSYNC || cur->g.status));
}

static inline __attribute__((always_inline)) void ipc_block(struct tcb *cur, word_t from)
{
	cur->g.state = TS_RECEIVING;
	cur->g.partner = from;
	cur->g.accepts = from;
}

/* True if `t` waits for a message of thread `sender`. */
static inline bool ipc_receptive(const struct tcb *t, word_t sender)
{
	return t->g.state == TS_RECEIVING &&
	       (t->g.partner == sender || t->g.partner == (word_t)ABI_ANYTHREAD);
}

/* True if `t` is in an IPC, nothing is special about it, and it takes a message of `sender` at
 * once. */
static inline bool ipc_accepts(const struct tcb *t, word_t sender)
{
	return t->g.accepts == sender || t->g.accepts == (word_t)ABI_ANYTHREAD;
}

/* What `t` waited for has come; it is in no queue. */
static inline void ipc_ready(struct tcb *t)
{
	t->g.state = TS_READY;
	t->g.cont = CONT_IPC;
	t->g.accepts = ABI_NILTHREAD;
}

/* Block `t`, which accepts nothing, until `partner` answers in an exchange that the kernel began in
 * its name. */
static inline void ipc_wait_answer(struct tcb *t, word_t partner, enum thread_cont cont)
{
	t->g.state = TS_RECEIVING;
	t->g.partner = partner;
	t->g.cont = cont;
}

/* End the IPC that t is in with an error; it becomes ready (in no queue). An exchange that
 * the kernel began in its name just ends: the thread retries, or, if halt is true, halts. */
void ipc_cancel(struct tcb *t, unsigned code, bool halt);

/* Recompute t->g.accepts from state, flags and continuation. */
void ipc_update_accepts(struct tcb *t);

/* Send a message in the name of `t` (ready, in no queue; mostly the current thread) to
 * thread `to` and wait for the answer; `cont` says which message. Returns the thread that
 * became ready by it (in no queue), or NULL. With no such thread, t is halted. */
struct tcb *ipc_kernel_call(struct tcb *t, word_t to, enum thread_cont cont);

/* The receive phase of t's IPC, by its `partner` and `tag`; t is in no queue. True: it is blocked.
 * False: it is complete (with a message or an error) and t stays ready; threads that became ready
 * were woken. */
bool ipc_receive(struct tcb *t);

/* The same where it is due (T_RECEIVE). */
static inline bool ipc_receive_due(struct tcb *t)
{
	t->g.flags &= ~T_RECEIVE;
	return ipc_receive(t);
}

/* Results of an IPC that failed. */
void ipc_fail(struct tcb *t, unsigned code, unsigned phase);

/* ---- notification (notify.c) --------------------------------------------------------------*/

/* Deliver them in t's receive phase: as ipc_receive, false. */
bool notify_deliver(struct tcb *t, word_t bits);

/* As ipc_known, of a notification. */
struct glue_ctx *notify_send(struct tcb *cur, struct tcb *to);

/* Receive phase from waitnotify; as ipc_receive. */
bool notify_receive(struct tcb *t);

/* ---- faults (fault.c) ----------------------------------------------------------------------*/

/* Tag of a message of the kernel's. */
static inline word_t fault_tag(int proto, unsigned low, unsigned words)
{
	word_t label = (word_t)(sword_t)proto << ABI_PROTO_SHIFT | low;

	return label << ABI_TAG_LABEL_SHIFT | words;
}

/* Write the message that the kernel sends in t's name, in the exchange `cont`, to the message
 * registers `mr` (MR0 unused) and return its tag. */
word_t fault_message(const struct tcb *t, enum thread_cont cont, word_t *mr);

/* Raise an exception of the running thread `t`: protocol ABI_PROTO_SYSCALL or _EXCEPTION. */
struct glue_ctx *fault_exception(struct tcb *t, word_t number, word_t code, bool syscall);

/* The running thread `t` has spent its total quantum. */
struct glue_ctx *fault_quantum(struct tcb *t);

/* ---- interrupts (interrupt.c) ---------------------------------------------------------------*/

/* The handler acknowledges: unmask the line of interrupt thread `t`. */
void irq_ack(struct tcb *t);

/* Line `id`'s handler, a line of user level's, becomes the thread `handler`, or (equal to id)
 * nobody. Returns an error of ThreadControl. */
unsigned irq_associate(word_t id, word_t handler);

/* Plain IPC of `t` to interrupt thread `irq`: an acknowledgement if t is its handler. */
unsigned irq_send(struct tcb *t, struct tcb *irq);

/* A shorter way through ipc_receive, with the same effect, for a handler that acknowledges by it
 * and waits again. True: that was so, and it is blocked. False: nothing was done. (That somebody
 * may have waited for it isn't noted of an interrupt thread: it is never deleted while a handler is
 * there.) */
bool irq_receive(struct tcb *cur);

/* The handler of interrupt thread `t` is gone: mask the line. */
void irq_detach(struct tcb *t);

#endif
