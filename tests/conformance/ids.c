/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ids.c - IDS-nnn: every argument of a system call that names a thread or a space, with every
 * kind of id, by a privileged thread and by one that isn't. (IPC: ipc_matrix.c.)
 */
#include "party.h"
#include "suites.h"

enum use {
	CHANGED,   /* ThreadControl: dest */
	DELETED,   /* ThreadControl: dest, space nilthread */
	SPACE,     /* ThreadControl: space of a new thread */
	SCHEDULER, /* ThreadControl: scheduler */
	PAGER,     /* ThreadControl: pager of a thread that is activated */
	AREAS,     /* SpaceControl */
	MAPPED,    /* MapControl */
	EXCHANGED, /* ExchangeRegisters: dest */
	SOURCE,    /* ExchangeRegisters: the thread to copy from */
	SCHEDULED, /* Schedule */
	CACHED,    /* CacheControl */
	USES
};

static const char *const use_names[USES] = {
    "ThreadControl of",
    "ThreadControl to delete",
    "ThreadControl with, as the space of a new thread,",
    "ThreadControl with, as scheduler,",
    "ThreadControl with, as pager,",
    "SpaceControl of",
    "MapControl of",
    "ExchangeRegisters of",
    "ExchangeRegisters, copying from",
    "Schedule of",
    "CacheControl of",
};

/* ---- the rules --------------------------------------------------------------------------- */

static bool is_irq(enum party_kind kind)
{
	return kind == P_IRQ_NONE || kind == P_IRQ_OWN || kind == P_IRQ_OTHER;
}

static bool is_thread(enum party_kind kind)
{
	return party_traits[kind].exists && !is_irq(kind);
}

/* 0 or an ErrorCode, for a thread of the root task. */
static word_t rule(enum use use, enum party_kind kind)
{
	bool thread = is_thread(kind), active = thread && kind != P_INACTIVE;

	switch (use) {
	case CHANGED: /* without a pager an interrupt is left as it is */
		if (kind == P_DEAD || kind == P_UNKNOWN)
			return L4_ErrInvalidScheduler; /* it would be new */
		return thread || is_irq(kind) ? 0 : L4_ErrInvalidThread;
	case DELETED:
		return thread ? 0 : L4_ErrInvalidThread;
	case SPACE:
		if (kind == P_NIL) /* to delete a thread that isn't there */
			return L4_ErrInvalidThread;
		return thread ? 0 : L4_ErrInvalidSpace;
	case SCHEDULER:
		return thread || kind == P_NIL ? 0 : L4_ErrInvalidScheduler;
	case PAGER:
		return thread || kind == P_NIL ? 0 : L4_ErrInvalidThread;
	case AREAS:
	case MAPPED:
		return thread ? 0 : L4_ErrInvalidSpace;
	case EXCHANGED:
		return active ? 0 : L4_ErrInvalidThread;
	case SOURCE: /* by its number alone */
		return active || kind == P_STALE || kind == P_LOCAL ? 0 : L4_ErrInvalidThread;
	case SCHEDULED:
		return thread ? 0 : L4_ErrInvalidThread;
	default: /* nilthread is the own space */
		return thread || kind == P_NIL ? 0 : L4_ErrInvalidSpace;
	}
}

/* For a thread of a space that has nothing to do with it. */
static word_t stranger_rule(enum use use, enum party_kind kind)
{
	switch (use) {
	case EXCHANGED:
	case SOURCE:
		return L4_ErrInvalidThread;
	case SCHEDULED:
		return is_thread(kind) ? L4_ErrNoPrivilege : L4_ErrInvalidThread;
	case CACHED:
		return kind == P_NIL ? 0 : L4_ErrInvalidSpace;
	default:
		return L4_ErrNoPrivilege;
	}
}

/* ---- the calls ---------------------------------------------------------------------------------
 */

struct scene {
	struct space *space;
	struct worker *third; /* parked; in the same space as the party */
	L4_ThreadId_t new, inactive;
};

/* 0, or the ErrorCode. */
static word_t call(enum use use, const struct scene *s, L4_ThreadId_t id)
{
	const L4_ThreadId_t nil = L4_nilthread, me = L4_Myself();
	const L4_ThreadId_t third = s->third->id;
	word_t old, ok;

	switch (use) {
	case CHANGED:
		ok = thread_control(id, third, nil, nil, NO_UTCB);
		break;
	case DELETED:
		ok = thread_delete(id);
		break;
	case SPACE:
		ok = thread_control(s->new, id, me, nil, NO_UTCB);
		break;
	case SCHEDULER:
		ok = thread_control(third, third, id, nil, NO_UTCB);
		break;
	case PAGER:
		ok = thread_control(s->inactive, third, nil, id, utcb_place(s->space, s->inactive));
		break;
	case AREAS:
		ok = L4_SpaceControl(id, 0, s->space->kip_area, s->space->utcb_area, &old);
		break;
	case MAPPED:
		L4_LoadMR(0, 0);
		L4_LoadMR(1, 0);
		ok = L4_MapControl(id, L4_MapCtrl_Read | L4_MapCtrl_Modify);
		break;
	case EXCHANGED:
		ok = !L4_IsNilThread(L4_ExchangeRegisters(id, L4_ExReg_Deliver, 0, 0, 0, 0, nil,
							  NULL, NULL, NULL, NULL, NULL, NULL));
		break;
	case SOURCE:
		ok = !L4_IsNilThread(
		    L4_ExchangeRegisters(third, L4_ExReg_CopyRegs | L4_ExReg_SrcThread(id), 0, 0, 0,
					 0, nil, NULL, NULL, NULL, NULL, NULL, NULL));
		break;
	case SCHEDULED:
		ok = state_of(id);
		break;
	default:
		ok = L4_CacheControl(id, 0);
		break;
	}
	return ok ? 0 : L4_ErrorCode();
}

/* The same by worker w. */
static word_t call_by(struct worker *w, enum use use, const struct scene *s, L4_ThreadId_t id)
{
	static const word_t numbers[USES] = {
	    [CHANGED] = ABI_SYS_THREAD_CONTROL, [DELETED] = ABI_SYS_THREAD_CONTROL,
	    [SPACE] = ABI_SYS_THREAD_CONTROL,   [SCHEDULER] = ABI_SYS_THREAD_CONTROL,
	    [PAGER] = ABI_SYS_THREAD_CONTROL,   [AREAS] = ABI_SYS_SPACE_CONTROL,
	    [MAPPED] = ABI_SYS_MAP_CONTROL,     [EXCHANGED] = ABI_SYS_EXCHANGE_REGS,
	    [SOURCE] = ABI_SYS_EXCHANGE_REGS,   [SCHEDULED] = ABI_SYS_SCHEDULE,
	    [CACHED] = ABI_SYS_CACHE_CONTROL,
	};
	word_t third = s->third->id.raw;
	word_t args[4] = {id.raw, 0, 0, 0};

	switch (use) {
	case CHANGED:
		args[1] = third;
		break;
	case SPACE:
		args[0] = s->new.raw;
		args[1] = id.raw;
		args[2] = w->id.raw;
		break;
	case SCHEDULER:
		args[0] = args[1] = third;
		args[2] = id.raw;
		break;
	case PAGER:
		args[0] = s->inactive.raw;
		args[1] = third;
		args[3] = id.raw;
		break;
	case SOURCE:
		args[0] = third;
		args[1] = L4_ExReg_CopyRegs | L4_ExReg_SrcThread(id);
		break;
	case SCHEDULED:
		args[1] = args[2] = args[3] = ALL_ONES;
		break;
	default:
		break;
	}
	w->arg[0] = numbers[use];
	memcpy((void *)&w->arg[1], args, sizeof(args));
	run(w, op_syscall);
	return w->result[0] ? 0 : w->error;
}

/* ---- rows --------------------------------------------------------------------------------------
 */

static void run_row(unsigned row)
{
	enum use use = row / P_SAME;
	enum party_kind kind = row % P_SAME;
	struct scene s = {.space = space_new()};
	struct worker *subject, *stranger = worker_new(space_new(), PRIO_WORKER);
	struct party p;
	word_t free, want, got;

	s.third = worker_new(s.space, PRIO_WORKER);
	subject = worker_new(s.space, PRIO_WORKER);
	s.inactive = thread_inactive(s.space);
	s.new = id_new();
	p = party_new(kind, subject, s.space, s.third, 0);

	free = kmem_free();
	context("by a stranger");
	got = call_by(stranger, use, &s, p.id);
	check_eq("ErrorCode", got, stranger_rule(use, kind));
	check_eq("free kernel memory", kmem_free(), free);

	context("by the root task");
	want = rule(use, kind);
	got = call(use, &s, p.id);
	check_eq("ErrorCode", got, want);
	if (want)
		check_eq("free kernel memory after a call that failed", kmem_free(), free);
}

static void title_row(unsigned row, char *buf, size_t size)
{
	snprintf(buf, size, "%s %s", use_names[row / P_SAME], party_traits[row % P_SAME].name);
}

SUITE_ROWS(suite_ids, "IDS", 1, USES *P_SAME, run_row, title_row);
