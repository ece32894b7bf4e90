/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ops.c - see ops.h.
 */
#include <l4/schedule.h>
#include <l4/space.h>
#include <l4/thread.h>
#include <rt/memory.h>

#include "ops.h"

OP L4_MsgTag_t op_call(L4_ThreadId_t to, L4_MsgTag_t tag)
{
	return L4_Ipc(to, to, tag, NULL);
}

OP L4_MsgTag_t op_reply_wait(L4_ThreadId_t to, L4_MsgTag_t tag, L4_ThreadId_t *from)
{
	return L4_Ipc(to, L4_anythread, tag, from);
}

OP L4_MsgTag_t op_send(L4_ThreadId_t to, L4_MsgTag_t tag)
{
	return L4_Ipc(to, L4_nilthread, tag, NULL);
}

OP L4_MsgTag_t op_send_noswitch(L4_ThreadId_t to, L4_MsgTag_t tag)
{
	return L4_Ipc(to, L4_nilthread, tag, NULL);
}

OP L4_MsgTag_t op_wait(L4_ThreadId_t *from)
{
	return L4_Ipc(L4_nilthread, L4_anythread, L4_Waittag, from);
}

OP L4_MsgTag_t op_receive_queued(L4_ThreadId_t *from)
{
	return L4_Ipc(L4_nilthread, L4_anythread, L4_Waittag, from);
}

OP L4_MsgTag_t op_nil_ipc(void)
{
	return L4_Ipc(L4_nilthread, L4_nilthread, L4_Niltag, NULL);
}

OP L4_MsgTag_t op_notify(L4_ThreadId_t to, L4_Word_t mask)
{
	return L4_Notify(to, mask);
}

OP L4_MsgTag_t op_notify_nobody(L4_ThreadId_t to, L4_Word_t mask)
{
	return L4_Notify(to, mask);
}

OP L4_MsgTag_t op_wait_notify(L4_Word_t *mask)
{
	return L4_WaitNotify(mask);
}

OP _Noreturn void op_page_fault(const volatile char *at)
{
	for (;;)
		(void)*at;
}

OP L4_MsgTag_t op_page_fault_reply(L4_ThreadId_t to, L4_ThreadId_t *from)
{
	return L4_Ipc(to, L4_anythread, op_tag(0, ABI_TAG_RBLOCK), from);
}

OP _Noreturn void op_exception(void)
{
	__builtin_trap();
}

/* MR1 is the instruction pointer, in what was received and in the answer. */
OP L4_MsgTag_t op_exception_reply(L4_ThreadId_t to, L4_ThreadId_t *from)
{
	return L4_Ipc(to, L4_anythread, op_tag(1, ABI_TAG_RBLOCK), from);
}

OP L4_MsgTag_t op_interrupt_ack(L4_ThreadId_t irq)
{
	return L4_Ipc(L4_nilthread, irq, L4_Waittag, NULL);
}

OP void op_thread_switch(void)
{
	L4_Yield();
}

OP void op_tlb_refill(const volatile char *at, unsigned pages)
{
	for (unsigned i = 0; i < pages; i++)
		(void)at[i * RT_PAGE_SIZE];
}

static inline L4_Word_t map(L4_ThreadId_t space, L4_Fpage_t at, uint64_t frame)
{
	return L4_MapFpage(space, L4_FpageAddRights(at, L4_ReadWriteOnly),
			   L4_PhysDesc(frame, L4_DefaultMemory));
}

OP L4_Word_t op_map(L4_ThreadId_t space, L4_Fpage_t at, uint64_t frame)
{
	return map(space, at, frame);
}

OP L4_Word_t op_unmap(L4_ThreadId_t space, L4_Fpage_t at)
{
	return L4_UnmapFpage(space, at);
}

OP L4_Word_t op_map_range(L4_ThreadId_t space, L4_Fpage_t at, uint64_t frame)
{
	return map(space, at, frame);
}

OP L4_Word_t op_unmap_range(L4_ThreadId_t space, L4_Fpage_t at)
{
	return L4_UnmapFpage(space, at);
}

OP L4_Word_t op_thread_create(L4_ThreadId_t id, L4_ThreadId_t space, void *utcb)
{
	return L4_ThreadControl(id, space, L4_MyGlobalId(), L4_MyGlobalId(), L4_anythread,
				L4_anythread, utcb);
}

static inline L4_Word_t thread_delete(L4_ThreadId_t id)
{
	return L4_ThreadControl(id, L4_nilthread, L4_nilthread, L4_nilthread, L4_nilthread,
				L4_nilthread, (void *)-1);
}

OP L4_Word_t op_thread_delete(L4_ThreadId_t id)
{
	return thread_delete(id);
}

OP L4_Word_t op_thread_delete_used(L4_ThreadId_t id)
{
	return thread_delete(id);
}

OP L4_Word_t op_space_create(L4_ThreadId_t id, L4_Fpage_t kip, L4_Fpage_t utcbs)
{
	L4_ThreadId_t me = L4_MyGlobalId();

	return L4_ThreadControl(id, id, me, L4_nilthread, L4_anythread, L4_anythread, (void *)-1) &&
	       L4_SpaceControl(id, 0, kip, utcbs, NULL) &&
	       L4_ThreadControl(id, id, me, me, L4_anythread, L4_anythread,
				(void *)L4_Address(utcbs));
}

OP L4_Word_t op_space_delete(L4_ThreadId_t id)
{
	return thread_delete(id);
}
