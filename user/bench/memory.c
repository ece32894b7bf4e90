/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * memory.c - mapping, unmapping, and what a miss in the TLB costs.
 */
#include <l4/ipc.h>
#include <l4/space.h>
#include <rt/memory.h>

#include "bench.h"
#include "ops.h"

#define ROUNDS     100
#define RANGE_LOG2 14 /* 4 pages: on no ISA large enough for a larger page */
#define AT         0x58000000ul
#define NEIGHBOUR  (AT + 0x20000ul) /* keeps the page table there */
#define TLB_AT     0x51000000ul
#define TLB_PAGES  256u /* more than any TLB has entries */

static L4_ThreadId_t space;
static uint64_t frames;

static void map_unmap(void)
{
	L4_Fpage_t f = L4_FpageLog2(AT, RT_PAGE_LOG2);

	(void)op_map(space, f, frames);
	(void)op_unmap(space, f);
}

static void map_unmap_range(void)
{
	L4_Fpage_t f = L4_FpageLog2(AT, RANGE_LOG2);

	(void)op_map_range(space, f, frames);
	(void)op_unmap_range(space, f);
}

static void bench_map(bool inter)
{
	L4_Fpage_t neighbour = L4_FpageLog2(NEIGHBOUR, RT_PAGE_LOG2);
	uint64_t frame = rt_frame_alloc(RT_PAGE_LOG2);

	frames = rt_frame_alloc(RANGE_LOG2);
	space = L4_Myself();
	if (inter)
		space = peer_new(true, PRIO_LOW, L4_nilthread, sleep_forever, 0);
	MUST(L4_MapFpage(space, L4_FpageAddRights(neighbour, L4_Readable),
			 L4_PhysDesc(frame, L4_DefaultMemory)));
	job.rounds = ROUNDS;
	job.step = map_unmap;
	region();
	region_report("map", inter, 0);
	job.step = map_unmap_range;
	region();
	region_report("map_range", inter, 0);
	MUST(L4_UnmapFpage(space, neighbour));
	if (inter)
		peer_delete(space);
	rt_frame_free(frames, RANGE_LOG2);
	rt_frame_free(frame, RT_PAGE_LOG2);
}

static void touch(void)
{
	op_tlb_refill((const volatile char *)TLB_AT, TLB_PAGES);
}

static void bench_tlb(void)
{
	uint64_t frame = rt_frame_alloc(RT_PAGE_LOG2);

	for (unsigned i = 0; i < TLB_PAGES; i++) {
		L4_Fpage_t f = L4_FpageLog2(TLB_AT + i * RT_PAGE_SIZE, RT_PAGE_LOG2);

		MUST(L4_MapFpage(L4_Myself(), L4_FpageAddRights(f, L4_Readable),
				 L4_PhysDesc(frame, L4_DefaultMemory)));
	}
	job.rounds = 1;
	job.step = touch;
	region();
	job.rounds = TLB_PAGES;
	region_report("tlb_refill", false, 0);
	for (unsigned i = 0; i < TLB_PAGES; i++)
		MUST(L4_UnmapFpage(L4_Myself(),
				   L4_FpageLog2(TLB_AT + i * RT_PAGE_SIZE, RT_PAGE_LOG2)));
	rt_frame_free(frame, RT_PAGE_LOG2);
}

void bench_memory(void)
{
	bench_map(false);
	bench_map(true);
	bench_tlb();
}
