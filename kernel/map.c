/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * map.c - MapControl: map, unmap and query pieces of an address space.
 *
 * A call goes through three steps. All items are read, once, and checked; everything that
 * their effects will need is prepared; then they take effect, in order, and nothing can fail
 * any more. An item may cover all of user memory, so the third step is cut where an
 * interrupt is pending. The thread then issues the call again, and cur->progress says how
 * many items are done and how far the next one is: those that are left are checked and
 * prepared anew, as tables may have come and gone meanwhile. A call that was cut can so fail
 * half-way, if another thread changed its message registers or took the last of the memory;
 * nothing but the mappings named in the call is touched then either.
 */
#include <kernel/kernel.h>

/* How much is unmapped between two looks for interrupts: 256 small pages. */
#define CHUNK_LOG2 20

_Static_assert(ABI_ATTR_DEFAULT == GLUE_CACHED && ABI_ATTR_UNCACHED == GLUE_UNCACHED &&
		   ABI_ATTR_WC == GLUE_WC && ABI_ATTR_IO == GLUE_DEVICE && GLUE_ATTRS == 4,
	       "attributes of the interface are those of the contract, and have two bits");
_Static_assert(ABI_X == GLUE_X && ABI_W == GLUE_W && ABI_R == GLUE_R, "and so are rights");

enum item_kind {
	ITEM_NIL, /* nothing to do */
	ITEM_PIECE,
	ITEM_ALL /* user memory but for the areas; only to unmap */
};

struct item {
	word_t base, last;
	paddr_t pa;
	uint8_t kind, log2, rights, attr;
	bool pinned; /* prepared for mapping */
};

struct call {
	struct space *sp;
	volatile word_t *mr;
	bool read, modify;
	unsigned first, count; /* items first ... count - 1 are left */
	struct item item[ABI_MAP_MAX_ITEMS];
};

/* How far an item is, and what was found so far. */
struct position {
	word_t va;
	word_t found; /* old physical descriptor, its rights in the spare attribute bits */
	unsigned referenced;
	bool flush;
};

#define FOUND_RIGHTS_SHIFT 2

/* ---- progress of a call that was cut ----------------------------------------
 * progress[0]: offset in the item, and in the bits below a page: */
#define PROGRESS_CUT        1 /* there is some */
#define PROGRESS_ITEM_SHIFT 1
#define PROGRESS_REF_SHIFT  6
/* progress[1]: struct position's found */

static void progress_save(struct tcb *cur, const struct call *c, unsigned i,
			  const struct position *p)
{
	cur->progress[0] = (p->va - c->item[i].base) | PROGRESS_CUT | i << PROGRESS_ITEM_SHIFT |
			   p->referenced << PROGRESS_REF_SHIFT;
	cur->progress[1] = p->found;
}

static unsigned progress_item(word_t progress)
{
	return progress >> PROGRESS_ITEM_SHIFT & (ABI_MAP_MAX_ITEMS - 1);
}

/* ---- first step: read and check ------------------------------------------------------ */

/* The KIP or UTCB area that shares an address with `fpage`; 0: neither. */
static word_t area_in(const struct space *sp, word_t fpage)
{
	if (sp->kip_area && fpage_overlap(fpage, sp->kip_area))
		return sp->kip_area;
	return sp->utcb_area && fpage_overlap(fpage, sp->utcb_area) ? sp->utcb_area : 0;
}

static bool decode_memory(struct item *it, word_t desc)
{
	word_t frame = desc >> ABI_PHYS_ATTR_BITS;

	it->attr = desc & ((1u << ABI_PHYS_ATTR_BITS) - 1);
	it->pa = (paddr_t)frame << ABI_FPAGE_BASE_SHIFT;
	return it->attr < GLUE_ATTRS && frame <= GLUE_PHYS_LAST >> ABI_FPAGE_BASE_SHIFT &&
	       !(it->pa & (it->last - it->base)) &&
	       it->pa + (it->last - it->base) <= GLUE_PHYS_LAST && phys_mappable(it->pa, it->log2);
}

static bool decode_item(const struct call *c, struct item *it, word_t desc, word_t fpage)
{
	it->pinned = false;
	it->rights = fpage_rights(fpage);
	it->log2 = fpage_log2(fpage);
	it->base = fpage_base(fpage);
	if (likely(fpage_valid(fpage))) {
		it->kind = ITEM_PIECE;
		it->last = it->base + (((word_t)1 << it->log2) - 1);
		return !area_in(c->sp, fpage) &&
		       (!c->modify || !it->rights || decode_memory(it, desc));
	}
	it->kind = fpage ? ITEM_ALL : ITEM_NIL;
	it->last = GLUE_USER_LAST;
	return !fpage || (fpage == ABI_FPAGE_COMPLETE_SIZE << ABI_FPAGE_SIZE_SHIFT && !c->read);
}

static bool decode(struct call *c)
{
	for (unsigned i = c->first; i < c->count; i++)
		if (!decode_item(c, &c->item[i], c->mr[2 * i], c->mr[2 * i + 1]))
			return false;
	return true;
}

/* ---- second step: prepare ------------------------------------------------------------ */

/* An item that unmaps a part of what an earlier one maps: what is there now doesn't show
 * which tables it will need, so they are prepared as for mapping. */
static bool unmaps_part(const struct call *c, unsigned i)
{
	const struct item *it = &c->item[i];

	for (unsigned j = c->first; j < i; j++) {
		const struct item *e = &c->item[j];

		if (e->kind == ITEM_PIECE && e->rights && e->log2 > it->log2 &&
		    it->base - e->base <= e->last - e->base)
			return true;
	}
	return false;
}

static void unprepare(struct call *c, unsigned from, unsigned end)
{
	for (unsigned i = from; i < end; i++)
		if (c->item[i].pinned)
			glue_unprepare(&c->sp->g, c->item[i].base, c->item[i].log2);
}

static bool prepare(struct call *c)
{
	for (unsigned i = c->first; i < c->count; i++) {
		struct item *it = &c->item[i];
		bool map = it->rights || unmaps_part(c, i);

		if (it->kind != ITEM_PIECE)
			continue;
		if (glue_prepare(&c->sp->g, it->base, it->log2, map) != GLUE_OK) {
			unprepare(c, c->first, i);
			return false;
		}
		it->pinned = map;
	}
	return true;
}

/* ---- third step: take effect --------------------------------------------------------- */

static void read_page(const struct call *c, const struct item *it, struct position *p,
		      const struct glue_mapping *m)
{
	word_t inside = ((word_t)1 << m->log2) - 1;

	if (p->va == it->base)
		p->found = (word_t)((m->pa + (p->va & inside)) >> ABI_FPAGE_BASE_SHIFT)
			       << ABI_PHYS_ATTR_BITS |
			   m->prot << FOUND_RIGHTS_SHIFT | m->attr;
	p->referenced |= m->referenced;
	/* A page of which the item is only a part keeps its bits. */
	if (!c->modify && m->referenced && m->log2 <= it->log2) {
		glue_clear_referenced(&c->sp->g, p->va & ~inside, m->log2);
		p->flush = true;
	}
}

/* How much to unmap at once from va on, where a page of 2^log2 bytes is: a whole chunk, if
 * that is aligned and lies in the item. */
static unsigned unmap_log2(const struct space *sp, const struct item *it, word_t va, unsigned log2)
{
	bool all = it->kind == ITEM_ALL;
	unsigned max = all || it->log2 > CHUNK_LOG2 ? CHUNK_LOG2 : it->log2;

	for (; max > log2; max--) {
		word_t rest = ((word_t)1 << max) - 1;

		if (!(va & rest) && rest <= it->last - va &&
		    !(all && area_in(sp, va | max << ABI_FPAGE_SIZE_SHIFT)))
			return max;
	}
	return log2;
}

/* The first address from va on that is in neither area. */
static word_t skip_areas(const struct space *sp, word_t va)
{
	word_t area;

	while ((area = area_in(sp, va | GLUE_PAGE_LOG2 << ABI_FPAGE_SIZE_SHIFT)))
		va = fpage_base(area) + ((word_t)1 << fpage_log2(area));
	return va;
}

/* Read, or unmap, or both, from p->va on. False: cut. */
static bool walk(const struct call *c, const struct item *it, struct position *p, bool unmap)
{
	struct glue_space *as = &c->sp->g;
	struct glue_mapping m;

	for (;;) {
		if (it->kind == ITEM_ALL)
			p->va = skip_areas(c->sp, p->va);
		if (p->va > it->last)
			return true;
		if (glue_lookup(as, p->va, &m)) {
			if (c->read)
				read_page(c, it, p, &m);
			/* A page that is larger than the item is divided by unmapping a part. */
			if (it->kind == ITEM_PIECE && m.log2 > it->log2)
				m.log2 = it->log2;
			if (unmap) {
				p->va &= ~(((word_t)1 << m.log2) - 1);
				if (!c->read)
					m.log2 = unmap_log2(c->sp, it, p->va, m.log2);
				glue_unmap(as, p->va, m.log2);
				p->flush = true;
			}
		}
		p->va = (p->va | (((word_t)1 << m.log2) - 1)) + 1;
		if (p->va <= it->last && glue_irq_pending())
			return false;
	}
}

static void flush(const struct call *c, const struct item *it)
{
	glue_tlb_flush(&c->sp->g, it->base, it->kind == ITEM_ALL ? GLUE_WORD_BITS : it->log2);
}

/* All of what item `i` does. False: cut. */
static bool apply(const struct call *c, unsigned i, struct position *p)
{
	const struct item *it = &c->item[i];
	struct glue_space *as = &c->sp->g;
	bool small = it->log2 <= CHUNK_LOG2 && it->kind == ITEM_PIECE;
	bool map = c->modify && it->rights, unmap = c->modify && !it->rights;

	if (c->read || (c->modify && !small)) {
		/* What a large piece replaces goes away in steps, before it is mapped. */
		if (!walk(c, it, p, unmap || (map && !small))) {
			if (p->flush)
				flush(c, it);
			return false;
		}
	} else if (unmap) {
		glue_unmap(as, it->base, it->log2);
	}
	if (map)
		glue_map(as, it->base, it->pa, it->log2, it->rights, it->attr);
	if (c->modify || p->flush)
		flush(c, it);
	if (it->pinned && !map)
		glue_unprepare(as, it->base, it->log2);
	return true;
}

static void put_status(const struct call *c, unsigned i, const struct position *p)
{
	word_t rights = p->found >> FOUND_RIGHTS_SHIFT & GLUE_RWX;

	c->mr[2 * i] = p->found & ~((word_t)GLUE_RWX << FOUND_RIGHTS_SHIFT);
	c->mr[2 * i + 1] = rights | p->referenced << 4;
}

static unsigned take_effect(struct tcb *cur, struct call *c, word_t progress, word_t found)
{
	for (unsigned i = c->first; i < c->count; i++) {
		const struct item *it = &c->item[i];
		struct position p = {.va = it->base};

		if (progress) {
			p.va += progress & ~(GLUE_PAGE_SIZE - 1);
			/* The message registers were read again, and may have been changed. */
			if (p.va < it->base || p.va > it->last) {
				unprepare(c, i, c->count);
				return ABI_ERR_PARAM;
			}
			p.referenced = progress >> PROGRESS_REF_SHIFT & GLUE_RWX;
			p.found = found;
			progress = 0;
		}
		if (it->kind != ITEM_NIL && !apply(c, i, &p)) {
			progress_save(cur, c, i, &p);
			unprepare(c, i, c->count);
			return SYS_AGAIN;
		}
		if (c->read)
			put_status(c, i, &p);
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
	err = c->modify ? glue_io_allow(as, port, log2, rights) : glue_io_allow(as, port, 0, had);
	if (err != GLUE_OK)
		return (err == GLUE_ENOMEM ? ABI_ERR_NO_MEM : ABI_ERR_PARAM);
	if (c->read) {
		c->mr[0] = 0;
		c->mr[1] = had ? GLUE_R | GLUE_W : 0;
	}
	sys_ret(cur, 0, 1);
	return ABI_OK;
}

unsigned sys_map_control(struct tcb *cur)
{
	const word_t read = (word_t)1 << ABI_MAP_READ_BIT, modify = (word_t)1 << ABI_MAP_MODIFY_BIT;
	word_t control = sys_arg(cur, 1), progress = cur->progress[0], fpage;
	struct tcb *t = tid_find(sys_arg(cur, 0));
	struct call c;

	cur->progress[0] = 0;
	if (unlikely(!cur->privileged))
		return ABI_ERR_NO_PRIVILEGE;
	if (unlikely(!t || !t->g.space))
		return ABI_ERR_SPACE;
	c.count = (control & ABI_MAP_ITEMS_MASK) + 1;
	if (unlikely(c.count > ABI_MAP_MAX_ITEMS ||
		     control & ~(read | modify | ABI_MAP_ITEMS_MASK)))
		return ABI_ERR_PARAM;
	c.sp = space_of(t);
	c.mr = cur->g.utcb->mr;
	c.read = control & read;
	c.modify = control & modify;
	k_map_changes += c.modify;
	c.first = progress_item(progress);
	if (c.count == 1) {
		fpage = c.mr[1];
		if (unlikely(is_io(fpage)))
			return io_control(cur, &c, fpage);
	}
	if (unlikely(!decode(&c)))
		return ABI_ERR_PARAM;
	if (c.modify && unlikely(!prepare(&c)))
		return ABI_ERR_NO_MEM;
	return take_effect(cur, &c, progress, cur->progress[1]);
}
