/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_invariants.c - a user mapping of what is the kernel's: the next check finds it.
 */
#include "harness.h"

#define PLACE ((word_t)0x10000000) /* nothing is mapped there */

struct wrong {
	word_t va;
	unsigned log2, prot;
	paddr_t pa;
};

static void check(void *arg)
{
	(void)arg;
	debug_check();
}

static void map_and_check(void *arg)
{
	const struct wrong *w = arg;

	assert_true(space_map(k_root_space, w->va, w->log2, w->pa, w->prot));
	k_map_quiet = 0;
	debug_check();
}

static void assert_found(struct wrong w)
{
	k_map_quiet = 0;
	assert_int_equal(host_try(check, NULL), -1);
	assert_int_equal(host_try(map_and_check, &w), GLUE_HALT_PANIC);
}

static void test_frame_of_the_pool(void **state)
{
	(void)state;
	boot();
	host_console_clear();
	assert_found((struct wrong){PLACE, GLUE_PAGE_LOG2, GLUE_R,
				    glue_virt_to_phys(k_alloc(GLUE_PAGE_LOG2))});
	assert_console("invariant broken: phys_mappable(");
}

static void test_large_page_over_the_pool(void **state)
{
	paddr_t pa;

	(void)state;
	boot();
	pa = glue_virt_to_phys(k_root_space) & -((paddr_t)1 << GLUE_STEP_LOG2);
	assert_found((struct wrong){PLACE, GLUE_STEP_LOG2, GLUE_R, pa});
}

static void test_kip_is_writable(void **state)
{
	(void)state;
	boot();
	assert_found((struct wrong){k_root_space->kip.base, GLUE_PAGE_LOG2, GLUE_R | GLUE_W,
				    glue_virt_to_phys(k_kip)});
}

static void test_kip_is_something_else(void **state)
{
	(void)state;
	boot();
	assert_found((struct wrong){k_root_space->kip.base, GLUE_PAGE_LOG2, GLUE_R,
				    glue_virt_to_phys(k_kip) + GLUE_PAGE_SIZE});
}

static void test_utcb_area_shows_no_utcb(void **state)
{
	(void)state;
	boot();
	assert_found((struct wrong){k_root_space->utcbs.base + 0x10000, GLUE_PAGE_LOG2, GLUE_R,
				    glue_virt_to_phys(k_kip)});
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_frame_of_the_pool),
	    cmocka_unit_test(test_large_page_over_the_pool),
	    cmocka_unit_test(test_kip_is_writable),
	    cmocka_unit_test(test_kip_is_something_else),
	    cmocka_unit_test(test_utcb_area_shows_no_utcb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
