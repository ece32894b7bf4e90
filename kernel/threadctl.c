/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * threadctl.c - ThreadControl: create, modify, activate, delete threads; associate
 * interrupts. Everything that can fail comes before the first effect.
 */
#include <kernel/kernel.h>

_Static_assert(sizeof(struct space) <= 128 && sizeof(struct tcb) > 128,
	       "memory for a thread is still there when a space has been made");

/* Each is nilthread, 0, or anythread, -1. */
static inline bool redirectors_valid(const struct tcb *cur)
{
	return ((sys_arg(cur, 4) + 1) | (sys_arg(cur, 5) + 1)) <= 1;
}

static unsigned done(struct tcb *cur)
{
	sys_ret(cur, 0, 1);
	return ABI_OK;
}

static NOINLINE unsigned interrupt_control(struct tcb *cur)
{
	word_t dest = sys_arg(cur, 0), pager = sys_arg(cur, 3);
	unsigned err = ABI_OK;

	if (!tid_is_irq(dest) || !glue_irq_valid(tid_number(dest)))
		return ABI_ERR_THREAD;
	if (sys_arg(cur, 1) == ABI_NILTHREAD)
		return ABI_ERR_THREAD; /* can't be deleted */
	if (pager != ABI_NILTHREAD)
		err = irq_associate(dest, pager);
	return err == ABI_OK ? done(cur) : err;
}

/* A thread that is, or is about to be: dest may name itself. */
static inline bool exists(const struct tcb *cur, word_t id)
{
	return tid_space(id) || id == sys_arg(cur, 0);
}

/* Give inactive `t` the UTCB at utcb_va, which is attached to its space. */
static ALWAYS_INLINE void set_utcb(struct tcb *t, word_t utcb_va)
{
	struct abi_utcb *utcb = space_utcb(space_of(t), utcb_va);

	t->g.utcb = utcb;
	t->utcb_va = utcb_va;
	utcb->my_id = t->g.id;
	glue_ctx_init(&t->g.ctx, 0, 0, utcb_va);
}

/* The rest of making a thread, or of changing it: `t` gets the UTCB at va, if that isn't NO_UTCB,
 * and the pager. */
static NOINLINE unsigned equip(struct tcb *cur, struct tcb *t, word_t va)
{
	word_t pager = sys_arg(cur, 3);

	if (va != NO_UTCB)
		set_utcb(t, va);
	if (pager != ABI_NILTHREAD) {
		t->g.utcb->pager = pager;
		if (t->g.state == TS_INACTIVE) {
			tid_at(tid_number(pager))->g.waited = 1;
			ipc_wait_answer(t, pager, CONT_START);
		}
	}
	return done(cur);
}

/* Make dest. What is in registers of the context needn't be kept in others. */
static NOINLINE unsigned create(struct tcb *cur)
{
	word_t pager = sys_arg(cur, 3), va = sys_arg(cur, 6);
	struct space *sp = tid_space(sys_arg(cur, 1));

	if (!sp && sys_arg(cur, 1) != sys_arg(cur, 0))
		return ABI_ERR_SPACE;
	if (!exists(cur, sys_arg(cur, 2)))
		return ABI_ERR_SCHEDULER;
	if (pager != ABI_NILTHREAD && pager != sys_arg(cur, 2) && !exists(cur, pager))
		return ABI_ERR_THREAD;
	/* A fresh space has no area yet. */
	if (va == NO_UTCB ? pager != ABI_NILTHREAD : !sp)
		return ABI_ERR_UTCB_AREA;
	if (!thread_possible() || (!sp && !(sp = space_create())))
		return ABI_ERR_NO_MEM;
	if (va != NO_UTCB) {
		unsigned err = space_utcb_attach(sp, va);

		if (err != ABI_OK)
			return err;
	}
	return equip(cur, thread_create(sys_arg(cur, 0), sp, sys_arg(cur, 2)), va);
}

/* Change thread `t`, which is dest. */
static NOINLINE unsigned modify(struct tcb *cur, struct tcb *t)
{
	word_t scheduler = sys_arg(cur, 2), va = sys_arg(cur, 6);
	struct space *sp = space_of(t);

	if (tid_space(sys_arg(cur, 1)) != sp)
		return ABI_ERR_SPACE;
	if (scheduler == ABI_NILTHREAD)
		scheduler = t->scheduler;
	else if (!tid_space(scheduler))
		return ABI_ERR_SCHEDULER;
	if (sys_arg(cur, 3) != ABI_NILTHREAD && !tid_space(sys_arg(cur, 3)))
		return ABI_ERR_THREAD;
	if (va == t->utcb_va)
		va = NO_UTCB; /* that isn't new */
	if (va == NO_UTCB ? sys_arg(cur, 3) != ABI_NILTHREAD && !t->g.utcb
			  : t->g.state != TS_INACTIVE)
		return ABI_ERR_UTCB_AREA;
	if (va != NO_UTCB) {
		unsigned err = space_utcb_attach(sp, va);

		if (err != ABI_OK)
			return err;
		if (t->g.utcb)
			space_utcb_detach(sp, t->utcb_va, t->g.utcb);
	}
	t->scheduler = scheduler;
	return equip(cur, t, va);
}

/* Delete dest, whose slot has `t`. */
static NOINLINE unsigned delete (struct tcb *cur, struct tcb *t)
{
	bool dying = t->g.state == TS_DYING;
	bool same =
	    sys_arg(cur, 1) == ABI_NILTHREAD && (dying ? t->g.partner : t->g.id) == sys_arg(cur, 0);

	/* If somebody was cut while deleting it, that is finished first. */
	if (!same && !dying)
		return ABI_ERR_THREAD;
	if (!thread_delete(t) || !same)
		return SYS_AGAIN;
	if (t != cur)
		return done(cur);
	sched_block();
	return SYS_SCHEDULED;
}

/* Its parts are the last that it calls: it has nothing to save. */
NOINLINE unsigned sys_thread_control(struct tcb *cur)
{
	word_t dest = sys_arg(cur, 0), space = sys_arg(cur, 1);
	struct tcb *t;

	if (!cur->privileged)
		return ABI_ERR_NO_PRIVILEGE;
	if (space != ABI_NILTHREAD && !redirectors_valid(cur))
		return ABI_ERR_REDIRECTOR;
	if (unlikely(!tid_valid_user(dest)))
		return interrupt_control(cur);
	t = tid_at(tid_number(dest));
	if (space == ABI_NILTHREAD || t->g.state == TS_DYING)
		return delete (cur, t);
	if (t == &k_dummy)
		return create(cur);
	return t->g.id == dest ? modify(cur, t) : (unsigned)ABI_ERR_THREAD;
}

struct tcb *thread_boot(struct space *root, word_t ip, word_t utcb_va)
{
	word_t id = tid_make(k_user_base, 1);
	struct tcb *t;

	if (!thread_possible() || space_utcb_attach(root, utcb_va) != ABI_OK)
		return NULL;
	t = thread_create(id, root, id);
	set_utcb(t, utcb_va);
	glue_ctx_set(&t->g.ctx, GLUE_IP, ip);
	t->g.prio = PRIO_MAX;
	sched_wake(t);
	return t;
}

struct glue_ctx *call_thread_control(struct tcb *cur)
{
	unsigned result = sys_thread_control(cur);

	/* cur, which is still there if it isn't done, need not be kept over the call. */
	return result == ABI_OK ? sched_continue() : sys_end(current_tcb(), result);
}
