/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * notify.c - NTF-0nn: masks, pending bits, acceptors. NTF-1nn: notifying every kind of thread.
 */
#include "party.h"
#include "suites.h"

/* A worker that takes notification of the bits in `mask`, with nothing to do. */
static struct worker *listener(struct space *sp, word_t mask)
{
	struct worker *w = worker_new(sp, PRIO_WORKER);

	w->acceptor = ABI_ACCEPT_NOTIFY;
	w->mask = mask;
	run(w, op_nothing);
	return w;
}

static void notify(const struct worker *w, word_t bits)
{
	L4_MsgTag_t tag = L4_Notify(w->id, bits);

	CHECK(L4_IpcSucceeded(tag), "notifying failed with ErrorCode %lx", L4_ErrorCode());
	check_eq("tag that L4_Notify returned", tag.raw, 0);
	settle();
}

static void poll_is(struct worker *w, word_t bits)
{
	(void)run_ipc(w, L4_nilthread, L4_anythread, 0);
	if (bits)
		check_ipc_notified(w, bits);
	else
		check_ipc_error(w, L4_ErrNoPartner, L4_ErrRecvPhase);
}

/* Bits outside the mask wait until it lets them through. */
static void masks(void)
{
	struct worker *w = listener(space_new(), 0x0f);

	notify(w, 0x33);
	poll_is(w, 0x03);
	check_eq("pending bits", w->bits, 0x30);
	poll_is(w, 0);
	w->mask = 0xf0;
	poll_is(w, 0x30);
	check_eq("pending bits", w->bits, 0);
	w->mask = 0;
	notify(w, ALL_ONES);
	poll_is(w, 0);
	w->mask = ALL_ONES;
	poll_is(w, ALL_ONES);
}

static void each_bit(void)
{
	struct worker *w = listener(space_new(), ALL_ONES);

	for (unsigned i = 0; i < L4_BITS_PER_WORD; i++) {
		CHECK(!run_ipc(w, L4_nilthread, L4_waitnotify, R_BLOCK), "it does not wait");
		notify(w, (word_t)1 << i);
		check_ipc_notified(w, (word_t)1 << i);
	}
}

static void accumulate(void)
{
	struct worker *w = listener(space_new(), ALL_ONES);

	for (word_t bit = 1; bit < 0x100; bit <<= 1)
		notify(w, bit | 1);
	poll_is(w, 0xff);
	poll_is(w, 0);
}

/* Only bits that the mask lets through wake. */
static void masked_does_not_wake(void)
{
	struct worker *w = listener(space_new(), 0x6);

	for (unsigned open = 0; open < 2; open++) {
		(void)run_ipc(w, L4_nilthread, open ? L4_anythread : L4_waitnotify, R_BLOCK);
		notify(w, 0x8);
		notify(w, 0);
		check_blocked(w, open ? L4_SCHEDRESULT_WAITING : L4_SCHEDRESULT_WAIT_NOTIFY);
		notify(w, 0x3);
		check_ipc_notified(w, 0x2);
		check_eq("pending bits", w->bits, 0x9);
		w->mask = 0x9;
		poll_is(w, 0x9);
		w->mask = 0x6;
	}
}

static void not_accepted(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);
	L4_MsgTag_t tag;

	w->mask = ALL_ONES;
	for (unsigned i = 0; i < 3; i++) {
		w->acceptor = i == 1 ? ABI_ACCEPT_NOSYNC : 0;
		if (i == 2)
			(void)run_ipc(w, L4_nilthread, L4_anythread, R_BLOCK);
		else
			run(w, op_nothing);
		tag = L4_Notify(w->id, 5);
		check_eq("tag", tag.raw, ABI_TAG_ERROR);
		check_eq("ErrorCode", L4_ErrorCode(),
			 ABI_IPC_ERROR(L4_ErrNotAccepted, L4_ErrSendPhase));
	}
	abort_ipc(w, L4_ErrRecvPhase);
	check_eq("pending bits", w->bits, 0);
}

/* Bits that came while the acceptor was on stay while it is off. */
static void acceptor_off_between(void)
{
	struct worker *w = listener(space_new(), ALL_ONES);

	notify(w, 0x18);
	w->acceptor = 0;
	poll_is(w, 0);
	check_eq("pending bits", w->bits, 0x18);
	w->acceptor = ABI_ACCEPT_NOTIFY;
	poll_is(w, 0x18);
	notify(w, 0x24);
	w->acceptor = 0;
	(void)run_ipc(w, L4_nilthread, L4_waitnotify, R_BLOCK);
	check_ipc_notified(w, 0x24);
	(void)run_ipc(w, L4_nilthread, L4_waitnotify, R_BLOCK);
	check_ipc_error(w, L4_ErrNotAccepted, L4_ErrRecvPhase);
}

/* A closed wait goes on; the bits are there for the next open one. */
static void closed_is_not_woken(void)
{
	struct worker *w = listener(space_new(), ALL_ONES), *other = worker_new(w->space, 50);

	(void)run_ipc(w, L4_nilthread, other->id, R_BLOCK);
	notify(w, 0x41);
	check_blocked(w, L4_SCHEDRESULT_WAITING);
	(void)run_ipc(other, w->id, L4_nilthread, TAG(1, 1, 0));
	check_ipc_received(w, TAG(1, 1, 0), other->id, other->seed);
	poll_is(w, 0x41);
}

/* Senders that wait win over pending bits, which are delivered after them. */
static void senders_first(void)
{
	struct worker *w = listener(space_new(), ALL_ONES), *s = worker_new(w->space, 50);

	notify(w, 0x7);
	(void)run_ipc(s, w->id, L4_nilthread, TAG(3, 3, S_BLOCK));
	(void)run_ipc(w, L4_nilthread, L4_anythread, R_BLOCK);
	check_ipc_received(w, TAG(3, 3, 0), s->id, s->seed);
	(void)run_ipc(w, L4_nilthread, L4_anythread, R_BLOCK);
	check_ipc_notified(w, 0x7);
}

/* Waiting for notification, no message is taken. */
static void waitnotify_takes_no_message(void)
{
	struct worker *w = listener(space_new(), ALL_ONES), *s = worker_new(w->space, 50);

	(void)run_ipc(w, L4_nilthread, L4_waitnotify, R_BLOCK);
	(void)run_ipc(s, w->id, L4_nilthread, TAG(3, 3, S_BLOCK));
	check_blocked(w, L4_SCHEDRESULT_WAIT_NOTIFY);
	check_blocked(s, L4_SCHEDRESULT_PENDING_SEND);
	notify(w, 0x2);
	check_ipc_notified(w, 0x2);
	(void)run_ipc(w, L4_nilthread, L4_anythread, 0);
	check_ipc_received(w, TAG(3, 3, 0), s->id, s->seed);
}

static void no_sync_but_notify(void)
{
	struct worker *w = listener(space_new(), ALL_ONES), *s = worker_new(w->space, 50);

	w->acceptor = ABI_ACCEPT_NOTIFY | ABI_ACCEPT_NOSYNC;
	(void)run_ipc(w, L4_nilthread, L4_anythread, R_BLOCK);
	(void)run_ipc(s, w->id, L4_nilthread, TAG(3, 3, S_BLOCK));
	check_ipc_error(s, L4_ErrNotAccepted, L4_ErrSendPhase);
	notify(w, 0x5);
	check_ipc_notified(w, 0x5);
}

/* A notify call may have a receive phase, which works as usual. */
static void with_receive(void)
{
	struct space *sp = space_new();
	struct worker *w = listener(sp, ALL_ONES), *n = worker_new(sp, PRIO_WORKER);
	struct worker *s = worker_new(sp, PRIO_WORKER);
	word_t bits = pattern(n->seed, 1);

	(void)run_ipc(n, w->id, w->id, TAG(9, 9, NOTIFY | R_BLOCK));
	check_blocked(n, L4_SCHEDRESULT_WAITING);
	poll_is(w, bits);
	(void)run_ipc(w, n->id, L4_nilthread, TAG(4, 2, 0));
	check_ipc_received(n, TAG(4, 2, 0), w->id, w->seed);

	(void)run_ipc(s, n->id, L4_nilthread, TAG(5, 5, S_BLOCK));
	(void)run_ipc(n, w->id, L4_anythread, NOTIFY);
	check_ipc_received(n, TAG(5, 5, 0), s->id, s->seed);
	(void)run_ipc(n, w->id, L4_anythread, NOTIFY);
	check_ipc_error(n, L4_ErrNoPartner, L4_ErrRecvPhase);
	poll_is(w, bits);

	(void)run_ipc(n, n->id, L4_waitnotify, NOTIFY | R_BLOCK);
	check_ipc_error(n, L4_ErrNotAccepted, L4_ErrSendPhase);
}

/* A notify that fails has no receive phase. */
static void failed_skips_receive(void)
{
	struct space *sp = space_new();
	struct worker *n = worker_new(sp, PRIO_WORKER), *s = worker_new(sp, PRIO_WORKER);

	(void)run_ipc(s, n->id, L4_nilthread, TAG(5, 5, S_BLOCK));
	(void)run_ipc(n, id_new(), L4_anythread, NOTIFY | R_BLOCK);
	check_ipc_error(n, L4_ErrNonExist, L4_ErrSendPhase);
	(void)run_ipc(n, s->id, L4_anythread, NOTIFY | R_BLOCK);
	check_ipc_error(n, L4_ErrNotAccepted, L4_ErrSendPhase);
	check_blocked(s, L4_SCHEDRESULT_PENDING_SEND);
}

static void oneself(void)
{
	struct worker *w = listener(space_new(), ALL_ONES);

	(void)run_ipc(w, w->id, L4_waitnotify, NOTIFY | R_BLOCK);
	check_ipc_notified(w, pattern(w->seed, 1));
	check_eq("pending bits", w->bits, 0);
}

/* Who runs on: the one with the higher priority, the notifier if they are equal. */
static void priorities(void)
{
	struct space *sp = space_new();

	for (int d = -1; d <= 1; d++) {
		struct worker *w = listener(sp, ALL_ONES), *n = worker_new(sp, PRIO_WORKER);

		(void)L4_Set_Priority(w->id, (word_t)(PRIO_WORKER + d));
		(void)run_ipc(w, L4_nilthread, L4_anythread, R_BLOCK);
		(void)run_ipc(n, w->id, L4_nilthread, NOTIFY);
		CHECK(finished(w) && finished(n), "an IPC is not complete");
		CHECK((w->result[IPC_ORDER] < n->result[IPC_ORDER]) == (d > 0),
		      "priority %+d: the wrong one ran first", d);
	}
}

/* A halted thread that waits gets it, and runs when it is resumed. */
static void halted(void)
{
	struct worker *w = listener(space_new(), ALL_ONES);

	(void)run_ipc(w, L4_nilthread, L4_waitnotify, R_BLOCK);
	L4_Stop_Thread(w->id);
	notify(w, 0x3);
	CHECK(!finished(w), "a halted thread ran");
	notify(w, 0x4);
	__L4_ExReg(w->id, L4_ExReg_Resume, 0, 0, 0);
	settle();
	check_ipc_notified(w, 0x3);
	check_eq("pending bits", w->bits, 0x4);
}

/* What user level writes to its own bits is delivered like what it was sent. */
static void op_own_bits(struct worker *w)
{
	L4_Set_NotifyBits(w->arg[0]);
}

static void own_bits(void)
{
	struct worker *w = listener(space_new(), 0xff);

	w->arg[0] = 0x1f0;
	run(w, op_own_bits);
	poll_is(w, 0xf0);
	check_eq("pending bits", w->bits, 0x100);
	notify(w, 0x1);
	w->arg[0] = 0;
	run(w, op_own_bits);
	poll_is(w, 0);
}

static void library(void)
{
	word_t bits = 0xdead;
	L4_MsgTag_t tag;

	L4_Set_NotifyMask(0xf0);
	L4_Accept(L4_NotifyMsgAcceptor);
	(void)L4_Notify(L4_Myself(), 0x3c);
	tag = L4_WaitNotify(&bits);
	CHECK(L4_IpcSucceeded(tag), "L4_WaitNotify failed: %lx", L4_ErrorCode());
	check_eq("bits", bits, 0x30);
	check_eq("L4_Get_NotifyBits", L4_Get_NotifyBits(), 0x0c);
	L4_Accept(L4_UntypedWordsAcceptor);
	tag = L4_WaitNotify(&bits);
	CHECK(L4_IpcFailed(tag), "L4_WaitNotify succeeded though it is not accepted");
	check_eq("bits after a failure", bits, 0);
	check_eq("ErrorCode", L4_ErrorCode(), ABI_IPC_ERROR(L4_ErrNotAccepted, L4_ErrRecvPhase));
}

static const struct conf_case cases[] = {
    {masks, "bits outside the mask stay pending"},
    {each_bit, "each bit"},
    {accumulate, "bits accumulate and are delivered once"},
    {masked_does_not_wake, "bits outside the mask do not wake"},
    {not_accepted, "an acceptor without notification"},
    {acceptor_off_between, "the acceptor is off for a while"},
    {closed_is_not_woken, "a closed wait is not woken"},
    {senders_first, "senders win over pending bits"},
    {waitnotify_takes_no_message, "waitnotify takes no message"},
    {no_sync_but_notify, "an acceptor of notification only"},
    {with_receive, "a notify call with a receive phase"},
    {failed_skips_receive, "a notify call that fails has no receive phase"},
    {oneself, "notifying oneself"},
    {priorities, "who runs after a notification"},
    {halted, "a halted thread is notified"},
    {own_bits, "bits that user level writes"},
    {library, "L4_Notify and L4_WaitNotify"},
};

SUITE_OF(suite_notify, "NTF", 1, cases);

/* ---- NTF-1nn -------------------------------------------------------------------------------- */

/* Which kinds have a UTCB, so that there is an acceptor. */
static bool has_acceptor(enum party_kind kind)
{
	return party_traits[kind].exists && kind != P_INACTIVE && kind != P_IRQ_OWN;
}

static bool waits_openly(enum party_kind kind)
{
	return kind == P_OPEN || kind == P_HALTED_OPEN || kind == P_NOSYNC_OPEN;
}

/* Bits arrived, and did nothing but wait. */
static void check_pending(struct party *p, word_t bits)
{
	if (!p->w || p->kind == P_READY)
		return;
	if (!finished(p->w)) {
		L4_Start(p->w->id);
		settle();
		CHECK(finished(p->w) && p->w->result[IPC_TAG] & ABI_TAG_ERROR,
		      "the partner's IPC was not aborted");
	} else {
		run(p->w, op_nothing);
	}
	check_eq("pending bits of the partner", p->w->bits, bits);
}

static void play(enum party_kind kind, word_t acceptor, struct space *sp, struct space *others)
{
	struct worker *n = worker_new(sp, PRIO_WORKER), *third = worker_new(others, PRIO_WORKER);
	struct party p = party_new(kind, n, others, third, acceptor);
	word_t bits = pattern(n->seed, 1);

	/* The others begin at priorities that let them run; this one never does. */
	if (kind == P_READY)
		acceptor = 0;
	n->acceptor = acceptor;
	(void)run_ipc(n, p.id, L4_nilthread, TAG(0x55, 9, NOTIFY | S_BLOCK));
	if (kind == P_NIL) {
		check_ipc_sent(n);
	} else if (!party_traits[kind].exists && kind != P_IRQ_OTHER) {
		check_ipc_error(n, L4_ErrNonExist, L4_ErrSendPhase);
	} else if (!has_acceptor(kind) || !(acceptor || kind == P_WAITNOTE) ||
		   kind == P_UNSTARTED) {
		check_ipc_error(n, L4_ErrNotAccepted, L4_ErrSendPhase);
		check_pending(&p, 0);
	} else {
		check_ipc_sent(n);
		if (kind == P_HALTED_OPEN)
			__L4_ExReg(p.id, L4_ExReg_Resume, 0, 0, 0);
		settle();
		if (waits_openly(kind) || kind == P_WAITNOTE)
			check_ipc_notified(p.w, bits);
		else if (kind == P_SELF)
			check_eq("pending bits", n->bits, bits);
		else
			check_pending(&p, bits);
	}
}

static void run_row(unsigned row)
{
	word_t acceptor = row % 2 ? ABI_ACCEPT_NOTIFY : 0;
	struct space *a = space_new(), *b;

	context("one space");
	play(row / 2, acceptor, a, a);
	context("two spaces");
	a = space_new();
	b = space_new();
	play(row / 2, acceptor, a, b);
}

static void title_row(unsigned row, char *buf, size_t size)
{
	snprintf(buf, size, "notify %s, acceptor %s", party_traits[row / 2].name,
		 row % 2 ? "on" : "off");
}

SUITE_ROWS(suite_notify_matrix, "NTF", 100, 2 * P_SAME, run_row, title_row);
