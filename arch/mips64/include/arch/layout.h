/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/layout.h - the address space (MIPS64 Architecture for Programmers III, MD00091,
 * "Virtual Memory"). For C, assembler and the linker.
 *
 *   0x0000000000000000  xuseg: user space, 2^42 bytes, through the TLB
 *   0x9000000000000000  xkphys: all physical memory, uncached (device registers)
 *   0x9800000000000000  xkphys: all physical memory, cached: the direct map
 *   0xffffffff80000000  ckseg0: the first 512 MiB, cached; the kernel's image at 1 MiB
 *   0xffffffffe0000000  the window: the page tables of the middle level of the space in force, one
 *                       behind the other, by TLB entries that are made when a refill misses them
 *   0xffffffffffff8000  one wired TLB entry maps two pages of the kernel's variables, so that
 *                       exception code reaches them with an offset from $0: the first one,
 *                       which can't be written there, begins with zeros, ...
 *   0xffffffffffffc000  ... the second one with the kernel's stack, the overflow of which so
 *                       traps; then come struct mips_local, and k_cpus
 *
 * Only that entry, the window and user pages are in the TLB: but for the refill of user pages, the
 * kernel never takes a TLB refill. The
 * processor checks no rights in ckseg0 and xkphys: the kernel's code and constants are
 * protected by nothing but their being written to nowhere.
 */
#ifndef ARCH_LAYOUT_H
#define ARCH_LAYOUT_H

#define KERNEL_LINK 0xffffffff80100000
#define STACK_SIZE  0x1000

/* A table of root entry n is at WINDOW + (n << TABLE_LOG2). An address that XContext shifts to
 * its place; 32 MiB, of which user addresses reach 8. */
#define WINDOW 0xffffffffe0000000

#define CKSEG0          0xffffffff80000000
#define CKSEG1          0xffffffffa0000000
#define CKSEG_SIZE      0x20000000
#define XKPHYS_CACHED   0x9800000000000000
#define XKPHYS_UNCACHED 0x9000000000000000

/* A device's registers: of those in the first 512 MiB, an address of two instructions. */
#define UNCACHED(pa) ((pa) < CKSEG_SIZE ? CKSEG1 + (pa) : XKPHYS_UNCACHED + (pa))

/* As offsets from $0: zeros, as large as a page table, for ever: where an absent table is found
 * (see vectors.S), until the report of a trap in the kernel is made there; the stack; and struct
 * mips_local. Both pages go on with other variables. */
#define ZEROS_BASE (-0x8000)
#define ZEROS_SIZE 0x2000
#define LOCAL_LOG2 14 /* the wired entry's page size */
#define STACK_BASE (-0x4000)
#define LOCAL_BASE (STACK_BASE + STACK_SIZE)

/* Shape of the page tables: three levels of 1024 entries of 8 bytes. */
#define TABLE_LOG2 13
#define TABLE_BITS 10
#define ROOT_SHIFT 32 /* an entry covers 2^32 bytes, ... */
#define MID_SHIFT  22
#define USER_BITS  42

/* What an entry that refers to a table is above the table's address; so an absent entry, 0,
 * refers to ZEROS_BASE. */
#define TABLE_BIAS 0x8000

#endif
