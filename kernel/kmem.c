/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * kmem.c - the kernel's pool.
 *
 * Blocks of one to eight pages come from a buddy allocator, smaller ones from slabs: pages
 * divided into equal blocks, with a bit per block in the page's descriptor. Everything the
 * allocator remembers is in the descriptors, at the start of the pool, never in the blocks:
 * a stray write to a free block breaks nothing else, and under the address sanitizer every
 * access to one is found. Allocating and freeing look at one block per order at the most, so
 * their costs don't depend on how much is in use; clearing the block is most of it, and left out
 * for pages that were given back clean.
 */
#include <kernel/kernel.h>
#include <kernel/kmem.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define POISON(block, size)   __asan_poison_memory_region(block, size)
#define UNPOISON(block, size) __asan_unpoison_memory_region(block, size)
#else
#define POISON(block, size)   ((void)(block), (void)(size))
#define UNPOISON(block, size) ((void)(block), (void)(size))
#endif

#define SLAB_MIN_LOG2 6
#define ORDERS        4
#define COUNTERS      4 /* of a page: one per KiB */
#define COUNTER_LOG2  10

enum page_kind {
	PAGE_OUTSIDE, /* not part of what is managed */
	PAGE_PART,    /* of a block that starts further down */
	PAGE_FREE,    /* the first of a free block */
	PAGE_BLOCK,   /* the first of a block in use */
	PAGE_SLAB
};

struct page {
	struct page *next, *prev;   /* free: of its order; slab with free blocks: of its size */
	uint64_t free;              /* slab: bit i: block i is free */
	uint16_t counter[COUNTERS]; /* k_counter */
	uint8_t kind;
	uint8_t log2; /* of the block, or of each block of the slab */
	bool dirty;   /* for each page of a block: it may be other than all zeros */
} __attribute__((aligned(8 * sizeof(word_t)))); /* a power of two: an index is a shift away */

struct list {
	struct page *first;
	size_t count;
};

static struct {
	struct page *pages; /* pages[i] is about the page at base + i * GLUE_PAGE_SIZE */
	word_t base;        /* aligned to the largest block */
	size_t count;
	size_t total, free; /* bytes */
	struct list blocks[ORDERS];
	struct list slabs[GLUE_PAGE_LOG2 - SLAB_MIN_LOG2];
	word_t *gauge; /* a copy of `free`, for others to read */
} pool;

static word_t nobody_reads; /* the gauge until there is one */

static inline struct page *page_of(const void *block)
{
	return &pool.pages[((word_t)block - pool.base) >> GLUE_PAGE_LOG2];
}

static inline void *address_of(const struct page *p)
{
	return (void *)(pool.base + ((word_t)(p - pool.pages) << GLUE_PAGE_LOG2));
}

static void list_add(struct list *l, struct page *p)
{
	p->prev = NULL;
	p->next = l->first;
	if (p->next)
		p->next->prev = p;
	l->first = p;
	l->count++;
}

static void list_remove(struct list *l, struct page *p)
{
	if (p->prev)
		p->prev->next = p->next;
	else
		l->first = p->next;
	if (p->next)
		p->next->prev = p->prev;
	l->count--;
}

/* ---- pages: the buddy allocator ------------------------------------------------------ */

static void pages_mark(struct page *p, enum page_kind kind, word_t log2)
{
	p->kind = (uint8_t)kind;
	p->log2 = (uint8_t)log2;
}

static struct page *pages_alloc(word_t order)
{
	word_t from = order;
	struct page *p;

	while (!pool.blocks[from].first)
		if (++from == ORDERS)
			return NULL;
	p = pool.blocks[from].first;
	list_remove(&pool.blocks[from], p);
	while (from > order) {
		struct page *upper = p + ((word_t)1 << --from);

		pages_mark(upper, PAGE_FREE, GLUE_PAGE_LOG2 + from);
		list_add(&pool.blocks[from], upper);
	}
	pages_mark(p, PAGE_BLOCK, GLUE_PAGE_LOG2 + order);
	return p;
}

static void pages_free(struct page *p, word_t order)
{
	for (; order < ORDERS - 1; order++) {
		size_t buddy = (size_t)(p - pool.pages) ^ (size_t)1 << order;
		struct page *b = &pool.pages[buddy];

		if (buddy >= pool.count || b->kind != PAGE_FREE ||
		    b->log2 != GLUE_PAGE_LOG2 + order)
			break;
		list_remove(&pool.blocks[order], b);
		p->kind = b->kind = PAGE_PART;
		if (b < p)
			p = b;
	}
	pages_mark(p, PAGE_FREE, GLUE_PAGE_LOG2 + order);
	list_add(&pool.blocks[order], p);
}

/* ---- slabs --------------------------------------------------------------------------- */

static inline uint64_t slab_all(word_t log2)
{
	return ~(uint64_t)0 >> (64 - ((word_t)1 << (GLUE_PAGE_LOG2 - log2)));
}

/* Number of the lowest bit set in w, which is not 0. Halves: for 64 bits the compiler may call
 * its own library, which does not have the kernel's calling convention on every port. */
static inline unsigned lowest_bit(uint64_t w)
{
	uint32_t low = (uint32_t)w;

	if (sizeof(word_t) == sizeof(w))
		return (unsigned)__builtin_ctzl((word_t)w);
	return (unsigned)(low ? __builtin_ctz(low) : 32 + __builtin_ctz((uint32_t)(w >> 32)));
}

static void *slab_alloc(word_t log2)
{
	struct list *list = &pool.slabs[log2 - SLAB_MIN_LOG2];
	struct page *p = list->first;
	unsigned i;

	if (!p) {
		p = pages_alloc(0);
		if (!p)
			return NULL;
		pages_mark(p, PAGE_SLAB, log2);
		p->free = slab_all(log2);
		p->dirty = true;
		list_add(list, p);
	}
	i = lowest_bit(p->free);
	p->free &= p->free - 1;
	if (!p->free)
		list_remove(list, p);
	return (char *)address_of(p) + ((size_t)i << log2);
}

static void slab_free(struct page *p, const void *block, word_t log2)
{
	struct list *list = &pool.slabs[log2 - SLAB_MIN_LOG2];
	unsigned i = ((word_t)block & (GLUE_PAGE_SIZE - 1)) >> log2;

	ASSERT(p->kind == PAGE_SLAB && p->log2 == log2 && !(p->free >> i & 1));
	if (!p->free)
		list_add(list, p);
	p->free |= (uint64_t)1 << i;
	if (p->free == slab_all(log2)) {
		list_remove(list, p);
		pages_free(p, 0);
	}
}

/* ---- for all ------------------------------------------------------------------------- */

void *k_alloc(unsigned log2)
{
	size_t size = (size_t)1 << log2;
	char *block;

	ASSERT(log2 >= SLAB_MIN_LOG2 && log2 < GLUE_PAGE_LOG2 + ORDERS);
	if (log2 < GLUE_PAGE_LOG2) {
		block = slab_alloc(log2);
		if (unlikely(!block))
			return NULL;
		UNPOISON(block, size);
		memset(block, 0, size);
	} else {
		struct page *p = pages_alloc(log2 - GLUE_PAGE_LOG2);

		if (unlikely(!p))
			return NULL;
		block = address_of(p);
		UNPOISON(block, size);
		for (size_t at = 0; at < size; at += GLUE_PAGE_SIZE, p++)
			if (p->dirty)
				memset(block + at, 0, GLUE_PAGE_SIZE);
	}
	if (log2 >= COUNTER_LOG2)
		*k_counter(block) = 0;
	pool.free -= size;
	*pool.gauge = pool.free;
	return block;
}

static void block_free(void *block, unsigned log2, bool dirty)
{
	struct page *p = page_of(block);
	size_t size = (size_t)1 << log2;

	if (log2 < GLUE_PAGE_LOG2) {
		slab_free(p, block, log2);
	} else {
		ASSERT(p->kind == PAGE_BLOCK && p->log2 == log2);
		for (size_t i = 0; i < size >> GLUE_PAGE_LOG2; i++)
			p[i].dirty = dirty;
		pages_free(p, log2 - GLUE_PAGE_LOG2);
	}
	pool.free += size;
	*pool.gauge = pool.free;
	POISON(block, size);
}

void k_free(void *block, unsigned log2)
{
	block_free(block, log2, true);
}

void k_free_clean(void *block, unsigned log2)
{
	for (size_t i = 0; CONFIG_DEBUG && i < (size_t)1 << log2; i += sizeof(word_t))
		ASSERT(*(word_t *)((char *)block + i) == 0);
	block_free(block, log2, false);
}

uint16_t *k_counter(void *block)
{
	return &page_of(block)->counter[(word_t)block >> COUNTER_LOG2 & (COUNTERS - 1)];
}

size_t kmem_free_bytes(void)
{
	return pool.free;
}

bool kmem_has(size_t n, unsigned log2)
{
	unsigned order = log2 < GLUE_PAGE_LOG2 ? 0 : log2 - GLUE_PAGE_LOG2;
	size_t have = 0;

	for (unsigned o = ORDERS; o-- > order;)
		have = 2 * have + pool.blocks[o].count;
	/* A page that is divided already has at least one. */
	if (log2 < GLUE_PAGE_LOG2)
		have = (have << (GLUE_PAGE_LOG2 - log2)) + pool.slabs[log2 - SLAB_MIN_LOG2].count;
	return have >= n;
}

size_t kmem_total_bytes(void)
{
	return pool.total;
}

void kmem_publish(word_t *gauge)
{
	pool.gauge = gauge;
	*gauge = pool.free;
}

void kmem_init(void *start, void *end)
{
	const word_t largest = GLUE_PAGE_SIZE << (ORDERS - 1);
	size_t bytes;
	word_t first;

	memset(&pool, 0, sizeof(pool));
	pool.base = (word_t)start & ~(largest - 1);
	pool.count = ((word_t)end - pool.base) >> GLUE_PAGE_LOG2;
	pool.pages = start;
	bytes = pool.count * sizeof(struct page);
	UNPOISON(start, bytes);
	memset(start, 0, bytes);

	first = ((word_t)start + bytes + GLUE_PAGE_SIZE - 1) & ~(GLUE_PAGE_SIZE - 1);
	for (struct page *p = page_of((void *)first); p < &pool.pages[pool.count]; p++) {
		p->kind = PAGE_PART;
		p->dirty = true;
		pages_free(p, 0);
		pool.total += GLUE_PAGE_SIZE;
	}
	pool.free = pool.total;
	pool.gauge = &nobody_reads;
	POISON((void *)first, pool.total);
}

/* Not the compiler's builtin: that may call a function of the compiler's own library, which
 * does not have the kernel's calling convention on every port. */
static size_t bits_set(uint64_t w)
{
	size_t n = 0;

	for (; w; w &= w - 1)
		n++;
	return n;
}

void kmem_check(void)
{
	size_t free = 0, total = 0, blocks[ORDERS] = {0}, slabs[GLUE_PAGE_LOG2] = {0};
	size_t pages = 0;

	for (size_t i = 0; i < pool.count; i += pages) {
		struct page *p = &pool.pages[i];
		size_t size = GLUE_PAGE_SIZE;

		pages = 1;
		if (p->kind == PAGE_FREE || p->kind == PAGE_BLOCK) {
			size = (size_t)1 << p->log2;
			pages = size >> GLUE_PAGE_LOG2;
		}
		for (size_t j = 1; j < pages; j++)
			if (pool.pages[i + j].kind != PAGE_PART)
				k_panic(NULL, "kmem: page %lu: not part of a block",
					(unsigned long)(i + j));
		if (p->kind == PAGE_OUTSIDE)
			continue;
		total += size;
		if (p->kind == PAGE_FREE) {
			blocks[p->log2 - GLUE_PAGE_LOG2]++;
			free += size;
		} else if (p->kind == PAGE_SLAB) {
			slabs[p->log2] += p->free != 0;
			free += bits_set(p->free) << p->log2;
			if (p->free & ~slab_all(p->log2) || p->free == slab_all(p->log2))
				k_panic(NULL, "kmem: slab %lu: free blocks wrong",
					(unsigned long)i);
		} else if (p->kind != PAGE_BLOCK) {
			k_panic(NULL, "kmem: page %lu: part of no block", (unsigned long)i);
		}
	}
	for (unsigned o = 0; o < ORDERS; o++)
		for (struct page *p = pool.blocks[o].first; p; p = p->next)
			blocks[o]--;
	for (unsigned s = SLAB_MIN_LOG2; s < GLUE_PAGE_LOG2; s++) {
		for (struct page *p = pool.slabs[s - SLAB_MIN_LOG2].first; p; p = p->next)
			slabs[s]--;
		if (slabs[s] || (s - SLAB_MIN_LOG2 < ORDERS && blocks[s - SLAB_MIN_LOG2]))
			k_panic(NULL, "kmem: a list of free blocks is wrong");
	}
	if (free != pool.free || total != pool.total)
		k_panic(NULL, "kmem: %lu of %lu bytes free; counted %lu of %lu",
			(unsigned long)pool.free, (unsigned long)pool.total, (unsigned long)free,
			(unsigned long)total);
}
