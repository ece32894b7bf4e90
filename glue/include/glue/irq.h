/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * glue/irq.h - device interrupts and time.
 */
#ifndef GLUE_IRQ_H
#define GLUE_IRQ_H

#include <glue/types.h>

#define GLUE_IRQ_NONE  (-1) /* nothing, or spurious */
#define GLUE_IRQ_TIMER (-2) /* the deadline of glue_timer_arm has passed; the timer is off */

/* Take the most urgent pending interrupt: its line, which is masked and acknowledged when
 * this returns (a later edge or a still-asserted level is seen again after unmasking), or
 * GLUE_IRQ_TIMER, or GLUE_IRQ_NONE. Only from k_interrupt. */
int glue_irq_claim(void);

/* True if user level may be given line irq: it exists, and the kernel doesn't use it itself. */
bool glue_irq_valid(unsigned irq);

/* Mask or unmask line irq, of which that is true. */
void glue_irq_mask(unsigned irq, bool masked);

/* Time since boot in ticks of the port's clock. Monotonic, 64 bits, never wraps: a
 * port with a shorter counter keeps the upper part itself, by interrupts of its own that the
 * kernel need not hear of, if nobody asks for the time or a timer for long. */
uint64_t glue_clock(void);

/* Ticks per millisecond; constant after boot. */
uint32_t glue_clock_khz(void);

#define GLUE_TIMER_OFF UINT64_MAX
/* Raise one GLUE_IRQ_TIMER as soon as glue_clock() >= deadline, at once if it already is;
 * replaces the deadline before. GLUE_TIMER_OFF: none. A deadline too far for the hardware
 * may be raised early: the kernel looks at the clock and arms it again. */
void glue_timer_arm(uint64_t deadline);

#endif
