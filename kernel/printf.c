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
	static const char digits[] = "0123456789abcdef";
	uint64_t upper = v / base;

	if (upper)
		put_number(upper, base, width - 1, pad);
	else
		for (; width > 1; width--)
			glue_putc(pad);
	glue_putc(digits[v - upper * base]);
}

/* A conversion is '%', a width or none, with a zero before it or without, any number of "l", and s,
 * u or x; anything else there is printed. */
void k_vprintf(const char *fmt, va_list args)
{
	char ch;

	while ((ch = *fmt++) != '\0') {
		unsigned longs = 0;
		char pad = ' ';
		int width = 0;

		if (ch == '%') {
			for (;; width = width * 10 + (ch - '0')) {
				while ((ch = *fmt++) == 'l')
					longs++;
				if (ch < '0' || ch > '9')
					break;
				if (ch == '0' && !width)
					pad = '0';
			}
			if (ch == 's') {
				const char *text = va_arg(args, const char *);

				while (text && *text)
					glue_putc(*text++);
				continue;
			}
			if (ch == 'x' || ch == 'u') {
				put_number(longs > (sizeof(long) < 8) ? va_arg(args, uint64_t)
					   : longs                    ? va_arg(args, unsigned long)
								      : va_arg(args, unsigned),
					   ch == 'x' ? 16 : 10, width, pad);
				continue;
			}
			if (ch == '\0') /* a lone % at the end */
				return;
		}
		glue_putc(ch);
	}
}

void k_printf(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	k_vprintf(fmt, args);
	va_end(args);
}
