/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * fpage.c - the arithmetic of fpages: naturally aligned pieces of user memory.
 */
#include <kernel/space.h>

bool fpage_piece(word_t fp, struct piece *p)
{
	word_t log2 = fpage_log2(fp);

	if (log2 - GLUE_PAGE_LOG2 >= GLUE_WORD_BITS - GLUE_PAGE_LOG2)
		return false;
	p->base = fpage_base(fp);
	p->rest = ((word_t)1 << log2) - 1;
	return !(fp & fpage_zeros(p->rest)) && is_user(p->base | p->rest);
}

unsigned fpage_page(word_t log2)
{
	word_t fit = (word_t)GLUE_PAGE_SIZES & (((word_t)2 << log2) - 1);

	return (unsigned)(GLUE_WORD_BITS - 1 - __builtin_clzl(fit));
}
