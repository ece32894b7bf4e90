/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * utcb.c - UTC-0nn: thread control registers and message registers.
 */
#include "map.h"
#include "suites.h"

static void op_identity(struct worker *w)
{
	w->result[0] = L4_MyGlobalId().raw;
	w->result[1] = L4_Myself().raw;
	w->result[2] = (word_t)__l4_utcb();
	w->result[3] = L4_ProcessorNo();
	w->result[4] = L4_UserDefinedHandle();
	w->result[5] = L4_Pager().raw;
	w->result[6] = L4_ExceptionHandler().raw;
}

static void identity(void)
{
	struct space *sp[] = {space_new(), space_new(), &root_space};

	for (unsigned i = 0; i < 2 * ARRAY_SIZE(sp); i++) {
		struct worker *w = worker_new(sp[i / 2], PRIO_WORKER);

		run(w, op_identity);
		check_eq("MyGlobalId", w->result[0], w->id.raw);
		check_eq("Myself", w->result[1], w->id.raw);
		check_eq("address of the UTCB", w->result[2], (word_t)utcb_place(w->space, w->id));
		CHECK(w->result[3] < L4_NumProcessors(kip), "ProcessorNo %lu", w->result[3]);
		check_eq("UserDefinedHandle", w->result[4], (word_t)w);
		check_eq("Pager", w->result[5], ABI_NILTHREAD);
		check_eq("ExceptionHandler", w->result[6], ABI_NILTHREAD);
	}
}

static void op_write_registers(struct worker *w)
{
	L4_Set_UserDefinedHandle(w->seed + 1);
	L4_Set_Pager(__L4_VALUE(L4_ThreadId_t, w->seed + 2));
	L4_Set_ExceptionHandler(__L4_VALUE(L4_ThreadId_t, w->seed + 3));
	L4_Set_NotifyBits(w->seed + 4);
	__L4_TCR_Set_ErrorCode(w->seed + 5);
	for (word_t i = 0; i < ABI_UTCB_TLS_WORDS; i++)
		__L4_TCR_Set_ThreadWord(i, w->seed + 6 + i);
}

static void op_check_registers(struct worker *w)
{
	bool ok = L4_UserDefinedHandle() == w->seed + 1 && L4_Pager().raw == w->seed + 2 &&
		  L4_ExceptionHandler().raw == w->seed + 3 && L4_Get_NotifyBits() == w->seed + 4;

	for (word_t i = 0; i < ABI_UTCB_TLS_WORDS; i++)
		ok = ok && __L4_TCR_ThreadWord(i) == w->seed + 6 + i;
	w->result[0] = ok;
}

/* Each thread has its own, and keeps them while others run. */
static void own_registers(void)
{
	struct space *sp = space_new();
	struct worker *w[6];

	for (unsigned i = 0; i < ARRAY_SIZE(w); i++) {
		w[i] = worker_new(i < 3 ? sp : i < 5 ? space_new() : &root_space, PRIO_WORKER);
		w[i]->seed = 0x1000 * (i + 1);
	}
	for (unsigned i = 0; i < ARRAY_SIZE(w); i++)
		run(w[i], op_write_registers);
	for (unsigned i = 0; i < 3 * ARRAY_SIZE(w); i++) {
		run(w[i % ARRAY_SIZE(w)], op_check_registers);
		check_eq("registers are as they were", w[i % ARRAY_SIZE(w)]->result[0], 1);
	}
	check_eq("handle, as ExchangeRegisters sees it", L4_UserDefinedHandleOf(w[0]->id),
		 w[0]->seed + 1);
	check_eq("pager, as ExchangeRegisters sees it", L4_PagerOf(w[0]->id).raw, w[0]->seed + 2);
}

/* What a thread writes over its id fools nobody but itself. */
static void op_forge(struct worker *w)
{
	__l4_utcb()->my_id = w->arg[0];
	__l4_utcb()->processor = 77;
}

static void forged_id(void)
{
	struct space *sp = space_new();
	struct worker *w = worker_new(sp, PRIO_WORKER), *to = worker_new(sp, PRIO_WORKER);

	w->arg[0] = L4_Myself().raw;
	run(w, op_forge);
	(void)run_ipc(to, L4_nilthread, L4_anythread, R_BLOCK);
	(void)run_ipc(w, to->id, L4_nilthread, TAG(1, 1, 0));
	check_ipc_received(to, TAG(1, 1, 0), w->id, w->seed);
	/* Nor does it make it privileged. */
	w->arg[0] = ABI_SYS_MAP_CONTROL;
	w->arg[1] = w->id.raw;
	w->arg[2] = 0;
	run(w, op_syscall);
	check_eq("ErrorCode", w->error, L4_ErrNoPrivilege);
}

/* System calls other than IPC leave the message registers alone. */
static void op_calls(struct worker *w)
{
	volatile abi_word_t *mr = __l4_utcb()->mr;
	word_t x;

	for (unsigned i = 0; i < ABI_MRS; i++)
		mr[i] = pattern(w->seed, i);
	(void)L4_GetKernelInterface();
	L4_Yield();
	(void)L4_UserDefinedHandleOf(w->id);
	(void)L4_Schedule(w->id, ALL_ONES, ALL_ONES, ALL_ONES, ALL_ONES, &x, &x);
	(void)L4_ThreadControl(w->id, w->id, w->id, w->id, L4_nilthread, L4_nilthread, NO_UTCB);
	(void)L4_SpaceControl(w->id, 0, L4_Nilpage, L4_Nilpage, &x);
	(void)L4_MapControl(w->id, L4_MapCtrl_Read);
	(void)L4_ProcessorControl(0, 0, 0, 0);
	for (unsigned i = 0; i < ABI_MRS; i++)
		w->mr[i] = mr[i];
}

static void other_calls(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	run(w, op_calls);
	for (unsigned i = 0; i < ABI_MRS; i++)
		check_eq("a message register", w->mr[i], pattern(w->seed, i));
}

/* A thread of another space can't see it, one of the same can. */
static void who_sees_it(void)
{
	struct map_scene s = map_scene_new();
	struct worker *same = worker_new(s.space, PRIO_WORKER);
	struct worker *other = worker_new(space_new(), PRIO_WORKER);
	word_t at = (word_t)utcb_place(s.space, s.w->id);

	check_no_fault("a thread of the same space", probe(same, op_read, at, 0));
	check_eq("MyGlobalId that it reads", same->result[0], s.w->id.raw);
	(void)probe(other, op_read, at, 0);
	CHECK(other->result[0] != s.w->id.raw, "a thread of another space sees the UTCB");
}

/* With only one thread in the space, the pages around its UTCB are not there. */
static void only_what_is_used(void)
{
	struct map_scene s = map_scene_new();
	word_t page = (word_t)utcb_place(s.space, s.w->id) & ~(PAGE - 1);

	check_no_fault("its own page", probe(s.w, op_read, page, 0));
	check_fault("the page behind", probe(s.w, op_read, page + PAGE, 0), L4_Readable,
		    page + PAGE);
}

static void processor_control(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	CHECK(!L4_ProcessorControl(0, 1000, 1000, 1000), "ProcessorControl succeeded");
	check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidParam);
	CHECK(!L4_ProcessorControl(99, 0, 0, 0), "ProcessorControl succeeded");
	check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidParam);
	w->arg[0] = ABI_SYS_PROC_CONTROL;
	run(w, op_syscall);
	check_eq("ErrorCode", w->error, L4_ErrNoPrivilege);
}

static const struct conf_case cases[] = {
    {identity, "who a thread is"},
    {own_registers, "control registers and thread-local words are kept"},
    {forged_id, "a forged MyGlobalId"},
    {other_calls, "other system calls leave message registers alone"},
    {who_sees_it, "who sees a UTCB"},
    {only_what_is_used, "unused pages of the UTCB area are not there"},
    {processor_control, "ProcessorControl"},
};

SUITE_OF(suite_utcb, "UTC", 1, cases);
