/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * tlb.c - which address space is in force, and what the TLB knows of it and the others.
 *
 * An address space identifier (ASID) has 8 bits. A space gets one when it first runs, and keeps it
 * until all were given; then the TLB is emptied, all spaces lose theirs, and each gets a
 * new one when its turn comes. A space also loses it where flushing its entries singly would
 * take longer: what has the old one is never used again.
 *
 * The space in force is the one that has the ASID in EntryHi. 0 is that of the space that was
 * activated last, as long as it has none; the TLB has no entry with it, so there is one miss,
 * mips_tlb_begin, before anything of the space is used. So no switch has to ask.
 *
 * No address has two entries: a refill writes one only where there was none, and the page at
 * an address gets larger only with a flush (glue_map in common/pagetable.h). A page that was split
 * may still be whole in the TLB; that is one entry, and dropped when one of its parts changes.
 */
#include <arch/cp0.h>
#include <arch/offsets.h>
#include <arch/port.h>

_Static_assert(offsetof(struct mips_local, zeros) == LOCAL_ZEROS, "arch/offsets.h");
_Static_assert(offsetof(struct mips_local, gp) == LOCAL_GP, "arch/offsets.h");
_Static_assert(offsetof(struct mips_local, status) == LOCAL_STATUS, "arch/offsets.h");
_Static_assert(offsetof(struct mips_local, user_status) == LOCAL_USER_STATUS, "arch/offsets.h");
_Static_assert(offsetof(struct mips_local, words) == LOCAL_WORDS, "arch/offsets.h");
_Static_assert(offsetof(struct glue_space, root) == SPACE_ROOT, "arch/offsets.h");
_Static_assert(offsetof(struct glue_space, asid) == SPACE_ASID, "arch/offsets.h");

#define ASIDS     (1u << ASID_BITS)
#define ASID_MASK (ASIDS - 1)

#define PAIR_LOG2 13 /* a TLB entry covers two pages */
#define PAIR_SIZE ((word_t)1 << PAIR_LOG2)
#define VPN_MASK  (~(PAIR_SIZE - 1))

/* Flushing more than this by address costs more than a new ASID. */
#define FLUSH_SINGLY (8 * PAIR_SIZE)

#define CONFIG1_TLB_SIZE(c) (((c) >> 25 & 63) + 1)

/* EntryLo: cached, valid, global, with or without "dirty"; the page mask of 16 KiB. */
#define ENTRYLO_READ(pa)  ((pa) >> 12 << 6 | 0x1b)
#define ENTRYLO_WRITE(pa) ((pa) >> 12 << 6 | 0x1f)
#define LOCAL_MASK        (((2ul << LOCAL_LOG2) - 1) & VPN_MASK)

_Static_assert(sizeof(struct mips_local) == LOCAL_SIZE &&
		   ZEROS_BASE + (1 << LOCAL_LOG2) == STACK_BASE && ZEROS_BASE == -TABLE_BIAS,
	       "two pages, one behind the other");

/* A space whose root is at ZEROS_BASE, as its own is. */
#define NOBODY ((struct glue_space *)mips_zeros)

/* Of each ASID; that of those that have none is a space where nothing is mapped. */
struct glue_space *mips_owner[ASIDS];
static word_t last_asid; /* that was given */

unsigned mips_tlb_entries(void)
{
	return CONFIG1_TLB_SIZE(read_config1());
}

/* What EntryHi has besides is of no use: an exception leaves its address there. */
static word_t asid_in_force(void)
{
	return read_entryhi() & ASID_MASK;
}

/* Make the entry that the Index register says, which is `index`, one that no address matches: those
 * of ckseg0 don't ask the TLB. */
static inline __attribute__((always_inline)) void invalidate(int32_t index)
{
	write_entryhi(CKSEG0 + (word_t)((sword_t)index << PAIR_LOG2));
	write_entrylo0(0);
	write_entrylo1(0);
	tlb_write();
}

static void flush_all(void)
{
	for (int32_t i = (int32_t)read_wired(), n = (int32_t)mips_tlb_entries(); i < n; i++) {
		write_index((uint32_t)i);
		invalidate(i);
	}
}

__attribute__((noinline)) bool mips_tlb_flush(const struct glue_space *as, word_t va, word_t rest)
{
	word_t asid = as->asid;

	if (asid != 0) { /* otherwise it has no entries in the TLB */
		word_t in_force = read_entryhi(), last = va | rest;

		va &= VPN_MASK;
		do {
			int32_t index;

			write_entryhi(va | asid);
			tlb_probe();
			index = (int32_t)read_index();
			if (index >= 0)
				invalidate(index);
			va += PAIR_SIZE;
		} while (va <= last);
		write_entryhi(in_force);
	}
	return true;
}

void mips_tlb_drop(void)
{
	word_t hi = read_entryhi();

	(void)mips_tlb_flush(mips_owner[hi & ASID_MASK], hi, 0);
}

void mips_asid_forget(struct glue_space *as)
{
	if (as->asid == 0)
		return; /* that has an owner of its own, see glue_activate */
	mips_owner[as->asid] = NOBODY;
	as->asid = 0;
}

/* Give `as` an ASID that it has nothing in the TLB for. */
static void asid_give(struct glue_space *as)
{
	if (last_asid == ASID_MASK) {
		flush_all();
		do {
			mips_owner[last_asid]->asid = 0;
			mips_owner[last_asid] = NOBODY;
		} while (--last_asid != 0);
	}
	last_asid++;
	mips_owner[last_asid] = as;
	as->asid = last_asid;
}

struct glue_space *mips_space(void)
{
	return mips_owner[asid_in_force()];
}

/* Whoever calls it has made `next` that of the current thread. The LL bit needs nothing: eret
 * clears it, and the hazards. A space that has no ASID runs into mips_tlb_begin. */
void glue_activate(struct glue_ctx *next, struct glue_space *as)
{
	(void)next;
	mips_owner[0] = as;
	write_entryhi(as->asid);
}

bool mips_tlb_begin(void)
{
	if (asid_in_force() != 0)
		return false;
	asid_give(mips_owner[0]);
	write_entryhi(last_asid);
	return true;
}

void glue_space_leave(void)
{
	mips_owner[0] = NOBODY;
	write_entryhi(0);
}

void glue_tlb_flush(struct glue_space *as, word_t va, word_t rest)
{
	if (rest < FLUSH_SINGLY) {
		(void)mips_tlb_flush(as, va, rest);
		return;
	}
	if (as->asid != 0 && as->asid == asid_in_force()) {
		mips_owner[0] = as; /* and gets a new one when it needs it */
		write_entryhi(0);
	}
	mips_asid_forget(as);
}

GLUE_INIT void mips_tlb_init(void)
{
	for (unsigned i = 0; i < ASIDS; i++)
		mips_owner[i] = NOBODY;
	write_wired(0);
	write_pagemask(0);
	flush_all();
	write_pagemask(LOCAL_MASK);
	write_entryhi((word_t)ZEROS_BASE);
	write_entrylo0(ENTRYLO_READ(glue_virt_to_phys(mips_zeros)));
	write_entrylo1(ENTRYLO_WRITE(glue_virt_to_phys(&mips_local) - STACK_SIZE));
	write_index(0);
	tlb_write();
	write_xcontext((word_t)WINDOW << 10);
	write_wired(1);
	write_pagemask(0);
	glue_space_leave();
	ehb();
}
