/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ns16550_port.c - the registers of an NS16550 as I/O ports (ia32).
 */
#include <config.h>
#include <l4/space.h>
#include <l4/thread.h>

#include "ns16550.h"

static L4_Fpage_t ports(void)
{
	return L4_IoFpageLog2(CONFIG_UART_BASE, 3);
}

bool ns16550_attach(void)
{
	return L4_MapFpage(L4_Myself(), L4_FpageAddRights(ports(), L4_FullyAccessible),
			   L4_PhysDesc(0, L4_DefaultMemory)) != 0;
}

void ns16550_detach(void)
{
	(void)L4_UnmapFpage(L4_Myself(), ports());
}

uint8_t ns16550_read(unsigned reg)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"((uint16_t)(CONFIG_UART_BASE + reg)));
	return value;
}

void ns16550_write(unsigned reg, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"((uint16_t)(CONFIG_UART_BASE + reg)));
}
