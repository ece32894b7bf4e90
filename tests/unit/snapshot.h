/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * snapshot.h - the state of the kernel that an IPC can change, to be put back and compared:
 * every thread with its UTCB, FPU registers and space, the scheduler, and what is in force in the
 * modelled machine.
 */
#ifndef UNIT_SNAPSHOT_H
#define UNIT_SNAPSHOT_H

#include "harness.h"

#define SNAPSHOT_BYTES  (256u << 10)
#define SNAPSHOT_PIECES 512

struct snapshot {
	struct snapshot_piece {
		void *at;
		size_t size, offset;
		const char *what;
		word_t id; /* of the thread that it belongs to, or 0 */
	} piece[SNAPSHOT_PIECES];
	unsigned pieces;
	size_t used;
	uint64_t timer;
	bool fpu_on;
	uint8_t bytes[SNAPSHOT_BYTES];
};

void snapshot_take(struct snapshot *s);

/* The same of what `before` has: since then, no thread was made or deleted. */
void snapshot_again(struct snapshot *s, const struct snapshot *before);

/* Put everything back. */
void snapshot_restore(const struct snapshot *s);

/* What is different, into `text`; or false. `loose`: in `b` a thread may be marked as waited
 * for (glue_thread.waited) that isn't in `a`. The values of the mark don't matter. */
bool snapshot_differ(const struct snapshot *a, const struct snapshot *b, bool loose, char *text,
		     size_t size);

#endif
