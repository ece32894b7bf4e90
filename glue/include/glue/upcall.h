/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * glue/upcall.h - what a port may call.
 *
 * An upcall takes an event and returns the context to resume; glue_activate has been
 * called for it if it is another than before. NULL: nothing is runnable; the port waits
 * with interrupts on and calls k_interrupt(NULL). Upcalls run with interrupts off, on the
 * CPU's one kernel stack, from its top; none blocks; none is called from inside another.
 * `c` is the running thread's context, complete, IP as user mode should be resumed.
 */
#ifndef GLUE_UPCALL_H
#define GLUE_UPCALL_H

#include <glue/types.h>

struct glue_boot_info;
struct glue_thread;

/* Once, on the boot CPU, with the direct map, traps, console, interrupt controller (all
 * lines masked) and clock working. `bi` may be reused after the return. */
struct glue_ctx *k_boot(const struct glue_boot_info *bi);

/* The IPC system call. */
struct glue_ctx *k_ipc(struct glue_ctx *c, word_t to, word_t from, word_t tag);

/* The same where a port's own path has found that dest->id is `to`, not nilthread, and has put
 * `from` and the tag where glue/fastpath.h says. It need not use it: k_ipc looks for itself. */
struct glue_ctx *k_ipc_to(struct glue_ctx *c, struct glue_thread *dest);

/* Every other system call; `nr` untrusted (an unknown one becomes a system-call trap
 * exception of the thread). Arguments by glue_arg. */
struct glue_ctx *k_syscall(struct glue_ctx *c, word_t nr);

/* User access to `va` of kind `access` (one of R, W, X) that the tables don't allow. `va`
 * may be any address, the kernel's too. */
struct glue_ctx *k_pagefault(struct glue_ctx *c, word_t va, unsigned access);

/* Any other synchronous trap from user mode: `number` and `code` as the port documents. */
struct glue_ctx *k_exception(struct glue_ctx *c, word_t number, word_t code);

/* An interrupt was taken, in user mode or (c NULL) while idle. The kernel claims it. */
struct glue_ctx *k_interrupt(struct glue_ctx *c);

/* User mode used the FPU while it was off; resuming repeats the instruction. */
struct glue_ctx *k_fpu(struct glue_ctx *c);

/* Print a message with registers and backtrace and stop: the kernel itself is broken. `c`
 * is the kernel state that trapped, or NULL. */
_Noreturn void k_panic(const struct glue_ctx *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Print to the debug console. Conversions: %s (NULL: nothing) and %%; %u %x %lu %lx %llu %llx (64
 * bits), these with a width, and `0` before it. */
void k_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* ---- memory of the kernel's pool, for page tables and the like -------------------------
 * Blocks of 2^log2 bytes, naturally aligned, zeroed, in the direct map, 7 <= log2 <= 15;
 * NULL: exhausted. k_free takes the size it was allocated with. */
void *k_alloc(unsigned log2) MUSTUSE;
void k_free(void *block, unsigned log2);

/* The same, of a block that is all zeros, such as a page table in which nothing is left: it need
 * not be cleared for the next owner. */
void k_free_clean(void *block, unsigned log2);

/* A 16-bit counter that the owner of a block of 1 KiB or more may use as it likes; 0 when
 * the block is allocated. Page-table code counts the entries in use. */
uint16_t *k_counter(void *block);

#endif
