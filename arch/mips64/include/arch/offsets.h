/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/offsets.h - places in C structures, for assembler files; context.c, fpu.c and tlb.c
 * assert that they are right.
 */
#ifndef ARCH_OFFSETS_H
#define ARCH_OFFSETS_H

#include <config.h>

/* struct glue_ctx: registers 1 to 25 are at their numbers, then come these. */
#define CTX_STATE 0
#define CTX_FP    26
#define CTX_RA    27
#define CTX_HI    28
#define CTX_LO    29
#define CTX_PC    30
#define CTX_GP    31
#define CTX_SP    32
#define CTX_REGS  33
#define CTX_R(n)  (8 * (n))
#define CTX_SIZE  CTX_R(CTX_REGS)
/* Bit of the state where all registers are saved; Cause has none there. */
#define CTX_FULL 1

/* Bits that may be set in the number of the IPC system call. */
#define IPC_NUMBERS (ABI_TAG_RESERVED | ABI_TAG_NOTIFY | ABI_TAG_RBLOCK)

/* Registers that the words of a message go through: $6 and up, which nothing else in a return from
 * a system call writes. */
#define WORD_REGISTERS 10

/* Words that copy.S has instructions for; at least half of those that a message may have. */
#define COPY_WORDS 32

/* struct glue_fpu */
#define FPU_FCSR 256

/* struct mips_local */
#define LOCAL_ZEROS       0
#define LOCAL_GP          8
#define LOCAL_STATUS      16
#define LOCAL_USER_STATUS 24
#define LOCAL_WORDS       32
#define LOCAL_CALLS       (LOCAL_WORDS + 8 * 64)
#define LOCAL_SIZE        (LOCAL_CALLS + 4 * 64)
#define LOCAL(field)      (LOCAL_BASE + LOCAL_##field)

/* EntryLo of a page table: cached, valid, not to be written. */
#define ENTRYLO_TABLE 0x1a

/* struct glue_space */
#define SPACE_ROOT 0
#define SPACE_ASID 8
#define ASID_BITS  8

/* struct glue_thread, behind the context */
#define THREAD_ID      (CTX_SIZE + 0)
#define THREAD_ACCEPTS (CTX_SIZE + 8)
#define THREAD_PRIO    (CTX_SIZE + 16)
#define THREAD_UTCB    (CTX_SIZE + 24)
#define THREAD_SPACE   (CTX_SIZE + 32)
#define THREAD_SENDQ   (CTX_SIZE + 40)
#define THREAD_PARTNER (CTX_SIZE + 48)
#define THREAD_WAITED  (CTX_SIZE + 56)
#define THREAD_STATE   (CTX_SIZE + 64)
#define THREAD_STATUS  (CTX_SIZE + 64)
#define THREAD_TAG     (CTX_SIZE + 72)

/* The status of a thread whose page fault is to be answered; of one that waits for notification. */
#ifdef __MIPSEB__
#define STATUS_FAULTED (GLUE_STATE_RECEIVING << 24 | GLUE_CONT_PAGEFAULT << 16)
#define STATUS_WAIT_NOTIFY (GLUE_STATE_WAIT_NOTIFY << 24)
#else
#define STATUS_FAULTED (GLUE_STATE_RECEIVING | GLUE_CONT_PAGEFAULT << 8)
#define STATUS_WAIT_NOTIFY GLUE_STATE_WAIT_NOTIFY
#endif
#define THREAD_FLAGS   (CTX_SIZE + 66)

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
#define CPU_FRONT   %lo(_local_cpu + 32)
/* clang-format on */

#endif
