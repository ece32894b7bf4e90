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
 * their costs don't depend on how much is in use; clearing the block is most of it.
 *
 * What is given back is soon wanted again: of each order a few spare blocks stay out of the buddy
 * allocator, which would merge and divide them, as long as there is something else left; and the
 * slab of each size that blocks are taken from stays one when it is empty. A spare block that was
 * given back clean isn't cleared again.
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

/* A slab has a bit of a word for each of its blocks. */
#define SLAB_MIN_LOG2 7
#define SLAB_SIZES    (GLUE_PAGE_LOG2 - SLAB_MIN_LOG2)
#define ORDERS        4
#define SPARES        4 /* of an order, at most */
#define COUNTERS      4 /* of a page: one per KiB */
#define COUNTER_LOG2  10
#define UNKNOWN       0xa5 /* what a debug kernel has in a block that isn't cleared */

enum page_kind {
	PAGE_OUTSIDE, /* not part of what is managed */
	PAGE_PART,    /* of a block that starts further down */
	PAGE_FREE,    /* the first of a free block */
	PAGE_SPARE,   /* the first of a spare one */
	PAGE_BLOCK,   /* the first of a block in use */
	PAGE_SLAB
};

struct page {
	struct page *next, *prev; /* in the list it is in; spare: only next */
	char *address;
	word_t free, all;           /* slab: bit i: block i is free; all of them */
	uint16_t counter[COUNTERS]; /* k_counter */
	uint8_t mark;               /* kind, and log2 of the block, or of each block of the slab */
	bool dirty; /* of a spare block: it may be other than all zeros; the others may be */
} __attribute__((aligned(8 * sizeof(word_t)))); /* a power of two: an index is a shift away */

#define MARK(kind, log2) ((uint8_t)((kind) << 4 | (log2)))

struct list {
	struct page *first;
	size_t count;
};

static struct {
	struct page *pages; /* pages[i] is about the page at base + i * GLUE_PAGE_SIZE */
	word_t bias;        /* what pages[] would begin at, did base begin at 0 */
	word_t base;        /* aligned to the largest block */
	size_t count, total;
	word_t *gauge; /* bytes that are free: here, or for others to read */
	word_t own_gauge;
	struct list spare[ORDERS];
	struct slabs {
		struct page *current; /* where blocks are taken from; full, empty, or `none` */
		struct list others;   /* those that are neither full nor empty */
		word_t unused;        /* a power of two, as above */
	} slabs[SLAB_SIZES];
	struct list blocks[ORDERS];
} __attribute__((aligned(16 * sizeof(word_t)))) pool; /* for glue_clear */

static struct page none; /* a slab without free blocks */

static inline struct page *page_of(const void *block)
{
	return (struct page *)(pool.bias + ((word_t)block >> GLUE_PAGE_LOG2) * sizeof(struct page));
}

static NOINLINE void list_add(struct list *l, struct page *p)
{
	p->prev = NULL;
	p->next = l->first;
	if (p->next)
		p->next->prev = p;
	l->first = p;
	l->count++;
}

static NOINLINE void list_remove(struct list *l, struct page *p)
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

static NOINLINE struct page *buddy_alloc(word_t order)
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

		upper->mark = MARK(PAGE_FREE, GLUE_PAGE_LOG2 + from);
		list_add(&pool.blocks[from], upper);
	}
	return p;
}

static NOINLINE void buddy_free(struct page *p, word_t order)
{
	for (; order < ORDERS - 1; order++) {
		size_t buddy = (size_t)(p - pool.pages) ^ (size_t)1 << order;
		struct page *b = &pool.pages[buddy];

		if (b->mark != MARK(PAGE_FREE, GLUE_PAGE_LOG2 + order))
			break;
		list_remove(&pool.blocks[order], b);
		p->mark = b->mark = MARK(PAGE_PART, 0);
		if (b < p)
			p = b;
	}
	p->mark = MARK(PAGE_FREE, GLUE_PAGE_LOG2 + order);
	list_add(&pool.blocks[order], p);
}

/* Give the spare blocks to the buddy allocator. */
static void give_back(void)
{
	for (word_t i = 0; i < ORDERS; i++) {
		for (struct page *p; (p = pool.spare[i].first);) {
			pool.spare[i].first = p->next;
			buddy_free(p, i);
		}
		pool.spare[i].count = 0;
	}
}

static struct page *pages_alloc(word_t order)
{
	struct list *spare = &pool.spare[order];
	struct page *p = spare->first;

	if (likely(p)) {
		spare->first = p->next;
		spare->count--;
	} else {
		p = buddy_alloc(order);
		if (unlikely(!p)) {
			give_back();
			p = buddy_alloc(order);
			if (!p)
				return NULL;
		}
		p->dirty = true;
	}
	p->mark = MARK(PAGE_BLOCK, GLUE_PAGE_LOG2 + order);
	return p;
}

static void pages_free(struct page *p, word_t order)
{
	struct list *spare = &pool.spare[order];

	if (spare->count >= SPARES) {
		buddy_free(p, order);
		return;
	}
	p->mark = MARK(PAGE_SPARE, GLUE_PAGE_LOG2 + order);
	p->next = spare->first;
	spare->first = p;
	spare->count++;
}

/* ---- slabs --------------------------------------------------------------------------- */

/* The current slab is full: another one. NULL: no memory. */
static NOINLINE struct page *slab_next(struct slabs *s, word_t log2)
{
	struct page *p = s->others.first;

	if (p) {
		list_remove(&s->others, p);
	} else {
		p = pages_alloc(0);
		if (!p)
			return NULL;
		p->mark = MARK(PAGE_SLAB, log2);
		p->dirty = true;
		p->free = p->all = ((word_t)2 << ((GLUE_PAGE_SIZE >> log2) - 1)) - 1;
	}
	s->current = p;
	return p;
}

static void slab_free(struct page *p, const void *block, word_t log2)
{
	word_t bit = (word_t)1 << (((word_t)block & (GLUE_PAGE_SIZE - 1)) >> log2);
	struct slabs *s = &pool.slabs[log2 - SLAB_MIN_LOG2];

	ASSERT(p->mark == MARK(PAGE_SLAB, log2) && !(p->free & bit));
	p->free |= bit;
	if (p == s->current)
		return;
	if (p->free == bit) {
		list_add(&s->others, p);
	} else if (p->free == p->all) {
		list_remove(&s->others, p);
		pages_free(p, 0);
	}
}

/* ---- for all ------------------------------------------------------------------------- */

/* The slab that the next block of 2^log2 bytes is taken from. NULL: no memory. */
static ALWAYS_INLINE struct page *slab_of(word_t log2)
{
	struct slabs *s = &pool.slabs[log2 - SLAB_MIN_LOG2];

	ASSERT(log2 >= SLAB_MIN_LOG2 && log2 < GLUE_PAGE_LOG2);
	return likely(s->current->free) ? s->current : slab_next(s, log2);
}

static ALWAYS_INLINE void *slab_take(struct page *p, word_t log2)
{
	char *block = p->address + ((word_t)__builtin_ctzl(p->free) << log2);

	ASSERT(p->mark == MARK(PAGE_SLAB, log2) && p->free);
	p->free &= p->free - 1;
	*pool.gauge -= (size_t)1 << log2;
	UNPOISON(block, (size_t)1 << log2);
	return block;
}

/* Inline, as is the next one: where log2 is a constant, half of it is, too. */
ALWAYS_INLINE bool kmem_ready(word_t log2)
{
	return slab_of(log2);
}

ALWAYS_INLINE void *kmem_take(word_t log2)
{
	void *block = slab_take(pool.slabs[log2 - SLAB_MIN_LOG2].current, log2);

	if (CONFIG_DEBUG)
		memset(block, UNKNOWN, (size_t)1 << log2);
	return block;
}

void *k_alloc(unsigned log2)
{
	size_t size = (size_t)1 << log2;
	struct page *p;
	char *block;

	ASSERT(log2 < GLUE_PAGE_LOG2 + ORDERS);
	p = log2 < GLUE_PAGE_LOG2 ? slab_of(log2) : pages_alloc(log2 - GLUE_PAGE_LOG2);
	if (unlikely(!p))
		return NULL;
	if (log2 < GLUE_PAGE_LOG2) {
		block = slab_take(p, log2);
	} else {
		block = p->address;
		*pool.gauge -= size;
		UNPOISON(block, size);
	}
	if (p->dirty)
		glue_clear(block, size);
	*k_counter(block) = 0;
	return block;
}

static void block_free(void *block, word_t log2, bool dirty)
{
	struct page *p = page_of(block);

	if (log2 < GLUE_PAGE_LOG2) {
		slab_free(p, block, log2);
	} else {
		ASSERT(p->mark == MARK(PAGE_BLOCK, log2));
		p->dirty = dirty;
		pages_free(p, log2 - GLUE_PAGE_LOG2);
	}
	*pool.gauge += (size_t)1 << log2;
	POISON(block, (size_t)1 << log2);
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

ALWAYS_INLINE uint16_t *kmem_page_counter(const void *at)
{
	return page_of(at)->counter;
}

size_t kmem_free_bytes(void)
{
	return *pool.gauge;
}

bool kmem_has(size_t n, unsigned log2)
{
	unsigned order = log2 < GLUE_PAGE_LOG2 ? 0 : log2 - GLUE_PAGE_LOG2;
	size_t have = 0;

	for (unsigned o = ORDERS; o-- > order;)
		have = 2 * have + pool.blocks[o].count + pool.spare[o].count;
	if (log2 < GLUE_PAGE_LOG2) {
		const struct slabs *s = &pool.slabs[log2 - SLAB_MIN_LOG2];

		/* A page that is divided already has at least one. */
		have <<= GLUE_PAGE_LOG2 - log2;
		have += s->others.count + (s->current->free != 0);
	}
	return have >= n;
}

size_t kmem_total_bytes(void)
{
	return pool.total;
}

void kmem_publish(word_t *gauge)
{
	*gauge = *pool.gauge;
	pool.gauge = gauge;
}

GLUE_INIT void kmem_init(void *start, void *end)
{
	const word_t largest = GLUE_PAGE_SIZE << (ORDERS - 1);
	size_t bytes;
	word_t first;

	glue_clear(&pool, sizeof(pool));
	pool.base = (word_t)start & ~(largest - 1);
	/* As many as there would be up to the end of a largest block: each has a buddy. */
	pool.count = ((word_t)end - pool.base + largest - 1) / largest << (ORDERS - 1);
	pool.pages = start;
	pool.bias = (word_t)start - (pool.base >> GLUE_PAGE_LOG2) * sizeof(struct page);
	bytes = pool.count * sizeof(struct page);
	UNPOISON(start, bytes);
	glue_clear(start, bytes);

	first = ((word_t)start + bytes + GLUE_PAGE_SIZE - 1) & ~(GLUE_PAGE_SIZE - 1);
	for (struct page *p = page_of((void *)first); p < page_of(end); p++) {
		p->address = (char *)first + pool.total;
		p->mark = MARK(PAGE_PART, 0);
		buddy_free(p, 0);
		pool.total += GLUE_PAGE_SIZE;
	}
	for (struct slabs *s = pool.slabs; s != pool.slabs + SLAB_SIZES; s++)
		s->current = &none;
	pool.own_gauge = pool.total;
	pool.gauge = &pool.own_gauge;
	POISON((void *)first, pool.total);
}

/* Not the compiler's builtin: that may call a function of the compiler's own library, which
 * does not have the kernel's calling convention on every port. */
static size_t bits_set(word_t w)
{
	size_t n = 0;

	for (; w; w &= w - 1)
		n++;
	return n;
}

/* As counted, which has to be what its count says. */
static size_t list_length(const struct list *l)
{
	size_t n = 0;

	for (const struct page *p = l->first; p; p = p->next)
		n++;
	return n == l->count ? n : (size_t)-1;
}

void kmem_check(void)
{
	size_t free = 0, total = 0, blocks[ORDERS] = {0}, spare[ORDERS] = {0},
	       slabs[SLAB_SIZES] = {0};
	size_t pages = 0;

	for (size_t i = 0; i < pool.count; i += pages) {
		struct page *p = &pool.pages[i];
		unsigned kind = p->mark >> 4, log2 = p->mark & 15;
		size_t size = GLUE_PAGE_SIZE;

		pages = 1;
		if (kind == PAGE_FREE || kind == PAGE_SPARE || kind == PAGE_BLOCK) {
			size = (size_t)1 << log2;
			pages = size >> GLUE_PAGE_LOG2;
		}
		for (size_t j = 1; j < pages; j++)
			if (pool.pages[i + j].mark != MARK(PAGE_PART, 0))
				k_panic(NULL, "kmem: page %lu: not part of a block",
					(unsigned long)(i + j));
		if (kind == PAGE_OUTSIDE)
			continue;
		total += size;
		if (kind == PAGE_FREE || kind == PAGE_SPARE) {
			blocks[log2 - GLUE_PAGE_LOG2] += kind == PAGE_FREE;
			spare[log2 - GLUE_PAGE_LOG2] += kind == PAGE_SPARE;
			free += size;
		} else if (kind == PAGE_SLAB) {
			const struct slabs *s = &pool.slabs[log2 - SLAB_MIN_LOG2];

			slabs[s - pool.slabs] += p->free && p != s->current;
			free += bits_set(p->free) << log2;
			if (p->free & ~p->all || (p->free == p->all && p != s->current))
				k_panic(NULL, "kmem: slab %lu: free blocks wrong",
					(unsigned long)i);
		} else if (kind != PAGE_BLOCK) {
			k_panic(NULL, "kmem: page %lu: part of no block", (unsigned long)i);
		}
	}
	for (unsigned o = 0; o < ORDERS; o++)
		if (list_length(&pool.blocks[o]) != blocks[o] ||
		    list_length(&pool.spare[o]) != spare[o])
			k_panic(NULL, "kmem: a list of free blocks is wrong");
	for (unsigned i = 0; i < SLAB_SIZES; i++)
		if (list_length(&pool.slabs[i].others) != slabs[i])
			k_panic(NULL, "kmem: a list of slabs is wrong");
	if (free != *pool.gauge || total != pool.total)
		k_panic(NULL, "kmem: %lu of %lu bytes free; counted %lu of %lu",
			(unsigned long)*pool.gauge, (unsigned long)pool.total, (unsigned long)free,
			(unsigned long)total);
}
