/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * map.c - MapControl: map, unmap and query pieces of an address space.
 *
 * Two passes over the items. The first reads and checks each, and counts the page tables that it
 * may need. If the pool has as many, the second pass makes the items take effect, in order, and
 * nothing can fail any more. Between items, and between the pieces of a large one, both look for
 * interrupts. Where one is pending the call is cut: the thread issues it again, cur->progress says
 * how far it is, and each item is read and checked anew before more of it takes effect. So a call
 * that was cut can fail half-way, if another thread changed its message registers or took the
 * last of the memory; nothing but the mappings named in the call is touched then either.
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
	word_t control;
	struct glue_range r; /* of the item under way */
	word_t log2;         /* its size; GLUE_WORD_BITS: all user memory but for the areas */
	word_t at, note;     /* cur->progress */
};

/* `at`: 0 is the beginning. How far the item under way is, in whole pages, and below: */
#define AT_ITEM      0x1f /* its number */
#define AT_EFFECT    0x20 /* second pass */
#define AT_MODIFY    0x40 /* it has been read */
#define AT_REF_SHIFT 7    /* its referenced bits so far */

_Static_assert(ABI_MAP_MAX_ITEMS == AT_ITEM + 1 && GLUE_RWX << AT_REF_SHIFT < GLUE_PAGE_SIZE,
	       "all of it is below a page");

/* `note`, first pass: log2 of the largest item so far that maps, below the number of tables. */
#define NOTE_LOG2         0x3f
#define NOTE_TABLES_SHIFT 6

/* `note`, second pass: what the item reads, the rights below the physical descriptor. */
#define NOTE_DESC_SHIFT 3

/* ---- an item --------------------------------------------------------------------------- */

/* What an item says, as a range, which is empty for a nil fpage; false: it is wrong. */
static bool decode(struct call *c, word_t desc, word_t fpage)
{
	struct glue_range *r = &c->r;
	word_t first;
	struct piece p;

	r->page.log2 = GLUE_PAGE_LOG2;
	r->page.referenced = 0;
	r->page.prot = 0;
	if (!fpage_piece(fpage, &p)) {
		c->log2 = GLUE_WORD_BITS;
		r->va = fpage ? 0 : GLUE_USER_LAST + 1;
		r->last = GLUE_USER_LAST;
		return !fpage || (fpage == ABI_FPAGE_COMPLETE_SIZE << ABI_FPAGE_SIZE_SHIFT &&
				  !(c->control & READ));
	}
	r->va = p.base;
	r->last = p.base | p.rest;
	c->log2 = fpage_log2(fpage);
	r->page.log2 = fpage_page(c->log2);
	for (word_t i = 0; i < 2; i++)
		if (pieces_overlap(&p, &c->sp->areas[i]))
			return false;
	if (!(c->control & MODIFY) || !fpage_rights(fpage))
		return true;
	r->page.prot = fpage_rights(fpage);
	r->page.attr = desc_attr(desc);
	first = desc_frame(desc);
	r->page.pa = frame_address(first);
	return !(desc & desc_zeros(p.rest)) &&
	       phys_mappable(first, first | p.rest >> GLUE_PAGE_LOG2);
}

/* Add the tables that the decoded item may need. */
static void count_tables(struct call *c)
{
	word_t largest = c->note & NOTE_LOG2;

	if (c->log2 == GLUE_WORD_BITS) /* all or nothing: nothing is divided */
		return;
	if (c->r.page.prot && c->log2 > largest)
		c->note += c->log2 - largest;
	/* A part of what an item before this maps may be unmapped: what is there now doesn't show
	 * whether a page has to be divided then. */
	if (c->log2 < largest)
		c->r.page.prot = GLUE_RWX;
	c->note += glue_tables(&c->sp->g, &c->r) << NOTE_TABLES_SHIFT;
}

/* ---- taking effect --------------------------------------------------------------------- */

/* Read the page at r->va, and go on behind it; and unmap it where the item will be modified, at
 * once, so that no reference between is lost. */
static enum glue_err read_page(struct call *c, word_t base)
{
	struct glue_space *as = &c->sp->g;
	struct glue_range u, *r = &c->r;
	bool there = glue_lookup(as, r->va, &u.page);
	word_t rest = ((word_t)1 << u.page.log2) - 1;

	u.va = r->va;
	u.last = u.va | rest;
	if (u.last > r->last)
		u.last = r->last;
	r->va = u.last + 1;
	if (!there)
		return GLUE_OK;
	if (u.va == base)
		c->note = ((word_t)((u.page.pa + (base & rest)) >> ABI_FPAGE_BASE_SHIFT)
			       << ABI_PHYS_ATTR_BITS |
			   u.page.attr)
			      << NOTE_DESC_SHIFT |
			  u.page.prot;
	c->at |= u.page.referenced << AT_REF_SHIFT;
	if (c->control & MODIFY) {
		u.page.prot = 0;
	} else {
		/* A page of which the item is only a part keeps its bits. */
		if (!u.page.referenced || u.page.log2 > c->log2)
			return GLUE_OK;
		u.page.referenced = 0;
		u.va &= ~rest;
	}
	do {
		if (glue_map(as, &u) != GLUE_OK)
			return GLUE_ENOMEM;
	} while (u.va <= u.last);
	return GLUE_OK;
}

/* All user memory is unmapped but for the areas: take the range to the end of the area that r->va
 * is in, and say so by false; or confine it to what is before the next one. */
static bool outside_areas(const struct space *sp, struct glue_range *r)
{
	r->last = GLUE_USER_LAST;
	for (const struct piece *p = sp->areas; p != &sp->areas[2]; p++) {
		if (piece_has(p, r->va)) {
			r->va = (p->base | p->rest) + 1;
			return false;
		}
		/* One that begins before r->va is further away than anything. */
		if (p->base - 1 - r->va < r->last - r->va)
			r->last = p->base - 1;
	}
	return true;
}

/* Do the decoded item, from where it was cut on. ABI_OK; SYS_AGAIN: cut; or an error. */
static unsigned take_effect(struct call *c)
{
	struct glue_range *r = &c->r;
	const word_t base = r->va, last = r->last;
	word_t offset = c->at & ~(GLUE_PAGE_SIZE - 1);
	unsigned result = ABI_OK;

	c->at -= offset;
	if (!(c->control & READ))
		c->at |= AT_MODIFY;
	/* The message registers were read again, and may have been changed. */
	if (offset > last - base)
		return ABI_ERR_PARAM;
	if (c->at & AT_MODIFY && r->page.prot)
		offset &= -((word_t)1 << r->page.log2);
	r->va += offset;
	if (c->at & AT_MODIFY)
		r->page.pa += offset;
	for (;;) {
		enum glue_err err = GLUE_OK;

		if (r->va > last) {
			if (c->at & AT_MODIFY)
				break;
			c->at |= AT_MODIFY;
			r->va = base;
		} else if (!(c->at & AT_MODIFY)) {
			err = read_page(c, base);
		} else if (!(c->control & MODIFY)) {
			break;
		} else if (c->log2 != GLUE_WORD_BITS || outside_areas(c->sp, r)) {
			err = glue_map(&c->sp->g, r);
		}
		if (err != GLUE_OK) {
			result = ABI_ERR_NO_MEM;
			break;
		}
		if (r->va <= last && glue_irq_pending()) {
			result = SYS_AGAIN;
			break;
		}
	}
	if (c->control & MODIFY || c->at >> AT_REF_SHIFT)
		glue_tlb_flush(&c->sp->g, base, last - base);
	c->at += r->va - base;
	return result;
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
	word_t *mr = cur->g.utcb->mr;
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
		mr[0] = 0;
		mr[1] = had ? GLUE_R | GLUE_W : 0;
	}
	return ABI_OK;
}

/* Both passes over the items, from c->at on. The control word was read again, too. */
static unsigned do_items(struct tcb *cur, struct call *c)
{
	const word_t last = c->control & AT_ITEM;
	volatile word_t *mr = cur->g.utcb->mr;
	unsigned err;

	if (c->control & ~(READ | MODIFY | AT_ITEM))
		return ABI_ERR_PARAM;
	for (;;) {
		word_t i = c->at & AT_ITEM;
		volatile word_t *item = &mr[2 * i];
		word_t desc = item[0], fpage = item[1];

		if (unlikely(i > last))
			return ABI_ERR_PARAM;
		if (unlikely(!decode(c, desc, fpage)))
			return !last && is_io(fpage) ? io_control(cur, c, fpage) : ABI_ERR_PARAM;
		if (c->at & AT_EFFECT) {
			err = take_effect(c);
			if (err != ABI_OK)
				return err;
			if (c->control & READ) {
				item[0] = c->note >> NOTE_DESC_SHIFT;
				item[1] = (c->note & GLUE_RWX) | (c->at >> AT_REF_SHIFT & GLUE_RWX)
								     << 4;
			}
			if (i == last)
				return ABI_OK;
			c->note = 0;
			c->at = AT_EFFECT | (i + 1);
		} else {
			if (c->control & MODIFY)
				count_tables(c);
			c->at++;
			if (i == last) {
				if (!kmem_has(c->note >> NOTE_TABLES_SHIFT, GLUE_TABLE_LOG2))
					return ABI_ERR_NO_MEM;
				c->at = AT_EFFECT;
				c->note = 0;
			}
		}
		if (glue_irq_pending())
			return SYS_AGAIN;
	}
}

NOINLINE unsigned map_items(struct tcb *cur, struct space *sp, word_t control, word_t at)
{
	struct call c;
	unsigned err;

	c.sp = sp;
	c.control = control;
	c.at = at;
	c.note = at ? cur->progress[1] : 0;
	err = do_items(cur, &c);
	if (err == SYS_AGAIN) {
		cur->progress[0] = c.at;
		cur->progress[1] = c.note;
	} else if (err == ABI_OK) {
		sys_ret(cur, 0, 1);
	}
	return err;
}
