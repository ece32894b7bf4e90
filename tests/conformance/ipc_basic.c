/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ipc_basic.c - IPC-0nn: tags, the order of senders, priorities, chains and rings.
 */
#include "conf.h"
#include "suites.h"

#define SENDERS 4

static struct worker *waiting(struct space *sp, unsigned prio)
{
	struct worker *w = worker_new(sp, prio);

	CHECK(!run_ipc(w, L4_nilthread, L4_anythread, R_BLOCK), "the receiver does not wait");
	return w;
}

/* A new worker that waits to send its message to `to`. */
static struct worker *queued(struct space *sp, unsigned prio, const struct worker *to)
{
	struct worker *w = worker_new(sp, prio);

	CHECK(!run_ipc(w, to->id, L4_nilthread, TAG(w->seed, 1, S_BLOCK)),
	      "the sender does not wait");
	return w;
}

/* `to` takes the next message, and it is w's. */
static void next_is(struct worker *to, const struct worker *w)
{
	(void)run_ipc(to, L4_nilthread, L4_anythread, 0);
	check_ipc_received(to, TAG(w->seed, 1, 0), w->id, w->seed);
	check_ipc_sent(w);
}

static void none_is_next(struct worker *to)
{
	(void)run_ipc(to, L4_nilthread, L4_anythread, 0);
	check_ipc_error(to, L4_ErrNoPartner, L4_ErrRecvPhase);
}

/* ---- tags -------------------------------------------------------------------------------- */

static void both_nil(void)
{
	static const word_t flags[] = {0,      S_BLOCK,      R_BLOCK, S_BLOCK | R_BLOCK,
				       NOTIFY, ABI_TAG_FLAGS};
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	for (unsigned i = 0; i < ARRAY_SIZE(flags); i++) {
		(void)run_ipc(w, L4_nilthread, L4_nilthread, TAG(0x1234, 63, flags[i]));
		check_ipc_sent(w);
		check_eq("ErrorCode", w->error, ERROR_UNTOUCHED);
	}
}

/* Labels at the limits, from the two sides of a queue. */
static void labels(void)
{
	const word_t most = ALL_ONES >> ABI_TAG_LABEL_SHIFT;
	const word_t values[] = {0, 1, most >> 1, (most >> 1) + 1, most - 1, most};
	struct space *sp = space_new();
	struct worker *a = worker_new(sp, PRIO_WORKER), *b = worker_new(sp, PRIO_WORKER);

	for (unsigned i = 0; i < ARRAY_SIZE(values); i++) {
		(void)run_ipc(b, L4_nilthread, L4_anythread, R_BLOCK);
		(void)run_ipc(a, b->id, L4_nilthread, TAG(values[i], 0, 0));
		check_ipc_received(b, TAG(values[i], 0, 0), a->id, a->seed);
		(void)run_ipc(a, b->id, L4_nilthread, TAG(values[i], 2, S_BLOCK));
		(void)run_ipc(b, L4_nilthread, a->id, 0);
		check_ipc_received(b, TAG(values[i], 2, 0), a->id, a->seed);
	}
}

/* Bit 12 is ignored, and no flag of the sender reaches the receiver. */
static void flags_stay(void)
{
	struct space *sp = space_new();
	struct worker *a = worker_new(sp, PRIO_WORKER), *b = worker_new(sp, PRIO_WORKER);

	(void)run_ipc(b, L4_nilthread, L4_anythread, R_BLOCK);
	(void)run_ipc(a, b->id, L4_nilthread, TAG(5, 1, 0x1000 | S_BLOCK | R_BLOCK));
	check_ipc_received(b, TAG(5, 1, 0), a->id, a->seed);
	check_ipc_sent(a);
	(void)run_ipc(a, b->id, L4_nilthread, TAG(5, 1, 0x1000 | S_BLOCK | R_BLOCK));
	(void)run_ipc(b, L4_nilthread, L4_anythread, 0x1000 | R_BLOCK);
	check_ipc_received(b, TAG(5, 1, 0), a->id, a->seed);
	check_ipc_sent(a);
}

static void reserved_bits_waiting(void)
{
	struct space *sp = space_new();
	struct worker *a = worker_new(sp, PRIO_WORKER), *b = worker_new(sp, PRIO_WORKER);

	for (unsigned bit = 6; bit < 12; bit++) {
		(void)run_ipc(b, L4_nilthread, bit & 1 ? a->id : L4_anythread, R_BLOCK);
		(void)run_ipc(a, b->id, b->id, TAG(1, 3, (word_t)1 << bit | S_BLOCK | R_BLOCK));
		check_ipc_error(a, L4_ErrMsgOverflow, L4_ErrSendPhase);
		check_ipc_error(b, L4_ErrMsgOverflow, L4_ErrRecvPhase);
	}
}

static void reserved_bits_queued(void)
{
	struct space *sp = space_new();
	struct worker *a = worker_new(sp, PRIO_WORKER), *b = worker_new(space_new(), PRIO_WORKER);

	for (unsigned bit = 6; bit < 12; bit++) {
		(void)run_ipc(a, b->id, b->id, TAG(1, 3, (word_t)1 << bit | S_BLOCK | R_BLOCK));
		check_blocked(a, L4_SCHEDRESULT_PENDING_SEND);
		(void)run_ipc(b, L4_nilthread, L4_anythread, R_BLOCK);
		check_ipc_error(a, L4_ErrMsgOverflow, L4_ErrSendPhase);
		check_ipc_error(b, L4_ErrMsgOverflow, L4_ErrRecvPhase);
	}
}

/* With nobody there to overflow, the missing partner is what is reported. */
static void reserved_bits_nobody(void)
{
	struct space *sp = space_new();
	struct worker *a = worker_new(sp, PRIO_WORKER), *b = worker_new(sp, PRIO_WORKER);

	(void)run_ipc(a, b->id, L4_nilthread, TAG(1, 0, ABI_TAG_RESERVED));
	check_ipc_error(a, L4_ErrNoPartner, L4_ErrSendPhase);
	(void)run_ipc(a, id_new(), L4_nilthread, TAG(1, 0, ABI_TAG_RESERVED));
	check_ipc_error(a, L4_ErrNonExist, L4_ErrSendPhase);
}

/* ---- the order of senders ------------------------------------------------------------------- */

static void fifo(void)
{
	struct space *sp = space_new();
	struct worker *to = worker_new(sp, PRIO_WORKER), *w[SENDERS];

	for (unsigned i = 0; i < SENDERS; i++)
		w[i] = queued(sp, PRIO_WORKER, to);
	for (unsigned i = 0; i < SENDERS; i++)
		next_is(to, w[i]);
	none_is_next(to);
}

static void by_priority(void)
{
	static const uint8_t prio[] = {20, 200, 20, 90, 200, 90, 10};
	static const uint8_t right[] = {1, 4, 3, 5, 0, 2, 6};
	struct space *sp = space_new();
	struct worker *to = worker_new(sp, PRIO_WORKER), *w[ARRAY_SIZE(prio)];

	for (unsigned i = 0; i < ARRAY_SIZE(prio); i++)
		w[i] = queued(sp, prio[i], to);
	for (unsigned i = 0; i < ARRAY_SIZE(prio); i++)
		next_is(to, w[right[i]]);
	none_is_next(to);
}

/* A closed receive takes a sender from anywhere in the queue, and leaves the others in order. */
static void closed_takes_one(void)
{
	struct space *sp = space_new();
	struct worker *to = worker_new(sp, PRIO_WORKER), *w[SENDERS];

	for (unsigned i = 0; i < SENDERS; i++)
		w[i] = queued(sp, PRIO_WORKER + (i & 1), to);
	for (unsigned i = 0; i < 2; i++) {
		(void)run_ipc(to, L4_nilthread, w[2 - i]->id, R_BLOCK);
		check_ipc_received(to, TAG(w[2 - i]->seed, 1, 0), w[2 - i]->id, w[2 - i]->seed);
	}
	next_is(to, w[3]);
	next_is(to, w[0]);
	none_is_next(to);
}

static void priority_changes_in_queue(void)
{
	struct space *sp = space_new();
	struct worker *to = worker_new(sp, PRIO_WORKER), *w[SENDERS];

	for (unsigned i = 0; i < SENDERS; i++)
		w[i] = queued(sp, PRIO_WORKER, to);
	check_eq("state", L4_Set_Priority(w[2]->id, PRIO_WORKER + 1), L4_SCHEDRESULT_PENDING_SEND);
	check_eq("state", L4_Set_Priority(w[0]->id, PRIO_WORKER - 1), L4_SCHEDRESULT_PENDING_SEND);
	next_is(to, w[2]);
	next_is(to, w[1]);
	next_is(to, w[3]);
	next_is(to, w[0]);
}

/* Take sender `i` out of the queue by aborting or deleting it; the others stay. */
static void leave_queue(bool by_deletion)
{
	for (unsigned i = 0; i < SENDERS; i++) {
		struct space *sp = space_new();
		struct worker *to = worker_new(sp, PRIO_WORKER), *w[SENDERS];

		for (unsigned k = 0; k < SENDERS; k++)
			w[k] = queued(sp, PRIO_WORKER + (k == 2), to);
		if (by_deletion)
			CHECK(thread_delete(w[i]->id), "deleting: error %lu", L4_ErrorCode());
		else
			abort_ipc(w[i], L4_ErrSendPhase);
		for (unsigned k = 0; k < SENDERS; k++) {
			unsigned next = k == 0 ? 2 : k <= 2 ? k - 1 : 3;

			if (next != i)
				next_is(to, w[next]);
		}
		none_is_next(to);
	}
}

static void abort_in_queue(void)
{
	leave_queue(false);
}

static void delete_in_queue(void)
{
	leave_queue(true);
}

/* As many senders as there are workers; the receiver is deleted. */
static void receiver_deleted(void)
{
	struct space *sp = space_new(), *other = space_new();
	struct worker *to = worker_new(sp, PRIO_WORKER), *w[WORKERS - 2];

	(void)worker_new(sp, PRIO_WORKER);
	for (unsigned i = 0; i < ARRAY_SIZE(w); i++) {
		w[i] = worker_new(i & 1 ? sp : other, PRIO_WORKER + i % 5);
		if (i % 3)
			(void)run_ipc(w[i], to->id, to->id, TAG(1, 1, S_BLOCK | R_BLOCK));
		else
			(void)run_ipc(w[i], L4_nilthread, to->id, R_BLOCK);
	}
	CHECK(thread_delete(to->id), "deleting: error %lu", L4_ErrorCode());
	settle();
	for (unsigned i = 0; i < ARRAY_SIZE(w); i++) {
		if (i % 3)
			check_ipc_error(w[i], L4_ErrCanceled, L4_ErrSendPhase);
		else
			check_ipc_error(w[i], L4_ErrNonExist, L4_ErrRecvPhase);
	}
}

/* The answer to a call never comes: the server is deleted while it has the message. */
static void server_deleted(void)
{
	struct space *sp = space_new();
	struct worker *server = waiting(space_new(), PRIO_WORKER);
	struct worker *client = worker_new(sp, PRIO_WORKER);

	(void)run_ipc(client, server->id, server->id, TAG(1, 1, S_BLOCK | R_BLOCK));
	check_ipc_received(server, TAG(1, 1, 0), client->id, client->seed);
	check_blocked(client, L4_SCHEDRESULT_WAITING);
	CHECK(thread_delete(server->id), "deleting: error %lu", L4_ErrorCode());
	settle();
	check_ipc_error(client, L4_ErrNonExist, L4_ErrRecvPhase);
}

/* ---- who runs first
 * ------------------------------------------------------------------------------ */

static void check_before(const char *what, const struct worker *first, const struct worker *second)
{
	CHECK(finished(first) && finished(second), "%s: an IPC is not complete", what);
	CHECK(first->result[IPC_ORDER] < second->result[IPC_ORDER], "%s: the wrong one ran first",
	      what);
}

/* A send without receive phase: the one with the higher priority runs on, the sender if they
 * are equal. */
static void send_keeps_priority(void)
{
	struct space *sp = space_new();

	for (int d = -1; d <= 1; d++) {
		struct worker *to = waiting(sp, (unsigned)(PRIO_WORKER + d));
		struct worker *from = worker_new(sp, PRIO_WORKER);

		(void)run_ipc(from, to->id, L4_nilthread, TAG(1, 0, S_BLOCK));
		if (d > 0)
			check_before("receiver above sender", to, from);
		else
			check_before("receiver not above sender", from, to);
	}
}

/* A call to a thread that no ready thread is above goes to it directly, past others that are
 * ready at its priority. */
static void call_is_direct(void)
{
	struct space *sp = space_new();
	struct worker *server = waiting(sp, PRIO_WORKER), *other = worker_new(sp, PRIO_WORKER);
	struct worker *client = worker_new(sp, PRIO_WORKER);

	start_ipc(client, server->id, server->id, TAG(1, 0, S_BLOCK | R_BLOCK));
	start_ipc(other, L4_nilthread, L4_nilthread, 0);
	settle();
	check_before("a thread of the same priority is ready", server, other);
}

static void call_respects_priority(void)
{
	struct space *sp = space_new();
	struct worker *server = waiting(sp, PRIO_WORKER - 10);
	struct worker *other = worker_new(sp, PRIO_WORKER - 5);
	struct worker *client = worker_new(sp, PRIO_WORKER);

	start_ipc(client, server->id, server->id, TAG(1, 0, S_BLOCK | R_BLOCK));
	start_ipc(other, L4_nilthread, L4_nilthread, 0);
	settle();
	check_before("a thread above the server is ready", other, server);
}

/* The same for a reply: a low client of a high server does not run before a middle thread. */
static void reply_respects_priority(void)
{
	struct space *sp = space_new();
	struct worker *server = waiting(sp, PRIO_WORKER + 10);
	struct worker *client = worker_new(sp, PRIO_WORKER), *other;

	(void)run_ipc(client, server->id, server->id, TAG(1, 0, S_BLOCK | R_BLOCK));
	other = worker_new(sp, PRIO_WORKER + 5);
	start_ipc(server, client->id, L4_anythread, TAG(2, 0, R_BLOCK));
	start_ipc(other, L4_nilthread, L4_nilthread, 0);
	settle();
	check_before("a thread above the client is ready", other, client);
}

/* Threads that become ready run in the order in which they did. */
static void ready_is_fifo(void)
{
	struct space *sp = space_new();
	struct worker *w[SENDERS];

	for (unsigned i = 0; i < SENDERS; i++)
		w[i] = worker_new(sp, PRIO_WORKER);
	for (unsigned i = 0; i < SENDERS; i++)
		start_ipc(w[i ^ 1], L4_nilthread, L4_nilthread, 0);
	settle();
	check_before("ready first", w[1], w[0]);
	check_before("ready first", w[0], w[3]);
	check_before("ready first", w[3], w[2]);
}

/* ---- chains and rings ---------------------------------------------------------------------------
 */

static void nested_calls(void)
{
	struct worker *w[SENDERS];

	for (unsigned i = 0; i < SENDERS; i++)
		w[i] = waiting(space_new(), PRIO_WORKER + i);
	for (unsigned i = 0; i < SENDERS; i++) {
		struct worker *from = i ? w[i - 1] : worker_new(w[0]->space, PRIO_WORKER);

		CHECK(!run_ipc(from, w[i]->id, w[i]->id, TAG(i, i, S_BLOCK | R_BLOCK)),
		      "call %u does not wait", i);
		check_ipc_received(w[i], TAG(i, i, 0), from->id, from->seed);
	}
	for (unsigned i = SENDERS - 1; i > 0; i--) {
		(void)run_ipc(w[i], w[i - 1]->id, L4_nilthread, TAG(i + 9, i, 0));
		check_ipc_received(w[i - 1], TAG(i + 9, i, 0), w[i]->id, w[i]->seed);
	}
}

/* A ring of calls blocks its members and nobody else; it is undone by aborting one. */
static void ring(void)
{
	struct space *sp = space_new();
	struct worker *w[SENDERS], *to, *from;

	for (unsigned i = 0; i < SENDERS; i++)
		w[i] = worker_new(sp, PRIO_WORKER + i);
	for (unsigned i = 0; i < SENDERS; i++) {
		struct worker *next = w[(i + 1) % SENDERS];

		CHECK(!run_ipc(w[i], next->id, next->id, TAG(i, 1, S_BLOCK | R_BLOCK)),
		      "a member of the ring does not wait");
		check_blocked(w[i], L4_SCHEDRESULT_PENDING_SEND);
	}
	to = waiting(sp, PRIO_WORKER);
	from = worker_new(sp, PRIO_WORKER);
	(void)run_ipc(from, to->id, L4_nilthread, TAG(7, 7, S_BLOCK));
	check_ipc_received(to, TAG(7, 7, 0), from->id, from->seed);

	abort_ipc(w[0], L4_ErrSendPhase);
	(void)run_ipc(w[0], L4_nilthread, w[SENDERS - 1]->id, R_BLOCK);
	check_ipc_received(w[0], TAG(SENDERS - 1, 1, 0), w[SENDERS - 1]->id, w[SENDERS - 1]->seed);
	check_blocked(w[SENDERS - 1], L4_SCHEDRESULT_WAITING);
}

/* Each thread has sent to the next and then receives from anybody: taking the first message
 * frees the whole chain. */
static void chain_of_receives(void)
{
	struct space *sp = space_new();
	struct worker *w[10];

	for (unsigned i = 0; i < ARRAY_SIZE(w); i++)
		w[i] = worker_new(sp, PRIO_WORKER);
	for (unsigned i = 1; i < ARRAY_SIZE(w); i++)
		CHECK(!run_ipc(w[i], w[i - 1]->id, L4_anythread, TAG(i, 2, S_BLOCK | R_BLOCK)),
		      "sender %u does not wait", i);
	(void)run_ipc(w[0], L4_nilthread, L4_anythread, R_BLOCK);
	for (unsigned i = 0; i + 1 < ARRAY_SIZE(w); i++)
		check_ipc_received(w[i], TAG(i + 1, 2, 0), w[i + 1]->id, w[i + 1]->seed);
	check_blocked(w[ARRAY_SIZE(w) - 1], L4_SCHEDRESULT_WAITING);
}

/* The receive phase of a queued sender follows the rules, too: here it does not block. */
static void queued_then_poll(void)
{
	struct space *sp = space_new();
	struct worker *to = worker_new(sp, PRIO_WORKER), *w = worker_new(sp, PRIO_WORKER), *third;

	CHECK(!run_ipc(w, to->id, L4_anythread, TAG(1, 0, S_BLOCK)), "the sender does not wait");
	(void)run_ipc(to, L4_nilthread, L4_anythread, R_BLOCK);
	check_ipc_received(to, TAG(1, 0, 0), w->id, w->seed);
	check_ipc_error(w, L4_ErrNoPartner, L4_ErrRecvPhase);

	CHECK(!run_ipc(w, to->id, L4_anythread, TAG(1, 0, S_BLOCK)), "the sender does not wait");
	third = queued(sp, PRIO_WORKER, w);
	(void)run_ipc(to, L4_nilthread, L4_anythread, R_BLOCK);
	check_ipc_received(to, TAG(1, 0, 0), w->id, w->seed);
	check_ipc_received(w, TAG(third->seed, 1, 0), third->id, third->seed);

	CHECK(!run_ipc(w, to->id, id_new(), TAG(1, 0, S_BLOCK | R_BLOCK)),
	      "the sender does not wait");
	(void)run_ipc(to, L4_nilthread, L4_anythread, R_BLOCK);
	check_ipc_error(w, L4_ErrNonExist, L4_ErrRecvPhase);
}

/* A queued sender then waits for notification. */
static void queued_then_notified(void)
{
	struct space *sp = space_new();
	struct worker *to = worker_new(sp, PRIO_WORKER), *w = worker_new(sp, PRIO_WORKER);

	w->acceptor = ABI_ACCEPT_NOTIFY;
	w->mask = 0xff;
	CHECK(!run_ipc(w, to->id, L4_waitnotify, TAG(1, 0, S_BLOCK | R_BLOCK)),
	      "the sender does not wait");
	(void)run_ipc(to, L4_nilthread, L4_anythread, R_BLOCK);
	check_blocked(w, L4_SCHEDRESULT_WAIT_NOTIFY);
	(void)L4_Notify(w->id, 0x81);
	settle();
	check_ipc_notified(w, 0x81);
}

/* What the acceptor said when a thread waited counts for that wait only. */
static void acceptor_changes(void)
{
	struct space *sp = space_new();
	struct worker *r = worker_new(sp, PRIO_WORKER), *w = worker_new(sp, PRIO_WORKER);

	r->acceptor = ABI_ACCEPT_NOSYNC;
	CHECK(!run_ipc(r, L4_nilthread, L4_anythread, R_BLOCK), "it does not wait");
	(void)run_ipc(w, r->id, L4_nilthread, TAG(3, 2, S_BLOCK));
	check_ipc_error(w, L4_ErrNotAccepted, L4_ErrSendPhase);
	abort_ipc(r, L4_ErrRecvPhase);
	r->acceptor = 0;
	CHECK(!run_ipc(r, L4_nilthread, L4_anythread, R_BLOCK), "it does not wait again");
	(void)run_ipc(w, r->id, L4_nilthread, TAG(3, 2, S_BLOCK));
	check_ipc_sent(w);
	check_ipc_received(r, TAG(3, 2, 0), w->id, w->seed);
}

static const struct conf_case cases[] = {
    {both_nil, "neither phase: returns at once"},
    {labels, "labels at the limits"},
    {flags_stay, "flags of the sender do not arrive"},
    {reserved_bits_waiting, "reserved bits of the tag, the receiver waits"},
    {reserved_bits_queued, "reserved bits of the tag, the sender waits"},
    {reserved_bits_nobody, "reserved bits of the tag, nobody there"},
    {fifo, "senders of one priority are taken in order"},
    {by_priority, "senders are taken by priority, then in order"},
    {closed_takes_one, "a closed receive takes its sender out of the queue"},
    {priority_changes_in_queue, "changing the priority of a waiting sender"},
    {abort_in_queue, "aborting a waiting sender leaves the others"},
    {delete_in_queue, "deleting a waiting sender leaves the others"},
    {receiver_deleted, "deleting a thread many wait for"},
    {server_deleted, "deleting a server with a call under way"},
    {send_keeps_priority, "after a send the higher priority runs"},
    {call_is_direct, "a call switches directly to the server"},
    {call_respects_priority, "a call to a low server lets higher threads run"},
    {reply_respects_priority, "a reply to a low client lets higher threads run"},
    {ready_is_fifo, "ready threads run in order"},
    {nested_calls, "calls in calls"},
    {ring, "a ring of calls"},
    {chain_of_receives, "a chain of sends, each followed by an open receive"},
    {queued_then_poll, "the receive phase of a queued sender does not block"},
    {queued_then_notified, "the receive phase of a queued sender takes notification"},
    {acceptor_changes, "an acceptor of no IPC is forgotten after the wait"},
};

SUITE_OF(suite_ipc, "IPC", 1, cases);
