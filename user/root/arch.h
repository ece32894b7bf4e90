/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch.h - what the root task needs in assembler, on each ISA (arch/<isa>.S).
 */
#ifndef ROOT_ARCH_H
#define ROOT_ARCH_H

/* A loop that executes CALIBRATE_INSN instructions n > 0 times, and a few around it that do
 * not depend on n. */
#define CALIBRATE_INSN 2
void __l4_calibrate_loop(unsigned long n);

/* Execute an undefined instruction, which is at root_undefined_at; resumed at
 * root_undefined_next, return 1. */
int root_undefined(void);
extern const char root_undefined_at[], root_undefined_next[];

#endif
