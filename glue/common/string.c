/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * common/string.c - what the compiler calls: copying and filling memory, a word at a time where
 * the alignment allows, and the rest, which the linker drops where nothing needs it.
 */
#include <stdint.h>

#include <common/string.h>

/* Without this GCC recognises the loops below and compiles them to calls of themselves. */
#pragma GCC optimize("no-tree-loop-distribute-patterns")

/* The compiler may emit a call after link-time optimisation has dropped "unused" code. */
#define LIBCALL __attribute__((used))

typedef uintptr_t __attribute__((may_alias)) chunk_t;
#define CHUNK sizeof(chunk_t)

/* In words, if both are aligned; what is not moves by bytes, and nothing large is. */
LIBCALL void *memcpy(void *restrict dst, const void *restrict src, size_t n)
{
	unsigned char *d = dst;
	const unsigned char *s = src;
	unsigned char *const end = d + n, *words = d;

	if (((uintptr_t)d | (uintptr_t)s) % CHUNK == 0)
		words += n & -CHUNK;
	for (; d != words; d += CHUNK, s += CHUNK)
		*(chunk_t *)d = *(const chunk_t *)s;
	while (d != end)
		*d++ = *s++;
	return dst;
}

/* What clears pages, by blocks: a port whose processor has something for it says so. */
#if __has_include(<arch/fill.h>)
#include <arch/fill.h>
#else
#define FILL_BLOCK (8 * CHUNK)

static inline void fill_blocks(void *from, const void *end, chunk_t pattern)
{
	chunk_t *p = from;

	do {
		p[0] = pattern;
		p[1] = pattern;
		p[2] = pattern;
		p[3] = pattern;
		p[4] = pattern;
		p[5] = pattern;
		p[6] = pattern;
		p[7] = pattern;
		p += 8;
	} while (p != end);
}
#endif

LIBCALL void *memset(void *dst, int byte, size_t n)
{
	const chunk_t pattern = (chunk_t)-1 / 0xff * (unsigned char)byte;
	unsigned char *d = dst;
	unsigned char *const end = d + n, *blocks = d;

	if ((uintptr_t)d % CHUNK == 0)
		blocks += n & -FILL_BLOCK;
	if (d != blocks)
		fill_blocks(d, blocks, pattern);
	for (d = blocks; d != end; d++)
		*d = (unsigned char)byte;
	return dst;
}

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
