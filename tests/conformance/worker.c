/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * worker.c - threads that do what a case tells them, and what became of it.
 *
 * A worker that has nothing to do halts itself, so it is in no IPC, and its virtual registers
 * are as the operation left them.
 */
#include "conf.h"
#include "internal.h"

#define STACK_SIZE 4096

static struct worker workers[WORKERS];
static char stacks[WORKERS][STACK_SIZE] __attribute__((aligned(STACK_SIZE)));
static unsigned workers_used;
static volatile word_t order; /* of the ends of IPCs */

/* ---- the worker's side -------------------------------------------------------------------- */

word_t pattern(word_t seed, unsigned i)
{
	word_t x = seed * 0x9e3779b1u + i * 0x85ebca6bu;

	if (seed == SEED_ZEROS || seed == SEED_ONES)
		return seed == SEED_ONES ? ALL_ONES : 0;
	if (sizeof(word_t) == 8)
		x ^= (word_t)((uint64_t)(x + 1) * 0xc2b2ae3d27d4eb4fu >> 7);
	return x ^ x >> 15;
}

static void worker_main(void)
{
	struct worker *w = (struct worker *)L4_UserDefinedHandle();

	for (;;) {
		while (w->done == w->given)
			L4_Stop_Thread(w->id);
		__L4_TCR_Set_Acceptor(w->acceptor);
		L4_Set_NotifyMask(w->mask);
		__L4_TCR_Set_ErrorCode(ERROR_UNTOUCHED);
		w->op(w);
		w->error = L4_ErrorCode();
		w->bits = L4_Get_NotifyBits();
		w->done++;
	}
}

void op_ipc(struct worker *w)
{
	volatile abi_word_t *mr = __l4_utcb()->mr;
	abi_word_t from;

	for (unsigned i = 0; i < ABI_MRS; i++)
		mr[i] = pattern(w->seed, i);
	w->result[IPC_TAG] = __l4_ipc(w->arg[0], w->arg[1], w->arg[2], &from);
	w->result[IPC_FROM] = from;
	w->result[IPC_ORDER] = ++order;
	for (unsigned i = 0; i < ABI_MRS; i++)
		w->mr[i] = mr[i];
}

void op_syscall(struct worker *w)
{
	abi_word_t r[4];

	for (unsigned i = 0; i < 4; i++)
		r[i] = w->arg[i + 1];
	__l4_syscall(w->arg[0], r);
	for (unsigned i = 0; i < 4; i++)
		w->result[i] = r[i];
}

void op_schedule(struct worker *w)
{
	w->result[0] = L4_Schedule(__L4_VALUE(L4_ThreadId_t, w->arg[1]), w->arg[2], w->arg[3],
				   w->arg[4], w->arg[5], &w->result[1], &w->result[2]);
}

void op_nothing(struct worker *w)
{
	(void)w;
}

void op_spin(struct worker *w)
{
	volatile word_t *loops = &w->result[0];

	for (;;)
		++*loops;
}

void op_read(struct worker *w)
{
	w->result[0] = *(volatile word_t *)w->arg[0];
}

void op_write(struct worker *w)
{
	*(volatile word_t *)w->arg[0] = w->arg[1];
}

void op_execute(struct worker *w)
{
	w->result[0] = ((word_t(*)(void))w->arg[0])();
}

/* ---- the case's side ------------------------------------------------------------------------- */

void workers_stop(void)
{
	for (unsigned i = 0; i < workers_used; i++)
		L4_Stop_Thread(workers[i].id);
}

void workers_reset(void)
{
	workers_used = 0;
}

struct worker *worker_adopt(L4_ThreadId_t id, struct space *sp)
{
	struct worker *w = &workers[workers_used];

	CHECK(workers_used < WORKERS, "the case needs more workers than there are");
	workers_used++;
	memset(w, 0, sizeof(*w));
	w->space = sp;
	w->seed = workers_used;
	w->stack = (word_t)&stacks[workers_used][0];
	w->id = id;
	thread_start(id, worker_main, w->stack, (word_t)w);
	settle();
	return w;
}

struct worker *worker_new(struct space *sp, unsigned prio)
{
	return worker_adopt(thread_unstarted(sp, prio), sp);
}

void start(struct worker *w, void (*op)(struct worker *))
{
	CHECK(finished(w), "worker %u is still busy", (unsigned)(w - workers));
	w->op = op;
	w->given++;
	__L4_ExReg(w->id, L4_ExReg_Resume, 0, 0, 0);
}

void run(struct worker *w, void (*op)(struct worker *))
{
	start(w, op);
	settle();
	CHECK(finished(w), "worker %u did not complete its operation (state %lu)",
	      (unsigned)(w - workers), state_of(w->id));
}

void worker_restart(struct worker *w)
{
	w->done = w->given;
	L4_Start_SpIp(w->id, w->stack - (sizeof(word_t) == 4 ? 4 : 0), (word_t)worker_main);
	settle();
}

/* Take the fault of w, whose pager is the case, if it waits to report one. */
static bool take_fault(struct worker *w, struct fault *f)
{
	L4_MsgTag_t tag = L4_Receive_Nonblocking(w->id);

	if (L4_IpcFailed(tag))
		return false;
	check_eq("protocol of the fault", (word_t)L4_Protocol(tag), (word_t)L4_ProtocolPageFault);
	check_eq("words of the fault", L4_UntypedWords(tag), 2);
	f->access = L4_PageFaultAccess(tag);
	L4_StoreMR(1, &f->address);
	L4_StoreMR(2, &f->ip);
	return true;
}

struct fault probe(struct worker *w, void (*op)(struct worker *), word_t address, word_t value)
{
	struct fault f = {0, 0, 0};

	L4_Set_PagerOf(w->id, L4_Myself());
	w->arg[0] = address;
	w->arg[1] = value;
	start(w, op);
	settle();
	if (finished(w))
		return f;
	CHECK(take_fault(w, &f), "the worker neither completed its access nor faulted (state %lu)",
	      state_of(w->id));
	worker_restart(w);
	return f;
}

bool finished(const struct worker *w)
{
	return w->done == w->given;
}

void start_ipc(struct worker *w, L4_ThreadId_t to, L4_ThreadId_t from, word_t tag)
{
	w->arg[0] = to.raw;
	w->arg[1] = from.raw;
	w->arg[2] = tag;
	start(w, op_ipc);
}

bool run_ipc(struct worker *w, L4_ThreadId_t to, L4_ThreadId_t from, word_t tag)
{
	start_ipc(w, to, from, tag);
	settle();
	return finished(w);
}

/* ---- judging ------------------------------------------------------------------------------------
 */

static const char *const code_names[] = {
    "code 0",      "NoPartner",   "NonExist", "Canceled",
    "MsgOverflow", "NotAccepted", "code 6",   "Aborted",
};

static void describe(const struct worker *w, char *buf, size_t size)
{
	if (!finished(w))
		snprintf(buf, size, "is blocked (state %lu)", state_of(w->id));
	else if (!(w->result[IPC_TAG] & ABI_TAG_ERROR))
		snprintf(buf, size, "returned tag %lx from %lx", w->result[IPC_TAG],
			 w->result[IPC_FROM]);
	else
		snprintf(buf, size, "failed with %s in the %s phase (ErrorCode %lx)",
			 code_names[w->error >> 1 & 7], w->error & 1 ? "receive" : "send",
			 w->error);
}

/* Message registers from `first` on are as they were before. */
static void check_untouched(const struct worker *w, unsigned first)
{
	for (unsigned i = first; i < ABI_MRS; i++)
		CHECK(w->mr[i] == pattern(w->seed, i), "the IPC of worker %u changed MR%u to %lx",
		      (unsigned)(w - workers), i, w->mr[i]);
}

static void check_result(const struct worker *w, word_t tag, word_t from)
{
	char text[96];

	describe(w, text, sizeof(text));
	CHECK(finished(w) && w->result[IPC_TAG] == tag && w->result[IPC_FROM] == from,
	      "worker %u %s; tag %lx from %lx is right", (unsigned)(w - workers), text, tag, from);
}

void check_ipc_error(const struct worker *w, word_t code, word_t phase)
{
	char text[96];

	describe(w, text, sizeof(text));
	CHECK(finished(w) && w->result[IPC_TAG] & ABI_TAG_ERROR &&
		  w->error == ABI_IPC_ERROR(code, phase),
	      "worker %u %s; %s in the %s phase is right", (unsigned)(w - workers), text,
	      code_names[code], phase ? "receive" : "send");
	check_result(w, ABI_TAG_ERROR, ABI_NILTHREAD);
	check_untouched(w, 1);
}

void check_ipc_received(const struct worker *w, word_t tag, L4_ThreadId_t from, word_t seed)
{
	unsigned u = tag & ABI_TAG_U_MASK;

	check_result(w, tag & ~(word_t)ABI_TAG_FLAGS, from.raw);
	for (unsigned i = 1; i <= u; i++)
		CHECK(w->mr[i] == pattern(seed, i), "worker %u received %lx in MR%u; %lx was sent",
		      (unsigned)(w - workers), w->mr[i], i, pattern(seed, i));
	check_untouched(w, u + 1);
	check_eq("ErrorCode after a success", w->error, ERROR_UNTOUCHED);
}

void check_ipc_notified(const struct worker *w, word_t bits)
{
	check_result(w, 1, ABI_NILTHREAD);
	check_eq("notification bits delivered", w->mr[1], bits);
	check_untouched(w, 2);
}

void check_ipc_sent(const struct worker *w)
{
	check_result(w, 0, ABI_NILTHREAD);
	check_untouched(w, 1);
}

void check_blocked(const struct worker *w, word_t state)
{
	char text[96];

	describe(w, text, sizeof(text));
	CHECK(!finished(w), "worker %u %s; it should block", (unsigned)(w - workers), text);
	check_eq("state of the blocked worker", state_of(w->id), state);
}

void abort_ipc(struct worker *w, word_t phase)
{
	word_t control = phase ? L4_ExReg_AbortRecvIPC : L4_ExReg_AbortSendIPC;
	word_t old = 0;
	L4_ThreadId_t done = L4_ExchangeRegisters(w->id, control | L4_ExReg_Deliver, 0, 0, 0, 0,
						  L4_nilthread, &old, NULL, NULL, NULL, NULL, NULL);

	check_eq("result of ExchangeRegisters", done.raw, w->id.raw);
	check_eq("state that ExchangeRegisters returned", old,
		 phase ? ABI_XREG_RECV : ABI_XREG_SEND);
	settle();
	check_ipc_error(w, L4_ErrCanceled, phase);
}
