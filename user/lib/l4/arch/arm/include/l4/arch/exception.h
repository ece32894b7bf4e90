/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/arch/exception.h - the exception message on ARM v7-A. Message registers: IP, SP, flags,
 * number, code, r0-r12, lr.
 *
 * IP is an interworking address, with bit 0 set in Thumb state; writing it chooses the state.
 * The flags are the condition flags, Q, GE, E and the IT state of the CPSR.
 */
#ifndef L4_ARCH_EXCEPTION_H
#define L4_ARCH_EXCEPTION_H

#define L4_EXC_IP     1 /* message registers */
#define L4_EXC_SP     2
#define L4_EXC_FLAGS  3
#define L4_EXC_NUMBER 4
#define L4_EXC_CODE   5
#define L4_EXC_R0     6
#define L4_EXC_LR     19
#define L4_EXC_WORDS  19

/* Numbers of exceptions. The code is 0 unless stated. */
#define L4_ARM_UNDEFINED  1 /* undefined or privileged instruction */
#define L4_ARM_BREAKPOINT 2 /* bkpt instruction, or another debug event */
#define L4_ARM_ALIGNMENT  3 /* code: the data address */
#define L4_ARM_BUS        4 /* external abort; code: the address */
#define L4_ARM_BUS_ASYNC  5 /* external abort of an earlier access, perhaps another thread's */
#define L4_ARM_ABORT      6 /* any other abort; code: fault status register */

#endif
