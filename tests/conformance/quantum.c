/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * quantum.c - QTM-0nn: total quanta, and the message when one is spent.
 */
#include "conf.h"
#include "suites.h"

#define KEEP    ALL_ONES
#define QUANTUM 2000

static void set_quantum(const struct worker *w, word_t us)
{
	CHECK(L4_Schedule(w->id, KEEP, us, KEEP, KEEP, NULL, NULL), "Schedule: error %lu",
	      L4_ErrorCode());
}

static word_t quantum_left(const struct worker *w)
{
	word_t q = 0;

	CHECK(L4_Schedule(w->id, KEEP, KEEP, KEEP, KEEP, NULL, &q), "Schedule: error %lu",
	      L4_ErrorCode());
	return q;
}

/* A spinner with a quantum, whose scheduler is the case. */
static struct worker *spinner(struct space *sp, word_t quantum)
{
	struct worker *w = worker_new(sp, PRIO_WORKER);

	start(w, op_spin);
	set_quantum(w, quantum);
	return w;
}

/* Wait for the message that w's quantum is spent. */
static void expiry(const struct worker *w)
{
	L4_MsgTag_t tag = L4_Receive(w->id);

	CHECK(L4_IpcSucceeded(tag), "no message: ErrorCode %lx", L4_ErrorCode());
	check_eq("protocol", (word_t)L4_Protocol(tag), (word_t)L4_ProtocolQuantum);
	check_eq("low bits of the label", L4_Label(tag) & 0xf, 0);
	check_eq("words", L4_UntypedWords(tag), 0);
	check_eq("state", state_of(w->id), L4_SCHEDRESULT_WAITING);
}

static void answer(const struct worker *w)
{
	L4_Set_MsgTag(L4_Niltag);
	CHECK(L4_IpcSucceeded(L4_Reply(w->id)), "the answer: ErrorCode %lx", L4_ErrorCode());
}

static void spent(void)
{
	struct worker *w = spinner(space_new(), QUANTUM);
	word_t loops;

	expiry(w);
	loops = w->result[0];
	CHECK(loops > 100, "%lu loops in %u us", loops, QUANTUM);
	check_eq("quantum left", quantum_left(w), 0);
	settle();
	check_eq("loops while it waits", w->result[0], loops);
}

/* Refilled and answered, it runs for another quantum. */
static void refill(void)
{
	struct worker *w = spinner(space_new(), QUANTUM);
	word_t first, second;

	expiry(w);
	first = w->result[0];
	set_quantum(w, 4 * QUANTUM);
	CHECK(quantum_left(w) > 4 * QUANTUM - 200, "%lu us are left", quantum_left(w));
	answer(w);
	expiry(w);
	second = w->result[0] - first;
	CHECK(second > 2 * first && second < 8 * first,
	      "%lu loops in the first quantum, %lu in one four times as long", first, second);
}

/* Answered without a refill, it is spent again at once. */
static void no_refill(void)
{
	struct worker *w = spinner(space_new(), QUANTUM);
	word_t loops;

	expiry(w);
	loops = w->result[0];
	answer(w);
	expiry(w);
	CHECK(w->result[0] - loops < loops / 2, "%lu loops, then %lu without a quantum", loops,
	      w->result[0] - loops);
}

/* A write refills it, too, before it is spent. */
static void write_refills(void)
{
	struct worker *w = worker_new(space_new(), PRIO_SPIN);
	word_t q;

	start(w, op_spin);
	CHECK(L4_Schedule(w->id, 1000, 100000, KEEP, PRIO_CASE, NULL, NULL), "Schedule");
	for (unsigned i = 0; i < 4; i++)
		L4_Yield();
	q = quantum_left(w);
	CHECK(q < 99500 && q > 50000, "after four slices of 1000 us %lu of 100000 are left", q);
	set_quantum(w, 100000);
	CHECK(quantum_left(w) > 99800, "%lu us are left", quantum_left(w));
	set_quantum(w, 0);
	check_eq("an infinite quantum", quantum_left(w), 0);
	q = w->result[0];
	for (unsigned i = 0; i < 4; i++)
		L4_Yield();
	CHECK(w->result[0] > q, "it does not run with an infinite quantum");
}

/* Only the time it runs counts. */
static void only_running_counts(void)
{
	struct space *sp = space_new();
	struct worker *w = worker_new(sp, PRIO_WORKER), *other = worker_new(sp, PRIO_WORKER);
	uint64_t end;
	word_t q;

	set_quantum(w, 50000);
	CHECK(!run_ipc(w, L4_nilthread, other->id, R_BLOCK), "it does not wait");
	q = quantum_left(w);
	/* A while in which it is blocked, and one in which it is preempted. */
	end = __l4_ticks() + (uint64_t)kip->clock_khz * 60;
	while (__l4_ticks() < end)
		;
	check_eq("quantum left after waiting", quantum_left(w), q);
	(void)run_ipc(other, w->id, L4_nilthread, TAG(1, 1, 0));
	check_ipc_received(w, TAG(1, 1, 0), other->id, other->seed);
	CHECK(quantum_left(w) > 30000, "%lu us are left", quantum_left(w));
}

/* Nobody takes the message: it waits with it. */
static void scheduler_is_busy(void)
{
	struct worker *w = spinner(space_new(), QUANTUM);

	settle();
	check_eq("state", state_of(w->id), L4_SCHEDRESULT_PENDING_SEND);
	expiry(w);
}

/* The scheduler is gone: the thread is halted. */
static void scheduler_is_dead(void)
{
	struct worker *s = worker_new(space_new(), PRIO_WORKER);
	struct worker *w = spinner(space_new(), QUANTUM);
	L4_ThreadState_t state;
	word_t loops;

	CHECK(thread_control(w->id, w->id, s->id, L4_nilthread, NO_UTCB), "error %lu",
	      L4_ErrorCode());
	CHECK(thread_delete(s->id), "deleting: error %lu", L4_ErrorCode());
	settle();
	loops = w->result[0];
	CHECK(loops > 100, "%lu loops", loops);
	state = L4_Stop(w->id);
	CHECK(L4_ThreadWasHalted(state) && !L4_ThreadWasIpcing(state), "its state is %lx",
	      state.raw);
}

/* The scheduler is deleted while the thread waits for its answer. */
static void scheduler_dies(void)
{
	struct worker *s = worker_new(space_new(), PRIO_WORKER);
	struct worker *w = spinner(space_new(), QUANTUM);
	L4_ThreadState_t state;

	CHECK(thread_control(w->id, w->id, s->id, L4_nilthread, NO_UTCB), "error %lu",
	      L4_ErrorCode());
	(void)run_ipc(s, L4_nilthread, L4_anythread, R_BLOCK);
	CHECK(finished(s), "the scheduler got no message");
	check_eq("sender of the message", s->result[IPC_FROM], w->id.raw);
	CHECK(thread_delete(s->id), "deleting: error %lu", L4_ErrorCode());
	settle();
	state = L4_Stop(w->id);
	CHECK(L4_ThreadWasHalted(state) && !L4_ThreadWasIpcing(state), "its state is %lx",
	      state.raw);
}

static void own_scheduler(void)
{
	struct worker *w = spinner(space_new(), QUANTUM);
	L4_ThreadState_t state;

	CHECK(thread_control(w->id, w->id, w->id, L4_nilthread, NO_UTCB), "error %lu",
	      L4_ErrorCode());
	settle();
	state = L4_Stop(w->id);
	CHECK(L4_ThreadWasHalted(state), "its state is %lx", state.raw);
}

/* Its own message registers are not touched by the message in its name. */
static void op_spin_in_registers(struct worker *w)
{
	volatile abi_word_t *mr = __l4_utcb()->mr;
	uint64_t end = __l4_ticks() + w->arg[0];

	for (unsigned i = 0; i < ABI_MRS; i++)
		mr[i] = pattern(w->seed, i);
	while (__l4_ticks() < end)
		;
	for (unsigned i = 0; i < ABI_MRS; i++)
		w->mr[i] = mr[i];
}

static void registers_stay(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);
	word_t rounds = 0;

	w->arg[0] = kip->clock_khz * 10; /* of ticks: a few milliseconds, on any clock */
	start(w, op_spin_in_registers);
	set_quantum(w, 500);
	while (rounds++ < 1000) {
		settle();
		if (finished(w))
			break;
		expiry(w);
		set_quantum(w, 500);
		answer(w);
	}
	CHECK(rounds > 1, "its quantum was never spent");
	CHECK(finished(w), "it did not end");
	for (unsigned i = 0; i < ABI_MRS; i++)
		check_eq("a message register", w->mr[i], pattern(w->seed, i));
}

/* An abort ends the wait; the quantum is as it was, so it is spent again. */
static void abort_waiting(void)
{
	struct worker *w = spinner(space_new(), QUANTUM);
	word_t loops;

	expiry(w);
	loops = w->result[0];
	L4_Start(w->id);
	expiry(w);
	CHECK(w->result[0] - loops < loops / 2, "%lu loops, then %lu without a quantum", loops,
	      w->result[0] - loops);
}

static const struct conf_case cases[] = {
    {spent, "a spent quantum is a message to the scheduler"},
    {refill, "a refill and an answer"},
    {no_refill, "an answer without a refill"},
    {write_refills, "writing the quantum refills it"},
    {only_running_counts, "only the time a thread runs counts"},
    {scheduler_is_busy, "the scheduler does not wait for the message"},
    {scheduler_is_dead, "the scheduler is gone"},
    {scheduler_dies, "the scheduler goes with the message"},
    {own_scheduler, "a thread is its own scheduler"},
    {registers_stay, "message registers survive"},
    {abort_waiting, "aborting the wait for the answer"},
};

SUITE_OF(suite_quantum, "QTM", 1, cases);
