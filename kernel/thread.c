/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * thread.c - thread objects: making, halting and taking them apart.
 */
#include <kernel/kernel.h>
#include <kernel/kmem.h>

_Static_assert(offsetof(struct tcb, g) == 0, "the port takes a context for the thread");
_Static_assert(sizeof(struct tcb) <= 512, "a thread costs at most 512 bytes");

ALWAYS_INLINE bool thread_possible(void)
{
	return kmem_ready(kmem_log2(sizeof(struct tcb)));
}

/* Written is what may be read before anything else is written there: so neither the context (see
 * glue_ctx_init), nor links of queues, nor what belongs to a state or a flag. */
struct tcb *thread_create(word_t id, struct space *sp, word_t scheduler)
{
	struct tcb *t = kmem_take(kmem_log2(sizeof(*t)));
	word_t no = tid_number(id);

	t->g.id = id;
	t->g.accepts = ABI_NILTHREAD;
	t->g.prio = PRIO_DEFAULT;
	t->g.utcb = NULL;
	t->g.space = (struct glue_space *)sp;
	t->g.sendq = NULL;
	t->g.waited = 0;
	t->g.status = 0;
	t->g.state = TS_INACTIVE;
	t->privileged = sp == k_root_space;
	t->fault[0] = t->fault[1] = 0; /* thread_died says it of any thread */
	t->scheduler = scheduler;
	t->utcb_va = NO_UTCB;
	t->slice = (uint64_t)glue_clock_khz() * (SLICE_DEFAULT_US / 1000);
	t->quantum = 0;
	t->fpu = NULL;
	t->progress[0] = 0;
	if (sp)
		sp->threads++;
	tid_put(no, t);
	if (no >= k_tid_end)
		k_tid_end = no + 1;
	return t;
}

void thread_free(struct tcb *t, word_t id)
{
	tid_put(tid_number(id), &k_dummy);
	k_free(t, kmem_log2(sizeof(*t)));
}

/* To be asked after each of what may be many steps of deleting a thread. One that deletes itself
 * isn't there any more to go on with it. */
static bool cut(void)
{
	return current_tcb() && glue_irq_pending();
}

/* The partner that `t` sends to, or waits for, is gone. */
static NOINLINE void cancel(struct tcb *t, unsigned code)
{
	bool irq = t->g.cont == CONT_IRQ;

	ipc_cancel(t, code, true);
	if (!irq)
		sched_wake(t);
}

/* Threads that wait for just `gone`, whose id was `partner`. False: cut. */
static bool cancel_waiters(struct tcb *gone)
{
	word_t id = gone->g.partner, i = gone->progress[0];

	while (i < k_tid_end) {
		struct tcb *t = tid_at(i++);

		if (t->g.partner == id && (t->g.state == TS_RECEIVING || t->g.state == TS_IRQ_IDLE))
			cancel(t, ABI_IPC_NON_EXIST);
		/* Any of them may be one, and be woken. */
		if (i % 16 == 0 && cut()) {
			gone->progress[0] = i;
			return false;
		}
	}
	return true;
}

/* End everything between `t` and the others: it is in no queue, nobody waits for it, no id leads
 * to it, its UTCB is gone. False: cut. */
static bool quiesce(struct tcb *t)
{
	struct tcb *s;

	if (t->g.state != TS_DYING) {
		if (t->g.state == TS_SENDING)
			sendq_remove(t);
		sched_forget(t);
		t->g.partner = t->g.id;
		t->g.id = ABI_NILTHREAD;
		t->g.accepts = ABI_NILTHREAD;
		t->g.state = TS_DYING;
		t->progress[0] = 0;
	}
	while ((s = sendq_first(t))) {
		cancel(s, ABI_IPC_CANCELED);
		if (cut())
			return false;
	}
	if (t->g.waited && !cancel_waiters(t))
		return false;
	t->g.waited = 0;
	if (t->g.utcb) {
		space_utcb_detach(space_of(t), t->utcb_va, t->g.utcb);
		t->g.utcb = NULL;
	}
	return true;
}

bool thread_delete(struct tcb *t)
{
	struct space *sp = space_of(t);

	if (!quiesce(t))
		return false;
	if (sp->threads > 1) {
		sp->threads--;
	} else {
		if (sp == k_root_space) {
			k_printf("cobnut: root task ended\n");
			glue_halt(GLUE_HALT_OK);
		}
		while (!space_destroy(sp))
			if (current_tcb())
				return false;
	}
	if (t->fpu)
		k_free(t->fpu, kmem_log2(sizeof(*t->fpu)));
	thread_free(t, t->g.partner);
	return true;
}

void thread_set_halted(struct tcb *t, bool halted)
{
	if (halted == (t->g.flags & T_HALTED))
		return;
	sched_settle();
	t->g.flags = (t->g.flags ^ T_HALTED) & ~T_REST;
	if (t->g.flags & T_QUEUED)
		ready_remove(t);
	else if (!halted && t->g.state == TS_READY && t != current_tcb())
		ready_add_tail(t);
}

void thread_died(struct tcb *t, const char *why)
{
	bool root = t->privileged && tid_number(t->g.id) == k_user_base;

	if (CONFIG_DEBUG || root)
		k_printf("cobnut: %s %lx died: %s (%lx, %lx), IP %lx\n",
			 root ? "root task" : "thread", (unsigned long)t->g.id, why,
			 (unsigned long)t->fault[0], (unsigned long)t->fault[1],
			 (unsigned long)glue_ctx_get(&t->g.ctx, GLUE_IP));
	if (!root)
		return;
	glue_dump(&t->g.ctx);
	glue_halt(GLUE_HALT_PANIC);
}
