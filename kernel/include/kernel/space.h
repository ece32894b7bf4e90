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
	struct glue_space g; /* must be first */
	union {
		struct {
			struct piece kip, utcbs; /* PIECE_NONE: not set yet */
		};
		struct piece areas[2];
	};
	word_t threads;   /* threads in it, active or not */
	word_t active;    /* threads with a UTCB */
	word_t utcb_page; /* user address of a page with UTCBs in it; or ~0 */
	char *utcb_alias; /* that page, as the kernel sees it */
};

/* A piece that contains no user address. */
#define PIECE_NONE ((struct piece){~(word_t)0, 0})

extern struct space *k_root_space;

/* MapControl makes it 0: what is mapped in some space may have changed. */
extern word_t k_map_quiet;

/* The number of the time since when it hasn't changed, in k_map_quiet; never 0. */
word_t space_quiet(void);

/* ---- fpages (fpage.c) ------------------------------------------------------------------- */

static inline word_t fpage_rights(word_t fp)
{
	return fp & 7;
}

static inline word_t fpage_log2(word_t fp)
{
	return fp >> ABI_FPAGE_SIZE_SHIFT & 0x3f;
}

/* True if the address is user memory. Where that is a power of two, nothing is to be loaded to
 * compare it with. */
static inline bool is_user(word_t va)
{
	if (GLUE_USER_LAST & (GLUE_USER_LAST + 1))
		return va <= GLUE_USER_LAST;
	return !(va >> __builtin_popcountl(GLUE_USER_LAST));
}

static inline word_t fpage_base(word_t fp)
{
	return fp >> ABI_FPAGE_BASE_SHIFT << ABI_FPAGE_BASE_SHIFT;
}

/* The bits that have to be 0 in an fpage of which `rest` is the size less one: bit 3, and those of
 * the base that are below the size. */
static inline word_t fpage_zeros(word_t rest)
{
	return rest & ~((word_t)GLUE_RWX | (word_t)0x3f << ABI_FPAGE_SIZE_SHIFT);
}

/* The piece of user memory that `fp` is. False: none; it has to be from a page up to the user
 * space, its base aligned to its size, all of it at or below GLUE_USER_LAST, bit 3 clear. */
bool fpage_piece(word_t fp, struct piece *p) MUSTUSE;

/* True if two pieces share an address: one contains the other then. */
static inline __attribute__((always_inline)) bool pieces_overlap(const struct piece *a,
								 const struct piece *b)
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

/* Map a UTCB for one more thread at user address va. In it, the words before the system-call
 * arguments are 0, but the first, which is the caller's to write. ABI_OK, ABI_ERR_UTCB_AREA (no
 * area, outside it, unaligned, in use), ABI_ERR_NO_MEM. */
unsigned space_utcb_attach(struct space *sp, word_t va) MUSTUSE;

/* The kernel's alias of the UTCB that has just been attached. */
static inline struct abi_utcb *space_utcb(const struct space *sp, word_t va)
{
	return (struct abi_utcb *)(sp->utcb_alias + (va & (GLUE_PAGE_SIZE - 1)));
}

/* The thread with this UTCB is gone. The last one of a page frees the page. */
void space_utcb_detach(struct space *sp, word_t va, struct abi_utcb *utcb);

/* Place the areas, two fpages, in a space that no thread is active in, and map the KIP. ABI_OK,
 * ABI_ERR_KIP_AREA, ABI_ERR_UTCB_AREA, ABI_ERR_NO_MEM; or SYS_AGAIN: cut by a pending interrupt.
 * *next is then where to go on, as long as nothing is mapped anywhere; 0 at first. */
unsigned space_set_areas(struct space *sp, word_t kip_fpage, word_t utcb_fpage, word_t *next);

/* ---- MapControl (map.c, mapshort.c) ------------------------------------------------------- */

/* Of a physical descriptor: its page frame; its attribute; and the bits that have to be 0 where
 * what is mapped is of `rest` + 1 bytes: those of the address below that, and those of attributes
 * that there aren't. */
static inline word_t desc_frame(word_t desc)
{
	return desc >> (ABI_PHYS_ATTR_BITS + GLUE_PAGE_LOG2 - ABI_FPAGE_BASE_SHIFT);
}

static inline word_t desc_attr(word_t desc)
{
	return desc & (GLUE_ATTRS - 1);
}

static inline word_t desc_zeros(word_t rest)
{
	return rest >> (ABI_FPAGE_BASE_SHIFT - ABI_PHYS_ATTR_BITS) & -(word_t)GLUE_ATTRS;
}

/* All that the short way doesn't take, from where the call was cut on; at 0: from the beginning. */
unsigned map_items(struct tcb *cur, struct space *sp, word_t control, word_t at);

/* ---- physical memory (phys.c) ------------------------------------------------------------- */

static inline word_t frame_of(paddr_t pa)
{
	return (word_t)(pa >> GLUE_PAGE_LOG2);
}

static inline paddr_t frame_address(word_t frame)
{
	return (paddr_t)frame << GLUE_PAGE_LOG2;
}

/* Nothing is the kernel's but what is behind GLUE_PHYS_LAST; then, that [start, end) is, too. From
 * k_boot. */
void phys_init(void);
void phys_reserve(paddr_t start, paddr_t end);

/* True if none of the page frames `first` to `last` is the kernel's. */
bool phys_mappable(word_t first, word_t last);

#endif
