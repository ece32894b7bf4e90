/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * console.c - the debug console on the 16550 of the super-I/O chip. Polled; its interrupt is
 * free for a driver at user level.
 */
#include <common/ns16550.h>

#include <arch/port.h>

#define DIVISOR 1 /* 115200 baud from the 1.8432 MHz of a PC's serial ports */

uint8_t ns16550_read(unsigned reg)
{
	return *(volatile uint8_t *)(UNCACHED(CONFIG_UART_BASE) + (int)reg);
}

void ns16550_write(unsigned reg, uint8_t v)
{
	*(volatile uint8_t *)(UNCACHED(CONFIG_UART_BASE) + (int)reg) = v;
	__asm__ volatile("sync" : : : "memory");
}

GLUE_INIT void mips_console_init(void)
{
	ns16550_init(DIVISOR);
}

void glue_putc(char ch)
{
	ns16550_putc(ch);
}
