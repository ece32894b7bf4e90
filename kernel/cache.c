/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * cache.c - CacheControl.
 *
 * Two passes over the ranges: the first sees that all of them are mapped, the second does
 * the work, a page at a time. The ranges stay in the message registers, so a call that was
 * cut reads them again; each page is looked up before it is touched, in both passes. Where the
 * kernel can't reach a page, everything takes the place of the second pass.
 */
#include <kernel/kernel.h>

/* Where a call is: in a thread's progress word, the page (0: the start of the range), and in the
 * bits below a page the item and the pass. Zero is the beginning. */
#define AT_ITEM ABI_CACHE_ITEMS_MASK
#define AT_WORK (AT_ITEM + 1) /* second pass */
#define AT_ALL  (AT_WORK * 2) /* everything; progress[1] is how far */

_Static_assert(AT_ALL * 2 <= GLUE_PAGE_SIZE, "item and pass are below a page");

_Static_assert((word_t)GLUE_CACHE_INVAL + ABI_CACHE_CLEAN_D == ABI_CACHE_INVAL_D &&
		   (word_t)GLUE_CACHE_FLUSH + ABI_CACHE_CLEAN_D == ABI_CACHE_FLUSH_D &&
		   (word_t)GLUE_CACHE_SYNC_I + ABI_CACHE_CLEAN_D == ABI_CACHE_SYNC_I &&
		   GLUE_CACHE_CLEAN == 0,
	       "the contract's operations are in the order of the interface's");

/* A step: the page, or a piece of everything, where *at says. */
static unsigned step(struct tcb *cur, struct space *sp, enum glue_cache_op op, word_t *at)
{
	const volatile word_t *range = &cur->g.utcb->mr[2 * (*at & AT_ITEM)];
	word_t start = range[0], len = range[1], last = start + len - 1;
	word_t va = *at & ~(GLUE_PAGE_SIZE - 1), rest, end;
	struct glue_mapping m;

	if (va < start)
		va = start;
	*at &= GLUE_PAGE_SIZE - 1;
	if (len == 0 || va > last) {
		++*at;
		return len == 0 || start <= last ? ABI_OK : ABI_ERR_PARAM;
	}
	if (!is_user(last) || !glue_lookup(&sp->g, va, &m))
		return ABI_ERR_PARAM;
	rest = ((word_t)1 << m.log2) - 1;
	end = va | rest;
	if (*at & AT_WORK) {
		end = va | (GLUE_PAGE_SIZE - 1);
		if (!glue_cache(op, m.pa + (va & rest), (end < last ? end : last) - va + 1) &&
		    m.attr == GLUE_CACHED)
			*at |= AT_ALL;
	}
	*at += end < last ? end + 1 : 1;
	return ABI_OK;
}

unsigned sys_cache_control(struct tcb *cur)
{
	word_t id = sys_arg(cur, 0), control = sys_arg(cur, 1), at = cur->progress[0];
	word_t items = control >> ABI_CACHE_ITEMS_SHIFT;
	word_t op = control & ((1u << ABI_CACHE_ITEMS_SHIFT) - 1);
	struct space *sp = id == ABI_NILTHREAD ? space_of(cur) : tid_space(id);
	unsigned err;

	cur->progress[0] = 0;
	if (!sp || (sp != space_of(cur) && !cur->privileged))
		return ABI_ERR_SPACE;
	if (op >= ABI_CACHE_OPS || items > (op == ABI_CACHE_FLUSH_ALL ? 0 : ABI_CACHE_MAX_ITEMS))
		return ABI_ERR_PARAM;
	/* Dropping lines could bring back what memory held before it was cleared for its new
	 * owner, who then would see another's data. */
	if (op == ABI_CACHE_INVAL_D && !cur->privileged)
		op = ABI_CACHE_FLUSH_D;
	if (!at) {
		cur->progress[1] = 0;
		if (op == ABI_CACHE_FLUSH_ALL)
			at = AT_ALL;
	}
	do {
		if (at & AT_ALL) {
			cur->progress[1] = glue_cache_all(cur->progress[1]);
			if (cur->progress[1] == 0)
				break;
		} else if ((at & AT_ITEM) >= items) {
			if (at & AT_WORK)
				break;
			at = AT_WORK;
		} else {
			err = step(cur, sp, (enum glue_cache_op)(op - ABI_CACHE_CLEAN_D), &at);
			if (err != ABI_OK)
				return err;
		}
		if (glue_irq_pending()) {
			cur->progress[0] = at;
			return SYS_AGAIN;
		}
	} while (true);
	sys_ret(cur, 0, 1);
	return ABI_OK;
}
