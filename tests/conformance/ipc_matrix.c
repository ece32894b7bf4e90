/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ipc_matrix.c - IPC-1nn sends, IPC-2nn receives, IPC-2000 and up both: every kind of partner,
 * blocking or not; for both phases each partner of the one with each of the other. NTF-300 and up:
 * a notification, and each kind of receive phase. What is right is computed from the rules of the
 * interface.
 *
 * Each case is played with all threads in one space, and with the partners in another.
 */
#include "party.h"
#include "suites.h"

#define MESSAGE TAG(0xabcd, 5, 0)

/* Notification bits that are sent to the subject beforehand; the mask lets some through. */
#define BITS_SENT 0x35u
#define BITS_MASK 0x0fu

/* A receive phase: from whom, and what is pending beside that. */
struct source {
	enum party_kind kind;
	bool sender;  /* a third thread is queued for us */
	bool bits;    /* notification bits are pending */
	bool accepts; /* our acceptor takes notification */
	const char *note;
};

static const struct source all_sources[] = {
    {P_ANY, false, false, false, ""},
    {P_ANY, true, false, false, ", a sender waits"},
    {P_ANY, false, true, true, ", bits are pending"},
    {P_ANY, false, true, false, ", bits are pending and not accepted"},
    {P_ANY, true, true, true, ", a sender waits and bits are pending"},
    {P_WAITNOTIFY, false, true, true, ", bits are pending"},
    {P_WAITNOTIFY, false, false, true, ""},
    {P_WAITNOTIFY, false, true, false, ", bits are pending and not accepted"},
    {P_WAITNOTIFY, false, false, false, ", notification is not accepted"},
    {P_WAITNOTIFY, true, false, true, ", a sender waits"},
    {P_SENDING_US, false, false, false, ""},
    {P_SENDING_US, true, true, true, ", another sender waits and bits are pending"},
    {P_SENDING_ELSE, false, false, false, ""},
    {P_READY, false, false, false, ""},
    {P_READY, true, true, true, ", a sender waits and bits are pending"},
    {P_HALTED, false, false, false, ""},
    {P_OPEN, false, false, false, ""},
    {P_CLOSED, false, false, false, ""},
    {P_ELSEWHERE, false, false, false, ""},
    {P_WAITNOTE, false, false, false, ""},
    {P_INACTIVE, false, false, false, ""},
    {P_UNSTARTED, false, false, false, ""},
    {P_DEAD, false, false, false, ""},
    {P_DEAD, true, true, true, ", a sender waits and bits are pending"},
    {P_STALE, false, false, false, ""},
    {P_UNKNOWN, false, false, false, ""},
    {P_RANGE, false, false, false, ""},
    {P_LOCAL, false, false, false, ""},
    {P_IRQ_NONE, false, false, false, ""},
    {P_IRQ_OTHER, false, false, false, ""},
    {P_IRQ_OWN, false, false, false, ""},
    {P_SELF, false, false, false, ""},
    {P_SELF, true, true, true, ", a sender waits and bits are pending"},
    /* Only where there is a send phase. */
    {P_SAME, false, false, false, ""},
    {P_SAME, true, true, true, ", a sender waits and bits are pending"},
};
#define BOTH_SOURCES    ARRAY_SIZE(all_sources)
#define RECEIVE_SOURCES (BOTH_SOURCES - 2)

/* ---- the rules ------------------------------------------------------------------------------- */

enum what { SKIPPED, DONE, MESSAGE_TAKEN, BITS_TAKEN, BLOCKED, ERROR };

struct result {
	enum what what;
	word_t value; /* BLOCKED: thread state; ERROR: code */
};

static struct result rule_send(enum party_kind to, word_t flags)
{
	const struct party_trait *t = &party_traits[to];

	if (to == P_NIL)
		return (struct result){SKIPPED, 0};
	if (!t->exists)
		return (struct result){ERROR, L4_ErrNonExist};
	if (t->takes)
		return t->nosync ? (struct result){ERROR, L4_ErrNotAccepted}
				 : (struct result){DONE, 0};
	if (!(flags & S_BLOCK))
		return (struct result){ERROR, L4_ErrNoPartner};
	if (to == P_SELF)
		return (struct result){ERROR, L4_ErrNonExist};
	if (t->nosync)
		return (struct result){ERROR, L4_ErrNotAccepted};
	return (struct result){BLOCKED, L4_SCHEDRESULT_PENDING_SEND};
}

static struct result rule_receive(const struct source *s, word_t flags)
{
	word_t state = L4_SCHEDRESULT_WAITING;

	switch (s->kind) {
	case P_NIL:
		return (struct result){SKIPPED, 0};
	case P_ANY:
		if (s->sender)
			return (struct result){MESSAGE_TAKEN, 0};
		if (s->bits && s->accepts)
			return (struct result){BITS_TAKEN, 0};
		break;
	case P_WAITNOTIFY:
		if (s->bits)
			return (struct result){BITS_TAKEN, 0};
		if (!s->accepts)
			return (struct result){ERROR, L4_ErrNotAccepted};
		state = L4_SCHEDRESULT_WAIT_NOTIFY;
		break;
	default:
		if (!party_traits[s->kind].exists)
			return (struct result){ERROR, L4_ErrNonExist};
		if (party_traits[s->kind].sends)
			return (struct result){MESSAGE_TAKEN, 0};
		break;
	}
	if (!(flags & R_BLOCK))
		return (struct result){ERROR, L4_ErrNoPartner};
	return (struct result){BLOCKED, state};
}

/* ---- playing it --------------------------------------------------------------------------------
 */

/* Compare what became of the subject with what is right; end its IPC if it is to block. */
static void check_phases(struct worker *s, struct result send, struct result receive,
			 const struct worker *sender)
{
	if (send.what == ERROR) {
		check_ipc_error(s, send.value, L4_ErrSendPhase);
	} else if (send.what == BLOCKED) {
		check_blocked(s, send.value);
		abort_ipc(s, L4_ErrSendPhase);
	} else if (receive.what == SKIPPED) {
		check_ipc_sent(s);
	} else if (receive.what == ERROR) {
		check_ipc_error(s, receive.value, L4_ErrRecvPhase);
	} else if (receive.what == BLOCKED) {
		check_blocked(s, receive.value);
		abort_ipc(s, L4_ErrRecvPhase);
	} else if (receive.what == MESSAGE_TAKEN) {
		check_ipc_received(s, PARTY_TAG, sender->id, sender->seed);
		check_ipc_sent(sender);
	} else {
		check_ipc_notified(s, BITS_SENT & BITS_MASK);
	}
}

/* A send phase, or a notification, for which `acceptor` is the destination's. */
struct target {
	enum party_kind kind;
	bool notify;
	word_t acceptor;
};

static struct result rule_notify(const struct target *to)
{
	if (!party_traits[to->kind].exists)
		return (struct result){ERROR, L4_ErrNonExist};
	if (to->kind != P_WAITNOTE && !to->acceptor)
		return (struct result){ERROR, L4_ErrNotAccepted};
	return (struct result){DONE, 0};
}

static void check_target(const struct target *to, const struct party *dest,
			 const struct worker *subject, bool delivered)
{
	if (!to->notify)
		party_check(dest, subject, MESSAGE, delivered);
	else if (delivered && to->kind != P_CLOSED)
		check_ipc_notified(dest->w, pattern(subject->seed, 1));
	else if (dest->w)
		CHECK(!finished(dest->w), "the partner was woken");
}

static void play(struct space *sp, struct space *others, const struct target *to,
		 const struct source *from, word_t flags)
{
	struct worker *subject = worker_new(sp, PRIO_WORKER);
	struct worker *third = worker_new(others, PRIO_WORKER);
	struct party dest, source, queued = {.w = NULL};
	struct result send, receive;
	bool taken;

	subject->mask = BITS_MASK;
	subject->acceptor = ABI_ACCEPT_NOTIFY;
	run(subject, op_nothing);
	dest = party_new(to->kind, subject, others, third, to->acceptor);
	source = from->kind == P_SAME ? dest : party_new(from->kind, subject, others, third, 0);
	if (from->sender)
		queued = party_new(P_SENDING_US, subject, others, third, 0);
	if (from->bits)
		CHECK(L4_IpcSucceeded(L4_Notify(subject->id, BITS_SENT)), "notifying: error %lx",
		      L4_ErrorCode());
	subject->acceptor = from->accepts ? ABI_ACCEPT_NOTIFY : 0;

	(void)run_ipc(subject, dest.id, source.id, MESSAGE | flags | (to->notify ? NOTIFY : 0));

	send = to->notify ? rule_notify(to) : rule_send(to->kind, flags);
	receive = rule_receive(from, flags);
	check_phases(subject, send, receive, source.kind == P_SENDING_US ? source.w : queued.w);

	check_target(to, &dest, subject, send.what == DONE);
	taken = send.what != ERROR && send.what != BLOCKED && receive.what == MESSAGE_TAKEN;
	if (queued.w && !(taken && from->kind == P_ANY))
		check_blocked(queued.w, L4_SCHEDRESULT_PENDING_SEND);
	if (source.kind == P_SENDING_US && !taken)
		check_blocked(source.w, L4_SCHEDRESULT_PENDING_SEND);
	taken = send.what != ERROR && send.what != BLOCKED && receive.what == BITS_TAKEN;
	if (from->bits)
		check_eq("pending notification bits", subject->bits,
			 taken ? BITS_SENT & ~BITS_MASK : BITS_SENT);
}

static void target_both_ways(const struct target *to, const struct source *from, word_t flags)
{
	struct space *a = space_new(), *b;

	context("one space");
	play(a, a, to, from, flags);
	context("two spaces");
	a = space_new();
	b = space_new();
	play(a, b, to, from, flags);
}

static void play_both_ways(enum party_kind kind, const struct source *from, word_t flags)
{
	const struct target to = {.kind = kind};

	target_both_ways(&to, from, flags);
}

/* ---- IPC-1nn: sends
 * ------------------------------------------------------------------------------ */

static const struct source nobody = {P_NIL, false, false, false, ""};

static const char *block_or_poll(bool block)
{
	return block ? "blocking" : "not blocking";
}

static void run_send(unsigned row)
{
	play_both_ways(row / 2, &nobody, row % 2 ? S_BLOCK : 0);
}

static void title_send(unsigned row, char *buf, size_t size)
{
	snprintf(buf, size, "send to %s, %s", party_traits[row / 2].name, block_or_poll(row % 2));
}

SUITE_ROWS(suite_ipc_send, "IPC", 100, 2 * P_SAME, run_send, title_send);

/* ---- IPC-2nn: receives
 * ----------------------------------------------------------------------------- */

static void run_receive(unsigned row)
{
	play_both_ways(P_NIL, &all_sources[row / 2], row % 2 ? R_BLOCK : 0);
}

static void title_receive(unsigned row, char *buf, size_t size)
{
	const struct source *s = &all_sources[row / 2];

	snprintf(buf, size, "receive from %s%s, %s", party_traits[s->kind].name, s->note,
		 block_or_poll(row % 2));
}

SUITE_ROWS(suite_ipc_receive, "IPC", 200, 2 * RECEIVE_SOURCES, run_receive, title_receive);

/* ---- IPC-2000 and up: both
 * ---------------------------------------------------------------------------- */

/* Destinations: all that there are but nilthread, which is no send phase. */
#define FIRST_DESTINATION P_ANY
#define DESTINATIONS      (P_SAME - FIRST_DESTINATION)

static enum party_kind row_destination(unsigned row)
{
	return FIRST_DESTINATION + row / 4 / BOTH_SOURCES;
}

static const struct source *row_source(unsigned row)
{
	return &all_sources[row / 4 % BOTH_SOURCES];
}

static word_t row_flags(unsigned row)
{
	return (row & 1 ? R_BLOCK : 0) | (row & 2 ? S_BLOCK : 0);
}

static void run_both(unsigned row)
{
	play_both_ways(row_destination(row), row_source(row), row_flags(row));
}

static void title_both(unsigned row, char *buf, size_t size)
{
	const struct source *s = row_source(row);

	snprintf(buf, size, "send to %s, %s, and receive from %s%s, %s",
		 party_traits[row_destination(row)].name, block_or_poll(row & 2),
		 party_traits[s->kind].name, s->note, block_or_poll(row & 1));
}

SUITE_ROWS(suite_ipc_both, "IPC", 2000, 4 * BOTH_SOURCES * DESTINATIONS, run_both, title_both);

/* ---- NTF-300 and up: a notification, then a receive phase
 * -------------------------------------------- */

static const struct target targets[] = {
    {P_OPEN, true, ABI_ACCEPT_NOTIFY},     {P_OPEN, true, 0}, {P_CLOSED, true, ABI_ACCEPT_NOTIFY},
    {P_WAITNOTE, true, ABI_ACCEPT_NOTIFY}, {P_DEAD, true, 0},
};

static void run_notify(unsigned row)
{
	target_both_ways(&targets[row / 2 / BOTH_SOURCES], &all_sources[row / 2 % BOTH_SOURCES],
			 row % 2 ? R_BLOCK : 0);
}

static void title_notify(unsigned row, char *buf, size_t size)
{
	const struct target *to = &targets[row / 2 / BOTH_SOURCES];
	const struct source *s = &all_sources[row / 2 % BOTH_SOURCES];

	snprintf(buf, size, "notify %s, acceptor %s, and receive from %s%s, %s",
		 party_traits[to->kind].name, to->acceptor ? "on" : "off",
		 party_traits[s->kind].name, s->note, block_or_poll(row % 2));
}

SUITE_ROWS(suite_notify_both, "NTF", 300, 2 * BOTH_SOURCES * ARRAY_SIZE(targets), run_notify,
	   title_notify);
