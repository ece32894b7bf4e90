/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * contract_arch.h (ia32) - code, and a device that raises an interrupt: the 16550, whose
 * transmitter is empty, and says so once that is enabled in IER (PC16550D, 8.5).
 */
#ifndef CONTRACT_ARCH_H
#define CONTRACT_ARCH_H

#include <config.h>

/* Functions that return 1 and 2: mov eax, n; ret */
#define CONTRACT_RETURN_1 {0x000001b8, 0x0000c300}
#define CONTRACT_RETURN_2 {0x000002b8, 0x0000c300}

/* A register that drives an interrupt line: where it is, what to write, and the line. */
#define CONTRACT_DEVICE_IS_PORT 1
#define CONTRACT_DEVICE_PA      ((paddr_t)CONFIG_UART_BASE)
#define CONTRACT_DEVICE_VA      ((word_t)CONFIG_UART_BASE)
#define CONTRACT_DEVICE_REG     1
#define CONTRACT_DEVICE_UP      2 /* ETBEI */
#define CONTRACT_DEVICE_DOWN    0
#define CONTRACT_IRQ            CONFIG_UART_IRQ

/* A line that exists and is not user level's: that of the second i8259. */
#define CONTRACT_IRQS_REFUSED {2}

/* What is added to an address, flags asked for, and those that are kept of them: not IF, IOPL,
 * NT, RF, VM, AC and above (SDM vol. 1, 3.4.3). */
#define CONTRACT_FLAGS {{0, 0, 0}, {0, ~(word_t)0, 0x0dd5}, {0, 0x0dd5, 0x0dd5}}

/* Whether the kernel's own memory has rights: see contract_kernel_rights in rights.c. */
#define CONTRACT_KERNEL_RIGHTS 1

#endif
