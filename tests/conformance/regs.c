/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * regs.c - REG-0nn: no register of a thread is seen by another, and those that are its own to
 * keep are kept, on every way out of the kernel. Both threads have all registers filled with
 * patterns of their own; what each has afterwards must be its own, 0, or a result.
 *
 * Each case is played with both threads in one space, and in two.
 */
#include "map.h"
#include "puppet.h"
#include "suites.h"

#define CALL (S_BLOCK | R_BLOCK)

/* The two threads: R is the one whose way out it is, S has run just before. R is in the root
 * task's space, S there or elsewhere. */
struct pair {
	struct puppet s, r;
};

static struct pair pair_new(struct space *other)
{
	struct pair p;

	p.r = puppet_new("R", &root_space, PRIO_WORKER);
	p.s = puppet_new("S", other, PRIO_WORKER);
	return p;
}

static void stopped(struct puppet *p)
{
	CHECK(puppet_stopped(p), "%s did not get to its trap (state %lu)", p->name,
	      state_of(p->w->id));
}

static void running(struct puppet *p)
{
	CHECK(!puppet_stopped(p), "%s went on", p->name);
}

/* R waits. */
static void wait_for(struct puppet *r, L4_ThreadId_t from)
{
	puppet_ipc(r, L4_nilthread, from, R_BLOCK);
	puppet_run(r);
	running(r);
}

/* ---- IPC ------------------------------------------------------------------------------------
 */

static const uint8_t lengths[] = {0, 1, 3, 63};

/* S calls R, which waits for anybody or just for S, and R answers and waits again. */
static void call_and_answer(struct pair *p)
{
	for (unsigned i = 0; i < 2 * ARRAY_SIZE(lengths); i++) {
		word_t tag = TAG(0x33, lengths[i / 2], 0);

		puppet_fill(&p->r);
		wait_for(&p->r, i % 2 ? p->s.w->id : L4_anythread);
		puppet_fill(&p->s);
		puppet_ipc(&p->s, p->r.w->id, p->r.w->id, tag | CALL);
		puppet_run(&p->s);
		stopped(&p->r);
		puppet_check_ipc(&p->r, tag, p->s.w->id.raw);

		puppet_fill(&p->r);
		puppet_ipc(&p->r, p->s.w->id, i % 2 ? p->s.w->id : L4_anythread, tag | R_BLOCK);
		puppet_run(&p->r);
		stopped(&p->s);
		puppet_check_ipc(&p->s, tag, p->r.w->id.raw);
		running(&p->r);
		__L4_ExReg(p->r.w->id, L4_ExReg_AbortIPC, 0, 0, 0);
		settle();
		stopped(&p->r);
		puppet_check_ipc(&p->r, ABI_TAG_ERROR, ABI_NILTHREAD);
	}
}

/* S preempts nobody; or (`below`) who is woken by it preempts S. */
static void set_below(const struct pair *p, bool below)
{
	CHECK(L4_Set_Priority(p->s.w->id, PRIO_WORKER - below), "Schedule: error %lu",
	      L4_ErrorCode());
}

static void only_send(struct pair *p)
{
	for (unsigned i = 0; i < 2 * ARRAY_SIZE(lengths); i++) {
		word_t tag = TAG(0x34, lengths[i / 2], 0);

		set_below(p, i % 2);
		puppet_fill(&p->r);
		puppet_fill(&p->s);
		wait_for(&p->r, L4_anythread);
		puppet_ipc(&p->s, p->r.w->id, L4_nilthread, tag | S_BLOCK);
		puppet_run(&p->s);
		stopped(&p->r);
		puppet_check_ipc(&p->r, tag, p->s.w->id.raw);
		stopped(&p->s);
		puppet_check_ipc(&p->s, 0, ABI_NILTHREAD);
	}
}

/* S waits to send when R comes to receive. */
static void queued(struct pair *p)
{
	word_t tag = TAG(0x35, 5, 0);

	puppet_ipc(&p->s, p->r.w->id, L4_nilthread, tag | S_BLOCK);
	puppet_run(&p->s);
	running(&p->s);
	puppet_ipc(&p->r, L4_nilthread, L4_anythread, 0);
	puppet_run(&p->r);
	stopped(&p->r);
	puppet_check_ipc(&p->r, tag, p->s.w->id.raw);
	stopped(&p->s);
	puppet_check_ipc(&p->s, 0, ABI_NILTHREAD);
}

/* R's registers are all replaced while it waits to send to S, or for its answer, in a call. */
static void replaced(struct pair *p)
{
	word_t tag = TAG(0x36, 2, 0);

	for (unsigned i = 0; i < 4; i++) {
		bool sends = i % 2 == 0;

		puppet_fill(&p->r);
		puppet_fill(&p->s);
		puppet_ipc(&p->r, p->s.w->id, p->s.w->id, tag | CALL);
		puppet_run(&p->r);
		running(&p->r);
		if (sends) {
			puppet_fill(&p->r);
			puppet_replace(&p->r);
		}
		puppet_ipc(&p->s, L4_nilthread, L4_anythread, R_BLOCK);
		puppet_run(&p->s);
		stopped(&p->s);
		puppet_check_ipc(&p->s, tag, p->r.w->id.raw);
		if (!sends) {
			puppet_fill(&p->r);
			puppet_replace(&p->r);
		}
		puppet_ipc(&p->s, p->r.w->id, i < 2 ? L4_anythread : L4_nilthread,
			   tag | (i < 2 ? R_BLOCK : 0));
		puppet_run(&p->s);
		stopped(&p->r);
		puppet_check_replaced(&p->r, tag, p->s.w->id.raw);
		if (i < 2) {
			__L4_ExReg(p->s.w->id, L4_ExReg_AbortIPC, 0, 0, 0);
			settle();
		}
		stopped(&p->s);
	}
}

/* R's IPC fails, just after S has been in the kernel. */
static void failed(struct pair *p)
{
	const L4_ThreadId_t to[] = {p->r.w->id, id_new(), L4_anythread, p->s.w->id, L4_nilthread};

	for (unsigned i = 0; i < ARRAY_SIZE(to); i++) {
		puppet_fill(&p->s);
		puppet_fill(&p->r);
		puppet_ipc(&p->s, L4_nilthread, id_new(), R_BLOCK);
		puppet_ipc(&p->r, to[i], L4_anythread, TAG(9, 9, 0));
		puppet_go(&p->s);
		puppet_run(&p->r);
		stopped(&p->s);
		puppet_check_ipc(&p->s, ABI_TAG_ERROR, ABI_NILTHREAD);
		stopped(&p->r);
		puppet_check_ipc(&p->r, ABI_TAG_ERROR, ABI_NILTHREAD);
	}
}

/* S, with all registers filled that the call does not need, ends R's IPC. */
static void aborted(struct pair *p)
{
	word_t result[4] = {p->r.w->id.raw, ABI_XREG_RECV, p->r.sp, (word_t)arch_ipc_end};

	if (p->s.w->space != &root_space)
		return; /* it may not */
	wait_for(&p->r, L4_anythread);
	puppet_call(&p->s, ABI_SYS_EXCHANGE_REGS, p->r.w->id.raw, L4_ExReg_AbortIPC, 0, 0);
	puppet_run(&p->s);
	stopped(&p->r);
	puppet_check_ipc(&p->r, ABI_TAG_ERROR, ABI_NILTHREAD);
	stopped(&p->s);
	puppet_check_call(&p->s, 4, result);
}

static void notified(struct pair *p)
{
	const L4_ThreadId_t from[] = {L4_waitnotify, L4_anythread};

	for (unsigned j = 0; j < 8; j++) {
		volatile struct abi_utcb *utcb = puppet_utcb(&p->r);
		unsigned i = j / 2;

		set_below(p, j % 2);
		puppet_fill(&p->s);
		puppet_fill(&p->r);
		utcb->acceptor = ABI_ACCEPT_NOTIFY;
		utcb->notify_mask = ALL_ONES;
		wait_for(&p->r, from[i % 2]);
		puppet_ipc(&p->s, p->r.w->id, L4_nilthread, TAG(1, 1, NOTIFY | S_BLOCK));
		if (i >= 2) /* and S blocks */
			puppet_ipc(&p->s, p->r.w->id, L4_anythread, TAG(1, 1, NOTIFY | CALL));
		puppet_run(&p->s);
		stopped(&p->r);
		puppet_check_ipc(&p->r, 1, ABI_NILTHREAD);
		check_eq("bits", utcb->mr[1], pattern(p->s.w->seed, 1));
		if (i >= 2) {
			__L4_ExReg(p->s.w->id, L4_ExReg_AbortIPC, 0, 0, 0);
			settle();
		}
		stopped(&p->s);
		puppet_check_ipc(&p->s, i < 2 ? 0 : ABI_TAG_ERROR, ABI_NILTHREAD);
	}
}

/* S notifies R, which waits for something else, or for nothing. */
static void noted(struct pair *p)
{
	volatile struct abi_utcb *utcb = puppet_utcb(&p->r);

	for (unsigned i = 0; i < 2; i++) {
		puppet_fill(&p->s);
		puppet_fill(&p->r);
		utcb->acceptor = ABI_ACCEPT_NOTIFY;
		utcb->notify_mask = ALL_ONES;
		utcb->notify_bits = pattern(p->r.w->seed, 1);
		if (i == 0)
			wait_for(&p->r, p->s.w->id);
		puppet_ipc(&p->s, p->r.w->id, L4_nilthread, TAG(1, 1, NOTIFY));
		puppet_run(&p->s);
		stopped(&p->s);
		puppet_check_ipc(&p->s, 0, ABI_NILTHREAD);
		check_eq("bits", utcb->notify_bits,
			 pattern(p->r.w->seed, 1) | pattern(p->s.w->seed, 1));
		utcb->notify_bits = 0;
		if (i == 0) {
			__L4_ExReg(p->r.w->id, L4_ExReg_AbortIPC, 0, 0, 0);
			settle();
			stopped(&p->r);
			puppet_check_ipc(&p->r, ABI_TAG_ERROR, ABI_NILTHREAD);
		}
	}
}

/* ---- what the kernel sends in a thread's name -------------------------------------------------
 */

/* S takes R's message of this protocol; it traps then, and is filled again. */
static void s_takes(struct pair *p, long protocol, unsigned words)
{
	stopped(&p->s);
	CHECK(p->s.seen[arch_registers.ipc_result[0]] >> ABI_TAG_LABEL_SHIFT >> 4 ==
		  ((word_t)protocol & ALL_ONES >> ABI_TAG_LABEL_SHIFT >> 4),
	      "S got a message with tag %lx", p->s.seen[arch_registers.ipc_result[0]]);
	puppet_check_ipc(&p->s, p->s.seen[arch_registers.ipc_result[0]], p->r.w->id.raw);
	check_eq("words", p->s.seen[arch_registers.ipc_result[0]] & ABI_TAG_U_MASK, words);
	puppet_fill(&p->s);
}

static void s_answers(struct pair *p)
{
	puppet_ipc(&p->s, p->r.w->id, p->r.w->id, TAG(0, 0, CALL));
	puppet_run(&p->s);
}

static void exception(struct pair *p)
{
	volatile struct abi_utcb *utcb = puppet_utcb(&p->r);

	puppet_ipc(&p->s, L4_nilthread, p->r.w->id, R_BLOCK);
	puppet_run(&p->s);
	utcb->exc_handler = p->s.w->id.raw;
	puppet_trap(&p->r);
	puppet_run(&p->r);
	utcb->exc_handler = L4_Myself().raw;
	s_takes(p, L4_ProtocolException, L4_EXC_CODE + arch_regs_count);
	/* An empty answer: it traps again, and the case gets the registers. */
	s_answers(p);
	stopped(&p->r);
	puppet_check_same(&p->r, -1);
}

/* R faults twice. S, which answers, waits for anybody then, or for R. */
static void page_fault(struct pair *p)
{
	uint64_t frame;
	word_t *page = pages_new(RT_PAGE_LOG2, &frame);
	L4_Fpage_t f = piece(MAP_AT, RT_PAGE_LOG2, L4_Readable);

	page[0] = 0x1234;
	for (unsigned i = 0; i < 2; i++) {
		puppet_fill(&p->r);
		puppet_fill(&p->s);
		puppet_ipc(&p->s, L4_nilthread, L4_anythread, R_BLOCK);
		puppet_run(&p->s);
		L4_Set_PagerOf(p->r.w->id, p->s.w->id);
		puppet_load(&p->r, MAP_AT);
		puppet_run(&p->r);
		s_takes(p, L4_ProtocolPageFault, 2);
		CHECK(L4_MapFpage(root_space.id, f, L4_PhysDesc(frame, 0)), "error %lu",
		      L4_ErrorCode());
		if (i == 0) {
			puppet_ipc(&p->s, p->r.w->id, L4_anythread, TAG(0, 3, R_BLOCK));
			puppet_run(&p->s);
		} else {
			s_answers(p);
		}
		(void)L4_UnmapFpage(root_space.id, f);
		stopped(&p->r);
		puppet_check_same(&p->r, arch_registers.load);
		check_eq("what was loaded", p->r.seen[arch_registers.load], 0x1234);
		__L4_ExReg(p->s.w->id, L4_ExReg_AbortIPC, 0, 0, 0);
		settle();
		stopped(&p->s);
		puppet_check_ipc(&p->s, ABI_TAG_ERROR, ABI_NILTHREAD);
	}
}

#define KEEP ALL_ONES

static void set_times(const struct puppet *p, word_t slice, word_t quantum)
{
	CHECK(L4_Schedule(p->w->id, slice, quantum, KEEP, KEEP, NULL, NULL), "Schedule: error %lu",
	      L4_ErrorCode());
}

/* R's quantum is spent while it spins, and S is its scheduler. */
static void quantum(struct pair *p)
{
	wait_for(&p->s, p->r.w->id);
	set_times(&p->r, 0, 1000);
	CHECK(thread_control(p->r.w->id, p->r.w->id, p->s.w->id, L4_nilthread, NO_UTCB),
	      "another scheduler: error %lu", L4_ErrorCode());
	puppet_spin(&p->r);
	puppet_go(&p->r);
	puppet_wait(&p->s);
	puppet_check_ipc(&p->s, p->s.seen[arch_registers.ipc_result[0]], p->r.w->id.raw);
	CHECK(thread_control(p->r.w->id, p->r.w->id, L4_Myself(), L4_nilthread, NO_UTCB),
	      "another scheduler: error %lu", L4_ErrorCode());
	set_times(&p->r, 0, 0);
	/* Where it goes on, it traps. */
	p->r.trap = arch_regs_trap_ip;
	__L4_ExReg(p->r.w->id, L4_ExReg_ip, 0, (word_t)p->r.trap, 0);
	puppet_fill(&p->s);
	s_answers(p);
	stopped(&p->r);
	puppet_check_same(&p->r, -1);
}

/* A new thread, which S starts, has 0 in all registers. */
static void started(struct pair *p)
{
	struct puppet new = {.name = "a new thread", .trap = arch_regs_trap_ip};
	struct worker w = {.space = &root_space, .id = thread_inactive(&root_space)};
	L4_ThreadId_t id = w.id;
	volatile struct abi_utcb *utcb;

	if (p->s.w->space != &root_space)
		return; /* its message registers are out of reach */
	new.w = &w;
	CHECK(thread_control(id, root_space.id, L4_nilthread, p->s.w->id,
			     utcb_place(&root_space, id)),
	      "activating: error %lu", L4_ErrorCode());
	puppet_utcb(&new)->exc_handler = L4_Myself().raw;
	utcb = puppet_utcb(&p->s);
	utcb->mr[1] = (word_t) new.trap;
	utcb->mr[2] = p->s.w->stack;
	puppet_ipc(&p->s, id, L4_nilthread, TAG(0, 2, S_BLOCK));
	puppet_run(&p->s);
	stopped(&p->s);
	puppet_check_ipc(&p->s, 0, ABI_NILTHREAD);
	stopped(&new);
	check_eq("SP of a new thread", new.seen_sp, p->s.w->stack);
	puppet_check_same(&new, -1);
}

/* ---- scheduling --------------------------------------------------------------------------------
 */

/* Both spin, in slices, until a quantum is spent: S's, whose scheduler is the case. */
static void preempted(struct pair *p)
{
	puppet_spin(&p->s);
	puppet_spin(&p->r);
	set_times(&p->s, 200, 2000);
	set_times(&p->r, 200, 0);
	puppet_go(&p->s);
	puppet_go(&p->r);
	CHECK(L4_IpcSucceeded(L4_Receive(p->s.w->id)), "S's quantum: ErrorCode %lx",
	      L4_ErrorCode());
	puppet_unspin(&p->r);
	set_times(&p->s, 0, 0);
	p->s.trap = arch_regs_trap_ip;
	__L4_ExReg(p->s.w->id, L4_ExReg_ip, 0, (word_t)p->s.trap, 0);
	L4_Set_MsgTag(L4_Niltag);
	(void)L4_Reply(p->s.w->id);
	settle();
	stopped(&p->s);
	puppet_check_same(&p->s, -1);
}

/* R's slice is spent while S is ready, and R goes on at its callback. */
static void callback(struct pair *p)
{
	volatile struct abi_utcb *utcb = puppet_utcb(&p->r);

	puppet_spin(&p->s);
	puppet_spin(&p->r);
	set_times(&p->s, 200, 0);
	set_times(&p->r, 200, 0);
	utcb->preempt_ip = (word_t)arch_regs_trap_ip;
	utcb->preempt_flags = ABI_PREEMPT_CALLBACK;
	p->r.trap = arch_regs_trap_ip;
	puppet_go(&p->r);
	puppet_go(&p->s);
	puppet_wait(&p->r);
	puppet_check_same(&p->r, -1);
	check_eq("PreemptedIP", utcb->preempted_ip, (word_t)arch_spin);
	puppet_unspin(&p->s);
}

/* Each gives the rest of its slice to the other. */
static void switched(struct pair *p)
{
	puppet_call(&p->r, ABI_SYS_THREAD_SWITCH, p->s.w->id.raw, 0, 0, 0);
	puppet_call(&p->s, ABI_SYS_THREAD_SWITCH, p->r.w->id.raw, 0, 0, 0);
	puppet_go(&p->r);
	puppet_run(&p->s);
	stopped(&p->r);
	puppet_check_call(&p->r, 0, NULL);
	stopped(&p->s);
	puppet_check_call(&p->s, 0, NULL);
}

static void calls(struct pair *p)
{
	static const word_t numbers[] = {ABI_SYS_THREAD_CONTROL, ABI_SYS_EXCHANGE_REGS,
					 ABI_SYS_SCHEDULE,       ABI_SYS_MAP_CONTROL,
					 ABI_SYS_SPACE_CONTROL,  ABI_SYS_CACHE_CONTROL};

	for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++) {
		const word_t result[4] = {0};

		puppet_fill(&p->s);
		puppet_fill(&p->r);
		puppet_ipc(&p->s, L4_nilthread, id_new(), R_BLOCK);
		puppet_call(&p->r, numbers[i], ABI_ANYTHREAD, ALL_ONES, 0x5555, 0x6666);
		puppet_go(&p->s);
		puppet_run(&p->r);
		stopped(&p->s);
		stopped(&p->r);
		puppet_check_call(&p->r, 1, result);
	}
}

/* A call so long that R's slice ends in it, and another thread runs in between. */
#define LONG_LOG2 18 /* of an item */

static void cut(struct pair *p)
{
	struct map_scene scene = map_scene_new();
	struct worker *x = worker_new(p->s.w->space, PRIO_WORKER);
	volatile struct abi_utcb *utcb = puppet_utcb(&p->r);
	const word_t result[4] = {1, 0, 0, 0};

	for (word_t offset = 0; offset < (word_t)ABI_MAP_MAX_ITEMS << LONG_LOG2; offset += PAGE)
		map_page(&scene, MAP_AT + offset, scene.frame, L4_Readable);
	for (unsigned i = 0; i < ABI_MAP_MAX_ITEMS; i++)
		utcb->mr[2 * i + 1] = piece(MAP_AT + ((word_t)i << LONG_LOG2), LONG_LOG2, 0).raw;
	set_times(&p->r, 100, 0);
	CHECK(L4_Schedule(x->id, 100, 0, KEEP, KEEP, NULL, NULL), "error %lu", L4_ErrorCode());
	puppet_call(&p->r, ABI_SYS_MAP_CONTROL, scene.space->id.raw,
		    L4_MapCtrl_Read | (ABI_MAP_MAX_ITEMS - 1), 0x5555, 0x6666);
	puppet_go(&p->r);
	start(x, op_spin);
	puppet_wait(&p->r);
	L4_Stop_Thread(x->id);
	CHECK(x->result[0] > 0, "the call was not cut");
	puppet_check_call(&p->r, 1, result);
}

/* R's registers are all replaced while it waits for the notification by which it preempts S. */
static void replaced_notified(struct pair *p)
{
	const L4_ThreadId_t from[] = {L4_anythread, L4_waitnotify};

	if (p->r.w->space != &root_space)
		return; /* its message registers are out of reach */
	set_below(p, true);
	for (unsigned i = 0; i < 2; i++) {
		volatile struct abi_utcb *utcb = puppet_utcb(&p->r);

		puppet_fill(&p->s);
		puppet_fill(&p->r);
		utcb->acceptor = ABI_ACCEPT_NOTIFY;
		utcb->notify_mask = ALL_ONES;
		wait_for(&p->r, from[i]);
		puppet_fill(&p->r);
		puppet_replace(&p->r);
		puppet_ipc(&p->s, p->r.w->id, L4_nilthread, TAG(1, 1, NOTIFY | S_BLOCK));
		puppet_run(&p->s);
		stopped(&p->r);
		puppet_check_replaced(&p->r, 1, ABI_NILTHREAD);
		stopped(&p->s);
	}
}

/* ---- cases -------------------------------------------------------------------------------------
 */

static const struct {
	void (*play)(struct pair *p);
	const char *title;
} rows[] = {
    {call_and_answer, "a call, and its answer with a wait"},
    {only_send, "a message without a receive phase"},
    {queued, "a message from the queue"},
    {failed, "an IPC that fails"},
    {aborted, "an IPC that is aborted"},
    {notified, "a notification"},
    {exception, "the answer to an exception"},
    {page_fault, "the answer to a page fault"},
    {quantum, "the answer to a spent quantum"},
    {started, "a new thread"},
    {preempted, "preemption by the end of a slice"},
    {callback, "the preemption callback"},
    {switched, "ThreadSwitch"},
    {calls, "system calls that fail"},
    {cut, "a system call that is cut"},
    {replaced, "an IPC in which all of them were replaced"},
    {noted, "a notification that nobody waits for"},
    {replaced_notified, "a wait for notification in which all of them were replaced"},
};

static void run_row(unsigned row)
{
	struct pair p;

	context("one space");
	p = pair_new(&root_space);
	rows[row].play(&p);
	context("two spaces");
	p = pair_new(space_new());
	rows[row].play(&p);
}

static void title_row(unsigned row, char *buf, size_t size)
{
	snprintf(buf, size, "registers after %s", rows[row].title);
}

SUITE_ROWS(suite_regs, "REG", 1, ARRAY_SIZE(rows), run_row, title_row);
