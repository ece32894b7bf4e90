/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * rt/stdio.h - formatted output to the kernel's debug console.
 *
 * Conversions: %d %i %u %x %X %c %s %p %%; h, l, ll and z before them; width and precision
 * (also *), and the flags - and 0. No floating point.
 */
#ifndef RT_STDIO_H
#define RT_STDIO_H

#include <stdarg.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Print; return the number of characters. */
int printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int vprintf(const char *fmt, va_list args) __attribute__((format(printf, 1, 0)));

/* Print to buf, at most `size` characters with the final 0; return the number of characters
 * there would be with room for all, without it. */
int snprintf(char *buf, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
    __attribute__((format(printf, 3, 0)));

/* Write one character. */
int putchar(int ch);

/* Write a string and a line feed. */
int puts(const char *s);

#ifdef __cplusplus
}
#endif
#endif
