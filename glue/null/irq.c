/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * irq.c - device interrupts, the clock and the timer.
 */
#include <arch/port.h>

/* Ask the controller; mask and acknowledge what it says. The timer is one of its lines, or an
 * interrupt of the processor's own; spurious ones are GLUE_IRQ_NONE. */
int glue_irq_claim(void)
{
	NOT_YET();
}

void glue_irq_mask(unsigned irq, bool masked)
{
	NOT_YET();
}

/* Not the timer's line, nor one that cascades controllers. */
bool glue_irq_valid(unsigned irq)
{
	return irq < GLUE_IRQS;
}

/* A free-running counter; one that wraps is made longer in software. */
uint64_t glue_clock(void)
{
	NOT_YET();
}

uint32_t glue_clock_khz(void)
{
	return 1000;
}

/* The deadline may have passed when the compare register is written: look again after that. */
void glue_timer_arm(uint64_t deadline)
{
	NOT_YET();
}
