/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * crowd.c - IPC-05n: a thousand threads that want something of one.
 */
#include "conf.h"
#include "suites.h"

#define CROWD      1000u
#define FIRST      200u /* thread number, from the first of user threads on: above the suite's */
#define STACK_LOG2 9
#define AREA       0x50000000ul
#define AREA_LOG2  21

static L4_ThreadId_t target;
static volatile word_t sent, errors, wrong;

static void member(void)
{
	abi_word_t from, tag = __l4_ipc(target.raw, ABI_NILTHREAD, TAG(9, 0, S_BLOCK), &from);

	if (!(tag & ABI_TAG_ERROR))
		sent++;
	else if (L4_ErrorCode() == ABI_IPC_ERROR(L4_ErrCanceled, L4_ErrSendPhase))
		errors++;
	else
		wrong++;
	for (;;)
		L4_Stop_Thread(L4_Myself());
}

static L4_ThreadId_t member_id(unsigned i)
{
	return L4_GlobalId(L4_ThreadIdUserBase(kip) + FIRST + i, 1);
}

/* Member i, in the space of the first, begins to send. */
static void member_start(unsigned i, word_t stacks, L4_Fpage_t kip_area)
{
	L4_ThreadId_t id = member_id(i), first = member_id(0);
	word_t utcb = AREA + i * L4_UtcbSize(kip), old;
	L4_MsgTag_t tag;

	CHECK(thread_control(id, first, L4_Myself(), L4_nilthread, NO_UTCB),
	      "no thread %u: error %lu", i, L4_ErrorCode());
	if (i == 0) {
		L4_Fpage_t f = L4_FpageLog2(AREA, AREA_LOG2);

		CHECK(L4_SpaceControl(id, 0, kip_area, f, &old), "no areas: error %lu",
		      L4_ErrorCode());
		space_map_program(id);
	}
	CHECK(thread_control(id, first, L4_nilthread, L4_Myself(), (void *)utcb),
	      "thread %u can't be activated: error %lu", i, L4_ErrorCode());
	L4_LoadMR(1, (word_t)member);
	L4_LoadMR(2, stacks + ((i + 1) << STACK_LOG2) - (sizeof(word_t) == 4 ? 4 : 0));
	tag = L4_Ipc(id, L4_nilthread, __L4_VALUE(L4_MsgTag_t, TAG(0, 2, 0)), NULL);
	CHECK(L4_IpcSucceeded(tag), "thread %u can't be started: error %lu", i, L4_ErrorCode());
}

/* All members wait to send to w. */
static void gather(struct worker *w)
{
	unsigned log2 = STACK_LOG2 + 10;
	uint64_t frame;
	void *stacks = pages_new(log2, &frame);
	L4_Fpage_t f = L4_FpageLog2((word_t)stacks, (int)log2);

	target = w->id;
	sent = errors = wrong = 0;
	for (unsigned i = 0; i < CROWD; i++) {
		member_start(i, (word_t)stacks, w->space->kip_area);
		if (i == 0) {
			L4_Set_Rights(&f, L4_ReadWriteOnly);
			CHECK(L4_MapFpage(member_id(0), f, L4_PhysDesc(frame, L4_DefaultMemory)),
			      "no stacks: error %lu", L4_ErrorCode());
		}
	}
	settle();
	CHECK(!sent && !errors && !wrong, "%lu did not wait", sent + errors + wrong);
	check_eq("state of the last one", state_of(member_id(CROWD - 1)),
		 L4_SCHEDRESULT_PENDING_SEND);
}

static void dissolve(void)
{
	for (unsigned i = CROWD; i-- > 0;)
		CHECK(thread_delete(member_id(i)), "deleting %u: error %lu", i, L4_ErrorCode());
}

static void all_are_served(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	gather(w);
	for (unsigned i = 0; i < CROWD; i++) {
		CHECK(run_ipc(w, L4_nilthread, L4_anythread, 0), "the receive blocks");
		check_ipc_received(w, TAG(9, 0, 0), member_id(i), 0);
	}
	settle();
	check_eq("messages", sent, CROWD);
	dissolve();
}

static void receiver_deleted(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	gather(w);
	CHECK(thread_delete(w->id), "deleting the receiver: error %lu", L4_ErrorCode());
	settle();
	check_eq("senders that were told", errors, CROWD);
	dissolve();
}

/* The senders' space goes, one by one, from the front of the queue. */
static void senders_deleted(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	gather(w);
	for (unsigned i = 0; i < CROWD; i++)
		CHECK(thread_delete(member_id(i)), "deleting %u: error %lu", i, L4_ErrorCode());
	(void)run_ipc(w, L4_nilthread, L4_anythread, 0);
	check_ipc_error(w, L4_ErrNoPartner, L4_ErrRecvPhase);
}

static const struct conf_case cases[] = {
    {all_are_served, "a thousand senders are served in order"},
    {receiver_deleted, "the receiver of a thousand senders is deleted"},
    {senders_deleted, "a thousand senders are deleted"},
};

SUITE_OF(suite_crowd, "IPC", 50, cases);
