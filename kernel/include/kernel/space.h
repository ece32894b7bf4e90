/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * space.h - address spaces, fpages, and which physical memory is the kernel's.
 */
#ifndef KERNEL_SPACE_H
#define KERNEL_SPACE_H

#include <kernel/tcb.h>

struct space {
	struct glue_space g; /* must be first */
	word_t kip_area;     /* fpages; 0: not set yet */
	word_t utcb_area;
	word_t threads; /* threads in it, active or not */
	word_t active;  /* threads with a UTCB */
};

extern struct space *k_root_space;

/* Counts whatever may change what is mapped in some space. */
extern word_t k_map_changes;

/* ---- fpages (fpage.c) ------------------------------------------------------------------- */

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

/* True if `fp` is a well-formed piece of user memory: log2 from a page up to the user
 * space, base aligned to its size, all of it at or below GLUE_USER_LAST, bit 3 clear. */
bool fpage_valid(word_t fp);

/* True if two such pieces share an address: one contains the other then, as both are
 * naturally aligned. */
bool fpage_overlap(word_t a, word_t b);

/* True if [va, va + len) lies in `fp`. */
bool fpage_contains(word_t fp, word_t va, word_t len);

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

/* Place the areas and map the KIP. The whole check of SpaceControl's area arguments, both
 * of which must be valid; ABI_OK, ABI_ERR_KIP_AREA, ABI_ERR_UTCB_AREA, ABI_ERR_NO_MEM. */
unsigned space_set_areas(struct space *sp, word_t kip_fpage, word_t utcb_fpage) MUSTUSE;

/* ---- physical memory (phys.c) ------------------------------------------------------------- */

/* Nothing is the kernel's; then, that [start, end) is. From k_boot. */
void phys_init(void);
void phys_reserve(paddr_t start, paddr_t end);

/* True if [start, start + 2^log2) touches nothing of the kernel's. */
bool phys_mappable(paddr_t start, unsigned log2);

#endif
