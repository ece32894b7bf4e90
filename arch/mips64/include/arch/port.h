/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/port.h - what the files of this port know of each other.
 */
#ifndef ARCH_PORT_H
#define ARCH_PORT_H

#include <glue/glue.h>

/* ---- vectors.S, boot.S and the linker script ------------------------------------------- */
extern char _text[], _einit[], _etext[], _boot_bss[], _end[], _kernel_stack_top[], _gp[];
extern char mips_vectors[];
extern char mips_zeros[] __attribute__((section(".sbss")));

/* What exception code needs at once, mapped at LOCAL_BASE by the TLB's wired entry. The
 * kernel uses its address in ckseg0. */
struct mips_local {
	word_t zeros;          /* mips_zeros in the direct map, + TABLE_BIAS */
	word_t gp;             /* the kernel's small-data pointer */
	word_t status;         /* Status in the kernel, interrupts off */
	word_t user_status;    /* Status to resume user mode with */
	struct {               /* for messages of n words: */
		int32_t copy;  /* where in copy.S they are copied */
		int32_t clear; /* where in fastpath.S the registers are cleared that have none;
				* or that some words are still to be copied */
	} words[64];
	int32_t calls[64]; /* where glue_copy_words copies n words */
};

/* Defined in vectors.S, and said to be small data, which is within reach of $28. */
extern struct mips_local mips_local __attribute__((section(".sbss")));

/* ---- copy.S and fastpath.S -------------------------------------------------------------- */
extern char mips_copy_all[], mips_copy_second[], mips_call_long[], mips_leave[];

/* ---- trap.c: called by vectors.S -------------------------------------------------------- */
struct glue_ctx *mips_trap(struct glue_ctx *c, word_t cause, word_t badvaddr);
struct glue_ctx *mips_absent(struct glue_ctx *c, word_t cause, word_t badvaddr);
/* In vectors.S: the end of mips_debug_mode, where something has trapped on the way there. */
struct glue_ctx *mips_debug_trap(struct glue_ctx *c);
_Noreturn void mips_kernel_trap(const struct glue_ctx *c, word_t cause, word_t badvaddr);
_Noreturn void mips_cache_error(void);

/* The kernel stack pointer at the trap that led to a panic, or 0. */
extern word_t mips_trap_sp;

/* ---- boot.c: called by boot.S ------------------------------------------------------------ */
struct glue_ctx *mips_boot(void);

/* ---- space.c -------------------------------------------------------------------------------- */
/* If the page tables of `as` allow the access to a user address, set the referenced bits. True:
 * they do. */
bool mips_absorb_fault(struct glue_space *as, word_t va, bool store);

/* ---- tlb.c ---------------------------------------------------------------------------------- */
void mips_tlb_init(void);
unsigned mips_tlb_entries(void);
/* True: the space in force had no ASID, so that the TLB has nothing of it, but has one now. */
bool mips_tlb_begin(void);
/* Drop the entry that the exception under way is about, where EntryHi still has its address. */
void mips_tlb_drop(void);
/* glue_tlb_flush for what is not much: an entry for each 8 KiB is looked for. True. */
bool mips_tlb_flush(const struct glue_space *as, word_t va, word_t rest);
/* Nothing in the TLB is for `as` any more. */
void mips_asid_forget(struct glue_space *as);
/* The space in force; where there is none, one in which nothing is mapped. */
struct glue_space *mips_space(void);
extern struct glue_space *mips_owner[];

/* ---- cache.c ------------------------------------------------------------------------------- */
/* Bytes of a way of the data cache. */
word_t mips_dcache_way(void);
void mips_cache_init(void);
/* The direct map's alias of user address va in the space in force, good to the end of its page;
 * NULL: nothing is mapped there, or no space is in force. */
void *mips_user_alias(word_t va);

/* ---- fpu.S --------------------------------------------------------------------------------- */
uint32_t mips_fpu_fir(void);

/* ---- drivers ------------------------------------------------------------------------------- */
void mips_console_init(void);
void mips_irq_init(void);
void mips_timer_init(void);
/* The timer's interrupt is pending: acknowledge it. True: the deadline has passed. */
bool mips_timer_expired(void);

#endif
