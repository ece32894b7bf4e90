/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * known.c - a root task whose instructions are known to the last one: what the meter counts in
 * it is tested against (tests/scripts/test_meter.py).
 *
 * Each arch's assembler has, between known_begin and known_end, ten rounds that go to known_high
 * and back. Everything from known_high on plays the kernel. It touches data at offsets 0, 64 and
 * 160, that is, 3 lines of either size; its code is in 2 lines; it stores a word of 32 bits. The
 * numbers of instructions are absolute symbols: known_user in all, known_stay in each visit, of
 * which known_first are up to and with known_point.
 */
#include <rt/stdio.h>

void known_run(void);

int main(void)
{
	known_run(); /* now nothing in it is touched for the first time, and traps */
	known_run();
	known_run();
	printf("[known] done\n");
	return 0;
}
