/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * common/string.c - clearing memory, and what the compiler calls: copying, a word at a time where
 * the alignment allows, and the rest, which the linker drops where nothing needs it.
 */
#include <stdint.h>

#include <common/string.h>
#include <glue/cpu.h>

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

/* What clears memory, by blocks: a port whose processor has something for it says so. */
#if __has_include(<arch/clear.h>)
#include <arch/clear.h>
#else
#define CLEAR_BLOCK (8 * CHUNK)

static inline void clear_blocks(void *from, const void *end)
{
	chunk_t *p = from;

	do {
		p[0] = p[1] = p[2] = p[3] = p[4] = p[5] = p[6] = p[7] = 0;
		p += 8;
	} while (p != end);
}
#endif

_Static_assert(16 * CHUNK % CLEAR_BLOCK == 0, "glue_clear");

void glue_clear(void *from, size_t n)
{
	clear_blocks(from, (char *)from + n);
}

/* Nothing large is filled by it. */
LIBCALL void *memset(void *dst, int byte, size_t n)
{
	unsigned char *d = dst;

	for (; n > 0; n--)
		*d++ = (unsigned char)byte;
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
