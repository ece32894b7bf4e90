/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/trap.h - numbers that the trap code passes around. For C and assembler.
 */
#ifndef ARCH_TRAP_H
#define ARCH_TRAP_H

/* Kinds of traps taken while in the kernel, for arm_kernel_trap. */
#define TRAP_RESET     0
#define TRAP_UNDEFINED 1
#define TRAP_PREFETCH  2
#define TRAP_DATA      3
#define TRAP_HYP       4
#define TRAP_FIQ       5

/* FPEXC.EN: the FPU is on (DDI 0406C, B1.11). */
#define FPEXC_EN 0x40000000

/* User level has a system call's number in r0 rotated right by so much, that is in the highest
 * bits; IPC's is 0. Added to a thread number it makes none, which takes the fast path no
 * instruction to see. */
#define SYS_ROTATED 8

/* Exception numbers of k_exception, and so of the exception message; user level has them in
 * <l4/arch/exception.h>. The code is 0 unless stated. */
#define ARM_EXC_UNDEFINED  1 /* undefined or privileged instruction */
#define ARM_EXC_BREAKPOINT 2 /* bkpt instruction, or another debug event */
#define ARM_EXC_ALIGNMENT  3 /* code: the data address */
#define ARM_EXC_BUS        4 /* external abort; code: address */
#define ARM_EXC_BUS_ASYNC  5 /* external abort of an earlier access, perhaps another thread's */
#define ARM_EXC_ABORT      6 /* any other abort; code: fault status register */

#endif
