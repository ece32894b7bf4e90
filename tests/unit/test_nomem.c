/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_nomem.c - each allocation that a system call makes fails once: the call says NoMem,
 * nothing has changed, nothing is lost, and the same call works when there is memory.
 */
#include "harness.h"

#define VA ((word_t)0x40000000)

static word_t a;
static paddr_t frames;

static int setup(void **state)
{
	boot_setup(state);
	a = spawn(1, id_of(1));
	frames = HOST_RAM_START + 0x1000000;
	return 0;
}

#define NOMEM_TEST(f) cmocka_unit_test_setup_teardown(f, setup, boot_teardown)

/* All that a failed call could have changed: memory, threads, mappings of two spaces. */
struct snapshot {
	size_t free;
	unsigned threads;
	uint64_t mappings;
	struct tcb root, a;
};

static uint64_t hash_space(struct glue_space *as)
{
	uint64_t h = 1;
	struct glue_mapping m;

	for (word_t va = 0; va <= GLUE_USER_LAST; va = (va | (((word_t)1 << m.log2) - 1)) + 1)
		if (glue_lookup(as, va, &m))
			for (word_t o = 0; o < (word_t)1 << m.log2; o += GLUE_PAGE_SIZE)
				h = (h ^ (m.pa + o) ^ m.prot ^ (uint64_t)m.attr << 60) *
				    0x100000001b3;
	return h;
}

static void take(struct snapshot *s)
{
	memset(s, 0, sizeof(*s));
	s->free = kmem_free_bytes();
	for (word_t i = 0; i < tid_slots(); i++)
		s->threads += tid_at(i) != &k_dummy;
	s->mappings = hash_space(tcb(ROOT)->g.space) ^ hash_space(tcb(a)->g.space) << 1;
	s->root = *tcb(ROOT);
	s->a = *tcb(a);
}

/* Let allocation 1, 2, 3 ... of the call fail, until it succeeds. */
static void exhaust(word_t (*attempt)(void), bool splits)
{
	struct snapshot before, after;
	unsigned n;

	for (n = 1; n < 100; n++) {
		take(&before);
		host_fail_alloc(n, n & 1);
		if (attempt() != 0)
			break;
		host_fail_alloc(0, false);
		assert_int_equal(error_of(ROOT), ABI_ERR_NO_MEM);
		take(&after);
		if (!splits) /* pages may have become smaller */
			assert_int_equal(after.free, before.free);
		assert_int_equal(after.threads, before.threads);
		assert_int_equal(after.mappings, before.mappings);
		assert_memory_equal(&after.a, &before.a, sizeof(after.a));
		assert_int_equal(after.root.g.state, before.root.g.state);
		assert_int_equal(after.root.g.flags, before.root.g.flags);
	}
	host_fail_alloc(0, false);
	assert_in_range(n, 2, 99); /* it does allocate */
}

static word_t try_create(void)
{
	return thread_control(id_of(5), ROOT, ROOT, NIL, KEEP);
}

static word_t try_create_active(void)
{
	return thread_control(id_of(6), ROOT, ROOT, ROOT, utcb_place(200, true));
}

static word_t try_create_space(void)
{
	return thread_control(id_of(7), id_of(7), ROOT, NIL, KEEP);
}

static word_t try_activate(void)
{
	return thread_control(id_of(7), id_of(7), NIL, ROOT, AREA_UTCB);
}

static word_t try_areas(void)
{
	return space_control(id_of(7), fpage(AREA_KIP, ABI_KIP_AREA_LOG2, 0),
			     fpage(AREA_UTCB, AREA_LOG2, 0));
}

static word_t try_move_areas(void)
{
	return space_control(id_of(7), fpage(AREA_KIP + 0x8000000, ABI_KIP_AREA_LOG2, 0),
			     fpage(AREA_UTCB, AREA_LOG2, 0));
}

static word_t try_interrupt(void)
{
	return thread_control(tid_make(9, 1), tid_make(9, 1), NIL, a, KEEP);
}

static void test_threads_and_spaces(void **state)
{
	(void)state;
	exhaust(try_create, false);
	exhaust(try_create_active, false);
	exhaust(try_create_space, false);
	exhaust(try_areas, false);
	exhaust(try_move_areas, false);
	exhaust(try_activate, false);
	exhaust(try_interrupt, false);
	assert_false(host_irq_masked(9));
}

static void item(unsigned i, paddr_t pa, word_t page)
{
	*mr(ROOT, 2 * i) = (word_t)(pa >> ABI_FPAGE_BASE_SHIFT) << ABI_PHYS_ATTR_BITS;
	*mr(ROOT, 2 * i + 1) = page;
}

static word_t try_map_page(void)
{
	return map_one(a, VA, 12, GLUE_R, frames, 0);
}

static word_t try_map_many(void)
{
	for (unsigned i = 0; i < 32; i++)
		item(i, frames + i * 0x1000,
		     fpage(0x50000000 + (word_t)i * 0x301000, 12, GLUE_R | GLUE_W));
	return CALL(ABI_SYS_MAP_CONTROL, a, MAP_MODIFY | 31);
}

static word_t try_map_overlapping(void)
{
	item(0, frames, fpage(0x30000000, 20, GLUE_R));
	item(1, frames, fpage(0x30003000, 12, GLUE_W));
	item(2, 0, fpage(0x30010000, 16, 0));
	item(3, frames, fpage(0x30012000, 12, GLUE_R));
	item(4, 0, fpage(0x34000000, 26, 0));
	item(5, frames, fpage(0x34001000, 12, GLUE_R));
	return CALL(ABI_SYS_MAP_CONTROL, a, MAP_MODIFY | MAP_READ | 5);
}

static word_t try_split(void)
{
	return unmap_one(a, 0x60001000, 12);
}

static word_t try_split_two(void)
{
	item(0, frames, fpage(0x60203000, 12, GLUE_R));
	item(1, 0, fpage(0x60410000, 16, 0));
	return CALL(ABI_SYS_MAP_CONTROL, a, MAP_MODIFY | 1);
}

static void test_mappings(void **state)
{
	(void)state;
	exhaust(try_map_page, false);
	exhaust(try_map_many, false);
	exhaust(try_map_overlapping, false);
	assert_succeeds(map_one(a, 0x60000000, 24, GLUE_R, HOST_RAM_START + 0x1000000, 0));
	exhaust(try_split, true);
	exhaust(try_split_two, true);
	host_fail_alloc(1, true);
	assert_succeeds(unmap_one(a, 0x60000000, 24)); /* to unmap pages as they are is free */
	assert_succeeds(unmap_one(a, 0x70000000, 20));
}

/* A thread that dies of it takes nothing with it. */
static void test_nothing_is_lost_in_the_end(void **state)
{
	size_t before = kmem_free_bytes();

	(void)state;
	try_create_space();
	try_areas();
	try_activate();
	assert_succeeds(remove_thread(id_of(7)));
	assert_int_equal(kmem_free_bytes(), before);
}

/* The pool runs out for real. */
static void test_until_the_pool_is_empty(void **state)
{
	size_t before = kmem_free_bytes();
	unsigned n = 2;

	(void)state;
	while (thread_control(id_of(n), id_of(n), ROOT, NIL, KEEP) != 0)
		n++;
	assert_in_range(n, 100, 4000);
	assert_int_equal(error_of(ROOT), ABI_ERR_NO_MEM);
	while (n > 2)
		assert_succeeds(remove_thread(id_of(--n)));
	assert_int_equal(kmem_free_bytes(), before);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    NOMEM_TEST(test_threads_and_spaces),
	    NOMEM_TEST(test_mappings),
	    NOMEM_TEST(test_nothing_is_lost_in_the_end),
	    NOMEM_TEST(test_until_the_pool_is_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
