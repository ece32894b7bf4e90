/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ipc_words.c - IPC-9nn: messages of nn words: all of them arrive, nothing else changes.
 */
#include "conf.h"
#include "suites.h"

static const word_t seeds[] = {1, SEED_ZEROS, SEED_ONES};

/* Ways for a message to arrive: the receiver waits, the sender waits, and both in a call. */
static void transfer(struct worker *from, struct worker *to, unsigned u)
{
	word_t tag = TAG(u + 1, u, 0), answer = TAG(u + 2, 63 - u, 0);

	CHECK(!run_ipc(to, L4_nilthread, from->id, R_BLOCK), "the receiver does not wait");
	(void)run_ipc(from, to->id, L4_nilthread, tag | S_BLOCK);
	check_ipc_sent(from);
	check_ipc_received(to, tag, from->id, from->seed);

	CHECK(!run_ipc(from, to->id, L4_nilthread, tag | S_BLOCK), "the sender does not wait");
	(void)run_ipc(to, L4_nilthread, L4_anythread, R_BLOCK);
	check_ipc_sent(from);
	check_ipc_received(to, tag, from->id, from->seed);

	CHECK(!run_ipc(to, L4_nilthread, L4_anythread, R_BLOCK), "the server does not wait");
	CHECK(!run_ipc(from, to->id, to->id, tag | S_BLOCK | R_BLOCK), "the client does not wait");
	check_ipc_received(to, tag, from->id, from->seed);
	CHECK(!run_ipc(to, from->id, L4_anythread, answer | R_BLOCK), "the server does not wait");
	check_ipc_received(from, answer, to->id, to->seed);
	abort_ipc(to, L4_ErrRecvPhase);
}

static void run_words(unsigned row)
{
	struct space *sp = space_new();
	struct worker *a = worker_new(sp, PRIO_WORKER), *b = worker_new(sp, PRIO_WORKER);
	struct worker *c = worker_new(space_new(), PRIO_WORKER);

	for (unsigned i = 0; i < ARRAY_SIZE(seeds); i++) {
		a->seed = seeds[i];
		b->seed = c->seed = seeds[i] + 7;
		context("one space");
		transfer(a, b, row);
		context("two spaces");
		transfer(a, c, row);
		transfer(c, a, row);
	}
}

static void title_words(unsigned row, char *buf, size_t size)
{
	snprintf(buf, size, "messages of %u words", row);
}

SUITE_ROWS(suite_ipc_words, "IPC", 900, ABI_MRS, run_words, title_words);
