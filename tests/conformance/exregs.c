/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * exregs.c - XRG-0nn: ExchangeRegisters. XRG-1nn: on a thread in every state.
 */
#include <l4/arch/exception.h>

#include "arch.h"
#include "party.h"
#include "suites.h"

/* All results of a call. */
struct old {
	L4_ThreadId_t done, pager;
	word_t control, sp, ip, flags, handle;
};

static struct old exchange(L4_ThreadId_t dest, word_t control, word_t sp, word_t ip, word_t flags,
			   word_t handle, L4_ThreadId_t pager)
{
	struct old o = {.control = ALL_ONES};

	o.done = L4_ExchangeRegisters(dest, control, sp, ip, flags, handle, pager, &o.control,
				      &o.sp, &o.ip, &o.flags, &o.handle, &o.pager);
	return o;
}

static struct old read_all(L4_ThreadId_t dest)
{
	struct old o = exchange(dest, L4_ExReg_Deliver, 0, 0, 0, 0, L4_nilthread);

	check_eq("result of ExchangeRegisters", o.done.raw, dest.raw);
	return o;
}

/* ---- reading and writing -------------------------------------------------------------------- */

static void each_register(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);
	struct old was = read_all(w->id), o;

	check_eq("handle of a worker", was.handle, (word_t)w);
	CHECK(was.sp <= w->stack && was.sp > w->stack - 1024,
	      "SP %lx of a worker with its stack at %lx", was.sp, w->stack);

	o = exchange(w->id, L4_ExReg_sp | L4_ExReg_Deliver, 0x12340, 1, 2, 3, w->id);
	check_eq("old SP", o.sp, was.sp);
	o = exchange(w->id, L4_ExReg_ip | L4_ExReg_Deliver, 1, 0x1230, 2, 3, w->id);
	check_eq("SP", o.sp, 0x12340);
	check_eq("old IP", o.ip, was.ip);
	o = exchange(w->id, L4_ExReg_user | L4_ExReg_Deliver, 1, 2, 3, 0x777, w->id);
	check_eq("IP", o.ip, 0x1230);
	check_eq("old handle", o.handle, was.handle);
	o = exchange(w->id, L4_ExReg_pager | L4_ExReg_Deliver, 1, 2, 3, 4, w->id);
	check_eq("handle", o.handle, 0x777);
	check_eq("old pager", o.pager.raw, was.pager.raw);
	o = exchange(w->id, L4_ExReg_sp_ip | L4_ExReg_user | L4_ExReg_pager | L4_ExReg_Deliver,
		     was.sp, was.ip, 0, was.handle, was.pager);
	check_eq("pager", o.pager.raw, w->id.raw);
	check_eq("flags", o.flags, was.flags);
	run(w, op_nothing);
}

static void flags(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);
	struct old was = read_all(w->id), o;

	(void)exchange(w->id, L4_ExReg_flags, 0, 0, ALL_ONES, 0, L4_nilthread);
	o = read_all(w->id);
	check_eq("flags that are nobody's to set", o.flags & arch_flags_forbidden, 0);
	check_eq("flags that are free", o.flags & arch_flags_free, arch_flags_free);
	(void)exchange(w->id, L4_ExReg_flags, 0, 0, 0, 0, L4_nilthread);
	o = read_all(w->id);
	check_eq("flags that are free, cleared", o.flags & arch_flags_free, 0);
	(void)exchange(w->id, L4_ExReg_flags, 0, 0, was.flags, 0, L4_nilthread);
	run(w, op_nothing);
}

/* A thread sent elsewhere runs there. */
static volatile word_t went;

static void elsewhere(void)
{
	went = L4_Myself().raw;
	for (;;)
		L4_Stop_Thread(L4_Myself());
}

static void sent_elsewhere(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	went = 0;
	L4_Start_SpIp(w->id, w->stack - 64 - (sizeof(word_t) == 4 ? 4 : 0), (word_t)elsewhere);
	settle();
	check_eq("the thread that went there", went, w->id.raw);
}

/* A spinning thread is taken out of its loop. */
static void interrupt_a_loop(void)
{
	struct worker *w = worker_new(space_new(), PRIO_SPIN);
	L4_ThreadState_t s;
	word_t sp, ip, f;

	went = 0;
	start(w, op_spin);
	/* One slice of it, and the case goes on. */
	(void)L4_Set_Timeslice(w->id, 1000, 0);
	(void)L4_Set_Priority(w->id, PRIO_CASE);
	for (unsigned i = 0; i < 100 && w->result[0] == 0; i++)
		L4_Yield();
	CHECK(w->result[0] > 0, "it did not spin");
	s = L4_Stop_SpIpFlags(w->id, &sp, &ip, &f);
	CHECK(!L4_ThreadWasHalted(s) && !L4_ThreadWasIpcing(s), "state of a spinning thread: %lx",
	      s.raw);
	L4_Start_SpIp(w->id, w->stack - 64 - (sizeof(word_t) == 4 ? 4 : 0), (word_t)elsewhere);
	settle();
	check_eq("the thread that went there", went, w->id.raw);
}

/* ---- halting -----------------------------------------------------------------------------------
 */

static void halt_and_resume(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	CHECK(!run_ipc(w, L4_nilthread, L4_anythread, R_BLOCK), "it does not wait");
	CHECK(!L4_ThreadWasHalted(L4_Stop(w->id)), "it was halted before");
	CHECK(L4_ThreadWasHalted(L4_Stop(w->id)), "it was not halted");
	check_blocked(w, L4_SCHEDRESULT_WAITING);
	/* The IPC it is in goes on; it does not run. */
	L4_LoadMR(1, pattern(9, 1));
	L4_Set_MsgTag(__L4_VALUE(L4_MsgTag_t, TAG(2, 1, 0)));
	CHECK(L4_IpcSucceeded(L4_Send_Nonblocking(w->id)),
	      "a halted thread that waits takes no message");
	settle();
	CHECK(!finished(w), "a halted thread ran");
	__L4_ExReg(w->id, L4_ExReg_Resume, 0, 0, 0);
	settle();
	check_ipc_received(w, TAG(2, 1, 0), L4_Myself(), 9);
}

/* Writing the halt flag needs the bit that says so. */
static void halt_needs_its_bit(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	CHECK(!run_ipc(w, L4_nilthread, L4_anythread, R_BLOCK), "it does not wait");
	(void)exchange(w->id, ABI_XREG_HALTED, 0, 0, 0, 0, L4_nilthread);
	CHECK(!L4_ThreadWasHalted(L4_Stop(w->id)), "it was halted without the bit");
	(void)exchange(w->id, 0, 0, 0, 0, 0, L4_nilthread);
	CHECK(L4_ThreadWasHalted(L4_Stop(w->id)), "it was resumed without the bit");
}

/* A halted sender's message is taken; it runs on when it is resumed. */
static void halted_sender(void)
{
	struct space *sp = space_new();
	struct worker *a = worker_new(sp, PRIO_WORKER), *b = worker_new(sp, PRIO_WORKER);

	CHECK(!run_ipc(a, b->id, b->id, TAG(3, 3, S_BLOCK | R_BLOCK)), "it does not wait");
	L4_Stop_Thread(a->id);
	(void)run_ipc(b, L4_nilthread, L4_anythread, R_BLOCK);
	check_ipc_received(b, TAG(3, 3, 0), a->id, a->seed);
	(void)run_ipc(b, a->id, L4_nilthread, TAG(4, 4, 0));
	check_ipc_sent(b);
	CHECK(!finished(a), "a halted thread ran");
	__L4_ExReg(a->id, L4_ExReg_Resume, 0, 0, 0);
	settle();
	check_ipc_received(a, TAG(4, 4, 0), b->id, b->seed);
}

/* A halted sender whose message has been taken: its receive phase is due, and is done when it
 * runs. Meanwhile it can be ended, or the thread deleted. */
static void due_receive(void)
{
	enum { RESUMED, ABORTED, DELETED, ENDS };

	for (unsigned how = RESUMED; how < ENDS; how++) {
		struct space *sp = space_new();
		struct worker *a = worker_new(sp, PRIO_WORKER), *b = worker_new(sp, PRIO_WORKER);

		CHECK(!run_ipc(a, b->id, L4_anythread, TAG(3, 3, S_BLOCK | R_BLOCK)),
		      "it does not wait");
		L4_Stop_Thread(a->id);
		(void)run_ipc(b, L4_nilthread, L4_anythread, R_BLOCK);
		check_ipc_received(b, TAG(3, 3, 0), a->id, a->seed);
		check_eq("state", state_of(a->id), L4_SCHEDRESULT_RECEIVING);
		check_eq("state", read_all(a->id).control, ABI_XREG_HALTED | ABI_XREG_RECV);
		/* It does not wait yet. */
		(void)run_ipc(b, a->id, L4_nilthread, TAG(4, 4, 0));
		check_ipc_error(b, L4_ErrNoPartner, L4_ErrSendPhase);
		if (how == DELETED) {
			CHECK(thread_delete(a->id), "deleting: error %lu", L4_ErrorCode());
			(void)run_ipc(b, L4_nilthread, a->id, R_BLOCK);
			check_ipc_error(b, L4_ErrNonExist, L4_ErrRecvPhase);
			continue;
		}
		if (how == ABORTED) {
			struct old o = exchange(a->id, L4_ExReg_AbortIPC, 0, 0, 0, 0, L4_nilthread);

			check_eq("state", o.control, ABI_XREG_HALTED | ABI_XREG_RECV);
			check_eq("state", read_all(a->id).control, ABI_XREG_HALTED);
		}
		__L4_ExReg(a->id, L4_ExReg_Resume, 0, 0, 0);
		settle();
		if (how == ABORTED) {
			check_ipc_error(a, L4_ErrCanceled, L4_ErrRecvPhase);
			continue;
		}
		check_blocked(a, L4_SCHEDRESULT_WAITING);
		(void)run_ipc(b, a->id, L4_nilthread, TAG(4, 4, 0));
		check_ipc_received(a, TAG(4, 4, 0), b->id, b->seed);
	}
}

/* ---- aborting
 * ------------------------------------------------------------------------------------ */

/* Each abort ends only the phase it names. */
static void abort_the_other_phase(void)
{
	struct space *sp = space_new();
	struct worker *a = worker_new(sp, PRIO_WORKER), *b = worker_new(sp, PRIO_WORKER);
	L4_ThreadState_t s;

	CHECK(!run_ipc(a, b->id, b->id, TAG(1, 1, S_BLOCK | R_BLOCK)), "it does not wait");
	s = L4_AbortReceive_and_stop(a->id);
	CHECK(L4_ThreadWasSending(s) && !L4_ThreadWasReceiving(s), "state of a sender: %lx", s.raw);
	check_blocked(a, L4_SCHEDRESULT_PENDING_SEND);
	__L4_ExReg(a->id, L4_ExReg_Resume, 0, 0, 0);
	(void)run_ipc(b, L4_nilthread, a->id, R_BLOCK);
	check_ipc_received(b, TAG(1, 1, 0), a->id, a->seed);
	s = L4_AbortSend_and_stop(a->id);
	CHECK(!L4_ThreadWasSending(s) && L4_ThreadWasReceiving(s), "state of a receiver: %lx",
	      s.raw);
	check_blocked(a, L4_SCHEDRESULT_WAITING);
	s = L4_AbortIpc_and_stop(a->id);
	CHECK(L4_ThreadWasHalted(s) && L4_ThreadWasReceiving(s), "state of a halted receiver: %lx",
	      s.raw);
	settle();
	CHECK(!finished(a), "a halted thread ran");
	L4_Start(a->id);
	settle();
	check_ipc_error(a, L4_ErrCanceled, L4_ErrRecvPhase);
}

/* Aborting with a new IP: the IPC never returns to where it was called. */
static void abort_and_go(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	went = 0;
	CHECK(!run_ipc(w, L4_nilthread, L4_anythread, R_BLOCK), "it does not wait");
	L4_Start_SpIp(w->id, w->stack - 64 - (sizeof(word_t) == 4 ? 4 : 0), (word_t)elsewhere);
	settle();
	CHECK(!finished(w), "the IPC returned");
	check_eq("the thread that went there", went, w->id.raw);
}

/* Nothing to abort is no error. */
static void abort_nothing(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);
	struct old o = exchange(w->id, L4_ExReg_AbortIPC, 0, 0, 0, 0, L4_nilthread);

	check_eq("result", o.done.raw, w->id.raw);
	run(w, op_nothing);
	check_eq("ErrorCode of the thread", w->error, ERROR_UNTOUCHED);
}

/* ---- copying
 * -------------------------------------------------------------------------------------- */

static void op_regs_trap(struct worker *w)
{
	arch_regs_trap((const word_t *)w->arg[0], (word_t *)w->arg[1]);
}

/* Through the message registers: what is read is what the exception message has; what is
 * written is what the thread has when it runs. The thread waits in an exception. */
static void through_message_registers(void)
{
	static word_t in[ABI_MRS], out[ABI_MRS];
	struct worker *w = worker_new(space_new(), PRIO_WORKER);
	word_t mr;

	for (unsigned i = 0; i < arch_regs_count; i++)
		in[i] = pattern(77, i);
	w->arg[0] = (word_t)in;
	w->arg[1] = (word_t)out;
	L4_Set_PagerOf(w->id, L4_Myself());
	start(w, op_regs_trap);
	settle();
	CHECK(!finished(w) && state_of(w->id) == L4_SCHEDRESULT_RUNNING,
	      "a thread without handler is not halted");
	for (int i = 1; i < ABI_MRS; i++)
		L4_LoadMR(i, 0x1111);
	L4_Copy_regs_to_mrs(w->id);
	L4_StoreMR(L4_EXC_IP, &mr);
	check_eq("IP", mr, (word_t)arch_regs_trap_ip);
	for (unsigned i = 0; i < arch_regs_count; i++) {
		L4_StoreMR((L4_EXC_CODE + 1) + (int)i, &mr);
		check_eq("a general register", mr, in[i]);
	}
	L4_StoreMR((L4_EXC_CODE + 1) + (int)arch_regs_count, &mr);
	check_eq("the message register behind them", mr, 0x1111);

	L4_LoadMR(L4_EXC_IP, (word_t)arch_regs_trap_end);
	for (unsigned i = 0; i < arch_regs_count; i++)
		L4_LoadMR((L4_EXC_CODE + 1) + (int)i, pattern(78, i));
	L4_Copy_mrs_to_regs(w->id);
	__L4_ExReg(w->id, L4_ExReg_Resume, 0, 0, 0);
	settle();
	CHECK(finished(w), "the thread does not go on");
	for (unsigned i = 0; i < arch_regs_count; i++)
		check_eq("a general register of the thread", out[i], pattern(78, i));
}

/* From thread to thread. */
static void between_threads(void)
{
	static word_t in[2][ABI_MRS], out[2][ABI_MRS];
	struct space *sp = space_new();
	struct worker *w[2];

	for (unsigned k = 0; k < 2; k++) {
		w[k] = worker_new(sp, PRIO_WORKER);
		for (unsigned i = 0; i < arch_regs_count; i++)
			in[k][i] = pattern(80 + k, i);
		w[k]->arg[0] = (word_t)in[k];
		w[k]->arg[1] = (word_t)out[k];
		start(w[k], op_regs_trap);
	}
	settle();
	/* SP is the destination's again, so it returns to its own caller. */
	{
		word_t dest_sp = read_all(w[1]->id).sp;

		L4_Copy_regs_SpIp(w[0]->id, w[1]->id, dest_sp, (word_t)arch_regs_trap_end);
	}
	__L4_ExReg(w[1]->id, L4_ExReg_Resume, 0, 0, 0);
	settle();
	CHECK(finished(w[1]), "the thread does not go on");
	CHECK(!finished(w[0]), "the source goes on");
	for (unsigned i = 0; i < arch_regs_count; i++)
		check_eq("a general register of the destination", out[1][i], in[0][i]);
}

static void copy_errors(void)
{
	struct space *sp = space_new();
	struct worker *w = worker_new(sp, PRIO_WORKER),
		      *other = worker_new(space_new(), PRIO_WORKER);
	L4_ThreadId_t none = id_new();
	struct old o =
	    exchange(w->id, L4_ExReg_CopyRegs | L4_ExReg_SrcThread(none), 0, 0, 0, 0, L4_nilthread);

	check_eq("result, copying from nobody", o.done.raw, ABI_NILTHREAD);
	check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidThread);
	/* From a thread of another space only the root task may. */
	w->arg[0] = ABI_SYS_EXCHANGE_REGS;
	w->arg[1] = w->id.raw;
	w->arg[2] = L4_ExReg_CopyRegs | L4_ExReg_SrcThread(other->id);
	run(w, op_syscall);
	check_eq("result, copying from another space", w->result[0], ABI_NILTHREAD);
	check_eq("ErrorCode", w->error, L4_ErrInvalidThread);
}

/* ---- who may
 * --------------------------------------------------------------------------------------- */

static void op_exchange(struct worker *w)
{
	w->result[0] =
	    L4_ExchangeRegisters(__L4_VALUE(L4_ThreadId_t, w->arg[0]), w->arg[1], 0, 0, 0,
				 w->arg[2], L4_nilthread, NULL, NULL, NULL, NULL, NULL, NULL)
		.raw;
}

static bool allowed(struct worker *caller, L4_ThreadId_t dest)
{
	caller->arg[0] = dest.raw;
	caller->arg[1] = L4_ExReg_Deliver;
	run(caller, op_exchange);
	if (caller->result[0] == dest.raw)
		return true;
	check_eq("result", caller->result[0], ABI_NILTHREAD);
	check_eq("ErrorCode", caller->error, L4_ErrInvalidThread);
	return false;
}

static void rights(void)
{
	struct space *sp = space_new();
	struct worker *a = worker_new(sp, PRIO_WORKER), *b = worker_new(sp, PRIO_WORKER);
	struct worker *stranger = worker_new(space_new(), PRIO_WORKER);
	struct worker *root = worker_new(&root_space, PRIO_WORKER);

	CHECK(allowed(a, b->id), "a thread of the same space may not");
	CHECK(allowed(a, a->id), "a thread may not on itself");
	CHECK(allowed(root, a->id), "a thread of the root task may not");
	CHECK(!allowed(stranger, a->id), "a stranger may");
	CHECK(!allowed(stranger, root->id), "a stranger may, on the root task");
	L4_Set_PagerOf(a->id, stranger->id);
	CHECK(allowed(stranger, a->id), "the pager may not");
	CHECK(!allowed(stranger, b->id), "the pager of another thread may");
	L4_Set_PagerOf(a->id, L4_nilthread);
	CHECK(!allowed(stranger, a->id), "who was the pager may");
}

static void bad_threads(void)
{
	struct space *sp = space_new();
	struct worker *w = worker_new(sp, PRIO_WORKER);
	L4_ThreadId_t inactive = thread_inactive(sp), placed = thread_inactive(sp);
	const L4_ThreadId_t bad[] = {L4_nilthread,
				     L4_anythread,
				     L4_waitnotify,
				     id_stale(w->id),
				     id_new(),
				     inactive,
				     placed,
				     L4_GlobalId(ALL_ONES >> 1, 1),
				     L4_GlobalId(irq_quiet_line(), ABI_IRQ_VERSION)};

	CHECK(irq_take(irq_quiet_line(), w->id), "associating");
	CHECK(thread_control(placed, sp->id, L4_nilthread, L4_nilthread, utcb_place(sp, placed)),
	      "placing a UTCB: error %lu", L4_ErrorCode());
	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		struct old o =
		    exchange(bad[i], L4_ExReg_Halt | L4_ExReg_Deliver, 0, 0, 0, 0, L4_nilthread);

		check_eq("result for a bad id", o.done.raw, ABI_NILTHREAD);
		check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidThread);
	}
}

/* A bit of control that means nothing, among others that would do something. */
static void unknown_bits(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);
	struct old was = read_all(w->id);

	for (unsigned bit = 13; bit < ABI_TID_VERSION_BITS; bit++) {
		struct old o = exchange(w->id, (word_t)1 << bit | L4_ExReg_sp_ip | L4_ExReg_user, 1,
					2, 3, 4, L4_nilthread);

		check_eq("result with an unknown bit", o.done.raw, ABI_NILTHREAD);
		check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidParam);
		o = read_all(w->id);
		CHECK(o.sp == was.sp && o.ip == was.ip && o.handle == was.handle,
		      "bit %u: the call failed and changed something", bit);
	}
	run(w, op_nothing);
}

/* A thread changes its own handle, and halts itself. */
static void on_itself(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	w->arg[0] = w->id.raw;
	w->arg[1] = L4_ExReg_Halt | L4_ExReg_user;
	w->arg[2] = (word_t)w;
	start(w, op_exchange);
	settle();
	CHECK(!finished(w), "it runs on");
	check_eq("state", state_of(w->id), L4_SCHEDRESULT_RUNNING);
	__L4_ExReg(w->id, L4_ExReg_Resume, 0, 0, 0);
	settle();
	CHECK(finished(w), "it does not go on");
	check_eq("result", w->result[0], w->id.raw);
}

static void handles(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	L4_Set_UserDefinedHandleOf(w->id, 0xabcdef);
	check_eq("L4_UserDefinedHandleOf", L4_UserDefinedHandleOf(w->id), 0xabcdef);
	L4_Set_UserDefinedHandleOf(w->id, (word_t)w);
	L4_Set_PagerOf(w->id, w->id);
	check_eq("L4_PagerOf", L4_PagerOf(w->id).raw, w->id.raw);
	check_eq("L4_PagerOf nobody", L4_PagerOf(id_new()).raw, ABI_NILTHREAD);
	check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidThread);
}

static const struct conf_case cases[] = {
    {each_register, "each register is read and written"},
    {flags, "flags"},
    {sent_elsewhere, "a parked thread is started elsewhere"},
    {interrupt_a_loop, "a spinning thread is started elsewhere"},
    {halt_and_resume, "halting does not end an IPC"},
    {halt_needs_its_bit, "the halt flag is written only with its bit"},
    {halted_sender, "a halted caller"},
    {abort_the_other_phase, "aborting a phase it is not in"},
    {abort_and_go, "aborting with a new IP"},
    {abort_nothing, "nothing to abort"},
    {through_message_registers, "registers through message registers"},
    {between_threads, "registers from thread to thread"},
    {copy_errors, "copying from threads that don't exist or are another's"},
    {rights, "who may"},
    {bad_threads, "ids of no active thread"},
    {on_itself, "on itself"},
    {due_receive, "a thread that is about to receive"},
    {unknown_bits, "unknown bits of control"},
    {handles, "L4_UserDefinedHandleOf and L4_PagerOf"},
};

SUITE_OF(suite_exregs, "XRG", 1, cases);

/* ---- XRG-1nn: every state
 * ---------------------------------------------------------------------------- */

static const enum party_kind kinds[] = {P_OPEN,     P_CLOSED,    P_HALTED_OPEN, P_READY,
					P_HALTED,   P_ELSEWHERE, P_SENDING_US,  P_SENDING_ELSE,
					P_WAITNOTE, P_UNSTARTED, P_NOSYNC_OPEN};

static word_t state_bits(enum party_kind kind)
{
	switch (kind) {
	case P_READY:
		return 0;
	case P_HALTED:
		return ABI_XREG_HALTED;
	case P_HALTED_OPEN:
		return ABI_XREG_HALTED | ABI_XREG_RECV;
	case P_SENDING_US:
	case P_SENDING_ELSE:
		return ABI_XREG_SEND;
	default:
		return ABI_XREG_RECV;
	}
}

static void run_state(unsigned row)
{
	enum party_kind kind = kinds[row];
	struct space *sp = space_new();
	struct worker *subject = worker_new(sp, PRIO_WORKER), *third = worker_new(sp, PRIO_WORKER);
	struct party p = party_new(kind, subject, sp, third, 0);
	struct old o, again;
	word_t bits = state_bits(kind);

	o = read_all(p.id);
	check_eq("state", o.control, bits);
	/* Reading changed nothing. */
	again = read_all(p.id);
	check_eq("state", again.control, bits);
	check_eq("IP", again.ip, o.ip);
	check_eq("SP", again.sp, o.sp);

	o = exchange(p.id, L4_ExReg_Halt | L4_ExReg_Deliver, 0, 0, 0, 0, L4_nilthread);
	check_eq("state", o.control, bits);
	settle();
	o = exchange(p.id, L4_ExReg_AbortIPC | L4_ExReg_Deliver, 0, 0, 0, 0, L4_nilthread);
	check_eq("state after halting", o.control, bits | ABI_XREG_HALTED);
	settle();
	o = read_all(p.id);
	check_eq("state after aborting", o.control, ABI_XREG_HALTED);
	if (!p.w || kind == P_READY)
		return;
	CHECK(kind == P_HALTED || !finished(p.w), "a halted thread ran");
	__L4_ExReg(p.id, L4_ExReg_Resume, 0, 0, 0);
	settle();
	if (kind != P_HALTED)
		check_ipc_error(p.w, L4_ErrCanceled,
				bits & ABI_XREG_SEND ? L4_ErrSendPhase : L4_ErrRecvPhase);
	run(p.w, op_nothing);
}

static void title_state(unsigned row, char *buf, size_t size)
{
	snprintf(buf, size, "read, halt and abort %s", party_traits[kinds[row]].name);
}

SUITE_ROWS(suite_exregs_states, "XRG", 100, ARRAY_SIZE(kinds), run_state, title_state);
