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

const char *irq_stub;

GLUE_INIT void irq_init(void)
{
	i8259_init(VEC_PIC);
	apic_init();
}

/* Where the stub of a vector calls `interrupt`, and so what that finds on the stack. */
#define STUB_END(vector) (ia32_stubs + ((vector) << STUB_SHIFT) + STUB_LENGTH)

int glue_irq_claim(void)
{
	word_t line = ((word_t)irq_stub - (word_t)STUB_END(VEC_PIC)) >> STUB_SHIFT;

	irq_stub = NULL;
	if (line < I8259_LINES)
		return i8259_claim(line) ? (int)line : GLUE_IRQ_NONE;
	if (line != VEC_TIMER - VEC_PIC) /* no interrupt was taken */
		return GLUE_IRQ_NONE;
	apic_eoi();
	return timer_expired() ? GLUE_IRQ_TIMER : GLUE_IRQ_NONE;
}

bool glue_irq_valid(unsigned irq)
{
	return irq < GLUE_IRQS && irq != I8259_CASCADE;
}

inline void glue_irq_mask(unsigned irq, bool masked)
{
	if (masked)
		i8259_mask(irq);
	else
		i8259_unmask(irq);
}

bool glue_irq_pending(void)
{
	return apic_timer_pending() || i8259_pending();
}
