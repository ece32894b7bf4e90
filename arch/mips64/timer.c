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
static bool helped; /* by software's interrupt */

GLUE_INIT void mips_timer_init(void)
{
	write_count(0);
	ehb();
	glue_timer_arm(GLUE_TIMER_OFF);
}

static inline __attribute__((always_inline)) uint64_t now(void)
{
	uint64_t t = ticks;

	t += read_count() - (uint32_t)t;
	ticks = t;
	return t;
}

uint64_t glue_clock(void)
{
	return now();
}

uint32_t glue_clock_khz(void)
{
	return CONFIG_COUNT_KHZ;
}

/* Compare takes effect when Count reaches it; where Count has passed it already, software's own
 * interrupt takes its place, until the timer is armed again. Writing Compare takes back the
 * interrupt. */
static void set_compare(uint32_t at)
{
	write_compare(at);
	if (helped) {
		helped = false;
		write_cause(CAUSE_IV);
	}
	ehb();
}

/* From the time when the clock was last asked on, which is now or a moment before; then a deadline
 * may turn out to be early, by what it was before. */
void glue_timer_arm(uint64_t when)
{
	uint64_t ahead = when - ticks;
	uint32_t at;

	deadline = when;
	if (ahead >= HORIZON)
		ahead = when < ticks ? 0 : HORIZON;
	at = (uint32_t)(ticks + ahead);
	set_compare(at);
	if ((int32_t)(read_count() - at) >= 0) {
		helped = true;
		write_cause(CAUSE_IV | CAUSE_IP0);
		ehb();
	}
}

bool mips_timer_expired(void)
{
	uint64_t t = now();

	if (t < deadline) {
		glue_timer_arm(deadline);
		return false;
	}
	deadline = GLUE_TIMER_OFF;
	set_compare((uint32_t)t + HORIZON);
	return true;
}
