/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * timer.c - the generic timer (DDI 0406C, B8): its virtual counter is the clock, which user
 * mode may read, and its virtual timer compares with a deadline of 64 bits.
 */
#include <arch/cp15.h>
#include <arch/port.h>

#define CNTKCTL_PL0VCTEN 2 /* user mode: the virtual counter, and no more */
#define CTL_ENABLE       1

GLUE_INIT void arm_timer_init(void)
{
	arm_timer_off();
	write_cntkctl(CNTKCTL_PL0VCTEN);
}

void arm_timer_off(void)
{
	write_cntv_ctl(0);
	isb();
}

uint64_t glue_clock(void)
{
	isb(); /* or the counter may be read early */
	return read_cntvct();
}

uint32_t glue_clock_khz(void)
{
	return read_cntfrq() / 1000;
}

void glue_timer_arm(uint64_t deadline)
{
	if (deadline == GLUE_TIMER_OFF) {
		arm_timer_off();
		return;
	}
	write_cntv_cval(deadline);
	write_cntv_ctl(CTL_ENABLE);
	isb();
}
