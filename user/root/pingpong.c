/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * pingpong.c - messages between two threads: in one space, and in two.
 *
 * Ping is always a thread of the root task; pong is one too, or the thread of the other
 * space. First each length is sent once, with contents that pong changes and ping checks;
 * then it is timed.
 */
#include <l4/ipc.h>
#include <rt/stdio.h>
#include <rt/time.h>

#include "root.h"

#define ROUNDS      1000u
#define CHECK_LABEL 1 /* pong answers with the complement of each word */

static const unsigned lengths[] = {0, 4, 8, 16, 32, 63};
#define LENGTHS (sizeof(lengths) / sizeof(lengths[0]))

/* What ping is to do and what came of it. */
static struct {
	L4_ThreadId_t director, pong;
	uint64_t ticks[LENGTHS];
	unsigned wrong; /* words; a failed IPC counts as 64 */
} job;

/* In the other space there is no data of the root task: registers and stack only. */
static void pong(void)
{
	L4_ThreadId_t from;
	L4_MsgTag_t tag = L4_Wait(&from);

	for (;;) {
		if (L4_Label(tag) == CHECK_LABEL) {
			for (int i = 1; i <= (int)L4_UntypedWords(tag); i++) {
				L4_Word_t w;

				L4_StoreMR(i, &w);
				L4_LoadMR(i, ~w);
			}
		}
		L4_Clear_SendBlock(&tag);
		L4_Set_ReceiveBlock(&tag);
		tag = L4_Ipc(from, L4_anythread, tag, &from);
	}
}

static L4_MsgTag_t call_tag(L4_Word_t label, unsigned words)
{
	L4_MsgTag_t tag = __L4_VALUE(L4_MsgTag_t, (L4_Word_t)words);

	L4_Set_Label(&tag, label);
	L4_Set_SendBlock(&tag);
	L4_Set_ReceiveBlock(&tag);
	return tag;
}

static unsigned check_length(unsigned words)
{
	unsigned wrong = 0;
	L4_MsgTag_t tag;

	for (unsigned i = 1; i < __L4_NUM_MRS; i++)
		L4_LoadMR((int)i, i * 0x01010101u);
	tag = L4_Ipc(job.pong, job.pong, call_tag(CHECK_LABEL, words), NULL);
	if (L4_IpcFailed(tag) || L4_UntypedWords(tag) != words || L4_Label(tag) != CHECK_LABEL)
		return __L4_NUM_MRS;
	for (unsigned i = 1; i < __L4_NUM_MRS; i++) {
		L4_Word_t w, sent = i * 0x01010101u;

		L4_StoreMR((int)i, &w);
		wrong += w != (i <= words ? ~sent : sent);
	}
	return wrong;
}

static uint64_t time_length(unsigned words)
{
	const L4_MsgTag_t tag = call_tag(0, words);
	const L4_ThreadId_t partner = job.pong;
	L4_MsgTag_t result;
	uint64_t start;

	L4_Ipc(partner, partner, tag, NULL);
	start = __l4_ticks();
	for (unsigned i = 0; i < ROUNDS; i++) {
		result = L4_Ipc(partner, partner, tag, NULL);
		if (L4_IpcFailed(result)) {
			job.wrong += __L4_NUM_MRS;
			break;
		}
	}
	return rt_ticks_since(start);
}

static void ping(void)
{
	for (unsigned i = 0; i < LENGTHS; i++) {
		job.wrong += check_length(lengths[i]);
		job.ticks[i] = time_length(lengths[i]);
	}
	finish(job.director);
}

static void report_lengths(const char *space)
{
	unsigned long long calib = measure_calibration();

	for (unsigned i = 0; i < LENGTHS; i++) {
		unsigned long long trip = measure_insn(job.ticks[i], 10, ROUNDS);
		unsigned long long half = measure_insn(job.ticks[i], 5, ROUNDS);

		if (trip == MEASURE_UNKNOWN)
			return;
		printf("[ipc] space=%s words=%u round_trip_insn=%llu.%llu one_way=%llu.%llu "
		       "calib=%llu.%06llu\n",
		       space, lengths[i], trip / 10, trip % 10, half / 10, half % 10,
		       calib / 1000000, calib % 1000000);
	}
}

static bool run(const char *name, const char *space, L4_ThreadId_t partner)
{
	L4_ThreadId_t thread;
	L4_MsgTag_t tag;

	job.director = L4_Myself();
	job.pong = partner;
	job.wrong = 0;
	thread = rt_thread_spawn(PRIO_PEER, ping, 0);
	EXPECT(name, !L4_IsNilThread(thread));
	if (!await(name, thread, &tag))
		return false;
	rt_thread_delete(thread);
	EXPECT(name, job.wrong == 0);

	report_lengths(space);
	report_pass(name, measure_insn(job.ticks[0], 1, ROUNDS),
		    "%u calls with 0 to 63 words, all of them right",
		    (ROUNDS + 2) * (unsigned)LENGTHS);
	return true;
}

bool show_ipc(void)
{
	L4_ThreadId_t partner = rt_thread_spawn(PRIO_PEER, pong, 0);
	struct child child;
	bool ok;

	EXPECT("ipc-intra", !L4_IsNilThread(partner));
	if (!run("ipc-intra", "intra", partner))
		return false;
	rt_thread_delete(partner);

	EXPECT("ipc-inter", child_create(&child, pong, 0));
	ok = run("ipc-inter", "inter", child.thread);
	if (ok)
		child_delete(&child);
	return ok;
}
