/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_kmem.c - the kernel's pool.
 */
#include "harness.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define __asan_unpoison_memory_region(p, size) ((void)(p), (void)(size))
#endif

#define POOL ((size_t)1 << 20)

static char *start;

static int setup(void **state)
{
	(void)state;
	host_reset();
	start = glue_phys_to_virt(HOST_RAM_START + 0x5000);
	kmem_init(start, start + POOL);
	return 0;
}

#define KMEM_TEST(f) cmocka_unit_test_setup(f, setup)

static void test_sizes_and_alignment(void **state)
{
	(void)state;
	for (unsigned log2 = 7; log2 <= 15; log2++)
		for (unsigned i = 0; i < 5; i++) {
			size_t size = (size_t)1 << log2;
			char *p = k_alloc(log2);

			assert_non_null(p);
			assert_int_equal((uintptr_t)p & (size - 1), 0);
			assert_true(p >= start && p + size <= start + POOL);
			for (size_t k = 0; k < size; k++)
				assert_int_equal(p[k], 0);
			memset(p, 0xa5, size);
		}
	kmem_check();
}

/* What is freed comes back clean, whatever it held. */
static void test_zeroed_again(void **state)
{
	(void)state;
	for (unsigned log2 = 7; log2 <= 15; log2++)
		for (unsigned i = 0; i < 3; i++) {
			char *p = k_alloc(log2);

			assert_non_null(p);
			for (size_t k = 0; k < (size_t)1 << log2; k++)
				assert_int_equal(p[k], 0);
			memset(p, 0xff, (size_t)1 << log2);
			k_free(p, log2);
		}
}

static void test_exhaustion(void **state)
{
	static void *blocks[POOL / 128];
	size_t all = kmem_free_bytes();

	(void)state;
	assert_true(all > POOL - POOL / 16 && all <= kmem_total_bytes());
	/* Each size up to a page keeps one page, so they don't follow one another. */
	for (unsigned round = 0; round < 2 * 9; round++) {
		unsigned log2 = 7 + round / 2, n = 0;

		if (round % 2 == 0)
			assert_int_equal(setup(NULL), 0);
		while ((blocks[n] = k_alloc(log2)) != NULL)
			n++;
		/* As good as all of it can be used (the largest need alignment). */
		assert_true(((size_t)n << log2) + 2 * ((size_t)1 << log2) + POOL / 32 >= all);
		assert_null(k_alloc(log2));
		kmem_check();
		/* Freed in another order, it is whole again. */
		for (unsigned i = 0; i < n; i += 2)
			k_free(blocks[i], log2);
		for (unsigned i = 1; i < n; i += 2)
			k_free(blocks[i], log2);
		assert_int_equal(kmem_free_bytes(), all);
		kmem_check();
	}
}

static void test_counters(void **state)
{
	uint16_t *counters[64];
	void *blocks[64];

	(void)state;
	for (unsigned i = 0; i < 64; i++) {
		unsigned log2 = 10 + i % 6;

		blocks[i] = k_alloc(log2);
		assert_non_null(blocks[i]);
		counters[i] = k_counter(blocks[i]);
		assert_int_equal(*counters[i], 0);
		*counters[i] = (uint16_t)(1000 + i);
		for (unsigned k = 0; k < i; k++)
			assert_ptr_not_equal(counters[k], counters[i]);
	}
	for (unsigned i = 0; i < 64; i++)
		assert_int_equal(*k_counter(blocks[i]), 1000 + i);
	for (unsigned i = 0; i < 64; i++)
		k_free(blocks[i], 10 + i % 6);
	for (unsigned i = 0; i < 64; i++) {
		void *p = k_alloc(10 + i % 6);

		assert_int_equal(*k_counter(p), 0);
	}
}

static void test_random(void **state)
{
	static struct {
		uint8_t *p;
		unsigned log2;
	} live[400];
	size_t all = kmem_free_bytes();
	uint32_t seed = 4711;

	(void)state;
	memset(live, 0, sizeof(live));
	for (unsigned step = 0; step < 30000; step++) {
		unsigned i, log2;

		seed = seed * 1664525 + 1013904223;
		i = (seed >> 8) % 400;
		log2 = 7 + (seed >> 20) % 9;
		if (live[i].p) {
			size_t last = ((size_t)1 << live[i].log2) - 1;

			assert_int_equal(live[i].p[0], (uint8_t)i);
			assert_int_equal(live[i].p[last], (uint8_t)i);
			k_free(live[i].p, live[i].log2);
			live[i].p = NULL;
			continue;
		}
		live[i].p = k_alloc(log2);
		live[i].log2 = log2;
		if (live[i].p) {
			assert_int_equal(live[i].p[0] | live[i].p[((size_t)1 << log2) - 1], 0);
			memset(live[i].p, (int)i, (size_t)1 << log2);
		}
		if (step % 256 == 0)
			kmem_check();
	}
	for (unsigned i = 0; i < 400; i++)
		if (live[i].p)
			k_free(live[i].p, live[i].log2);
	assert_int_equal(kmem_free_bytes(), all);
	kmem_check();
}

/* A pool that begins and ends anywhere. */
static void test_odd_pools(void **state)
{
	(void)state;
	for (unsigned first = 0; first < 9; first++)
		for (unsigned pages = 3; pages < 40; pages += 5) {
			unsigned n = 0;

			host_reset();
			start = glue_phys_to_virt(HOST_RAM_START + (paddr_t)first * 0x1000);
			kmem_init(start, start + pages * 0x1000);
			for (char *p; (p = k_alloc(12)) != NULL; n++)
				assert_true(p >= start && p + 0x1000 <= start + pages * 0x1000);
			assert_true(n >= pages - 2);
			kmem_check();
		}
}

/* What is given back clean isn't cleared again, and a neighbour that isn't clean is. */
static void test_given_back_clean(void **state)
{
	(void)state;
	for (unsigned log2 = 12; log2 <= 15; log2++) {
		size_t size = (size_t)1 << log2;
		char *p = k_alloc(log2), *q;

		memset(p, 0, size);
		k_free_clean(p, log2);
		/* Somebody writes to it, whom nobody would expect: this is how one can tell. */
		__asan_unpoison_memory_region(p, size);
		p[size - 1] = 1;
		q = k_alloc(log2);
		assert_ptr_equal(p, q);
		assert_int_equal(p[size - 1], 1);
		k_free(p, log2);
		q = k_alloc(log2);
		assert_ptr_equal(p, q);
		assert_int_equal(p[size - 1], 0);
		k_free(p, log2);
	}
	/* That one block was given back clean says nothing of others, nor of the same memory when
	 * it has been in use again. */
	for (unsigned i = 0; i < 12; i++) {
		char *pages[8];

		for (unsigned k = 0; k < 8; k++) {
			pages[k] = k_alloc(12);
			for (size_t at = 0; at < 0x1000; at++)
				assert_int_equal(pages[k][at], 0);
			memset(pages[k], k % 3 != i % 3, 0x1000);
		}
		for (unsigned k = 0; k < 8; k++) {
			if (k % 3 != i % 3)
				k_free(pages[k], 12);
			else
				k_free_clean(pages[k], 12);
		}
	}
	kmem_check();
}

/* What is freed and allocated in turn costs the same each time: no block is divided or merged, and
 * no slab made; but what is needed in another size isn't held back. */
static void test_spares(void **state)
{
	char *keep[64], *p, *q;
	unsigned n = 0;

	(void)state;
	for (unsigned log2 = 7; log2 <= 15; log2++) {
		p = k_alloc(log2);
		k_free(p, log2);
		q = k_alloc(log2);
		assert_ptr_equal(p, q);
		k_free(q, log2);
		kmem_check();
	}
	/* Across the edge of a slab, too: the second block of a new slab is the next one's first.
	 */
	assert_int_equal(setup(NULL), 0);
	for (unsigned i = 0; i < 32; i++)
		keep[i] = k_alloc(7);
	p = k_alloc(7);
	assert_true((uintptr_t)p >> 12 != (uintptr_t)keep[31] >> 12);
	k_free(p, 7);
	q = k_alloc(12);
	assert_true((uintptr_t)p >> 12 != (uintptr_t)q >> 12);
	assert_ptr_equal(k_alloc(7), p);
	k_free(p, 7);
	/* A slab that was full has free blocks again; one that isn't used is a page again. */
	for (unsigned i = 0; i < 32; i++)
		k_free(keep[i], 7);
	kmem_check();
	assert_ptr_equal(k_alloc(12), (char *)((uintptr_t)keep[0] & ~(uintptr_t)0xfff));
	/* One that was given back clean isn't clean any more when it has been divided. */
	assert_int_equal(setup(NULL), 0);
	k_free_clean(k_alloc(12), 12);
	for (unsigned i = 0; i < 64; i++)
		memset(keep[i] = k_alloc(7), 0x5a, 128);
	for (unsigned i = 0; i < 64; i++)
		k_free(keep[i], 7);
	for (unsigned i = 0; i < 4; i++) {
		p = k_alloc(12);
		for (unsigned at = 0; at < 4096; at++)
			assert_int_equal(p[at], 0);
	}
	/* Spare pages become a larger block, where there is no other. */
	assert_int_equal(setup(NULL), 0);
	while (k_alloc(15))
		;
	while ((p = k_alloc(12)) && n < 64)
		keep[n++] = p;
	assert_null(k_alloc(13));
	for (unsigned i = 0; i < n; i++)
		k_free(keep[i], 12);
	for (unsigned i = 0; i < n / 2; i++)
		if (!k_alloc(13))
			assert_true(i + 2 > n / 2); /* the ends of the pool may be single */
	kmem_check();
}

/* What kmem_has promises can be had; of whole pages it promises all that there are. */
static void test_has_what_it_says(void **state)
{
	(void)state;
	for (unsigned log2 = 10; log2 <= 15; log2++) {
		size_t promised = 0, got = 0;

		assert_int_equal(setup(NULL), 0);
		/* Pieces of all sizes are gone. */
		for (unsigned i = 0; i < 40; i++)
			assert_non_null(k_alloc(7 + i % 9));
		while (kmem_has(promised + 1, log2))
			promised++;
		assert_true(kmem_has(0, log2));
		while (k_alloc(log2))
			got++;
		assert_true(promised > 0 && promised <= got);
		if (log2 >= 12)
			assert_int_equal(promised, got);
		assert_true(got - promised < 64);
		assert_false(kmem_has(1, log2));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    KMEM_TEST(test_sizes_and_alignment),
	    KMEM_TEST(test_zeroed_again),
	    KMEM_TEST(test_given_back_clean),
	    KMEM_TEST(test_spares),
	    KMEM_TEST(test_has_what_it_says),
	    KMEM_TEST(test_exhaustion),
	    KMEM_TEST(test_counters),
	    KMEM_TEST(test_random),
	    KMEM_TEST(test_odd_pools),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
