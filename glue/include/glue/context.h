/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * glue/context.h - a thread's user registers. A context is data; only the running
 * thread's is ever loaded, by the return from an upcall.
 *
 * System calls: the number, three or four arguments and results travel in registers of
 * the port's choice, numbered 0-3 here; the kernel finds the rest in the UTCB. IPC takes
 * (to, from, tag) and returns (tag, from); the message words are in the UTCB.
 */
#ifndef GLUE_CONTEXT_H
#define GLUE_CONTEXT_H

#include <glue/types.h>

enum glue_reg {
	GLUE_IP, /* next instruction; for a thread in a system call, the one after it */
	GLUE_SP,
	GLUE_FLAGS, /* the user-visible part of the processor's status word */
	GLUE_TLS    /* user address of the UTCB, as glue_activate lets user mode find it */
};

/* Make `c` the context of a thread that will start in user mode at `ip`, with stack
 * pointer `sp`, all other registers 0 and safe flags. ip, sp, tls are user values and
 * sanitised as by glue_ctx_set. Whatever is in `c`. */
void glue_ctx_init(struct glue_ctx *c, word_t ip, word_t sp, word_t tls);

/* Read a register. */
word_t glue_ctx_get(const struct glue_ctx *c, enum glue_reg r);

/* Write a register with an untrusted value: whatever `user` is, a later resume enters
 * user mode, with interrupts on, without privilege, and can't fault inside the kernel. */
void glue_ctx_set(struct glue_ctx *c, enum glue_reg r, word_t user);

/* Copy the general registers, IP, SP and flags of `src` to `dst`; not the TLS. */
void glue_ctx_copy(struct glue_ctx *dst, const struct glue_ctx *src);

/* Undo the system call that `c` is in: once resumed, it executes the same system call
 * again with the same arguments. Only during k_syscall, before any glue_ret. */
void glue_ctx_restart(struct glue_ctx *c);

/* System-call argument i (0-3) of the k_syscall under way, and result i (0-3) of the
 * system call that `c` is in (any thread that is blocked in one, too). */
word_t glue_arg(const struct glue_ctx *c, unsigned i);
void glue_ret(struct glue_ctx *c, unsigned i, word_t v);

/* The results of the IPC system call that `c` is in. */
void glue_ipc_ret(struct glue_ctx *c, word_t tag, word_t from);

/* Write the exception message of `c`: mr[0] IP, SP, flags, `number`, `code`, general
 * registers; GLUE_EXC_WORDS words at most, and return their number. Used by
 * ExchangeRegisters as well, with number and code 0. */
unsigned glue_exc_store(const struct glue_ctx *c, word_t *mr, word_t number, word_t code);

/* Load `c` from an untrusted message of the same format, of which the first `n` words are
 * present; registers without a word stay; number and code are ignored; everything is
 * sanitised as by glue_ctx_set. Each word is read once. */
void glue_exc_load(struct glue_ctx *c, const word_t *mr, unsigned n);

/* False if a port's fast path could not resume `c`, which is in an IPC system call, as if it had
 * only entered that: because registers were loaded or copied to it since. */
bool glue_ctx_plain(const struct glue_ctx *c);

/* Make `next` the context to which the next kernel entry from user mode saves, its TLS
 * what user mode sees, and `as` the address space in force. Called before an upcall
 * returns `next`, on every switch and only then. Clears what must not cross threads
 * without being part of a context (exclusive monitors, LL bits). `as` is never freed
 * while in force: the kernel activates another one before, or calls glue_space_leave. `next` is
 * the beginning of k_cpus[this].current, and a port may find it there. */
void glue_activate(struct glue_ctx *next, struct glue_space *as);

#endif
