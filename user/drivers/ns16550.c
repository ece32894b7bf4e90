/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ns16550.c - the National Semiconductor 16550 UART. Sections are those of its data sheet,
 * PC16550D, June 1995.
 */
#include <config.h>

#include "ns16550.h"
#include "uart.h"

#define THR 0 /* 8.0: transmitter holding register, written with DLAB 0 */
#define IER 1 /* 8.6: interrupt enable register */
#define IIR 2 /* 8.5: interrupt identification register */

#define IER_THRE 0x02 /* transmitter holding register empty */
#define IIR_MASK 0x0f
#define IIR_THRE 0x02 /* cleared by reading IIR, or writing THR */

bool uart_open(void)
{
	return ns16550_attach();
}

void uart_close(void)
{
	ns16550_detach();
}

unsigned uart_irq(void)
{
	return CONFIG_UART_IRQ;
}

void uart_tx_interrupt(bool on)
{
	ns16550_write(IER, on ? IER_THRE : 0);
}

bool uart_tx_acknowledge(void)
{
	return (ns16550_read(IIR) & IIR_MASK) == IIR_THRE;
}

void uart_put(char ch)
{
	ns16550_write(THR, (uint8_t)ch);
}
