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
    [MODEL_WHOLE] = "nothing", MODEL_TERMS(X) MODEL_ALTERNATIVES(X) MODEL_EFFECTS(X)
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

bool model_accepts(word_t to, word_t from, word_t tag, enum model_part left_out)
{
	const struct glue_thread *cur = cpu()->current, *dest;
	volatile const struct abi_utcb *utcb = cur->utcb;
	word_t number = to >> ABI_TID_VERSION_BITS, acceptor, pending;
	bool accepts_cur, accepts_any, from_to, from_any, no_notify, not_pending;

#define HOLDS(part, condition) (left_out == MODEL_##part || (condition))
#define ALSO(part, condition)  (left_out != MODEL_##part && (condition))
	if (!HOLDS(RANGE, number < cpu()->threads_max))
		return false;
	dest = slot(number, to);
	if (!HOLDS(ID, dest->id == to))
		return false;
	accepts_cur = ALSO(ACCEPTS_CUR, dest->accepts == cur->id);
	accepts_any = ALSO(ACCEPTS_ANY, dest->accepts == (word_t)ABI_ANYTHREAD);
	if (!HOLDS(ACCEPTS, accepts_cur || accepts_any))
		return false;
	if (!HOLDS(PLAIN, !(tag & ABI_TAG_NOTIFY)) || !HOLDS(RESERVED, !(tag & ABI_TAG_RESERVED)) ||
	    !HOLDS(RBLOCK, tag & ABI_TAG_RBLOCK))
		return false;
	if (!HOLDS(STATUS, cur->status == 0))
		return false;
	if (!HOLDS(BARRIER, dest->prio >= cpu()->barrier))
		return false;
	acceptor = utcb->acceptor;
	if (!HOLDS(SYNC, !(acceptor & ABI_ACCEPT_NOSYNC)))
		return false;
	from_to = ALSO(FROM_TO, from == to);
	if (from_to)
		return true;
	from_any = ALSO(FROM_ANY, from == (word_t)ABI_ANYTHREAD);
	if (!HOLDS(FROM, from_any) || !HOLDS(SENDQ, cur->sendq == NULL))
		return false;
	pending = utcb->notify_bits & utcb->notify_mask;
	no_notify = ALSO(NO_NOTIFY, !(acceptor & ABI_ACCEPT_NOTIFY));
	not_pending = ALSO(NOT_PENDING, pending == 0);
	return HOLDS(NOTIFY, no_notify || not_pending);
#undef HOLDS
#undef ALSO
}

struct glue_ctx *model_effect(word_t to, word_t from, word_t tag, enum model_part left_out)
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
	if (left_out != MODEL_DEST_WAITED)
		dest->waited = 1;
	if (left_out != MODEL_CUR_STATE)
		cur->state = GLUE_STATE_RECEIVING;
	if (left_out != MODEL_CUR_PARTNER)
		cur->partner = from;
	if (left_out != MODEL_CUR_ACCEPTS)
		cur->accepts = from;
	if (left_out != MODEL_CURRENT)
		cpu()->current = dest;
	if (left_out != MODEL_ACTIVATE && dest->space)
		glue_activate(&dest->ctx, dest->space);
	return &dest->ctx;
}
