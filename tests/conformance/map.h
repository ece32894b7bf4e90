/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * map.h - what cases about memory share.
 */
#ifndef CONF_MAP_H
#define CONF_MAP_H

#include "conf.h"

/* A place in a worker's space where nothing is mapped, for 16 MiB. */
#define MAP_AT 0x20000000ul

/* A space with a worker, and a page that is mapped in the root task's space only. */
struct map_scene {
	struct space *space;
	struct worker *w;
	word_t *page;
	uint64_t frame;
};

struct map_scene map_scene_new(void);

/* An fpage with rights. */
L4_Fpage_t piece(word_t at, unsigned log2, word_t rights);

void map_page(const struct map_scene *s, word_t at, uint64_t frame, word_t rights);

/* Use up the kernel's memory with page tables, and say where in the space of the result the
 * next one would have been. */
struct map_scene exhaust_kernel_memory(word_t *next);

void check_fault(const char *what, struct fault f, word_t access, word_t address);
void check_no_fault(const char *what, struct fault f);

#endif
