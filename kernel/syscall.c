/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * syscall.c - from a system call's number to its handler.
 */
#include <kernel/kernel.h>

_Static_assert(offsetof(struct glue_thread, ctx) == 0, "a thread is known by its context");

NOINLINE struct glue_ctx *sys_end(struct tcb *cur, unsigned result)
{
	if (result != ABI_OK && result != SYS_AGAIN) {
		if (result == SYS_SCHEDULED)
			return (struct glue_ctx *)this_cpu()->g.current; /* NULL: idle */
		cur->g.utcb->error = result;
		glue_ret(&cur->g.ctx, 0, 0);
		return &cur->g.ctx;
	}
	if (result != ABI_OK)
		glue_ctx_restart(&cur->g.ctx);
	return sched_continue(); /* it may have woken somebody */
}

/* The others are in their handlers' files, which a port may compile for speed. */
SYS_CALL(thread_switch)
SYS_CALL(exchange_registers)
SYS_CALL(schedule)
SYS_CALL(cache_control)
SYS_CALL(processor_control)
SYS_CALL(kernel_interface)
SYS_CALL(console)

typedef struct glue_ctx *call(struct tcb *cur);

static call *const calls[ABI_SYS_COUNT] = {
#define SYSCALL(nr, name, args, rets) [nr] = call_##name,
#include <l4/abi/syscalls.def>
#undef SYSCALL
};

struct glue_ctx *k_syscall(struct glue_ctx *c, word_t nr)
{
	struct tcb *cur = tcb_of_ctx(c);

	if (nr == ABI_SYS_THREAD_SWITCH && glue_arg(c, 0) == ABI_NILTHREAD) /* a shorter way */
		c = sched_yield_cpu();
	/* 0 is IPC, which has its own upcall. */
	else if (unlikely(nr - 1 >= ABI_SYS_COUNT - 1 ||
			  (!CONFIG_CONSOLE_SYSCALL && nr == ABI_SYS_CONSOLE)))
		c = fault_exception(cur, nr, 0, true);
	else
		c = calls[nr](cur);
	debug_check();
	return c;
}
