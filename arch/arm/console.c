/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * console.c - the debug console on a PL011 UART (DDI 0183). Polled; the interrupt and, after
 * boot, the set-up are free for a driver at user level.
 */
#include <arch/cp15.h>
#include <arch/port.h>

/* 3.3, indices of words. */
#define UARTDR    (0x00 / 4)
#define UARTFR    (0x18 / 4)
#define UARTIBRD  (0x24 / 4)
#define UARTFBRD  (0x28 / 4)
#define UARTLCR_H (0x2c / 4)
#define UARTCR    (0x30 / 4)
#define UARTIMSC  (0x38 / 4)

#define FR_TXFF      0x20
#define LCR_H_8_FIFO 0x70
#define CR_ENABLE    0x301 /* receiver, transmitter, UART */

/* 115200 baud from the usual 24 MHz: divisor 13 + 1/64. */
#define BAUD_INTEGER  13
#define BAUD_FRACTION 1

/* A full FIFO has room again after one character, 87 us at 115200 baud. A register of the
 * UART takes 10 ns at the very least. */
#define POLLS 100000

static volatile uint32_t *uart;

GLUE_INIT void arm_console_init(void)
{
	uart = arm_map_device(CONFIG_UART_BASE);
	uart[UARTCR] = 0;
	uart[UARTIBRD] = BAUD_INTEGER;
	uart[UARTFBRD] = BAUD_FRACTION;
	uart[UARTLCR_H] = LCR_H_8_FIFO;
	uart[UARTIMSC] = 0;
	uart[UARTCR] = CR_ENABLE;
}

static void put(char ch)
{
	for (unsigned i = 0; i < POLLS && (uart[UARTFR] & FR_TXFF); i++)
		;
	uart[UARTDR] = (unsigned char)ch;
}

void glue_putc(char ch)
{
	if (uart == NULL)
		return;
	if (ch == '\n')
		put('\r');
	put(ch);
}
