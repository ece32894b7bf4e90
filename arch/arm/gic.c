/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * gic.c - ARM Generic Interrupt Controller, architecture version 2 (IHI 0048B). A line's
 * number is its interrupt id. User level gets the shared peripheral interrupts, ids from 32
 * on; those below are the processor's own, of which the kernel uses one, the timer's.
 */
#include <arch/cp15.h>
#include <arch/port.h>

/* Distributor, 4.3, and CPU interface, 4.4: indices of words. */
#define GICD_CTLR       0
#define GICD_TYPER      1
#define GICD_ISENABLER  (0x100 / 4)
#define GICD_ICENABLER  (0x180 / 4)
#define GICD_ICPENDR    (0x280 / 4)
#define GICD_IPRIORITYR (0x400 / 4)
#define GICD_ITARGETSR  (0x800 / 4)
#define GICC_CTLR       0
#define GICC_PMR        1
#define GICC_IAR        3
#define GICC_EOIR       4

#define ENABLE         1
#define TYPER_LINES(t) (32 * (((t)&0x1f) + 1))
#define IAR_ID(iar)    ((iar)&0x3ff)
#define ID_SPURIOUS    1020 /* and above */
#define FIRST_SHARED   32
#define ALL_PRIORITIES 0xff
#define PRIORITY       0xa0a0a0a0 /* any, the same for all */
#define FIRST_CPU      0x01010101

static volatile uint32_t *dist, *cpu;
static unsigned shared; /* lines from FIRST_SHARED on that exist and are below GLUE_IRQS */

static void set_mask(unsigned irq, bool masked)
{
	dist[(masked ? GICD_ICENABLER : GICD_ISENABLER) + irq / 32] = 1u << irq % 32;
}

GLUE_INIT void arm_gic_init(void)
{
	unsigned lines;

	dist = arm_map_device(CONFIG_GIC_DIST_BASE);
	cpu = arm_map_device(CONFIG_GIC_CPU_BASE);

	dist[GICD_CTLR] = 0;
	lines = TYPER_LINES(dist[GICD_TYPER]);
	for (unsigned i = 0; i < lines; i += 32) {
		dist[GICD_ICENABLER + i / 32] = ~0u;
		dist[GICD_ICPENDR + i / 32] = ~0u;
	}
	for (unsigned i = 0; i < lines; i += 4)
		dist[GICD_IPRIORITYR + i / 4] = PRIORITY;
	for (unsigned i = FIRST_SHARED; i < lines; i += 4)
		dist[GICD_ITARGETSR + i / 4] = FIRST_CPU;
	shared = (lines < GLUE_IRQS ? lines : GLUE_IRQS) - FIRST_SHARED;
	dist[GICD_CTLR] = ENABLE;
	cpu[GICC_PMR] = ALL_PRIORITIES;
	cpu[GICC_CTLR] = ENABLE;
	set_mask(CONFIG_TIMER_IRQ, false);
}

bool glue_irq_valid(unsigned irq)
{
	return irq - FIRST_SHARED < shared &&
	       (CONFIG_TIMER_IRQ < FIRST_SHARED || irq != CONFIG_TIMER_IRQ);
}

inline void glue_irq_mask(unsigned irq, bool masked)
{
	set_mask(irq, masked);
}

int glue_irq_claim(void)
{
	uint32_t iar = cpu[GICC_IAR];
	unsigned irq = IAR_ID(iar);
	int line = GLUE_IRQ_NONE;

	if (irq >= ID_SPURIOUS)
		return GLUE_IRQ_NONE;
	if (irq == CONFIG_TIMER_IRQ) {
		arm_timer_off();
		line = GLUE_IRQ_TIMER;
	} else {
		set_mask(irq, true);
		if (glue_irq_valid(irq))
			line = (int)irq;
	}
	/* The line has to be off before the interface may signal it again. */
	dsb();
	cpu[GICC_EOIR] = iar;
	return line;
}

bool glue_irq_pending(void)
{
	return (read_isr() & 0x80) != 0; /* ISR.I (DDI 0406C, B4.1.94) */
}
