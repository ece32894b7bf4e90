/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * space.h - address spaces, fpages, and which physical memory is the kernel's.
 */
#ifndef KERNEL_SPACE_H
#define KERNEL_SPACE_H

#include <kernel/tcb.h>

/* A naturally aligned piece of memory: from base on, and `rest`, a mask, is its size less one. */
struct piece {
	word_t base, rest;
};

struct space {
	struct glue_space g;     /* must be first */
	struct piece kip, utcbs; /* the areas; PIECE_NONE: not set yet */
	word_t threads;          /* threads in it, active or not */
	word_t active;           /* threads with a UTCB */
};

/* A piece that contains no user address. */
#define PIECE_NONE ((struct piece){~(word_t)0, 0})

extern struct space *k_root_space;

/* Counts whatever may change what is mapped in some space. */
extern word_t k_map_changes;

/* ---- fpages (fpage.c) ------------------------------------------------------------------- */

#define FPAGE_RESERVED 8 /* bit 3 */

static inline unsigned fpage_rights(word_t fp)
{
	return fp & 7;
}

static inline unsigned fpage_log2(word_t fp)
{
	return fp >> ABI_FPAGE_SIZE_SHIFT & 0x3f;
}

static inline word_t fpage_base(word_t fp)
{
	return fp >> ABI_FPAGE_BASE_SHIFT << ABI_FPAGE_BASE_SHIFT;
}

/* The piece of user memory that `fp` is. False: none; it has to be from a page up to the user
 * space, its base aligned to its size, all of it at or below GLUE_USER_LAST, bit 3 clear. */
bool fpage_piece(word_t fp, struct piece *p) MUSTUSE;

/* The same, for where each instruction counts. */
static inline __attribute__((always_inline)) bool fpage_piece_fast(word_t fp, struct piece *p)
{
	word_t log2 = fpage_log2(fp);

	p->base = fpage_base(fp);
	if (log2 - GLUE_PAGE_LOG2 >= GLUE_WORD_BITS - GLUE_PAGE_LOG2 || fp & FPAGE_RESERVED)
		return false;
	p->rest = ((word_t)1 << log2) - 1;
	return !(p->base & p->rest) && (p->base | p->rest) <= GLUE_USER_LAST;
}

/* True if two pieces share an address: one contains the other then. */
static inline bool pieces_overlap(const struct piece *a, const struct piece *b)
{
	return !((a->base ^ b->base) & ~(a->rest | b->rest));
}

/* True if the address is in the piece. */
static inline bool piece_has(const struct piece *p, word_t va)
{
	return va - p->base <= p->rest;
}

/* log2 of the largest pages that fit into 2^log2 bytes. */
unsigned fpage_page(word_t log2);

/* ---- spaces (space.c) --------------------------------------------------------------------- */

/* A new empty space without areas. NULL: no memory. */
struct space *space_create(void) MUSTUSE;

/* Free `sp`, which has no threads left and is in force nowhere. False: cut by a pending
 * interrupt; call again. */
bool space_destroy(struct space *sp) MUSTUSE;

/* Map 2^log2 bytes at va to pa, or unmap them (prot 0), at once. False: no memory; as before, if
 * the piece is of at most 2^GLUE_STEP_LOG2 bytes. */
bool space_map(struct space *sp, word_t va, unsigned log2, paddr_t pa, unsigned prot) MUSTUSE;

/* Map a UTCB for one more thread at user address va: *utcb is its kernel alias, zeroed.
 * ABI_OK, ABI_ERR_UTCB_AREA (no area, outside it, unaligned, in use), ABI_ERR_NO_MEM. */
unsigned space_utcb_attach(struct space *sp, word_t va, struct abi_utcb **utcb) MUSTUSE;

/* The thread with this UTCB is gone. The last one of a page frees the page. */
void space_utcb_detach(struct space *sp, word_t va, struct abi_utcb *utcb);

/* Place the areas, two fpages, in a space that no thread is active in, and map the KIP. ABI_OK,
 * ABI_ERR_KIP_AREA, ABI_ERR_UTCB_AREA, ABI_ERR_NO_MEM; or SYS_AGAIN: cut by a pending interrupt.
 * *next is then where to go on, as long as nothing is mapped anywhere; 0 at first. */
unsigned space_set_areas(struct space *sp, word_t kip_fpage, word_t utcb_fpage, word_t *next);

/* ---- physical memory (phys.c) ------------------------------------------------------------- */

/* Nothing is the kernel's; then, that [start, end) is. From k_boot. */
void phys_init(void);
void phys_reserve(paddr_t start, paddr_t end);

/* True if [start, start + 2^log2) touches nothing of the kernel's. */
bool phys_mappable(paddr_t start, word_t log2);

#endif
