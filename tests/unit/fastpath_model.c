/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * fastpath_model.c - see fastpath_model.h. Of the kernel's state it uses nothing but what
 * glue/fastpath.h shows.
 */
#include "fastpath_model.h"

#include <glue/fastpath.h>

const char *const model_part_name[MODEL_PARTS] = {
#define X(name, text) [MODEL_##name] = text,
    [MODEL_WHOLE] = "nothing",
    MODEL_TERMS(X) MODEL_ALTERNATIVES(X) MODEL_ANSWER_TERMS(X) MODEL_NOTE_TERMS(X)
	MODEL_WAKE_TERMS(X) MODEL_EFFECTS(X)
#undef X
};

static struct glue_cpu *cpu(void)
{
	return &k_cpus[0].g;
}

/* Slot `number` of the table. What is behind its end could be anything, also this. */
static struct glue_thread *slot(word_t number, word_t to)
{
	static struct abi_utcb utcb;
	static struct glue_space space;
	static uint64_t root;
	static struct glue_thread behind;

	if (number < cpu()->threads_max)
		return cpu()->threads[number];
	space.root = &root;
	behind = (struct glue_thread){.id = to,
				      .accepts = (word_t)ABI_ANYTHREAD,
				      .prio = ~(word_t)0,
				      .utcb = &utcb,
				      .space = &space,
				      .state = GLUE_STATE_RECEIVING};
	return &behind;
}

#define HOLDS(part, condition) (left_out == MODEL_##part || (condition))
#define ALSO(part, condition)  (left_out != MODEL_##part && (condition))

/* Who is meant, or NULL. */
static const struct glue_thread *partner(word_t to, enum model_part left_out)
{
	word_t number = to >> ABI_TID_VERSION_BITS;
	const struct glue_thread *dest;

	if (!HOLDS(RANGE, number < cpu()->threads_max))
		return NULL;
	dest = slot(number, to);
	return HOLDS(ID, dest->id == to) ? dest : NULL;
}

/* It waits for a message of the running thread. */
static bool waits(const struct glue_thread *dest, enum model_part left_out)
{
	bool accepts_cur = ALSO(ACCEPTS_CUR, dest->accepts == cpu()->current->id);
	bool accepts_any = ALSO(ACCEPTS_ANY, dest->accepts == (word_t)ABI_ANYTHREAD);

	return HOLDS(ACCEPTS, accepts_cur || accepts_any);
}

static bool plain(word_t tag, enum model_part left_out)
{
	return HOLDS(PLAIN, !(tag & ABI_TAG_NOTIFY)) &&
	       HOLDS(RESERVED, !(tag & ABI_TAG_RESERVED)) &&
	       HOLDS(STATUS, cpu()->current->status == 0);
}

/* What is the same whatever the partner waits for, if something is received behind it. */
static bool sends(const struct glue_thread *dest, word_t tag, word_t acceptor,
		  enum model_part left_out)
{
	return plain(tag, left_out) && HOLDS(RBLOCK, tag & ABI_TAG_RBLOCK) &&
	       HOLDS(BARRIER, dest->prio >= cpu()->barrier) &&
	       HOLDS(SYNC, !(acceptor & ABI_ACCEPT_NOSYNC));
}

/* Nothing is pending in an open receive phase. */
static bool nothing_pending(word_t acceptor, enum model_part left_out)
{
	const struct glue_thread *cur = cpu()->current;
	volatile const struct abi_utcb *utcb = cur->utcb;
	word_t pending = utcb->notify_bits & utcb->notify_mask;
	bool no_notify = ALSO(NO_NOTIFY, !(acceptor & ABI_ACCEPT_NOTIFY));
	bool not_pending = ALSO(NOT_PENDING, pending == 0);

	return HOLDS(SENDQ, cur->sendq == NULL) && HOLDS(NOTIFY, no_notify || not_pending);
}

static word_t acceptor_of(const struct glue_thread *t)
{
	return ((volatile const struct abi_utcb *)t->utcb)->acceptor;
}

static bool exchange(const struct glue_thread *dest, word_t to, word_t from, word_t tag,
		     enum model_part left_out)
{
	word_t acceptor = acceptor_of(cpu()->current);
	bool from_any;

	if (!sends(dest, tag, acceptor, left_out))
		return false;
	if (ALSO(FROM_TO, from == to))
		return true;
	from_any = ALSO(FROM_ANY, from == (word_t)ABI_ANYTHREAD);
	return HOLDS(FROM, from_any) && nothing_pending(acceptor, left_out);
}

/* It preempts the running thread, and runs on in its slice. */
static bool preempts(const struct glue_thread *dest, enum model_part left_out)
{
	const struct glue_thread *cur = cpu()->current;
	volatile const struct abi_utcb *utcb = cur->utcb;

	return HOLDS(FIRST, cur->prio >= cpu()->barrier) &&
	       HOLDS(PREEMPTS, dest->prio > cur->prio) && HOLDS(FRONT, cpu()->front == NULL) &&
	       HOLDS(CALLBACK, !(utcb->preempt_flags & ABI_PREEMPT_CALLBACK));
}

static bool message(const struct glue_thread *dest, word_t from, word_t tag,
		    enum model_part left_out)
{
	return plain(tag, left_out) && HOLDS(ALONE, from == ABI_NILTHREAD) &&
	       preempts(dest, left_out);
}

enum model_way model_takes(word_t to, word_t from, word_t tag, enum model_part left_out)
{
	const struct glue_thread *dest = partner(to, left_out);

	if (!dest || !waits(dest, left_out))
		return MODEL_REFUSES;
	if (exchange(dest, to, from, tag, left_out))
		return MODEL_EXCHANGE;
	return message(dest, from, tag, left_out) ? MODEL_MESSAGE : MODEL_REFUSES;
}

static bool answers(word_t to, word_t from, word_t tag, enum model_part left_out)
{
	const struct glue_thread *cur = cpu()->current, *dest = partner(to, left_out);
	const struct glue_thread faulted = {.state = GLUE_STATE_RECEIVING,
					    .cont = GLUE_CONT_PAGEFAULT};
	word_t acceptor = acceptor_of(cur);

	return dest && HOLDS(FAULTED, dest->status == faulted.status) &&
	       HOLDS(ANSWERED, dest->partner == cur->id) &&
	       HOLDS(THEN_ANY, from == (word_t)ABI_ANYTHREAD) &&
	       sends(dest, tag, acceptor, left_out) && nothing_pending(acceptor, left_out);
}

static bool notes(word_t to, word_t from, word_t tag, enum model_part left_out)
{
	const struct glue_thread *dest = partner(to, left_out);

	return dest && HOLDS(NOTE, tag & ABI_TAG_NOTIFY) &&
	       HOLDS(NOTE_ONLY, from == ABI_NILTHREAD) &&
	       HOLDS(NOTE_STATE,
		     dest->state == GLUE_STATE_READY || dest->state == GLUE_STATE_RECEIVING) &&
	       HOLDS(NOTE_CLOSED, dest->state != GLUE_STATE_RECEIVING ||
				      dest->partner != (word_t)ABI_ANYTHREAD) &&
	       dest->utcb && HOLDS(NOTE_TAKEN, acceptor_of(dest) & ABI_ACCEPT_NOTIFY);
}

/* The bits that the running thread would notify `dest` of, with those that are there. */
static word_t bits_for(const struct glue_thread *dest)
{
	return dest->utcb->notify_bits | cpu()->current->utcb->mr[1];
}

static bool wakes(word_t to, word_t from, word_t tag, enum model_part left_out)
{
	const struct glue_thread *dest = partner(to, left_out);
	const struct glue_thread waiting = {.state = GLUE_STATE_WAIT_NOTIFY};

	return dest && HOLDS(WAKE, tag & ABI_TAG_NOTIFY) &&
	       HOLDS(WAKE_ONLY, from == ABI_NILTHREAD) && cpu()->current->status == 0 &&
	       HOLDS(WAKE_WAITED,
		     dest->accepts == (word_t)ABI_ANYTHREAD || dest->status == waiting.status) &&
	       dest->utcb && HOLDS(WAKE_TAKEN, acceptor_of(dest) & ABI_ACCEPT_NOTIFY) &&
	       HOLDS(WAKE_DUE, bits_for(dest) & dest->utcb->notify_mask) &&
	       preempts(dest, left_out);
}

#undef HOLDS
#undef ALSO

/* `dest` runs. */
static struct glue_ctx *change_over(struct glue_thread *dest, enum model_part left_out)
{
	if (left_out != MODEL_CURRENT)
		cpu()->current = dest;
	if (left_out != MODEL_ACTIVATE && dest->space)
		glue_activate(&dest->ctx, dest->space);
	return &dest->ctx;
}

/* The sender waits. */
static void cur_waits(word_t from, enum model_part left_out)
{
	struct glue_thread *cur = cpu()->current;

	if (left_out != MODEL_CUR_STATE)
		cur->state = GLUE_STATE_RECEIVING;
	if (left_out != MODEL_CUR_PARTNER)
		cur->partner = from;
	if (left_out != MODEL_CUR_ACCEPTS)
		cur->accepts = from;
}

/* The sender is ready. */
static void cur_lends(enum model_part left_out)
{
	struct glue_thread *cur = cpu()->current;

	if (left_out != MODEL_CUR_RESULT)
		glue_ipc_ret(&cur->ctx, 0, ABI_NILTHREAD);
	if (left_out != MODEL_LENT)
		cur->flags = GLUE_FLAGS_LENT;
	if (left_out != MODEL_CUR_FRONT)
		cpu()->front = cur;
	if (left_out != MODEL_CUR_BARRIER)
		cpu()->barrier = cur->prio + 1;
}

struct glue_ctx *model_effect(enum model_way way, word_t to, word_t from, word_t tag,
			      enum model_part left_out)
{
	struct glue_thread *cur = cpu()->current;
	struct glue_thread *dest = slot(to >> ABI_TID_VERSION_BITS, to);
	unsigned words = tag & ABI_TAG_U_MASK;
	word_t result = tag, sender = cur->id;

	if (left_out != MODEL_FLAGS)
		result &= ~(word_t)ABI_TAG_FLAGS;
	if (left_out == MODEL_TAG)
		result = dest->ctx.r[1];
	if (left_out == MODEL_SENDER)
		sender = dest->ctx.r[2];
	if (left_out == MODEL_LAST_WORD && words)
		words--;
	/* A thread that doesn't wait may have no UTCB: only a path that lacks a test gets here. */
	if (words && left_out != MODEL_WORDS && dest->utcb && dest != cur)
		glue_copy_words(&dest->utcb->mr[1], &cur->utcb->mr[1], words);
	glue_ipc_ret(&dest->ctx, result, sender);

	if (left_out != MODEL_DEST_STATE)
		dest->status = GLUE_STATE_READY;
	if (left_out != MODEL_DEST_ACCEPTS)
		dest->accepts = ABI_NILTHREAD;
	if (way == MODEL_EXCHANGE && left_out != MODEL_DEST_WAITED)
		dest->waited = 1;
	if (way == MODEL_EXCHANGE)
		cur_waits(from, left_out);
	else
		cur_lends(left_out);
	return change_over(dest, left_out);
}

static struct glue_ctx *answer_effect(word_t to)
{
	struct glue_thread *dest = slot(to >> ABI_TID_VERSION_BITS, to);

	dest->status = GLUE_STATE_READY;
	cur_waits((word_t)ABI_ANYTHREAD, MODEL_WHOLE);
	return change_over(dest, MODEL_WHOLE);
}

static struct glue_ctx *note_effect(word_t to)
{
	struct glue_thread *cur = cpu()->current, *dest = slot(to >> ABI_TID_VERSION_BITS, to);

	dest->utcb->notify_bits |= cur->utcb->mr[1];
	glue_ipc_ret(&cur->ctx, 0, ABI_NILTHREAD);
	return &cur->ctx;
}

static struct glue_ctx *wake_effect(word_t to)
{
	struct glue_thread *dest = slot(to >> ABI_TID_VERSION_BITS, to);
	word_t bits = bits_for(dest), due = bits & dest->utcb->notify_mask;

	dest->utcb->notify_bits = bits & ~due;
	dest->utcb->mr[1] = due;
	glue_ipc_ret(&dest->ctx, 1, ABI_NILTHREAD);
	dest->status = GLUE_STATE_READY;
	dest->accepts = ABI_NILTHREAD;
	cur_lends(MODEL_WHOLE);
	return change_over(dest, MODEL_WHOLE);
}

const struct model_kind model_kinds[MODEL_KINDS] = {
    [MODEL_ANSWERS] = {answers, answer_effect, MODEL_ALTERNATIVES_END + 1, MODEL_ANSWER_TERMS_END},
    [MODEL_NOTES] = {notes, note_effect, MODEL_ANSWER_TERMS_END + 1, MODEL_NOTE_TERMS_END},
    [MODEL_WAKES] = {wakes, wake_effect, MODEL_NOTE_TERMS_END + 1, MODEL_WAKE_TERMS_END},
};
