/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * host/host.h - what a test can do with the modelled machine: be the user mode, the
 * devices and the clock, and see what the kernel did to them.
 *
 * The model is strict. Using a stale TLB entry or instruction-cache line, breaking a
 * precondition of the contract, or resuming a context that was not activated or sanitised
 * ends the test with a message, through host_fail.
 */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include <stdio.h>
#include <glue/glue.h>

/* Back to power-on: memory zeroed, caches empty, lines masked, clock 0. */
void host_reset(void);

/* A test's failure: prints the message, and calls host_on_fail if set, else abort. */
_Noreturn void host_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
extern void (*host_on_fail)(const char *message);

/* Run fn(arg); its halt (glue_halt, also by k_panic) ends it. Returns -1 if it returned, or
 * the enum glue_halt_why. */
int host_try(void (*fn)(void *arg), void *arg);

/* ---- memory ----------------------------------------------------------------------------*/

/* The arena is mapped at host_reset; frames from host_frame are handed out from its top
 * down, page-aligned (or more), not overlapping; to be kept out of the kernel's pool. */
paddr_t host_frame(unsigned log2);

/* ---- console ------------------------------------------------------------------------------ */

/* All that was printed since the last host_reset or host_console_clear. */
const char *host_console(void);
void host_console_clear(void);

/* ---- user mode ------------------------------------------------------------------------------ */

/* Context and space that glue_activate made current, and the context running now: what the
 * last upcall returned. NULL: idle. */
extern struct glue_ctx *host_active_ctx, *host_running;
extern struct glue_space *host_active_space;

/* Note what an upcall returned: checks that it was activated and can be resumed. Returns c. */
struct glue_ctx *host_resume(struct glue_ctx *c);

/* The running thread makes a system call; returns what host_resume does. */
struct glue_ctx *host_syscall(word_t nr, word_t a0, word_t a1, word_t a2, word_t a3);
struct glue_ctx *host_ipc(word_t to, word_t from, word_t tag);

/* Access `len` bytes in one page at user address va of the space in force, as `access` (one
 * of R, W, X), to or from buf (X: from memory). False: page fault, for which no upcall was
 * made. Goes through the TLB, sets referenced bits. */
bool host_user_access(word_t va, unsigned access, void *buf, size_t len);
bool host_user_read(word_t va, word_t *value);
bool host_user_write(word_t va, word_t value);

/* Fetch the 4-byte instruction at va through the instruction cache. */
bool host_user_exec(word_t va, uint32_t *insn);

/* Use FPU register i. False: the unit is off (the caller makes the k_fpu upcall). */
bool host_user_fpu(unsigned i, uint64_t **reg);

/* Number of translations the TLB holds for `as`. */
unsigned host_tlb_entries(const struct glue_space *as);

/* ---- interrupts and time ----------------------------------------------------------------------
 */

void host_clock_advance(uint64_t ticks);
uint64_t host_timer_deadline(void);

void host_irq_edge(unsigned irq);             /* pulse a line */
void host_irq_level(unsigned irq, bool high); /* hold a line, or let it go */
bool host_irq_masked(unsigned irq);

/* The line that the kernel keeps for itself in this machine. */
#define HOST_IRQ_KERNEL 2

/* Raise an edge of `irq` when glue_irq_pending is asked for the n-th time from now. 0: never. */
void host_irq_edge_at_poll(unsigned n, unsigned irq);

/* If an interrupt is pending, take it: k_interrupt and host_resume. Returns whether. */
bool host_take_interrupt(void);

/* ---- allocation failure ---------------------------------------------------------------- */

/* For programs linked with -Wl,--wrap=k_alloc,--wrap=kmem_ready,--wrap=kmem_has: the n-th call of
 * k_alloc or kmem_ready from now (1: the next) fails, and, if `all`, every one after it; kmem_has
 * answers accordingly. 0: none fails. */
void host_fail_alloc(unsigned n, bool all);

/* Calls of k_alloc since host_fail_alloc. */
unsigned host_alloc_calls(void);

#endif
