/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * irq.c - device interrupts, by the 8259A pair; the timer's is the local APIC's.
 */
#include <glue/glue.h>
#include <arch/layout.h>
#include <common/i8259.h>

#include "cpu.h"
#include "port.h"

#define PIC_MASTER 0x20
#define PIC_SLAVE  0xa0

uint8_t i8259_read(bool slave, unsigned a0)
{
	return inb((uint16_t)((slave ? PIC_SLAVE : PIC_MASTER) + a0));
}

void i8259_write(bool slave, unsigned a0, uint8_t v)
{
	outb((uint16_t)((slave ? PIC_SLAVE : PIC_MASTER) + a0), v);
}

word_t irq_vector;

GLUE_INIT void irq_init(void)
{
	i8259_init(VEC_PIC);
	apic_init();
}

int glue_irq_claim(void)
{
	word_t vector = irq_vector;

	irq_vector = 0;
	if (vector == VEC_TIMER) {
		apic_eoi();
		return timer_expired() ? GLUE_IRQ_TIMER : GLUE_IRQ_NONE;
	}
	if (vector == 0 || !i8259_claim(vector - VEC_PIC))
		return GLUE_IRQ_NONE;
	return (int)(vector - VEC_PIC);
}

bool glue_irq_valid(unsigned irq)
{
	return irq < GLUE_IRQS && irq != I8259_CASCADE;
}

enum glue_err glue_irq_mask(unsigned irq, bool masked)
{
	if (!glue_irq_valid(irq))
		return GLUE_EINVAL;
	i8259_mask(irq, masked);
	return GLUE_OK;
}

bool glue_irq_pending(void)
{
	return apic_timer_pending() || i8259_pending();
}
