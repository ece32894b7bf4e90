/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * thread.c - THR-0nn: ThreadControl. Creating, modifying, activating, deleting.
 */
#include "map.h"
#include "suites.h"

/* ThreadControl fails with this error, and costs no memory. */
static void refused(const char *what, word_t ok, word_t error, word_t free_before)
{
	CHECK(!ok, "%s: ThreadControl succeeded", what);
	check_eq(what, L4_ErrorCode(), error);
	check_eq("free kernel memory after it failed", kmem_free(), free_before);
}

/* A thread that waits for its start message from the case runs, and does an operation. */
static struct worker *start_it(struct space *sp)
{
	struct worker *w = worker_new(sp, PRIO_WORKER);

	run(w, op_nothing);
	return w;
}

static void check_state(const char *what, L4_ThreadId_t id, word_t state)
{
	check_eq(what, state_of(id), state);
}

/* ---- creation -------------------------------------------------------------------------- */

static void create_inactive(void)
{
	struct space *sp = space_new();
	L4_ThreadId_t a = thread_inactive(sp), b = thread_inactive(sp);

	check_state("a new thread", a, L4_SCHEDRESULT_INACTIVE);
	check_state("a second one", b, L4_SCHEDRESULT_INACTIVE);
	CHECK(thread_control(b, a, L4_nilthread, L4_Myself(), utcb_place(sp, b)), "error %lu",
	      L4_ErrorCode());
	check_state("an activated one", b, L4_SCHEDRESULT_WAITING);
	check_state("the other", a, L4_SCHEDRESULT_INACTIVE);
}

/* In one call: created, with UTCB and pager, so active. */
static void create_active(void)
{
	L4_ThreadId_t id = id_new();

	CHECK(
	    thread_control(id, L4_Myself(), L4_Myself(), L4_Myself(), utcb_place(&root_space, id)),
	    "error %lu", L4_ErrorCode());
	check_state("the new thread", id, L4_SCHEDRESULT_WAITING);
	CHECK(thread_delete(id), "deleting: error %lu", L4_ErrorCode());
	check_state("it, deleted", id, L4_SCHEDRESULT_ERROR);
	check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidThread);
}

/* A new thread may be its own scheduler and pager. */
static void names_itself(void)
{
	struct space *sp = space_new();
	L4_ThreadId_t first = thread_inactive(sp), id = id_new();

	CHECK(thread_control(id, first, id, id, utcb_place(sp, id)), "error %lu", L4_ErrorCode());
	CHECK(!state_of(id), "Schedule by who is not its scheduler succeeded");
	check_eq("ErrorCode", L4_ErrorCode(), L4_ErrNoPrivilege);
	CHECK(L4_IsThreadEqual(L4_PagerOf(id), id), "the pager is %lx", L4_PagerOf(id).raw);
}

static void new_space_is_empty(void)
{
	L4_ThreadId_t id = id_new();
	L4_Fpage_t f = piece((word_t)new_space_is_empty & ~(PAGE - 1), RT_PAGE_LOG2, 0);

	CHECK(thread_control(id, id, L4_Myself(), L4_nilthread, NO_UTCB), "error %lu",
	      L4_ErrorCode());
	CHECK(L4_GetStatus(id, &f, NULL), "status: error %lu", L4_ErrorCode());
	check_eq("rights in a new space", f.raw, 0);
}

static void create_errors(void)
{
	struct space *sp = space_new();
	L4_ThreadId_t first = thread_inactive(sp), id = id_new(), none = id_new(), irq;
	word_t free = kmem_free(), bits = ABI_TID_NUMBER_BITS;

	irq = L4_GlobalId(irq_quiet_line(), ABI_IRQ_VERSION);
	refused("space of nobody", thread_control(id, none, L4_Myself(), L4_nilthread, NO_UTCB),
		L4_ErrInvalidSpace, free);
	refused("space of an interrupt",
		thread_control(id, irq, L4_Myself(), L4_nilthread, NO_UTCB), L4_ErrInvalidSpace,
		free);
	refused("space anythread",
		thread_control(id, L4_anythread, L4_Myself(), L4_nilthread, NO_UTCB),
		L4_ErrInvalidSpace, free);
	refused("space of an old version",
		thread_control(id, id_stale(first), L4_Myself(), L4_nilthread, NO_UTCB),
		L4_ErrInvalidSpace, free);
	refused("no scheduler", thread_control(id, first, L4_nilthread, L4_nilthread, NO_UTCB),
		L4_ErrInvalidScheduler, free);
	refused("scheduler that isn't", thread_control(id, first, none, L4_nilthread, NO_UTCB),
		L4_ErrInvalidScheduler, free);
	refused("scheduler anythread",
		thread_control(id, first, L4_anythread, L4_nilthread, NO_UTCB),
		L4_ErrInvalidScheduler, free);
	refused("pager that isn't",
		thread_control(id, first, L4_Myself(), none, utcb_place(sp, id)),
		L4_ErrInvalidThread, free);
	refused("new space, scheduler that isn't",
		thread_control(id, id, none, L4_nilthread, NO_UTCB), L4_ErrInvalidScheduler, free);
	refused("pager without UTCB", thread_control(id, first, L4_Myself(), L4_Myself(), NO_UTCB),
		L4_ErrUtcbArea, free);
	refused("version that ends in zeros",
		thread_control(L4_GlobalId(L4_ThreadNo(id), 64), first, L4_Myself(), L4_nilthread,
			       NO_UTCB),
		L4_ErrInvalidThread, free);
	refused("number out of range",
		thread_control(L4_GlobalId(((word_t)1 << (bits - 1)) - 1, 1), first, L4_Myself(),
			       L4_nilthread, NO_UTCB),
		L4_ErrInvalidThread, free);
	refused("nilthread",
		thread_control(L4_nilthread, first, L4_Myself(), L4_nilthread, NO_UTCB),
		L4_ErrInvalidThread, free);
	refused("anythread",
		thread_control(L4_anythread, first, L4_Myself(), L4_nilthread, NO_UTCB),
		L4_ErrInvalidThread, free);
	CHECK(!state_of(id), "a thread was created by a call that failed");
}

/* An old or a new version of a thread that is there. */
static void other_version(void)
{
	struct space *sp = space_new();
	L4_ThreadId_t id = thread_inactive(sp);
	L4_ThreadId_t next = L4_GlobalId(L4_ThreadNo(id), (L4_Version(id) | 63) + 2);
	word_t free = kmem_free();

	refused("an old version",
		thread_control(id_stale(id), id, L4_Myself(), L4_nilthread, NO_UTCB),
		L4_ErrInvalidThread, free);
	refused("a later version", thread_control(next, id, L4_Myself(), L4_nilthread, NO_UTCB),
		L4_ErrInvalidThread, free);
	refused("deleting an old version", thread_delete(id_stale(id)), L4_ErrInvalidThread, free);
	check_state("the thread", id, L4_SCHEDRESULT_INACTIVE);
	CHECK(thread_delete(id), "deleting: error %lu", L4_ErrorCode());
	CHECK(thread_control(next, L4_Myself(), L4_Myself(), L4_nilthread, NO_UTCB),
	      "the number can't be used again: error %lu", L4_ErrorCode());
	refused("the version before", thread_delete(id), L4_ErrInvalidThread, kmem_free());
	CHECK(thread_delete(next), "deleting: error %lu", L4_ErrorCode());
}

static void redirectors(void)
{
	struct space *sp = space_new();
	L4_ThreadId_t first = thread_inactive(sp), id = id_new(), me = L4_Myself();
	const L4_ThreadId_t bad[] = {me, first, id, L4_waitnotify};

	for (unsigned i = 0; i < 2 * ARRAY_SIZE(bad); i++) {
		L4_ThreadId_t a = i & 1 ? bad[i / 2] : L4_nilthread;
		L4_ThreadId_t b = i & 1 ? L4_anythread : bad[i / 2];

		CHECK(!L4_ThreadControl(id, first, me, L4_nilthread, a, b, NO_UTCB),
		      "a redirector was accepted");
		check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidRedirector);
		CHECK(!L4_ThreadControl(first, first, me, L4_nilthread, a, b, NO_UTCB),
		      "a redirector was accepted");
		check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidRedirector);
	}
	CHECK(L4_ThreadControl(id, first, me, L4_nilthread, L4_nilthread, L4_anythread, NO_UTCB),
	      "nilthread and anythread: error %lu", L4_ErrorCode());
}

static void unprivileged(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);
	const L4_ThreadId_t dest[] = {id_new(), w->id, L4_Myself(), L4_nilthread};

	for (unsigned i = 0; i < ARRAY_SIZE(dest); i++) {
		w->arg[0] = ABI_SYS_THREAD_CONTROL;
		w->arg[1] = dest[i].raw;
		w->arg[2] = i & 1 ? ABI_NILTHREAD : w->id.raw;
		w->arg[3] = w->id.raw;
		w->arg[4] = ABI_NILTHREAD;
		run(w, op_syscall);
		check_eq("result", w->result[0], 0);
		check_eq("ErrorCode", w->error, L4_ErrNoPrivilege);
	}
}

static void no_memory(void)
{
	word_t va, free, n = 0;
	struct map_scene s = exhaust_kernel_memory(&va);
	L4_ThreadId_t id;

	do {
		id = id_new();
		free = kmem_free();
		n++;
	} while (thread_control(id, s.w->id, L4_Myself(), L4_nilthread, NO_UTCB));
	refused("a thread", 0, L4_ErrNoMem, free);
	refused("a space", thread_control(id, id, L4_Myself(), L4_nilthread, NO_UTCB), L4_ErrNoMem,
		free);
	CHECK(!state_of(id), "a thread was created without memory");
	CHECK(L4_UnmapFpage(s.space->id, L4_CompleteAddressSpace), "unmapping: error %lu",
	      L4_ErrorCode());
	CHECK(thread_control(id, id, L4_Myself(), L4_nilthread, NO_UTCB),
	      "with memory again: error %lu", L4_ErrorCode());
}

/* ---- UTCBs ------------------------------------------------------------------------------- */

static void utcb_errors(void)
{
	struct space *sp = space_new();
	L4_ThreadId_t a = thread_unstarted(sp, PRIO_WORKER), b = thread_inactive(sp),
		      me = L4_Myself();
	word_t area = L4_Address(sp->utcb_area), size = L4_UtcbSize(kip);
	const word_t bad[] = {0,
			      area - size,
			      area + L4_Size(sp->utcb_area),
			      area + size / 2,
			      area + 8,
			      area + size + 1,
			      (word_t)utcb_place(sp, a),
			      L4_Address(sp->kip_area),
			      kip->user_last + 1,
			      ALL_ONES - size + 1};
	word_t free = kmem_free();

	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		refused("activating with a bad UTCB",
			thread_control(b, b, L4_nilthread, me, (void *)bad[i]), L4_ErrUtcbArea,
			free);
		refused("placing a bad UTCB",
			thread_control(b, b, L4_nilthread, L4_nilthread, (void *)bad[i]),
			L4_ErrUtcbArea, free);
	}
	check_state("the thread", b, L4_SCHEDRESULT_INACTIVE);
	refused("activating without a UTCB", thread_control(b, b, L4_nilthread, me, NO_UTCB),
		L4_ErrUtcbArea, free);
}

static void utcb_of_active(void)
{
	struct space *sp = space_new();
	struct worker *w = worker_new(sp, PRIO_WORKER);
	L4_ThreadId_t other = id_new();
	word_t free = kmem_free();

	refused("moving the UTCB of an active thread",
		thread_control(w->id, w->id, L4_nilthread, L4_nilthread, utcb_place(sp, other)),
		L4_ErrUtcbArea, free);
	CHECK(thread_control(w->id, w->id, L4_nilthread, L4_nilthread, utcb_place(sp, w->id)),
	      "the place where it is: error %lu", L4_ErrorCode());
	run(w, op_nothing);
}

/* An inactive thread's UTCB can be placed, and moved; then it works from there. */
static void utcb_moves(void)
{
	struct space *sp = space_new();
	L4_ThreadId_t id = thread_inactive(sp);
	word_t area = L4_Address(sp->utcb_area), free;

	CHECK(thread_control(id, id, L4_nilthread, L4_nilthread, (void *)area), "error %lu",
	      L4_ErrorCode());
	free = kmem_free();
	CHECK(thread_control(id, id, L4_nilthread, L4_nilthread, (void *)(area + 0x10000)),
	      "error %lu", L4_ErrorCode());
	check_eq("free kernel memory", kmem_free(), free);
	CHECK(thread_control(id, id, L4_nilthread, L4_Myself(), NO_UTCB), "error %lu",
	      L4_ErrorCode());
	check_state("the thread", id, L4_SCHEDRESULT_WAITING);
}

/* Neighbours in one page: one goes, the other stays. */
static void utcb_neighbours(void)
{
	struct space *sp = space_new();
	struct worker *a = worker_new(sp, PRIO_WORKER), *b = worker_new(sp, PRIO_WORKER);

	CHECK(thread_delete(a->id), "deleting: error %lu", L4_ErrorCode());
	sp->id = b->id;
	run(b, op_nothing);
	a = start_it(sp);
	(void)run_ipc(a, L4_nilthread, L4_anythread, R_BLOCK);
	(void)run_ipc(b, a->id, L4_nilthread, TAG(1, 63, 0));
	check_ipc_received(a, TAG(1, 63, 0), b->id, b->seed);
}

/* In a UTCB that is used again, what has a meaning to the kernel or is the thread's own is 0. */
static void op_fill(struct worker *w)
{
	struct abi_utcb *u = __l4_utcb();

	(void)w;
	u->notify_mask = u->preempt_ip = u->preempted_ip = ALL_ONES;
	for (word_t i = 0; i < ABI_UTCB_TLS_WORDS; i++)
		__L4_TCR_Set_ThreadWord(i, 0x1234567);
	L4_Set_NotifyBits(ALL_ONES);
	L4_Set_ExceptionHandler(L4_anythread);
}

static void op_sum(struct worker *w)
{
	const struct abi_utcb *u = __l4_utcb();

	w->result[0] =
	    u->exc_handler | u->notify_bits | u->preempt_flags | u->preempt_ip | u->preempted_ip;
	w->result[0] |=
	    u->processor | u->acceptor | u->notify_mask; /* the handle is a worker's own */
	for (unsigned i = 0; i < ABI_UTCB_TLS_WORDS; i++)
		w->result[0] |= u->tls[i];
}

static void registers_are_zeroed(void)
{
	struct space *sp = space_new();
	struct worker *a = worker_new(sp, PRIO_WORKER), *b;
	void *place = utcb_place(sp, a->id);
	L4_ThreadId_t id;

	(void)worker_new(sp, PRIO_WORKER);
	run(a, op_fill);
	sp->id = thread_inactive(sp);
	CHECK(thread_delete(a->id), "deleting: error %lu", L4_ErrorCode());
	id = sp->id;
	CHECK(thread_control(id, id, L4_nilthread, L4_Myself(), place), "error %lu",
	      L4_ErrorCode());
	b = worker_adopt(id, sp);
	run(b, op_sum);
	check_eq("what is left of the thread before", b->result[0], 0);
}

/* ---- modification ------------------------------------------------------------------------- */

static void modify_errors(void)
{
	struct space *sp = space_new();
	L4_ThreadId_t id = thread_inactive(sp), none = id_new(),
		      other = thread_inactive(space_new());
	word_t free = kmem_free();

	refused("another space", thread_control(id, other, L4_nilthread, L4_nilthread, NO_UTCB),
		L4_ErrInvalidSpace, free);
	refused("a space that isn't", thread_control(id, none, L4_nilthread, L4_nilthread, NO_UTCB),
		L4_ErrInvalidSpace, free);
	refused("a scheduler that isn't", thread_control(id, id, none, L4_nilthread, NO_UTCB),
		L4_ErrInvalidScheduler, free);
	refused("a pager that isn't",
		thread_control(id, id, L4_nilthread, none, utcb_place(sp, id)), L4_ErrInvalidThread,
		free);
	/* The bad pager must not have let the scheduler change. */
	refused("a good scheduler, a bad pager",
		thread_control(id, id, other, none, utcb_place(sp, id)), L4_ErrInvalidThread, free);
	check_state("the thread", id, L4_SCHEDRESULT_INACTIVE);
}

static void change_scheduler(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);
	struct worker *s = worker_new(space_new(), PRIO_WORKER);

	CHECK(thread_control(w->id, w->id, s->id, L4_nilthread, NO_UTCB), "error %lu",
	      L4_ErrorCode());
	CHECK(!state_of(w->id), "the old scheduler may still");
	check_eq("ErrorCode", L4_ErrorCode(), L4_ErrNoPrivilege);
	s->arg[1] = w->id.raw;
	s->arg[2] = s->arg[3] = s->arg[4] = s->arg[5] = ALL_ONES;
	run(s, op_schedule);
	check_eq("state for the new scheduler", s->result[0], L4_SCHEDRESULT_RUNNING);
	CHECK(thread_control(w->id, w->id, L4_nilthread, L4_nilthread, NO_UTCB), "error %lu",
	      L4_ErrorCode());
	CHECK(!state_of(w->id), "nilthread changed the scheduler");
}

/* The pager of an active thread. */
static void change_pager(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	CHECK(thread_control(w->id, w->id, L4_nilthread, w->id, NO_UTCB), "error %lu",
	      L4_ErrorCode());
	check_eq("the pager", L4_PagerOf(w->id).raw, w->id.raw);
	CHECK(thread_control(w->id, w->id, L4_nilthread, L4_nilthread, NO_UTCB), "error %lu",
	      L4_ErrorCode());
	check_eq("the pager after nilthread", L4_PagerOf(w->id).raw, w->id.raw);
	run(w, op_nothing);
}

/* ---- start -------------------------------------------------------------------------------- */

static volatile word_t started;

static void on_start(void)
{
	started = L4_Myself().raw;
	for (;;)
		(void)L4_WaitForever();
}

/* Only the pager's message starts it; others wait. */
static void only_the_pager_starts(void)
{
	static char stack[1024] __attribute__((aligned(16)));
	struct space *sp = space_new();
	struct worker *w = worker_new(sp, PRIO_WORKER);
	L4_ThreadId_t id = thread_unstarted(sp, PRIO_WORKER);

	started = 0;
	CHECK(!run_ipc(w, id, L4_nilthread, TAG(0, 2, S_BLOCK)), "a stranger's send did not wait");
	check_blocked(w, L4_SCHEDRESULT_PENDING_SEND);
	check_state("the new thread", id, L4_SCHEDRESULT_WAITING);
	(void)L4_ExchangeRegisters(id, L4_ExReg_sp_ip, (word_t)&stack[sizeof(stack) - 64],
				   (word_t)on_start, 0, 0, L4_nilthread, NULL, NULL, NULL, NULL,
				   NULL, NULL);
	/* An empty message: what is not in it stays as it was. */
	L4_Set_MsgTag(L4_Niltag);
	CHECK(L4_IpcSucceeded(L4_Send_Nonblocking(id)), "the start message: %lx", L4_ErrorCode());
	settle();
	check_eq("the thread that ran", started, id.raw);
}

/* ---- deletion ------------------------------------------------------------------------------ */

static void delete_errors(void)
{
	L4_ThreadId_t id = id_new(), irq = L4_GlobalId(irq_quiet_line(), ABI_IRQ_VERSION);
	word_t free = kmem_free();

	refused("a thread that isn't", thread_delete(id), L4_ErrInvalidThread, free);
	refused("nilthread", thread_delete(L4_nilthread), L4_ErrInvalidThread, free);
	refused("anythread", thread_delete(L4_anythread), L4_ErrInvalidThread, free);
	refused("an interrupt", thread_delete(irq), L4_ErrInvalidThread, free);
	id = thread_inactive(space_new());
	CHECK(thread_delete(id), "deleting: error %lu", L4_ErrorCode());
	refused("a thread that was deleted", thread_delete(id), L4_ErrInvalidThread, kmem_free());
}

/* A space goes with its last thread, not before. */
static void last_thread_frees_the_space(void)
{
	word_t before = kmem_free(), with_one;
	struct space *sp = space_new();
	L4_ThreadId_t a = thread_inactive(sp), b;

	with_one = kmem_free();
	b = thread_inactive(sp);
	CHECK(thread_delete(a), "deleting: error %lu", L4_ErrorCode());
	check_eq("free kernel memory with the second thread only", kmem_free(), with_one);
	CHECK(thread_delete(b), "deleting: error %lu", L4_ErrorCode());
	check_eq("free kernel memory without any", kmem_free(), before);
	CHECK(!L4_MapControl(b, 0), "the space is still there");
	check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidSpace);
}

/* A thread may delete itself: it is in the root task's space. */
static void op_delete_itself(struct worker *w)
{
	(void)thread_delete(L4_Myself());
	w->result[0] = 1;
}

static void delete_itself(void)
{
	struct worker *w = worker_new(&root_space, PRIO_WORKER);
	struct worker *waiting = worker_new(&root_space, PRIO_WORKER);

	(void)run_ipc(waiting, L4_nilthread, w->id, R_BLOCK);
	start(w, op_delete_itself);
	settle();
	CHECK(!finished(w) && !state_of(w->id), "it is still there");
	check_ipc_error(waiting, L4_ErrNonExist, L4_ErrRecvPhase);
}

/* A thread with the same number comes after the deleted one: old ids don't lead to it. */
static void reuse(void)
{
	struct space *sp = space_new();
	struct worker *w = worker_new(sp, PRIO_WORKER);
	L4_ThreadId_t old = id_new(), next = L4_GlobalId(L4_ThreadNo(old), L4_Version(old));

	for (unsigned i = 0; i < 130; i++) {
		CHECK(thread_control(next, sp->id, L4_Myself(), L4_Myself(), utcb_place(sp, next)),
		      "error %lu", L4_ErrorCode());
		CHECK(thread_delete(next), "deleting: error %lu", L4_ErrorCode());
		old = next;
		do {
			next = L4_GlobalId(L4_ThreadNo(old), L4_Version(next) + 1);
		} while ((next.raw & ABI_TID_LOCAL_MASK) == 0);
	}
	CHECK(thread_control(next, sp->id, L4_Myself(), L4_Myself(), utcb_place(sp, next)),
	      "error %lu", L4_ErrorCode());
	(void)run_ipc(w, old, L4_nilthread, TAG(1, 0, S_BLOCK));
	check_ipc_error(w, L4_ErrNonExist, L4_ErrSendPhase);
	(void)run_ipc(w, L4_nilthread, old, R_BLOCK);
	check_ipc_error(w, L4_ErrNonExist, L4_ErrRecvPhase);
	CHECK(thread_delete(next), "deleting: error %lu", L4_ErrorCode());
}

/* The highest version and the lowest are as different as any two. */
static void version_wraps(void)
{
	word_t no = L4_ThreadNo(id_new());
	L4_ThreadId_t last = L4_GlobalId(no, ((word_t)1 << ABI_TID_VERSION_BITS) - 1);
	L4_ThreadId_t first = L4_GlobalId(no, 1);
	struct worker *w = worker_new(space_new(), PRIO_WORKER);
	L4_ThreadId_t ids[] = {last, first, last};

	for (unsigned i = 0; i < ARRAY_SIZE(ids); i++) {
		L4_ThreadId_t other = ids[(i + 1) % 2];

		CHECK(thread_control(ids[i], w->id, L4_Myself(), L4_Myself(),
				     utcb_place(w->space, ids[i])),
		      "version %lx: error %lu", L4_Version(ids[i]), L4_ErrorCode());
		CHECK(!thread_control(other, w->id, L4_Myself(), L4_nilthread, NO_UTCB),
		      "two versions at a time");
		check_eq("error", L4_ErrorCode(), L4_ErrInvalidThread);
		CHECK(!thread_delete(other), "another version was deleted");
		check_eq("state", state_of(ids[i]), L4_SCHEDRESULT_WAITING);
		check_eq("state of another version", state_of(other), L4_SCHEDRESULT_ERROR);
		(void)run_ipc(w, other, L4_nilthread, TAG(1, 0, S_BLOCK));
		check_ipc_error(w, L4_ErrNonExist, L4_ErrSendPhase);
		CHECK(thread_delete(ids[i]), "deleting: error %lu", L4_ErrorCode());
	}
}

static const struct conf_case cases[] = {
    {create_inactive, "new threads are inactive; a pager activates"},
    {create_active, "create and activate in one call"},
    {names_itself, "a thread is its own scheduler and pager"},
    {new_space_is_empty, "a new space is empty"},
    {create_errors, "errors of creation"},
    {other_version, "other versions of a thread"},
    {redirectors, "redirectors"},
    {unprivileged, "only the root task may"},
    {no_memory, "no kernel memory for a thread or a space"},
    {utcb_errors, "bad places for a UTCB"},
    {utcb_of_active, "the UTCB of an active thread stays"},
    {utcb_moves, "the UTCB of an inactive thread moves"},
    {utcb_neighbours, "UTCBs in one page"},
    {registers_are_zeroed, "the virtual registers hold nothing of who had the UTCB before"},
    {modify_errors, "errors of modification change nothing"},
    {change_scheduler, "changing the scheduler"},
    {change_pager, "changing the pager"},
    {only_the_pager_starts, "only the pager's message starts a thread"},
    {delete_errors, "errors of deletion"},
    {last_thread_frees_the_space, "the last thread frees the space"},
    {delete_itself, "a thread deletes itself"},
    {reuse, "a number is used again and again"},
    {version_wraps, "the version wraps"},
};

SUITE_OF(suite_thread, "THR", 1, cases);
