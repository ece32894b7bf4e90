/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * thread.c - threads and address spaces.
 *
 * Slot i of the table has thread number base + i and, in whichever space it is, UTCB i of the
 * space's UTCB area. Slot 0 is the root task's first thread.
 */
#include <l4/ipc.h>
#include <l4/kip.h>
#include <l4/schedule.h>
#include <l4/space.h>
#include <l4/thread.h>
#include <rt/assert.h>
#include <rt/memory.h>
#include <rt/thread.h>

struct slot {
	L4_ThreadId_t id;  /* nilthread: free */
	L4_Word_t version; /* of the last thread in it */
	struct rt_space *space;
	void *stack; /* of rt_thread_spawn, or NULL */
};

struct rt_space rt_root_space;

static struct slot slots[RT_THREADS];
static L4_Word_t base;
static unsigned utcb_log2, utcb_area_log2, kip_log2;

void rt_thread_init(const void *kip)
{
	uintptr_t utcb = (uintptr_t)__l4_utcb();

	base = L4_ThreadIdUserBase(kip);
	utcb_log2 = (unsigned)L4_UtcbAlignmentLog2(kip);
	utcb_area_log2 = (unsigned)L4_UtcbAreaSizeLog2(kip);
	while (((size_t)RT_THREADS << utcb_log2) > ((size_t)1 << utcb_area_log2))
		utcb_area_log2++;
	kip_log2 = (unsigned)L4_KipAreaSizeLog2(kip);

	assert(L4_ThreadNo(L4_Myself()) == base);
	assert((utcb & (((uintptr_t)1 << utcb_area_log2) - 1)) == 0);
	rt_root_space.id = L4_Myself();
	rt_root_space.kip_area = L4_FpageLog2((uintptr_t)kip, (int)kip_log2);
	rt_root_space.utcb_area = L4_FpageLog2(utcb, (int)utcb_area_log2);
	rt_root_space.threads = 1;
	slots[0].id = L4_Myself();
	slots[0].space = &rt_root_space;
}

void rt_space_prepare(struct rt_space *space)
{
	space->id = L4_nilthread;
	space->utcb_area = L4_FpageLog2(RT_SPACE_AREAS, (int)utcb_area_log2);
	space->kip_area =
	    L4_FpageLog2(RT_SPACE_AREAS + ((uintptr_t)1 << utcb_area_log2), (int)kip_log2);
	space->threads = 0;
}

static struct slot *free_slot(void)
{
	for (unsigned i = 1; i < RT_THREADS; i++) {
		if (L4_IsNilThread(slots[i].id))
			return &slots[i];
	}
	return NULL;
}

static struct slot *slot_of(L4_ThreadId_t thread)
{
	L4_Word_t i = L4_ThreadNo(thread) - base;

	return i < RT_THREADS && L4_IsThreadEqual(slots[i].id, thread) ? &slots[i] : NULL;
}

static L4_Word_t delete_thread(L4_ThreadId_t id)
{
	return L4_ThreadControl(id, L4_nilthread, L4_nilthread, L4_nilthread, L4_nilthread,
				L4_nilthread, (void *)-1);
}

/* Delete a thread that could not be completed, and keep the reason why. */
static void give_up(L4_ThreadId_t id)
{
	L4_Word_t why = L4_ErrorCode();

	(void)delete_thread(id);
	__L4_TCR_Set_ErrorCode(why);
}

/* A space, with its first thread, inactive. */
static bool create_space(const struct rt_space *space, L4_ThreadId_t id)
{
	return L4_ThreadControl(id, id, L4_Myself(), L4_nilthread, L4_anythread, L4_anythread,
				(void *)-1) &&
	       L4_SpaceControl(id, 0, space->kip_area, space->utcb_area, NULL);
}

/* The id of the next thread in a slot. */
static L4_ThreadId_t next_id(struct slot *s)
{
	do {
		s->version++;
	} while ((s->version & ABI_TID_LOCAL_MASK) == 0);
	return L4_GlobalId(base + (L4_Word_t)(s - slots), s->version);
}

L4_ThreadId_t rt_thread_create(struct rt_space *space, unsigned prio)
{
	struct slot *s = free_slot();
	bool first = L4_IsNilThread(space->id);
	L4_ThreadId_t id;
	void *utcb;

	if (!s) {
		__L4_TCR_Set_ErrorCode(L4_ErrNoMem);
		return L4_nilthread;
	}
	id = next_id(s);
	utcb = (void *)(L4_Address(space->utcb_area) + ((uintptr_t)(s - slots) << utcb_log2));
	if ((first && !create_space(space, id)) ||
	    !L4_ThreadControl(id, first ? id : space->id, L4_Myself(), L4_Myself(), L4_anythread,
			      L4_anythread, utcb)) {
		if (first)
			give_up(id);
		return L4_nilthread;
	}
	if (first)
		space->id = id;
	space->threads++;
	*s = (struct slot){id, s->version, space, NULL};
	(void)L4_Set_Priority(id, prio);
	(void)L4_Set_Timeslice(id, 0, 0);
	return id;
}

/* What the first function on a stack finds the stack pointer to be: ia32's calling convention
 * wants it as after a call, 4 below a multiple of 16. */
#ifdef __i386__
#define ENTRY_GAP 4
#else
#define ENTRY_GAP 0
#endif

bool rt_thread_start(L4_ThreadId_t thread, L4_ThreadId_t pager, void (*entry)(void),
		     const void *stack, L4_Word_t arg)
{
	uintptr_t sp = ((uintptr_t)stack & ~(uintptr_t)15) - ENTRY_GAP;
	L4_MsgTag_t tag;

	/* It waits for its pager's message: the caller's, whoever its pager is from now on. */
	if (L4_IsNilThread(L4_ExchangeRegisters(thread, L4_ExReg_user | L4_ExReg_pager, 0, 0, 0,
						arg, pager, NULL, NULL, NULL, NULL, NULL, NULL)))
		return false;
	L4_LoadMR(1, (L4_Word_t)entry);
	L4_LoadMR(2, sp);
	L4_Set_MsgTag(__L4_VALUE(L4_MsgTag_t, (L4_Word_t)2));
	tag = L4_Send_Nonblocking(thread);
	return L4_IpcSucceeded(tag);
}

L4_ThreadId_t rt_thread_spawn(unsigned prio, void (*entry)(void), L4_Word_t arg)
{
	char *stack = rt_pages_alloc(RT_STACK_LOG2, NULL);
	L4_ThreadId_t id;

	if (!stack) {
		__L4_TCR_Set_ErrorCode(L4_ErrNoMem);
		return L4_nilthread;
	}
	id = rt_thread_create(&rt_root_space, prio);
	if (L4_IsNilThread(id)) {
		rt_pages_free(stack, RT_STACK_LOG2);
		return id;
	}
	slot_of(id)->stack = stack;
	if (rt_thread_start(id, L4_nilthread, entry, stack + ((size_t)1 << RT_STACK_LOG2), arg))
		return id;
	rt_thread_delete(id);
	return L4_nilthread;
}

void rt_thread_delete(L4_ThreadId_t thread)
{
	struct slot *s = slot_of(thread);
	L4_Word_t ok;

	assert(s && s != slots);
	ok = delete_thread(thread);
	assert(ok);
	s->id = L4_nilthread;
	if (--s->space->threads == 0) {
		s->space->id = L4_nilthread;
	} else if (L4_IsThreadEqual(s->space->id, thread)) {
		for (unsigned i = 0; i < RT_THREADS; i++) {
			if (!L4_IsNilThread(slots[i].id) && slots[i].space == s->space)
				s->space->id = slots[i].id;
		}
	}
	if (s->stack)
		rt_pages_free(s->stack, RT_STACK_LOG2);
}
