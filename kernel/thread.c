/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * thread.c - thread objects: making, halting and taking them apart.
 */
#include <kernel/kernel.h>

_Static_assert(offsetof(struct tcb, g) == 0, "the port takes a context for the thread");
_Static_assert(sizeof(struct tcb) <= 512, "a thread costs at most 512 bytes");

/* Objects come from the pool in powers of two. */
static unsigned block_log2(size_t size)
{
	unsigned log2 = 6;

	while (((size_t)1 << log2) < size)
		log2++;
	return log2;
}

struct tcb *thread_create(word_t id, struct space *sp, word_t scheduler)
{
	struct tcb *t = k_alloc(block_log2(sizeof(*t)));

	if (!t)
		return NULL;
	t->g.id = id;
	t->g.prio = PRIO_DEFAULT;
	t->scheduler = scheduler;
	t->slice = (uint64_t)glue_clock_khz() * (SLICE_DEFAULT_US / 1000);
	t->g.state = TS_INACTIVE;
	if (sp) {
		t->g.space = &sp->g;
		sp->threads++;
		if (sp == k_root_space)
			t->privileged = true;
	}
	tid_put(tid_number(id), t);
	return t;
}

void thread_set_utcb(struct tcb *t, struct abi_utcb *utcb, word_t utcb_va)
{
	t->g.utcb = utcb;
	t->utcb_va = utcb_va;
	utcb->my_id = t->g.id;
	space_of(t)->active++;
	glue_ctx_init(&t->g.ctx, 0, 0, utcb_va);
}

void thread_free(struct tcb *t)
{
	if (t->fpu)
		k_free(t->fpu, block_log2(sizeof(*t->fpu)));
	if (t->g.space)
		space_of(t)->threads--;
	tid_put(tid_number(t->g.state == TS_DYING ? t->g.partner : t->g.id), &k_dummy);
	k_free(t, block_log2(sizeof(*t)));
}

/* Threads that wait for just `id`, which is gone: from slot *next on. False: cut. */
static bool cancel_waiters(word_t id, word_t *next, bool cuttable)
{
	for (; *next < tid_slots(); ++*next) {
		struct tcb *t = tid_at(*next);

		if (t->g.partner == id && t->g.state == TS_IRQ_IDLE) {
			irq_detach(t);
		} else if (t->g.partner == id && t->g.state == TS_RECEIVING) {
			bool irq = t->g.cont == CONT_IRQ;

			ipc_cancel(t, ABI_IPC_NON_EXIST, true);
			if (!irq)
				sched_wake(t);
		}
		/* Any of them may be one, and be woken. */
		if (cuttable && *next % 16 == 15 && glue_irq_pending()) {
			++*next;
			return false;
		}
	}
	return true;
}

bool thread_quiesce(struct tcb *t, bool cuttable)
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
		bool irq = s->g.cont == CONT_IRQ;

		ipc_cancel(s, ABI_IPC_CANCELED, true);
		if (!irq)
			sched_wake(s);
		if (cuttable && glue_irq_pending())
			return false;
	}
	if (t->g.waited && !cancel_waiters(t->g.partner, &t->progress[0], cuttable))
		return false;
	t->g.waited = 0;
	if (t->g.utcb) {
		space_of(t)->active--;
		space_utcb_detach(space_of(t), t->utcb_va, t->g.utcb);
		t->g.utcb = NULL;
	}
	return true;
}

void thread_set_halted(struct tcb *t, bool halted)
{
	if (halted == (t->g.flags & T_HALTED))
		return;
	t->g.flags = (t->g.flags ^ T_HALTED) & ~T_REST;
	if (t->g.flags & T_QUEUED)
		ready_remove(t);
	else if (!halted && t->g.state == TS_READY && t != current_tcb())
		ready_add_tail(t);
}

struct tcb *thread_boot(struct space *root, word_t ip, word_t utcb_va)
{
	word_t id = tid_make(k_user_base, 1);
	struct tcb *t = thread_create(id, root, id);
	struct abi_utcb *utcb;

	if (!t || space_utcb_attach(root, utcb_va, &utcb) != ABI_OK)
		return NULL;
	thread_set_utcb(t, utcb, utcb_va);
	glue_ctx_set(&t->g.ctx, GLUE_IP, ip);
	t->g.prio = PRIO_MAX;
	sched_wake(t);
	return t;
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
