/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * report.c - the lines that tests look for.
 */
#include <rt/stdio.h>

#include "root.h"

static bool failed;

void report_pass(const char *name, uint64_t insn, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	printf("[root] PASS %s: ", name);
	vprintf(fmt, args);
	if (insn == MEASURE_UNKNOWN)
		printf(" (insn=?)\n");
	else
		printf(" (insn=%llu)\n", (unsigned long long)insn);
	va_end(args);
}

void report_fail(const char *name, const char *fmt, ...)
{
	va_list args;

	failed = true;
	va_start(args, fmt);
	printf("[root] FAIL %s: ", name);
	vprintf(fmt, args);
	printf("\n");
	va_end(args);
}

bool report_failed(void)
{
	return failed;
}
