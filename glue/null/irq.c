/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * irq.c - device interrupts, the clock and the timer.
 */
#include <arch/port.h>

int glue_irq_claim(void)
{
	NOT_YET();
}

enum glue_err glue_irq_mask(unsigned irq, bool masked)
{
	NOT_YET();
}

bool glue_irq_valid(unsigned irq)
{
	return irq < GLUE_IRQS;
}

uint64_t glue_clock(void)
{
	NOT_YET();
}

uint32_t glue_clock_khz(void)
{
	return 1000;
}

void glue_timer_arm(uint64_t deadline)
{
	NOT_YET();
}
