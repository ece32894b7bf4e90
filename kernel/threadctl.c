/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * threadctl.c - ThreadControl: create, modify, activate, delete threads; associate
 * interrupts. Everything that can fail comes before the first effect.
 */
#include <kernel/kernel.h>

/* Each is nilthread, 0, or anythread, -1. */
static bool redirectors_valid(word_t send, word_t receive)
{
	return ((send + 1) | (receive + 1)) <= 1;
}

/* A thread that is, or is about to be: `dest` may name itself. */
static bool exists(word_t id, word_t dest)
{
	return id == dest || tid_space(id);
}

static unsigned interrupt_control(struct tcb *cur, word_t dest, bool redirectors)
{
	word_t pager = sys_arg(cur, 3);

	if (!tid_is_irq(dest) || !glue_irq_valid(tid_number(dest)))
		return ABI_ERR_THREAD;
	if (sys_arg(cur, 1) == ABI_NILTHREAD)
		return ABI_ERR_THREAD; /* can't be deleted */
	if (!redirectors)
		return ABI_ERR_REDIRECTOR;
	return pager == ABI_NILTHREAD ? ABI_OK : irq_associate(dest, pager);
}

/* Give inactive `t` the UTCB, attached to its space, in the place of another that it may have. */
static ALWAYS_INLINE void set_utcb(struct tcb *t, struct abi_utcb *utcb, word_t utcb_va)
{
	if (t->g.utcb)
		space_utcb_detach(space_of(t), t->utcb_va, t->g.utcb);
	t->g.utcb = utcb;
	t->utcb_va = utcb_va;
	utcb->my_id = t->g.id;
	glue_ctx_init(&t->g.ctx, 0, 0, utcb_va);
}

/* Change thread `t`, or (the dummy) make `dest`. */
static unsigned change(struct tcb *cur, word_t dest, word_t space, struct tcb *t)
{
	word_t scheduler = sys_arg(cur, 2), pager = sys_arg(cur, 3), va = sys_arg(cur, 6);
	bool create = t == &k_dummy, fresh = create && space == dest;
	struct abi_utcb *utcb = NULL;
	struct space *sp = NULL;

	if (!fresh) {
		sp = tid_space(space);
		if (!sp || (!create && sp != space_of(t)))
			return ABI_ERR_SPACE;
	}
	if (scheduler != ABI_NILTHREAD ? !exists(scheduler, dest) : create)
		return ABI_ERR_SCHEDULER;
	if (pager != ABI_NILTHREAD && pager != scheduler && !exists(pager, dest))
		return ABI_ERR_THREAD;
	if (va != NO_UTCB && va != t->utcb_va) {
		unsigned err = ABI_ERR_UTCB_AREA;

		/* A fresh space has no area yet. */
		if (t->g.state == TS_INACTIVE && !fresh)
			err = space_utcb_attach(sp, va, &utcb);
		if (err != ABI_OK)
			return err;
	} else if (pager != ABI_NILTHREAD && !t->g.utcb) {
		return ABI_ERR_UTCB_AREA;
	}

	if (create) {
		if (fresh)
			sp = space_create();
		t = sp ? thread_create(dest, sp, scheduler) : NULL;
		if (!t) {
			if (utcb)
				space_utcb_detach(sp, va, utcb);
			if (fresh && sp)
				while (!space_destroy(sp)) {
					/* It is empty: a handful of steps. */
				}
			return ABI_ERR_NO_MEM;
		}
	}
	if (utcb)
		set_utcb(t, utcb, va);
	if (scheduler != ABI_NILTHREAD)
		t->scheduler = scheduler;
	if (pager != ABI_NILTHREAD) {
		t->g.utcb->pager = pager;
		if (t->g.state == TS_INACTIVE) {
			tid_at(tid_number(pager))->g.waited = 1;
			ipc_wait_answer(t, pager, CONT_START);
		}
	}
	return ABI_OK;
}

/* Delete `dest`, if that is `asked`, whose slot has `t`. */
static unsigned delete (struct tcb *cur, struct tcb *t, word_t dest, bool asked)
{
	bool dying = t->g.state == TS_DYING;
	bool same = asked && (dying ? t->g.partner : t->g.id) == dest;

	/* If somebody was cut while deleting it, that is finished first. */
	if (!same && !dying)
		return ABI_ERR_THREAD;
	if (!thread_delete(t) || !same)
		return SYS_AGAIN;
	if (t != cur)
		return ABI_OK;
	sched_block();
	return SYS_SCHEDULED;
}

unsigned sys_thread_control(struct tcb *cur)
{
	word_t dest = sys_arg(cur, 0), space = sys_arg(cur, 1);
	bool redirectors = redirectors_valid(sys_arg(cur, 4), sys_arg(cur, 5));
	unsigned err;

	if (!cur->g.privileged)
		return ABI_ERR_NO_PRIVILEGE;
	if (unlikely(!tid_valid_user(dest))) {
		err = interrupt_control(cur, dest, redirectors);
	} else {
		struct tcb *t = tid_at(tid_number(dest));

		if (space == ABI_NILTHREAD || t->g.state == TS_DYING)
			err = delete (cur, t, dest, space == ABI_NILTHREAD);
		else if (!redirectors)
			err = ABI_ERR_REDIRECTOR;
		else if (t != &k_dummy && t->g.id != dest)
			err = ABI_ERR_THREAD;
		else
			err = change(cur, dest, space, t);
	}
	if (err == ABI_OK)
		sys_ret(cur, 0, 1);
	return err;
}

struct tcb *thread_boot(struct space *root, word_t ip, word_t utcb_va)
{
	word_t id = tid_make(k_user_base, 1);
	struct tcb *t = thread_create(id, root, id);
	struct abi_utcb *utcb;

	if (!t || space_utcb_attach(root, utcb_va, &utcb) != ABI_OK)
		return NULL;
	set_utcb(t, utcb, utcb_va);
	glue_ctx_set(&t->g.ctx, GLUE_IP, ip);
	t->g.prio = PRIO_MAX;
	sched_wake(t);
	return t;
}
