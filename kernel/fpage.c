/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * fpage.c - the arithmetic of fpages: naturally aligned pieces of user memory.
 */
#include <kernel/space.h>

bool fpage_piece(word_t fp, struct piece *p)
{
	return fpage_piece_fast(fp, p);
}

unsigned fpage_page(word_t log2)
{
	word_t fit = (word_t)GLUE_PAGE_SIZES & (((word_t)2 << log2) - 1);

	return (unsigned)(GLUE_WORD_BITS - 1 - __builtin_clzl(fit));
}
