/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/layout.h - the kernel's half of the address space. For C, assembler and the linker.
 *
 *   0x80000000  RAM, one to one from CONFIG_RAM_START (TTBR1; user space is below, TTBR0)
 *   0x80100000  in it, the kernel's image
 *   0xf0000000  device registers, a section each
 *
 * The image starts 1 MiB into RAM because some loaders put a device tree at its start.
 */
#ifndef ARCH_LAYOUT_H
#define ARCH_LAYOUT_H

#define SECTION_SIZE 0x100000
#define KERNEL_BASE  0x80000000
#define KERNEL_LINK  (KERNEL_BASE + SECTION_SIZE)
#define DEVICE_BASE  0xf0000000
#define DEVICE_SLOTS 4
#define STACK_SIZE   0x1000

#endif
