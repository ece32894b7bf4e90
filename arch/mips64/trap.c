/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * trap.c - which upcall an exception becomes. The numbers that k_exception gets are those of
 * the Cause register (MD00091, "Cause Register"); the code is the address of an address error, the
 * unit of an unusable coprocessor, 1 for the breakpoint SDBBP, and 0 for all others.
 */
#include <arch/cp0.h>
#include <arch/offsets.h>
#include <arch/port.h>

#include <l4/abi/const.h>

#define CAUSE_UNIT(cause) ((cause) >> 28 & 3)
#define FPU_UNIT          1

word_t mips_trap_sp;

/* The instruction that trapped. */
static word_t trap_pc(const struct glue_ctx *c, word_t cause)
{
	return c->r[CTX_PC] + (cause & CAUSE_BD ? 4 : 0);
}

/* How the address was accessed: of the exceptions that have one, those with an odd number are
 * stores. */
static unsigned access_of(const struct glue_ctx *c, word_t cause, word_t badvaddr)
{
	if (cause & EXC_STORE << 2)
		return GLUE_W;
	return badvaddr == trap_pc(c, cause) ? GLUE_X : GLUE_R;
}

/* A coprocessor that is off, a system call that there is not, a broken TLB. */
__attribute__((noinline)) static struct glue_ctx *other(struct glue_ctx *c, word_t cause,
							word_t number)
{
	word_t unit = CAUSE_UNIT(cause);

	if (number == EXC_SYS) { /* user level may supply it */
		c->r[CTX_PC] = c->r[CTX_RA];
		c->r[CTX_STATE] = CTX_FULL;
		return k_syscall(c, c->r[4]);
	}
	if (number ==
	    EXC_MCHECK) /* two entries for one address: it is the kernel that writes them */
		mips_kernel_trap(c, cause, 0);
	if (unit == FPU_UNIT && !(mips_local.user_status & STATUS_CU1))
		return k_fpu(c);
	return k_exception(c, number, unit);
}

/* The TLB has an entry that forbids the access. Whatever comes next, it is of no use any more:
 * either it was there to make the first access to a page known, or the kernel will hear of the
 * fault and may map something. */
__attribute__((noinline)) static struct glue_ctx *tlb_fault(struct glue_ctx *c, word_t cause,
							    word_t badvaddr)
{
	if (mips_tlb_begin())
		return c;
	mips_tlb_drop();
	if (mips_absorb_fault(mips_space(), badvaddr, cause & EXC_STORE << 2))
		return c;
	return mips_absent(c, cause, badvaddr);
}

/* Exceptions that are not just passed on. */
#define SPECIAL                                                                                    \
	(1u << EXC_MOD | 1u << EXC_TLBL | 1u << EXC_TLBS | 1u << EXC_ADEL | 1u << EXC_ADES |       \
	 1u << EXC_SYS | 1u << EXC_CPU | 1u << EXC_MCHECK)

struct glue_ctx *mips_trap(struct glue_ctx *c, word_t cause, word_t badvaddr)
{
	word_t number = (cause & CAUSE_EXC) >> 2;

	if (!(SPECIAL >> number & 1))
		return k_exception(c, number, cause & CAUSE_CODE);
	if (number <= EXC_TLBS)
		return tlb_fault(c, cause, badvaddr);
	if (number > EXC_ADES)
		return other(c, cause, number);
	if (badvaddr <= GLUE_USER_LAST) /* not aligned */
		return k_exception(c, number, badvaddr);
	return mips_absent(c, cause, badvaddr);
}

/* A page fault. What the refill finds nothing for comes here at once. */
struct glue_ctx *mips_absent(struct glue_ctx *c, word_t cause, word_t badvaddr)
{
	/* Where only the kernel executes, though KSU says user mode: the firmware, in debug mode,
	 * on the way to mips_debug_mode. */
	if ((sword_t)c->r[CTX_PC] < 0 && !(cause & EXC_ADEL << 2))
		return mips_debug_trap(c);
	return k_pagefault(c, badvaddr, access_of(c, cause, badvaddr));
}

static const char *exception_name(unsigned number)
{
	static const char *const names[] = {"interrupt",
					    "TLB entry read-only",
					    "TLB load fault",
					    "TLB store fault",
					    "address error load",
					    "address error store",
					    "bus error on fetch",
					    "bus error on data",
					    "system call",
					    "breakpoint",
					    "reserved instruction",
					    "coprocessor unusable",
					    "overflow",
					    "trap",
					    [14 ... EXC_MCHECK - 1] = "exception",
					    "machine check",
					    [EXC_MCHECK + 1 ... 31] = "exception"};

	return names[number];
}

__attribute__((noinline)) static void begin_report(word_t sp)
{
	if (mips_trap_sp != 0)
		glue_halt(GLUE_HALT_PANIC); /* while reporting the first one */
	mips_trap_sp = sp;
}

void mips_kernel_trap(const struct glue_ctx *c, word_t cause, word_t badvaddr)
{
	unsigned number = (cause & CAUSE_EXC) >> 2;
	const char *name = exception_name(number);

	begin_report(c->r[CTX_SP]);
	if (number == EXC_MOD && badvaddr >= (word_t)ZEROS_BASE && badvaddr < (word_t)STACK_BASE)
		name = "kernel stack overflow";
	k_panic(c, "%s (%u) in the kernel at %lx: address %lx", name, number,
		(unsigned long)trap_pc(c, cause), (unsigned long)badvaddr);
}

void mips_cache_error(void)
{
	begin_report(1);
	k_panic(NULL, "cache error: the instruction at or near %lx",
		(unsigned long)read_errorepc());
}
