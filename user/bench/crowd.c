/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * crowd.c - threads and spaces that are just there.
 *
 * A quarter of the threads are ready, with low priorities; the others wait for their start.
 */
#include <l4/ipc.h>
#include <l4/schedule.h>
#include <l4/thread.h>

#include "bench.h"
#include "ops.h"

#define NOWHERE 0x1000ul /* where they would run */

#define READY(i) ((i) % 4 == 0)

static unsigned threads = 1, spaces = 1;

unsigned crowd_threads(void)
{
	return threads;
}

unsigned crowd_spaces(void)
{
	return spaces;
}

/* False: there is no such thread number. */
static bool member(unsigned i, unsigned n_spaces)
{
	L4_ThreadId_t id = id_number(CROWD_IDS + i), owner = id_number(CROWD_IDS + i % n_spaces);
	char *utcbs = (char *)L4_Address(peer_utcb_area());

	if (i < n_spaces) {
		MUST(op_space_create(id, peer_kip_area(), peer_utcb_area()));
		spaces++;
	} else if (!op_thread_create(id, owner, utcbs + i / n_spaces * sizeof(struct abi_utcb))) {
		MUST(L4_ErrorCode() == L4_ErrInvalidThread);
		return false;
	}
	threads++;
	if (READY(i)) {
		MUST(L4_Set_Priority(id, 1 + i % 64));
		L4_LoadMR(1, NOWHERE);
		L4_LoadMR(2, NOWHERE);
		L4_Set_MsgTag(op_tag(2, 0));
		MUST(L4_IpcSucceeded(L4_Send_Nonblocking(id)));
	}
	return true;
}

void crowd_make(unsigned n_threads, unsigned n_spaces)
{
	for (unsigned i = threads - 1; i + 1 < n_threads && member(i, n_spaces - 1); i++)
		;
}

/* The last of all to run. */
static void last(void)
{
	L4_Set_MsgTag(op_tag(0, 0));
	(void)L4_Send(job.director);
	sleep_forever();
}

/* The ready ones fault, as nothing is mapped where they run, and so send to their pager. Of the
 * others, every second is made again, with another pager, for whose message it then waits. */
void crowd_await(L4_ThreadId_t whom)
{
	char *utcbs = (char *)L4_Address(peer_utcb_area());
	unsigned n_spaces = spaces - 1;
	L4_ThreadId_t id;

	for (unsigned i = 0; i + 1 < threads; i++) {
		id = id_number(CROWD_IDS + i);
		if (READY(i)) {
			L4_Set_PagerOf(id, whom);
		} else if (i >= n_spaces && i % 2) {
			MUST(op_thread_delete(id));
			MUST(L4_ThreadControl(id, id_number(CROWD_IDS + i % n_spaces), L4_Myself(),
					      whom, L4_anythread, L4_anythread,
					      utcbs + i / n_spaces * sizeof(struct abi_utcb)));
		}
	}
	job.director = L4_Myself();
	id = rt_thread_spawn(0, last, 0);
	MUST(!L4_IsNilThread(id));
	MUST(L4_IpcSucceeded(L4_Receive(id)));
	rt_thread_delete(id);
}
