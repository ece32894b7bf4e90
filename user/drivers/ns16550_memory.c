/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ns16550_memory.c - the registers of an NS16550 as bytes of physical memory.
 */
#include <config.h>
#include <l4/space.h>
#include <rt/memory.h>

#include "ns16550.h"

static volatile uint8_t *page;

bool ns16550_attach(void)
{
	page = (volatile uint8_t *)rt_map(CONFIG_UART_BASE & ~(uint64_t)(RT_PAGE_SIZE - 1),
					  RT_PAGE_LOG2, L4_ReadWriteOnly, L4_IOMemory);
	return page != NULL;
}

void ns16550_detach(void)
{
	rt_unmap((void *)page, RT_PAGE_LOG2);
}

uint8_t ns16550_read(unsigned reg)
{
	return page[CONFIG_UART_BASE % RT_PAGE_SIZE + reg];
}

void ns16550_write(unsigned reg, uint8_t value)
{
	page[CONFIG_UART_BASE % RT_PAGE_SIZE + reg] = value;
}
