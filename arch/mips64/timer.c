/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * timer.c - clock and timer: Count, extended to 64 bits, and Compare (MD00091, "Count
 * Register", "Compare Register").
 *
 * Count wraps after 2^32 ticks, less than a minute. So Compare is never further away than a
 * quarter of that, also without a deadline; the clock follows Count whenever it is read.
 */
#include <arch/cp0.h>
#include <arch/port.h>

#define HORIZON (1u << 30) /* ticks that Compare is ahead at most */

static uint64_t ticks; /* since boot */
static uint64_t deadline = GLUE_TIMER_OFF;

GLUE_INIT void mips_timer_init(void)
{
	write_count(0);
	ehb();
	glue_timer_arm(GLUE_TIMER_OFF);
}

uint64_t glue_clock(void)
{
	ticks += read_count() - (uint32_t)ticks;
	return ticks;
}

uint32_t glue_clock_khz(void)
{
	return CONFIG_COUNT_KHZ;
}

/* Compare takes effect when Count reaches it; where Count has passed it already, software's own
 * interrupt takes its place. Writing Compare takes back the interrupt. */
void glue_timer_arm(uint64_t when)
{
	uint64_t now = glue_clock(), at = when;

	deadline = when;
	if (at > now + HORIZON)
		at = now + HORIZON;
	write_compare((uint32_t)at);
	ehb();
	if (glue_clock() >= at)
		write_cause(CAUSE_IV | CAUSE_IP0);
	else
		write_cause(CAUSE_IV);
	ehb();
}

bool mips_timer_expired(void)
{
	bool due = deadline != GLUE_TIMER_OFF && glue_clock() >= deadline;

	glue_timer_arm(due ? GLUE_TIMER_OFF : deadline);
	return due;
}
