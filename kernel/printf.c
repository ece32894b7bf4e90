/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * printf.c - formatted output to the debug console, without a buffer: it works in any state
 * of the kernel.
 */
#include <glue/glue.h>
#include <kernel/print.h>

/* From the highest digit down, so it calls itself: up to 20 times, for 2^64. */
static __attribute__((noinline)) void put_number(uint64_t v, unsigned base, int width, char pad)
{
	uint64_t upper = v / base;

	if (upper)
		put_number(upper, base, width - 1, pad);
	else
		for (; width > 1; width--)
			glue_putc(pad);
	glue_putc("0123456789abcdef"[v - upper * base]);
}

void k_vprintf(const char *fmt, va_list args)
{
	for (; *fmt; fmt++) {
		const char *text;
		unsigned longs = 0;
		char pad = ' ';
		int width = 0;

		if (*fmt != '%') {
			glue_putc(*fmt);
			continue;
		}
		if (*++fmt == '0')
			pad = '0';
		for (; *fmt >= '0' && *fmt <= '9'; fmt++)
			width = width * 10 + (*fmt - '0');
		for (; *fmt == 'l'; fmt++)
			longs++;
		switch (*fmt) {
		case 's':
			for (text = va_arg(args, const char *); text && *text; text++)
				glue_putc(*text);
			break;
		case 'x':
		case 'u':
			put_number(longs > (sizeof(long) < 8) ? va_arg(args, uint64_t)
				   : longs                    ? va_arg(args, unsigned long)
							      : va_arg(args, unsigned),
				   *fmt == 'x' ? 16 : 10, width, pad);
			break;
		case '\0': /* a lone % at the end */
			return;
		default:
			glue_putc(*fmt);
		}
	}
}

void k_printf(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	k_vprintf(fmt, args);
	va_end(args);
}
