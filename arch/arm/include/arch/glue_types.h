/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/glue_types.h - the types and constants of the contract on ARM v7-A.
 */
#ifndef ARCH_GLUE_TYPES_H
#define ARCH_GLUE_TYPES_H

#include <config.h>

#include <arch/layout.h>

#define GLUE_ARCH_NAME   "arm"
#define GLUE_WORD_BITS   32
#define GLUE_BIG_ENDIAN  0
#define GLUE_ELF_MACHINE 40        /* EM_ARM */
#define GLUE_PAGE_SIZES  0x111000u /* 4 KiB, 64 KiB, 1 MiB */
#define GLUE_TABLE_LOG2  10
#define GLUE_PAGE_RIGHTS 7
#define GLUE_USER_LAST   0x7fffffffu
#define GLUE_DIRECT_LAST (CONFIG_RAM_START + (CONFIG_RAM_SIZE - 1ull))
#define GLUE_EXC_WORDS   19
#define GLUE_IRQS        288 /* interrupt ids of the GIC on the largest board known */

/* The order is that of the entry code: stmdb of r0-r14, then srs of pc and cpsr.
 * arch/offsets.h has the offsets for assembler files. */
struct glue_ctx {
	word_t r[13];
	word_t sp, lr, pc, cpsr;
	word_t tls; /* user address of the UTCB */
};

struct glue_fpu {
	uint64_t d[32];
	word_t fpscr;
};

struct glue_space {
	uint32_t *l1;    /* 2048 entries: what TTBR0 translates */
	uint32_t ttbr0;  /* value of the register for this space */
	uint32_t asid;   /* 1 ... 255; 0: none at the moment */
	unsigned cursor; /* of pt_fini */
};

#endif
