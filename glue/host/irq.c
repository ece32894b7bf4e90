/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * irq.c - interrupt controller, one-shot timer and clock of the modelled machine. The clock
 * stands still unless a test advances it.
 */
#include "internal.h"

#define CLOCK_KHZ 1000 /* a tick is a microsecond */

static struct {
	uint32_t masked, latched, high;
	uint64_t now, deadline;
	unsigned polls_left, poll_irq;
} irq;

void host_irq_reset(void)
{
	irq.masked = ~0u;
	irq.latched = irq.high = 0;
	irq.now = 0;
	irq.deadline = GLUE_TIMER_OFF;
	irq.polls_left = 0;
}

static bool timer_due(void)
{
	return irq.deadline != GLUE_TIMER_OFF && irq.now >= irq.deadline;
}

static uint32_t requests(void)
{
	return (irq.latched | irq.high) & ~irq.masked;
}

bool glue_irq_pending(void)
{
	if (irq.polls_left > 0 && --irq.polls_left == 0)
		host_irq_edge(irq.poll_irq);
	return timer_due() || requests() != 0;
}

int glue_irq_claim(void)
{
	unsigned line;

	if (timer_due()) {
		irq.deadline = GLUE_TIMER_OFF;
		return GLUE_IRQ_TIMER;
	}
	if (requests() == 0)
		return GLUE_IRQ_NONE;
	line = (unsigned)__builtin_ctz(requests());
	irq.masked |= 1u << line;
	irq.latched &= ~(1u << line);
	return (int)line;
}

bool glue_irq_valid(unsigned line)
{
	return line < GLUE_IRQS && line != HOST_IRQ_KERNEL;
}

void glue_irq_mask(unsigned line, bool masked)
{
	REQUIRE(glue_irq_valid(line));
	if (masked)
		irq.masked |= 1u << line;
	else
		irq.masked &= ~(1u << line);
}

uint64_t glue_clock(void)
{
	return irq.now;
}

uint32_t glue_clock_khz(void)
{
	return CLOCK_KHZ;
}

void glue_timer_arm(uint64_t deadline)
{
	irq.deadline = deadline;
}

void host_clock_advance(uint64_t ticks)
{
	irq.now += ticks;
}

uint64_t host_timer_deadline(void)
{
	return irq.deadline;
}

void host_irq_edge(unsigned line)
{
	REQUIRE(line < GLUE_IRQS);
	irq.latched |= 1u << line;
}

void host_irq_level(unsigned line, bool high)
{
	REQUIRE(line < GLUE_IRQS);
	irq.high = high ? irq.high | 1u << line : irq.high & ~(1u << line);
}

bool host_irq_masked(unsigned line)
{
	REQUIRE(line < GLUE_IRQS);
	return (irq.masked >> line & 1) != 0;
}

void host_irq_edge_at_poll(unsigned n, unsigned line)
{
	irq.polls_left = n;
	irq.poll_irq = line;
}

bool host_take_interrupt(void)
{
	if (!timer_due() && requests() == 0)
		return false;
	host_resume(k_interrupt(host_running));
	return true;
}
