/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * thread_delete.c - THR-1nn: deleting a thread in each state it can be in, and who had to do
 * with it goes on.
 */
#include "map.h"
#include "party.h"
#include "suites.h"

static const enum party_kind kinds[] = {P_OPEN,     P_CLOSED,    P_HALTED_OPEN, P_READY,
					P_HALTED,   P_ELSEWHERE, P_SENDING_US,  P_SENDING_ELSE,
					P_WAITNOTE, P_INACTIVE,  P_UNSTARTED};

/* States beside those of parties. */
static const char *const extra_names[] = {"a thread that waits to report a page fault",
					  "a thread that waits for its pager's answer"};

#define ROWS (ARRAY_SIZE(kinds) + ARRAY_SIZE(extra_names))

static L4_ThreadId_t faulting(struct space *sp, bool taken)
{
	struct worker *w = worker_new(sp, PRIO_WORKER);

	L4_Set_PagerOf(w->id, L4_Myself());
	w->arg[0] = MAP_AT;
	start(w, op_read);
	settle();
	CHECK(!finished(w), "the victim does not fault");
	if (taken)
		CHECK(L4_IpcSucceeded(L4_Receive_Nonblocking(w->id)), "there is no fault message");
	return w->id;
}

/* Four threads wait for the victim in each way there is; then it goes. */
static void play(unsigned row, struct space *sp, struct space *others)
{
	struct worker *subject = worker_new(sp, PRIO_WORKER);
	struct worker *third = worker_new(others, PRIO_WORKER), *w[4];
	L4_ThreadId_t victim;

	if (row < ARRAY_SIZE(kinds))
		victim = party_new(kinds[row], subject, others, third, ABI_ACCEPT_NOTIFY).id;
	else
		victim = faulting(others, row > ARRAY_SIZE(kinds));
	for (unsigned i = 0; i < ARRAY_SIZE(w); i++)
		w[i] = worker_new(i & 1 ? sp : others, PRIO_WORKER + i);
	if (row >= ARRAY_SIZE(kinds) || kinds[row] == P_INACTIVE || kinds[row] == P_UNSTARTED ||
	    kinds[row] == P_HALTED || kinds[row] == P_ELSEWHERE) {
		(void)run_ipc(w[0], victim, L4_nilthread, TAG(1, 1, S_BLOCK));
		(void)run_ipc(w[1], victim, victim, TAG(1, 1, S_BLOCK | R_BLOCK));
	}
	if (kinds[row % ARRAY_SIZE(kinds)] != P_SENDING_US || row >= ARRAY_SIZE(kinds)) {
		(void)run_ipc(w[2], L4_nilthread, victim, R_BLOCK);
		(void)run_ipc(w[3], L4_nilthread, victim, R_BLOCK);
	}
	CHECK(thread_delete(victim), "deleting: error %lu", L4_ErrorCode());
	settle();
	for (unsigned i = 0; i < ARRAY_SIZE(w); i++) {
		CHECK(finished(w[i]), "a thread that waited for the victim still waits");
		if (w[i]->given == 0)
			continue;
		if (i < 2)
			check_ipc_error(w[i], L4_ErrCanceled, L4_ErrSendPhase);
		else
			check_ipc_error(w[i], L4_ErrNonExist, L4_ErrRecvPhase);
	}
	CHECK(!state_of(victim), "the victim is still there");
	check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidThread);
	(void)run_ipc(subject, L4_nilthread, L4_anythread, 0);
	check_ipc_error(subject, L4_ErrNoPartner, L4_ErrRecvPhase);
	(void)run_ipc(third, L4_nilthread, L4_anythread, 0);
	check_ipc_error(third, L4_ErrNoPartner, L4_ErrRecvPhase);
}

static void run_row(unsigned row)
{
	struct space *a = space_new(), *b;

	context("one space");
	play(row, a, a);
	context("two spaces");
	a = space_new();
	b = space_new();
	play(row, a, b);
}

static void title_row(unsigned row, char *buf, size_t size)
{
	snprintf(buf, size, "delete %s",
		 row < ARRAY_SIZE(kinds) ? party_traits[kinds[row]].name
					 : extra_names[row - ARRAY_SIZE(kinds)]);
}

SUITE_ROWS(suite_thread_delete, "THR", 100, ROWS, run_row, title_row);
