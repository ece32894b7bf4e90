/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * common/ns16550.h - the debug console on a PC16550D-compatible UART, polled. A port says
 * how the registers are reached.
 */
#ifndef COMMON_NS16550_H
#define COMMON_NS16550_H

#include <stdint.h>

/* The port's: register 0-7, as in the data sheet. */
uint8_t ns16550_read(unsigned reg);
void ns16550_write(unsigned reg, uint8_t v);

/* 8N1 at the input clock / 16 / divisor baud, FIFOs on, interrupts off. */
void ns16550_init(uint16_t divisor);

/* Send one character, a line feed as CR LF. Waits for room, but not for ever: a UART that
 * isn't there costs a bounded time and nothing else. */
void ns16550_putc(char ch);

#endif
