/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/glue_types.h - the contract's types and constants on ia32.
 */
#ifndef ARCH_GLUE_TYPES_H
#define ARCH_GLUE_TYPES_H

#include <stdint.h>

/* User registers. The processor and `pusha` build the frame from `ss` down; an NMI that
 * hits before the stack is switched pushes three more words, for which there is `room`. */
struct glue_ctx {
	word_t room[3];
	word_t edi, esi, ebp;
	word_t resume; /* 0: in the IPC system call, return by sysexit; else by iret */
	word_t ebx, edx, ecx, eax;
	word_t vector, error;
	word_t eip, cs, eflags, esp, ss;
	word_t utcb_low, utcb_high; /* descriptor of gs */
};

/* FXSAVE image (SDM vol. 1, 10.5.1). */
struct glue_fpu {
	uint16_t fcw, fsw;
	uint8_t ftw, reserved;
	uint16_t fop;
	uint32_t fip, fcs, fdp, fds;
	uint32_t mxcsr, mxcsr_mask;
	uint32_t registers[120];
} __attribute__((aligned(16)));

struct glue_space {
	word_t cr3;      /* physical address of the page directory */
	word_t gs;       /* selector of the UTCB's segment: loaded together with cr3 */
	word_t io_base;  /* I/O map base of the TSS while the space is in force, << 16 */
	uint32_t *dir;   /* the directory; its user part is this space's own */
	uint8_t *ports;  /* I/O map: a zero for each port allowed; NULL: none is */
	unsigned cursor; /* of glue_space_fini */
};

#define GLUE_ARCH_NAME   "ia32"
#define GLUE_WORD_BITS   32
#define GLUE_BIG_ENDIAN  0
#define GLUE_ELF_MACHINE 3 /* EM_386 */
#define GLUE_PAGE_SIZES  ((word_t)1 << 12 | (word_t)1 << 22)
#define GLUE_TABLE_LOG2  12
#define GLUE_PAGE_RIGHTS (GLUE_R | GLUE_W) /* readable is executable */
#define GLUE_USER_LAST   ((word_t)0xbfffffff)
#define GLUE_DIRECT_LAST ((paddr_t)0x3fbfffff)
#define GLUE_EXC_WORDS   12
#define GLUE_IRQS        16

#endif
