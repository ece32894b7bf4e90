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

#endif
