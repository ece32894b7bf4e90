/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * memory.c - free physical memory, as a sorted list of ranges, and addresses to map it at.
 */
#include <l4/kip.h>
#include <l4/space.h>
#include <l4/thread.h>
#include <rt/assert.h>
#include <rt/memory.h>
#include <rt/string.h>

/* Addresses for rt_map: clear of the program, which begins at 4 MiB, of the areas of spaces
 * that this runtime makes, and (checked) of the root task's own. */
#define WINDOW_START 0x10000000ul
#define WINDOW_END   0x50000000ul

#define RANGES 64

struct range {
	uint64_t start, end; /* end: first address behind */
};

/* Free ranges: sorted, apart from one another, none empty. */
struct free_list {
	struct range r[RANGES];
	unsigned n;
};

static struct free_list frames, window;

static uint64_t align_up(uint64_t a, unsigned log2)
{
	return (a + ((uint64_t)1 << log2) - 1) >> log2 << log2;
}

static void drop(struct free_list *l, unsigned i)
{
	l->n--;
	for (; i < l->n; i++)
		l->r[i] = l->r[i + 1];
}

static void insert(struct free_list *l, unsigned i, struct range r)
{
	assert(l->n < RANGES);
	for (unsigned k = l->n++; k > i; k--)
		l->r[k] = l->r[k - 1];
	l->r[i] = r;
}

/* Add [start, end), joining it with what it overlaps or touches. */
static void add(struct free_list *l, uint64_t start, uint64_t end)
{
	unsigned i = 0;

	if (start >= end)
		return;
	while (i < l->n && l->r[i].end < start)
		i++;
	while (i < l->n && l->r[i].start <= end) {
		if (l->r[i].start < start)
			start = l->r[i].start;
		if (l->r[i].end > end)
			end = l->r[i].end;
		drop(l, i);
	}
	insert(l, i, (struct range){start, end});
}

/* Take [start, end) out, as far as it is in. */
static void subtract(struct free_list *l, uint64_t start, uint64_t end)
{
	for (unsigned i = 0; i < l->n;) {
		struct range r = l->r[i];

		if (r.end <= start || r.start >= end) {
			i++;
			continue;
		}
		drop(l, i);
		if (r.start < start)
			insert(l, i++, (struct range){r.start, start});
		if (r.end > end)
			insert(l, i++, (struct range){end, r.end});
	}
}

/* The first 2^log2 bytes, naturally aligned; 0: there are none. */
static uint64_t take(struct free_list *l, unsigned log2)
{
	for (unsigned i = 0; i < l->n; i++) {
		uint64_t start = align_up(l->r[i].start, log2);
		uint64_t end = start + ((uint64_t)1 << log2);

		if (end <= l->r[i].end) {
			subtract(l, start, end);
			return start;
		}
	}
	return 0;
}

void rt_memory_init(const void *kip)
{
	L4_Word_t n = L4_NumMemoryDescriptors(kip);

	for (L4_Word_t i = 0; i < n; i++) {
		const L4_MemoryDesc_t *m = L4_MemoryDesc(kip, i);
		uint64_t start = L4_MemoryDescLow(m), end = (uint64_t)L4_MemoryDescHigh(m) + 1;

		if (L4_IsMemoryDescVirtual(m))
			continue;
		if (L4_MemoryDescType(m) == L4_ConventionalMemoryType)
			add(&frames, align_up(start, RT_PAGE_LOG2),
			    end >> RT_PAGE_LOG2 << RT_PAGE_LOG2);
		else
			subtract(&frames, start >> RT_PAGE_LOG2 << RT_PAGE_LOG2,
				 align_up(end, RT_PAGE_LOG2));
	}
	/* Frame 0 is as good as any, but 0 is how rt_frame_alloc says that there is none. */
	subtract(&frames, 0, RT_PAGE_SIZE);

	add(&window, WINDOW_START, WINDOW_END);
	subtract(&window, (uintptr_t)kip, (uintptr_t)kip + L4_KipAreaSize(kip));
	subtract(&window, (uintptr_t)__l4_utcb() & ~(uintptr_t)0xfffff,
		 ((uintptr_t)__l4_utcb() & ~(uintptr_t)0xfffff) + 0x100000);
}

uint64_t rt_frame_alloc(unsigned log2)
{
	return take(&frames, log2 < RT_PAGE_LOG2 ? RT_PAGE_LOG2 : log2);
}

void rt_frame_free(uint64_t frame, unsigned log2)
{
	add(&frames, frame, frame + ((uint64_t)1 << (log2 < RT_PAGE_LOG2 ? RT_PAGE_LOG2 : log2)));
}

uint64_t rt_frames_free(void)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < frames.n; i++)
		sum += frames.r[i].end - frames.r[i].start;
	return sum;
}

void *rt_map(uint64_t frame, unsigned log2, unsigned rights, unsigned attribute)
{
	uintptr_t at = (uintptr_t)take(&window, log2);
	L4_Fpage_t f = L4_FpageLog2(at, (int)log2);

	if (!at)
		return NULL;
	if (L4_MapFpage(L4_Myself(), L4_FpageAddRights(f, rights), L4_PhysDesc(frame, attribute)))
		return (void *)at;
	add(&window, at, at + ((uint64_t)1 << log2));
	return NULL;
}

void rt_unmap(void *at, unsigned log2)
{
	L4_Word_t ok = L4_UnmapFpage(L4_Myself(), L4_FpageLog2((uintptr_t)at, (int)log2));

	assert(ok);
	add(&window, (uintptr_t)at, (uintptr_t)at + ((uint64_t)1 << log2));
}

void *rt_pages_alloc(unsigned log2, uint64_t *frame)
{
	uint64_t pa = rt_frame_alloc(log2);
	void *at;

	if (!pa)
		return NULL;
	at = rt_map(pa, log2, L4_ReadWriteOnly, L4_DefaultMemory);
	if (!at) {
		rt_frame_free(pa, log2);
		return NULL;
	}
	memset(at, 0, (size_t)1 << log2);
	if (frame)
		*frame = pa;
	return at;
}

void rt_pages_free(void *at, unsigned log2)
{
	uint64_t frame = rt_frame_of(at);

	rt_unmap(at, log2);
	rt_frame_free(frame, log2);
}

uint64_t rt_frame_of(const void *at)
{
	L4_Fpage_t f = L4_FpageLog2((uintptr_t)at & ~(uintptr_t)(RT_PAGE_SIZE - 1), RT_PAGE_LOG2);
	L4_PhysDesc_t p;

	if (!L4_GetStatus(L4_Myself(), &f, &p) || L4_Rights(f) == L4_NoAccess)
		return 0;
	return L4_PhysDescAddress(p);
}
