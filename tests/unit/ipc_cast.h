/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ipc_cast.h - the threads that the IPC tests are about.
 */
#ifndef IPC_CAST_H
#define IPC_CAST_H

#include "harness.h"

/* Three threads beside root: a in root's space, b and c in spaces of their own. */
static word_t a, b, c;

static inline int setup(void **state)
{
	boot_setup(state);
	a = spawn(1, ROOT);
	b = spawn(2, id_of(2));
	c = spawn(3, id_of(3));
	return 0;
}

#define IPC_TEST(f) cmocka_unit_test_setup_teardown(f, setup, boot_teardown)

/* `id` runs and waits. */
static inline void let_wait(word_t id, word_t from)
{
	run(id);
	wait_for(from);
	assert_state(id, TS_RECEIVING);
}

/* `id` runs and sends, and is in `to`'s queue then. */
static inline void let_send(word_t id, word_t to, word_t from, word_t tag)
{
	run(id);
	ipc(to, from, tag | SBLOCK);
	assert_state(id, TS_SENDING);
}

#endif
