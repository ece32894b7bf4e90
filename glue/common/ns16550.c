/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ns16550.c - polled console driver. Registers: PC16550D data sheet (National
 * Semiconductor, 1995), section 8.
 */
#include <common/ns16550.h>
#include <glue/types.h>

enum { THR = 0, DLL = 0, IER = 1, DLM = 1, FCR = 2, LCR = 3, MCR = 4, LSR = 5 };

#define FCR_ENABLE  0x07 /* FIFOs on and emptied */
#define LCR_8N1     0x03
#define LCR_DLAB    0x80 /* registers 0 and 1 are the divisor */
#define MCR_DTR_RTS 0x03
#define MCR_OUT2    0x08 /* lets the interrupt line out on a PC */
#define LSR_ROOM    0x20

/* A character takes 87 us at 115200 baud, a register read about 1 us on an ISA bus. */
#define POLLS 10000

GLUE_INIT void ns16550_init(uint16_t divisor)
{
	ns16550_write(IER, 0);
	ns16550_write(LCR, LCR_DLAB | LCR_8N1);
	ns16550_write(DLL, divisor & 0xff);
	ns16550_write(DLM, divisor >> 8);
	ns16550_write(LCR, LCR_8N1);
	ns16550_write(FCR, FCR_ENABLE);
	ns16550_write(MCR, MCR_DTR_RTS | MCR_OUT2);
}

static void put(char ch)
{
	for (unsigned i = 0; i < POLLS && !(ns16550_read(LSR) & LSR_ROOM); i++)
		;
	ns16550_write(THR, (uint8_t)ch);
}

void ns16550_putc(char ch)
{
	if (ch == '\n')
		put('\r');
	put(ch);
}
