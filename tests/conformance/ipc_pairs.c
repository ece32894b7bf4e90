/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ipc_pairs.c - IPC-1nnn: two threads, each doing one thing to the other, one after the other,
 * with nothing, an abort or a deletion of the first between. What is right comes from a model
 * of two threads, below.
 */
#include "conf.h"
#include "suites.h"

enum deed {
	SEND,
	SEND_POLL,
	CALL,
	RECEIVE,
	RECEIVE_POLL,
	WAIT,
	WAIT_POLL,
	SEND_BITS,
	WAIT_BITS,
	DEEDS
};

enum between { NOTHING, ABORT, DELETE, BETWEENS };

static const char *const deed_names[] = {
    "sends",
    "sends if it can",
    "calls",
    "receives",
    "receives if it can",
    "waits openly",
    "polls for any message",
    "notifies",
    "waits for notification",
};
static const char *const between_names[] = {
    "",
    " is aborted,",
    " is deleted,",
};

#define BITS 0x11u

/* ---- the model ---------------------------------------------------------------------------- */

enum model_state { IDLE, SENDING, RECEIVING, WAITING, WAITING_BITS, GONE };
enum model_result { NONE, SENT, GOT_MESSAGE, GOT_BITS, ERROR };

struct model {
	enum model_state state;
	enum deed deed;
	enum model_result result;
	word_t error; /* code << 1 | phase */
	bool bits;    /* pending */
};

static void end(struct model *m, enum model_result result, word_t code, word_t phase)
{
	m->state = IDLE;
	m->result = result;
	m->error = ABI_IPC_ERROR(code, phase);
}

static void model_receive(struct model *me, struct model *other)
{
	bool open = me->deed == WAIT || me->deed == WAIT_POLL;

	if (me->deed != WAIT_BITS && other->state == SENDING) {
		end(me, GOT_MESSAGE, 0, 0);
		if (other->deed == CALL)
			other->state = RECEIVING;
		else
			end(other, SENT, 0, 0);
	} else if ((open || me->deed == WAIT_BITS) && me->bits) {
		me->bits = false;
		end(me, GOT_BITS, 0, 0);
	} else if (!open && me->deed != WAIT_BITS && other->state == GONE) {
		end(me, ERROR, L4_ErrNonExist, L4_ErrRecvPhase);
	} else if (me->deed == RECEIVE_POLL || me->deed == WAIT_POLL) {
		end(me, ERROR, L4_ErrNoPartner, L4_ErrRecvPhase);
	} else {
		me->state = open ? WAITING : me->deed == WAIT_BITS ? WAITING_BITS : RECEIVING;
	}
}

static void model_do(struct model *me, struct model *other, enum deed deed)
{
	me->deed = deed;
	if (deed != SEND && deed != SEND_POLL && deed != CALL && deed != SEND_BITS) {
		model_receive(me, other);
		return;
	}
	if (other->state == GONE) {
		end(me, ERROR, L4_ErrNonExist, L4_ErrSendPhase);
	} else if (deed == SEND_BITS) {
		if (other->state == WAITING || other->state == WAITING_BITS)
			end(other, GOT_BITS, 0, 0);
		else
			other->bits = true;
		end(me, SENT, 0, 0);
	} else if (other->state == RECEIVING || other->state == WAITING) {
		end(other, GOT_MESSAGE, 0, 0);
		if (deed == CALL)
			me->state = RECEIVING;
		else
			end(me, SENT, 0, 0);
	} else if (deed == SEND_POLL) {
		end(me, ERROR, L4_ErrNoPartner, L4_ErrSendPhase);
	} else {
		me->state = SENDING;
	}
}

static void model_between(struct model *m, enum between what)
{
	if (what == DELETE)
		m->state = GONE;
	else if (what == ABORT && m->state != IDLE)
		end(m, ERROR, L4_ErrCanceled,
		    m->state == SENDING ? L4_ErrSendPhase : L4_ErrRecvPhase);
}

/* ---- the real thing ----------------------------------------------------------------------------
 */

static word_t tag_of(enum deed deed)
{
	switch (deed) {
	case SEND:
		return TAG(0x1000 + deed, 4, S_BLOCK);
	case SEND_POLL:
		return TAG(0x1000 + deed, 4, 0);
	case CALL:
		return TAG(0x1000 + deed, 4, S_BLOCK | R_BLOCK);
	case SEND_BITS:
		return NOTIFY;
	case RECEIVE:
	case WAIT:
	case WAIT_BITS:
		return R_BLOCK;
	default:
		return 0;
	}
}

static void op_notify(struct worker *w)
{
	L4_MsgTag_t tag = L4_Notify(__L4_VALUE(L4_ThreadId_t, w->arg[0]), BITS);

	w->result[IPC_TAG] = tag.raw;
	w->result[IPC_FROM] = ABI_NILTHREAD;
	for (unsigned i = 0; i < ABI_MRS; i++)
		w->mr[i] = pattern(w->seed, i);
}

static void real_do(struct worker *me, struct worker *other, enum deed deed)
{
	bool sends = deed <= CALL || deed == SEND_BITS;
	L4_ThreadId_t from = other->id;

	if (deed == SEND || deed == SEND_POLL || deed == SEND_BITS)
		from = L4_nilthread;
	else if (deed == WAIT || deed == WAIT_POLL)
		from = L4_anythread;
	else if (deed == WAIT_BITS)
		from = L4_waitnotify;
	me->arg[0] = sends ? other->id.raw : ABI_NILTHREAD;
	me->arg[1] = from.raw;
	me->arg[2] = tag_of(deed);
	start(me, deed == SEND_BITS ? op_notify : op_ipc);
	settle();
}

static void compare(struct worker *me, const struct worker *other, const struct model *m,
		    enum deed other_deed)
{
	if (m->state == GONE)
		return;
	if (m->state != IDLE) {
		word_t phase = m->state == SENDING ? L4_ErrSendPhase : L4_ErrRecvPhase;

		check_blocked(me, m->state == SENDING        ? L4_SCHEDRESULT_PENDING_SEND
				  : m->state == WAITING_BITS ? L4_SCHEDRESULT_WAIT_NOTIFY
							     : L4_SCHEDRESULT_WAITING);
		abort_ipc(me, phase);
		return;
	}
	switch (m->result) {
	case SENT:
		check_ipc_sent(me);
		break;
	case GOT_MESSAGE:
		check_ipc_received(me, tag_of(other_deed), other->id, other->seed);
		break;
	case GOT_BITS:
		check_ipc_notified(me, BITS);
		break;
	default:
		check_ipc_error(me, m->error >> 1, m->error & 1);
		break;
	}
}

static void play(struct space *sa, struct space *sb, enum deed da, enum deed db, enum between what)
{
	struct worker *a, *b, *holder = worker_new(sa, PRIO_WORKER);
	struct model ma = {.state = IDLE}, mb = {.state = IDLE};

	a = worker_new(sa, PRIO_WORKER);
	b = worker_new(sb, PRIO_WORKER);
	a->acceptor = b->acceptor = ABI_ACCEPT_NOTIFY;
	a->mask = b->mask = ALL_ONES;
	run(a, op_nothing);
	run(b, op_nothing);

	model_do(&ma, &mb, da);
	real_do(a, b, da);
	model_between(&ma, what);
	if (what == ABORT)
		__L4_ExReg(a->id, L4_ExReg_AbortIPC, 0, 0, 0);
	else if (what == DELETE)
		CHECK(thread_delete(a->id), "deleting a thread: error %lu", L4_ErrorCode());
	settle();
	model_do(&mb, &ma, db);
	real_do(b, a, db);

	/* A caller whose message was taken waits on: compare that one first. */
	compare(a, b, &ma, db);
	compare(b, a, &mb, da);
	CHECK(finished(holder), "a bystander was disturbed");
}

/* ---- rows: deed of A, deed of B, what is between
 * --------------------------------------------------- */

static void run_pair(unsigned row)
{
	enum between what = row % BETWEENS;
	enum deed db = row / BETWEENS % DEEDS, da = row / BETWEENS / DEEDS;
	struct space *a = space_new(), *b;

	context("one space");
	play(a, a, da, db, what);
	context("two spaces");
	a = space_new();
	b = space_new();
	play(a, b, da, db, what);
}

static void title_pair(unsigned row, char *buf, size_t size)
{
	snprintf(buf, size, "A %s,%s then B %s", deed_names[row / BETWEENS / DEEDS],
		 between_names[row % BETWEENS], deed_names[row / BETWEENS % DEEDS]);
}

SUITE_ROWS(suite_ipc_pairs, "IPC", 1000, DEEDS *DEEDS *BETWEENS, run_pair, title_pair);
