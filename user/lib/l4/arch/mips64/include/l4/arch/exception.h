/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/arch/exception.h - the exception message on MIPS64. Message registers: IP, SP, flags,
 * number, code, $1-$25, $30, $31, hi, lo.
 *
 * Where the instruction that trapped is in the delay slot of a branch, IP is the branch, and
 * bit 31 of the flags is set; resumed at that IP, the thread executes both again. The flags
 * can't be written.
 */
#ifndef L4_ARCH_EXCEPTION_H
#define L4_ARCH_EXCEPTION_H

#define L4_EXC_IP     1 /* message registers */
#define L4_EXC_SP     2
#define L4_EXC_FLAGS  3
#define L4_EXC_NUMBER 4
#define L4_EXC_CODE   5
#define L4_EXC_R1     6 /* $1; $n is 5 + n */
#define L4_EXC_R30    31
#define L4_EXC_R31    32
#define L4_EXC_HI     33
#define L4_EXC_LO     34
#define L4_EXC_WORDS  34

#define L4_EXC_FLAG_DELAY_SLOT 0x80000000ul

/* Numbers of exceptions, the processor's own. The code is 0 unless stated. */
#define L4_MIPS_ADDRESS_LOAD  4 /* load or fetch, not aligned; code: the address */
#define L4_MIPS_ADDRESS_STORE 5 /* store, not aligned; code: the address */
#define L4_MIPS_BUS_FETCH     6
#define L4_MIPS_BUS_DATA      7
#define L4_MIPS_SYSCALL       8  /* in a delay slot, behind something that is no branch */
#define L4_MIPS_BREAK         9  /* code 1: by SDBBP; the firmware has changed registers */
#define L4_MIPS_RESERVED      10 /* undefined instruction */
#define L4_MIPS_COPROCESSOR   11 /* or privileged instruction; code: coprocessor */
#define L4_MIPS_OVERFLOW      12
#define L4_MIPS_TRAP          13
#define L4_MIPS_FPU           15

#endif
