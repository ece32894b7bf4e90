/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * pagetable.c - the common page-table walker against a flat model, in the shape of tables
 * that SHAPE_<name> chooses: batches of random ranges that are mapped and unmapped,
 * with just as much memory as was counted before, or less; every lookup, referenced bit and block
 * of memory counts.
 */
#include "pagetable_shapes.h"

/* ---- the model ------------------------------------------------------------------------------ */

#define WINDOW_LOG2 27
#define WINDOW      ((word_t)0x40000000) /* what is mapped lies here, 128 MiB */
#define PAGES       (1u << (WINDOW_LOG2 - 12))

static struct model {
	uint32_t frame; /* 0: not mapped */
	uint8_t prot, attr, referenced;
} model[PAGES];

static uint32_t seed;

static unsigned rnd(unsigned n)
{
	seed = seed * 1664525 + 1013904223;
	return (unsigned)((uint64_t)(seed >> 8) * n >> 24);
}

struct item {
	word_t va;
	paddr_t pa;
	unsigned log2, prot;
	enum glue_attr attr;
	bool unmap;
};

static struct item random_item(void)
{
	/* Mostly within a few megabytes, so that the items meet. */
	unsigned span = rnd(4) ? 22 : WINDOW_LOG2;
	struct item it = {.log2 = 12 + rnd(rnd(3) ? 6 : span - 11)};

	it.va = WINDOW + ((word_t)rnd(1u << (span - it.log2)) << it.log2);
	it.pa = (paddr_t)(1 + rnd((1u << (32 - it.log2)) - 1)) << it.log2;
	it.unmap = rnd(3) == 0;
	it.prot = 1 + rnd(7);
	it.attr = (enum glue_attr)rnd(GLUE_ATTRS);
	return it;
}

static struct model *model_of(word_t va)
{
	return &model[(va - WINDOW) >> 12];
}

static void check_page(struct glue_space *as, word_t va)
{
	const struct model *p = model_of(va);
	struct glue_mapping m;
	bool mapped = glue_lookup(as, va, &m);

	assert_int_equal(mapped, p->frame != 0);
	if (!mapped)
		return;
	assert_true(((word_t)PT_PAGE_SIZES >> m.log2 & 1) != 0);
	assert_int_equal(m.pa & (((paddr_t)1 << m.log2) - 1), 0);
	assert_int_equal(m.pa + (va & (((word_t)1 << m.log2) - 1)), (paddr_t)p->frame << 12);
	assert_int_equal(m.prot, p->prot);
	assert_int_equal(m.attr, p->attr);
	assert_int_equal(m.referenced, p->referenced);
}

static void check_all(struct glue_space *as)
{
	for (word_t va = WINDOW; va < WINDOW + ((word_t)1 << WINDOW_LOG2); va += 4096)
		check_page(as, va);
}

/* An access: as hardware does it, in the one entry for va. */
static void touch(struct glue_space *as, word_t va, unsigned access)
{
	unsigned shift;
	pt_entry_t *slot = pt_find(as, va, 12, &shift);
	struct glue_mapping m;
	word_t n;

	if (!glue_lookup(as, va, &m))
		return;
	n = (word_t)1 << (m.log2 - shift);
	for (slot -= va >> shift & (n - 1); n > 0; n--)
		*slot++ |= (pt_entry_t)access << 5;
	for (word_t i = 0; i < (word_t)1 << (m.log2 - 12); i++)
		model_of(va & -((word_t)1 << m.log2))[i].referenced |= access;
}

/* As MapControl does it: the page is mapped once more. */
static void clear_referenced(struct glue_space *as, word_t va)
{
	struct glue_range r;

	if (!glue_lookup(as, va, &r.page))
		return;
	r.va = va & -((word_t)1 << r.page.log2);
	r.last = r.va + (((word_t)1 << r.page.log2) - 1);
	r.page.referenced = 0;
	while (r.va <= r.last)
		assert_int_equal(glue_map(as, &r), GLUE_OK);
}

static struct glue_range range_of(const struct item *it)
{
	word_t fit = (word_t)PT_PAGE_SIZES & (((word_t)2 << it->log2) - 1);
	struct glue_range r = {.va = it->va, .last = it->va + (((word_t)1 << it->log2) - 1)};

	r.page.log2 = (unsigned)(GLUE_WORD_BITS - 1 - __builtin_clzl(fit));
	r.page.pa = it->pa;
	r.page.prot = it->unmap ? 0 : it->prot;
	r.page.attr = it->attr;
	return r;
}

/* All of the range, step by step; false: no memory, and nothing was done before. */
static bool whole(struct glue_space *as, const struct item *it)
{
	struct glue_range r = range_of(it);

	while (r.va <= r.last)
		if (glue_map(as, &r) != GLUE_OK) {
			assert_int_equal(r.va, it->va);
			return false;
		}
	return true;
}

static void commit(struct glue_space *as, const struct item *it)
{
	word_t pages = (word_t)1 << (it->log2 - 12);

	assert_true(whole(as, it));
	for (word_t i = 0; i < pages; i++)
		model_of(it->va)[i] = it->unmap
					  ? (struct model){0}
					  : (struct model){(uint32_t)((it->pa >> 12) + i),
							   (uint8_t)it->prot, (uint8_t)it->attr, 0};
}

/* The tables that the items need, as MapControl counts them. */
static size_t count(struct glue_space *as, const struct item *it, unsigned n)
{
	unsigned largest = 0;
	size_t tables = 0;

	for (; n-- > 0; it++) {
		struct glue_range r = range_of(it);

		if (it->log2 < largest) /* may be a part of what was mapped just before */
			r.page.prot = GLUE_RWX;
		if (!it->unmap && it->log2 > largest)
			largest = it->log2;
		tables += glue_tables(as, &r);
	}
	return tables;
}

/* One batch, as MapControl does it. */
static void batch(struct glue_space *as, bool may_fail)
{
	struct item it[6];
	unsigned n = 1 + rnd(6), before = blocks_used;

	for (unsigned i = 0; i < n; i++)
		it[i] = random_item();
	if (may_fail && it[0].log2 <= 17) {
		allocs_left = 0;
		if (whole(as, &it[0])) {
			allocs_left = -1;
			commit(as, &it[0]);
		} else {
			allocs_left = -1;
			assert_int_equal(blocks_used, before);
			check_page(as, it[0].va);
		}
	}
	allocs_left = (int)count(as, it, n);
	for (unsigned i = 0; i < n; i++)
		commit(as, &it[i]);
	allocs_left = -1;
	for (unsigned i = 0; i < n; i++) {
		check_page(as, it[i].va);
		check_page(as, it[i].va + (((word_t)1 << it[i].log2) - 4096));
		check_page(as, WINDOW + (rnd(PAGES) << 12));
	}
}

static void unmap_window(struct glue_space *as)
{
	struct item all = {.va = WINDOW, .log2 = WINDOW_LOG2, .unmap = true};

	commit(as, &all);
}

static int setup(void **state)
{
	struct glue_space *as = calloc(1, sizeof(*as));

	memset(model, 0, sizeof(model));
	as->root = k_alloc(ROOT_LOG2);
	*state = as;
	return 0;
}

static int teardown(void **state)
{
	struct glue_space *as = *state;

	irq_after = -1;
	allocs_left = -1;
	assert_true(pt_fini(as));
	k_free_clean(as->root, ROOT_LOG2);
	free(as);
	assert_int_equal(blocks_used, 0);
	return 0;
}

static void test_random(void **state)
{
	struct glue_space *as = *state;

	for (seed = 1; seed < 60; seed += 7) {
		uint32_t keep = seed;

		for (unsigned step = 0; step < 400; step++) {
			batch(as, rnd(4) == 0);
			touch(as, WINDOW + (rnd(PAGES) << 12), 1u << rnd(3));
			touch(as, WINDOW + (rnd(1024) << 12), 1u << rnd(3));
			if (rnd(8) == 0) {
				word_t va = random_item().va;
				struct glue_mapping m;

				clear_referenced(as, va);
				if (glue_lookup(as, va, &m))
					for (word_t o = 0; o < (word_t)1 << m.log2; o += 4096)
						model_of((va & -((word_t)1 << m.log2)) + o)
						    ->referenced = 0;
			}
		}
		check_all(as);
		unmap_window(as);
		assert_int_equal(blocks_used, 1); /* the root */
		seed = keep;
	}
}

/* A step that fails leaves nothing behind, however many tables it had got; the count is exact. */
static void test_step_fails_whole(void **state)
{
	struct glue_space *as = *state;

	for (unsigned log2 = 12; log2 <= 17; log2++) {
		struct item it = {.va = WINDOW, .pa = 0x1000000, .log2 = log2, .prot = GLUE_R};
		size_t tables = count(as, &it, 1);

		assert_int_equal(tables, PT_LEVELS - 1);
		for (allocs_left = 0; allocs_left < (int)tables; allocs_left++) {
			int n = allocs_left;

			assert_false(whole(as, &it));
			assert_int_equal(blocks_used, 1);
			allocs_left = n;
		}
		commit(as, &it);
		assert_int_equal(allocs_left, 0);
		allocs_left = -1;
		unmap_window(as);
	}
}

/* Each size is mapped with the largest pages that fit. */
static void test_largest_pages(void **state)
{
	struct glue_space *as = *state;
	struct glue_mapping m;

	for (unsigned log2 = 12; log2 <= 27; log2++) {
		word_t fit = (word_t)PT_PAGE_SIZES & (((word_t)2 << log2) - 1);
		unsigned want = (unsigned)(GLUE_WORD_BITS - 1 - __builtin_clzl(fit));

		struct item it = {.va = WINDOW, .log2 = log2, .prot = GLUE_R};

		assert_true(whole(as, &it));
		for (word_t va = WINDOW; va < WINDOW + ((word_t)1 << log2); va += 4096) {
			assert_true(glue_lookup(as, va, &m));
			assert_int_equal(m.log2, want);
			assert_int_equal(m.pa, (va - WINDOW) >> want << want);
		}
		unmap_window(as);
		assert_int_equal(blocks_used, 1);
	}
}

/* To unmap what is not mapped takes no memory. A range may begin in one table and end in the next.
 */
static void test_unmap(void **state)
{
	struct glue_space *as = *state;
	word_t end = WINDOW + ((word_t)1 << (12 + PT_BITS));
	struct glue_range r = {.va = end - 4096, .last = end + 4095, .page.log2 = 12};
	struct glue_mapping m;

	allocs_left = 0;
	for (unsigned log2 = 12; log2 <= 27; log2++) {
		struct item it = {.va = WINDOW, .log2 = log2, .unmap = true};

		assert_int_equal(count(as, &it, 1), 0);
		assert_true(whole(as, &it));
	}
	allocs_left = -1;
	for (word_t va = end - 8192; va < end + 8192; va += 4096)
		assert_true(whole(as, &(struct item){.va = va, .log2 = 12, .prot = GLUE_R}));
	while (r.va <= r.last)
		assert_int_equal(glue_map(as, &r), GLUE_OK);
	for (word_t va = end - 8192; va < end + 8192; va += 4096)
		assert_int_equal(glue_lookup(as, va, &m), va < end - 4096 || va > end);
}

/* Referenced bits are cleared of the page, and of no others. */
static void test_clear_referenced(void **state)
{
	struct glue_space *as = *state;

	for (unsigned big = 12; big <= 26; big++) {
		struct item a = {.va = WINDOW, .pa = 0x8000000, .log2 = big, .prot = GLUE_R};
		struct glue_mapping m;

		commit(as, &a);
		touch(as, WINDOW, GLUE_R);
		assert_true(glue_lookup(as, WINDOW, &m));
		if (m.log2 < big) {
			touch(as, WINDOW + ((word_t)1 << m.log2), GLUE_R);
			clear_referenced(as, WINDOW + ((word_t)1 << m.log2));
			model_of(WINDOW + ((word_t)1 << m.log2))->referenced = 0;
		}
		check_page(as, WINDOW);
		clear_referenced(as, WINDOW);
		assert_true(glue_lookup(as, WINDOW, &m));
		assert_int_equal(m.referenced, 0);
		unmap_window(as);
	}
}

/* The order of overlapping items in one batch is that of the items, whatever the sizes. */
static void test_overlapping_items(void **state)
{
	struct glue_space *as = *state;

	for (unsigned big = 13; big <= 27; big++) {
		struct item a = {.va = WINDOW, .pa = 0x8000000, .log2 = big, .prot = GLUE_R};
		struct item b = {.va = WINDOW + ((word_t)1 << (big - 1)),
				 .pa = 0x1000,
				 .log2 = 12,
				 .prot = GLUE_W};
		struct item c = b;

		c.unmap = true;
		c.va += 4096 & (((word_t)1 << (big - 1)) - 1);
		commit(as, &a);
		check_all(as);
		commit(as, &b);
		check_all(as);
		commit(as, &c);
		check_all(as);

		/* Emptied, then filled again. */
		a.unmap = true;
		commit(as, &a);
		check_all(as);
		commit(as, &b);
		check_all(as);
		unmap_window(as);
		assert_int_equal(blocks_used, 1);
	}
}

/* True if two tables have the same in them, and are said to have as many entries in use. */
static bool same(pt_entry_t *a, pt_entry_t *b, unsigned shift)
{
	word_t n = shift == PT_ROOT_SHIFT ? (word_t)1 << (PT_TOP - PT_ROOT_SHIFT) : PT_ENTRIES;

	if (*k_counter(a) != *k_counter(b))
		return false;
	for (word_t i = 0; i < n; i++) {
		bool table = shift != GLUE_PAGE_LOG2 && pt_is_table(a[i], shift);

		if (table ? !pt_is_table(b[i], shift) ||
				!same(pt_table(a[i]), pt_table(b[i]), shift - PT_BITS)
			  : a[i] != b[i])
			return false;
	}
	return true;
}

/* The short way for few pages is there where the tables allow it, and does what the long way does:
 * of two spaces with the same in them, one goes it. */
static void test_short_way(void **state)
{
	const unsigned second = (unsigned)__builtin_ctzll(PT_PAGE_SIZES & ~4096ull);
	const unsigned most = second <= GLUE_STEP_LOG2 ? second - 1 : GLUE_STEP_LOG2;
	struct glue_space *as = *state, other = {.root = k_alloc(ROOT_LOG2)};
	unsigned done = 0, left = 0, emptied = 0;
	struct item last = {.va = WINDOW, .log2 = 12};

	seed = 1;
	for (unsigned step = 0; step < 8000; step++) {
		struct item it = random_item();
		unsigned shift, tables = blocks_used;
		word_t rest, was = 0;
		pt_entry_t *slot;

		if (rnd(4)) {
			it.log2 = 12 + rnd(most - 11);
			it.va = WINDOW + ((word_t)rnd(3u << (22 - it.log2)) << it.log2);
			it.pa &= -((paddr_t)1 << it.log2);
		}
		if (rnd(32) == 0)
			it = (struct item){.va = WINDOW, .log2 = WINDOW_LOG2, .unmap = true};
		else if (rnd(3) == 0) /* and empty again */
			it = last, it.unmap = true;
		else
			last = it;
		rest = ((word_t)1 << it.log2) - 1;
		flushed.calls = 0;
		slot = pt_find(as, it.va, 12, &shift);
		if (shift != 12 || pt_is_group(*slot) || it.log2 > most) {
			left++;
			assert_false(it.log2 <= most &&
				     glue_put(as, it.va, rest, (word_t)(it.pa >> 12),
					      it.unmap ? 0 : it.prot, it.attr));
			assert_int_equal(flushed.calls, 0);
			assert_true(whole(as, &it));
		} else {
			done++;
			for (word_t i = 0; i <= rest >> 12; i++)
				was += slot[i] != 0;
			assert_true(glue_put(as, it.va, rest, (word_t)(it.pa >> 12),
					     it.unmap ? 0 : it.prot, it.attr));
			/* What was there, if anything, is flushed. */
			assert_int_equal(flushed.calls, was != 0);
			assert_true(!was || (flushed.as == as && flushed.va == it.va &&
					     flushed.rest == rest));
			emptied += blocks_used < tables;
		}
		assert_true(whole(&other, &it));
		assert_true(step % 32 || same(as->root, other.root, PT_ROOT_SHIFT));
	}
	assert_true(done > 500);
	assert_true(left > 200);
	assert_true(emptied > 10);
	assert_true(same(as->root, other.root, PT_ROOT_SHIFT));
	assert_true(pt_fini(&other));
	k_free_clean(other.root, ROOT_LOG2);
}

/* Teardown can be cut after every table, and goes on. */
static void test_teardown_cut(void **state)
{
	struct glue_space *as = *state;
	unsigned calls = 1;

	for (unsigned i = 0; i < 40; i++) {
		word_t va = (word_t)i * 0x2345000 & 0x7ffff000;

		struct item it = {.va = va, .pa = 0x1000, .log2 = 12, .prot = GLUE_R};

		assert_true(whole(as, &it));
	}
	for (irq_after = 0; !pt_fini(as); irq_after = 0)
		calls++;
	assert_true(calls > 10);
	assert_int_equal(blocks_used, 1);
	assert_int_equal(*k_counter(as->root), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_random, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_step_fails_whole, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_largest_pages, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_unmap, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_clear_referenced, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_overlapping_items, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_short_way, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_teardown_cut, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
