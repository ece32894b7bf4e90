/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * stress.c - what takes the kernel longest, each a region of its own, while the scheduling
 * timer interrupts as often as it can: the meter looks for the longest stretch in the kernel
 * without a look for interrupts.
 */
#include <l4/cache.h>
#include <l4/ipc.h>
#include <l4/schedule.h>
#include <l4/space.h>
#include <l4/thread.h>
#include <rt/memory.h>

#include "bench.h"
#include "ops.h"

#define SLICE_US   100ul
#define LARGE_LOG2 24 /* 4,096 pages */
#define ITEMS      32u
#define ITEM_LOG2  20
#define TABLES     128u
#define TABLE_LOG2 22
#define AT         0x20000000ul

static uint64_t frame;
static L4_ThreadId_t victim;

static L4_ThreadId_t new_space(unsigned i)
{
	MUST(op_space_create(id_number(i), peer_kip_area(), peer_utcb_area()));
	return id_number(i);
}

/* Pages of the smallest size all over a space: two frames take turns, so that no two
 * neighbours make a larger page. */
static void fill(L4_ThreadId_t sp, unsigned log2)
{
	L4_Word_t last = AT + ((L4_Word_t)1 << log2);

	for (L4_Word_t a = AT; a < last; a += RT_PAGE_SIZE) {
		L4_Fpage_t f = L4_FpageLog2(a, RT_PAGE_LOG2);

		MUST(L4_MapFpage(
		    sp, L4_FpageAddRights(f, L4_ReadWriteOnly),
		    L4_PhysDesc(frame + (a / RT_PAGE_SIZE & 1) * RT_PAGE_SIZE, L4_DefaultMemory)));
	}
}

/* And a page in each of many page tables. */
static void scatter(L4_ThreadId_t sp)
{
	for (unsigned i = 0; i < TABLES; i++) {
		L4_Fpage_t f = L4_FpageLog2(AT + ((L4_Word_t)i << TABLE_LOG2), RT_PAGE_LOG2);

		MUST(L4_MapFpage(sp, L4_FpageAddRights(f, L4_Readable),
				 L4_PhysDesc(frame, L4_DefaultMemory)));
	}
}

static void measure(const char *name, void (*step)(void))
{
	uint64_t start = bench_begin();

	step();
	job.ticks = bench_end(start);
	job.rounds = 1;
	region_report(name, true, 0);
}

static void unmap_large(void)
{
	MUST(L4_UnmapFpage(victim, L4_FpageLog2(AT, LARGE_LOG2)));
}

static void delete_victim(void)
{
	MUST(op_thread_delete(victim));
}

static void delete_thread(void)
{
	rt_thread_delete(victim);
}

static void read_large(void)
{
	L4_Fpage_t f = L4_FpageLog2(AT, LARGE_LOG2);
	L4_PhysDesc_t p;

	MUST(L4_GetStatus(victim, &f, &p));
}

static void items(L4_Word_t rights)
{
	L4_Fpage_t f[ITEMS];
	L4_PhysDesc_t p[ITEMS];

	for (unsigned i = 0; i < ITEMS; i++) {
		f[i] = L4_FpageLog2(AT + ((L4_Word_t)i << ITEM_LOG2), ITEM_LOG2);
		f[i] = L4_FpageAddRights(f[i], rights);
		p[i] = L4_PhysDesc(frame, L4_DefaultMemory);
	}
	MUST(L4_MapFpages(victim, ITEMS, f, p));
}

static void map_items(void)
{
	items(L4_ReadWriteOnly);
}

static void unmap_items(void)
{
	items(L4_NoAccess);
}

static void flush_caches(void)
{
	MUST(L4_CacheFlushIRange(victim, AT, AT + (1ul << LARGE_LOG2)));
	MUST(L4_CacheFlushDRange(victim, AT, AT + (1ul << LARGE_LOG2)));
	MUST(L4_CacheFlushAll());
}

void bench_stress(void)
{
	frame = rt_frame_alloc(ITEM_LOG2);
	MUST(frame);
	MUST(L4_Set_Timeslice(L4_Myself(), SLICE_US, 0));

	victim = new_space(0);
	fill(victim, LARGE_LOG2);
	measure("irqs_off:read", read_large);
	measure("irqs_off:cache", flush_caches);
	measure("irqs_off:unmap", unmap_large);
	measure("irqs_off:map_items", map_items);
	measure("irqs_off:unmap_items", unmap_items);
	fill(victim, LARGE_LOG2);
	scatter(victim);
	measure("irqs_off:delete_space", delete_victim);
	rt_frame_free(frame, ITEM_LOG2);

	victim = peer_new(false, PRIO_HIGH, L4_nilthread, sleep_forever, 0);
	crowd_await(victim);
	measure("irqs_off:delete_thread", delete_thread);
	MUST(L4_Set_Timeslice(L4_Myself(), 0, 0));
}
