/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * space.c - user page tables. Their shape and the form of entries are those that make the
 * refill in vectors.S short: a page's entry is in its low half what goes into EntryLo (MD00091,
 * "EntryLo0 and EntryLo1"), and in its high half, for a page of more than 4 KiB, what goes into
 * PageMask.
 *
 * TLB entries are pairs of pages. A page of 2^n bytes that is larger than 4 KiB is such a pair,
 * two halves of 2^(n-1) bytes; so it needs no neighbour of the same size.
 *
 * Referenced bits are kept by faults: the valid bit is "was accessed", the dirty bit, which is
 * the right to write, "was written". mips_absorb_fault sets them.
 */
#include <arch/cp0.h>
#include <arch/port.h>

typedef uint64_t pt_entry_t;
#define PT_LEVELS         3
#define PT_TOP            USER_BITS
#define PT_BITS           TABLE_BITS
#define PT_ROOT(as)       ((pt_entry_t *)((as)->root - TABLE_BIAS))
#define PT_CURSOR(as)     ((as)->cursor)
#define PT_FLUSH          mips_tlb_flush
#define PT_SYNC(first, n) __asm__ volatile("" : : : "memory") /* the walker is this processor */
/* The entry by which the refill sees the table of va's root entry, or its absence. */
#define PT_CHANGED(as, va) mips_tlb_flush(as, WINDOW + ((va) >> ROOT_SHIFT << TABLE_LOG2), 0)

_Static_assert(USER_BITS - ROOT_SHIFT == TABLE_BITS && ROOT_SHIFT - MID_SHIFT == TABLE_BITS &&
		   MID_SHIFT - GLUE_PAGE_LOG2 == TABLE_BITS && TABLE_LOG2 == TABLE_BITS + 3 &&
		   1 << TABLE_LOG2 == ZEROS_SIZE,
	       "vectors.S depends on the shape of the tables");

/* EntryLo */
#define VALID     0x2ul
#define DIRTY     0x4ul
#define CCA_SHIFT 3
#define PFN_SHIFT 6 /* address bits 12 and up are here */
#define PFN_BITS  24
/* A bit of EntryLo that the processor ignores. */
#define MAY_WRITE 0x40000000ul
/* The high half: the page mask, and what the refill leaves out. */
#define MASK_SHIFT 32
#define MASK_BITS  29
#define ATTR_SHIFT 61          /* enum glue_attr, two bits */
#define SIZED      (1ul << 63) /* there is a page mask: the refill tests the sign */

/* Cache attributes (MD00091, "Cacheability and Coherency Attributes"); 7 is what most processors
 * have for accelerated, that is combining, stores. No attribute is 0, so no page's entry is. */
#define ATTR(attr, cca) [attr] = (pt_entry_t)(attr) << ATTR_SHIFT | (cca) << CCA_SHIFT
static const pt_entry_t attr_bits[] = {ATTR(GLUE_CACHED, 3), ATTR(GLUE_UNCACHED, 2),
				       ATTR(GLUE_WC, 7), ATTR(GLUE_DEVICE, 2)};

_Static_assert(sizeof(attr_bits) == GLUE_ATTRS * sizeof(pt_entry_t) && GLUE_ATTRS == 4,
	       "the attribute has two bits");

/* What the refill writes to PageMask; 0: a page of 4 KiB. */
static inline word_t page_mask(pt_entry_t e)
{
	return e >> MASK_SHIFT & ((1ul << MASK_BITS) - 1);
}

static inline bool pt_is_table(pt_entry_t e, unsigned shift)
{
	(void)shift;
	return e != 0;
}

static inline pt_entry_t *pt_table(pt_entry_t e)
{
	return (pt_entry_t *)(e - TABLE_BIAS);
}

static inline pt_entry_t pt_make_table(pt_entry_t *table)
{
	return (pt_entry_t)table + TABLE_BIAS;
}

static inline pt_entry_t pt_address(paddr_t pa)
{
	return pa >> (GLUE_PAGE_LOG2 - PFN_SHIFT);
}

/* Whatever was referenced was read, too. */
static inline __attribute__((always_inline)) pt_entry_t pt_make_leaf(const struct glue_mapping *m)
{
	pt_entry_t e = attr_bits[m->attr] | pt_address(m->pa) |
		       (m->prot & GLUE_W) * (MAY_WRITE / GLUE_W) |
		       (m->referenced & GLUE_W) * (DIRTY / GLUE_W) |
		       (m->referenced & GLUE_R) / (GLUE_R / VALID);

	if (m->log2 > GLUE_PAGE_LOG2)
		e |= SIZED | ((1ul << m->log2) - 0x2000) << MASK_SHIFT;
	return e;
}

static inline void pt_read_leaf(pt_entry_t e, unsigned shift, struct glue_mapping *m)
{
	(void)shift;
	m->log2 = GLUE_PAGE_LOG2;
	if (e & SIZED)
		m->log2 = 64 - (unsigned)__builtin_clzl(page_mask(e));
	m->pa = (e >> PFN_SHIFT & ((1ul << PFN_BITS) - 1)) << GLUE_PAGE_LOG2;
	m->prot = GLUE_R | GLUE_X | (e & MAY_WRITE ? GLUE_W : 0);
	m->referenced = (e & VALID ? GLUE_R | GLUE_X : 0) | (e & DIRTY ? GLUE_W : 0);
	m->attr = e >> ATTR_SHIFT & (GLUE_ATTRS - 1);
}

static inline bool pt_is_group(pt_entry_t e)
{
	return (e & SIZED) != 0;
}

/* The TLB may hold invalid 4 KiB entries for addresses that were tried while nothing was mapped
 * there. An entry for a larger page must never meet those: two entries for one address are a
 * machine check. So the contract has it that larger pages are always flushed. */
#include <common/pagetable.h>

enum glue_err glue_space_init(struct glue_space *as)
{
	pt_entry_t *root = k_alloc(TABLE_LOG2);

	as->root = pt_make_table(root);
	return root != NULL ? GLUE_OK : GLUE_ENOMEM;
}

bool glue_space_fini(struct glue_space *as)
{
	mips_asid_forget(as);
	if (!pt_fini(as))
		return false;
	k_free_clean(PT_ROOT(as), TABLE_LOG2);
	return true;
}

bool mips_absorb_fault(struct glue_space *as, word_t va, bool store)
{
	pt_entry_t *slot, e, referenced = store ? VALID | DIRTY : VALID;
	unsigned shift;
	word_t n = 1;

	slot = pt_find(as, va, GLUE_PAGE_LOG2, &shift);
	e = *slot;
	if (e == 0 || (store && !(e & MAY_WRITE)))
		return false;
	if (e & SIZED) {
		/* Any of the page's entries may be the one that the next refill loads. */
		n = (page_mask(e) + 0x2000) >> GLUE_PAGE_LOG2;
		slot = (pt_entry_t *)((word_t)slot & -(n * sizeof(*slot)));
	}
	for (; n > 0; n--)
		*slot++ |= referenced;
	return true;
}
