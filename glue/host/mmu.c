/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * mmu.c - page tables of the modelled machine: the common walker, behind checks of the
 * contract's preconditions.
 *
 * An entry: bit 0 valid, 1 table, 2-4 rights, 5-7 referenced, 8-9 attribute, 12-51 address,
 * 52-57 log2 of the page size.
 */
#include <string.h>
#include "internal.h"

/* The walker's functions get other names here; the contract's are below. */
enum glue_err walker_map(struct glue_space *as, struct glue_range *r);
bool walker_put(struct glue_space *as, word_t va, word_t rest, word_t frame, word_t prot,
		word_t attr);
size_t walker_tables(const struct glue_space *as, const struct glue_range *r);
#define glue_map    walker_map
#define glue_put    walker_put
#define glue_tables walker_tables

typedef uint64_t pt_entry_t;
#define PT_ROOT(as)   ((as)->root)
#define PT_CURSOR(as) ((as)->cursor)
#define PT_TOP        HOST_USER_BITS
#define ROOT_LOG2     (PT_TOP - PT_ROOT_SHIFT + 3) /* bytes of the root */
#if __SIZEOF_POINTER__ == 8
#define PT_LEVELS 3
#define PT_BITS   9
#else
#define PT_LEVELS 2
#define PT_BITS   8
#endif

#define E_VALID ((pt_entry_t)1 << 0)
#define E_TABLE ((pt_entry_t)1 << 1)
#define E_PROT  2
#define E_REF   5
#define E_ATTR  8
#define E_ADDR  (((pt_entry_t)1 << 52) - ((pt_entry_t)1 << 12))
#define E_LOG2  52

static inline bool pt_is_table(pt_entry_t e, unsigned shift)
{
	(void)shift;
	return (e & E_TABLE) != 0;
}

static inline pt_entry_t *pt_table(pt_entry_t e)
{
	/* A table may be smaller than a page: its address has bits below 12, kept above. */
	return glue_phys_to_virt((e & E_ADDR) | (e >> 52 << 6));
}

static inline pt_entry_t pt_make_table(pt_entry_t *table)
{
	paddr_t pa = glue_virt_to_phys(table);

	return (pa & E_ADDR) | (pa & 0xfc0) << 46 | E_VALID | E_TABLE;
}

static inline pt_entry_t pt_address(paddr_t pa)
{
	return pa;
}

static inline pt_entry_t pt_make_leaf(const struct glue_mapping *m)
{
	return pt_address(m->pa) | (pt_entry_t)m->log2 << E_LOG2 | (pt_entry_t)m->prot << E_PROT |
	       (pt_entry_t)m->referenced << E_REF | (pt_entry_t)m->attr << E_ATTR | E_VALID;
}

static inline void pt_read_leaf(pt_entry_t e, unsigned shift, struct glue_mapping *m)
{
	(void)shift;
	m->log2 = e >> E_LOG2 & 0x3f;
	m->pa = e & E_ADDR & -((pt_entry_t)1 << m->log2);
	m->prot = e >> E_PROT & 7;
	m->referenced = e >> E_REF & 7;
	m->attr = (enum glue_attr)(e >> E_ATTR & 3);
}

static inline bool pt_is_group(pt_entry_t e)
{
	return (e >> E_LOG2 & 0x3f) > GLUE_PAGE_LOG2;
}

#include <common/pagetable.h>

#undef glue_map
#undef glue_put
#undef glue_tables

/* What the contract promises of every range. */
static void require_range(const char *function, const struct glue_space *as,
			  const struct glue_range *r, bool map)
{
	const struct glue_mapping *m = &r->page;
	word_t page = ((word_t)1 << m->log2) - 1;

	if (as == NULL || as->root == NULL)
		host_fail("%s: not an address space", function);
	if ((r->va | (r->last + 1)) & (GLUE_PAGE_SIZE - 1) || r->va > r->last ||
	    r->last > GLUE_USER_LAST)
		host_fail("%s: range from %lx to %lx", function, (unsigned long)r->va,
			  (unsigned long)r->last);
	if (!(GLUE_PAGE_SIZES >> m->log2 & 1))
		host_fail("%s: page of 2^%u bytes", function, m->log2);
	if ((m->prot && (r->va | (r->last + 1)) & page) || m->prot > GLUE_RWX ||
	    (m->prot && map && (m->pa & page || m->referenced || m->attr >= GLUE_ATTRS)))
		host_fail("%s: wrong page for the range from %lx to %lx", function,
			  (unsigned long)r->va, (unsigned long)r->last);
}

enum glue_err glue_map(struct glue_space *as, struct glue_range *r)
{
	require_range(__func__, as, r, true);
	return walker_map(as, r);
}

bool glue_put(struct glue_space *as, word_t va, word_t rest, word_t frame, word_t prot, word_t attr)
{
	struct glue_range r = {.va = va, .last = va + rest};

	r.page = (struct glue_mapping){.pa = (paddr_t)frame << GLUE_PAGE_LOG2,
				       .log2 = GLUE_PAGE_LOG2,
				       .prot = prot,
				       .attr = attr};
	require_range(__func__, as, &r, true);
	if ((rest & (rest + 1)) || rest >> GLUE_PUT_LOG2 ||
	    (va | (prot ? (word_t)r.page.pa : 0)) & rest)
		host_fail("%s: %lx bytes at %lx", __func__, (unsigned long)rest + 1,
			  (unsigned long)va);
	return walker_put(as, va, rest, frame, prot, attr);
}

size_t glue_tables(const struct glue_space *as, const struct glue_range *r)
{
	require_range(__func__, as, r, false);
	return walker_tables(as, r);
}

void host_mmu_reference(struct glue_space *as, word_t va, unsigned access)
{
	unsigned shift;
	pt_entry_t *slot = pt_find(as, va, GLUE_PAGE_LOG2, &shift);
	struct glue_mapping m;
	word_t n;

	pt_read_leaf(*slot, shift, &m);
	n = (word_t)1 << (m.log2 - shift);
	for (slot = (pt_entry_t *)((word_t)slot & -(n * sizeof(*slot))); n > 0; n--)
		*slot++ |= (pt_entry_t)access << E_REF;
}

enum glue_err glue_space_init(struct glue_space *as)
{
	REQUIRE(as->root == NULL && as->io == NULL);
	as->root = k_alloc(ROOT_LOG2);
	return as->root ? GLUE_OK : GLUE_ENOMEM;
}

bool glue_space_fini(struct glue_space *as)
{
	REQUIRE(as != host_active_space);
	if (!pt_fini(as))
		return false;
	k_free_clean(as->root, ROOT_LOG2);
	if (as->io)
		k_free(as->io, 13);
	host_tlb_forget(as);
	memset(as, 0, sizeof(*as));
	return true;
}

#define PORTS 0x10000u

enum glue_err glue_io_allow(struct glue_space *as, word_t port, unsigned log2, bool allow)
{
	if (log2 > 16 || port >= PORTS || (port & (((word_t)1 << log2) - 1)) != 0)
		return GLUE_EINVAL;
	if (as->io == NULL) {
		if (!allow)
			return GLUE_OK;
		as->io = k_alloc(13);
		if (as->io == NULL)
			return GLUE_ENOMEM;
	}
	for (word_t p = port; p < port + ((word_t)1 << log2); p++) {
		uint8_t bit = (uint8_t)(1u << (p & 7));

		as->io[p >> 3] = (uint8_t)(allow ? as->io[p >> 3] | bit : as->io[p >> 3] & ~bit);
	}
	return GLUE_OK;
}

bool glue_io_allowed(const struct glue_space *as, word_t port)
{
	return port < PORTS && as->io != NULL && (as->io[port >> 3] >> (port & 7) & 1) != 0;
}
