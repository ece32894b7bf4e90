/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * pagetable.c - the common page-table walker against a flat model, in the shape of tables
 * that SHAPE_<name> chooses: batches of random prepare / map / unmap / unprepare with
 * failing allocations in between; every lookup, referenced bit and block of memory counts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <glue/glue.h>

#if defined(SHAPE_IA32) /* 4 KiB and 4 MiB */
#define PT_PAGE_SIZES (1ull << 12 | 1ull << 22)
#define PT_TOP        31
#define PT_LEVELS     2
#define PT_SHIFT_0    22
#define PT_SHIFT_1    12
#elif defined(SHAPE_ARM) /* 4 KiB, 64 KiB of 16 entries, 1 MiB */
#define PT_PAGE_SIZES (1ull << 12 | 1ull << 16 | 1ull << 20)
#define PT_TOP        31
#define PT_LEVELS     2
#define PT_SHIFT_0    20
#define PT_SHIFT_1    12
#elif defined(SHAPE_THREE) /* pages of several entries on each of three levels */
#define PT_PAGE_SIZES                                                                              \
	(1ull << 12 | 1ull << 14 | 1ull << 16 | 1ull << 18 | 1ull << 20 | 1ull << 22 |             \
	 1ull << 24 | 1ull << 26)
#define PT_TOP     31
#define PT_LEVELS  3
#define PT_SHIFT_0 26
#define PT_SHIFT_1 18
#define PT_SHIFT_2 12
#elif defined(SHAPE_FOUR) /* only tables in the root and below it */
#define PT_PAGE_SIZES (1ull << 12 | 1ull << 16)
#define PT_TOP        31
#define PT_LEVELS     4
#define PT_SHIFT_0    26
#define PT_SHIFT_1    21
#define PT_SHIFT_2    17
#define PT_SHIFT_3    12
#endif

/* ---- the pool ------------------------------------------------------------------------- */

static struct block {
	void *p;
	unsigned log2;
	uint16_t counter;
} blocks[8192];
static unsigned blocks_used;
static int allocs_left = -1; /* -1: no limit */

void *k_alloc(unsigned log2)
{
	struct block *b = &blocks[0];

	assert_in_range(log2, 6, 15);
	if (allocs_left == 0)
		return NULL;
	if (allocs_left > 0)
		allocs_left--;
	while (b->p)
		b++;
	b->p = aligned_alloc((size_t)1 << log2, (size_t)1 << log2);
	memset(b->p, 0, (size_t)1 << log2);
	b->log2 = log2;
	b->counter = 0;
	blocks_used++;
	return b->p;
}

static struct block *block_of(void *p)
{
	struct block *b = &blocks[0];

	while (b->p != p)
		b++;
	return b;
}

void k_free(void *p, unsigned log2)
{
	struct block *b = block_of(p);

	assert_int_equal(b->log2, log2);
	memset(p, 0xa5, (size_t)1 << log2);
	free(p);
	b->p = NULL;
	blocks_used--;
}

uint16_t *k_counter(void *p)
{
	return &block_of(p)->counter;
}

void k_panic(const struct glue_ctx *c, const char *fmt, ...)
{
	(void)c;
	(void)fmt;
	fail_msg("%s", fmt);
	abort();
}

static int irq_after = -1; /* polls until an interrupt is pending; -1: never */

bool glue_irq_pending(void)
{
	if (irq_after < 0)
		return false;
	return irq_after-- == 0;
}

/* ---- the walker --------------------------------------------------------------------------- */

typedef uint64_t pt_entry_t;
#define PT_ROOT(as)   ((as)->root)
#define PT_CURSOR(as) ((as)->cursor)

/* Bit 0 valid, 1 table, 2-4 rights, 5-7 referenced, 8-9 attribute; 12 and up the address;
 * 58 and up the log2 size. Tables are referred to by their address, which has 48 bits. */
static inline bool pt_is_table(pt_entry_t e, unsigned level)
{
	(void)level;
	return (e & 2) != 0;
}

static inline pt_entry_t *pt_table(pt_entry_t e, unsigned level)
{
	(void)level;
	return (pt_entry_t *)(uintptr_t)(e & ~(pt_entry_t)3);
}

static inline pt_entry_t pt_make_table(pt_entry_t *t, unsigned level)
{
	(void)level;
	return (uintptr_t)t | 3;
}

static inline pt_entry_t pt_make_leaf(unsigned level, unsigned log2, paddr_t pa, unsigned prot,
				      enum glue_attr attr)
{
	(void)level;
	return 1 | prot << 2 | (pt_entry_t)attr << 8 | pa | (pt_entry_t)log2 << 58;
}

static inline void pt_read_leaf(pt_entry_t e, unsigned level, struct glue_mapping *m)
{
	(void)level;
	m->pa = e << 6 >> 18 << 12;
	m->log2 = (unsigned)(e >> 58);
	m->prot = e >> 2 & 7;
	m->referenced = e >> 5 & 7;
	m->attr = (enum glue_attr)(e >> 8 & 3);
}

static inline pt_entry_t pt_with_referenced(pt_entry_t e, unsigned level, unsigned referenced)
{
	(void)level;
	return (e & ~(pt_entry_t)0xe0) | (pt_entry_t)referenced << 5;
}

static inline void pt_store(pt_entry_t *slot, pt_entry_t e)
{
	*slot = e;
}

static inline void pt_sync(pt_entry_t *first, unsigned n)
{
	(void)first;
	(void)n;
}

#include <common/pagetable.h>

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
	bool unmap, held, prepared;
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
	pt_entry_t *slot = pt_slot(as->root, 0, va);
	struct glue_mapping m;

	if (!glue_lookup(as, va, &m))
		return;
	for (unsigned level = 0; pt_is_table(*slot, level); level++)
		slot = pt_slot(pt_table(*slot, level), level + 1, va);
	*slot |= (pt_entry_t)access << 5;
	for (word_t i = 0; i < (word_t)1 << (m.log2 - 12); i++)
		model_of(va & -((word_t)1 << m.log2))[i].referenced |= access;
}

static void commit(struct glue_space *as, const struct item *it)
{
	word_t pages = (word_t)1 << (it->log2 - 12);

	if (it->unmap) {
		glue_unmap(as, it->va, it->log2);
		if (it->held)
			glue_unprepare(as, it->va, it->log2);
		memset(model_of(it->va), 0, pages * sizeof(model[0]));
		return;
	}
	glue_map(as, it->va, it->pa, it->log2, it->prot, it->attr);
	for (word_t i = 0; i < pages; i++)
		model_of(it->va)[i] = (struct model){(uint32_t)((it->pa >> 12) + i),
						     (uint8_t)it->prot, (uint8_t)it->attr, 0};
}

/* One batch, as MapControl does it. */
static void batch(struct glue_space *as, bool may_fail)
{
	struct item it[6];
	unsigned n = 1 + rnd(6), before = blocks_used;
	unsigned i;

	for (i = 0; i < n; i++) {
		it[i] = random_item();
		it[i].held = !it[i].unmap || n > 1;
	}
	allocs_left = may_fail ? (int)rnd(4) : -1;
	for (i = 0; i < n; i++)
		if (glue_prepare(as, it[i].va, it[i].log2, it[i].held) != GLUE_OK)
			break;
	allocs_left = -1;
	for (unsigned j = 0; j < n; j++)
		check_page(as, it[j].va);
	if (i < n) {
		while (i-- > 0)
			if (it[i].held)
				glue_unprepare(as, it[i].va, it[i].log2);
		/* Splits remain; empty tables don't. */
		assert_true(blocks_used >= before);
	} else {
		for (i = 0; i < n; i++)
			commit(as, &it[i]);
	}
	for (i = 0; i < n; i++) {
		check_page(as, it[i].va);
		check_page(as, it[i].va + (((word_t)1 << it[i].log2) - 4096));
		check_page(as, WINDOW + (rnd(PAGES) << 12));
	}
}

static void unmap_window(struct glue_space *as)
{
	assert_int_equal(glue_prepare(as, WINDOW, WINDOW_LOG2, false), GLUE_OK);
	glue_unmap(as, WINDOW, WINDOW_LOG2);
	memset(model, 0, sizeof(model));
}

static int setup(void **state)
{
	struct glue_space *as = calloc(1, sizeof(*as));

	memset(model, 0, sizeof(model));
	as->root = k_alloc(pt_table_log2(0));
	*state = as;
	return 0;
}

static int teardown(void **state)
{
	struct glue_space *as = *state;

	irq_after = -1;
	allocs_left = -1;
	assert_true(pt_fini(as));
	k_free(as->root, pt_table_log2(0));
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
				struct item it = random_item();
				struct glue_mapping m;

				glue_clear_referenced(as, it.va, it.log2);
				for (word_t o = 0; o < (word_t)1 << it.log2; o += 4096)
					if (glue_lookup(as, it.va + o, &m) && m.log2 <= it.log2)
						model_of(it.va + o)->referenced = 0;
			}
		}
		check_all(as);
		unmap_window(as);
		assert_int_equal(blocks_used, 1); /* the root */
		seed = keep;
	}
}

/* A failed prepare leaves nothing behind, however many tables it had got. */
static void test_prepare_fails_whole(void **state)
{
	struct glue_space *as = *state;

	for (unsigned log2 = 12; log2 <= 27; log2++)
		for (int n = 0;; n++) {
			enum glue_err err;

			allocs_left = n;
			err = glue_prepare(as, WINDOW, log2, true);
			allocs_left = -1;
			if (err == GLUE_OK) {
				glue_unprepare(as, WINDOW, log2);
				assert_int_equal(blocks_used, 1);
				break;
			}
			assert_int_equal(err, GLUE_ENOMEM);
			assert_int_equal(blocks_used, 1);
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

		assert_int_equal(glue_prepare(as, WINDOW, log2, true), GLUE_OK);
		glue_map(as, WINDOW, 0, log2, GLUE_R, GLUE_CACHED);
		for (word_t va = WINDOW; va < WINDOW + ((word_t)1 << log2); va += 4096) {
			assert_true(glue_lookup(as, va, &m));
			assert_int_equal(m.log2, want);
			assert_int_equal(m.pa, (va - WINDOW) >> want << want);
		}
		unmap_window(as);
		assert_int_equal(blocks_used, 1);
	}
}

/* Preparing alone changes no lookup, also where pages are split. */
static void test_prepare_is_invisible(void **state)
{
	struct glue_space *as = *state;
	struct item all = {.va = WINDOW, .pa = 0x8000000, .log2 = 27, .prot = GLUE_R | GLUE_W};

	assert_int_equal(glue_prepare(as, WINDOW, 27, true), GLUE_OK);
	commit(as, &all);
	touch(as, WINDOW + 0x123000, GLUE_W);
	touch(as, WINDOW + 0x5123000, GLUE_R);
	for (unsigned log2 = 12; log2 <= 26; log2++) {
		assert_int_equal(glue_prepare(as, WINDOW + ((word_t)1 << log2), log2, false),
				 GLUE_OK);
		check_all(as);
	}
}

/* To unmap what is not mapped takes no memory. */
static void test_prepare_unmap_is_free(void **state)
{
	struct glue_space *as = *state;

	allocs_left = 0;
	for (unsigned log2 = 12; log2 <= 27; log2++) {
		assert_int_equal(glue_prepare(as, WINDOW, log2, false), GLUE_OK);
		glue_unmap(as, WINDOW, log2);
	}
}

/* Referenced bits are cleared of pages that lie in the range, and of no others. */
static void test_clear_referenced(void **state)
{
	struct glue_space *as = *state;

	for (unsigned big = 12; big <= 26; big++) {
		struct item a = {.va = WINDOW, .pa = 0x8000000, .log2 = big, .prot = GLUE_R};
		struct glue_mapping m;

		assert_int_equal(glue_prepare(as, a.va, a.log2, true), GLUE_OK);
		commit(as, &a);
		touch(as, WINDOW, GLUE_R);
		assert_true(glue_lookup(as, WINDOW, &m));
		for (unsigned log2 = 12; log2 < m.log2; log2++) {
			glue_clear_referenced(as, WINDOW, log2);
			check_page(as, WINDOW);
		}
		glue_clear_referenced(as, WINDOW, m.log2);
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

		c.unmap = c.held = true;
		c.va += 4096 & (((word_t)1 << (big - 1)) - 1);
		assert_int_equal(glue_prepare(as, a.va, a.log2, true), GLUE_OK);
		assert_int_equal(glue_prepare(as, b.va, b.log2, true), GLUE_OK);
		assert_int_equal(glue_prepare(as, c.va, c.log2, true), GLUE_OK);
		commit(as, &a);
		check_all(as);
		commit(as, &b);
		check_all(as);
		commit(as, &c);
		check_all(as);

		/* Emptied, then filled again. */
		a.unmap = true;
		assert_int_equal(glue_prepare(as, a.va, a.log2, false), GLUE_OK);
		assert_int_equal(glue_prepare(as, b.va, b.log2, true), GLUE_OK);
		commit(as, &a);
		check_all(as);
		commit(as, &b);
		check_all(as);
		unmap_window(as);
		assert_int_equal(blocks_used, 1);
	}
}

/* Teardown can be cut after every table, and goes on. */
static void test_teardown_cut(void **state)
{
	struct glue_space *as = *state;
	unsigned calls = 1;

	for (unsigned i = 0; i < 40; i++) {
		word_t va = (word_t)i * 0x2345000 & 0x7ffff000;

		assert_int_equal(glue_prepare(as, va, 12, true), GLUE_OK);
		glue_map(as, va, 0x1000, 12, GLUE_R, GLUE_CACHED);
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
	    cmocka_unit_test_setup_teardown(test_prepare_fails_whole, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_largest_pages, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_prepare_is_invisible, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_prepare_unmap_is_free, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_clear_referenced, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_overlapping_items, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_teardown_cut, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
