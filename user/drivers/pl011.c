/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * pl011.c - ARM's PrimeCell UART. Sections are those of the PL011 technical reference manual,
 * ARM DDI 0183.
 */
#include <config.h>
#include <l4/space.h>
#include <rt/memory.h>

#include "uart.h"

#define UARTDR   0x000 /* 3.3.1: data */
#define UARTIMSC 0x038 /* 3.3.10: interrupt mask; 1: enabled */
#define UARTMIS  0x040 /* 3.3.12: interrupts that are pending and enabled */
#define UARTICR  0x044 /* 3.3.13: write 1 to clear */

#define INT_TX 0x20

static volatile uint32_t *regs;

bool uart_open(void)
{
	regs = (volatile uint32_t *)rt_map(CONFIG_UART_BASE, RT_PAGE_LOG2, L4_ReadWriteOnly,
					   L4_IOMemory);
	return regs != NULL;
}

void uart_close(void)
{
	rt_unmap((void *)regs, RT_PAGE_LOG2);
}

unsigned uart_irq(void)
{
	return CONFIG_UART_IRQ;
}

void uart_tx_interrupt(bool on)
{
	uint32_t mask = regs[UARTIMSC / 4];

	regs[UARTIMSC / 4] = on ? mask | INT_TX : mask & ~(uint32_t)INT_TX;
}

bool uart_tx_acknowledge(void)
{
	bool tx = regs[UARTMIS / 4] & INT_TX;

	regs[UARTICR / 4] = INT_TX;
	return tx;
}

void uart_put(char ch)
{
	regs[UARTDR / 4] = (unsigned char)ch;
}
