/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/glue_types.h (null) - the types and constants of the contract; see glue/glue.h.
 */
#ifndef ARCH_GLUE_TYPES_H
#define ARCH_GLUE_TYPES_H

/* General registers of a user context. r[0] holds the number of a system call; arguments and
 * results are in r[1] and up. */
#define NULL_REGS 16

/* A system-call instruction, in bytes. */
#define NULL_SYSCALL_SIZE 4

/* The bits of the status word that user mode may choose. */
#define NULL_FLAGS_USER 0xff

struct glue_ctx {
	word_t r[NULL_REGS];
	word_t ip, sp, flags, tls;
};

struct glue_fpu {
	uint64_t r[1];
};

struct glue_space {
	void *root;
};

#define GLUE_ARCH_NAME   "null"
#define GLUE_WORD_BITS   (__SIZEOF_POINTER__ * 8)
#define GLUE_BIG_ENDIAN  (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
#define GLUE_ELF_MACHINE 0 /* EM_NONE */
#define GLUE_PAGE_SIZES  ((word_t)1 << 12)
#define GLUE_TABLE_LOG2  12 /* of page tables but for the root */
#define GLUE_PAGE_RIGHTS 7
#define GLUE_USER_LAST   (((word_t)1 << 31) - 1)
#define GLUE_DIRECT_LAST ((paddr_t)0x0fffffff)
#define GLUE_EXC_WORDS   (5 + NULL_REGS)
#define GLUE_IRQS        32

#endif
