/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * phys.c - sets of page frames, and the one that nobody may map: the kernel's, and what no mapping
 * can name.
 */
#include <kernel/boot.h>

static struct ranges reserved;

/* memmove, which would be kept after booting for nobody else. */
GLUE_INIT static __attribute__((optimize("no-tree-loop-distribute-patterns"))) void
move(struct range *to, const struct range *from, unsigned n)
{
	if (to < from)
		for (unsigned i = 0; i < n; i++)
			to[i] = from[i];
	else
		while (n-- > 0)
			to[n] = from[n];
}

GLUE_INIT bool range_add(struct ranges *set, word_t start, word_t end)
{
	unsigned first = 0, behind;

	if (start >= end)
		return true;
	while (first < set->count && set->r[first].end < start)
		first++;
	/* All that touch the new one become one with it. */
	for (behind = first; behind < set->count && set->r[behind].start <= end; behind++) {
		if (set->r[behind].start < start)
			start = set->r[behind].start;
		if (set->r[behind].end > end)
			end = set->r[behind].end;
	}
	if (first == behind && set->count == RANGES_MAX)
		return false;
	move(&set->r[first + 1], &set->r[behind], set->count - behind);
	set->count += 1 - (behind - first);
	set->r[first] = (struct range){start, end};
	return true;
}

GLUE_INIT void range_remove(struct ranges *set, word_t start, word_t end)
{
	for (unsigned i = 0; i < set->count && start < end;) {
		struct range old = set->r[i];
		word_t below = old.start < start ? start - old.start : 0;
		word_t above = old.end > end ? old.end - end : 0;

		if (old.end <= start || old.start >= end) {
			i++;
			continue;
		}
		set->count--;
		move(&set->r[i], &set->r[i + 1], set->count - i);
		/* Where both ends remain and there is room for one only, it is the larger. */
		if (below && (set->count < RANGES_MAX - 1 || below >= above))
			(void)range_add(set, old.start, start);
		if (above)
			(void)range_add(set, end, old.end);
	}
}

GLUE_INIT void phys_init(void)
{
	reserved.r[0] = (struct range){frame_of(GLUE_PHYS_LAST) + 1, ~(word_t)0};
	reserved.count = 1;
}

GLUE_INIT void phys_reserve(paddr_t start, paddr_t end)
{
	if (!range_add(&reserved, frame_of(start), frame_of(end + GLUE_PAGE_SIZE - 1)))
		k_panic(NULL, "phys: too many pieces of memory are the kernel's");
}

bool phys_mappable(word_t first, word_t last)
{
	const struct range *r = reserved.r;

	/* There is always one that ends behind: what no mapping can name. */
	while (r->end <= first)
		r++;
	return r->start > last;
}
