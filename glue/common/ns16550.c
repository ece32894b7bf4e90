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

GLUE_INIT void ns16550_init(const struct ns16550 *u, uint16_t divisor)
{
	u->write(IER, 0);
	u->write(LCR, LCR_DLAB | LCR_8N1);
	u->write(DLL, divisor & 0xff);
	u->write(DLM, divisor >> 8);
	u->write(LCR, LCR_8N1);
	u->write(FCR, FCR_ENABLE);
	u->write(MCR, MCR_DTR_RTS | MCR_OUT2);
}

static void put(const struct ns16550 *u, char ch)
{
	for (unsigned i = 0; i < POLLS && !(u->read(LSR) & LSR_ROOM); i++)
		;
	u->write(THR, (uint8_t)ch);
}

void ns16550_putc(const struct ns16550 *u, char ch)
{
	if (ch == '\n')
		put(u, '\r');
	put(u, ch);
}
