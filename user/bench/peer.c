/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * peer.c - threads in this space and in another one.
 *
 * The other space executes this program's code, from the same memory at the same addresses,
 * mapped beforehand: no page fault disturbs what is measured.
 */
#include <l4/ipc.h>
#include <l4/kip.h>
#include <l4/space.h>
#include <rt/memory.h>

#include "bench.h"

/* From program.lds. */
extern const char _text[], _etext[], _rodata[], _erodata[];

#define STACK_TOP 0x20001000ul /* in the other space: a page */

/* The runtime takes the lowest numbers; no more than these are in use at a time. */
#define PEERS_AT_MOST 16u

static struct rt_space other;
static L4_ThreadId_t other_thread;
static uint64_t other_stack;

_Noreturn void sleep_forever(void)
{
	for (;;)
		(void)L4_WaitForever();
}

static void share(const char *from, const char *to, L4_Word_t rights)
{
	uintptr_t end = (uintptr_t)to;

	for (uintptr_t a = (uintptr_t)from & ~(RT_PAGE_SIZE - 1); a < end; a += RT_PAGE_SIZE) {
		L4_Fpage_t f = L4_FpageAddRights(L4_FpageLog2(a, RT_PAGE_LOG2), rights);

		MUST(L4_MapFpage(other_thread, f,
				 L4_PhysDesc(rt_frame_of((void *)a), L4_DefaultMemory)));
	}
}

static void furnish(void)
{
	L4_Fpage_t f = L4_FpageLog2(STACK_TOP - RT_PAGE_SIZE, RT_PAGE_LOG2);

	share(_text, _etext, L4_ReadeXecOnly);
	share(_rodata, _erodata, L4_Readable);
	other_stack = rt_frame_alloc(RT_PAGE_LOG2);
	MUST(other_stack);
	MUST(L4_MapFpage(other_thread, L4_FpageAddRights(f, L4_ReadWriteOnly),
			 L4_PhysDesc(other_stack, L4_DefaultMemory)));
}

L4_ThreadId_t peer_new(bool inter, unsigned prio, L4_ThreadId_t pager, void (*entry)(void),
		       L4_Word_t arg)
{
	L4_ThreadId_t id;

	if (!inter) {
		id = rt_thread_spawn(prio, entry, arg);
		MUST(!L4_IsNilThread(id));
		if (!L4_IsNilThread(pager))
			L4_Set_PagerOf(id, pager);
		return id;
	}
	rt_space_prepare(&other);
	other_thread = id = rt_thread_create(&other, prio);
	MUST(!L4_IsNilThread(id));
	furnish();
	MUST(rt_thread_start(id, pager, entry, (void *)STACK_TOP, arg));
	return id;
}

void peer_delete(L4_ThreadId_t id)
{
	rt_thread_delete(id);
	if (L4_IsThreadEqual(id, other_thread)) {
		rt_frame_free(other_stack, RT_PAGE_LOG2);
		other_thread = L4_nilthread;
	}
}

L4_Fpage_t peer_kip_area(void)
{
	struct rt_space s;

	rt_space_prepare(&s);
	return s.kip_area;
}

L4_Fpage_t peer_utcb_area(void)
{
	struct rt_space s;

	rt_space_prepare(&s);
	return s.utcb_area;
}

L4_ThreadId_t id_number(unsigned i)
{
	return L4_GlobalId(L4_ThreadIdUserBase(L4_GetKernelInterface()) + PEERS_AT_MOST + i, 1);
}
