/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * fpage.c - the arithmetic of fpages: naturally aligned pieces of user memory.
 */
#include <kernel/space.h>

#define FPAGE_RESERVED 8 /* bit 3 */

bool fpage_valid(word_t fp)
{
	unsigned log2 = fpage_log2(fp);
	word_t base = fpage_base(fp), rest;

	if (log2 < GLUE_PAGE_LOG2 || log2 >= GLUE_WORD_BITS || fp & FPAGE_RESERVED)
		return false;
	rest = ((word_t)1 << log2) - 1;
	return !(base & rest) && base <= GLUE_USER_LAST && rest <= GLUE_USER_LAST - base;
}

bool fpage_overlap(word_t a, word_t b)
{
	unsigned log2 = fpage_log2(a) > fpage_log2(b) ? fpage_log2(a) : fpage_log2(b);

	return !((fpage_base(a) ^ fpage_base(b)) >> log2);
}

bool fpage_contains(word_t fp, word_t va, word_t len)
{
	word_t size = (word_t)1 << fpage_log2(fp), offset = va - fpage_base(fp);

	return offset < size && len <= size - offset;
}
