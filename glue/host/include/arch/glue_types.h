/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/glue_types.h (host) - the types of a machine that exists only as data: its user mode
 * is what a test does through host/host.h.
 */
#ifndef ARCH_GLUE_TYPES_H
#define ARCH_GLUE_TYPES_H

#define HOST_REGS     16
#define HOST_FPU_REGS 8

/* What the last FPU register, which controls the others, starts with. */
#define HOST_FPU_CONTROL 0x37f

/* Flags: the low byte is user level's own. A context that is resumed must have the others
 * exactly so: user mode, interrupts on. */
#define HOST_FLAGS_USER 0x0ff
#define HOST_FLAG_MODE  0x100 /* set: user mode */
#define HOST_FLAG_IRQS  0x200 /* set: interrupts are taken */
#define HOST_FLAGS_MUST (HOST_FLAG_MODE | HOST_FLAG_IRQS)

/* A system-call instruction is 4 bytes. Number in r[0]; arguments and results from r[1] on. */
#define HOST_SYSCALL_SIZE 4

struct glue_ctx {
	word_t r[HOST_REGS];
	word_t ip, sp, flags, tls;
};

struct glue_fpu {
	uint64_t r[HOST_FPU_REGS];
};

struct glue_space {
	uint64_t *root;
	unsigned cursor; /* of the teardown */
	uint8_t *io;     /* bitmap of allowed ports, or NULL */
};

#define GLUE_ARCH_NAME   "host"
#define GLUE_WORD_BITS   (__SIZEOF_POINTER__ * 8)
#define GLUE_BIG_ENDIAN  0
#define GLUE_PAGE_RIGHTS 7
#define GLUE_EXC_WORDS   (5 + HOST_REGS)
#define GLUE_IRQS        32

/* Physical memory: HOST_RAM_SIZE bytes from HOST_RAM_START on. */
#define HOST_RAM_START   0x10000000u
#define HOST_RAM_SIZE    0x04000000u
#define GLUE_DIRECT_LAST ((paddr_t)HOST_RAM_START + HOST_RAM_SIZE - 1)

/* Two shapes of page tables, so that the common walker's cases are all met. With 64-bit
 * words: three levels, none but table entries in the root, pages of several entries on both
 * others. With 32-bit words: two levels. */
#if __SIZEOF_POINTER__ == 8
#define GLUE_ELF_MACHINE 62 /* EM_X86_64 */
#define GLUE_PAGE_SIZES  (1ul << 12 | 1ul << 16 | 1ul << 21)
#define GLUE_TABLE_LOG2  12
#define HOST_USER_BITS   38
#else
#define GLUE_ELF_MACHINE 3 /* EM_386 */
#define GLUE_PAGE_SIZES  (1ul << 12 | 1ul << 16 | 1ul << 20)
#define GLUE_TABLE_LOG2  11
#define HOST_USER_BITS   31
#endif
#define GLUE_USER_LAST (((word_t)1 << HOST_USER_BITS) - 1)

#endif
