/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * fault.c - FLT-0nn: page faults. The case is the pager.
 */
#include <l4/cache.h>

#include "arch.h"
#include "map.h"
#include "suites.h"

/* The worker does something that faults; its pager is `pager`. */
static void raise_fault(struct worker *w, void (*op)(struct worker *), word_t at,
			L4_ThreadId_t pager)
{
	L4_Set_PagerOf(w->id, pager);
	w->arg[0] = at;
	w->arg[1] = 0x4242;
	start(w, op);
	settle();
	CHECK(!finished(w), "the access to %lx did not fault", at);
}

/* Take the message of a fault. */
static struct fault take(const struct worker *w)
{
	L4_MsgTag_t tag = L4_Receive_Nonblocking(w->id);
	struct fault f;

	CHECK(L4_IpcSucceeded(tag), "there is no fault message: ErrorCode %lx", L4_ErrorCode());
	check_eq("protocol", (word_t)L4_Protocol(tag), (word_t)L4_ProtocolPageFault);
	check_eq("words", L4_UntypedWords(tag), 2);
	f.access = L4_PageFaultAccess(tag);
	check_eq("low bits of the label", L4_Label(tag) & 0xf, f.access);
	L4_StoreMR(1, &f.address);
	L4_StoreMR(2, &f.ip);
	return f;
}

static void answer(const struct worker *w, word_t tag)
{
	L4_Set_MsgTag(__L4_VALUE(L4_MsgTag_t, tag));
	CHECK(L4_IpcSucceeded(L4_Reply(w->id)), "the answer: ErrorCode %lx", L4_ErrorCode());
	settle();
}

static void check_ip(const struct fault *f, void (*op)(struct worker *))
{
	CHECK(f->ip - (word_t)op < 256, "IP %lx in the message; the access is at %lx", f->ip,
	      (word_t)op);
}

static void check_halted(const struct worker *w)
{
	L4_ThreadState_t s = L4_Stop(w->id);

	CHECK(L4_ThreadWasHalted(s) && !L4_ThreadWasIpcing(s), "its state is %lx", s.raw);
	CHECK(!finished(w), "it went on");
}

/* ---- served --------------------------------------------------------------------------------- */

static void read_fault(void)
{
	struct map_scene s = map_scene_new();
	struct fault f;

	s.page[7] = 0x1357;
	raise_fault(s.w, op_read, MAP_AT + 7 * sizeof(word_t), L4_Myself());
	check_eq("state before the pager has it", state_of(s.w->id), L4_SCHEDRESULT_PENDING_SEND);
	f = take(s.w);
	check_fault("reading", f, L4_Readable, MAP_AT + 7 * sizeof(word_t));
	check_ip(&f, op_read);
	check_eq("state", state_of(s.w->id), L4_SCHEDRESULT_WAITING);
	map_page(&s, MAP_AT, s.frame, L4_Readable);
	answer(s.w, 0);
	CHECK(finished(s.w), "it does not go on");
	check_eq("word that was read", s.w->result[0], 0x1357);
}

static void write_fault(void)
{
	struct map_scene s = map_scene_new();
	struct fault f;

	raise_fault(s.w, op_write, MAP_AT + PAGE - sizeof(word_t), L4_Myself());
	f = take(s.w);
	check_fault("writing", f, L4_Writable, MAP_AT + PAGE - sizeof(word_t));
	check_ip(&f, op_write);
	/* First only readable: it faults again. */
	map_page(&s, MAP_AT, s.frame, L4_Readable);
	answer(s.w, 0);
	check_fault("writing", take(s.w), L4_Writable, MAP_AT + PAGE - sizeof(word_t));
	map_page(&s, MAP_AT, s.frame, L4_ReadWriteOnly);
	answer(s.w, 0);
	CHECK(finished(s.w), "it does not go on");
	check_eq("word that was written", s.page[PAGE / sizeof(word_t) - 1], 0x4242);
}

static void execute_fault(void)
{
	struct map_scene s = map_scene_new();
	struct fault f;

	memcpy(s.page, arch_answer, (size_t)(arch_answer_end - arch_answer));
	CHECK(L4_CacheFlushIRange(L4_nilthread, (word_t)s.page, (word_t)s.page + PAGE), "cache");
	raise_fault(s.w, op_execute, MAP_AT, L4_Myself());
	f = take(s.w);
	check_fault("executing", f, L4_eXecutable, MAP_AT);
	check_eq("IP", f.ip, MAP_AT);
	map_page(&s, MAP_AT, s.frame, L4_ReadeXecOnly);
	answer(s.w, 0);
	CHECK(finished(s.w), "it does not go on");
	check_eq("result of the code", s.w->result[0], ARCH_ANSWER);
}

/* Executing what may only be read and written, where the processor can tell. */
static void no_execute(void)
{
	struct map_scene s = map_scene_new();

	memcpy(s.page, arch_answer, (size_t)(arch_answer_end - arch_answer));
	CHECK(L4_CacheFlushIRange(L4_nilthread, (word_t)s.page, (word_t)s.page + PAGE), "cache");
	map_page(&s, MAP_AT, s.frame, L4_ReadWriteOnly);
	if (L4_PageRights(kip) & L4_eXecutable)
		check_fault("executing", probe(s.w, op_execute, MAP_AT, 0), L4_eXecutable, MAP_AT);
	else
		check_no_fault("executing, which can't be withheld",
			       probe(s.w, op_execute, MAP_AT, 0));
}

static void own_code_is_read_only(void)
{
	struct map_scene s = map_scene_new();
	word_t at = (word_t)op_read & ~(sizeof(word_t) - 1);

	check_fault("writing code", probe(s.w, op_write, at, 0), L4_Writable, at);
	check_no_fault("reading code", probe(s.w, op_read, at, 0));
}

/* Both ends of a page, of all of user memory, and around the areas. */
static void addresses(void)
{
	struct map_scene s = map_scene_new();
	word_t utcbs = L4_Address(s.space->utcb_area), size = L4_Size(s.space->utcb_area);
	const word_t at[] = {0,
			     PAGE - sizeof(word_t),
			     MAP_AT,
			     MAP_AT + PAGE - sizeof(word_t),
			     utcbs - sizeof(word_t),
			     utcbs + size - sizeof(word_t),
			     utcbs + size,
			     L4_Address(s.space->kip_area) - sizeof(word_t),
			     L4_Address(s.space->kip_area) + L4_KipAreaSize(kip),
			     kip->user_last + 1 - sizeof(word_t)};

	for (unsigned i = 0; i < ARRAY_SIZE(at); i++) {
		check_fault("reading", probe(s.w, op_read, at[i], 0), L4_Readable, at[i]);
		check_fault("writing", probe(s.w, op_write, at[i], 0), L4_Writable, at[i]);
	}
}

/* What the kernel keeps for itself: whatever the message is, nothing is read or written. */
static void op_set_handler(struct worker *w)
{
	L4_Set_ExceptionHandler(__L4_VALUE(L4_ThreadId_t, w->arg[0]));
}

static void kernel_addresses(void)
{
	struct map_scene s = map_scene_new();
	const word_t at[] = {kip->user_last + 1, ALL_ONES & ~(PAGE - 1), ALL_ONES - 15,
			     (ALL_ONES >> 1) + 1, ~(ALL_ONES >> 2)};
	void (*const ops[])(struct worker *) = {op_read, op_write, op_execute};

	s.w->arg[0] = L4_Myself().raw;
	run(s.w, op_set_handler);
	for (unsigned i = 0; i < ARRAY_SIZE(at) * ARRAY_SIZE(ops); i++) {
		L4_MsgTag_t tag;
		long protocol;

		if (at[i / ARRAY_SIZE(ops)] <= kip->user_last)
			continue;
		raise_fault(s.w, ops[i % ARRAY_SIZE(ops)], at[i / ARRAY_SIZE(ops)], L4_Myself());
		tag = L4_Receive_Nonblocking(s.w->id);
		protocol = L4_Protocol(tag);
		CHECK(L4_IpcSucceeded(tag) &&
			  (protocol == L4_ProtocolPageFault || protocol == L4_ProtocolException),
		      "the access to %lx gave tag %lx", at[i / ARRAY_SIZE(ops)], tag.raw);
		worker_restart(s.w);
	}
	run(s.w, op_nothing);
}

/* ---- answers --------------------------------------------------------------------------------- */

static void op_read_keeping_registers(struct worker *w)
{
	volatile abi_word_t *mr = __l4_utcb()->mr;

	for (unsigned i = 0; i < ABI_MRS; i++)
		mr[i] = pattern(w->seed, i);
	op_read(w);
	for (unsigned i = 0; i < ABI_MRS; i++)
		w->mr[i] = mr[i];
}

/* The contents of the answer do not matter, and the thread's own message registers and
 * ErrorCode are as they were. */
static void answer_is_ignored(void)
{
	struct map_scene s = map_scene_new();

	raise_fault(s.w, op_read_keeping_registers, MAP_AT, L4_Myself());
	for (unsigned i = 0; i < 3; i++) {
		(void)take(s.w);
		for (int k = 1; k < ABI_MRS; k++)
			L4_LoadMR(k, 0x6666);
		if (i == 2)
			map_page(&s, MAP_AT, s.frame, L4_Readable);
		for (int k = 1; k < ABI_MRS; k++)
			L4_LoadMR(k, 0x6666);
		answer(s.w, TAG(0x99, 63 - i, 0));
	}
	CHECK(finished(s.w), "it does not go on");
	for (unsigned i = 0; i < ABI_MRS; i++)
		check_eq("a message register", s.w->mr[i], pattern(s.w->seed, i));
	check_eq("ErrorCode", s.w->error, ERROR_UNTOUCHED);
}

/* An answer with reserved bits is no answer. */
static void bad_answer(void)
{
	struct map_scene s = map_scene_new();

	raise_fault(s.w, op_read, MAP_AT, L4_Myself());
	(void)take(s.w);
	L4_Set_MsgTag(__L4_VALUE(L4_MsgTag_t, TAG(0, 0, 0x40)));
	CHECK(L4_IpcFailed(L4_Reply(s.w->id)), "an answer with a reserved bit was taken");
	check_eq("ErrorCode", L4_ErrorCode(), ABI_IPC_ERROR(L4_ErrMsgOverflow, L4_ErrSendPhase));
	check_eq("state", state_of(s.w->id), L4_SCHEDRESULT_WAITING);
	map_page(&s, MAP_AT, s.frame, L4_Readable);
	answer(s.w, 0);
	CHECK(finished(s.w), "it does not go on");
}

/* Only the pager's answer counts. */
static void stranger(void)
{
	struct map_scene s = map_scene_new();
	struct worker *other = worker_new(space_new(), PRIO_WORKER);

	raise_fault(s.w, op_read, MAP_AT, L4_Myself());
	(void)take(s.w);
	(void)run_ipc(other, s.w->id, L4_nilthread, 0);
	check_ipc_error(other, L4_ErrNoPartner, L4_ErrSendPhase);
	(void)run_ipc(other, s.w->id, L4_anythread, R_BLOCK);
	check_ipc_error(other, L4_ErrNoPartner, L4_ErrSendPhase);
	(void)run_ipc(other, s.w->id, L4_nilthread, S_BLOCK);
	check_blocked(other, L4_SCHEDRESULT_PENDING_SEND);
	map_page(&s, MAP_AT, s.frame, L4_Readable);
	answer(s.w, 0);
	CHECK(finished(s.w), "it does not go on");
	(void)run_ipc(s.w, L4_nilthread, L4_anythread, 0);
	check_ipc_received(s.w, 0, other->id, other->seed);
}

/* The pager answers and waits: for anybody, where nobody sends or somebody does, or for just one.
 */
static void answer_and_wait(void)
{
	struct worker *pager = worker_new(space_new(), PRIO_WORKER);
	struct worker *other = worker_new(space_new(), PRIO_WORKER);

	for (unsigned i = 0; i < 3; i++) {
		struct map_scene s = map_scene_new();

		s.page[0] = 0x2468 + i;
		(void)run_ipc(pager, L4_nilthread, L4_anythread, R_BLOCK);
		raise_fault(s.w, op_read, MAP_AT, pager->id);
		CHECK(finished(pager), "the pager got no message");
		map_page(&s, MAP_AT, s.frame, L4_Readable);
		if (i > 0) {
			(void)run_ipc(other, pager->id, L4_nilthread, S_BLOCK);
			check_blocked(other, L4_SCHEDRESULT_PENDING_SEND);
		}
		(void)run_ipc(pager, s.w->id, i == 2 ? other->id : L4_anythread, R_BLOCK);
		CHECK(finished(s.w), "it does not go on");
		check_eq("what was read", s.w->result[0], 0x2468 + i);
		if (i == 0) {
			check_blocked(pager, L4_SCHEDRESULT_WAITING);
			(void)run_ipc(other, pager->id, L4_nilthread, 0);
		}
		check_ipc_received(pager, 0, other->id, other->seed);
	}
}

/* Notification does not end the wait for the pager; the bits stay. */
static void notified(void)
{
	struct map_scene s = map_scene_new();

	s.w->acceptor = ABI_ACCEPT_NOTIFY;
	s.w->mask = ALL_ONES;
	raise_fault(s.w, op_read, MAP_AT, L4_Myself());
	CHECK(L4_IpcSucceeded(L4_Notify(s.w->id, 0x21)), "notifying: %lx", L4_ErrorCode());
	(void)take(s.w);
	CHECK(L4_IpcSucceeded(L4_Notify(s.w->id, 0x42)), "notifying: %lx", L4_ErrorCode());
	settle();
	CHECK(!finished(s.w), "it went on");
	map_page(&s, MAP_AT, s.frame, L4_Readable);
	answer(s.w, 0);
	CHECK(finished(s.w), "it does not go on");
	check_eq("pending bits", s.w->bits, 0x63);
}

/* Aborted, it retries, and faults again. */
static void aborted(void)
{
	struct map_scene s = map_scene_new();

	raise_fault(s.w, op_read, MAP_AT, L4_Myself());
	for (unsigned i = 0; i < 2; i++) {
		L4_Start(s.w->id);
		settle();
		check_fault("after an abort", take(s.w), L4_Readable, MAP_AT);
		L4_Start(s.w->id);
		settle();
	}
	map_page(&s, MAP_AT, s.frame, L4_Readable);
	L4_Start(s.w->id);
	settle();
	CHECK(finished(s.w), "it does not go on");
}

/* ---- pagers that can't help --------------------------------------------------------------------
 */

static void no_pager(void)
{
	struct map_scene s = map_scene_new();
	L4_ThreadId_t dead = thread_inactive(space_new());
	const L4_ThreadId_t irq = L4_GlobalId(irq_quiet_line(), ABI_IRQ_VERSION);
	const L4_ThreadId_t pagers[] = {
	    L4_nilthread,      dead,     s.w->id, L4_anythread, L4_waitnotify,
	    id_stale(s.w->id), id_new(), irq};

	CHECK(irq_take(L4_ThreadNo(irq), L4_Myself()), "no interrupt: error %lu", L4_ErrorCode());
	CHECK(thread_delete(dead), "deleting: error %lu", L4_ErrorCode());
	for (unsigned i = 0; i < ARRAY_SIZE(pagers); i++) {
		raise_fault(s.w, op_read, MAP_AT, pagers[i]);
		check_halted(s.w);
		worker_restart(s.w);
	}
	/* Halted is not lost: with the page there, it goes on. */
	raise_fault(s.w, op_read, MAP_AT, L4_nilthread);
	map_page(&s, MAP_AT, s.frame, L4_Readable);
	__L4_ExReg(s.w->id, L4_ExReg_Resume, 0, 0, 0);
	settle();
	CHECK(finished(s.w), "it does not go on");
}

static void pager_dies(void)
{
	struct map_scene s = map_scene_new();

	for (unsigned taken = 0; taken < 2; taken++) {
		struct worker *pager = worker_new(space_new(), PRIO_WORKER);

		raise_fault(s.w, op_read, MAP_AT, pager->id);
		if (taken) {
			(void)run_ipc(pager, L4_nilthread, L4_anythread, R_BLOCK);
			CHECK(finished(pager), "the pager got no message");
			check_eq("sender", pager->result[IPC_FROM], s.w->id.raw);
			check_eq("address", pager->mr[1], MAP_AT);
			check_eq("a message register behind", pager->mr[3],
				 pattern(pager->seed, 3));
		}
		CHECK(thread_delete(pager->id), "deleting: error %lu", L4_ErrorCode());
		settle();
		check_halted(s.w);
		worker_restart(s.w);
	}
}

/* A pager that faults itself has its own pager. */
static void pager_faults(void)
{
	struct map_scene s = map_scene_new(), p = map_scene_new();

	raise_fault(p.w, op_read, MAP_AT, L4_Myself());
	raise_fault(s.w, op_read, MAP_AT + PAGE, p.w->id);
	check_eq("state", state_of(s.w->id), L4_SCHEDRESULT_PENDING_SEND);
	check_fault("the pager", take(p.w), L4_Readable, MAP_AT);
	map_page(&p, MAP_AT, p.frame, L4_Readable);
	answer(p.w, 0);
	CHECK(finished(p.w), "the pager does not go on");
	(void)run_ipc(p.w, L4_nilthread, L4_anythread, R_BLOCK);
	check_eq("sender", p.w->result[IPC_FROM], s.w->id.raw);
	check_eq("address", p.w->mr[1], MAP_AT + PAGE);
}

/* Two threads page each other: both wait, nobody else does. */
static void pagers_in_a_ring(void)
{
	struct map_scene s = map_scene_new();
	struct worker *b = worker_new(s.space, PRIO_WORKER);

	raise_fault(s.w, op_read, MAP_AT, b->id);
	raise_fault(b, op_read, MAP_AT, s.w->id);
	check_eq("state", state_of(s.w->id), L4_SCHEDRESULT_PENDING_SEND);
	check_eq("state", state_of(b->id), L4_SCHEDRESULT_PENDING_SEND);
	map_page(&s, MAP_AT, s.frame, L4_Readable);
	L4_Start(b->id);
	settle();
	CHECK(finished(b), "it does not go on");
}

/* A pager that faults while its client waits for its answer: the message in its name is no
 * answer, though it goes from the one to the other. */
static void fault_is_no_answer(void)
{
	struct map_scene s = map_scene_new();
	struct worker *pager = worker_new(s.space, PRIO_WORKER);

	raise_fault(s.w, op_read, MAP_AT, pager->id);
	CHECK(run_ipc(pager, L4_nilthread, s.w->id, R_BLOCK), "the pager got no message");
	raise_fault(pager, op_read, MAP_AT + PAGE, s.w->id);
	check_eq("state of the pager", state_of(pager->id), L4_SCHEDRESULT_PENDING_SEND);
	check_eq("state of its client", state_of(s.w->id), L4_SCHEDRESULT_WAITING);
}

/* Many at once, in order. */
static void many(void)
{
	struct map_scene s = map_scene_new();
	struct worker *w[8];

	for (unsigned i = 0; i < ARRAY_SIZE(w); i++) {
		w[i] = worker_new(s.space, PRIO_WORKER);
		raise_fault(w[i], op_read, MAP_AT + i * sizeof(word_t), L4_Myself());
	}
	for (unsigned i = 0; i < ARRAY_SIZE(w); i++) {
		L4_ThreadId_t from;
		L4_MsgTag_t tag = L4_Wait_Nonblocking(&from);

		CHECK(L4_IpcSucceeded(tag), "there is no message %u", i);
		check_eq("sender", from.raw, w[i]->id.raw);
	}
	map_page(&s, MAP_AT, s.frame, L4_Readable);
	for (unsigned i = 0; i < ARRAY_SIZE(w); i++)
		answer(w[i], 0);
	for (unsigned i = 0; i < ARRAY_SIZE(w); i++)
		CHECK(finished(w[i]), "thread %u does not go on", i);
}

static const struct conf_case cases[] = {
    {read_fault, "a read fault is served"},
    {write_fault, "a write fault is served, the second time right"},
    {execute_fault, "an execute fault is served"},
    {no_execute, "executing data"},
    {own_code_is_read_only, "writing code"},
    {addresses, "at the ends of pages and areas"},
    {kernel_addresses, "addresses of the kernel"},
    {answer_is_ignored, "the answer's contents do not matter"},
    {bad_answer, "an answer with a reserved bit"},
    {stranger, "an answer from a stranger"},
    {notified, "notification while waiting for the pager"},
    {aborted, "aborting a faulting thread"},
    {no_pager, "no pager: the thread is halted"},
    {pager_dies, "the pager is deleted"},
    {pager_faults, "the pager faults, too"},
    {pagers_in_a_ring, "pagers in a ring"},
    {many, "many faults wait for one pager"},
    {fault_is_no_answer, "a pager's own fault is no answer"},
    {answer_and_wait, "the pager answers and waits"},
};

SUITE_OF(suite_fault, "FLT", 1, cases);
