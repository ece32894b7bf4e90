/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * cache.c - CacheControl.
 *
 * Two passes over the ranges: the first sees that all of them are mapped, the second does
 * the work, a page at a time. The ranges stay in the message registers, so a call that was
 * cut reads them again; each page is looked up before it is touched, in both passes.
 */
#include <kernel/kernel.h>

/* Where a call is: in a thread's progress word, the page (0: the start of the range), and in the
 * bits below a page the item and the pass. Zero is the beginning. */
#define POSITION_WORK (ABI_CACHE_ITEMS_MASK + 1) /* second pass */

_Static_assert(POSITION_WORK * 2 <= GLUE_PAGE_SIZE, "item and pass are below a page");

static const uint8_t ops[ABI_CACHE_OPS] = {
    [ABI_CACHE_FLUSH_ALL] = GLUE_CACHE_ALL, [ABI_CACHE_CLEAN_D] = GLUE_CACHE_CLEAN,
    [ABI_CACHE_INVAL_D] = GLUE_CACHE_INVAL, [ABI_CACHE_FLUSH_D] = GLUE_CACHE_FLUSH,
    [ABI_CACHE_SYNC_I] = GLUE_CACHE_SYNC_I,
};

/* `len` bytes at va, in one page. `own`: the space is in force. */
static void do_page(bool own, enum glue_cache_op op, word_t va, word_t len,
		    const struct glue_mapping *m)
{
	paddr_t pa = m->pa + (va & (((word_t)1 << m->log2) - 1));

	if (own)
		glue_cache(op, va, len, true);
	else if (pa <= GLUE_DIRECT_LAST)
		glue_cache(op, (word_t)glue_phys_to_virt(pa), len, false);
	else
		glue_cache(GLUE_CACHE_ALL, 0, 0, false);
}

/* Both passes over `items` ranges, from `pos` on. */
static unsigned do_items(struct tcb *cur, struct space *sp, enum glue_cache_op op, word_t items,
			 word_t pos)
{
	volatile const word_t *mr = cur->g.utcb->mr;
	struct glue_mapping m;

	for (;;) {
		word_t item = pos & ABI_CACHE_ITEMS_MASK, work = pos & POSITION_WORK;
		word_t start, len, last, va, end;

		if (item >= items) {
			if (work)
				return ABI_OK;
			pos = POSITION_WORK;
			continue;
		}
		start = mr[2 * item];
		len = mr[2 * item + 1];
		last = start + len - 1;
		va = pos & ~(GLUE_PAGE_SIZE - 1);
		if (va < start)
			va = start;
		if (len == 0 || va > last) {
			if (len != 0 && last < start)
				return ABI_ERR_PARAM;
			pos = work | (item + 1);
			continue;
		}
		if (last > GLUE_USER_LAST || !glue_lookup(&sp->g, va, &m))
			return ABI_ERR_PARAM;
		end = va | (work ? GLUE_PAGE_SIZE - 1 : ((word_t)1 << m.log2) - 1);
		if (work)
			do_page(&sp->g == cur->g.space, op, va, (end < last ? end : last) - va + 1,
				&m);
		if (end >= last) {
			pos = work | (item + 1);
			continue;
		}
		pos = (end + 1) | work | item;
		if (glue_irq_pending()) {
			cur->progress[0] = pos;
			return SYS_AGAIN;
		}
	}
}

unsigned sys_cache_control(struct tcb *cur)
{
	word_t id = sys_arg(cur, 0), control = sys_arg(cur, 1), pos = cur->progress[0];
	word_t items = control >> ABI_CACHE_ITEMS_SHIFT;
	word_t op = control & ((1u << ABI_CACHE_ITEMS_SHIFT) - 1);
	struct tcb *t = id == ABI_NILTHREAD ? cur : tid_find(id);
	unsigned result;

	cur->progress[0] = 0;
	if (!t || !t->g.space || (t->g.space != cur->g.space && !cur->privileged))
		return ABI_ERR_SPACE;
	if (op >= ABI_CACHE_OPS || items > ABI_CACHE_MAX_ITEMS)
		return ABI_ERR_PARAM;
	op = ops[op];
	/* Dropping lines could bring back what memory held before it was cleared for its new
	 * owner, who then would see another's data. */
	if (op == GLUE_CACHE_INVAL && !cur->privileged)
		op = GLUE_CACHE_FLUSH;
	if (op == GLUE_CACHE_ALL) {
		if (items)
			return ABI_ERR_PARAM;
		glue_cache(GLUE_CACHE_ALL, 0, 0, false);
	}
	result = do_items(cur, space_of(t), op, items, pos);
	if (result == ABI_OK)
		sys_ret(cur, 0, 1);
	return result;
}
