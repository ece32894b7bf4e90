/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * uart.h - a serial port, driven at user level by its transmit interrupt.
 *
 * The kernel writes its console to the same device, polling. That is no conflict: the driver
 * owns the interrupt, and neither relies on the state of the other.
 */
#ifndef DRIVERS_UART_H
#define DRIVERS_UART_H

#include <stdbool.h>

/* Get access to the device's registers; privileged. False: L4_ErrorCode() says why not. */
bool uart_open(void);

/* Give up the access. */
void uart_close(void);

/* Its interrupt line. */
unsigned uart_irq(void);

/* Raise an interrupt when the transmitter can take a character, or don't. Switched on
 * after a uart_put, it raises one for that character, too. */
void uart_tx_interrupt(bool on);

/* In the interrupt handler: acknowledge to the device. True: it was the transmitter. */
bool uart_tx_acknowledge(void);

/* Send a character. The transmitter can take one. */
void uart_put(char ch);

#endif
