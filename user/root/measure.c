/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * measure.c - from ticks to instructions.
 *
 * Two runs of a loop with a known number of instructions per round; the difference between
 * them has nothing in it of what it takes to call the loop and to read the clock. Where the
 * clock counts instructions, doing the same again takes as many ticks again; where it is the
 * time of day, it never does, several times in succession, to a few of a million ticks.
 */
#include <rt/time.h>

#include "arch.h"
#include "root.h"

#define SHORT_LOOP 1000ul
#define LONG_LOOP  1001000ul

#define REPEATS   3 /* of the calibration */
#define TOLERANCE 4 /* ticks: each of four readings can be one off */

static uint64_t calib_ticks = 1, calib_insn = 1;
static bool exact;

static uint64_t time_loop(unsigned long n)
{
	uint64_t start = __l4_ticks();

	__l4_calibrate_loop(n);
	return rt_ticks_since(start);
}

static uint64_t time_difference(void)
{
	uint64_t few = time_loop(SHORT_LOOP), many = time_loop(LONG_LOOP);

	return many > few ? many - few : 1;
}

bool measure_calibrate(void)
{
	(void)time_loop(SHORT_LOOP); /* it is in the caches and the TLB from now on */
	calib_ticks = time_difference();
	calib_insn = (uint64_t)CALIBRATE_INSN * (LONG_LOOP - SHORT_LOOP);
	exact = true;
	for (unsigned i = 0; i < REPEATS; i++) {
		uint64_t again = time_difference();

		if (again + TOLERANCE < calib_ticks || again > calib_ticks + TOLERANCE)
			exact = false;
	}
	return exact;
}

uint64_t measure_insn(uint64_t ticks, unsigned scale, unsigned count)
{
	uint64_t divisor = calib_ticks * count;

	if (!exact)
		return MEASURE_UNKNOWN;
	return (ticks * calib_insn * scale + divisor / 2) / divisor;
}

uint64_t measure_calibration(void)
{
	return (calib_ticks * 1000000 + calib_insn / 2) / calib_insn;
}
