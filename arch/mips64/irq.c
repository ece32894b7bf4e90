/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * irq.c - interrupts: the lines are those of the i8259 pair in the PIIX4, which asks for service
 * on the processor's interrupt 2; the timer is on interrupt 7, and interrupt 0, which software
 * sets, helps it.
 */
#include <common/i8259.h>

#include <arch/cp0.h>
#include <arch/port.h>

_Static_assert(CONFIG_I8259_CPU_IRQ == 2 && CONFIG_TIMER_CPU_IRQ == 7, "STATUS_IM in cp0.h");

#define MASTER_PORT 0x20
#define SLAVE_PORT  0xa0

static volatile uint8_t *reg(bool slave, unsigned a0)
{
	return (volatile uint8_t *)(UNCACHED(CONFIG_ISA_IO_BASE) + MASTER_PORT +
				    slave * (SLAVE_PORT - MASTER_PORT) + (int)a0);
}

uint8_t i8259_read(bool slave, unsigned a0)
{
	return *reg(slave, a0);
}

void i8259_write(bool slave, unsigned a0, uint8_t v)
{
	*reg(slave, a0) = v;
	__asm__ volatile("sync" : : : "memory");
}

GLUE_INIT void mips_irq_init(void)
{
	i8259_init(0);
}

bool glue_irq_valid(unsigned irq)
{
	return irq < GLUE_IRQS && irq != I8259_CASCADE;
}

void glue_irq_mask(unsigned irq, bool masked)
{
	if (masked)
		i8259_mask(irq);
	else
		i8259_unmask(irq);
}

int glue_irq_claim(void)
{
	uint32_t pending = read_cause() & STATUS_IM;

	if ((pending & (CAUSE_IP7 | CAUSE_IP0)) && mips_timer_expired())
		return GLUE_IRQ_TIMER;
	if (pending & CAUSE_IP2)
		return i8259_poll();
	return GLUE_IRQ_NONE;
}

/* No longer than a call. */
inline __attribute__((always_inline)) bool glue_irq_pending(void)
{
	return (read_cause() & STATUS_IM) != 0;
}
