/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * kernel.h - system-call handlers, assertions, and the debug kernel's checks.
 */
#ifndef KERNEL_KERNEL_H
#define KERNEL_KERNEL_H

#include <kernel/ipc.h>
#include <kernel/space.h>

/* ---- system calls: one handler each. The current thread is `cur`. Arguments by sys_arg,
 * results by sys_ret. Returns an error code of the interface, with nothing changed (k_syscall
 * tells the caller); or ABI_OK (results are set; the thread goes on, unless a ready one has a
 * higher priority), or one of: ----------------------------------------------------------- */
#define SYS_AGAIN                                                                                  \
	0x100               /* cut at a preemption point: take the interrupt, then do it again.    \
			     * What is to be remembered is in cur->progress (0, 0 when no call     \
			     * is under way) */
#define SYS_SCHEDULED 0x101 /* the handler has decided which thread runs */

#define SYSCALL(nr, name, args, rets)                                                              \
	unsigned sys_##name(struct tcb *cur);                                                      \
	struct glue_ctx *call_##name(struct tcb *cur);
#include <l4/abi/syscalls.def>
#undef SYSCALL

/* What a result means, done: who runs next. */
struct glue_ctx *sys_end(struct tcb *cur, unsigned result);

/* call_name: the handler, and that. MapControl, which has no handler of its own, knows where nobody
 * can have been woken, so that `cur` goes on. */
#define SYS_CALL(name)                                                                             \
	struct glue_ctx *call_##name(struct tcb *cur)                                              \
	{                                                                                          \
		return sys_end(cur, sys_##name(cur));                                              \
	}

/* Argument i: registers first, then the UTCB. Each read once. */
static inline word_t sys_arg(const struct tcb *cur, unsigned i)
{
	return i < 4 ? glue_arg(&cur->g.ctx, i)
		     : *(volatile const word_t *)&cur->g.utcb->sysarg[i - 4];
}

static inline void sys_ret(struct tcb *cur, unsigned i, word_t v)
{
	if (i < 4)
		glue_ret(&cur->g.ctx, i, v);
	else
		cur->g.utcb->sysarg[i - 4] = v;
}

/* ---- boot (boot.c, kip.c, elf.c) ----------------------------------------------------------- */

/* The KIP, in the direct map, ABI_KIP_AREA_LOG2 bytes, mapped read-only into every space. */
extern struct abi_kip *k_kip;

/* The root task's thread, made by thread_boot from k_boot. Its entry point, and areas. */
struct tcb *thread_boot(struct space *root, word_t ip, word_t utcb_va);

/* ---- debug (debug/) -------------------------------------------------------------- */

#if CONFIG_DEBUG
#define ASSERT(x) ((x) ? (void)0 : k_panic(NULL, "%s:%u: %s", __FILE__, __LINE__, #x))
/* Check the invariants of docs/architecture.md; panics with what is wrong. After each event that
 * gets to the core. */
void debug_check(void);
#else
#define ASSERT(x) ((void)sizeof(!(x)))
static inline void debug_check(void)
{
}
#endif

/* A thread of the kernel's users did something that stops it; says so in a debug kernel, and
 * stops the machine where it was the root task. */
void thread_died(struct tcb *t, const char *why);

#endif
