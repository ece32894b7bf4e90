/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * contract_arch.h (host) - code, and a device that raises an interrupt, of the modelled
 * machine. The instructions are those of host_user.c.
 */
#ifndef CONTRACT_ARCH_H
#define CONTRACT_ARCH_H

#include <host/host.h>

/* Functions that return 1 and 2. */
#define CONTRACT_RETURN_1 {0x20001}
#define CONTRACT_RETURN_2 {0x20002}

/* A register that drives an interrupt line: where it is, what to write, and the line. */
#define CONTRACT_DEVICE_IS_PORT 0
#define CONTRACT_DEVICE_PA      ((paddr_t)0x09000000)
#define CONTRACT_DEVICE_VA      ((word_t)0x18000000)
#define CONTRACT_DEVICE_REG     8
#define CONTRACT_DEVICE_UP      1
#define CONTRACT_DEVICE_DOWN    0
#define CONTRACT_IRQ            5

/* A line that exists and is not user level's. */
#define CONTRACT_IRQS_REFUSED {HOST_IRQ_KERNEL}

/* What is added to an address, flags asked for, and those that are kept of them. */
#define CONTRACT_FLAGS {{0, 0, 0}, {0, ~(word_t)0, HOST_FLAGS_USER}, {0, 0x155, 0x55}}

/* Whether the kernel's own memory has rights: see contract_kernel_rights. */
#define CONTRACT_KERNEL_RIGHTS 0

#endif
