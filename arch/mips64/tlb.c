/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * tlb.c - which address space is in force, and what the TLB knows of it and the others.
 *
 * An address space identifier (ASID) has 8 bits. A space gets one when it is activated, and
 * keeps it until all 256 were given; then the TLB is emptied, a new generation begins, and
 * each space gets a new one when its turn comes. A space also gets a new one where flushing
 * its entries singly would take longer: what has the old one is never used again.
 *
 * No address has two entries: a refill writes one only where there was none, and the page at
 * an address gets larger only with a flush (glue_map in common/pagetable.h). A page that was split may
 * still be whole in the TLB; that is one entry, and dropped when one of its parts changes.
 */
#include <arch/cp0.h>
#include <arch/offsets.h>
#include <arch/port.h>

_Static_assert(offsetof(struct mips_local, ctx) == LOCAL_CTX, "arch/offsets.h");
_Static_assert(offsetof(struct mips_local, root) == LOCAL_ROOT, "arch/offsets.h");
_Static_assert(offsetof(struct mips_local, stack) == LOCAL_STACK, "arch/offsets.h");
_Static_assert(offsetof(struct mips_local, gp) == LOCAL_GP, "arch/offsets.h");
_Static_assert(offsetof(struct mips_local, status) == LOCAL_STATUS, "arch/offsets.h");
_Static_assert(offsetof(struct mips_local, user_status) == LOCAL_USER_STATUS, "arch/offsets.h");
_Static_assert(offsetof(struct mips_local, as) == LOCAL_AS, "arch/offsets.h");
_Static_assert(offsetof(struct mips_local, last_asid) == LOCAL_LAST_ASID, "arch/offsets.h");
_Static_assert(offsetof(struct glue_space, root) == SPACE_ROOT, "arch/offsets.h");
_Static_assert(offsetof(struct glue_space, asid) == SPACE_ASID, "arch/offsets.h");

#define ASID_MASK ((1u << ASID_BITS) - 1)

#define PAIR_LOG2 13 /* a TLB entry covers two pages */
#define PAIR_SIZE ((word_t)1 << PAIR_LOG2)
#define VPN_MASK  (~(PAIR_SIZE - 1))

/* Flushing more than this by address costs more than a new ASID. */
#define FLUSH_SINGLY_LOG2 16

#define CONFIG1_TLB_SIZE(c) (((c) >> 25 & 63) + 1)

/* EntryLo: cached, valid, global, with or without "dirty"; the page mask of 16 KiB. */
#define ENTRYLO_READ(pa)  ((pa) >> 12 << 6 | 0x1b)
#define ENTRYLO_WRITE(pa) ((pa) >> 12 << 6 | 0x1f)
#define LOCAL_MASK        (((2ul << LOCAL_LOG2) - 1) & VPN_MASK)

_Static_assert(sizeof(struct mips_local) == LOCAL_SIZE && LOCAL_SIZE <= 1 << LOCAL_LOG2 &&
		   STACK_SIZE <= 1 << LOCAL_LOG2 && LOCAL_BASE + (1 << LOCAL_LOG2) == STACK_BASE,
	       "a page each, the stack behind");

unsigned mips_tlb_entries(void)
{
	return CONFIG1_TLB_SIZE(read_config1());
}

/* What EntryHi has besides is of no use: an exception leaves its address there. */
static word_t asid_in_force(void)
{
	return read_entryhi() & ASID_MASK;
}

/* Make entry `index` one that no address matches: those of ckseg0 don't ask the TLB. */
static void invalidate(word_t index)
{
	write_entryhi(CKSEG0 + (index << PAIR_LOG2));
	write_entrylo0(0);
	write_entrylo1(0);
	write_index((uint32_t)index);
	tlb_write();
}

static void flush_all(void)
{
	for (word_t i = read_wired(), n = mips_tlb_entries(); i < n; i++)
		invalidate(i);
}

/* Drop the entry for va with this ASID. EntryHi is lost. */
static void drop(word_t va, word_t asid)
{
	sword_t index;

	write_entryhi((va & VPN_MASK) | asid);
	tlb_probe();
	index = (int32_t)read_index();
	if (index >= 0)
		invalidate((word_t)index);
}

void mips_tlb_drop(word_t va)
{
	word_t asid = asid_in_force();

	drop(va, asid);
	write_entryhi(asid);
}

static void asid_give(struct glue_space *as)
{
	mips_local.last_asid++;
	if ((mips_local.last_asid & ASID_MASK) == 0) {
		flush_all();
		mips_local.last_asid++;
	}
	as->asid = mips_local.last_asid;
}

static bool asid_valid(const struct glue_space *as)
{
	return (as->asid ^ mips_local.last_asid) >> ASID_BITS == 0;
}

void mips_asid_forget(struct glue_space *as)
{
	as->asid = 0;
}

/* The LL bit needs nothing: eret clears it. */
void glue_activate(struct glue_ctx *next, struct glue_space *as)
{
	mips_local.ctx = next;
	if (as == mips_local.as)
		return;
	if (!asid_valid(as))
		asid_give(as);
	mips_local.as = as;
	mips_local.root = (word_t)as->root + TABLE_BIAS;
	write_entryhi(as->asid & ASID_MASK);
	ehb();
}

void glue_space_leave(void)
{
	mips_local.as = NULL;
	mips_local.root = 0;
	write_entryhi(0);
	ehb();
}

void glue_tlb_flush(struct glue_space *as, word_t va, unsigned log2)
{
	word_t asid = asid_in_force();

	if (!asid_valid(as))
		return; /* it has no entries in the TLB */
	if (log2 > FLUSH_SINGLY_LOG2) {
		mips_asid_forget(as);
		if (as == mips_local.as) {
			asid_give(as);
			asid = as->asid & ASID_MASK;
		}
	} else {
		word_t end = va + ((word_t)1 << log2);

		for (va &= VPN_MASK; va < end; va += PAIR_SIZE)
			drop(va, as->asid & ASID_MASK);
	}
	write_entryhi(asid);
	ehb();
}

GLUE_INIT void mips_tlb_init(void)
{
	write_wired(0);
	write_pagemask(0);
	flush_all();
	write_pagemask(LOCAL_MASK);
	write_entryhi((word_t)LOCAL_BASE);
	write_entrylo0(ENTRYLO_READ(glue_virt_to_phys(&mips_local)));
	write_entrylo1(ENTRYLO_WRITE(glue_virt_to_phys(_kernel_stack_top) - STACK_SIZE));
	write_index(0);
	tlb_write();
	write_wired(1);
	write_pagemask(0);
	glue_space_leave();
	mips_local.last_asid = 1ull << ASID_BITS;
}
