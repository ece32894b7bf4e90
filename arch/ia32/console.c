/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * console.c - the debug console: the board's first serial port.
 */
#include <glue/glue.h>
#include <common/ns16550.h>
#include <config.h>

#include "cpu.h"
#include "port.h"

#define DIVISOR 1 /* 1.8432 MHz / 16: 115200 baud */

uint8_t ns16550_read(unsigned reg)
{
	return inb((uint16_t)(CONFIG_UART_BASE + reg));
}

void ns16550_write(unsigned reg, uint8_t v)
{
	outb((uint16_t)(CONFIG_UART_BASE + reg), v);
}

GLUE_INIT void console_init(void)
{
	ns16550_init(DIVISOR);
}

void glue_putc(char ch)
{
	ns16550_putc(ch);
}
