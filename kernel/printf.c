/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * printf.c - formatted output to the debug console, without a buffer: it works in any state
 * of the kernel.
 */
#include <glue/glue.h>
#include <kernel/print.h>

void k_vprintf(const char *fmt, va_list args)
{
	for (; *fmt; fmt++) {
		unsigned width = 0, longs = 0, len = 1, base = 10;
		char digits[20]; /* 2^64 has 20 */
		char *first = digits + sizeof(digits);
		const char *text;
		char pad = ' ';
		uint64_t v;

		if (*fmt == '%') {
			if (*++fmt == '0')
				pad = '0';
			for (; *fmt >= '0' && *fmt <= '9'; fmt++)
				width = width * 10 + (unsigned)(*fmt - '0');
			for (; *fmt == 'l'; fmt++)
				longs++;
			switch (*fmt) {
			case 's':
				text = va_arg(args, const char *);
				if (!text)
					text = "(null)";
				for (len = 0; text[len]; len++) {
				}
				goto put;
			case 'x':
				base = 16;
				/* fall through */
			case 'u':
				v = longs > 1    ? va_arg(args, uint64_t)
				    : longs == 1 ? va_arg(args, unsigned long)
						 : va_arg(args, unsigned);
				do {
					uint64_t next = v / base;

					*--first = "0123456789abcdef"[v - next * base];
					v = next;
				} while (v);
				text = first;
				len = (unsigned)(digits + sizeof(digits) - first);
				goto put;
			case '\0': /* a lone % at the end */
				return;
			}
		}
		text = fmt;
	put:
		for (; width > len; width--)
			glue_putc(pad);
		for (; len; len--)
			glue_putc(*text++);
	}
}

void k_printf(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	k_vprintf(fmt, args);
	va_end(args);
}
