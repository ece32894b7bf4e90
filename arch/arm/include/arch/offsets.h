/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/offsets.h - places in C structures, for assembler files; context.c and fpu.c assert
 * that they are right.
 */
#ifndef ARCH_OFFSETS_H
#define ARCH_OFFSETS_H

#define CTX_SP   52
#define CTX_LR   56
#define CTX_PC   60
#define CTX_CPSR 64
#define CTX_SIZE 72

#define FPU_FPSCR 256

#endif
