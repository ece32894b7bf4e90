/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * glue.h - the contract between the generic kernel and a port: everything the
 * kernel may ask of a port (glue_*), everything a port may call (k_*), and nothing
 * else. contract.syms lists the same names for scripts/check_contract.
 *
 * Unless a function says otherwise: it is called by the kernel, on the CPU concerned,
 * with interrupts off; it never blocks, never fails, never allocates, and never
 * dereferences a user address. "User" values are untrusted.
 *
 * A port supplies <arch/glue_types.h>, which defines
 *   types      struct glue_ctx    user register frame (first member of every thread)
 *              struct glue_fpu    FPU/SIMD image
 *              struct glue_space  page-table root, ASID, I/O ports ...
 *   constants  GLUE_ARCH_NAME     string, e.g. "ia32"
 *              GLUE_WORD_BITS     32 or 64
 *              GLUE_BIG_ENDIAN    0 or 1
 *              GLUE_ELF_MACHINE   e_machine of its programs (ELF specification)
 *              GLUE_PAGE_SIZES    bit n set: the hardware has pages of 2^n bytes
 *              GLUE_PAGE_RIGHTS   rwx rights that the hardware can tell apart
 *              GLUE_USER_LAST     last address of user space (2^n - 1)
 *              GLUE_DIRECT_LAST   last physical address glue_phys_to_virt reaches
 *              GLUE_EXC_WORDS     words of an exception message (at most 63)
 *              GLUE_IRQS          interrupt lines: 0 ... GLUE_IRQS - 1
 *              GLUE_TABLE_LOG2    log2 of the bytes of every page table but the root
 * scripts/check_contract compares the list of constants with those that the kernel uses.
 */
#ifndef GLUE_GLUE_H
#define GLUE_GLUE_H

#define GLUE_CONTRACT_VERSION 1

#include <glue/types.h>
#include <glue/cpu.h>
#include <glue/context.h>
#include <glue/space.h>
#include <glue/irq.h>
#include <glue/boot.h>
#include <glue/upcall.h>
#include <glue/fastpath.h>
#endif
