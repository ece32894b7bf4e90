/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * exception.c - EXC-0nn: exceptions and their answers. EXC-1nn: each kind of exception that
 * the instruction set has.
 */
#include <l4/arch/exception.h>

#include "arch.h"
#include "suites.h"

#define EXC_REGS (L4_EXC_CODE + 1)

static word_t mr_in[ABI_MRS];

static void op_handled(struct worker *w)
{
	void (*raise)(void) = (void (*)(void))w->arg[0];

	L4_Set_ExceptionHandler(__L4_VALUE(L4_ThreadId_t, w->arg[1]));
	raise();
	w->result[0]++;
}

/* Let w raise an exception, with `handler` as its handler. */
static void raise_exception(struct worker *w, const struct arch_exception *e, L4_ThreadId_t handler)
{
	w->arg[0] = (word_t)e->raise;
	w->arg[1] = handler.raw;
	start(w, op_handled);
	settle();
	CHECK(!finished(w), "there was no exception");
}

/* Take the message to mr_in. */
static L4_MsgTag_t take(const struct worker *w)
{
	L4_MsgTag_t tag = L4_Receive_Nonblocking(w->id);

	CHECK(L4_IpcSucceeded(tag), "there is no message: ErrorCode %lx", L4_ErrorCode());
	L4_StoreMRs(0, ABI_MRS, mr_in);
	return tag;
}

static void answer(const struct worker *w, unsigned words, const word_t *mr)
{
	L4_LoadMRs(1, (int)words, mr + 1);
	L4_Set_MsgTag(__L4_VALUE(L4_MsgTag_t, TAG(0, words, 0)));
	CHECK(L4_IpcSucceeded(L4_Reply(w->id)), "the answer: ErrorCode %lx", L4_ErrorCode());
	settle();
}

static void check_message(L4_MsgTag_t tag, const struct arch_exception *e)
{
	check_eq("protocol", (word_t)L4_Protocol(tag), (word_t)e->protocol);
	check_eq("low bits of the label", L4_Label(tag) & 0xf, 0);
	check_eq("words", L4_UntypedWords(tag), L4_EXC_CODE + arch_regs_count);
	check_eq("IP", mr_in[L4_EXC_IP], (word_t)e->reported);
	check_eq("number", mr_in[L4_EXC_NUMBER], e->number);
}

/* ---- registers ---------------------------------------------------------------------------------
 */

static word_t regs_in[ABI_MRS], regs_out[ABI_MRS];

static void op_regs(struct worker *w)
{
	L4_Set_ExceptionHandler(__L4_VALUE(L4_ThreadId_t, w->arg[0]));
	arch_regs_trap(regs_in, regs_out);
}

static struct worker *in_trap(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	for (unsigned i = 0; i < arch_regs_count; i++)
		regs_in[i] = pattern(31, i);
	w->arg[0] = L4_Myself().raw;
	start(w, op_regs);
	settle();
	CHECK(!finished(w), "there was no exception");
	return w;
}

static void registers(void)
{
	struct worker *w = in_trap();

	(void)take(w);
	check_eq("IP", mr_in[L4_EXC_IP], (word_t)arch_regs_trap_ip);
	CHECK(mr_in[L4_EXC_SP] < w->stack && mr_in[L4_EXC_SP] > w->stack - 2048, "SP %lx",
	      mr_in[L4_EXC_SP]);
	for (unsigned i = 0; i < arch_regs_count; i++)
		check_eq("a register in the message", mr_in[EXC_REGS + i], regs_in[i]);
	mr_in[L4_EXC_IP] = (word_t)arch_regs_trap_end;
	mr_in[L4_EXC_NUMBER] = mr_in[L4_EXC_CODE] = ALL_ONES;
	for (unsigned i = 0; i < arch_regs_count; i++)
		mr_in[EXC_REGS + i] = pattern(32, i);
	answer(w, L4_EXC_CODE + arch_regs_count, mr_in);
	CHECK(finished(w), "it does not go on");
	for (unsigned i = 0; i < arch_regs_count; i++)
		check_eq("a register after the answer", regs_out[i], pattern(32, i));
}

/* What is not in the answer stays. */
static void partial_answer(void)
{
	for (unsigned words = 1; words <= L4_EXC_CODE + arch_regs_count; words += 3) {
		struct worker *w = in_trap();

		(void)take(w);
		mr_in[L4_EXC_IP] = (word_t)arch_regs_trap_end;
		for (unsigned i = 0; i < arch_regs_count; i++)
			mr_in[EXC_REGS + i] = pattern(33, i);
		answer(w, words, mr_in);
		CHECK(finished(w), "it does not go on after %u words", words);
		for (unsigned i = 0; i < arch_regs_count; i++)
			check_eq("a register after the answer", regs_out[i],
				 pattern(EXC_REGS + i <= words ? 33 : 31, i));
		CHECK(thread_delete(w->id), "deleting: error %lu", L4_ErrorCode());
	}
}

static void empty_answer(void)
{
	struct worker *w = in_trap();

	for (unsigned i = 0; i < 3; i++) {
		(void)take(w);
		check_eq("IP", mr_in[L4_EXC_IP], (word_t)arch_regs_trap_ip);
		answer(w, 0, mr_in);
		CHECK(!finished(w), "it went on without a new IP");
	}
}

/* More words than the format has. */
static void long_answer(void)
{
	struct worker *w = in_trap();

	(void)take(w);
	mr_in[L4_EXC_IP] = (word_t)arch_regs_trap_end;
	answer(w, ABI_MRS - 1, mr_in);
	CHECK(finished(w), "it does not go on");
	for (unsigned i = 0; i < arch_regs_count; i++)
		check_eq("a register after the answer", regs_out[i], regs_in[i]);
}

/* ---- hostile answers
 * ------------------------------------------------------------------------------ */

static void park_here(void)
{
	for (;;)
		L4_Stop_Thread(L4_Myself());
}

static void hostile_flags(void)
{
	struct worker *w = in_trap();
	L4_ThreadState_t s;
	word_t sp, ip, flags;

	(void)take(w);
	mr_in[L4_EXC_IP] = (word_t)park_here;
	mr_in[L4_EXC_FLAGS] = arch_flags_free | arch_flags_forbidden;
	answer(w, L4_EXC_FLAGS, mr_in);
	s = L4_Stop_SpIpFlags(w->id, &sp, &ip, &flags);
	CHECK(L4_ThreadWasHalted(s), "it did not get to where it was sent");
	check_eq("forbidden flags", flags & arch_flags_forbidden, 0);
}

/* It is sent to an address of the kernel, or a misaligned one: it traps again, or is stopped. */
static void hostile_ip(void)
{
	const word_t bad[] = {kip->user_last + 1,    ALL_ONES,
			      ALL_ONES & ~(word_t)3, 0,
			      (word_t)park_here + 1, (word_t)park_here + 2,
			      (ALL_ONES >> 1) + 1,   kip->user_last};

	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		struct worker *w = in_trap();

		(void)take(w);
		mr_in[L4_EXC_IP] = bad[i];
		answer(w, L4_EXC_IP, mr_in);
		CHECK(!finished(w), "sent to %lx, it returned", bad[i]);
		CHECK(thread_delete(w->id), "deleting: error %lu", L4_ErrorCode());
	}
}

static void hostile_sp(void)
{
	const word_t bad[] = {0, 1, kip->user_last + 1, ALL_ONES, (ALL_ONES >> 1) + 1};

	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		struct worker *w = in_trap();

		(void)take(w);
		mr_in[L4_EXC_SP] = bad[i];
		answer(w, L4_EXC_SP, mr_in);
		CHECK(!finished(w), "it returned");
		(void)take(w);
		check_eq("SP", mr_in[L4_EXC_SP] & ~(word_t)7, bad[i] & ~(word_t)7);
		CHECK(thread_delete(w->id), "deleting: error %lu", L4_ErrorCode());
	}
}

static void all_ones(void)
{
	struct worker *w = in_trap();

	(void)take(w);
	for (unsigned i = 1; i < ABI_MRS; i++)
		mr_in[i] = ALL_ONES;
	answer(w, ABI_MRS - 1, mr_in);
	CHECK(!finished(w), "it returned");
}

/* ---- handlers
 * -------------------------------------------------------------------------------------- */

static void check_halted(const struct worker *w)
{
	L4_ThreadState_t s = L4_Stop(w->id);

	CHECK(L4_ThreadWasHalted(s) && !L4_ThreadWasIpcing(s), "its state is %lx", s.raw);
}

static void no_handler(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);
	const L4_ThreadId_t bad[] = {L4_nilthread, L4_anythread, L4_waitnotify,
				     w->id,        id_new(),     id_stale(w->id)};

	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		raise_exception(w, &arch_exceptions[0], bad[i]);
		check_halted(w);
		worker_restart(w);
	}
	run(w, op_nothing);
}

static void handler_dies(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	for (unsigned taken = 0; taken < 2; taken++) {
		struct worker *h = worker_new(space_new(), PRIO_WORKER);

		raise_exception(w, &arch_exceptions[0], h->id);
		if (taken)
			(void)run_ipc(h, L4_nilthread, w->id, R_BLOCK);
		CHECK(thread_delete(h->id), "deleting: error %lu", L4_ErrorCode());
		settle();
		check_halted(w);
		worker_restart(w);
	}
}

/* The registers of the handler behind the message are not touched, and those of the thread
 * survive. */
static void op_keep(struct worker *w)
{
	volatile abi_word_t *mr = __l4_utcb()->mr;

	for (unsigned i = 0; i < ABI_MRS; i++)
		mr[i] = pattern(w->seed, i);
	op_handled(w);
	for (unsigned i = 0; i < ABI_MRS; i++)
		w->mr[i] = mr[i];
}

static void message_registers(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);
	const struct arch_exception *e = &arch_exceptions[0];

	w->arg[0] = (word_t)e->raise;
	w->arg[1] = L4_Myself().raw;
	start(w, op_keep);
	settle();
	for (int i = 1; i < ABI_MRS; i++)
		L4_LoadMR(i, 0x7777);
	(void)take(w);
	for (unsigned i = EXC_REGS + arch_regs_count; i < ABI_MRS; i++)
		check_eq("a register of the handler behind the message", mr_in[i], 0x7777);
	mr_in[L4_EXC_IP] = (word_t)e->resume;
	answer(w, L4_EXC_FLAGS, mr_in);
	CHECK(finished(w), "it does not go on");
	for (unsigned i = 0; i < ABI_MRS; i++)
		check_eq("a message register of the thread", w->mr[i], pattern(w->seed, i));
	check_eq("ErrorCode", w->error, ERROR_UNTOUCHED);
}

/* Aborted, it tries again. */
static void aborted(void)
{
	struct worker *w = in_trap();

	for (unsigned i = 0; i < 2; i++) {
		L4_Start(w->id);
		settle();
		(void)take(w);
		check_eq("IP", mr_in[L4_EXC_IP], (word_t)arch_regs_trap_ip);
	}
	L4_Start_SpIp(w->id, mr_in[L4_EXC_SP], (word_t)arch_regs_trap_end);
	settle();
	CHECK(finished(w), "it does not go on");
}

/* System calls that don't exist. */
static void op_bad_call(struct worker *w)
{
	L4_Set_ExceptionHandler(__L4_VALUE(L4_ThreadId_t, w->arg[5]));
	op_syscall(w);
}

static void unknown_calls(void)
{
	const word_t numbers[] = {ABI_SYS_COUNT, ABI_SYS_COUNT + 1, 255,
				  0x7fffffff,    0x80000000ul,      ALL_ONES};
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++) {
		L4_MsgTag_t tag;

		w->arg[0] = numbers[i];
		w->arg[5] = L4_Myself().raw;
		start(w, op_bad_call);
		settle();
		CHECK(!finished(w), "system call %lx did something", numbers[i]);
		tag = take(w);
		check_eq("protocol", (word_t)L4_Protocol(tag), (word_t)L4_ProtocolSyscall);
		check_eq("number", mr_in[L4_EXC_NUMBER], numbers[i]);
		/* The IP is behind the call: the handler has emulated it. */
		answer(w, L4_EXC_IP, mr_in);
		CHECK(finished(w), "it does not go on after system call %lx", numbers[i]);
	}
}

static const struct conf_case cases[] = {
    {registers, "all registers, there and back"},
    {partial_answer, "what the answer lacks stays"},
    {empty_answer, "an empty answer: the same exception again"},
    {long_answer, "an answer that is too long"},
    {hostile_flags, "an answer with hostile flags"},
    {hostile_ip, "an answer with a hostile IP"},
    {hostile_sp, "an answer with a hostile SP"},
    {all_ones, "an answer of 63 words of ones"},
    {no_handler, "no handler: the thread is halted"},
    {handler_dies, "the handler is deleted"},
    {message_registers, "message registers survive"},
    {aborted, "aborting a thread in an exception"},
    {unknown_calls, "system calls that don't exist"},
};

SUITE_OF(suite_exception, "EXC", 1, cases);

/* ---- EXC-1nn
 * ----------------------------------------------------------------------------------------- */

static void play(const struct arch_exception *e, struct space *sp)
{
	struct worker *w = worker_new(sp, PRIO_WORKER);

	for (unsigned i = 0; i < 2; i++) {
		w->result[0] = 0;
		raise_exception(w, e, L4_Myself());
		check_eq("state before the handler has it", state_of(w->id),
			 L4_SCHEDRESULT_PENDING_SEND);
		check_message(take(w), e);
		check_eq("state", state_of(w->id), L4_SCHEDRESULT_WAITING);
		mr_in[L4_EXC_IP] = (word_t)e->resume;
		mr_in[L4_EXC_FLAGS] = 0;
		answer(w, L4_EXC_FLAGS, mr_in);
		CHECK(finished(w), "it does not go on");
		check_eq("times it got behind the instruction", w->result[0], 1);
	}
}

static void run_row(unsigned row)
{
	if (row >= arch_exception_count)
		skip("this instruction set has %u kinds of exceptions", arch_exception_count);
	context("user space");
	play(&arch_exceptions[row], space_new());
	context("root task's space");
	play(&arch_exceptions[row], &root_space);
}

static void title_row(unsigned row, char *buf, size_t size)
{
	snprintf(buf, size, "exception of the instruction set, no. %u", row + 1);
}

SUITE_ROWS(suite_exception_kinds, "EXC", 100, 15, run_row, title_row);
