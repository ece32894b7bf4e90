/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/layout.h - numbers that C, assembler and the linker script share: the address space,
 * segment selectors, vectors, and offsets in structures (asserted in context.c).
 */
#ifndef ARCH_LAYOUT_H
#define ARCH_LAYOUT_H

/* Address space: user below, then physical memory from 0 on (the kernel is at 1 MiB of it),
 * and in the last 4 MiB the page with the local APIC. */
#define KERNEL_BASE 0xc0000000
#define KERNEL_PHYS 0x00100000
#define DEVICE_BASE 0xffc00000
#define DIRECT_SIZE (DEVICE_BASE - KERNEL_BASE)
#define PDE_KERNEL  (KERNEL_BASE >> 22)
#define PDE_DEVICE  (DEVICE_BASE >> 22)

#define KERNEL_STACK_SIZE  4096
#define KERNEL_STACK_FIRST 256  /* the room above where upcalls begin, see fastpath.S */
#define SPARE_STACK_SIZE   2048 /* NMI; double fault */

/* Selectors. The order of the four behind the first is SYSENTER's and SYSEXIT's (SDM vol. 2B);
 * the first is pushed together with the I/O map base below it. */
#define SEL_UTCB      0x0b
#define SEL_KERNEL_CS 0x10
#define SEL_KERNEL_SS 0x18
#define SEL_USER_CS   0x23
#define SEL_USER_DS   0x2b /* the kernel's ds and es, too */
#define SEL_TSS       0x30
#define SEL_DF_TSS    0x38
#define GDT_ENTRIES   8

/* Vectors. 0-31 are the processor's. */
#define VEC_DB       1
#define VEC_NMI      2
#define VEC_BP       3
#define VEC_OF       4
#define VEC_NM       7
#define VEC_DF       8
#define VEC_GP       13
#define VEC_PF       14
#define VEC_PIC      0x20 /* 16 lines */
#define VEC_TIMER    0x30
#define VEC_STUBS    0x31 /* vectors with a stub in trap.S */
#define VEC_SPURIOUS 0x3f /* P6: the low four bits must be ones (SDM vol. 3A, 10.9) */
#define VEC_SYSCALL  0x40

#define STUB_SHIFT  3
#define STUB_LENGTH 5 /* of an interrupt: call */

/* Length of the `int` that enters a system call. */
#define SYSCALL_INSN 2

#define EFLAGS_FIXED 0x002 /* bit 1 reads as one */
#define EFLAGS_TF    0x100
#define EFLAGS_IF    0x200

/* struct glue_ctx */
#define CTX_FRAME     12 /* where the registers begin */
#define CTX_RESUME    24
#define CTX_EBX       28
#define CTX_EAX       40
#define CTX_VECTOR    44
#define CTX_EIP       52
#define CTX_CS        56
#define CTX_ESP       64
#define CTX_END       72 /* behind what the processor pushes */
#define CTX_UTCB_LOW  72
#define CTX_UTCB_HIGH 76

/* struct glue_thread, glue_cpu, glue_space, main_tss: what the fast path uses (the same). */
#define THREAD_ID       80
#define THREAD_ACCEPTS  84
#define THREAD_PRIO     88
#define THREAD_UTCB     92
#define THREAD_SPACE    96
#define THREAD_SENDQ    100
#define THREAD_PARTNER  104
#define THREAD_WAITED   108
#define THREAD_STATUS   112
#define THREAD_FLAGS    114
#define THREAD_TAG      116
#define CPU_CURRENT     0
#define CPU_BARRIER     4
#define CPU_THREADS     8
#define CPU_THREADS_MAX 12
#define CPU_FRONT       16
#define SPACE_CR3       0
#define SPACE_IO        8
#define TSS_ESP0        4
#define TSS_GDT         96
#define SEL_UTCB_END    ((SEL_UTCB & ~7) + 8)
#define IO_MAP_BYTES    8192
#define MAIN_TSS_SIZE   (TSS_GDT + 8 * GDT_ENTRIES + IO_MAP_BYTES + 4)

#endif
