/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * asid.c - which address space is in force, and what the TLB may know of the others.
 *
 * The processor has 255 address space identifiers to give away; 0 is nobody's. A space
 * gets one when it is first activated. When all are taken, the one that was given longest
 * ago is taken back. So the price of many spaces is paid in small coins, a flush of one ASID
 * each, and there is no moment when the whole TLB is flushed.
 */
#include <arch/cp15.h>
#include <arch/offsets.h>
#include <arch/port.h>

#define ASIDS 256

_Static_assert(offsetof(struct glue_space, ttbr0) == SPACE_TTBR0, "arch/offsets.h");
_Static_assert(offsetof(struct glue_space, asid) == SPACE_ASID, "arch/offsets.h");

FAR_BSS static struct glue_space *owner[ASIDS];
static unsigned last_given;

/* Which space is in force is kept in the registers alone: there is nothing else to write. */
struct glue_space *arm_space(void)
{
	return owner[read_contextidr()];
}

/* After a change of the tables: what was invalidated is gone for all later accesses. The
 * branch predictor may hold targets of old translations (DDI 0406C, B2.2.4). */
static void complete(void)
{
	write_bpiall(0);
	dsb();
	isb();
}

void arm_tlb_flush_all(void)
{
	dsb();
	write_tlbiall(0);
	complete();
}

void arm_asid_release(struct glue_space *as)
{
	if (as->asid == 0)
		return;
	owner[as->asid] = NULL;
	dsb();
	write_tlbiasid(as->asid);
	complete();
	as->asid = 0;
}

/* CONTEXTIDR is 0: whoever's ASID is taken back is not in force. */
static void asid_give(struct glue_space *as)
{
	last_given = last_given % (ASIDS - 1) + 1;
	if (owner[last_given] != NULL)
		arm_asid_release(owner[last_given]);
	owner[last_given] = as;
	as->asid = last_given;
}

/* Between the two registers the processor may walk the new tables for the old ASID or the
 * other way round; ASID 0, whose entries nobody uses, in between (B3.10.4). fastpath.S does
 * the same where the space has an ASID. */
void glue_activate(struct glue_ctx *next, struct glue_space *as)
{
	word_t tls = next->tls;

	clrex();
	write_tpidruro(tls);
	/* User mode can write this one: don't let it carry anything across. */
	write_tpidrurw(tls);
	if (as->ttbr0 == read_ttbr0())
		return;
	write_contextidr(0);
	isb();
	write_ttbr0(as->ttbr0);
	if (as->asid == 0)
		asid_give(as);
	isb();
	write_contextidr(as->asid);
	/* The return to user mode synchronises the last change; until then only kernel
	 * addresses are used. */
}

void glue_space_leave(void)
{
	write_contextidr(0);
	isb();
	write_ttbr0((word_t)glue_virt_to_phys(arm_kernel_l1) | TTBR_FLAGS);
	isb();
}

void glue_tlb_flush(struct glue_space *as, word_t va, word_t rest)
{
	if (as->asid == 0)
		return; /* it has no entries in the TLB */
	dsb();
	/* Of a large range tables may have been freed, and walked since: what was found there may
	 * even be global. */
	if (rest < 16 * GLUE_PAGE_SIZE) {
		rest += va;
		do
			write_tlbimva(va | as->asid);
		while ((va += GLUE_PAGE_SIZE) <= rest);
	} else {
		write_tlbiall(0);
	}
	complete();
}
