/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * common/pagetable.h - radix page tables: the bodies of glue_map, glue_put, glue_tables and
 * glue_lookup, and pt_fini for the port's glue_space_fini. One source file of a port includes it,
 * after having defined the shape of its tables:
 *
 *   pt_entry_t       type of an entry, an unsigned integer; 0 is an entry that maps nothing
 *   PT_LEVELS        2 to 4
 *   PT_TOP           log2 of the bytes that the root covers
 *   PT_BITS          log2 of the entries of each other table, GLUE_TABLE_LOG2 of its bytes
 *   PT_ROOT(as)      the root table of a space, from k_alloc (it may have more entries than
 *                    the user part that is managed here, with the kernel's in them)
 *   PT_CURSOR(as)    an unsigned lvalue in struct glue_space, 0 at first: where pt_fini is
 *   PT_PAGE_SIZES    optional; GLUE_PAGE_SIZES if not defined
 *   PT_CHANGED(as, va)    optional; called where a table on the way to va was made or freed
 *   PT_REPLACE(slot, old, e)    optional; before *slot, `old`, in use, becomes e, which may be of
 *                    another size
 *   PT_FLUSH(as, va, rest)   optional; an expression that is true: glue_tlb_flush for at most
 *                    2^GLUE_PUT_LOG2 bytes
 *   PT_SYNC(first, n)    optional; n entries have been written, and the walker has to see them
 *                    (a barrier, cache cleaning)
 *
 * and these functions, static inline. `shift` says which table an entry is in: it is the log2
 * of the bytes that one entry there covers, PT_ROOT_SHIFT down to GLUE_PAGE_LOG2.
 *
 *   bool pt_is_table(pt_entry_t e, unsigned shift)          e, above the last level, refers to
 *                    a table
 *   pt_entry_t *pt_table(pt_entry_t e)                      that table, kernel address
 *   pt_entry_t pt_make_table(pt_entry_t *t)                 the entry that refers to t
 *   pt_entry_t pt_make_leaf(const struct glue_mapping *m)   the entry of a page
 *   pt_entry_t pt_address(paddr_t pa)                       what pa adds to the entry of a page
 *   void pt_read_leaf(pt_entry_t e, unsigned shift, struct glue_mapping *m)
 *   bool pt_is_group(pt_entry_t e)                          e, on the last level, is one of the
 *                    entries of a page of several
 *
 * A page is as many equal entries as it covers: one on the level above the last, which may hold
 * pages of one size, or one or more on the last level. The levels above have only tables.
 * Whoever sets referenced bits of a page sets them in all of its entries.
 *
 * k_counter of a table is the number of its entries in use; a table without any is freed, and needs
 * no clearing when it is used again.
 */
#ifndef GLUE_COMMON_PAGETABLE_H
#define GLUE_COMMON_PAGETABLE_H

#include <glue/glue.h>

#ifndef PT_PAGE_SIZES
#define PT_PAGE_SIZES GLUE_PAGE_SIZES
#endif

#ifndef PT_CHANGED
#define PT_CHANGED(as, va)
#endif
#ifndef PT_REPLACE
#define PT_REPLACE(slot, old, e)
#endif
#ifndef PT_FLUSH
#define PT_FLUSH(as, va, rest) (glue_tlb_flush(as, va, rest), true)
#endif
#ifndef PT_SYNC
#define PT_SYNC(first, n)
#endif

#define PT_UPPER_SHIFT (GLUE_PAGE_LOG2 + PT_BITS) /* of the level above the last */
#define PT_ROOT_SHIFT  (GLUE_PAGE_LOG2 + (PT_LEVELS - 1) * PT_BITS)
#define PT_ENTRIES     ((word_t)1 << PT_BITS)
#define PT_LARGE       (((PT_PAGE_SIZES) >> PT_UPPER_SHIFT) != 0) /* pages above the last level */
#define PT_GROUPS      (((PT_PAGE_SIZES) & ((1ull << PT_UPPER_SHIFT) - 1)) != 1ull << GLUE_PAGE_LOG2)

/* log2 of the entries of the largest page on the last level. */
#define PT_GROUP_BITS                                                                              \
	(63 - GLUE_PAGE_LOG2 - __builtin_clzll((PT_PAGE_SIZES) & ((1ull << PT_UPPER_SHIFT) - 1)))

/* A step is over at the latest where the index of an entry is a multiple of this. */
#define PT_STEP_BITS (PT_BITS < 6 ? PT_BITS : PT_GROUP_BITS > 6 ? PT_GROUP_BITS : 6)
#define PT_STEP      ((word_t)1 << PT_STEP_BITS)

_Static_assert(PT_LEVELS >= 2 && PT_LEVELS <= 4 && PT_ROOT_SHIFT < PT_TOP && PT_TOP < 64,
	       "the root covers more than one table");
_Static_assert(((PT_PAGE_SIZES) >> GLUE_PAGE_LOG2 & 1) != 0 &&
		   ((PT_PAGE_SIZES) >> PT_UPPER_SHIFT) <= 1 && PT_GROUP_BITS < 10,
	       "base pages, larger ones that a step can write, and one size a level above");

/* Write one entry, which the walker may read at any time. */
static inline void pt_store(pt_entry_t *slot, pt_entry_t e)
{
	*(volatile pt_entry_t *)slot = e;
}

static inline word_t pt_mask(unsigned log2)
{
	return ((word_t)1 << log2) - 1;
}

/* The counter of the table that has the entry. */
static inline uint16_t *pt_counter(const pt_entry_t *slot, unsigned shift)
{
	word_t size = shift == PT_ROOT_SHIFT ? sizeof(*slot) << (PT_TOP - PT_ROOT_SHIFT)
					     : (word_t)1 << GLUE_TABLE_LOG2;

	return k_counter((void *)((word_t)slot & -size));
}

/* The entry for va, as far down as there are tables, and at most where entries cover 2^stop
 * bytes; *shift says where that is. */
static pt_entry_t *pt_find(const struct glue_space *as, word_t va, unsigned stop, unsigned *shift)
{
	pt_entry_t *slot = PT_ROOT(as) + (va >> PT_ROOT_SHIFT);
	unsigned s = PT_ROOT_SHIFT;

	while (s > stop && pt_is_table(*slot, s)) {
		s -= PT_BITS;
		slot = pt_table(*slot) + (va >> s & (PT_ENTRIES - 1));
	}
	*shift = s;
	return slot;
}

/* Fill up to `n` entries from `slot` on with pages like *m, the first at m->pa, or with nothing if
 * m->prot is 0. Ends behind the first table that is replaced, and before one that has tables
 * below it. Returns how many entries were filled. */
static word_t pt_fill(pt_entry_t *slot, word_t n, unsigned shift, const struct glue_mapping *m)
{
	pt_entry_t e = 0, step = 0, *s = slot, *end = slot + n;
	word_t group = 0, had = 0; /* group: bits of a slot's address within a page's entries */

	if (m->prot) {
		e = pt_make_leaf(m);
		step = pt_address((paddr_t)1 << m->log2);
		group = ((word_t)sizeof(e) << (m->log2 - shift)) - 1;
	}
	do {
		pt_entry_t old = *s;

		if (old) {
			if (shift != GLUE_PAGE_LOG2 && pt_is_table(old, shift)) {
				if (PT_LEVELS > 2 && shift != PT_UPPER_SHIFT)
					break;
				k_free(pt_table(old), GLUE_TABLE_LOG2);
				end = s + 1;
			}
			had++;
			PT_REPLACE(s, old, e);
		}
		pt_store(s++, e);
		if (!PT_GROUPS || !((word_t)s & group))
			e += step;
	} while (s != end);
	n = (word_t)(s - slot);
	PT_SYNC(slot, n);
	*pt_counter(slot, shift) += (uint16_t)((m->prot ? n : 0) - had);
	return n;
}

/* Free the empty tables on the way to va. */
static void pt_prune(struct glue_space *as, word_t va)
{
	for (;;) {
		pt_entry_t *up = PT_ROOT(as), *slot = up + (va >> PT_ROOT_SHIFT), *table;
		unsigned s = PT_ROOT_SHIFT;

		if (!pt_is_table(*slot, s))
			return;
		table = pt_table(*slot);
		while ((s -= PT_BITS) != GLUE_PAGE_LOG2 &&
		       pt_is_table(table[va >> s & (PT_ENTRIES - 1)], s)) {
			up = table;
			slot = &table[va >> s & (PT_ENTRIES - 1)];
			table = pt_table(*slot);
		}
		if (*k_counter(table))
			return;
		pt_store(slot, 0);
		PT_SYNC(slot, 1);
		PT_CHANGED(as, va);
		k_free_clean(table, GLUE_TABLE_LOG2);
		--*k_counter(up);
	}
}

/* Where the walk for `r` ends: the level of its pages; or, to unmap, the last one, or the one
 * above where there a whole entry is in the range. */
static inline unsigned pt_stop(const struct glue_range *r)
{
	word_t rest = pt_mask(PT_UPPER_SHIFT);

	if (r->page.prot)
		return PT_LARGE && r->page.log2 >= PT_UPPER_SHIFT ? PT_UPPER_SHIFT : GLUE_PAGE_LOG2;
	return r->va & rest || r->last - r->va < rest ? GLUE_PAGE_LOG2 : PT_UPPER_SHIFT;
}

/* Put a table below an entry that has none; it maps what the entry did, in pages of the smallest
 * size. NULL: no memory. */
static pt_entry_t *pt_grow(pt_entry_t *slot, unsigned shift)
{
	pt_entry_t *below = k_alloc(GLUE_TABLE_LOG2);

	if (!below)
		return NULL;
	if (PT_LARGE && *slot) {
		struct glue_mapping m;

		pt_read_leaf(*slot, shift, &m);
		m.log2 = GLUE_PAGE_LOG2;
		(void)pt_fill(below, PT_ENTRIES, GLUE_PAGE_LOG2, &m);
		PT_REPLACE(slot, *slot, pt_make_table(below));
	} else {
		++*pt_counter(slot, shift);
		PT_SYNC(below, PT_ENTRIES);
	}
	pt_store(slot, pt_make_table(below));
	PT_SYNC(slot, 1);
	return below;
}

/* glue_put has emptied a table. */
static __attribute__((noinline)) bool pt_emptied(struct glue_space *as, word_t va, word_t rest)
{
	pt_prune(as, va);
	return PT_FLUSH(as, va, rest);
}

/* No call before the last, so that no register has to be saved for it. */
__attribute__((flatten)) bool glue_put(struct glue_space *as, word_t va, word_t rest, word_t frame,
				       word_t prot, word_t attr)
{
	const struct glue_mapping page = {.pa = (paddr_t)frame << GLUE_PAGE_LOG2,
					  .log2 = GLUE_PAGE_LOG2,
					  .prot = prot,
					  .attr = attr};
	pt_entry_t *table, *slot = PT_ROOT(as) + (va >> PT_ROOT_SHIFT), *end, e = 0, step = 0;
	word_t n = (rest >> GLUE_PAGE_LOG2) + 1, now = 0, had = 0;
	uint16_t *counter;

#pragma GCC unroll 4
	for (unsigned s = PT_ROOT_SHIFT; s != GLUE_PAGE_LOG2; s -= PT_BITS) {
		if (!pt_is_table(*slot, s))
			return false;
		table = pt_table(*slot);
		slot = table + (va >> (s - PT_BITS) & (PT_ENTRIES - 1));
	}
	if (PT_GROUPS && pt_is_group(*slot))
		return false;
	if (prot) {
		now = n;
		e = pt_make_leaf(&page);
		step = pt_address(GLUE_PAGE_SIZE);
	}
	end = slot + n;
	do {
		had += *slot != 0;
		pt_store(slot, e);
		e += step;
	} while (++slot != end);
	PT_SYNC(end - n, n);
	counter = k_counter(__builtin_assume_aligned(table, 1 << GLUE_TABLE_LOG2));
	now -= had;
	*counter += (uint16_t)now;
	if (!*counter)
		return pt_emptied(as, va, rest);
	if (had)
		return PT_FLUSH(as, va, rest);
	return true;
}

enum glue_err glue_map(struct glue_space *as, struct glue_range *r)
{
	word_t va = r->va, n, left;
	unsigned shift, stop = pt_stop(r);
	pt_entry_t *slot = pt_find(as, va, stop, &shift);
	bool grown = false;

	while (shift > stop && ((PT_LARGE && *slot) || r->page.prot)) {
		grown = true;
		slot = pt_grow(slot, shift);
		if (!slot) {
			pt_prune(as, va);
			return GLUE_ENOMEM;
		}
		shift -= PT_BITS;
		slot += va >> shift & (PT_ENTRIES - 1);
	}
	/* Clearing tables is a long step by itself. */
	if (grown) {
		PT_CHANGED(as, va);
		return GLUE_OK;
	}
	if (PT_GROUPS && shift == GLUE_PAGE_LOG2 && pt_is_group(*slot)) {
		struct glue_mapping m;
		word_t rest;

		pt_read_leaf(*slot, shift, &m);
		rest = pt_mask(m.log2);
		if (va & rest || r->last - va < rest) {
			m.log2 = GLUE_PAGE_LOG2;
			(void)pt_fill(slot - ((va & rest) >> shift), (rest >> shift) + 1, shift,
				      &m);
		}
	}
	/* Whole entries that are left: 0 if there is nothing here, and less than an entry to do. */
	left = (r->last - va + 1) >> shift;
	n = PT_STEP - (va >> shift & (PT_STEP - 1));
	if (n > left)
		n = left;
	if (n)
		n = pt_fill(slot, n, shift, &r->page);
	else
		n = 1;
	r->va = ((va >> shift) + n) << shift;
	r->page.pa += n << shift;
	if (!r->page.prot && !*pt_counter(slot, shift))
		pt_prune(as, va);
	return GLUE_OK;
}

size_t glue_tables(const struct glue_space *as, const struct glue_range *r)
{
	unsigned stop = PT_LARGE ? pt_stop(r) : GLUE_PAGE_LOG2, top = stop, shift;
	word_t size = r->last - r->va;
	const pt_entry_t *slot;
	size_t n = 0;

	if (!PT_LARGE && !r->page.prot)
		return 0;
	while (size >> top >> PT_BITS)
		top += PT_BITS; /* to where one table has all of it, or the root */
	slot = pt_find(as, r->va, top, &shift);
	if (!r->page.prot)
		return *slot && shift > top;
	for (; shift > stop; shift -= PT_BITS)
		n += (size >> shift) + 1;
	return n;
}

bool glue_lookup(const struct glue_space *as, word_t va, struct glue_mapping *m)
{
	pt_entry_t e;

	m->log2 = GLUE_PAGE_LOG2;
	if (va > GLUE_USER_LAST)
		return false;
	e = *pt_find(as, va, GLUE_PAGE_LOG2, &m->log2);
	if (e == 0)
		return false;
	pt_read_leaf(e, m->log2, m);
	return true;
}

/* Free all page tables of `as` but the root; false: cut, to be called again. The body of
 * glue_space_fini, which then frees the root. */
static bool pt_fini(struct glue_space *as)
{
	struct glue_range r;

	r.va = (word_t)PT_CURSOR(as) << PT_UPPER_SHIFT;
	r.last = GLUE_USER_LAST;
	r.page.prot = r.page.pa = 0;
	while (*k_counter(PT_ROOT(as))) {
		if (glue_map(as, &r) != GLUE_OK)
			k_panic(NULL, "pt_fini: a page sticks out of its entry");
		PT_CURSOR(as) = (unsigned)(r.va >> PT_UPPER_SHIFT);
		if (glue_irq_pending())
			return false;
	}
	return true;
}
#endif
