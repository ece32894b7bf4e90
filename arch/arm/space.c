/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * space.c - user page tables: short descriptors (DDI 0406C, B3.5.1), 1 MiB sections in the
 * first level, 64 KiB and 4 KiB pages in the second.
 *
 * Referenced bits are kept by faults. A page starts without the access flag, read-only and
 * never executable; the first access of each kind faults, and arm_absorb_fault grants it
 * if two bits that the hardware leaves to software, TEX[1] and TEX[2] (SCTLR.TRE), say that
 * writing and executing are allowed. So "written" is "is writable", "executed" is "is
 * executable", and "accessed" is the access flag.
 */
#include <arch/cp15.h>
#include <arch/port.h>

typedef uint32_t pt_entry_t;
#define PT_LEVELS     2
#define PT_TOP        31
#define PT_BITS       8
#define PT_ROOT(as)   ((as)->l1)
#define PT_CURSOR(as) ((as)->cursor)

#define L1_LOG2 13 /* bytes of a first-level table */

/* First level: a table of 1 KiB; nothing below it executes in the kernel. */
#define TABLE      0x1
#define TABLE_PXN  0x4
#define TABLE_BASE 0xfffffc00

#define TYPE_MASK 0x3
#define TYPE_SIZE 0x2 /* where two kinds of valid entries differ */

/* C and B select the memory type, which is the contract's attribute: see PRRR in boot.S. */
#define MEMORY_SHIFT 2
#define MEMORY_MASK  3u

/* The three kinds of pages have the same fields at different places. */
struct leaf {
	pt_entry_t type;
	pt_entry_t accessed;   /* access flag, AP[0] */
	pt_entry_t user;       /* AP[1] */
	pt_entry_t read_only;  /* AP[2] */
	pt_entry_t never_exec; /* XN */
	pt_entry_t may_write;  /* TEX[1] */
	pt_entry_t may_exec;   /* TEX[2] */
	pt_entry_t common;     /* S (shareable) and nG (belongs to an ASID) */
	unsigned log2;
};

#define BIT(n) ((pt_entry_t)1 << (n))

static const struct leaf section = {
    .type = 0x3, /* the lowest bit is PXN */
    .accessed = BIT(10),
    .user = BIT(11),
    .read_only = BIT(15),
    .never_exec = BIT(4),
    .may_write = BIT(13),
    .may_exec = BIT(14),
    .common = BIT(16) | BIT(17),
    .log2 = 20,
};
static const struct leaf large = {
    .type = 0x1,
    .accessed = BIT(4),
    .user = BIT(5),
    .read_only = BIT(9),
    .never_exec = BIT(15),
    .may_write = BIT(13),
    .may_exec = BIT(14),
    .common = BIT(10) | BIT(11),
    .log2 = 16,
};
static const struct leaf small = {
    .type = 0x2,
    .accessed = BIT(4),
    .user = BIT(5),
    .read_only = BIT(9),
    .never_exec = BIT(0),
    .may_write = BIT(7),
    .may_exec = BIT(8),
    .common = BIT(10) | BIT(11),
    .log2 = 12,
};

static inline const struct leaf *leaf_kind(pt_entry_t e, unsigned shift)
{
	if (shift != GLUE_PAGE_LOG2)
		return &section;
	return e & TYPE_SIZE ? &small : &large;
}

static inline bool pt_is_table(pt_entry_t e, unsigned shift)
{
	(void)shift;
	return (e & TYPE_MASK) == TABLE;
}

static inline pt_entry_t *pt_table(pt_entry_t e)
{
	return glue_phys_to_virt(e & TABLE_BASE);
}

static inline pt_entry_t pt_make_table(pt_entry_t *table)
{
	return (pt_entry_t)glue_virt_to_phys(table) | TABLE_PXN | TABLE;
}

static inline pt_entry_t pt_address(paddr_t pa)
{
	return (pt_entry_t)pa;
}

static inline pt_entry_t pt_make_leaf(const struct glue_mapping *m)
{
	const struct leaf *k = m->log2 == 20 ? &section : m->log2 == 16 ? &large : &small;
	pt_entry_t e =
	    k->type | k->user | k->common | pt_address(m->pa) | (pt_entry_t)m->attr << MEMORY_SHIFT;

	if (m->prot & GLUE_W)
		e |= k->may_write;
	if (m->prot & GLUE_X)
		e |= k->may_exec;
	if (m->referenced)
		e |= k->accessed;
	if (!(m->referenced & GLUE_W))
		e |= k->read_only;
	if (!(m->referenced & GLUE_X))
		e |= k->never_exec;
	return e;
}

static void pt_read_leaf(pt_entry_t e, unsigned shift, struct glue_mapping *m)
{
	const struct leaf *k = leaf_kind(e, shift);

	m->log2 = k->log2;
	m->pa = e & ~(((pt_entry_t)1 << k->log2) - 1);
	m->prot = GLUE_R | (e & k->may_write ? GLUE_W : 0) | (e & k->may_exec ? GLUE_X : 0);
	m->referenced = (e & k->accessed ? GLUE_R : 0) | (e & k->read_only ? 0 : GLUE_W) |
			(e & k->never_exec ? 0 : GLUE_X);
	m->attr = (enum glue_attr)(e >> MEMORY_SHIFT & MEMORY_MASK);
}

static inline bool pt_is_group(pt_entry_t e)
{
	return (e & TYPE_MASK) == 0x1;
}

/* Where a page gives way to smaller or larger ones, no TLB may meet both: the old one has to
 * be gone before the new one is written (B3.10.1, "TLB maintenance requirements"). */
static __attribute__((noinline)) void pt_break(pt_entry_t *slot)
{
	*(volatile pt_entry_t *)slot = 0;
	arm_tlb_flush_all();
}

#define PT_REPLACE pt_replace
static inline void pt_replace(pt_entry_t *slot, pt_entry_t old, pt_entry_t e)
{
	if (e != 0 && ((old ^ e) & TYPE_SIZE))
		pt_break(slot);
}

/* The walker reads through the data cache (TTBR_FLAGS), it only has to see the writes. */
#define PT_SYNC(first, n) dsb()

#include <common/pagetable.h>

enum glue_err glue_space_init(struct glue_space *as)
{
	as->l1 = k_alloc(L1_LOG2);
	if (as->l1 == NULL)
		return GLUE_ENOMEM;
	as->ttbr0 = (uint32_t)glue_virt_to_phys(as->l1) | TTBR_FLAGS;
	dsb();
	return GLUE_OK;
}

bool glue_space_fini(struct glue_space *as)
{
	arm_asid_release(as);
	if (!pt_fini(as))
		return false;
	k_free_clean(as->l1, L1_LOG2);
	as->l1 = NULL;
	return true;
}

bool arm_absorb_fault(struct glue_space *as, word_t va, unsigned access)
{
	pt_entry_t *slot, e, new;
	const struct leaf *k;
	unsigned shift, n = 1;

	if (va > GLUE_USER_LAST)
		return false;
	slot = pt_find(as, va, GLUE_PAGE_LOG2, &shift);
	e = *slot;
	if (e == 0)
		return false;
	k = leaf_kind(e, shift);
	new = e | k->accessed;
	if (access == GLUE_W && (e & k->may_write))
		new &= ~k->read_only;
	else if (access == GLUE_X && (e & k->may_exec))
		new &= ~k->never_exec;
	else if (access != GLUE_R)
		return false;
	if (new == e)
		return false; /* allowed all along: not ours */

	/* The entries of a large page have to be equal (B3.5.1). */
	if (k == &large) {
		n = 16;
		slot = (pt_entry_t *)((word_t)slot & -(n * sizeof(*slot)));
	}
	for (unsigned i = 0; i < n; i++)
		slot[i] = (slot[i] & ~(k->read_only | k->never_exec | k->accessed)) |
			  (new &(k->read_only | k->never_exec | k->accessed));
	dsb();
	/* A TLB never holds an entry without the access flag (B3.7.2). */
	if (e & k->accessed) {
		write_tlbimva((va & ~(GLUE_PAGE_SIZE - 1)) | as->asid);
		dsb();
	}
	return true;
}
