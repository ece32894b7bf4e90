/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_printf.c - k_printf, against the host's printf.
 */
#include <limits.h>

#include "harness.h"

static int setup(void **state)
{
	(void)state;
	host_reset();
	return 0;
}

#define same(...)                                                                                  \
	do {                                                                                       \
		char want[256];                                                                    \
                                                                                                   \
		snprintf(want, sizeof(want), __VA_ARGS__);                                         \
		host_console_clear();                                                              \
		k_printf(__VA_ARGS__);                                                             \
		assert_string_equal(host_console(), want);                                         \
	} while (0)

static void test_numbers(void **state)
{
	static const long long values[] = {0,        1,        -1,        9,        10,
					   255,      4095,     INT_MAX,   INT_MIN,  UINT_MAX,
					   LONG_MAX, LONG_MIN, LLONG_MAX, LLONG_MIN};

	(void)state;
	for (unsigned i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		long long v = values[i];

		same("%u|%x", (unsigned)v, (unsigned)v);
		same("%lu|%lx", (unsigned long)v, (unsigned long)v);
		same("%llu|%llx", (unsigned long long)v, (unsigned long long)v);
		same("[%8u][%08x][%2u]", (unsigned)v, (unsigned)v, (unsigned)v);
		same("[%16lx][%20lu][%016llx]", (unsigned long)v, (unsigned long)v,
		     (unsigned long long)v);
	}
}

static void test_text(void **state)
{
	(void)state;
	same("plain");
	same("%s|%s", "abc", "de");
	same("100%%");
	same("%s", "");
}

static void test_null_and_unknown(void **state)
{
	const char *volatile nothing = NULL, *volatile odd = "a%qb%5";

	(void)state;
	k_printf("[%s]", nothing);
	assert_string_equal(host_console(), "[]");
	host_console_clear();
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
	k_printf(odd);
#pragma GCC diagnostic pop
	assert_string_equal(host_console(), "aqb");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_numbers, setup),
	    cmocka_unit_test_setup(test_text, setup),
	    cmocka_unit_test_setup(test_null_and_unknown, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
