/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * prop_space.c - page tables as data: what glue_lookup says after what was done.
 */
#include "contract.h"

/* Virtual places for pages of any size up to 2^28. */
#define PLACE ((word_t)0x20000000)

/* An address with nothing at it but its bits: nobody accesses it. */
#define SOME_PA ((paddr_t)0x20000000)

static unsigned largest_page(unsigned log2)
{
	word_t fit = GLUE_PAGE_SIZES & (((word_t)2 << log2) - 1);

	return (unsigned)(GLUE_WORD_BITS - 1 - __builtin_clzl(fit));
}

/* Rights in force when `prot` was asked for: that, and what can't be withheld. */
static bool rights_fit(unsigned asked, unsigned got)
{
	return (got & asked) == asked && (got & GLUE_PAGE_RIGHTS & ~asked & (GLUE_W | GLUE_X)) == 0;
}

void prop_map_and_lookup_agree(void)
{
	struct glue_space as = {0};
	struct glue_mapping m;

	CHECK_EQ(glue_space_init(&as), GLUE_OK);
	for (unsigned log2 = GLUE_PAGE_LOG2; log2 <= 24; log2++)
		for (unsigned prot = 1; prot <= GLUE_RWX; prot++)
			for (unsigned attr = 0; attr < GLUE_ATTRS; attr++) {
				word_t last = PLACE + (((word_t)1 << log2) - 1);

				CHECK(
				    map_now(&as, PLACE, SOME_PA, log2, prot, (enum glue_attr)attr));
				CHECK(glue_lookup(&as, PLACE, &m));
				CHECK_EQ(m.pa, SOME_PA);
				CHECK_EQ(m.attr, attr);
				CHECK_EQ(m.referenced, 0);
				CHECK(rights_fit(prot, m.prot));
				CHECK(glue_lookup(&as, last, &m));
				CHECK_EQ(m.pa + (last & (((word_t)1 << m.log2) - 1)),
					 SOME_PA + (last - PLACE));
				CHECK(!glue_lookup(&as, PLACE - 1, &m));
				CHECK(!glue_lookup(&as, last + 1, &m));
				CHECK(unmap_now(&as, PLACE, log2));
				CHECK(!glue_lookup(&as, PLACE, &m));
				CHECK(!glue_lookup(&as, last, &m));
			}
	fini_now(&as);
}

/* Going on behind what a lookup says is empty misses nothing, and comes to an end. */
void prop_lookup_tells_empty_ranges(void)
{
	static const word_t places[] = {0, 0x5000, 0x400000, 0x12345000, PLACE, 0x3ffff000};
	struct glue_space as = {0};
	struct glue_mapping m;
	unsigned found = 0, steps = 0;

	CHECK_EQ(glue_space_init(&as), GLUE_OK);
	for (unsigned i = 0; i < 6; i++)
		CHECK(map_now(&as, places[i], SOME_PA, GLUE_PAGE_LOG2, GLUE_R, GLUE_CACHED));
	for (word_t va = 0; va <= GLUE_USER_LAST; steps++) {
		bool there = glue_lookup(&as, va, &m);

		CHECK(m.log2 >= GLUE_PAGE_LOG2);
		if (there)
			CHECK_EQ(va, places[found++]);
		va |= ((word_t)1 << m.log2) - 1;
		if (va == GLUE_USER_LAST)
			break;
		va++;
	}
	CHECK_EQ(found, 6);
	CHECK(steps < 100000);
	CHECK(!glue_lookup(&as, GLUE_USER_LAST + 1, &m));
	CHECK_EQ(m.log2, GLUE_PAGE_LOG2);
	CHECK(!glue_lookup(&as, ~(word_t)0, &m));
	fini_now(&as);
}

void prop_largest_pages_are_used(void)
{
	struct glue_space as = {0};
	struct glue_mapping m;

	CHECK_EQ(glue_space_init(&as), GLUE_OK);
	for (unsigned log2 = GLUE_PAGE_LOG2; log2 <= 24; log2++) {
		CHECK(map_now(&as, PLACE, SOME_PA, log2, GLUE_R, GLUE_CACHED));
		for (word_t o = 0; o < (word_t)1 << log2; o += GLUE_PAGE_SIZE << 3) {
			CHECK(glue_lookup(&as, PLACE + o, &m));
			CHECK_EQ(m.log2, largest_page(log2));
			CHECK_EQ(m.pa, SOME_PA + (o >> m.log2 << m.log2));
		}
		CHECK(unmap_now(&as, PLACE, log2));
	}
	fini_now(&as);
}

/* glue_put does it, or leaves all as it is. */
void prop_short_way_is_done_or_left(void)
{
	struct glue_space as = {0};
	struct glue_mapping m;

	CHECK_EQ(glue_space_init(&as), GLUE_OK);
	CHECK(!glue_put(&as, PLACE, GLUE_PAGE_SIZE - 1, 1, GLUE_R, GLUE_CACHED));
	CHECK(!glue_lookup(&as, PLACE, &m));
	CHECK(map_quietly(&as, PLACE, SOME_PA, GLUE_PAGE_LOG2, GLUE_R, GLUE_CACHED));
	for (word_t n = 1; n <= (word_t)1 << (GLUE_PUT_LOG2 - GLUE_PAGE_LOG2); n *= 2)
		for (unsigned i = 0; i < 4; i++) {
			word_t va = PLACE + n * GLUE_PAGE_SIZE, end = n * GLUE_PAGE_SIZE;
			word_t frame = (word_t)(SOME_PA >> GLUE_PAGE_LOG2) + n;
			bool map = i < 2; /* where nothing is, and where something is; each */

			CHECK(
			    glue_put(&as, va, end - 1, frame, map ? GLUE_R | GLUE_W : 0, GLUE_WC));
			for (word_t o = 0; o < end; o += GLUE_PAGE_SIZE) {
				CHECK_EQ(glue_lookup(&as, va + o, &m), map);
				if (!map)
					continue;
				CHECK_EQ(m.pa, ((paddr_t)frame << GLUE_PAGE_LOG2) + o);
				CHECK_EQ(m.attr, GLUE_WC);
				CHECK_EQ(m.referenced, 0);
				CHECK(rights_fit(GLUE_R | GLUE_W, m.prot));
			}
			CHECK(glue_lookup(&as, PLACE, &m));
			CHECK(!glue_lookup(&as, va + end, &m));
		}
	/* A larger page stays as it is. */
	CHECK(map_now(&as, PLACE, SOME_PA, 24, GLUE_R, GLUE_CACHED));
	CHECK(!glue_put(&as, PLACE, GLUE_PAGE_SIZE - 1, 1, 0, GLUE_CACHED));
	CHECK(glue_lookup(&as, PLACE, &m));
	CHECK_EQ(m.pa, SOME_PA);
	fini_now(&as);
}

void prop_split_keeps_the_rest(void)
{
	struct glue_space as = {0};
	struct glue_mapping m;

	CHECK_EQ(glue_space_init(&as), GLUE_OK);
	for (unsigned big = GLUE_PAGE_LOG2 + 1; big <= 24; big++)
		for (unsigned hole = GLUE_PAGE_LOG2; hole < big; hole++) {
			word_t at = (word_t)1 << hole, end = (word_t)2 << hole;

			CHECK(map_now(&as, PLACE, SOME_PA, big, GLUE_R, GLUE_UNCACHED));
			CHECK(unmap_now(&as, PLACE + at, hole));
			CHECK(!glue_lookup(&as, PLACE + at, &m));
			CHECK(!glue_lookup(&as, PLACE + end - 1, &m));
			CHECK(glue_lookup(&as, PLACE + at - 1, &m));
			CHECK_EQ(m.pa, SOME_PA + ((at - 1) >> m.log2 << m.log2));
			CHECK_EQ(m.attr, GLUE_UNCACHED);
			if (end < (word_t)1 << big) {
				CHECK(glue_lookup(&as, PLACE + end, &m));
				CHECK_EQ(m.pa, SOME_PA + (end >> m.log2 << m.log2));
				CHECK_EQ(m.prot & GLUE_W, 0);
			}
			CHECK(unmap_now(&as, PLACE, big));
		}
	fini_now(&as);
}

/* All of the pool, as a chain of blocks, so that there is nothing left for page tables. */
struct hoard {
	struct hoard *next;
	unsigned log2;
};

static struct hoard *hoard_all(void)
{
	struct hoard *all = NULL;

	for (unsigned log2 = 15; log2 >= 7; log2--)
		for (struct hoard *h; (h = k_alloc(log2)) != NULL; all = h) {
			h->next = all;
			h->log2 = log2;
		}
	return all;
}

static struct hoard *hoard_free(struct hoard *h)
{
	struct hoard *next = h->next;

	k_free(h, h->log2);
	return next;
}

/* A step for which there is no memory changes nothing; and there is memory for it when there are
 * as many tables as were counted. */
void prop_map_is_all_or_nothing(void)
{
	struct glue_space as = {0};
	struct glue_mapping m;

	CHECK_EQ(glue_space_init(&as), GLUE_OK);
	CHECK(map_now(&as, PLACE, SOME_PA, 24, GLUE_R, GLUE_CACHED));
	/* At PLACE there is something to split, behind it nothing. */
	for (unsigned i = 0; i < 2 * (GLUE_STEP_LOG2 + 1 - GLUE_PAGE_LOG2); i++) {
		unsigned log2 = GLUE_PAGE_LOG2 + i / 2;
		word_t va = PLACE + ((word_t)(i & 1) << 24);
		struct glue_range r = range_of(va, log2, GLUE_W);
		size_t tables = glue_tables(&as, &r), freed = 0;
		struct hoard *h = hoard_all();

		for (;;) {
			size_t left = pool_free();

			r = range_of(va, log2, GLUE_W);
			if (glue_map(&as, &r) == GLUE_OK)
				break;
			CHECK_EQ(pool_free(), left);
			CHECK_EQ(r.va, va);
			CHECK_EQ(glue_lookup(&as, va, &m), (i & 1) == 0);
			CHECK(h != NULL);
			freed += (size_t)1 << h->log2;
			h = hoard_free(h);
		}
		/* What is left takes no more. */
		while (r.va <= r.last)
			CHECK_EQ(glue_map(&as, &r), GLUE_OK);
		CHECK(freed >= tables << GLUE_TABLE_LOG2);
		CHECK(tables > 0 || freed == 0);
		while (h)
			h = hoard_free(h);
		CHECK(glue_lookup(&as, va, &m));
		CHECK_EQ(m.prot & GLUE_W, GLUE_W);
		CHECK(map_now(&as, PLACE, SOME_PA, 24, GLUE_R, GLUE_CACHED));
		CHECK(unmap_now(&as, PLACE + ((word_t)1 << 24), 24));
	}
	fini_now(&as);
}

void prop_unmap_gives_memory_back(void)
{
	struct glue_space as = {0};
	size_t empty;

	CHECK_EQ(glue_space_init(&as), GLUE_OK);
	empty = pool_free();
	for (unsigned log2 = GLUE_PAGE_LOG2; log2 <= 24; log2++) {
		CHECK(map_now(&as, PLACE, SOME_PA, log2, GLUE_R, GLUE_CACHED));
		CHECK(unmap_now(&as, PLACE, log2));
		CHECK_EQ(pool_free(), empty);
	}
	/* Page by page, in one order and away in another; and all at once. */
	for (unsigned i = 0; i < 64; i++)
		CHECK(map_now(&as, PLACE + i * 0x15000, SOME_PA, 12, GLUE_R, GLUE_CACHED));
	for (unsigned i = 64; i-- > 0;)
		CHECK(unmap_now(&as, PLACE + i * 0x15000, 12));
	CHECK_EQ(pool_free(), empty);
	for (unsigned i = 0; i < 64; i++)
		CHECK(map_now(&as, PLACE + i * 0x15000, SOME_PA, 12, GLUE_R, GLUE_CACHED));
	CHECK(unmap_now(&as, PLACE, 24));
	CHECK_EQ(pool_free(), empty);
	/* A large page over a table. */
	CHECK(map_now(&as, PLACE + 0x1000, SOME_PA, 12, GLUE_R, GLUE_CACHED));
	CHECK(map_now(&as, PLACE, SOME_PA, 24, GLUE_R, GLUE_CACHED));
	CHECK(unmap_now(&as, PLACE, 24));
	CHECK_EQ(pool_free(), empty);
	fini_now(&as);
}

/* Ranges that overlap, one after another, take no more tables than were counted before. */
void prop_counted_tables_are_enough(void)
{
	struct glue_space as = {0};
	struct glue_mapping m;
	size_t empty;

	CHECK_EQ(glue_space_init(&as), GLUE_OK);
	empty = pool_free();
	for (unsigned big = 13; big <= 24; big++) {
		/* A page, then a large range over it, then a hole in that. */
		struct glue_range all = range_of(PLACE, big, GLUE_R);
		struct glue_range page = range_of(PLACE, 12, GLUE_R);
		size_t tables = glue_tables(&as, &page), before = pool_free();

		CHECK(tables > 0);
		tables += glue_tables(&as, &all);
		CHECK(map_now(&as, PLACE, SOME_PA + 0x5000, 12, GLUE_R, GLUE_CACHED));
		CHECK(before - pool_free() <= tables << GLUE_TABLE_LOG2);
		CHECK(map_now(&as, PLACE, SOME_PA, big, GLUE_R, GLUE_CACHED));
		CHECK(before - pool_free() <= tables << GLUE_TABLE_LOG2);
		CHECK(unmap_now(&as, PLACE + 0x1000, 12));
		CHECK(before - pool_free() <= tables << GLUE_TABLE_LOG2);
		CHECK(glue_lookup(&as, PLACE, &m));
		CHECK_EQ(m.pa, SOME_PA);
		CHECK(!glue_lookup(&as, PLACE + 0x1000, &m));
		/* Where the tables are there, none is counted; nor for unmapping nothing. */
		page = range_of(PLACE + 0x1000, 12, GLUE_R);
		CHECK_EQ(glue_tables(&as, &page), 0);
		CHECK(unmap_now(&as, PLACE, big));
		page = range_of(PLACE + 0x1000, 12, 0);
		CHECK_EQ(glue_tables(&as, &page), 0);
		CHECK_EQ(pool_free(), empty);
	}
	fini_now(&as);
}

static bool fill(struct glue_space *as)
{
	for (unsigned i = 0; i < 40; i++)
		if (!map_now(as, (word_t)i * 0x1235000, SOME_PA, 12, GLUE_R, GLUE_CACHED))
			return false;
	return true;
}

void prop_fini_gives_everything_back(void)
{
	struct glue_space as = {0};
	size_t before = pool_free();

	for (unsigned i = 0; i < 3; i++) {
		CHECK_EQ(glue_space_init(&as), GLUE_OK);
		if (i > 0)
			CHECK(fill(&as));
		if (i > 1)
			CHECK(map_now(&as, PLACE << 1, SOME_PA, 24, GLUE_RWX, GLUE_CACHED));
		CHECK(glue_space_fini(&as));
		CHECK_EQ(pool_free(), before);
		as = (struct glue_space){0};
	}
}

void prop_fini_can_be_cut(void)
{
	struct glue_space as = {0};
	size_t before = pool_free();
	unsigned cuts = 0;

	CHECK_EQ(glue_space_init(&as), GLUE_OK);
	CHECK(fill(&as));
	glue_timer_arm(0);
	while (!glue_irq_pending())
		;
	for (; cuts < 1000 && !glue_space_fini(&as); cuts++)
		;
	/* It was cut, got further each time, and came to its end. */
	CHECK(cuts > 3 && cuts < 1000);
	CHECK_EQ(pool_free(), before);
	CHECK_EQ(run_idle().kind, EV_INTERRUPT);
	CHECK_EQ(glue_irq_claim(), GLUE_IRQ_TIMER);
}

void prop_direct_map_is_one_to_one(void)
{
	paddr_t pa = frame(GLUE_PAGE_LOG2);

	CHECK(pa != 0);
	CHECK_EQ(glue_virt_to_phys(glue_phys_to_virt(pa)), pa);
	CHECK_EQ(glue_virt_to_phys((char *)glue_phys_to_virt(pa) + 0x123), pa + 0x123);
	*frame_word(pa, 0) = 0x1234;
	CHECK_EQ(*(volatile word_t *)glue_phys_to_virt(pa), 0x1234);
}

void prop_io_ports_are_refused_or_kept(void)
{
	struct glue_space as = {0};
	size_t before = pool_free();

	CHECK_EQ(glue_space_init(&as), GLUE_OK);
	CHECK(!glue_io_allowed(&as, 0x80));
	if (glue_io_allow(&as, 0x80, 2, true) == GLUE_ENOSYS) {
		CHECK(!glue_io_allowed(&as, 0x80));
	} else {
		CHECK(!glue_io_allowed(&as, 0x7f));
		for (word_t p = 0x80; p < 0x84; p++)
			CHECK(glue_io_allowed(&as, p));
		CHECK(!glue_io_allowed(&as, 0x84));
		CHECK_EQ(glue_io_allow(&as, 0x82, 0, false), GLUE_OK);
		CHECK(glue_io_allowed(&as, 0x81) && !glue_io_allowed(&as, 0x82));
		CHECK_EQ(glue_io_allow(&as, 0x10000, 0, true), GLUE_EINVAL);
		CHECK(!glue_io_allowed(&as, 0x10000));
		CHECK(!glue_io_allowed(&as, ~(word_t)0));
		CHECK_EQ(glue_io_allow(&as, 0x8000, 15, true), GLUE_OK);
		CHECK(glue_io_allowed(&as, 0x8000) && glue_io_allowed(&as, 0xffff));
		CHECK(!glue_io_allowed(&as, 0x7fff));
	}
	fini_now(&as);
	CHECK_EQ(pool_free(), before);
}

#if CONTRACT_KERNEL_RIGHTS
/* The rights of the piece that has the address. */
static unsigned rights_at(const volatile void *address)
{
	word_t va = (word_t)address & -GLUE_PAGE_SIZE;

	return contract_kernel_rights(&va);
}

void prop_kernel_memory_is_not_writable_and_executable(void)
{
	static word_t variable = 1;
	static const word_t constant = 1;
	word_t va = GLUE_USER_LAST + 1;
	unsigned pieces = 0;

	for (unsigned rights; (rights = contract_kernel_rights(&va)) <= GLUE_RWX; pieces++)
		if ((rights & (GLUE_W | GLUE_X)) == (GLUE_W | GLUE_X))
			contract_fail(__FILE__, __LINE__, "W and X before", va, rights);
	CHECK(pieces > 16);
	CHECK_EQ(rights_at((const void *)&glue_halt), GLUE_R | GLUE_X);
	CHECK_EQ(rights_at(&constant) & GLUE_W, 0);
	CHECK_EQ(rights_at(&variable), GLUE_R | GLUE_W);
	CHECK_EQ(rights_at(frame_word(frame(GLUE_PAGE_LOG2), 0)), GLUE_R | GLUE_W);
}
#endif
