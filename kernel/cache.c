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

/* Where a call is; packed into a thread's progress word. Zero is the beginning. */
struct position {
	word_t va; /* page-aligned; 0: the start of the range */
	unsigned item;
	bool work; /* second pass */
};

static struct position unpack(word_t w)
{
	return (struct position){w & ~(GLUE_PAGE_SIZE - 1), w & ABI_CACHE_ITEMS_MASK, w >> 6 & 1};
}

static word_t pack(const struct position *p)
{
	return p->va | p->item | (word_t)p->work << 6;
}

/* An operation and the space that it is for. */
struct cache_call {
	struct space *sp;
	enum glue_cache_op op;
	bool own; /* the space is in force */
};

static void do_page(const struct cache_call *c, word_t va, word_t last,
		    const struct glue_mapping *m)
{
	paddr_t pa = m->pa + (va & (((word_t)1 << m->log2) - 1));
	size_t len = last - va + 1;

	if (c->own)
		glue_cache(c->op, va, len, true);
	else if (pa <= GLUE_DIRECT_LAST)
		glue_cache(c->op, (word_t)glue_phys_to_virt(pa), len, false);
	else
		glue_cache(GLUE_CACHE_ALL, 0, 0, false);
}

enum range_result { RANGE_DONE, RANGE_WRONG, RANGE_CUT };

static enum range_result do_range(const struct cache_call *c, word_t start, word_t len,
				  struct position *pos)
{
	word_t last = start + len - 1;
	struct glue_mapping m;

	if (len == 0)
		return RANGE_DONE;
	if (last < start || last > GLUE_USER_LAST)
		return RANGE_WRONG;
	for (word_t va = start < pos->va ? pos->va : start; va <= last; va = pos->va) {
		word_t end;

		if (!glue_lookup(&c->sp->g, va, &m))
			return RANGE_WRONG;
		end = va | (pos->work ? GLUE_PAGE_SIZE - 1 : ((word_t)1 << m.log2) - 1);
		if (pos->work)
			do_page(c, va, end < last ? end : last, &m);
		pos->va = end + 1;
		if (end < last && glue_irq_pending())
			return RANGE_CUT;
	}
	return RANGE_DONE;
}

/* Both passes over `items` ranges. */
static enum range_result do_items(const struct cache_call *c, const volatile word_t *mr,
				  unsigned items, struct position *pos)
{
	for (;;) {
		for (; pos->item < items; pos->item++, pos->va = 0) {
			enum range_result r =
			    do_range(c, mr[2 * pos->item], mr[2 * pos->item + 1], pos);

			if (r != RANGE_DONE)
				return r;
		}
		if (pos->work)
			return RANGE_DONE;
		*pos = (struct position){.work = true};
	}
}

static bool decode_op(unsigned op, const struct tcb *cur, enum glue_cache_op *out)
{
	static const uint8_t ops[ABI_CACHE_OPS] = {
	    [ABI_CACHE_FLUSH_ALL] = GLUE_CACHE_ALL, [ABI_CACHE_CLEAN_D] = GLUE_CACHE_CLEAN,
	    [ABI_CACHE_INVAL_D] = GLUE_CACHE_INVAL, [ABI_CACHE_FLUSH_D] = GLUE_CACHE_FLUSH,
	    [ABI_CACHE_SYNC_I] = GLUE_CACHE_SYNC_I,
	};

	if (op >= ABI_CACHE_OPS)
		return false;
	*out = ops[op];
	/* Dropping lines could bring back what memory held before it was cleared for its new
	 * owner, who then would see another's data. */
	if (*out == GLUE_CACHE_INVAL && !cur->privileged)
		*out = GLUE_CACHE_FLUSH;
	return true;
}

struct glue_ctx *sys_cache_control(struct tcb *cur)
{
	word_t id = sys_arg(cur, 0), control = sys_arg(cur, 1);
	unsigned items = control >> ABI_CACHE_ITEMS_SHIFT & ABI_CACHE_ITEMS_MASK;
	unsigned op = control & ((1u << ABI_CACHE_ITEMS_SHIFT) - 1);
	struct tcb *t = id == ABI_NILTHREAD ? cur : tid_find(id);
	struct position pos = unpack(cur->progress[0]);
	struct cache_call c;

	cur->progress[0] = 0;
	if (!t || !t->g.space || (t->g.space != cur->g.space && !cur->privileged))
		return sys_error(cur, ABI_ERR_SPACE);
	if (!decode_op(op, cur, &c.op) || items > ABI_CACHE_MAX_ITEMS ||
	    control >> ABI_CACHE_ITEMS_SHIFT > ABI_CACHE_ITEMS_MASK ||
	    (c.op == GLUE_CACHE_ALL && items))
		return sys_error(cur, ABI_ERR_PARAM);
	c.sp = space_of(t);
	c.own = t->g.space == cur->g.space;
	if (c.op == GLUE_CACHE_ALL) {
		glue_cache(GLUE_CACHE_ALL, 0, 0, false);
	} else {
		switch (do_items(&c, cur->g.utcb->mr, items, &pos)) {
		case RANGE_WRONG:
			return sys_error(cur, ABI_ERR_PARAM);
		case RANGE_CUT:
			cur->progress[0] = pack(&pos);
			return sys_again(cur);
		default:
			break;
		}
	}
	sys_ret(cur, 0, 1);
	return &cur->g.ctx;
}
