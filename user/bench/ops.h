/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ops.h - the operations that are measured, a function each.
 *
 * The name is the interface: what the kernel does when it is entered from op_<name> is the
 * cost of <name>. So each does one operation, is never inlined, and works in any space: it
 * touches registers, its stack and the UTCB only. All of them are in the section .text.ops,
 * which is what counts as a stub.
 */
#ifndef BENCH_OPS_H
#define BENCH_OPS_H

#include <l4/ipc.h>
#include <l4/types.h>

#define OP __attribute__((noipa, section(".text.ops")))

/* ---- IPC ------------------------------------------------------------------------------------ */

/* A tag for `words` words, with the blocking flags `flags`. */
static inline L4_MsgTag_t op_tag(L4_Word_t words, L4_Word_t flags)
{
	return __L4_VALUE(L4_MsgTag_t, words | flags);
}

L4_MsgTag_t op_call(L4_ThreadId_t to, L4_MsgTag_t tag);
L4_MsgTag_t op_reply_wait(L4_ThreadId_t to, L4_MsgTag_t tag, L4_ThreadId_t *from);
L4_MsgTag_t op_send(L4_ThreadId_t to, L4_MsgTag_t tag);          /* the partner runs */
L4_MsgTag_t op_send_noswitch(L4_ThreadId_t to, L4_MsgTag_t tag); /* it doesn't yet */
L4_MsgTag_t op_wait(L4_ThreadId_t *from);
L4_MsgTag_t op_receive_queued(L4_ThreadId_t *from); /* one waits to send */
L4_MsgTag_t op_nil_ipc(void);
L4_MsgTag_t op_notify(L4_ThreadId_t to, L4_Word_t mask);
L4_MsgTag_t op_notify_nobody(L4_ThreadId_t to, L4_Word_t mask);
L4_MsgTag_t op_wait_notify(L4_Word_t *mask);

/* ---- faults, interrupts, time --------------------------------------------------------------- */

_Noreturn void op_page_fault(const volatile char *at);
L4_MsgTag_t op_page_fault_reply(L4_ThreadId_t to, L4_ThreadId_t *from);
_Noreturn void op_exception(void);
L4_MsgTag_t op_exception_reply(L4_ThreadId_t to, L4_ThreadId_t *from); /* sets the IP */
L4_MsgTag_t op_interrupt_ack(L4_ThreadId_t irq);
void op_thread_switch(void);
void op_tlb_refill(const volatile char *at, unsigned pages);

/* ---- memory, threads, spaces ------------------------------------------------------------------
 */

L4_Word_t op_map(L4_ThreadId_t space, L4_Fpage_t at, uint64_t frame);
L4_Word_t op_unmap(L4_ThreadId_t space, L4_Fpage_t at);
L4_Word_t op_map_range(L4_ThreadId_t space, L4_Fpage_t at, uint64_t frame);
L4_Word_t op_unmap_range(L4_ThreadId_t space, L4_Fpage_t at);

/* Create and activate. */
L4_Word_t op_thread_create(L4_ThreadId_t id, L4_ThreadId_t space, void *utcb);
L4_Word_t op_thread_delete(L4_ThreadId_t id);
L4_Word_t op_thread_delete_used(L4_ThreadId_t id); /* somebody once waited for it */

/* A space with an active thread, in three system calls; and without. */
L4_Word_t op_space_create(L4_ThreadId_t id, L4_Fpage_t kip, L4_Fpage_t utcbs);
L4_Word_t op_space_delete(L4_ThreadId_t id);

#endif
