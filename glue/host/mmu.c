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
enum glue_err walker_prepare(struct glue_space *as, word_t va, unsigned log2, bool map);
void walker_unprepare(struct glue_space *as, word_t va, unsigned log2);
void walker_map(struct glue_space *as, word_t va, paddr_t pa, unsigned log2, unsigned prot,
		enum glue_attr attr);
void walker_unmap(struct glue_space *as, word_t va, unsigned log2);
void walker_clear_referenced(struct glue_space *as, word_t va, unsigned log2);
#define glue_prepare          walker_prepare
#define glue_unprepare        walker_unprepare
#define glue_map              walker_map
#define glue_unmap            walker_unmap
#define glue_clear_referenced walker_clear_referenced

typedef uint64_t pt_entry_t;
#define PT_ROOT(as)   ((as)->root)
#define PT_CURSOR(as) ((as)->cursor)
#define PT_TOP        HOST_USER_BITS
#if __SIZEOF_POINTER__ == 8
#define PT_LEVELS  3
#define PT_SHIFT_0 30
#define PT_SHIFT_1 21
#define PT_SHIFT_2 12
#else
#define PT_LEVELS  2
#define PT_SHIFT_0 20
#define PT_SHIFT_1 12
#endif

#define E_VALID    ((pt_entry_t)1 << 0)
#define E_TABLE    ((pt_entry_t)1 << 1)
#define E_PROT     2
#define E_REF      5
#define E_ATTR     8
#define E_ADDR     (((pt_entry_t)1 << 52) - ((pt_entry_t)1 << 12))
#define E_LOG2     52
#define E_REF_MASK ((pt_entry_t)7 << E_REF)

static inline bool pt_is_table(pt_entry_t e, unsigned level)
{
	(void)level;
	return (e & E_TABLE) != 0;
}

static inline pt_entry_t *pt_table(pt_entry_t e, unsigned level)
{
	/* A table may be smaller than a page: its address has bits below 12, kept above. */
	(void)level;
	return glue_phys_to_virt((e & E_ADDR) | (e >> 52 << 6));
}

static inline pt_entry_t pt_make_table(pt_entry_t *table, unsigned level)
{
	paddr_t pa = glue_virt_to_phys(table);

	(void)level;
	return (pa & E_ADDR) | (pa & 0xfc0) << 46 | E_VALID | E_TABLE;
}

static inline pt_entry_t pt_make_leaf(unsigned level, unsigned log2, paddr_t pa, unsigned prot,
				      enum glue_attr attr)
{
	(void)level;
	return pa | (pt_entry_t)log2 << E_LOG2 | (pt_entry_t)prot << E_PROT |
	       (pt_entry_t)attr << E_ATTR | E_VALID;
}

static inline void pt_read_leaf(pt_entry_t e, unsigned level, struct glue_mapping *m)
{
	(void)level;
	m->log2 = e >> E_LOG2 & 0x3f;
	m->pa = e & E_ADDR;
	m->prot = e >> E_PROT & 7;
	m->referenced = e >> E_REF & 7;
	m->attr = (enum glue_attr)(e >> E_ATTR & 3);
}

static inline pt_entry_t pt_with_referenced(pt_entry_t e, unsigned level, unsigned referenced)
{
	(void)level;
	return (e & ~E_REF_MASK) | (pt_entry_t)referenced << E_REF;
}

static inline void pt_store(pt_entry_t *slot, pt_entry_t e)
{
	*slot = e;
}

static inline void pt_sync(pt_entry_t *first, unsigned n)
{
	(void)first;
	(void)n;
}

#include <common/pagetable.h>

#undef glue_prepare
#undef glue_unprepare
#undef glue_map
#undef glue_unmap
#undef glue_clear_referenced

/* What the contract promises of every range. */
static void require_range(const char *function, const struct glue_space *as, word_t va,
			  unsigned log2)
{
	if (as == NULL || as->root == NULL)
		host_fail("%s: not an address space", function);
	if (log2 < GLUE_PAGE_LOG2 || log2 > HOST_USER_BITS)
		host_fail("%s: range of 2^%u bytes", function, log2);
	if ((va & (((word_t)1 << log2) - 1)) != 0 || va > GLUE_USER_LAST)
		host_fail("%s: range of 2^%u bytes at %lx", function, log2, (unsigned long)va);
}

enum glue_err glue_prepare(struct glue_space *as, word_t va, unsigned log2, bool map)
{
	require_range(__func__, as, va, log2);
	return walker_prepare(as, va, log2, map);
}

void glue_unprepare(struct glue_space *as, word_t va, unsigned log2)
{
	require_range(__func__, as, va, log2);
	walker_unprepare(as, va, log2);
}

void glue_map(struct glue_space *as, word_t va, paddr_t pa, unsigned log2, unsigned prot,
	      enum glue_attr attr)
{
	require_range(__func__, as, va, log2);
	REQUIRE((pa & (((paddr_t)1 << log2) - 1)) == 0);
	REQUIRE(prot != 0 && prot <= GLUE_RWX);
	REQUIRE(attr < GLUE_ATTRS);
	walker_map(as, va, pa, log2, prot, attr);
}

void glue_unmap(struct glue_space *as, word_t va, unsigned log2)
{
	require_range(__func__, as, va, log2);
	walker_unmap(as, va, log2);
}

void glue_clear_referenced(struct glue_space *as, word_t va, unsigned log2)
{
	require_range(__func__, as, va, log2);
	walker_clear_referenced(as, va, log2);
}

void host_mmu_reference(struct glue_space *as, word_t va, unsigned access)
{
	pt_entry_t *table = as->root;
	unsigned level = 0;
	pt_entry_t *slot = pt_slot(table, level, va);

	while (pt_is_table(*slot, level)) {
		table = pt_table(*slot, level);
		level++;
		slot = pt_slot(table, level, va);
	}
	/* Only the entry for va, as a walker would, not all that hold the page. */
	*slot |= (pt_entry_t)access << E_REF;
}

enum glue_err glue_space_init(struct glue_space *as)
{
	REQUIRE(as->root == NULL && as->io == NULL);
	as->root = k_alloc(pt_table_log2(0));
	return as->root ? GLUE_OK : GLUE_ENOMEM;
}

bool glue_space_fini(struct glue_space *as)
{
	REQUIRE(as != host_active_space);
	if (!pt_fini(as))
		return false;
	k_free(as->root, pt_table_log2(0));
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
