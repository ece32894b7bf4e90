/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/offsets.h - places in C structures, for assembler files; context.c, asid.c and fpu.c assert
 * that they are right.
 */
#ifndef ARCH_OFFSETS_H
#define ARCH_OFFSETS_H

#define CTX_SP   52
#define CTX_LR   56
#define CTX_PC   60
#define CTX_CPSR 64
#define CTX_TLS  68
#define CTX_SIZE 72

/* struct glue_thread: fastpath.S loads those from tls on at a stroke, in this order. */
#define TH_ID      72
#define TH_ACCEPTS 76
#define TH_PRIO    80
#define TH_UTCB    84
#define TH_SPACE   88
#define TH_SENDQ   92
#define TH_PARTNER 96
#define TH_WAITED  100
#define TH_STATUS  104
#define TH_STATE   104
#define TH_FLAGS   106
#define TH_TAG     108

/* struct glue_cpu: `current` is the first. */
#define CPU_BARRIER     4
#define CPU_THREADS     8
#define CPU_THREADS_MAX 12
#define CPU_FRONT       16

/* struct glue_space. */
#define SPACE_TTBR0 4
#define SPACE_ASID  8

#define FPU_FPSCR 256

#endif
