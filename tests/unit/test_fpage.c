/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_fpage.c - the arithmetic of fpages, and of sets of physical memory.
 */
#include <kernel/boot.h>

#include "harness.h"

static void test_fields(void **state)
{
	word_t fp = fpage(0x12340000, 16, GLUE_R | GLUE_X);

	(void)state;
	assert_int_equal(fpage_base(fp), 0x12340000);
	assert_int_equal(fpage_log2(fp), 16);
	assert_int_equal(fpage_rights(fp), GLUE_R | GLUE_X);
}

static bool valid(word_t fp)
{
	struct piece p;

	return fpage_piece(fp, &p);
}

static void test_valid(void **state)
{
	unsigned user_bits = HOST_USER_BITS;

	(void)state;
	for (unsigned log2 = 0; log2 < 64; log2++) {
		bool fits = log2 >= GLUE_PAGE_LOG2 && log2 <= user_bits;

		assert_int_equal(valid(fpage(0, log2, 7)), fits);
		assert_false(valid(fpage(0, log2, 8)));
		if (fits && log2 < user_bits) {
			assert_true(valid(fpage((word_t)1 << log2, log2, 0)));
			assert_true(
			    valid(fpage(GLUE_USER_LAST + 1 - ((word_t)1 << log2), log2, 0)));
			assert_false(valid(fpage(GLUE_USER_LAST + 1, log2, 0)));
			assert_false(valid(fpage(-((word_t)1 << log2), log2, 0)));
			if (log2 > GLUE_PAGE_LOG2)
				assert_false(valid(fpage((word_t)1 << (log2 - 1), log2, 0)));
		}
	}
	assert_false(valid(0));
	assert_false(valid(~(word_t)0));
}

static struct piece piece(word_t fp)
{
	struct piece p;

	assert_true(fpage_piece(fp, &p));
	return p;
}

static bool overlap(word_t a, word_t b)
{
	const struct piece x = piece(a), y = piece(b);

	return pieces_overlap(&x, &y);
}

static void test_overlap_and_contain(void **state)
{
	const word_t page = fpage(0x40000000, 16, 0);
	const struct piece p = piece(page), none = PIECE_NONE;

	(void)state;
	assert_int_equal(p.base, 0x40000000);
	assert_int_equal(p.rest, 0xffff);
	assert_true(overlap(page, page));
	assert_true(overlap(page, fpage(0x4000f000, 12, 0)));
	assert_true(overlap(fpage(0x4000f000, 12, 0), page));
	assert_true(overlap(page, fpage(0, 31, 0)));
	assert_false(overlap(page, fpage(0x40010000, 16, 0)));
	assert_false(overlap(page, fpage(0x3ffff000, 12, 0)));
	assert_true(piece_has(&p, 0x40000000));
	assert_true(piece_has(&p, 0x4000ffff));
	assert_false(piece_has(&p, 0x40010000));
	assert_false(piece_has(&p, 0x3fffffff));
	assert_false(pieces_overlap(&p, &none));
	assert_false(piece_has(&none, 0));
	assert_false(piece_has(&none, GLUE_USER_LAST));
	for (unsigned log2 = 12; log2 <= HOST_USER_BITS; log2++) {
		const struct piece all = piece(fpage(0, log2, 0));

		assert_false(pieces_overlap(&none, &all));
	}
}

/* A set of ranges against a bitmap of 64 units. */
static void test_ranges(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		struct ranges set = {0};
		uint64_t want = 0;

		for (unsigned step = 0; step < 30; step++) {
			unsigned start, end;
			uint64_t bits;

			seed = seed * 1664525 + 1013904223;
			start = seed >> 26;
			end = seed >> 20 & 0x3f;
			bits = start < end ? (~0ull >> (64 - (end - start))) << start : 0;
			if (seed & 0x10000) {
				want |= bits;
				assert_true(range_add(&set, start, end));
			} else {
				want &= ~bits;
				range_remove(&set, start, end);
			}
			for (unsigned i = 0; i < set.count; i++) {
				assert_true(set.r[i].start < set.r[i].end);
				assert_true(i == 0 || set.r[i - 1].end < set.r[i].start);
			}
			for (unsigned unit = 0; unit < 64; unit++) {
				bool in = false;

				for (unsigned i = 0; i < set.count; i++)
					in |= set.r[i].start <= unit && unit < set.r[i].end;
				assert_int_equal(in, want >> unit & 1);
			}
		}
	}
}

static void test_full_set(void **state)
{
	struct ranges set = {0};

	(void)state;
	for (unsigned i = 0; i < RANGES_MAX; i++)
		assert_true(range_add(&set, i * 16, i * 16 + 8));
	assert_false(range_add(&set, RANGES_MAX * 16, RANGES_MAX * 16 + 8));
	assert_int_equal(set.count, RANGES_MAX);
	assert_true(range_add(&set, 4, 12)); /* makes one longer */
	/* A hole in one makes two, for which there is no room: the smaller part is lost. */
	range_remove(&set, 17, 18);
	assert_int_equal(set.count, RANGES_MAX);
	assert_int_equal(set.r[1].start, 18);
	range_remove(&set, 38, 39);
	assert_int_equal(set.r[2].start, 32);
	assert_int_equal(set.r[2].end, 38);
	assert_true(range_add(&set, 0, RANGES_MAX * 16));
	assert_int_equal(set.count, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_fields),
	    cmocka_unit_test(test_valid),
	    cmocka_unit_test(test_overlap_and_contain),
	    cmocka_unit_test(test_ranges),
	    cmocka_unit_test(test_full_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
