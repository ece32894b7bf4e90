/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/offsets.h - places in C structures, for assembler files; context.c, fpu.c and tlb.c
 * assert that they are right.
 */
#ifndef ARCH_OFFSETS_H
#define ARCH_OFFSETS_H

#include <config.h>

/* struct glue_ctx: index of the register whose place is lent, and offsets. */
#define CTX_STATE 0
#define CTX_PC    26
#define CTX_GP    28
#define CTX_SP    29
#define CTX_R(n)  (8 * (n))
#define CTX_HI    256
#define CTX_LO    264
#define CTX_SIZE  272
/* Bit of the state where all registers are saved; Cause has none there. */
#define CTX_FULL 1

/* Bits that may be set in the number of the IPC system call. */
#define IPC_NUMBERS (ABI_TAG_RESERVED | ABI_TAG_NOTIFY | ABI_TAG_RBLOCK)

/* Registers that the words of a message go through: $6 and up, which nothing else in a return from
 * a system call writes. */
#define WORD_REGISTERS 10

/* struct glue_fpu */
#define FPU_FCSR 256

/* struct mips_local */
#define LOCAL_ROOT        0
#define LOCAL_GP          8
#define LOCAL_STATUS      16
#define LOCAL_USER_STATUS 24
#define LOCAL_WORDS       32
#define LOCAL_SIZE        (LOCAL_WORDS + 8 * 64)
#define LOCAL(field)      (LOCAL_BASE + LOCAL_##field)

/* struct glue_space */
#define SPACE_ROOT 0
#define SPACE_ASID 8
#define ASID_BITS  8

/* struct glue_thread, behind the context */
#define THREAD_ID      272
#define THREAD_ACCEPTS 280
#define THREAD_PRIO    288
#define THREAD_UTCB    296
#define THREAD_SPACE   304
#define THREAD_SENDQ   312
#define THREAD_PARTNER 320
#define THREAD_WAITED  328
#define THREAD_STATE   336
#define THREAD_STATUS  336

/* GLUE_SLOTS_LOG2 for the assembler. */
#if CONFIG_MAX_THREADS <= 512
#define SLOTS_LOG2 9
#elif CONFIG_MAX_THREADS <= 1024
#define SLOTS_LOG2 10
#elif CONFIG_MAX_THREADS <= 2048
#define SLOTS_LOG2 11
#else
#define SLOTS_LOG2 12
#endif

/* clang-format off */
/* struct glue_cpu of k_cpus[0], from $0; _local_cpu: see kernel.lds.in */
#define CPU_CURRENT %lo(_local_cpu)
#define CPU_BARRIER %lo(_local_cpu + 8)
#define CPU_THREADS %lo(_local_cpu + 16)
/* clang-format on */

#endif
