/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * contract_arch.h (ARM) - code, and a device that raises an interrupt: the PL011, whose
 * transmit interrupt is asserted all the time, and enabled in UARTIMSC (DDI 0183G, 3.3.10).
 */
#ifndef CONTRACT_ARCH_H
#define CONTRACT_ARCH_H

#include <config.h>

/* Functions that return 1 and 2: mov r0, #n; bx lr */
#define CONTRACT_RETURN_1 {0xe3a00001, 0xe12fff1e}
#define CONTRACT_RETURN_2 {0xe3a00002, 0xe12fff1e}

/* A register that drives an interrupt line: where it is, what to write, and the line. */
#define CONTRACT_DEVICE_IS_PORT 0
#define CONTRACT_DEVICE_PA      ((paddr_t)CONFIG_UART_BASE)
#define CONTRACT_DEVICE_VA      ((word_t)0x18000000)
#define CONTRACT_DEVICE_REG     0x38
#define CONTRACT_DEVICE_UP      0x20 /* TXIM */
#define CONTRACT_DEVICE_DOWN    0
#define CONTRACT_IRQ            CONFIG_UART_IRQ

/* Lines that exist and are not user level's: the processor's own, with the timer among them. */
#define CONTRACT_IRQS_REFUSED {0, 15, 16, 24, 25, CONFIG_TIMER_IRQ, 28, 29, 30, 31}

/* What is added to an address for Thumb code, flags asked for, and those that are kept of them.
 * IT state (DDI 0406C, A2.5.2) is only kept in Thumb state, with a mask and a condition. */
#define CONTRACT_FLAGS                                                                             \
	{{0, 0, 0}, {0, ~(word_t)0, 0xf80f0200}, {1, ~(word_t)0, 0xf80f0200},                      \
	 {0, 0x0800, 0}, {1, 0x0800, 0x0800}, {1, 0xd800, 0xd800}, {1, 0x06000c00, 0x06000c00},    \
	 {1, 0x1000, 0}, {1, 0xe800, 0}, {1, 0xfc00, 0}}

/* Whether the kernel's own memory has rights: see contract_kernel_rights in rights.c. */
#define CONTRACT_KERNEL_RIGHTS 1

#endif
