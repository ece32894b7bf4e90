/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * syscall.c - from a system call's number to its handler.
 */
#include <kernel/kernel.h>

typedef struct glue_ctx *handler(struct tcb *cur);

static handler *const handlers[ABI_SYS_COUNT] = {
#define SYSCALL(nr, name, args, rets) [nr] = sys_##name,
#include <l4/abi/syscalls.def>
#undef SYSCALL
};

struct glue_ctx *k_syscall(struct glue_ctx *c, word_t nr)
{
	struct tcb *cur = tcb_of_ctx(c);

	if (likely(nr < ABI_SYS_COUNT && handlers[nr] &&
		   (CONFIG_CONSOLE_SYSCALL || nr != ABI_SYS_CONSOLE)))
		c = handlers[nr](cur);
	else
		c = fault_exception(cur, nr, 0, true);
	debug_check();
	return c;
}
