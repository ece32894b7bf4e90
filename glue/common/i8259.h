/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * common/i8259.h - a pair of cascaded 8259A interrupt controllers, as on a PC. A port says
 * how the registers are reached, and learns the line from the vector (ia32) or by
 * i8259_poll.
 */
#ifndef COMMON_I8259_H
#define COMMON_I8259_H

#include <stdbool.h>
#include <stdint.h>

#define I8259_LINES   16
#define I8259_CASCADE 2 /* the slave hangs on this line of the master */

/* The port's: register a0 (0 or 1) of the master (slave false) or the slave. */
uint8_t i8259_read(bool slave, unsigned a0);
void i8259_write(bool slave, unsigned a0, uint8_t v);

/* Vectors vector ... vector + 15 (a multiple of 8), every line masked. Edge or level is the
 * business of the chip set's ELCR, which stays as the firmware set it. */
void i8259_init(unsigned vector);

/* `line` is not the cascade, here and in i8259_claim. */
void i8259_mask(unsigned line);
void i8259_unmask(unsigned line);

/* The CPU has acknowledged `line`: mask it and end the interrupt, so that others get
 * through. False: it was spurious, nothing is masked. */
bool i8259_claim(unsigned line);

/* Acknowledge the most urgent interrupt by poll command; its line, or -1. */
int i8259_poll(void);

/* True if a line that is not masked asks for service. */
bool i8259_pending(void);

#endif
