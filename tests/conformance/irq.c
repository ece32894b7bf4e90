/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * irq.c - IRQ-0nn: associating interrupts, and IPC with an interrupt that is quiet.
 */
#include "conf.h"
#include "suites.h"

static L4_ThreadId_t irq_of(word_t line)
{
	return L4_GlobalId(line, ABI_IRQ_VERSION);
}

static void refused(const char *what, word_t ok, word_t error)
{
	word_t code = L4_ErrorCode();

	CHECK(!ok, "%s: the interrupt was associated", what);
	check_eq(what, code, error);
}

/* Every number below the first user thread: a line that can be had, or none. */
static void every_line(void)
{
	word_t base = L4_ThreadIdUserBase(kip), had = 0, free = kmem_free();

	for (word_t line = 0; line < base; line++) {
		if (!L4_AssociateInterrupt(irq_of(line), L4_Myself())) {
			check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidThread);
			continue;
		}
		had++;
		CHECK(L4_DeassociateInterrupt(irq_of(line)), "line %lu: error %lu", line,
		      L4_ErrorCode());
		check_eq("free kernel memory", kmem_free(), free);
	}
	CHECK(had > 0, "no line can be had");
}

static void bad_handlers(void)
{
	struct space *sp = space_new();
	L4_ThreadId_t irq = irq_of(irq_quiet_line()), inactive = thread_inactive(sp);
	word_t free = kmem_free();
	const L4_ThreadId_t bad[] = {id_new(),
				     L4_anythread,
				     L4_waitnotify,
				     id_stale(inactive),
				     inactive,
				     L4_GlobalId(L4_ThreadNo(irq) - 1, 1),
				     L4_GlobalId(ALL_ONES >> 1, 1)};

	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++)
		refused("a bad handler", L4_AssociateInterrupt(irq, bad[i]), L4_ErrInvalidThread);
	check_eq("free kernel memory", kmem_free(), free);
	CHECK(L4_AssociateInterrupt(irq, L4_nilthread),
	      "nilthread, which changes nothing: error %lu", L4_ErrorCode());
	check_eq("free kernel memory", kmem_free(), free);
	CHECK(L4_DeassociateInterrupt(irq), "detaching what is not attached: error %lu",
	      L4_ErrorCode());
}

static void other_versions(void)
{
	word_t line = irq_quiet_line();

	for (word_t version = 2; version < 5; version++)
		refused("another version",
			L4_AssociateInterrupt(L4_GlobalId(line, version), L4_Myself()),
			L4_ErrInvalidThread);
}

static void unprivileged(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	w->arg[0] = ABI_SYS_THREAD_CONTROL;
	w->arg[1] = w->arg[2] = irq_of(irq_quiet_line()).raw;
	w->arg[3] = ABI_NILTHREAD;
	w->arg[4] = w->id.raw;
	run(w, op_syscall);
	check_eq("result", w->result[0], 0);
	check_eq("ErrorCode", w->error, L4_ErrNoPrivilege);
}

/* IPC with the interrupt works for its handler, and nobody else. */
static void whose(void)
{
	struct space *sp = space_new();
	struct worker *a = worker_new(sp, PRIO_WORKER), *b = worker_new(sp, PRIO_WORKER);
	L4_ThreadId_t irq = irq_of(irq_quiet_line());

	CHECK(irq_take(irq_quiet_line(), a->id), "error %lu", L4_ErrorCode());
	(void)run_ipc(a, irq, L4_nilthread, TAG(0, 0, S_BLOCK));
	check_ipc_sent(a);
	(void)run_ipc(b, irq, L4_nilthread, TAG(0, 0, S_BLOCK));
	check_ipc_error(b, L4_ErrNonExist, L4_ErrSendPhase);
	(void)run_ipc(a, irq, irq, TAG(0, 0, S_BLOCK | R_BLOCK));
	check_blocked(a, L4_SCHEDRESULT_WAITING);
	abort_ipc(a, L4_ErrRecvPhase);
	/* It changes hands. */
	CHECK(L4_AssociateInterrupt(irq, b->id), "error %lu", L4_ErrorCode());
	(void)run_ipc(b, irq, L4_nilthread, 0);
	check_ipc_sent(b);
	(void)run_ipc(a, L4_nilthread, irq, 0);
	check_ipc_error(a, L4_ErrNonExist, L4_ErrRecvPhase);
	CHECK(L4_DeassociateInterrupt(irq), "error %lu", L4_ErrorCode());
	(void)run_ipc(b, irq, L4_nilthread, 0);
	check_ipc_error(b, L4_ErrNonExist, L4_ErrSendPhase);
}

/* With its handler deleted, an interrupt is nobody's until it is given to another. */
static void handler_deleted(void)
{
	struct space *sp = space_new();
	struct worker *a = worker_new(sp, PRIO_WORKER), *b = worker_new(sp, PRIO_WORKER);
	L4_ThreadId_t irq = irq_of(irq_quiet_line());

	(void)worker_new(sp, PRIO_WORKER);
	CHECK(irq_take(irq_quiet_line(), a->id), "error %lu", L4_ErrorCode());
	(void)run_ipc(a, L4_nilthread, irq, R_BLOCK);
	check_blocked(a, L4_SCHEDRESULT_WAITING);
	CHECK(thread_delete(a->id), "deleting: error %lu", L4_ErrorCode());
	(void)run_ipc(b, irq, L4_nilthread, 0);
	check_ipc_error(b, L4_ErrNonExist, L4_ErrSendPhase);
	CHECK(L4_AssociateInterrupt(irq, b->id), "error %lu", L4_ErrorCode());
	(void)run_ipc(b, irq, L4_nilthread, 0);
	check_ipc_sent(b);
}

/* A handler waits openly and takes everything else meanwhile. */
static void open_wait(void)
{
	struct space *sp = space_new();
	struct worker *h = worker_new(sp, PRIO_WORKER), *w = worker_new(sp, PRIO_WORKER);
	L4_ThreadId_t irq = irq_of(irq_quiet_line());

	CHECK(irq_take(irq_quiet_line(), h->id), "error %lu", L4_ErrorCode());
	(void)run_ipc(h, irq, L4_anythread, TAG(0, 0, R_BLOCK));
	check_blocked(h, L4_SCHEDRESULT_WAITING);
	(void)run_ipc(w, h->id, L4_nilthread, TAG(4, 4, 0));
	check_ipc_received(h, TAG(4, 4, 0), w->id, w->seed);
}

static const struct conf_case cases[] = {
    {every_line, "every line is associated and let go"},
    {bad_handlers, "handlers that can't be"},
    {other_versions, "only version 1 is an interrupt"},
    {unprivileged, "only the root task may"},
    {whose, "IPC with one's own interrupt and another's"},
    {handler_deleted, "the handler is deleted"},
    {open_wait, "the handler takes other messages, too"},
};

SUITE_OF(suite_irq, "IRQ", 1, cases);
