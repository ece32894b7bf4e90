/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * exregs.c - ExchangeRegisters: halt and resume, abort an IPC, read and write registers.
 */
#include <kernel/kernel.h>

/* Of an active thread: threads of the same space, dest's pager, the root task. */
static __attribute__((noinline)) bool allowed(const struct tcb *cur, const struct tcb *t)
{
	return t->g.utcb && (cur->g.space == t->g.space || cur->privileged ||
			     *(volatile const word_t *)&t->g.utcb->pager == cur->g.id);
}

_Static_assert(T_HALTED == ABI_XREG_HALTED, "the flag is the bit");

/* Which phase of an IPC `t` is blocked in. */
static word_t ipc_phase(const struct tcb *t)
{
	static const uint8_t phase[] = {
	    [TS_SENDING] = ABI_XREG_SEND,
	    [TS_RECEIVING] = ABI_XREG_RECV,
	    [TS_WAIT_NOTIFY] = ABI_XREG_RECV,
	    [TS_DYING] = 0,
	};

	return phase[t->g.state];
}

unsigned sys_exchange_registers(struct tcb *cur)
{
	word_t dest = sys_arg(cur, 0), control = sys_arg(cur, 1);
	word_t known = ABI_XREG_KNOWN | ~(word_t)0 << ABI_XREG_SOURCE_SHIFT;
	word_t sp = sys_arg(cur, 2), ip = sys_arg(cur, 3);
	struct tcb *t = tid_find(dest), *source = tid_slot(control);
	struct abi_utcb *utcb;
	struct glue_ctx old;
	word_t state, new;

	if (!t || t->g.state == TS_INACTIVE || !allowed(cur, t))
		return ABI_ERR_THREAD;
	if (control & ~known)
		return ABI_ERR_PARAM;
	if (control & ABI_XREG_COPY && !allowed(cur, source))
		return ABI_ERR_THREAD;
	utcb = t->g.utcb;
	new = sys_arg(cur, 5);
	sys_ret(cur, 5, utcb->handle);
	if (control & ABI_XREG_HANDLE)
		utcb->handle = new;
	new = sys_arg(cur, 6);
	sys_ret(cur, 6, utcb->pager);
	if (control & ABI_XREG_PAGER)
		utcb->pager = new;
	glue_ctx_copy(&old, &t->g.ctx);
	state = (t->g.flags & T_HALTED) | (t->g.flags & T_RECEIVE ? ABI_XREG_RECV : ipc_phase(t));

	/* Abort the IPC that it is in, as far as control says so. */
	if (control & state & (ABI_XREG_SEND | ABI_XREG_RECV)) {
		bool queued = t->g.flags & T_QUEUED;

		ipc_cancel(t, ABI_IPC_CANCELED, false);
		if (!queued)
			sched_wake(t);
	}
	/* A system call that was cut will not go on. */
	if (control & (ABI_XREG_COPY | ABI_XREG_FROM_MRS | ABI_XREG_IP))
		t->progress[0] = 0;
	if (control & ABI_XREG_COPY)
		glue_ctx_copy(&t->g.ctx, &source->g.ctx);
	if (control & ABI_XREG_FROM_MRS)
		glue_exc_load(&t->g.ctx, &cur->g.utcb->mr[1], GLUE_EXC_WORDS);
	if (control & ABI_XREG_SP)
		glue_ctx_set(&t->g.ctx, GLUE_SP, sp);
	if (control & ABI_XREG_IP)
		glue_ctx_set(&t->g.ctx, GLUE_IP, ip);
	if (control & ABI_XREG_FLAGS)
		glue_ctx_set(&t->g.ctx, GLUE_FLAGS, sys_arg(cur, 4));
	/* Behind the writing: the caller may be dest or source. */
	sys_ret(cur, 0, dest);
	sys_ret(cur, 1, state);
	sys_ret(cur, 2, glue_ctx_get(&old, GLUE_SP));
	sys_ret(cur, 3, glue_ctx_get(&old, GLUE_IP));
	sys_ret(cur, 4, glue_ctx_get(&old, GLUE_FLAGS));
	if (control & ABI_XREG_TO_MRS)
		glue_exc_store(&old, &cur->g.utcb->mr[1], 0, 0);
	if (control & ABI_XREG_H_WRITE)
		thread_set_halted(t, control & ABI_XREG_HALTED);
	ipc_update_accepts(t);
	if (!(cur->g.flags & T_HALTED))
		return ABI_OK;
	sched_block();
	return SYS_SCHEDULED;
}
