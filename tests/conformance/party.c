/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * party.c - bringing about each kind of partner.
 */
#include "party.h"

#define YES true

const struct party_trait party_traits[P_KINDS] = {
    [P_NIL] = {.name = "nilthread"},
    [P_ANY] = {.name = "anythread"},
    [P_WAITNOTIFY] = {.name = "waitnotify"},
    [P_DEAD] = {.name = "a deleted thread"},
    [P_STALE] = {.name = "an old version of a thread"},
    [P_UNKNOWN] = {.name = "a thread that never was"},
    [P_RANGE] = {.name = "a number out of range"},
    [P_LOCAL] = {.name = "a version that ends in six zeros"},
    [P_IRQ_NONE] = {.name = "an interrupt without handler"},
    [P_OPEN] = {.name = "a thread that waits for anybody", .exists = YES, .takes = YES},
    [P_CLOSED] = {.name = "a thread that waits for us", .exists = YES, .takes = YES},
    [P_HALTED_OPEN] = {.name = "a halted thread that waits", .exists = YES, .takes = YES},
    [P_IRQ_OWN] = {.name = "our interrupt", .exists = YES, .takes = YES},
    [P_READY] = {.name = "a ready thread", .exists = YES},
    [P_HALTED] = {.name = "a halted thread", .exists = YES},
    [P_ELSEWHERE] = {.name = "a thread that waits for another", .exists = YES},
    [P_SENDING_US] = {.name = "a thread that sends to us", .exists = YES, .sends = YES},
    [P_SENDING_ELSE] = {.name = "a thread that sends to another", .exists = YES},
    [P_WAITNOTE] = {.name = "a thread in waitnotify", .exists = YES},
    [P_INACTIVE] = {.name = "an inactive thread", .exists = YES},
    [P_UNSTARTED] = {.name = "a thread that waits for its start", .exists = YES},
    [P_NOSYNC_OPEN] = {.name = "a waiting thread that takes no IPC",
		       .exists = YES,
		       .takes = YES,
		       .nosync = YES},
    [P_NOSYNC_READY] = {.name = "a thread that takes no IPC", .exists = YES, .nosync = YES},
    [P_SELF] = {.name = "oneself", .exists = YES},
    [P_IRQ_OTHER] = {.name = "another's interrupt"},
    [P_SAME] = {.name = "the same", .exists = YES},
};

/* Partners of each kind have a line of their own, so that there may be several. */
static word_t irq_line(enum party_kind kind)
{
	return irq_quiet_line_no(kind == P_IRQ_NONE ? 0 : kind == P_IRQ_OWN ? 1 : 2);
}

/* A worker that is blocked in an IPC. */
static struct worker *blocked(struct space *sp, L4_ThreadId_t to, L4_ThreadId_t from, word_t tag,
			      word_t acceptor)
{
	struct worker *w = worker_new(sp, PRIO_WORKER);

	w->acceptor = acceptor;
	w->mask = ALL_ONES;
	CHECK(!run_ipc(w, to, from, tag), "a partner should block: tag %lx, ErrorCode %lx",
	      w->result[IPC_TAG], w->error);
	return w;
}

static struct worker *party_worker(enum party_kind kind, struct worker *subject, struct space *sp,
				   struct worker *third, word_t acceptor)
{
	struct worker *w;

	switch (kind) {
	case P_OPEN:
	case P_HALTED_OPEN:
	case P_STALE:
		w = blocked(sp, L4_nilthread, L4_anythread, R_BLOCK, acceptor);
		if (kind == P_HALTED_OPEN)
			L4_Stop_Thread(w->id);
		return w;
	case P_NOSYNC_OPEN:
		return blocked(sp, L4_nilthread, L4_anythread, R_BLOCK,
			       ABI_ACCEPT_NOSYNC | acceptor);
	case P_CLOSED:
		return blocked(sp, L4_nilthread, subject->id, R_BLOCK, acceptor);
	case P_ELSEWHERE:
		return blocked(sp, L4_nilthread, third->id, R_BLOCK, acceptor);
	case P_SENDING_US:
		return blocked(sp, subject->id, L4_nilthread, PARTY_TAG | S_BLOCK, acceptor);
	case P_SENDING_ELSE:
		return blocked(sp, third->id, L4_nilthread, PARTY_TAG | S_BLOCK, acceptor);
	case P_WAITNOTE:
		return blocked(sp, L4_nilthread, L4_waitnotify, R_BLOCK, ABI_ACCEPT_NOTIFY);
	case P_READY:
		w = worker_new(sp, PRIO_SPIN);
		start(w, op_spin);
		return w;
	case P_HALTED:
	case P_NOSYNC_READY:
	case P_DEAD:
		w = worker_new(sp, PRIO_WORKER);
		w->acceptor = acceptor | (kind == P_NOSYNC_READY ? ABI_ACCEPT_NOSYNC : 0);
		run(w, op_nothing);
		return w;
	default:
		return NULL;
	}
}

struct party party_new(enum party_kind kind, struct worker *subject, struct space *sp,
		       struct worker *third, word_t acceptor)
{
	struct party p = {.kind = kind, .w = party_worker(kind, subject, sp, third, acceptor)};

	if (p.w)
		p.id = p.w->id;
	switch (kind) {
	case P_NIL:
		p.id = L4_nilthread;
		break;
	case P_ANY:
		p.id = L4_anythread;
		break;
	case P_WAITNOTIFY:
		p.id = L4_waitnotify;
		break;
	case P_DEAD:
		CHECK(thread_delete(p.id), "deleting a thread: error %lu", L4_ErrorCode());
		p.w = NULL;
		break;
	case P_STALE:
		p.id = id_stale(p.id);
		break;
	case P_UNKNOWN:
		p.id = id_new();
		break;
	case P_RANGE:
		p.id = L4_GlobalId(ALL_ONES >> 1, 1);
		break;
	case P_LOCAL:
		p.id = L4_GlobalId(L4_ThreadNo(third->id), ABI_TID_LOCAL_MASK + 1);
		break;
	case P_IRQ_OWN:
	case P_IRQ_OTHER:
		CHECK(irq_take(irq_line(kind), kind == P_IRQ_OWN ? subject->id : third->id),
		      "an interrupt can't be associated: error %lu", L4_ErrorCode());
		/* fall through */
	case P_IRQ_NONE:
		p.id = L4_GlobalId(irq_line(kind), ABI_IRQ_VERSION);
		break;
	case P_INACTIVE:
		p.id = thread_inactive(sp);
		break;
	case P_UNSTARTED:
		p.id = thread_unstarted(sp, PRIO_WORKER);
		break;
	case P_SELF:
		p.id = subject->id;
		break;
	default:
		break;
	}
	return p;
}

void party_check(const struct party *p, const struct worker *subject, word_t tag, bool delivered)
{
	if (!p->w)
		return;
	if (p->kind == P_HALTED_OPEN && delivered) {
		CHECK(!finished(p->w), "a halted thread ran");
		__L4_ExReg(p->w->id, L4_ExReg_Resume, 0, 0, 0);
		settle();
	}
	if (delivered)
		check_ipc_received(p->w, tag, subject->id, subject->seed);
	else if (p->kind != P_HALTED && p->kind != P_NOSYNC_READY && p->kind != P_SENDING_US)
		CHECK(!finished(p->w), "the partner's IPC ended: tag %lx, ErrorCode %lx",
		      p->w->result[IPC_TAG], p->w->error);
}
