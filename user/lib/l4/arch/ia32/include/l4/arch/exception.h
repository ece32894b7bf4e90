/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/arch/exception.h - the exception message on ia32. Message registers: IP, SP, flags,
 * number, code, eax, ecx, edx, ebx, ebp, esi, edi.
 *
 * The number is the processor's vector, the code its error code (0 where it has none); for a
 * debug exception, the reason as in DR6. The flags are CF, PF, AF, ZF, SF, TF, DF and OF:
 * with TF set in the reply, the thread executes one instruction and raises a debug exception.
 */
#ifndef L4_ARCH_EXCEPTION_H
#define L4_ARCH_EXCEPTION_H

#define L4_EXC_IP     1 /* message registers */
#define L4_EXC_SP     2
#define L4_EXC_FLAGS  3
#define L4_EXC_NUMBER 4
#define L4_EXC_CODE   5
#define L4_EXC_EAX    6
#define L4_EXC_ECX    7
#define L4_EXC_EDX    8
#define L4_EXC_EBX    9
#define L4_EXC_EBP    10
#define L4_EXC_ESI    11
#define L4_EXC_EDI    12
#define L4_EXC_WORDS  12

/* Numbers of exceptions. */
#define L4_IA32_DIVIDE      0
#define L4_IA32_DEBUG       1
#define L4_IA32_BREAKPOINT  3 /* int3; IP is behind it */
#define L4_IA32_OVERFLOW    4 /* into; IP is behind it */
#define L4_IA32_BOUND       5
#define L4_IA32_UNDEFINED   6
#define L4_IA32_SEGMENT     11 /* segment not present */
#define L4_IA32_STACK       12
#define L4_IA32_PROTECTION  13 /* privileged instruction, bad selector, forbidden port, int n */
#define L4_IA32_FPU         16
#define L4_IA32_ALIGNMENT   17
#define L4_IA32_SIMD        19

#endif
