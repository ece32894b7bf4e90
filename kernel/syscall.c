/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * syscall.c - from a system call's number to its handler.
 */
#include <kernel/kernel.h>

_Static_assert(offsetof(struct glue_thread, ctx) == 0, "a thread is known by its context");

typedef unsigned handler(struct tcb *cur);

static handler *const handlers[ABI_SYS_COUNT] = {
#define SYSCALL(nr, name, args, rets) [nr] = sys_##name,
#include <l4/abi/syscalls.def>
#undef SYSCALL
};

struct glue_ctx *k_syscall(struct glue_ctx *c, word_t nr)
{
	struct tcb *cur = tcb_of_ctx(c);
	unsigned result;

	if (nr == ABI_SYS_THREAD_SWITCH && glue_arg(c, 0) == ABI_NILTHREAD) { /* a shorter way */
		c = sched_yield_cpu();
		debug_check();
		return c;
	}
	/* 0 is IPC, which has its own upcall. */
	if (unlikely(nr - 1 >= ABI_SYS_COUNT - 1 ||
		     (!CONFIG_CONSOLE_SYSCALL && nr == ABI_SYS_CONSOLE))) {
		c = fault_exception(cur, nr, 0, true);
	} else if ((result = handlers[nr](cur)) == ABI_OK) {
		c = sched_continue();
	} else if (result == SYS_SCHEDULED) {
		c = (struct glue_ctx *)this_cpu()->g.current; /* NULL: idle */
	} else if (result == SYS_AGAIN) {
		glue_ctx_restart(c);
		c = sched_continue(); /* it may have woken somebody */
	} else {
		cur->g.utcb->error = result;
		glue_ret(c, 0, 0);
	}
	debug_check();
	return c;
}
