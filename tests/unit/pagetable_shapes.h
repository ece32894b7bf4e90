/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * pagetable_shapes.h - the common page-table walker in the shape of tables that SHAPE_<name>
 * chooses, with a pool that counts, and can be short.
 */
#ifndef UNIT_PAGETABLE_SHAPES_H
#define UNIT_PAGETABLE_SHAPES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <glue/glue.h>

#if defined(SHAPE_IA32) /* 4 KiB and 4 MiB */
#define PT_PAGE_SIZES (1ull << 12 | 1ull << 22)
#define PT_TOP        31
#define PT_LEVELS     2
#define PT_BITS       10
#elif defined(SHAPE_ARM) /* 4 KiB, 64 KiB of 16 entries, 1 MiB */
#define PT_PAGE_SIZES (1ull << 12 | 1ull << 16 | 1ull << 20)
#define PT_TOP        31
#define PT_LEVELS     2
#define PT_BITS       8
#elif defined(SHAPE_THREE) /* pages of several entries, and pages above the last level */
#define PT_PAGE_SIZES (1ull << 12 | 1ull << 14 | 1ull << 16 | 1ull << 18)
#define PT_TOP        31
#define PT_LEVELS     3
#define PT_BITS       6
#elif defined(SHAPE_FOUR) /* only tables above the last level */
#define PT_PAGE_SIZES (1ull << 12 | 1ull << 16)
#define PT_TOP        31
#define PT_LEVELS     4
#define PT_BITS       5
#endif
#undef GLUE_TABLE_LOG2
#define GLUE_TABLE_LOG2 (PT_BITS + 3)

/* ---- the pool ------------------------------------------------------------------------- */

static struct block {
	void *p;
	unsigned log2;
	uint16_t counter;
} blocks[8192];
static unsigned blocks_used;
static int allocs_left = -1; /* -1: no limit */

void *k_alloc(unsigned log2)
{
	struct block *b = &blocks[0];

	assert_in_range(log2, 6, 15);
	if (allocs_left == 0)
		return NULL;
	if (allocs_left > 0)
		allocs_left--;
	while (b->p)
		b++;
	b->p = aligned_alloc((size_t)1 << log2, (size_t)1 << log2);
	memset(b->p, 0, (size_t)1 << log2);
	b->log2 = log2;
	b->counter = 0;
	blocks_used++;
	return b->p;
}

static struct block *block_of(void *p)
{
	struct block *b = &blocks[0];

	while (b->p != p)
		b++;
	return b;
}

void k_free(void *p, unsigned log2)
{
	struct block *b = block_of(p);

	assert_int_equal(b->log2, log2);
	memset(p, 0xa5, (size_t)1 << log2);
	free(p);
	b->p = NULL;
	blocks_used--;
	if (allocs_left >= 0) /* it can be had again */
		allocs_left++;
}

void k_free_clean(void *p, unsigned log2)
{
	for (size_t i = 0; i < (size_t)1 << log2; i++)
		assert_int_equal(((char *)p)[i], 0);
	k_free(p, log2);
}

uint16_t *k_counter(void *p)
{
	return &block_of(p)->counter;
}

void k_panic(const struct glue_ctx *c, const char *fmt, ...)
{
	(void)c;
	(void)fmt;
	fail_msg("%s", fmt);
	abort();
}

static int irq_after = -1; /* polls until an interrupt is pending; -1: never */

bool glue_irq_pending(void)
{
	if (irq_after < 0)
		return false;
	return irq_after-- == 0;
}

/* What was flushed last, and how often. */
static struct {
	const struct glue_space *as;
	word_t va, rest;
	unsigned calls;
} flushed;

void glue_tlb_flush(struct glue_space *as, word_t va, word_t rest)
{
	flushed.as = as;
	flushed.va = va;
	flushed.rest = rest;
	flushed.calls++;
}

/* ---- the walker --------------------------------------------------------------------------- */

typedef uint64_t pt_entry_t;
#define PT_ROOT(as)   ((as)->root)
#define PT_CURSOR(as) ((as)->cursor)

/* Bit 0 valid, 1 table, 2-4 rights, 5-7 referenced, 8-9 attribute; 12 and up the address;
 * 58 and up the log2 size. Tables are referred to by their address, which has 48 bits. */
static inline bool pt_is_table(pt_entry_t e, unsigned shift)
{
	(void)shift;
	return (e & 2) != 0;
}

static inline pt_entry_t *pt_table(pt_entry_t e)
{
	return (pt_entry_t *)(uintptr_t)(e & ~(pt_entry_t)3);
}

static inline pt_entry_t pt_make_table(pt_entry_t *t)
{
	return (uintptr_t)t | 3;
}

static inline pt_entry_t pt_address(paddr_t pa)
{
	return pa;
}

static inline pt_entry_t pt_make_leaf(const struct glue_mapping *m)
{
	return 1 | m->prot << 2 | m->referenced << 5 | (pt_entry_t)m->attr << 8 | m->pa |
	       (pt_entry_t)m->log2 << 58;
}

static inline void pt_read_leaf(pt_entry_t e, unsigned shift, struct glue_mapping *m)
{
	(void)shift;
	m->log2 = (unsigned)(e >> 58);
	m->pa = e << 6 >> 18 << 12 & -((pt_entry_t)1 << m->log2);
	m->prot = e >> 2 & 7;
	m->referenced = e >> 5 & 7;
	m->attr = (enum glue_attr)(e >> 8 & 3);
}

static inline bool pt_is_group(pt_entry_t e)
{
	return e >> 58 > 12;
}

#include <common/pagetable.h>

#define ROOT_LOG2 (PT_TOP - PT_ROOT_SHIFT + 3)
#endif
