/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * map.c - MapControl: map, unmap and query pieces of an address space.
 *
 * First all items are read, once, and checked, and the page tables counted that they need. If
 * the pool has as many, they take effect, in order, and nothing can fail any more. An item may
 * cover all of user memory, so this is cut where an interrupt is pending. The thread then issues
 * the call again, and cur->progress says how many items are done and how far the next one is:
 * those that are left are checked and counted anew, as tables may have come and gone meanwhile.
 * A call that was cut can so fail half-way, if another thread changed its message registers or
 * took the last of the memory; nothing but the mappings named in the call is touched then either.
 */
#include <kernel/kernel.h>
#include <kernel/kmem.h>

#define READ   ((word_t)1 << ABI_MAP_READ_BIT)
#define MODIFY ((word_t)1 << ABI_MAP_MODIFY_BIT)

_Static_assert(ABI_ATTR_DEFAULT == GLUE_CACHED && ABI_ATTR_UNCACHED == GLUE_UNCACHED &&
		   ABI_ATTR_WC == GLUE_WC && ABI_ATTR_IO == GLUE_DEVICE && GLUE_ATTRS == 4,
	       "attributes of the interface are those of the contract, and have two bits");
_Static_assert(ABI_X == GLUE_X && ABI_W == GLUE_W && ABI_R == GLUE_R, "and so are rights");

struct call {
	struct space *sp;
	volatile word_t *mr;
	word_t control;
	struct glue_range r; /* of the item under way */
	word_t log2;         /* its size; GLUE_WORD_BITS: all user memory but for the areas */
	word_t read;         /* it has still to be read */
	word_t found;        /* old physical descriptor, its rights in the spare attribute bits */
	word_t referenced;
	word_t item[2 * ABI_MAP_MAX_ITEMS];
};

#define FOUND_RIGHTS_SHIFT 2

/* ---- progress of a call that was cut ----------------------------------------
 * progress[0]: offset in the item, and in the bits below a page: */
#define PROGRESS_CUT        1 /* there is some */
#define PROGRESS_ITEM_SHIFT 1
#define PROGRESS_REF_SHIFT  6
#define PROGRESS_READ       0x200 /* reading the item is not finished */
/* progress[1]: struct call's found */

/* ---- first step: read and check ------------------------------------------------------ */

/* The KIP or UTCB area that shares an address with `fpage`; 0: neither. */
static word_t area_in(const struct space *sp, word_t fpage)
{
	if (sp->kip_area && fpage_overlap(fpage, sp->kip_area))
		return sp->kip_area;
	return sp->utcb_area && fpage_overlap(fpage, sp->utcb_area) ? sp->utcb_area : 0;
}

/* What an item says, as a range, which is empty for a nil fpage; false: it is wrong. */
static bool decode(struct call *c, const word_t *item)
{
	word_t fpage = item[1], frame = item[0] >> ABI_PHYS_ATTR_BITS, rest, fit;
	struct glue_range *r = &c->r;

	r->va = fpage_base(fpage);
	r->page.log2 = GLUE_PAGE_LOG2;
	r->page.referenced = 0;
	r->page.prot = c->control & MODIFY ? fpage_rights(fpage) : 0;
	r->page.attr = (enum glue_attr)(item[0] & ((1u << ABI_PHYS_ATTR_BITS) - 1));
	r->page.pa = (paddr_t)frame << ABI_FPAGE_BASE_SHIFT;
	c->log2 = GLUE_WORD_BITS;
	if (unlikely(!fpage_valid(fpage))) {
		r->va = !fpage;
		r->last = fpage ? GLUE_USER_LAST : 0;
		return !fpage || (fpage == ABI_FPAGE_COMPLETE_SIZE << ABI_FPAGE_SIZE_SHIFT &&
				  !(c->control & READ));
	}
	c->log2 = fpage_log2(fpage);
	rest = ((word_t)1 << c->log2) - 1;
	r->last = r->va + rest;
	if (c->log2 != GLUE_PAGE_LOG2) {
		fit = (word_t)GLUE_PAGE_SIZES & (rest << 1 | 1);
		r->page.log2 = (unsigned)(GLUE_WORD_BITS - 1 - __builtin_clzl(fit));
	}
	if (area_in(c->sp, fpage))
		return false;
	if (!r->page.prot)
		return true;
	rest >>= ABI_FPAGE_BASE_SHIFT;
	return r->page.attr < GLUE_ATTRS && !(frame & rest) &&
	       (frame | rest) <= (word_t)(GLUE_PHYS_LAST >> ABI_FPAGE_BASE_SHIFT) &&
	       phys_mappable(r->page.pa, c->log2);
}

/* How many tables the decoded item needs, but for those that lead to *near, too; *size is of the
 * pages there. Advances the range. */
static size_t count_tables(struct call *c, word_t *near, unsigned *size)
{
	struct glue_range *r = &c->r;
	size_t n = 0;

	if (c->log2 == GLUE_WORD_BITS) /* nothing is divided */
		return 0;
	while (r->va <= r->last) {
		word_t va = r->va;

		n += glue_tables(&c->sp->g, r, *size <= r->page.log2 ? *near : ~va);
		if (r->page.prot) {
			*near = va;
			*size = r->page.log2;
		}
	}
	return n;
}

/* ABI_OK, ABI_ERR_PARAM or ABI_ERR_NO_MEM. The first item is decoded then. */
static unsigned check(struct call *c, word_t first, word_t count)
{
	unsigned size = GLUE_WORD_BITS;
	word_t near = 0;
	size_t tables = 0;
	word_t largest = 0; /* of what is mapped */
	bool counted = false;

	for (word_t i = first; i < count; i++) {
		word_t *item = &c->item[2 * i];

		item[0] = c->mr[2 * i];
		item[1] = c->mr[2 * i + 1];
		/* What can't be mapped is not counted for: it is refused below. */
		if (fpage_rights(item[1]) && fpage_log2(item[1]) > largest &&
		    ((paddr_t)1 << fpage_log2(item[1])) - 1 <= GLUE_PHYS_LAST)
			largest = fpage_log2(item[1]);
	}
	for (word_t i = count; i-- > first;) {
		if (unlikely(!decode(c, &c->item[2 * i])))
			return ABI_ERR_PARAM;
		/* What is done in one piece may fail as long as nothing is done. */
		if (c->control & MODIFY && (count - first > 1 || c->log2 > GLUE_STEP_LOG2)) {
			word_t va = c->r.va;
			unsigned prot = c->r.page.prot;

			/* A part of what another item maps may be unmapped: what is there now
			 * doesn't show whether a page has to be divided then. */
			if (c->log2 < largest)
				c->r.page.prot = GLUE_RWX;
			tables += count_tables(c, &near, &size);
			c->r.va = va;
			c->r.page.prot = prot;
			counted = true;
		}
	}
	return counted && !kmem_has(tables, GLUE_TABLE_LOG2) ? ABI_ERR_NO_MEM : ABI_OK;
}

/* ---- second step: take effect -------------------------------------------------------- */

enum outcome { DONE, CUT, NO_MEM };

/* Read the item's pages from r.va on; and unmap them where it will be modified, at once, so that
 * no reference between is lost. A single one is left to what follows. */
static enum outcome read_pages(struct call *c, word_t base)
{
	struct glue_range *r = &c->r;
	struct glue_space *as = &c->sp->g;
	struct glue_mapping m;

	while (r->va <= r->last) {
		bool there = glue_lookup(as, r->va, &m);
		word_t rest = ((word_t)1 << m.log2) - 1, end = r->va | rest;

		if (end > r->last)
			end = r->last;
		if (there) {
			if (r->va == base)
				c->found = (word_t)((m.pa + (base & rest)) >> ABI_FPAGE_BASE_SHIFT)
					       << ABI_PHYS_ATTR_BITS |
					   m.prot << FOUND_RIGHTS_SHIFT | m.attr;
			c->referenced |= m.referenced;
			if (c->control & MODIFY) {
				struct glue_range u = {.va = r->va, .last = end};

				/* After a cut there may be another page, and this its middle. */
				u.page.log2 = r->va & (((word_t)1 << r->page.log2) - 1)
						  ? GLUE_PAGE_LOG2
						  : r->page.log2;
				while ((u.va != base || end != r->last) && u.va <= end)
					if (glue_map(as, &u) != GLUE_OK)
						return NO_MEM;
			} else if (m.referenced && m.log2 <= c->log2) {
				/* A page of which the item is only a part keeps its bits. */
				glue_clear_referenced(as, r->va);
			}
		}
		r->va = end + 1;
		if (end != r->last && glue_irq_pending())
			return CUT;
	}
	return DONE;
}

/* Confine the range, of all user memory from r->va on, to what is before the next area. */
static void avoid_areas(const struct space *sp, struct glue_range *r)
{
	const word_t areas[] = {sp->kip_area, sp->utcb_area};
	word_t va;

	do {
		va = r->va;
		r->last = GLUE_USER_LAST;
		for (word_t i = 0; i < 2; i++) {
			word_t base = fpage_base(areas[i]), offset = r->va - base;
			word_t size = areas[i] ? (word_t)1 << fpage_log2(areas[i]) : 0;

			if (offset < size)
				r->va = base + size;
			else if (size && base - r->va <= r->last - r->va)
				r->last = base - 1;
		}
	} while (va != r->va);
}

/* Do the decoded item, from `offset` on. */
static enum outcome apply(struct call *c, word_t offset)
{
	struct glue_range *r = &c->r;
	const word_t base = r->va, last = r->last;
	const paddr_t pa = r->page.pa;
	enum outcome end = DONE;

	r->va += offset;
	if (c->read) {
		end = read_pages(c, base);
		if (end == DONE) {
			c->read = false;
			r->va = base;
		}
	}
	if (c->control & MODIFY) {
		r->page.pa = pa + (r->va - base);
		while (end == DONE && r->va <= last) {
			if (c->log2 == GLUE_WORD_BITS) {
				avoid_areas(c->sp, r);
				if (r->va > last)
					break;
			}
			if (glue_map(&c->sp->g, r) != GLUE_OK)
				end = NO_MEM;
			else if (r->va <= last && glue_irq_pending())
				end = CUT;
		}
	}
	if (c->control & MODIFY || c->referenced)
		glue_tlb_flush(&c->sp->g, base, c->log2);
	r->va -= base;
	return end;
}

static unsigned take_effect(struct tcb *cur, struct call *c, word_t i, word_t count,
			    word_t progress)
{
	word_t offset = progress & ~(GLUE_PAGE_SIZE - 1);

	c->read = progress ? (progress & PROGRESS_READ) != 0 : (c->control & READ) != 0;
	c->referenced = progress >> PROGRESS_REF_SHIFT & GLUE_RWX;
	c->found = progress ? cur->progress[1] : 0;
	for (;; offset = 0) {
		enum outcome end = DONE;

		if (c->r.va <= c->r.last) {
			word_t page = ((word_t)1 << c->r.page.log2) - 1;

			/* The message registers were read again, and may have been changed. */
			if (offset > c->r.last - c->r.va ||
			    (c->r.page.prot && !c->read && offset & page))
				return ABI_ERR_PARAM;
			end = apply(c, offset);
		}
		if (end == NO_MEM)
			return ABI_ERR_NO_MEM;
		if (end == CUT) {
			cur->progress[0] = c->r.va | PROGRESS_CUT | i << PROGRESS_ITEM_SHIFT |
					   c->referenced << PROGRESS_REF_SHIFT |
					   (c->read ? PROGRESS_READ : 0);
			cur->progress[1] = c->found;
			return SYS_AGAIN;
		}
		if (c->control & READ) {
			word_t rights = (word_t)GLUE_RWX << FOUND_RIGHTS_SHIFT;

			c->mr[2 * i] = c->found & ~rights;
			c->mr[2 * i + 1] = (c->found & rights) >> FOUND_RIGHTS_SHIFT | c->referenced
											   << 4;
		}
		if (++i == count)
			break;
		(void)decode(c, &c->item[2 * i]);
		c->read = c->control & READ;
		c->referenced = 0;
		c->found = 0;
	}
	sys_ret(cur, 0, 1);
	return ABI_OK;
}

/* ---- ports --------------------------------------------------------------------------- */

static bool is_io(word_t fpage)
{
	return fpage_log2(fpage) == ABI_FPAGE_IO_SIZE;
}

/* An I/O fpage, which is the only item of its call: the port's answer is all that there is
 * to prepare. Base in bits 16 and up, log2 of the number of ports in bits 10-15. */
static unsigned io_control(struct tcb *cur, struct call *c, word_t fpage)
{
	word_t port = fpage >> 16, rights = fpage_rights(fpage);
	unsigned log2 = fpage >> 10 & 0x3f;
	struct glue_space *as = &c->sp->g;
	bool had = glue_io_allowed(as, port);
	enum glue_err err;

	if (fpage & 8 || log2 > 16 || port & (((word_t)1 << log2) - 1))
		return ABI_ERR_PARAM;
	/* To allow what is allowed changes nothing, but tells whether there are ports. */
	err = c->control & MODIFY ? glue_io_allow(as, port, log2, rights)
				  : glue_io_allow(as, port, 0, had);
	if (err != GLUE_OK)
		return err == GLUE_ENOMEM ? ABI_ERR_NO_MEM : ABI_ERR_PARAM;
	if (c->control & READ) {
		c->mr[0] = 0;
		c->mr[1] = had ? GLUE_R | GLUE_W : 0;
	}
	sys_ret(cur, 0, 1);
	return ABI_OK;
}

unsigned sys_map_control(struct tcb *cur)
{
	word_t progress = cur->progress[0];
	struct tcb *t = tid_find(sys_arg(cur, 0));
	word_t count, first;
	unsigned err;
	struct call c;

	c.control = sys_arg(cur, 1);
	cur->progress[0] = 0;
	if (unlikely(!cur->privileged))
		return ABI_ERR_NO_PRIVILEGE;
	if (unlikely(!t || !t->g.space))
		return ABI_ERR_SPACE;
	count = (c.control & ABI_MAP_ITEMS_MASK) + 1;
	if (unlikely(count > ABI_MAP_MAX_ITEMS ||
		     c.control & ~(READ | MODIFY | ABI_MAP_ITEMS_MASK)))
		return ABI_ERR_PARAM;
	c.sp = space_of(t);
	c.mr = cur->g.utcb->mr;
	if (c.control & MODIFY)
		k_map_changes++;
	if (count == 1) {
		word_t fpage = c.mr[1];

		if (unlikely(is_io(fpage)))
			return io_control(cur, &c, fpage);
	}
	first = progress >> PROGRESS_ITEM_SHIFT & (ABI_MAP_MAX_ITEMS - 1);
	/* The control word was read again, too. */
	err = first < count ? check(&c, first, count) : ABI_ERR_PARAM;
	if (unlikely(err != ABI_OK))
		return err;
	return take_effect(cur, &c, first, count, progress);
}
