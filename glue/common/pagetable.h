/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * common/pagetable.h - radix page tables of any shape: the bodies of glue_prepare,
 * glue_unprepare, glue_map, glue_unmap, glue_lookup and glue_clear_referenced, and pt_fini
 * for the port's glue_space_fini. One source file of a port includes it, after having
 * defined the shape of its tables:
 *
 *   pt_entry_t       type of an entry, an unsigned integer; 0 is an entry that maps nothing
 *   PT_LEVELS        2 to 4; level 0 is the root
 *   PT_TOP           log2 of the bytes that the root covers
 *   PT_SHIFT_<l>     log2 of the bytes that one entry of a level-l table covers; the one of
 *                    the last level is GLUE_PAGE_LOG2. A level-l table so has
 *                    2^(PT_SHIFT_<l-1> - PT_SHIFT_<l>) entries, the root 2^(PT_TOP - PT_SHIFT_0)
 *   PT_ROOT(as)      the root table of a space, from k_alloc (it may have more entries than
 *                    the user part that is managed here, with the kernel's in them)
 *   PT_CURSOR(as)    an unsigned lvalue in struct glue_space, 0 at first: where pt_fini is
 *   PT_PAGE_SIZES    optional; GLUE_PAGE_SIZES if not defined
 *
 * and these functions, static inline (a level is always that of the table the entry is in):
 *
 *   bool pt_is_table(pt_entry_t e, unsigned level)          e refers to a table
 *   pt_entry_t *pt_table(pt_entry_t e, unsigned level)      that table, kernel address
 *   pt_entry_t pt_make_table(pt_entry_t *t, unsigned level) the entry that refers to t
 *   pt_entry_t pt_make_leaf(unsigned level, unsigned log2, paddr_t pa, unsigned prot,
 *                           enum glue_attr attr)            a page, referenced bits clear;
 *                    linear in pa: equal steps of pa are equal steps of the entry
 *   void pt_read_leaf(pt_entry_t e, unsigned level, struct glue_mapping *m)
 *   pt_entry_t pt_with_referenced(pt_entry_t e, unsigned level, unsigned referenced)
 *                    the page entry e with exactly these referenced bits
 *   void pt_store(pt_entry_t *slot, pt_entry_t e)           write one entry
 *   void pt_sync(pt_entry_t *first, unsigned n)             make n entries, written since the
 *                    last call, visible to the table walker (barrier, cache cleaning)
 *
 * A page of 2^s bytes is kept at the deepest level whose tables cover more than that. It
 * takes as many equal entries there as it covers; so the levels above the last may hold
 * pages as well, and a page may be larger than one entry (64 KiB pages of ARM: 16 entries).
 * Referenced bits of such a page may be set in any of its entries.
 *
 * The tables use k_counter: entries in use, plus PIN for each glue_prepare that has not been
 * followed by its glue_map or glue_unprepare. A table whose counter is 0 is freed. A pinned
 * table survives everything, so that the items of one MapControl may overlap in any way: a
 * page that is mapped over a pinned table goes into the table, in smaller pages.
 */
#ifndef GLUE_COMMON_PAGETABLE_H
#define GLUE_COMMON_PAGETABLE_H

#include <glue/glue.h>

#ifndef PT_PAGE_SIZES
#define PT_PAGE_SIZES GLUE_PAGE_SIZES
#endif
#ifndef PT_SHIFT_1
#define PT_SHIFT_1 PT_SHIFT_0
#endif
#ifndef PT_SHIFT_2
#define PT_SHIFT_2 PT_SHIFT_1
#endif
#ifndef PT_SHIFT_3
#define PT_SHIFT_3 PT_SHIFT_2
#endif

/* The page sizes of a level whose tables cover 2^hi and whose entries cover 2^lo bytes. */
#define PT_SIZES(hi, lo) ((word_t)((PT_PAGE_SIZES) & ((1ull << (hi)) - (1ull << (lo)))))

enum { PT_LAST = PT_LEVELS - 1 };

/* pt_shift[l] is what a level-l table covers, pt_shift[l + 1] what an entry of it does. */
static const uint8_t pt_shift[] = {PT_TOP, PT_SHIFT_0, PT_SHIFT_1, PT_SHIFT_2, PT_SHIFT_3};
static const word_t pt_sizes[] = {PT_SIZES(PT_TOP, PT_SHIFT_0), PT_SIZES(PT_SHIFT_0, PT_SHIFT_1),
				  PT_SIZES(PT_SHIFT_1, PT_SHIFT_2),
				  PT_SIZES(PT_SHIFT_2, PT_SHIFT_3)};

/* A level that has pages must have pages of one entry, so that larger ones can be split,
 * and the level below must have pages too. */
#define PT_LEVEL_OK(hi, lo, below)                                                                 \
	((hi) == (lo) || PT_SIZES(hi, lo) == 0 ||                                                  \
	 ((PT_SIZES(hi, lo) >> (lo)&1) && ((lo) == GLUE_PAGE_LOG2 || PT_SIZES(lo, below) != 0)))

_Static_assert(PT_LEVELS >= 2 && PT_LEVELS <= 4, "2 to 4 levels of page tables");
_Static_assert(PT_TOP < 64 && PT_SHIFT_3 == GLUE_PAGE_LOG2, "the last level holds base pages");
_Static_assert(((PT_PAGE_SIZES) >> GLUE_PAGE_LOG2 & 1) != 0, "there are base pages");
_Static_assert(PT_LEVEL_OK(PT_TOP, PT_SHIFT_0, PT_SHIFT_1) &&
		   PT_LEVEL_OK(PT_SHIFT_0, PT_SHIFT_1, PT_SHIFT_2) &&
		   PT_LEVEL_OK(PT_SHIFT_1, PT_SHIFT_2, PT_SHIFT_3),
	       "each level with pages has one-entry pages, and pages on the level below");
_Static_assert(PT_SHIFT_0 - PT_SHIFT_1 <= 10 && PT_SHIFT_1 - PT_SHIFT_2 <= 10 &&
		   PT_SHIFT_2 - PT_SHIFT_3 <= 10,
	       "a 16-bit counter holds the entries and 62 pins of a table");

static inline unsigned pt_entries(unsigned level)
{
	return 1u << (pt_shift[level] - pt_shift[level + 1]);
}

static inline unsigned pt_table_log2(unsigned level)
{
	return pt_shift[level] - pt_shift[level + 1] + (unsigned)__builtin_ctz(sizeof(pt_entry_t));
}

/* The counter's weight of a pin: more than the entries can add up to. */
static inline unsigned pt_pin_weight(unsigned level)
{
	return pt_entries(level) + 1;
}

static inline pt_entry_t *pt_slot(pt_entry_t *table, unsigned level, word_t va)
{
	return &table[(va >> pt_shift[level + 1]) & (pt_entries(level) - 1)];
}

/* The largest page size of a level, at most 2^log2 bytes; 0: the level has none. */
static inline unsigned pt_page_log2(unsigned level, unsigned log2)
{
	word_t fit = pt_sizes[level] & (((word_t)2 << log2) - 1);

	return fit ? (unsigned)(GLUE_WORD_BITS - 1 - __builtin_clzl(fit)) : 0;
}

/* Whether any level has pages of more than one entry: known to the compiler, which so leaves
 * out all that is about them where there are none. */
#define PT_TWO(sizes) (((sizes) & ((sizes)-1)) != 0)
#define PT_GROUPS                                                                                  \
	(PT_TWO(PT_SIZES(PT_TOP, PT_SHIFT_0)) || PT_TWO(PT_SIZES(PT_SHIFT_0, PT_SHIFT_1)) ||       \
	 PT_TWO(PT_SIZES(PT_SHIFT_1, PT_SHIFT_2)) || PT_TWO(PT_SIZES(PT_SHIFT_2, PT_SHIFT_3)))

/* Whether a level has. */
static inline bool pt_has_groups(unsigned level)
{
	return PT_GROUPS && PT_TWO(pt_sizes[level]);
}

/* Fill `n` entries from `slot` on with pages of 2^size bytes, the first at pa; returns how
 * many of the entries were empty before. None is a table. */
static unsigned pt_write(pt_entry_t *slot, unsigned level, unsigned n, unsigned size, paddr_t pa,
			 unsigned prot, enum glue_attr attr, unsigned referenced)
{
	const unsigned group = PT_GROUPS ? 1u << (size - pt_shift[level + 1]) : 1;
	pt_entry_t e = pt_make_leaf(level, size, pa, prot, attr), step = 0;
	pt_entry_t *s = slot, *end = slot + n;
	unsigned fresh = 0;

	if (n > group)
		step = pt_make_leaf(level, size, pa + ((paddr_t)1 << size), prot, attr) - e;
	if (referenced)
		e = pt_with_referenced(e, level, referenced);
	for (; s < end; e += step)
		for (pt_entry_t *next = s + group; s < next; s++) {
			fresh += *s == 0;
			pt_store(s, e);
		}
	pt_sync(slot, n);
	return fresh;
}

/* The page that the entry for va is part of. */
static void pt_read_page(pt_entry_t *table, unsigned level, word_t va, struct glue_mapping *m)
{
	pt_read_leaf(*pt_slot(table, level, va), level, m);
	if (pt_has_groups(level) && m->log2 > pt_shift[level + 1]) {
		pt_entry_t *s = pt_slot(table, level, va & -((word_t)1 << m->log2));
		struct glue_mapping part;

		for (unsigned n = 1u << (m->log2 - pt_shift[level + 1]); n > 0; n--) {
			pt_read_leaf(*s++, level, &part);
			m->referenced |= part.referenced;
		}
	}
}

/* If a page of more than 2^size bytes holds va, divide it into pages of that size. */
static void pt_split(pt_entry_t *table, unsigned level, word_t va, unsigned size)
{
	pt_entry_t e = *pt_slot(table, level, va);
	struct glue_mapping m;

	if (!pt_has_groups(level) || e == 0 || (level != PT_LAST && pt_is_table(e, level)))
		return;
	pt_read_page(table, level, va, &m);
	if (m.log2 > size)
		pt_write(pt_slot(table, level, va & -((word_t)1 << m.log2)), level,
			 1u << (m.log2 - pt_shift[level + 1]), size, m.pa, m.prot, m.attr,
			 m.referenced);
}

/* Put tables below the entry for va of this level-`level` table, down to the level that
 * holds ranges of 2^log2 bytes, which is further down. They map what the entry maps. */
static bool pt_grow(pt_entry_t *table, unsigned level, word_t va, unsigned log2)
{
	pt_entry_t *fresh[PT_LEVELS + 1];
	unsigned end = level;

	while (pt_shift[end + 1] > log2) {
		end++;
		fresh[end] = k_alloc(pt_table_log2(end));
		if (fresh[end] == NULL) {
			while (--end > level)
				k_free(fresh[end], pt_table_log2(end));
			return false;
		}
	}
	for (; level < end; level++) {
		pt_entry_t *slot = pt_slot(table, level, va), *below = fresh[level + 1];

		if (*slot != 0) {
			unsigned size = pt_page_log2(level + 1, log2);
			struct glue_mapping m;

			pt_split(table, level, va, pt_shift[level + 1]);
			pt_read_page(table, level, va, &m);
			*k_counter(below) = (uint16_t)pt_write(
			    below, level + 1, pt_entries(level + 1),
			    size ? size : pt_shift[level + 2], m.pa, m.prot, m.attr, m.referenced);
		} else {
			++*k_counter(table);
			pt_sync(below, pt_entries(level + 1));
		}
		pt_store(slot, pt_make_table(below, level));
		pt_sync(slot, 1);
		table = below;
	}
	return true;
}

/* Free the table that holds va on this level if nothing is in it, then likewise its parents. */
static void pt_prune(struct glue_space *as, word_t va, unsigned level)
{
	pt_entry_t *path[PT_LEVELS];

	path[0] = PT_ROOT(as);
	for (unsigned l = 0; l < level; l++)
		path[l + 1] = pt_table(*pt_slot(path[l], l, va), l);
	for (; level > 0 && *k_counter(path[level]) == 0; level--) {
		pt_entry_t *slot = pt_slot(path[level - 1], level - 1, va);

		pt_store(slot, 0);
		pt_sync(slot, 1);
		k_free(path[level], pt_table_log2(level));
		--*k_counter(path[level - 1]);
	}
}

/* Undo pt_pin. */
static void pt_unpin(pt_entry_t *table, unsigned level, word_t va, unsigned log2)
{
	pt_entry_t *slot = pt_slot(table, level, va);
	unsigned n = 1u << (log2 - pt_shift[level + 1]);
	unsigned gone = 0;

	if (pt_sizes[level] != 0) {
		if (level > 0)
			*k_counter(table) -= (uint16_t)pt_pin_weight(level);
		return;
	}
	for (; n > 0; n--, slot++) {
		pt_entry_t *below = pt_table(*slot, level);

		pt_unpin(below, level + 1, 0, pt_shift[level + 1]);
		if (*k_counter(below) != 0)
			continue;
		pt_store(slot, 0);
		pt_sync(slot, 1);
		k_free(below, pt_table_log2(level + 1));
		gone++;
	}
	*k_counter(table) -= (uint16_t)gone;
}

/* Pin the tables that hold the range in pages: this one or, where the level has no pages,
 * those of all its entries in the range. The root needs no pin. */
static bool pt_pin(pt_entry_t *table, unsigned level, word_t va, unsigned log2)
{
	const unsigned shift = pt_shift[level + 1];
	const unsigned n = 1u << (log2 - shift);

	if (pt_sizes[level] != 0) {
		if (level > 0)
			*k_counter(table) += (uint16_t)pt_pin_weight(level);
		return true;
	}
	for (unsigned i = 0; i < n; i++) {
		word_t at = va + ((word_t)i << shift);
		pt_entry_t *slot = pt_slot(table, level, at);
		bool had = *slot != 0;

		if ((had || pt_grow(table, level, at, shift - 1)) &&
		    pt_pin(pt_table(*slot, level), level + 1, at, shift))
			continue;
		if (!had && *slot != 0) {
			k_free(pt_table(*slot, level), pt_table_log2(level + 1));
			pt_store(slot, 0);
			--*k_counter(table);
		}
		while (i-- > 0)
			pt_unpin(table, level, va + ((word_t)i << shift), shift);
		return false;
	}
	return true;
}

static void pt_clear(pt_entry_t *table, unsigned level, pt_entry_t *slot, unsigned n);

/* Empty the table that `slot` refers to, and free it unless it is pinned; true: freed. */
static bool pt_drop(pt_entry_t *slot, unsigned level)
{
	pt_entry_t *below = pt_table(*slot, level);
	uint16_t *used = k_counter(below);

	if (level + 1 < PT_LAST || *used > pt_entries(level + 1)) {
		pt_clear(below, level + 1, below, pt_entries(level + 1));
		if (*used != 0)
			return false;
	}
	pt_store(slot, 0);
	pt_sync(slot, 1);
	k_free(below, pt_table_log2(level + 1));
	return true;
}

/* Empty `n` entries of a table, from `slot` on. */
static void pt_clear(pt_entry_t *table, unsigned level, pt_entry_t *slot, unsigned n)
{
	unsigned gone = 0;

	for (unsigned i = 0; i < n; i++) {
		if (slot[i] == 0)
			continue;
		if (level != PT_LAST && pt_is_table(slot[i], level)) {
			gone += pt_drop(&slot[i], level);
			continue;
		}
		pt_store(&slot[i], 0);
		gone++;
	}
	pt_sync(slot, n);
	*k_counter(table) -= (uint16_t)gone;
}

/* Free the tables below `n` entries, as far as they are not pinned; true: all of them. */
static bool pt_drop_all(pt_entry_t *table, unsigned level, pt_entry_t *slot, unsigned n)
{
	unsigned gone = 0, kept = 0;

	for (; n > 0; n--, slot++)
		if (pt_is_table(*slot, level)) {
			if (pt_drop(slot, level))
				gone++;
			else
				kept++;
		}
	if (gone)
		*k_counter(table) -= (uint16_t)gone;
	return kept == 0;
}

/* Map the range with the entries of this table; `pin`: there is a pin, which is done with. */
static void pt_map(pt_entry_t *table, unsigned level, word_t va, paddr_t pa, unsigned log2,
		   unsigned prot, enum glue_attr attr, bool pin)
{
	const unsigned shift = pt_shift[level + 1];
	unsigned n = 1u << (log2 - shift), size = pt_page_log2(level, log2), change;
	pt_entry_t *slot = pt_slot(table, level, va);

	if (level != PT_LAST && (size == 0 || !pt_drop_all(table, level, slot, n))) {
		/* A mixture: what is a table stays one, the rest become one-entry pages. */
		for (change = 0; n > 0; n--, slot++, pa += (paddr_t)1 << shift) {
			if (pt_is_table(*slot, level))
				pt_map(pt_table(*slot, level), level + 1, 0, pa, shift, prot, attr,
				       pin && size == 0);
			else
				change += pt_write(slot, level, 1, shift, pa, prot, attr, 0);
		}
	} else {
		pt_split(table, level, va, size);
		change = pt_write(slot, level, n, size, pa, prot, attr, 0);
	}
	if (pin && level > 0 && size != 0)
		change -= pt_pin_weight(level);
	if (change)
		*k_counter(table) += (uint16_t)change;
}

enum glue_err glue_prepare(struct glue_space *as, word_t va, unsigned log2, bool map)
{
	pt_entry_t *table = PT_ROOT(as);
	unsigned level = 0;

	for (; pt_shift[level + 1] > log2; level++) {
		pt_entry_t *slot = pt_slot(table, level, va);

		if (!pt_is_table(*slot, level)) {
			if (*slot == 0 && !map)
				return GLUE_OK;
			if (!pt_grow(table, level, va, log2))
				return GLUE_ENOMEM;
		}
		table = pt_table(*slot, level);
	}
	if (map && !pt_pin(table, level, va, log2)) {
		pt_prune(as, va, level);
		return GLUE_ENOMEM;
	}
	return GLUE_OK;
}

/* The table in which ranges of 2^log2 bytes at va are kept, and its level; NULL: none. */
static pt_entry_t *pt_find(const struct glue_space *as, word_t va, unsigned log2, unsigned *level)
{
	pt_entry_t *table = PT_ROOT(as);
	unsigned l = 0;

	for (; pt_shift[l + 1] > log2; l++) {
		pt_entry_t e = *pt_slot(table, l, va);

		if (!pt_is_table(e, l))
			return NULL;
		table = pt_table(e, l);
	}
	*level = l;
	return table;
}

void glue_unprepare(struct glue_space *as, word_t va, unsigned log2)
{
	unsigned level;
	pt_entry_t *table = pt_find(as, va, log2, &level);

	if (table == NULL)
		return;
	pt_unpin(table, level, va, log2);
	pt_prune(as, va, level);
}

void glue_map(struct glue_space *as, word_t va, paddr_t pa, unsigned log2, unsigned prot,
	      enum glue_attr attr)
{
	unsigned level;
	pt_entry_t *table = pt_find(as, va, log2, &level);

	if (table == NULL)
		k_panic(NULL, "glue_map: %lx not prepared", (unsigned long)va);
	pt_map(table, level, va, pa, log2, prot, attr, true);
}

void glue_unmap(struct glue_space *as, word_t va, unsigned log2)
{
	unsigned level;
	pt_entry_t *table = pt_find(as, va, log2, &level);
	struct glue_mapping m;

	if (table == NULL) {
		if (glue_lookup(as, va, &m))
			k_panic(NULL, "glue_unmap: %lx not prepared", (unsigned long)va);
		return;
	}
	if (pt_has_groups(level))
		pt_split(table, level, va, pt_page_log2(level, log2));
	pt_clear(table, level, pt_slot(table, level, va), 1u << (log2 - pt_shift[level + 1]));
	if (level > 0 && *k_counter(table) == 0)
		pt_prune(as, va, level);
}

bool glue_lookup(const struct glue_space *as, word_t va, struct glue_mapping *m)
{
	pt_entry_t *table = PT_ROOT(as);

	m->log2 = GLUE_PAGE_LOG2;
	if (va > GLUE_USER_LAST)
		return false;
	for (unsigned level = 0;; level++) {
		pt_entry_t e = *pt_slot(table, level, va);

		if (e == 0) {
			m->log2 = pt_shift[level + 1];
			return false;
		}
		if (level == PT_LAST || !pt_is_table(e, level)) {
			pt_read_page(table, level, va, m);
			return true;
		}
		table = pt_table(e, level);
	}
}

static void pt_unreference(pt_entry_t *slot, unsigned level, unsigned n, unsigned log2)
{
	struct glue_mapping m;

	for (unsigned i = 0; i < n; i++) {
		if (slot[i] == 0)
			continue;
		if (level != PT_LAST && pt_is_table(slot[i], level)) {
			pt_unreference(pt_table(slot[i], level), level + 1, pt_entries(level + 1),
				       log2);
			continue;
		}
		pt_read_leaf(slot[i], level, &m);
		if (m.log2 <= log2)
			pt_store(&slot[i], pt_with_referenced(slot[i], level, 0));
	}
	pt_sync(slot, n);
}

void glue_clear_referenced(struct glue_space *as, word_t va, unsigned log2)
{
	unsigned level;
	pt_entry_t *table = pt_find(as, va, log2, &level);

	if (table != NULL)
		pt_unreference(pt_slot(table, level, va), level, 1u << (log2 - pt_shift[level + 1]),
			       log2);
}

/* Free all tables below `table` while *used entries of it are left, from entry *cursor on;
 * false: cut because of an interrupt. */
static bool pt_free_below(pt_entry_t *table, unsigned level, unsigned *cursor)
{
	uint16_t *used = k_counter(table);
	unsigned i = *cursor;

	while (*used > 0) {
		/* Most entries are empty: look at four at a time. */
		for (; (table[i] | table[i + 1] | table[i + 2] | table[i + 3]) == 0; i += 4)
			;
		for (unsigned end = i + 4; i < end; i++) {
			if (table[i] == 0)
				continue;
			if (pt_is_table(table[i], level)) {
				pt_entry_t *below = pt_table(table[i], level);
				unsigned start = 0;

				*cursor = i & ~3u;
				if (level + 1 < PT_LAST && !pt_free_below(below, level + 1, &start))
					return false;
				pt_store(&table[i], 0);
				k_free(below, pt_table_log2(level + 1));
			} else {
				pt_store(&table[i], 0);
			}
			--*used;
			if (*used > 0 && glue_irq_pending()) {
				*cursor = i & ~3u;
				return false;
			}
		}
	}
	*cursor = 0;
	return true;
}

/* Free all page tables of `as` but the root; false: cut, to be called again. The body of
 * glue_space_fini, which then frees the root. */
static bool pt_fini(struct glue_space *as)
{
	unsigned cursor = (unsigned)PT_CURSOR(as);
	bool done = pt_free_below(PT_ROOT(as), 0, &cursor);

	PT_CURSOR(as) = cursor;
	return done;
}
#endif
