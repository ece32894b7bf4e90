/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * contract_arch.h (MIPS64) - code, and a device that raises an interrupt: the 16550, whose
 * transmitter is empty, and says so once that is enabled in IER (PC16550D, 8.5).
 */
#ifndef CONTRACT_ARCH_H
#define CONTRACT_ARCH_H

#include <config.h>

/* Functions that return 1 and 2: jr $31; li $2, n */
#define CONTRACT_RETURN_1 {0x03e00008, 0x24020001}
#define CONTRACT_RETURN_2 {0x03e00008, 0x24020002}

/* A register that drives an interrupt line: where it is, what to write, and the line. */
#define CONTRACT_DEVICE_IS_PORT 0
#define CONTRACT_DEVICE_PA      ((paddr_t)CONFIG_UART_BASE)
#define CONTRACT_DEVICE_VA      ((word_t)0x18000000 + (CONFIG_UART_BASE & 0xfff))
#define CONTRACT_DEVICE_REG     1
#define CONTRACT_DEVICE_UP      2 /* ETBEI */
#define CONTRACT_DEVICE_DOWN    0
#define CONTRACT_IRQ            CONFIG_UART_IRQ

/* A line that exists and is not user level's: that of the second i8259. */
#define CONTRACT_IRQS_REFUSED {2}

/* What is added to an address, flags asked for, and those that are kept of them. */
#define CONTRACT_FLAGS {{0, 0, 0}, {0, ~(word_t)0, 0}}

/* Whether the kernel's own memory has rights: see contract_kernel_rights. */
#define CONTRACT_KERNEL_RIGHTS 0

#endif
