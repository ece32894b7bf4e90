/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/glue_types.h - the types and constants of the contract on MIPS64.
 */
#ifndef ARCH_GLUE_TYPES_H
#define ARCH_GLUE_TYPES_H

#include <config.h>

#include <arch/layout.h>

#define GLUE_ARCH_NAME "mips64"
#define GLUE_WORD_BITS 64
#ifdef __MIPSEB__
#define GLUE_BIG_ENDIAN 1
#else
#define GLUE_BIG_ENDIAN 0
#endif
#define GLUE_ELF_MACHINE 8 /* EM_MIPS */
/* 4 KiB, and pages that are a whole TLB entry, two halves of 16, 64 or 256 KiB. A larger one would
 * have more table entries than can be written in one step. */
#define GLUE_PAGE_SIZES  (1ul << 12 | 1ul << 15 | 1ul << 17 | 1ul << 19)
#define GLUE_TABLE_LOG2  TABLE_LOG2
#define GLUE_PAGE_RIGHTS (GLUE_R | GLUE_W) /* readable is executable */
#define GLUE_USER_LAST   ((word_t)((1ul << USER_BITS) - 1))
#define GLUE_DIRECT_LAST ((paddr_t)0xfffffffff) /* what EntryLo's PFN field reaches */
#define GLUE_EXC_WORDS   34
#define GLUE_IRQS        16

/* User registers, at the places that are called CTX_ in arch/offsets.h; r[n] is general register n,
 * up to 25. From r[1] on they are in the order of the exception message, which so is copied.
 * r[CTX_GP] is what user mode finds its UTCB by.
 *
 * State 0: the thread is in a system call, where user mode gives up all registers but $28 to $30;
 * that it goes on where $31 was is in r[CTX_PC]. Otherwise everything is in here, and the
 * state is that of the Cause register, with CTX_FULL. */
struct glue_ctx {
	word_t r[33];
};

struct glue_fpu {
	uint64_t f[32];
	word_t fcsr;
};

struct glue_space {
	word_t root;     /* an entry that refers to the first table: its address + TABLE_BIAS */
	word_t asid;     /* 0: none */
	unsigned cursor; /* of pt_fini */
};

#endif
