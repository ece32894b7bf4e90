/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_cache.c - CacheControl. Executing what was written goes through the modelled
 * instruction cache, in which a line that was not synchronised shows.
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
	assert_succeeds(map_one(a, VA, 16, GLUE_RWX, frames, ABI_ATTR_DEFAULT));
	assert_succeeds(map_one(a, VA + 0x20000, 12, GLUE_R, 0xf0000000, ABI_ATTR_IO));
	return 0;
}

#define CACHE_TEST(f) cmocka_unit_test_setup_teardown(f, setup, boot_teardown)

static word_t control(word_t space, unsigned op, unsigned items)
{
	return CALL(ABI_SYS_CACHE_CONTROL, space, op | items << ABI_CACHE_ITEMS_SHIFT);
}

static void range(unsigned i, word_t start, word_t length)
{
	*mr(running(), 2 * i) = start;
	*mr(running(), 2 * i + 1) = length;
}

static void test_written_code(void **state)
{
	uint32_t insn;

	(void)state;
	run(a);
	for (uint32_t i = 1; i < 4; i++) {
		uint32_t code = i;

		for (word_t o = 0; o < 0x10000; o += 0xffc) {
			assert_true(host_user_access(VA + o, GLUE_W, &code, sizeof(code)));
		}
		range(0, VA, 0x8000);
		range(1, 0, 0);
		range(2, VA + 0x8000, 0x8000);
		if (i == 3)
			assert_succeeds(control(a, ABI_CACHE_FLUSH_ALL, 0));
		else
			assert_succeeds(control(i == 1 ? a : NIL, ABI_CACHE_SYNC_I, 3));
		for (word_t o = 0; o < 0x10000; o += 0xffc) {
			assert_true(host_user_exec(VA + o, &insn));
			assert_int_equal(insn, i);
		}
	}
}

static void test_root_for_another(void **state)
{
	uint32_t insn, code = 5;

	(void)state;
	run(a);
	assert_true(host_user_exec(VA, &insn));
	run(ROOT);
	memcpy(glue_phys_to_virt(frames), &code, sizeof(code));
	range(0, VA, 4);
	assert_succeeds(control(a, ABI_CACHE_SYNC_I, 1));
	run(a);
	assert_true(host_user_exec(VA, &insn));
	assert_int_equal(insn, 5);
	/* Memory that the kernel doesn't reach. */
	run(ROOT);
	range(0, VA + 0x20000, 0x1000);
	assert_succeeds(control(a, ABI_CACHE_FLUSH_D, 1));
}

static void test_every_operation(void **state)
{
	(void)state;
	run(a);
	for (unsigned op = 1; op < ABI_CACHE_OPS; op++) {
		range(0, VA + 1, 0x5001);
		assert_succeeds(control(a, op, 1));
		assert_succeeds(control(a, op, 0));
		range(0, VA + 0xffff, 1);
		assert_succeeds(control(a, op, 1));
	}
	run(ROOT);
	range(0, VA, 16);
	assert_succeeds(control(a, ABI_CACHE_INVAL_D, 1));
}

static void test_errors(void **state)
{
	(void)state;
	run(a);
	assert_fails(control(ROOT, ABI_CACHE_CLEAN_D, 0), ABI_ERR_SPACE);
	assert_fails(control(id_of(9), ABI_CACHE_CLEAN_D, 0), ABI_ERR_SPACE);
	assert_fails(control(a, ABI_CACHE_OPS, 0), ABI_ERR_PARAM);
	assert_fails(control(a, 63, 0), ABI_ERR_PARAM);
	assert_fails(control(a, ABI_CACHE_CLEAN_D, ABI_CACHE_MAX_ITEMS + 1), ABI_ERR_PARAM);
	assert_fails(control(a, ABI_CACHE_CLEAN_D, 64), ABI_ERR_PARAM);
	assert_fails(control(a, ABI_CACHE_FLUSH_ALL, 1), ABI_ERR_PARAM);
	/* Ranges: not mapped, partly not mapped, wrapping, the kernel's. */
	range(0, VA - 1, 1);
	assert_fails(control(a, ABI_CACHE_CLEAN_D, 1), ABI_ERR_PARAM);
	range(0, VA + 0xf000, 0x1001);
	assert_fails(control(a, ABI_CACHE_CLEAN_D, 1), ABI_ERR_PARAM);
	range(0, VA, ~(word_t)0);
	assert_fails(control(a, ABI_CACHE_CLEAN_D, 1), ABI_ERR_PARAM);
	range(0, ~(word_t)0, 2);
	assert_fails(control(a, ABI_CACHE_CLEAN_D, 1), ABI_ERR_PARAM);
	range(0, GLUE_USER_LAST + 1, 1);
	assert_fails(control(a, ABI_CACHE_CLEAN_D, 1), ABI_ERR_PARAM);
	range(0, VA, 1);
	range(1, 0x1000, 1);
	assert_fails(control(a, ABI_CACHE_SYNC_I, 2), ABI_ERR_PARAM);
	run(ROOT);
	assert_fails(control(tid_make(3, 1), ABI_CACHE_CLEAN_D, 0), ABI_ERR_SPACE);
}

static void test_long_ranges_are_cut(void **state)
{
	uint32_t insn, code = 1;
	unsigned cuts = 0;

	(void)state;
	glue_irq_mask(7, false);
	run(a);
	for (word_t o = 0; o < 0x10000; o += 0x1000)
		assert_true(host_user_exec(VA + o, &insn));
	for (word_t o = 0; o < 0x10000; o += 0x1000)
		assert_true(host_user_access(VA + o, GLUE_W, &code, sizeof(code)));
	range(0, VA + 0x100, 0xff00);
	range(1, VA, 0x100);
	for (;; cuts++) {
		word_t ip = host_running->ip;

		host_irq_edge_at_poll(3, 7);
		control(a, ABI_CACHE_SYNC_I, 2);
		if (host_running->ip != ip)
			break;
		assert_true(host_take_interrupt());
		glue_irq_mask(7, false);
	}
	assert_true(cuts > 3);
	assert_int_equal(host_running->r[1], 1);
	for (word_t o = 0; o < 0x10000; o += 0x1000) {
		assert_true(host_user_exec(VA + o, &insn));
		assert_int_equal(insn, 1);
	}
	/* The next call starts from the beginning. */
	range(0, VA - 0x1000, 0x1000);
	assert_fails(control(a, ABI_CACHE_SYNC_I, 1), ABI_ERR_PARAM);
}

/* So is everything; and where the kernel can't reach a page that may be cached, everything takes
 * its place. */
static void test_everything_is_cut(void **state)
{
	uint32_t insn, code = 1;

	(void)state;
	assert_succeeds(map_one(a, VA + 0x30000, 12, GLUE_R, 0xf0000000, ABI_ATTR_DEFAULT));
	for (unsigned i = 0; i < 2; i++, code++) {
		unsigned cuts = 0;

		glue_irq_mask(7, false);
		run(a);
		for (word_t o = 0; o < 0x10000; o += 0xffc)
			assert_true(host_user_access(VA + o, GLUE_W, &code, sizeof(code)));
		range(0, VA + 0x30000, 0x1000);
		for (;; cuts++) {
			word_t ip = host_running->ip;

			host_irq_edge_at_poll(2, 7);
			if (i == 0)
				control(a, ABI_CACHE_FLUSH_ALL, 0);
			else
				control(a, ABI_CACHE_SYNC_I, 1);
			if (host_running->ip != ip)
				break;
			assert_true(host_take_interrupt());
			glue_irq_mask(7, false);
		}
		assert_true(cuts > 2);
		assert_int_equal(host_running->r[1], 1);
		for (word_t o = 0; o < 0x10000; o += 0xffc) {
			assert_true(host_user_exec(VA + o, &insn));
			assert_int_equal(insn, code);
		}
		(void)host_take_interrupt();
		run(ROOT);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    CACHE_TEST(test_written_code),        CACHE_TEST(test_root_for_another),
	    CACHE_TEST(test_every_operation),     CACHE_TEST(test_errors),
	    CACHE_TEST(test_long_ranges_are_cut), CACHE_TEST(test_everything_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
