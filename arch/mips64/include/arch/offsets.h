/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/offsets.h - places in C structures, for assembler files; context.c, fpu.c and tlb.c
 * assert that they are right.
 */
#ifndef ARCH_OFFSETS_H
#define ARCH_OFFSETS_H

/* struct glue_ctx: index of the register whose place is lent, and offsets. */
#define CTX_STATE  0
#define CTX_PC     26
#define CTX_BRANCH 27
#define CTX_GP     28
#define CTX_SP     29
#define CTX_R(n)   (8 * (n))
#define CTX_HI     256
#define CTX_LO     264
#define CTX_SIZE   272
/* Bits of the state, where it is not the Cause register. */
#define CTX_FULL 1 /* all registers are saved */
#define CTX_SLOT 2 /* in a system call from the delay slot of the branch at r[CTX_BRANCH] */

/* struct glue_fpu */
#define FPU_FCSR 256

/* struct mips_local */
#define LOCAL_CTX         (LOCAL_ZEROS + 0)
#define LOCAL_ROOT        (LOCAL_ZEROS + 8)
#define LOCAL_STACK       (LOCAL_ZEROS + 16)
#define LOCAL_GP          (LOCAL_ZEROS + 24)
#define LOCAL_STATUS      (LOCAL_ZEROS + 32)
#define LOCAL_USER_STATUS (LOCAL_ZEROS + 40)
#define LOCAL_AS          (LOCAL_ZEROS + 48)
#define LOCAL_LAST_ASID   (LOCAL_ZEROS + 56)
#define LOCAL_SIZE        (LOCAL_ZEROS + 64)
/* The same to write, from the upper half of mips_local + LOCAL_CTX. */
/* clang-format off */
#define LOCAL_TO(field) %lo(mips_local + field)
/* clang-format on */

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

/* clang-format off */
/* struct glue_cpu of k_cpus[0], from the upper half of its address */
#define CPU_CURRENT     %lo(k_cpus)
#define CPU_BARRIER     %lo(k_cpus + 8)
#define CPU_THREADS     %lo(k_cpus + 16)
#define CPU_THREADS_MAX %lo(k_cpus + 24)
/* clang-format on */

#endif
