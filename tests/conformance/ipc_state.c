/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ipc_state.c - IPC-13nn: what was true of a thread before, or is changed while it waits: what
 * a short cut for the usual IPC must not overlook. Each message comes by a call or an answer,
 * for which there may be such a short cut, and by a send alone, for which there is none.
 */
#include "puppet.h"
#include "suites.h"

#define BOTH (ABI_ACCEPT_NOTIFY | ABI_ACCEPT_NOSYNC)
#define CALL (S_BLOCK | R_BLOCK)

#define MESSAGE TAG(0x66, 2, 0)

/* How a message comes. A call may wait for its partner, or not. */
enum way { SENT, CALLED, TRIED, ANSWERED, WAYS };

static word_t tag_of(enum way way)
{
	return MESSAGE | (way == SENT ? 0 : way == CALLED ? CALL : R_BLOCK);
}

static L4_ThreadId_t from_of(enum way way, L4_ThreadId_t partner)
{
	return way == SENT ? L4_nilthread : way == ANSWERED ? L4_anythread : partner;
}

static void send(struct worker *s, const struct worker *t, enum way way)
{
	start_ipc(s, t->id, from_of(way, t->id), tag_of(way));
	settle();
}

static void check_taken(struct worker *s, struct worker *t, enum way way)
{
	check_ipc_received(t, MESSAGE, s->id, s->seed);
	if (way == SENT)
		check_ipc_sent(s);
	else
		abort_ipc(s, L4_ErrRecvPhase);
}

/* The partner doesn't wait for s. */
static void check_no_partner(struct worker *s, enum way way)
{
	if (way != CALLED) {
		check_ipc_error(s, L4_ErrNoPartner, L4_ErrSendPhase);
	} else {
		check_blocked(s, L4_SCHEDRESULT_PENDING_SEND);
		abort_ipc(s, L4_ErrSendPhase);
	}
}

static void check_refused(struct worker *s, struct worker *t, word_t state)
{
	check_ipc_error(s, L4_ErrNotAccepted, L4_ErrSendPhase);
	check_blocked(t, state);
	abort_ipc(t, L4_ErrRecvPhase);
}

/* ---- acceptors --------------------------------------------------------------------------- */

/* The thread waits with one acceptor and gets a notification, and waits with another then. */
static const struct {
	word_t before, after;
	bool takes;
} acceptors[] = {{BOTH, 0, true},
		 {BOTH, ABI_ACCEPT_NOTIFY, true},
		 {ABI_ACCEPT_NOTIFY, ABI_ACCEPT_NOSYNC, false},
		 {ABI_ACCEPT_NOTIFY, BOTH, false}};

static void another_acceptor(unsigned i, bool open, enum way way, struct space *sa,
			     struct space *sb)
{
	struct worker *t = worker_new(sa, PRIO_WORKER), *s = worker_new(sb, PRIO_WORKER);

	t->mask = ALL_ONES;
	t->acceptor = acceptors[i].before;
	CHECK(!run_ipc(t, L4_nilthread, L4_anythread, R_BLOCK), "it does not wait");
	CHECK(L4_IpcSucceeded(L4_Notify(t->id, 1)), "notifying: ErrorCode %lx", L4_ErrorCode());
	settle();
	check_ipc_notified(t, 1);

	/* By a call of its own. */
	t->acceptor = acceptors[i].after;
	CHECK(!run_ipc(s, L4_nilthread, open ? L4_anythread : t->id, R_BLOCK), "it does not wait");
	CHECK(!run_ipc(t, s->id, open ? L4_anythread : s->id, CALL), "it does not wait");
	check_ipc_received(s, 0, t->id, t->seed);
	send(s, t, way);
	if (acceptors[i].takes)
		check_taken(s, t, way);
	else
		check_refused(s, t, L4_SCHEDRESULT_WAITING);
}

static void run_acceptors(unsigned row)
{
	unsigned k = row % (2 * WAYS);

	context("one space");
	another_acceptor(row / (2 * WAYS), k % 2, k / 2, &root_space, &root_space);
	context("two spaces");
	another_acceptor(row / (2 * WAYS), k % 2, k / 2, space_new(), &root_space);
}

static void title_acceptors(unsigned row, char *buf, size_t size)
{
	static const char *const ways[WAYS] = {"a send", "a call", "a call if it waits",
					       "an answer"};
	unsigned k = row % (2 * WAYS), i = row / (2 * WAYS);

	snprintf(buf, size, "acceptor %lx before and %lx now, waiting %s, %s", acceptors[i].before,
		 acceptors[i].after, k % 2 ? "openly" : "for one", ways[k / 2]);
}

SUITE_ROWS(suite_ipc_acceptors, "IPC", 1340, ARRAY_SIZE(acceptors) * 2 * WAYS, run_acceptors,
	   title_acceptors);

/* What counts is the acceptor with which it began to wait. */
static void acceptor_changes(void)
{
	for (unsigned k = 0; k < 2 * WAYS; k++) {
		struct worker *t = worker_new(&root_space, PRIO_WORKER);
		struct worker *s = worker_new(&root_space, PRIO_WORKER);
		struct abi_utcb *utcb = utcb_place(&root_space, t->id);
		bool refuses = k % 2;

		t->acceptor = refuses ? ABI_ACCEPT_NOSYNC : 0;
		CHECK(!run_ipc(t, L4_nilthread, L4_anythread, R_BLOCK), "it does not wait");
		*(volatile abi_word_t *)&utcb->acceptor = refuses ? 0 : ABI_ACCEPT_NOSYNC;
		send(s, t, k / 2);
		if (refuses)
			check_refused(s, t, L4_SCHEDRESULT_WAITING);
		else
			check_taken(s, t, k / 2);
	}
}

/* A thread that takes no IPC calls: its message arrives, the answer doesn't. */
static void refusing_caller(void)
{
	for (unsigned k = 0; k < 2 * WAYS; k++) {
		struct worker *t = worker_new(&root_space, PRIO_WORKER);
		struct worker *s = worker_new(&root_space, PRIO_WORKER);

		t->acceptor = ABI_ACCEPT_NOSYNC;
		CHECK(!run_ipc(s, L4_nilthread, L4_anythread, R_BLOCK), "it does not wait");
		CHECK(!run_ipc(t, s->id, k % 2 ? L4_anythread : s->id, MESSAGE | CALL),
		      "it does not wait");
		check_ipc_received(s, MESSAGE, t->id, t->seed);
		send(s, t, k / 2);
		check_refused(s, t, L4_SCHEDRESULT_WAITING);
		/* Without that acceptor the same thread takes it. */
		t->acceptor = 0;
		CHECK(!run_ipc(t, L4_nilthread, k % 2 ? L4_anythread : s->id, R_BLOCK),
		      "it does not wait");
		send(s, t, k / 2);
		check_taken(s, t, k / 2);
	}
}

/* ---- the partner changes ------------------------------------------------------------------- */

/* One that has given up waiting does not take a message any more. */
static void no_longer_waits(void)
{
	for (unsigned k = 0; k < WAYS; k++) {
		struct worker *t = worker_new(&root_space, PRIO_WORKER);
		struct worker *s = worker_new(&root_space, PRIO_WORKER);

		CHECK(!run_ipc(t, L4_nilthread, L4_anythread, R_BLOCK), "it does not wait");
		abort_ipc(t, L4_ErrRecvPhase);
		send(s, t, k);
		check_no_partner(s, k);
	}
}

/* It waits for a thread whose number gets another version: that is not the one. */
static void other_version(void)
{
	for (unsigned k = 0; k < WAYS; k++) {
		struct worker *t = worker_new(&root_space, PRIO_WORKER);
		struct worker *old = worker_new(&root_space, PRIO_WORKER), *s;
		L4_ThreadId_t id = L4_GlobalId(L4_ThreadNo(old->id), L4_Version(old->id) + 1);

		if ((L4_Version(id) & ABI_TID_LOCAL_MASK) == 0)
			id = L4_GlobalId(L4_ThreadNo(id), L4_Version(id) + 1);
		CHECK(!run_ipc(t, L4_nilthread, old->id, R_BLOCK), "it does not wait");
		CHECK(thread_delete(old->id), "deleting: error %lu", L4_ErrorCode());
		settle();
		check_ipc_error(t, L4_ErrNonExist, L4_ErrRecvPhase);
		CHECK(thread_control(id, root_space.id, L4_Myself(), L4_Myself(),
				     utcb_place(&root_space, id)),
		      "another version: error %lu", L4_ErrorCode());
		s = worker_adopt(id, &root_space);
		send(s, t, k);
		check_no_partner(s, k);
		/* The other way: it is called by its old name. */
		CHECK(!run_ipc(s, L4_nilthread, L4_anythread, R_BLOCK), "it does not wait");
		start_ipc(t, old->id, old->id, MESSAGE | CALL);
		settle();
		check_ipc_error(t, L4_ErrNonExist, L4_ErrSendPhase);
		check_blocked(s, L4_SCHEDRESULT_WAITING);
		abort_ipc(s, L4_ErrRecvPhase);
		CHECK(thread_delete(id), "deleting: error %lu", L4_ErrorCode());
	}
}

/* Its priority is lowered while it waits: another thread runs before it. */
static void lower_priority(void)
{
	for (unsigned k = 0; k < WAYS; k++) {
		struct worker *t = worker_new(&root_space, PRIO_WORKER);
		struct worker *m = worker_new(&root_space, PRIO_WORKER - 10);
		struct worker *s = worker_new(&root_space, PRIO_WORKER);

		CHECK(!run_ipc(t, L4_nilthread, L4_anythread, R_BLOCK), "it does not wait");
		CHECK(L4_Set_Priority(t->id, PRIO_WORKER - 20), "error %lu", L4_ErrorCode());
		start_ipc(m, L4_nilthread, L4_nilthread, 0);
		send(s, t, k);
		check_taken(s, t, k);
		CHECK(m->result[IPC_ORDER] < t->result[IPC_ORDER],
		      "the thread of lower priority ran first");
	}
}

/* ---- registers that are written while it waits ------------------------------------------------
 */

#define STATE_FLAGS 1
#define STATE_IP    2
#define STATE_SP    4
#define STATE_ALL   8 /* through message registers */
#define STATES      16

/* R waits for S, or for anybody; the case writes to its registers; S's message comes. */
static void written(unsigned what, bool open, enum way way)
{
	struct puppet r = puppet_new("R", &root_space, PRIO_WORKER);
	struct puppet s = puppet_new("S", &root_space, PRIO_WORKER);
	word_t ip = (word_t)arch_call_end, sp = r.w->stack - 512;

	puppet_ipc(&r, L4_nilthread, open ? L4_anythread : s.w->id, R_BLOCK);
	r.flags = 0;
	puppet_run(&r);
	CHECK(!puppet_stopped(&r), "R does not wait");

	if (what & STATE_ALL) {
		L4_Copy_regs_to_mrs(r.w->id);
		for (unsigned i = 0; i < arch_regs_count; i++)
			r.reg[i] = pattern(5000, i);
		L4_LoadMRs(6, (int)arch_regs_count, r.reg);
		L4_Copy_mrs_to_regs(r.w->id);
	}
	__L4_ExReg(r.w->id,
		   (what & STATE_FLAGS ? L4_ExReg_flags : 0) | (what & STATE_IP ? L4_ExReg_ip : 0) |
		       (what & STATE_SP ? L4_ExReg_sp : 0),
		   sp, ip, arch_flags_free);
	if (what & STATE_IP)
		r.trap = arch_call_end;
	if (what & STATE_SP)
		r.sp = sp;

	puppet_ipc(&s, r.w->id, from_of(way, r.w->id), tag_of(way));
	puppet_run(&s);
	CHECK(puppet_stopped(&r), "R does not go on");
	puppet_check_ipc(&r, MESSAGE, s.w->id.raw);
	if (what & STATE_ALL) { /* what was written is there, even where IPC preserves nothing */
		r.reg[arch_registers.ipc_result[0]] = MESSAGE;
		r.reg[arch_registers.ipc_result[1]] = s.w->id.raw;
		r.flags = r.seen_flags;
		puppet_check_same(&r, -1);
	}
	if (what & STATE_FLAGS)
		check_eq("flags", r.seen_flags & arch_flags_free, arch_flags_free);
	(void)thread_delete(r.w->id);
	(void)thread_delete(s.w->id);
}

static void registers(unsigned row)
{
	for (unsigned way = 0; way < WAYS; way++)
		for (unsigned open = 0; open < 2; open++)
			written(row, open, way);
}

/* ---- cases -------------------------------------------------------------------------------------
 */

static const struct conf_case cases[] = {
    {acceptor_changes, "its acceptor changes while it waits"},
    {refusing_caller, "a caller that takes no IPC"},
    {no_longer_waits, "it was aborted"},
    {other_version, "another version of the thread that is waited for"},
    {lower_priority, "its priority is lowered while it waits"},
};

SUITE_OF(suite_ipc_state, "IPC", 1300, cases);

static void title_registers(unsigned row, char *buf, size_t size)
{
	snprintf(buf, size, "while it waits, these are written:%s%s%s%s%s",
		 row & STATE_FLAGS ? " flags" : "", row & STATE_IP ? " IP" : "",
		 row & STATE_SP ? " SP" : "", row & STATE_ALL ? " all others" : "",
		 row ? "" : " none");
}

SUITE_ROWS(suite_ipc_written, "IPC", 1320, STATES, registers, title_registers);
