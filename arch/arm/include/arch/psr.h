/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/psr.h - program status register: ARM Architecture Reference Manual, ARMv7-A and
 * ARMv7-R edition (DDI 0406C), B1.3.3. For C and assembler.
 */
#ifndef ARCH_PSR_H
#define ARCH_PSR_H

#define MODE_USR 0x10
#define MODE_SVC 0x13
#define MODE_HYP 0x1a

#define PSR_MODE    0x1f
#define PSR_NOTUSER 0x0f /* all clear in user mode, and in no other */
#define PSR_T       0x20
#define PSR_F       0x40
#define PSR_I       0x80
#define PSR_A       0x100
#define PSR_E       0x200
#define PSR_IT_HIGH 0xfc00 /* IT[7:2] */
#define PSR_GE      0xf0000
#define PSR_IT_LOW  0x6000000 /* IT[1:0] */
#define PSR_Q       0x8000000
#define PSR_V       0x10000000
#define PSR_C       0x20000000
#define PSR_Z       0x40000000
#define PSR_N       0x80000000
#define PSR_IT      (PSR_IT_HIGH | PSR_IT_LOW)

/* User mode runs with interrupts and asynchronous aborts on, and FIQ, which we don't use, off. */
#define PSR_USER (MODE_USR | PSR_F)
/* The kernel runs with all of them off, always. */
#define PSR_KERNEL (MODE_SVC | PSR_F | PSR_I | PSR_A)

#endif
