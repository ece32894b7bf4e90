/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * common/string.c - copying and filling memory, a word at a time where the alignment allows.
 */
#include <stdint.h>

#include <common/string.h>

/* Without this GCC recognises the loops below and compiles them to calls of themselves. */
#pragma GCC optimize("no-tree-loop-distribute-patterns")

/* The compiler may emit a call after link-time optimisation has dropped "unused" code. */
#define LIBCALL __attribute__((used))

typedef uintptr_t __attribute__((may_alias)) chunk_t;
#define CHUNK sizeof(chunk_t)

static inline uintptr_t misaligned(const void *p)
{
	return (uintptr_t)p % CHUNK;
}

LIBCALL void *memcpy(void *restrict dst, const void *restrict src, size_t n)
{
	unsigned char *d = dst;
	const unsigned char *s = src;

	if (misaligned(d) == misaligned(s)) {
		for (; n > 0 && misaligned(d); n--)
			*d++ = *s++;
		for (; n >= CHUNK; n -= CHUNK, d += CHUNK, s += CHUNK)
			*(chunk_t *)d = *(const chunk_t *)s;
	}
	for (; n > 0; n--)
		*d++ = *s++;
	return dst;
}

LIBCALL void *memset(void *dst, int byte, size_t n)
{
	unsigned char *d = dst;
	const chunk_t pattern = (chunk_t)-1 / 0xff * (unsigned char)byte;

	for (; n > 0 && misaligned(d); n--)
		*d++ = (unsigned char)byte;
	for (; n >= 4 * CHUNK; n -= 4 * CHUNK, d += 4 * CHUNK) {
		chunk_t *p = (chunk_t *)d;

		p[0] = pattern;
		p[1] = pattern;
		p[2] = pattern;
		p[3] = pattern;
	}
	for (; n >= CHUNK; n -= CHUNK, d += CHUNK)
		*(chunk_t *)d = pattern;
	for (; n > 0; n--)
		*d++ = (unsigned char)byte;
	return dst;
}
