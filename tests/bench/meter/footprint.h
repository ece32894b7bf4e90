/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * footprint.h - the cache lines that some code touched, of 32 and of 64 bytes.
 */
#ifndef FOOTPRINT_H
#define FOOTPRINT_H
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* A set of line numbers: open addressing, emptied in one step. */
struct lines {
	uint64_t *key;
	uint64_t *age; /* a slot is in use if its age is the set's */
	uint64_t now;
	size_t used, size; /* size: a power of two, or 0 */
};

static inline void lines_clear(struct lines *l)
{
	l->now++;
	l->used = 0;
}

static inline void lines_insert(struct lines *l, uint64_t line)
{
	size_t i = (line * 0x9e3779b97f4a7c15u >> 20) & (l->size - 1);

	while (l->age[i] == l->now && l->key[i] != line)
		i = (i + 1) & (l->size - 1);
	if (l->age[i] != l->now) {
		l->age[i] = l->now;
		l->key[i] = line;
		l->used++;
	}
}

static inline void lines_add(struct lines *l, uint64_t line)
{
	if (l->used * 2 >= l->size) {
		struct lines more = {.now = 1, .size = l->size ? l->size * 2 : 256};

		more.key = calloc(more.size, sizeof(*more.key));
		more.age = calloc(more.size, sizeof(*more.age));
		if (!more.key || !more.age)
			abort();
		for (size_t i = 0; i < l->size; i++)
			if (l->age[i] == l->now)
				lines_insert(&more, l->key[i]);
		free(l->key);
		free(l->age);
		*l = more;
	}
	lines_insert(l, line);
}

struct footprint {
	struct lines i64, i32, d64, d32; /* instructions, data */
};

static inline void footprint_clear(struct footprint *f)
{
	lines_clear(&f->i64);
	lines_clear(&f->i32);
	lines_clear(&f->d64);
	lines_clear(&f->d32);
}

static inline void footprint_insn(struct footprint *f, uint64_t pc)
{
	lines_add(&f->i64, pc >> 6);
	lines_add(&f->i32, pc >> 5);
}

/* An access that crosses the end of a line touches two. */
static inline void footprint_data(struct footprint *f, uint64_t address, uint64_t last)
{
	lines_add(&f->d64, address >> 6);
	lines_add(&f->d32, address >> 5);
	lines_add(&f->d64, last >> 6);
	lines_add(&f->d32, last >> 5);
}

#endif
