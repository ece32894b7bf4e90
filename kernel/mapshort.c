/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * mapshort.c - MapControl, and its short way for what nearly always is asked: to map or unmap a
 * small page, or a few.
 */
#include <kernel/kernel.h>

#define MODIFY ((word_t)1 << ABI_MAP_MODIFY_BIT)

/* The short way, for what nearly always is asked: one item, only to modify, of few small pages.
 * It tests all that decode does. What it won't have is left to the long way, with nothing done, and
 * be it wrong; the unit tests hold the two together. */
static inline bool quick(struct space *sp, word_t desc, word_t fpage)
{
	word_t log2 = fpage_log2(fpage), first = desc_frame(desc), rights = fpage_rights(fpage);
	/* With a bit that has to be 0, which is looked at below: then it is the base. */
	struct piece p = {fpage & fpage_zeros(~(word_t)0),
			  ((word_t)1 << (log2 & (GLUE_WORD_BITS - 1))) - 1};

	if (log2 - GLUE_PAGE_LOG2 > GLUE_PUT_LOG2 - GLUE_PAGE_LOG2 || !is_user(p.base) ||
	    p.base & p.rest || pieces_overlap(&p, &sp->kip) || pieces_overlap(&p, &sp->utcbs))
		return false;
	if (rights &&
	    (desc & desc_zeros(p.rest) || !phys_mappable(first, first | p.rest >> GLUE_PAGE_LOG2)))
		return false;
	return glue_put(&sp->g, p.base, p.rest, first, rights, desc_attr(desc));
}

struct glue_ctx *call_map_control(struct tcb *cur)
{
	const volatile word_t *mr = cur->g.utcb->mr;
	word_t space = sys_arg(cur, 0), control = sys_arg(cur, 1), at = cur->progress[0];
	const struct tcb *t = tid_perhaps(space);
	struct space *sp = space_of(t);

	cur->progress[0] = 0;
	if (unlikely(!cur->privileged))
		return sys_end(cur, ABI_ERR_NO_PRIVILEGE);
	if (unlikely(t->g.id != space || !sp))
		return sys_end(cur, ABI_ERR_SPACE);
	k_map_quiet = 0;
	if (likely(!(at | (control ^ MODIFY)))) {
		if (quick(sp, mr[0], mr[1])) {
			sys_ret(cur, 0, 1);
			return &cur->g.ctx; /* nobody was woken */
		}
		control = MODIFY; /* which it is: nothing is to be kept for here */
		at = 0;
	}
	return sys_end(cur, map_items(cur, sp, control, at));
}
