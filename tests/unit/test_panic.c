/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_panic.c - the end of a broken kernel. How much is printed depends on how often it has
 * panicked before, so the order of the tests matters.
 */
#include "harness.h"

/* The kernel's symbols, as the second link makes them: anything is in this one. */
struct ksym {
	word_t addr;
	const char *name;
};

extern const struct ksym k_symtab[];
extern const unsigned k_symtab_count;
const struct ksym k_symtab[] = {{1, "first"}, {0x100, "anything"}, {~(word_t)0, "last"}};
const unsigned k_symtab_count = 3;

static void broken(void *arg)
{
	tcb(ROOT)->g.accepts = ROOT; /* a running thread accepts nothing */
	(void)arg;
	debug_check();
}

static void panic(void *arg)
{
	k_panic(arg, "number %u", 42);
}

static void test_everything_is_told(void **state)
{
	(void)state;
	boot();
	host_console_clear();
	assert_int_equal(host_try(broken, NULL), GLUE_HALT_PANIC);
	assert_console("cobnut: panic: invariant broken: thread ");
	assert_console("t->g.accepts == accepts(t)");
	assert_console("host: no registers");
	assert_console(" anything+0x");
}

static void test_a_second_time_less(void **state)
{
	struct glue_ctx c = {.ip = 0x1234};

	(void)state;
	host_console_clear();
	assert_int_equal(host_try(panic, &c), GLUE_HALT_PANIC);
	assert_string_equal(host_console(), "\ncobnut: panic: number 42\n");
}

static void test_a_third_time_nothing(void **state)
{
	(void)state;
	host_console_clear();
	assert_int_equal(host_try(panic, NULL), GLUE_HALT_PANIC);
	assert_string_equal(host_console(), "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_everything_is_told),
	    cmocka_unit_test(test_a_second_time_less),
	    cmocka_unit_test(test_a_third_time_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
