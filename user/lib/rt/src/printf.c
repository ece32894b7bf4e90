/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * printf.c - formatted output.
 */
#include <l4/kdebug.h>
#include <rt/stdio.h>
#include <rt/string.h>
#include <stdbool.h>
#include <stdint.h>

/* Where the characters go: to a buffer, or, where that is NULL, to the console. */
struct out {
	char *buf;
	size_t size, count;
};

struct spec {
	int width, precision; /* -1: none given */
	bool left, zero;
	char length; /* 'h', 'l', 'L' for ll, 'z', 0 */
};

static void emit(struct out *o, char ch)
{
	if (!o->buf)
		L4_KDB_PrintChar(ch);
	else if (o->count + 1 < o->size)
		o->buf[o->count] = ch;
	o->count++;
}

static void pad(struct out *o, char ch, int n)
{
	while (n-- > 0)
		emit(o, ch);
}

static void put_string(struct out *o, const struct spec *s, const char *text)
{
	int len = 0;

	if (!text)
		text = "(null)";
	while ((s->precision < 0 || len < s->precision) && text[len])
		len++;
	if (!s->left)
		pad(o, ' ', s->width - len);
	for (int i = 0; i < len; i++)
		emit(o, text[i]);
	if (s->left)
		pad(o, ' ', s->width - len);
}

static void put_number(struct out *o, const struct spec *s, uint64_t n, unsigned base, bool upper,
		       bool negative)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char text[20];
	int len = 0, zeros, blanks;

	/* A 32-bit machine divides 64-bit numbers by a function: use it only where needed. */
	for (; n > UINT32_MAX; n /= base)
		text[len++] = digits[n % base];
	for (uint32_t low = (uint32_t)n; low || !len; low /= base)
		text[len++] = digits[low % base];

	zeros = s->precision - len;
	if (s->zero && !s->left && s->precision < 0)
		zeros = s->width - len - negative;
	if (zeros < 0)
		zeros = 0;
	blanks = s->width - len - zeros - negative;
	if (!s->left)
		pad(o, ' ', blanks);
	if (negative)
		emit(o, '-');
	pad(o, '0', zeros);
	while (len > 0)
		emit(o, text[--len]);
	if (s->left)
		pad(o, ' ', blanks);
}

/* va_list may be an array type, so it can't be passed by reference as such. */
struct arguments {
	va_list list;
};

static uint64_t next_unsigned(struct arguments *a, char length)
{
	switch (length) {
	case 'l':
		return va_arg(a->list, unsigned long);
	case 'L':
		return va_arg(a->list, unsigned long long);
	case 'z':
		return va_arg(a->list, size_t);
	case 'h':
		return (unsigned short)va_arg(a->list, unsigned);
	default:
		return va_arg(a->list, unsigned);
	}
}

static int64_t next_signed(struct arguments *a, char length)
{
	switch (length) {
	case 'l':
		return va_arg(a->list, long);
	case 'L':
		return va_arg(a->list, long long);
	case 'z':
		return va_arg(a->list, ptrdiff_t);
	case 'h':
		return (short)va_arg(a->list, int);
	default:
		return va_arg(a->list, int);
	}
}

static int parse_number(const char **p, struct arguments *a)
{
	int n = 0;

	if (**p == '*') {
		++*p;
		return va_arg(a->list, int);
	}
	for (; **p >= '0' && **p <= '9'; ++*p)
		n = n * 10 + (**p - '0');
	return n;
}

/* What stands between % and the conversion's letter. */
static const char *parse_spec(const char *p, struct spec *s, struct arguments *a)
{
	*s = (struct spec){.precision = -1};
	for (; *p == '-' || *p == '0'; p++) {
		if (*p == '-')
			s->left = true;
		else
			s->zero = true;
	}
	s->width = parse_number(&p, a);
	if (s->width < 0) {
		s->left = true;
		s->width = -s->width;
	}
	if (*p == '.') {
		p++;
		s->precision = parse_number(&p, a);
	}
	for (; *p == 'h' || *p == 'l' || *p == 'z'; p++)
		s->length = *p == 'l' && s->length == 'l' ? 'L' : *p;
	return p;
}

static void convert(struct out *o, const struct spec *s, char letter, struct arguments *a)
{
	char one[2] = {0, 0};
	int64_t n;

	switch (letter) {
	case 'd':
	case 'i':
		n = next_signed(a, s->length);
		put_number(o, s, n < 0 ? -(uint64_t)n : (uint64_t)n, 10, false, n < 0);
		break;
	case 'u':
		put_number(o, s, next_unsigned(a, s->length), 10, false, false);
		break;
	case 'x':
	case 'X':
		put_number(o, s, next_unsigned(a, s->length), 16, letter == 'X', false);
		break;
	case 'p':
		emit(o, '0');
		emit(o, 'x');
		put_number(o, s, (uintptr_t)va_arg(a->list, void *), 16, false, false);
		break;
	case 'c':
		one[0] = (char)va_arg(a->list, int);
		if (one[0])
			put_string(o, s, one);
		else
			emit(o, '\0');
		break;
	case 's':
		put_string(o, s, va_arg(a->list, const char *));
		break;
	default: /* %%, and what isn't known stands for itself */
		emit(o, letter);
		break;
	}
}

static int format(struct out *o, const char *fmt, va_list list)
{
	struct arguments a;
	struct spec s;

	va_copy(a.list, list);
	for (const char *p = fmt; *p; p++) {
		if (*p != '%') {
			emit(o, *p);
			continue;
		}
		p = parse_spec(p + 1, &s, &a);
		if (!*p)
			break;
		convert(o, &s, *p, &a);
	}
	va_end(a.list);
	return (int)o->count;
}

int vprintf(const char *fmt, va_list args)
{
	struct out o = {NULL, 0, 0};

	return format(&o, fmt, args);
}

int printf(const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vprintf(fmt, args);
	va_end(args);
	return n;
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	char nothing;
	struct out o = {size ? buf : &nothing, size, 0};
	int n = format(&o, fmt, args);

	if (size)
		buf[o.count < size ? o.count : size - 1] = '\0';
	return n;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return n;
}

int putchar(int ch)
{
	L4_KDB_PrintChar(ch);
	return (unsigned char)ch;
}

int puts(const char *s)
{
	return printf("%s\n", s);
}
