/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * schedule.c - SCH-0nn: Schedule, ThreadSwitch, slices, the preemption callback. SCH-1nn: the
 * state that Schedule returns of every kind of thread.
 */
#include "party.h"
#include "suites.h"

#define KEEP ALL_ONES

/* Schedule by the case succeeds; what is left of slice and quantum. */
static void set(const struct worker *w, word_t slice, word_t quantum, word_t prio)
{
	CHECK(L4_Schedule(w->id, slice, quantum, KEEP, prio, NULL, NULL),
	      "Schedule failed with error %lu", L4_ErrorCode());
}

static void left(const struct worker *w, word_t *slice, word_t *quantum)
{
	CHECK(L4_Schedule(w->id, KEEP, KEEP, KEEP, KEEP, slice, quantum),
	      "Schedule failed with error %lu", L4_ErrorCode());
}

static void refused(const char *what, word_t state, word_t error)
{
	CHECK(state == L4_SCHEDRESULT_ERROR, "%s: Schedule succeeded", what);
	check_eq(what, L4_ErrorCode(), error);
}

/* ---- arguments ---------------------------------------------------------------------------- */

static void priorities(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	for (word_t prio = 0; prio <= 255; prio++)
		check_eq("state", L4_Set_Priority(w->id, prio), L4_SCHEDRESULT_RUNNING);
	refused("priority 256", L4_Set_Priority(w->id, 256), L4_ErrInvalidParam);
	refused("priority -2", L4_Set_Priority(w->id, ALL_ONES - 1), L4_ErrInvalidParam);
	refused("priority 2^31", L4_Set_Priority(w->id, 0x80000000ul), L4_ErrInvalidParam);
}

static void processors(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);
	word_t n = L4_NumProcessors(kip);

	for (word_t no = 0; no < n; no++)
		check_eq("state", L4_Set_ProcessorNo(w->id, no), L4_SCHEDRESULT_RUNNING);
	refused("a processor that isn't", L4_Set_ProcessorNo(w->id, n), L4_ErrInvalidParam);
	refused("processor -2", L4_Set_ProcessorNo(w->id, ALL_ONES - 1), L4_ErrInvalidParam);
}

/* Slices and quanta: read back, rounded up to the precision. */
static void times(void)
{
	static const word_t values[] = {1, 99, 100, 101, 1000, 12345, 1000000, 0x7fffffff};
	struct worker *w = worker_new(space_new(), PRIO_WORKER);
	word_t unit = L4_SchedulePrecision(kip), s, q;

	left(w, &s, &q);
	check_eq("an infinite slice", s, 0);
	check_eq("an infinite quantum", q, 0);
	for (unsigned i = 0; i < ARRAY_SIZE(values); i++) {
		word_t want = (values[i] + unit - 1) / unit * unit;

		set(w, values[i], values[i], KEEP);
		left(w, &s, &q);
		CHECK(s <= want && s + 2 > want, "slice %lu was set, %lu is left", values[i], s);
		CHECK(q <= want && q + 2 > want, "quantum %lu was set, %lu is left", values[i], q);
	}
	set(w, KEEP, 5000, KEEP);
	left(w, &s, &q);
	CHECK(s > 0x70000000 && q <= 5000 && q > 4990, "slice %lx, quantum %lu", s, q);
	set(w, 3000, KEEP, KEEP);
	left(w, &s, &q);
	CHECK(s <= 3000 && s > 2990 && q <= 5000 && q > 4990, "slice %lu, quantum %lu", s, q);
	set(w, 0, 0, KEEP);
	left(w, &s, &q);
	check_eq("an infinite slice", s, 0);
	check_eq("an infinite quantum", q, 0);
}

/* A call that fails changes nothing. */
static void all_or_nothing(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);
	word_t s, q;

	set(w, 7000, 9000, 55);
	refused("a bad priority", L4_Schedule(w->id, 1000, 1000, 0, 256, NULL, NULL),
		L4_ErrInvalidParam);
	refused("a bad processor", L4_Schedule(w->id, 1000, 1000, 99, 10, NULL, NULL),
		L4_ErrInvalidParam);
	left(w, &s, &q);
	CHECK(s > 6900 && s <= 7000 && q > 8900 && q <= 9000, "slice %lu, quantum %lu", s, q);
	run(w, op_nothing);
}

/* ---- who may -------------------------------------------------------------------------------- */

static void ask(struct worker *caller, const struct worker *w, word_t prio)
{
	caller->arg[1] = w->id.raw;
	caller->arg[2] = caller->arg[3] = caller->arg[4] = KEEP;
	caller->arg[5] = prio;
	run(caller, op_schedule);
}

static void check_asked(const struct worker *caller, word_t error)
{
	check_eq("result of Schedule", caller->result[0],
		 error == ERROR_UNTOUCHED ? L4_SCHEDRESULT_RUNNING : L4_SCHEDRESULT_ERROR);
	check_eq("ErrorCode", caller->error, error);
}

static void rights(void)
{
	struct space *sp = space_new();
	struct worker *w = worker_new(space_new(), PRIO_WORKER);
	struct worker *s = worker_new(sp, PRIO_WORKER), *same = worker_new(sp, PRIO_WORKER);
	struct worker *stranger = worker_new(w->space, PRIO_WORKER);

	CHECK(thread_control(w->id, w->id, s->id, L4_nilthread, NO_UTCB), "error %lu",
	      L4_ErrorCode());
	ask(s, w, KEEP);
	check_asked(s, ERROR_UNTOUCHED);
	ask(same, w, KEEP);
	check_asked(same, ERROR_UNTOUCHED);
	ask(stranger, w, KEEP);
	check_asked(stranger, L4_ErrNoPrivilege);
	ask(w, w, KEEP);
	check_asked(w, L4_ErrNoPrivilege);
	CHECK(thread_delete(s->id), "deleting: error %lu", L4_ErrorCode());
	ask(same, w, KEEP);
	check_asked(same, L4_ErrNoPrivilege);
	refused("the scheduler is gone", L4_Set_Priority(w->id, 1), L4_ErrNoPrivilege);
}

/* Without privilege, no priority above one's own. */
static void own_priority(void)
{
	struct worker *s = worker_new(space_new(), PRIO_WORKER);
	struct worker *w = worker_new(space_new(), 50);

	CHECK(thread_control(w->id, w->id, s->id, L4_nilthread, NO_UTCB), "error %lu",
	      L4_ErrorCode());
	ask(s, w, PRIO_WORKER + 1);
	check_asked(s, L4_ErrNoPrivilege);
	ask(s, w, PRIO_WORKER);
	check_asked(s, ERROR_UNTOUCHED);
	ask(s, w, 3);
	check_asked(s, ERROR_UNTOUCHED);
	ask(s, w, 256);
	check_asked(s, L4_ErrInvalidParam);
}

/* ---- priorities in effect -----------------------------------------------------------------------
 */

static void raise_runs_at_once(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	start(w, op_nothing);
	CHECK(!finished(w), "it ran though it is below the case");
	set(w, KEEP, KEEP, PRIO_CASE);
	CHECK(!finished(w), "it ran though it is not above the case");
	set(w, KEEP, KEEP, PRIO_CASE + 1);
	CHECK(finished(w), "it did not run though it is above the case");
}

static void lower_oneself(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	start(w, op_nothing);
	(void)L4_Set_Priority(L4_Myself(), PRIO_WORKER - 1);
	CHECK(finished(w), "it did not run though the case went below it");
	(void)L4_Set_Priority(L4_Myself(), PRIO_CASE);
}

/* ---- ThreadSwitch
 * ----------------------------------------------------------------------------------- */

static void switch_to_lower(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	/* Ready, it gets the processor, whatever its priority, until it stops. */
	start(w, op_nothing);
	L4_ThreadSwitch(w->id);
	CHECK(finished(w), "ThreadSwitch did not run a ready thread");
}

static void switch_to_nobody(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);
	const L4_ThreadId_t ids[] = {L4_nilthread, L4_anythread,    w->id,        L4_Myself(),
				     id_new(),     id_stale(w->id), L4_waitnotify};

	for (unsigned i = 0; i < ARRAY_SIZE(ids); i++)
		L4_ThreadSwitch(ids[i]); /* returns: nobody else has this priority */
	run(w, op_nothing);
}

static void op_order(struct worker *w)
{
	static volatile word_t order;

	w->result[0] = ++order;
	L4_Yield();
	w->result[1] = ++order;
}

/* Yielding goes round. */
static void yield_goes_round(void)
{
	struct space *sp = space_new();
	struct worker *w[4];

	for (unsigned i = 0; i < ARRAY_SIZE(w); i++)
		w[i] = worker_new(sp, PRIO_WORKER);
	for (unsigned i = 0; i < ARRAY_SIZE(w); i++)
		start(w[i], op_order);
	settle();
	for (unsigned i = 1; i < ARRAY_SIZE(w); i++) {
		check_eq("order before the yield", w[i]->result[0], w[0]->result[0] + i);
		check_eq("order after the yield", w[i]->result[1],
			 w[0]->result[0] + ARRAY_SIZE(w) + i);
	}
}

/* ---- slices
 * ----------------------------------------------------------------------------------------- */

#define SLICE 1000

/* Spinners at the priority of the case, which takes turns with them. */
static void spin(struct worker *w, word_t slice)
{
	start(w, op_spin);
	set(w, slice, KEEP, PRIO_CASE);
}

static void turns(unsigned n)
{
	while (n-- > 0)
		L4_Yield();
}

static void slices_are_equal(void)
{
	struct space *sp = space_new();
	struct worker *a = worker_new(sp, PRIO_SPIN), *b = worker_new(sp, PRIO_SPIN);

	spin(a, SLICE);
	spin(b, SLICE);
	turns(20);
	CHECK(a->result[0] > 100 && b->result[0] > 100, "%lu and %lu loops", a->result[0],
	      b->result[0]);
	CHECK(a->result[0] < 2 * b->result[0] && b->result[0] < 2 * a->result[0],
	      "%lu and %lu loops in equal slices", a->result[0], b->result[0]);
}

static void slices_are_unequal(void)
{
	struct space *sp = space_new();
	struct worker *a = worker_new(sp, PRIO_SPIN), *b = worker_new(sp, PRIO_SPIN);

	spin(a, SLICE);
	spin(b, 4 * SLICE);
	turns(20);
	CHECK(a->result[0] > 100, "%lu loops", a->result[0]);
	CHECK(b->result[0] > 2 * a->result[0] && b->result[0] < 8 * a->result[0],
	      "%lu and %lu loops with slices of %u and %u us", a->result[0], b->result[0], SLICE,
	      4 * SLICE);
}

/* A ready thread of a lower priority gets nothing. */
static void lower_gets_nothing(void)
{
	struct space *sp = space_new();
	struct worker *a = worker_new(sp, PRIO_SPIN), *b = worker_new(sp, PRIO_WORKER);

	start(b, op_spin);
	spin(a, SLICE);
	turns(10);
	CHECK(a->result[0] > 100, "%lu loops", a->result[0]);
	check_eq("loops of the lower thread", b->result[0], 0);
}

static word_t far_end;

static void op_long(struct worker *w)
{
	uint64_t end = __l4_ticks() + w->arg[0];

	while (__l4_ticks() < end)
		w->result[0]++;
	w->result[1] = ++far_end;
}

/* With infinite slices one thread runs to its end before the next of its priority. */
static void infinite_slices(void)
{
	struct space *sp = space_new();
	struct worker *a = worker_new(sp, PRIO_WORKER), *b = worker_new(sp, PRIO_WORKER);

	a->arg[0] = 2000000;
	b->arg[0] = 10;
	start(a, op_long);
	start(b, op_long);
	settle();
	CHECK(finished(a) && finished(b), "they did not end");
	CHECK(a->result[1] < b->result[1], "the second thread ran before the first one's end");
}

/* A thread above preempts, and afterwards the preempted one goes on. */
static void preempted_goes_on(void)
{
	struct space *sp = space_new();
	struct worker *low = worker_new(sp, 50), *high = worker_new(sp, 60);

	(void)run_ipc(high, L4_nilthread, L4_anythread, R_BLOCK);
	(void)run_ipc(low, high->id, L4_nilthread, TAG(1, 1, S_BLOCK));
	check_ipc_sent(low);
	check_ipc_received(high, TAG(1, 1, 0), low->id, low->seed);
	CHECK(high->result[IPC_ORDER] < low->result[IPC_ORDER], "the higher thread ran later");
}

/* ---- the preemption callback
 * -------------------------------------------------------------------------- */

static volatile word_t called_back, preempted_at, preempt_flags;

static void callback(void)
{
	preempted_at = L4_PreemptedIP();
	preempt_flags = __L4_TCR_PreemptFlags();
	called_back++;
	for (;;)
		L4_Yield();
}

static void op_callback_spin(struct worker *w)
{
	L4_Set_PreemptCallbackIP((word_t)callback);
	if (w->arg[0])
		(void)L4_EnablePreemptionCallback();
	op_spin(w);
}

static void preemption_callback(void)
{
	struct worker *w = worker_new(space_new(), PRIO_SPIN);

	called_back = 0;
	w->arg[0] = 1;
	start(w, op_callback_spin);
	set(w, SLICE, KEEP, PRIO_CASE);
	turns(10);
	check_eq("calls of the callback", called_back, 1);
	check_eq("preempt flags", preempt_flags, ABI_PREEMPT_SIGNALLED);
	CHECK(preempted_at - (word_t)op_spin < 256 || preempted_at - (word_t)op_callback_spin < 256,
	      "preempted at %lx; it spun at %lx", preempted_at, (word_t)op_spin);
}

static void no_callback(void)
{
	struct worker *w = worker_new(space_new(), PRIO_SPIN);

	called_back = 0;
	w->arg[0] = 0;
	start(w, op_callback_spin);
	set(w, SLICE, KEEP, PRIO_CASE);
	turns(10);
	CHECK(w->result[0] > 100, "%lu loops", w->result[0]);
	check_eq("calls of the callback", called_back, 0);
}

/* To a thread above it that waits. */
static void op_callback_send(struct worker *w)
{
	abi_word_t from;

	L4_Set_PreemptCallbackIP((word_t)callback);
	(void)L4_EnablePreemptionCallback();
	__l4_utcb()->mr[1] = 1;
	(void)__l4_ipc(w->arg[0], ABI_NILTHREAD, w->arg[1], &from);
}

static void woken_by(word_t tag, uint8_t acceptor, L4_ThreadId_t from)
{
	struct worker *low = worker_new(&root_space, PRIO_SPIN);
	struct worker *high = worker_new(space_new(), PRIO_CASE + 1);

	called_back = 0;
	high->acceptor = acceptor;
	high->mask = 1;
	CHECK(!run_ipc(high, L4_nilthread, from, R_BLOCK), "it did not wait");
	low->arg[0] = high->id.raw;
	low->arg[1] = tag;
	start(low, op_callback_send);
	set(low, KEEP, KEEP, PRIO_CASE);
	turns(4);
	CHECK(finished(high), "it was not woken");
	check_eq("calls of the callback", called_back, 1);
	check_eq("preempt flags", preempt_flags, ABI_PREEMPT_SIGNALLED);
}

static void message_calls_back(void)
{
	woken_by(TAG(7, 1, S_BLOCK), 0, L4_anythread);
}

static void notification_calls_back(void)
{
	woken_by(ABI_TAG_NOTIFY, ABI_ACCEPT_NOTIFY, L4_waitnotify);
}

static const struct conf_case cases[] = {
    {priorities, "priorities 0 to 255 and others"},
    {processors, "numbers of processors"},
    {times, "slices and quanta are read back"},
    {all_or_nothing, "a call that fails changes nothing"},
    {rights, "who may"},
    {own_priority, "no priority above one's own"},
    {raise_runs_at_once, "a thread that is raised above the caller runs"},
    {lower_oneself, "the caller lowers itself"},
    {switch_to_lower, "ThreadSwitch to a ready thread"},
    {switch_to_nobody, "ThreadSwitch to who is not ready"},
    {yield_goes_round, "yielding goes round"},
    {slices_are_equal, "equal slices"},
    {slices_are_unequal, "unequal slices"},
    {lower_gets_nothing, "a lower thread gets nothing"},
    {infinite_slices, "infinite slices"},
    {preempted_goes_on, "a higher thread preempts"},
    {preemption_callback, "the preemption callback comes once"},
    {no_callback, "no callback unless it is enabled"},
    {message_calls_back, "the callback behind a message that preempts"},
    {notification_calls_back, "the callback behind a notification that preempts"},
};

SUITE_OF(suite_schedule, "SCH", 1, cases);

/* ---- SCH-1nn
 * --------------------------------------------------------------------------------------------- */

static word_t state_right(enum party_kind kind)
{
	switch (kind) {
	case P_READY:
	case P_HALTED:
	case P_NOSYNC_READY:
	case P_SELF:
		return L4_SCHEDRESULT_RUNNING;
	case P_SENDING_US:
	case P_SENDING_ELSE:
		return L4_SCHEDRESULT_PENDING_SEND;
	case P_WAITNOTE:
		return L4_SCHEDRESULT_WAIT_NOTIFY;
	case P_INACTIVE:
		return L4_SCHEDRESULT_INACTIVE;
	case P_OPEN:
	case P_CLOSED:
	case P_HALTED_OPEN:
	case P_ELSEWHERE:
	case P_UNSTARTED:
	case P_NOSYNC_OPEN:
		return L4_SCHEDRESULT_WAITING;
	default:
		return L4_SCHEDRESULT_ERROR;
	}
}

static void run_state(unsigned row)
{
	struct space *sp = space_new();
	struct worker *subject = worker_new(sp, PRIO_WORKER), *third = worker_new(sp, PRIO_WORKER);
	struct party p = party_new(row, subject, sp, third, 0);

	check_eq("state", state_of(p.id), state_right(row));
	if (state_right(row) == L4_SCHEDRESULT_ERROR)
		check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidThread);
	/* A new priority, and the state is the same. */
	check_eq("state", L4_Set_Priority(p.id, 77), state_right(row));
	check_eq("state", state_of(p.id), state_right(row));
}

static void title_state(unsigned row, char *buf, size_t size)
{
	snprintf(buf, size, "state of %s", party_traits[row].name);
}

SUITE_ROWS(suite_schedule_states, "SCH", 100, P_SAME, run_state, title_state);
