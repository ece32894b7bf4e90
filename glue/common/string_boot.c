/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * common/string_boot.c - what of moving and comparing memory and text only booting needs.
 */
#include <stdint.h>

#include <common/string.h>
#include <glue/types.h>

/* Without this GCC recognises the loops below and compiles them to calls of themselves. */
#pragma GCC optimize("no-tree-loop-distribute-patterns")

/* The compiler may emit a call after link-time optimisation has dropped "unused" code. */
#define LIBCALL GLUE_INIT __attribute__((used))

LIBCALL void *memmove(void *dst, const void *src, size_t n)
{
	unsigned char *d = dst;
	const unsigned char *s = src;

	/* Unsigned: true as well when the destination lies below the source. */
	if ((uintptr_t)d - (uintptr_t)s >= n) {
		for (; n > 0; n--)
			*d++ = *s++;
	} else {
		while (n-- > 0)
			d[n] = s[n];
	}
	return dst;
}

LIBCALL int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;

	for (; n > 0; n--, x++, y++) {
		if (*x != *y)
			return *x - *y;
	}
	return 0;
}

LIBCALL size_t strlen(const char *s)
{
	size_t n = 0;

	while (s[n] != '\0')
		n++;
	return n;
}

GLUE_INIT int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}

GLUE_INIT int strncmp(const char *a, const char *b, size_t n)
{
	for (; n > 0; n--, a++, b++) {
		if (*a != *b || *a == '\0')
			return (unsigned char)*a - (unsigned char)*b;
	}
	return 0;
}
