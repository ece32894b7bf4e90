/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * threadctl.c - ThreadControl: create, modify, activate, delete threads; associate
 * interrupts. Everything that can fail comes before the first effect.
 */
#include <kernel/kernel.h>

struct thread_args {
	word_t dest, space, scheduler, pager, utcb;
};

static bool redirector_valid(word_t id)
{
	return id == ABI_NILTHREAD || id == (word_t)ABI_ANYTHREAD;
}

/* A thread that is, or is about to be: `dest` may name itself. */
static bool exists(word_t id, word_t dest)
{
	return id == dest || tid_space(id);
}

static unsigned interrupt_control(const struct thread_args *a, bool redirectors_valid)
{
	if (!glue_irq_valid(tid_number(a->dest)))
		return ABI_ERR_THREAD;
	if (a->space == ABI_NILTHREAD)
		return ABI_ERR_THREAD; /* can't be deleted */
	if (!redirectors_valid)
		return ABI_ERR_REDIRECTOR;
	if (a->pager == ABI_NILTHREAD)
		return ABI_OK;
	return irq_associate(a->dest, a->pager);
}

/* Delete `t`, or go on deleting it. False: cut. */
static bool delete_thread(struct tcb *t, bool cuttable)
{
	struct space *sp = space_of(t);

	if (!thread_quiesce(t, cuttable))
		return false;
	if (sp->threads == 1) {
		if (sp == k_root_space) {
			k_printf("cobnut: root task ended\n");
			glue_halt(GLUE_HALT_OK);
		}
		while (!space_destroy(sp)) {
			if (cuttable)
				return false;
		}
		t->g.space = NULL;
	}
	thread_free(t);
	return true;
}

/* Place the UTCB of inactive `t`, where the arguments say another place than now. */
static unsigned place_utcb(struct tcb *t, word_t va)
{
	struct abi_utcb *utcb;
	unsigned err;

	if (va == ~(word_t)0 || (t->g.utcb && va == t->utcb_va))
		return ABI_OK;
	err = space_utcb_attach(space_of(t), va, &utcb);
	if (err != ABI_OK)
		return err;
	if (t->g.utcb) {
		space_of(t)->active--;
		space_utcb_detach(space_of(t), t->utcb_va, t->g.utcb);
	}
	thread_set_utcb(t, utcb, va);
	return ABI_OK;
}

static void set_pager(struct tcb *t, word_t pager)
{
	struct tcb *p;

	if (pager == ABI_NILTHREAD)
		return;
	t->g.utcb->pager = pager;
	if (t->g.state != TS_INACTIVE)
		return;
	p = tid_find(pager);
	p->g.waited = 1;
	ipc_wait_answer(t, pager, CONT_START);
}

/* Change thread `known`, or (NULL) make the one that is named. */
static unsigned change(const struct thread_args *a, struct tcb *known)
{
	struct space *sp = known ? space_of(known) : NULL;
	bool fresh = !known && a->space == a->dest;
	struct tcb *t = known;
	unsigned err = ABI_ERR_NO_MEM;

	if (a->space != a->dest) {
		struct space *given = tid_space(a->space);

		if (!given || (known && given != sp))
			return ABI_ERR_SPACE;
		sp = given;
	}
	if (a->scheduler != ABI_NILTHREAD ? !exists(a->scheduler, a->dest) : !known)
		return ABI_ERR_SCHEDULER;
	if (a->pager != ABI_NILTHREAD && !exists(a->pager, a->dest))
		return ABI_ERR_THREAD;
	if (a->utcb == ~(word_t)0) {
		if (a->pager != ABI_NILTHREAD && !(known && known->g.utcb))
			return ABI_ERR_UTCB_AREA;
	} else if (known && a->utcb != known->utcb_va && known->g.state != TS_INACTIVE) {
		return ABI_ERR_UTCB_AREA;
	}

	if (fresh)
		sp = space_create();
	if (!known && sp)
		t = thread_create(a->dest, sp, a->scheduler);
	if (t)
		err = place_utcb(t, a->utcb);
	if (err == ABI_OK) {
		if (a->scheduler != ABI_NILTHREAD)
			t->scheduler = a->scheduler;
		set_pager(t, a->pager);
	} else if (!known) {
		if (fresh && sp) {
			if (t)
				t->g.space = NULL;
			while (!space_destroy(sp)) {
				/* It is empty: a handful of steps. */
			}
		}
		if (t)
			thread_free(t);
	}
	return err;
}

unsigned sys_thread_control(struct tcb *cur)
{
	const struct thread_args a = {sys_arg(cur, 0), sys_arg(cur, 1), sys_arg(cur, 2),
				      sys_arg(cur, 3), sys_arg(cur, 6)};
	bool redirectors = redirector_valid(sys_arg(cur, 4)) && redirector_valid(sys_arg(cur, 5));
	struct tcb *t = tid_slot(a.dest);
	unsigned err;

	if (!cur->privileged)
		return ABI_ERR_NO_PRIVILEGE;
	if (tid_is_irq(a.dest)) {
		err = interrupt_control(&a, redirectors);
	} else if (!tid_valid_user(a.dest)) {
		err = ABI_ERR_THREAD;
	} else if (a.space == ABI_NILTHREAD || t->g.state == TS_DYING) {
		bool dying = t->g.state == TS_DYING;
		bool same = a.space == ABI_NILTHREAD && (dying ? t->g.partner : t->g.id) == a.dest;

		/* If somebody was cut while deleting it, that is finished first. */
		if (!same && !dying)
			return ABI_ERR_THREAD;
		if (t == cur) {
			/* There is no system call to resume, so this can't be cut. */
			(void)!delete_thread(t, false);
			sched_block();
			return SYS_SCHEDULED;
		}
		if (!delete_thread(t, true) || !same)
			return SYS_AGAIN;
		err = ABI_OK;
	} else if (!redirectors) {
		err = ABI_ERR_REDIRECTOR;
	} else if (t != &k_dummy && t->g.id != a.dest) {
		err = ABI_ERR_THREAD;
	} else {
		err = change(&a, t == &k_dummy ? NULL : t);
	}
	if (err == ABI_OK)
		sys_ret(cur, 0, 1);
	return err;
}
