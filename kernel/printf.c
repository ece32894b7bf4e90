/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * printf.c - formatted output to the debug console, without a buffer: it works in any state
 * of the kernel.
 */
#include <glue/glue.h>
#include <kernel/print.h>

static void put(const char *text, unsigned len, unsigned width, char pad)
{
	for (; width > len; width--)
		glue_putc(pad);
	while (len-- > 0)
		glue_putc(*text++);
}

void k_vprintf(const char *fmt, va_list args)
{
	for (; *fmt; fmt++) {
		unsigned width = 0, longs = 0, hex = 0, len = 0;
		char digits[20]; /* 2^64 has 20 */
		char *first = digits + sizeof(digits);
		const char *text = first;
		char pad;
		uint64_t v;

		if (*fmt != '%') {
			glue_putc(*fmt);
			continue;
		}
		pad = *++fmt == '0' ? '0' : ' ';
		for (; *fmt >= '0' && *fmt <= '9'; fmt++)
			width = width * 10 + (unsigned)(*fmt - '0');
		for (; *fmt == 'l'; fmt++)
			longs++;
		switch (*fmt) {
		case 's':
			text = va_arg(args, const char *);
			if (!text)
				text = "(null)";
			while (text[len])
				len++;
			put(text, len, width, ' ');
			continue;
		case 'x':
			hex = 1;
			/* fall through */
		case 'u':
			v = longs > 1    ? va_arg(args, uint64_t)
			    : longs == 1 ? va_arg(args, unsigned long)
					 : va_arg(args, unsigned);
			do {
				uint64_t next = hex ? v >> 4 : v / 10;

				*--first = "0123456789abcdef"[v - next * (hex ? 16 : 10)];
				v = next;
			} while (v);
			put(first, (unsigned)(text - first), width, pad);
			continue;
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
