/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * child.c - a second address space, and the thread that pages it.
 *
 * The space executes functions of the root task from the same physical memory, at the same
 * addresses. Code is mapped readable and executable, constants readable, both never writable;
 * the root task's data not at all. Its own memory is readable and writable, never executable.
 */
#include <l4/ipc.h>
#include <l4/protocol.h>
#include <l4/space.h>

#include "root.h"

/* From program.lds. */
extern const char _text[], _etext[], _rodata[], _erodata[];

#define CHILD_STACK_TOP CHILD_MEMORY_END

/* What the pager works with. The first thread writes it while no pager is running. */
static struct {
	L4_ThreadId_t child, director;
	uint64_t frames[CHILD_FRAMES]; /* zeroed */
	uintptr_t used_at[CHILD_FRAMES];
	unsigned used, served;
} pager;

static bool within(uintptr_t a, const void *start, const void *end)
{
	return a >= (uintptr_t)start && a < (uintptr_t)end;
}

/* Put a page of the child's own memory at `address`. */
static bool serve_memory(uintptr_t address, L4_Word_t access)
{
	uintptr_t page = address & ~(uintptr_t)(RT_PAGE_SIZE - 1);
	L4_Fpage_t f = L4_FpageLog2(page, RT_PAGE_LOG2);

	if (pager.used == CHILD_FRAMES || access == L4_eXecutable)
		return false;
	if (!L4_MapFpage(pager.child, L4_FpageAddRights(f, L4_ReadWriteOnly),
			 L4_PhysDesc(pager.frames[pager.used], L4_DefaultMemory)))
		return false;
	pager.used_at[pager.used++] = page;
	return true;
}

/* Let the child see a page of the root task. */
static bool serve_shared(uintptr_t address, L4_Word_t access, L4_Word_t rights)
{
	uintptr_t page = address & ~(uintptr_t)(RT_PAGE_SIZE - 1);
	L4_Fpage_t f = L4_FpageLog2(page, RT_PAGE_LOG2);
	uint64_t frame = rt_frame_of((void *)page);

	if (!frame || !(access & rights))
		return false;
	return L4_MapFpage(pager.child, L4_FpageAddRights(f, rights),
			   L4_PhysDesc(frame, L4_DefaultMemory)) != 0;
}

static bool serve(L4_MsgTag_t tag, L4_ThreadId_t from, uintptr_t address)
{
	L4_Word_t access = L4_PageFaultAccess(tag);

	if (L4_Protocol(tag) != L4_ProtocolPageFault || L4_IsThreadNotEqual(from, pager.child))
		return false;
	if (within(address, _text, _etext))
		return serve_shared(address, access, L4_ReadeXecOnly);
	if (within(address, _rodata, _erodata))
		return serve_shared(address, access, L4_Readable);
	if (address >= CHILD_MEMORY_START && address < CHILD_MEMORY_END)
		return serve_memory(address, access);
	return false;
}

/* The pager. A fault that it can't serve goes to the first thread, and the child waits. */
static void page_child(void)
{
	L4_ThreadId_t from;
	L4_MsgTag_t tag = L4_Wait(&from);
	L4_Word_t address, ip;

	for (;;) {
		L4_StoreMR(1, &address);
		L4_StoreMR(2, &ip);
		if (serve(tag, from, address)) {
			pager.served++;
			L4_Set_MsgTag(L4_Niltag);
			tag = L4_ReplyWait(from, &from);
			continue;
		}
		L4_LoadMR(1, address);
		L4_LoadMR(2, ip);
		L4_Set_MsgTag(tag);
		(void)L4_Send(pager.director);
		tag = L4_Wait(&from);
	}
}

static bool fill_frames(void)
{
	for (unsigned i = 0; i < CHILD_FRAMES; i++) {
		void *at = rt_pages_alloc(RT_PAGE_LOG2, &pager.frames[i]);

		if (!at)
			return false;
		rt_unmap(at, RT_PAGE_LOG2);
	}
	return true;
}

bool child_create(struct child *c, void (*entry)(void), L4_Word_t arg)
{
	pager.used = pager.served = 0;
	pager.director = L4_Myself();
	if (!fill_frames())
		return false;
	c->pager = rt_thread_spawn(PRIO_PAGER, page_child, 0);
	if (L4_IsNilThread(c->pager))
		return false;
	rt_space_prepare(&c->space);
	c->thread = pager.child = rt_thread_create(&c->space, PRIO_PEER);
	return !L4_IsNilThread(c->thread) &&
	       rt_thread_start(c->thread, c->pager, entry, (void *)CHILD_STACK_TOP, arg);
}

unsigned child_faults(void)
{
	return pager.served;
}

uint64_t child_frame_at(uintptr_t address)
{
	for (unsigned i = 0; i < pager.used; i++) {
		if (pager.used_at[i] == (address & ~(uintptr_t)(RT_PAGE_SIZE - 1)))
			return pager.frames[i];
	}
	return 0;
}

void child_delete(struct child *c)
{
	rt_thread_delete(c->thread);
	rt_thread_delete(c->pager);
	for (unsigned i = 0; i < CHILD_FRAMES; i++)
		rt_frame_free(pager.frames[i], RT_PAGE_LOG2);
}
