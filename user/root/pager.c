/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * pager.c - page faults of another space, served by a thread with MapControl.
 */
#include <l4/ipc.h>
#include <l4/space.h>
#include <rt/time.h>

#include "root.h"

#define NAME  "pager"
#define PAGES 32u

static uintptr_t page_address(unsigned i)
{
	return CHILD_MEMORY_START + i * RT_PAGE_SIZE;
}

static L4_Word_t pattern(unsigned i)
{
	return 0xc0b00000u + i;
}

/* In the other space: touch pages that aren't there, in turn by writing and by reading, and
 * tell the thread in the handle how long it took and how many were not zero. */
static void touch(void)
{
	L4_ThreadId_t director = __L4_VALUE(L4_ThreadId_t, L4_UserDefinedHandle());
	uint64_t ticks = __l4_ticks();
	L4_Word_t dirty = 0;

	for (unsigned i = 0; i < PAGES; i++) {
		volatile L4_Word_t *word = (volatile L4_Word_t *)page_address(i);

		if (i % 2)
			dirty += word[1] != 0;
		else
			*word = pattern(i);
	}
	ticks = rt_ticks_since(ticks);
	L4_LoadMR(1, (L4_Word_t)(ticks >> 32));
	L4_LoadMR(2, (L4_Word_t)(uint32_t)ticks);
	L4_LoadMR(3, dirty);
	L4_Set_MsgTag(__L4_VALUE(L4_MsgTag_t, (L4_Word_t)3));
	(void)L4_Send(director);
	(void)L4_WaitForever();
}

/* The kernel knows for each page what was done with it, and the memory holds what the other
 * space wrote. */
static bool check_page(const struct child *c, unsigned i)
{
	L4_Fpage_t f = L4_FpageLog2(page_address(i), RT_PAGE_LOG2);
	uint64_t frame = child_frame_at(page_address(i));
	bool written = i % 2 == 0;
	L4_PhysDesc_t p;
	L4_Word_t found;
	void *at;

	EXPECT(NAME, frame != 0);
	EXPECT(NAME, L4_GetStatus(c->thread, &f, &p));
	EXPECT(NAME, L4_PhysDescAddress(p) == frame);
	EXPECT(NAME, (L4_Rights(f) & L4_ReadWriteOnly) == L4_ReadWriteOnly);
	EXPECT(NAME, L4_WasReferenced(f) && !L4_WasWritten(f) == !written);

	at = rt_map(frame, RT_PAGE_LOG2, L4_Readable, L4_DefaultMemory);
	EXPECT(NAME, at != NULL);
	found = *(volatile L4_Word_t *)at;
	rt_unmap(at, RT_PAGE_LOG2);
	EXPECT(NAME, found == (written ? pattern(i) : 0));
	return true;
}

bool show_pager(void)
{
	struct child child;
	L4_MsgTag_t tag;
	L4_Word_t mr[4];
	uint64_t ticks;

	EXPECT(NAME, child_create(&child, touch, L4_Myself().raw));
	if (!await(NAME, child.thread, &tag))
		return false;
	L4_StoreMRs(0, 4, mr);
	ticks = (uint64_t)mr[1] << 32 | mr[2];
	EXPECT(NAME, mr[3] == 0);
	EXPECT(NAME, child_faults() > PAGES);
	for (unsigned i = 0; i < PAGES; i++) {
		if (!check_page(&child, i))
			return false;
	}
	report_pass(NAME, measure_insn(ticks, 1, PAGES),
		    "%u faults of another space served by MapControl; per fault on %u of them",
		    child_faults(), PAGES);
	child_delete(&child);
	return true;
}
