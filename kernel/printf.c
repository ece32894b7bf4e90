/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * printf.c - formatted output to the debug console, without a buffer: it works in any state
 * of the kernel.
 */
#include <glue/glue.h>
#include <kernel/print.h>

/* What stands between % and the conversion. */
struct spec {
	bool left, zeros;
	unsigned width, longs;
};

static void put_repeated(char ch, unsigned n)
{
	while (n-- > 0)
		glue_putc(ch);
}

static void put_text(const struct spec *sp, const char *text, unsigned len)
{
	unsigned fill = sp->width > len ? sp->width - len : 0;

	if (!sp->left)
		put_repeated(' ', fill);
	for (unsigned i = 0; i < len; i++)
		glue_putc(text[i]);
	if (sp->left)
		put_repeated(' ', fill);
}

static void put_number(const struct spec *sp, uint64_t v, bool hex, bool negative)
{
	char digits[20]; /* 2^64 has 20 */
	unsigned first = sizeof(digits), len;
	struct spec rest = *sp;

	do {
		uint64_t next = hex ? v >> 4 : v / 10;

		digits[--first] = "0123456789abcdef"[v - next * (hex ? 16 : 10)];
		v = next;
	} while (v);
	len = sizeof(digits) - first;
	if (sp->zeros && !sp->left) {
		if (negative)
			glue_putc('-');
		if (sp->width > len + negative)
			put_repeated('0', sp->width - len - negative);
		rest.width = 0;
	} else if (negative) {
		digits[--first] = '-';
		len++;
	}
	put_text(&rest, digits + first, len);
}

static uint64_t next_number(const struct spec *sp, va_list *args, bool is_signed)
{
	if (sp->longs > 1)
		return va_arg(*args, uint64_t);
	if (sp->longs == 1)
		return is_signed ? (uint64_t)va_arg(*args, long) : va_arg(*args, unsigned long);
	return is_signed ? (uint64_t)va_arg(*args, int) : va_arg(*args, unsigned);
}

static void put_conversion(const struct spec *sp, char conversion, va_list *args)
{
	const char *text;
	unsigned len = 0;
	int64_t v;
	char ch;

	switch (conversion) {
	case 'd':
		v = (int64_t)next_number(sp, args, true);
		put_number(sp, v < 0 ? -(uint64_t)v : (uint64_t)v, false, v < 0);
		break;
	case 'u':
	case 'x':
		put_number(sp, next_number(sp, args, false), conversion == 'x', false);
		break;
	case 'p':
		put_text(&(struct spec){0}, "0x", 2);
		put_number(sp, (uintptr_t)va_arg(*args, void *), true, false);
		break;
	case 's':
		text = va_arg(*args, const char *);
		if (!text)
			text = "(null)";
		while (text[len])
			len++;
		put_text(sp, text, len);
		break;
	case 'c':
		ch = (char)va_arg(*args, int);
		put_text(sp, &ch, 1);
		break;
	default:
		glue_putc(conversion);
		break;
	}
}

void k_vprintf(const char *fmt, va_list list)
{
	va_list args;

	va_copy(args, list); /* whose address can be taken, also where va_list is an array */
	for (; *fmt; fmt++) {
		struct spec sp = {0};

		if (*fmt != '%') {
			glue_putc(*fmt);
			continue;
		}
		for (fmt++; *fmt == '-' || *fmt == '0'; fmt++) {
			if (*fmt == '-')
				sp.left = true;
			else
				sp.zeros = true;
		}
		for (; *fmt >= '0' && *fmt <= '9'; fmt++)
			sp.width = sp.width * 10 + (unsigned)(*fmt - '0');
		for (; *fmt == 'l'; fmt++)
			sp.longs++;
		if (!*fmt)
			break;
		put_conversion(&sp, *fmt, &args);
	}
	va_end(args);
}

void k_printf(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	k_vprintf(fmt, args);
	va_end(args);
}
