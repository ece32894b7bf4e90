/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * glue/space.h - address spaces: page tables, TLB, caches.
 *
 * Where a range is given by log2, it is naturally aligned: 2^log2 bytes at a multiple of 2^log2,
 * GLUE_PAGE_LOG2 <= log2; also where it is given by `rest`, which is its size, 2^n, less one. All
 * of every range is below GLUE_USER_LAST. What is mapped is mapped with the largest hardware pages
 * that fit. A port may assume all of this; the kernel has checked it.
 */
#ifndef GLUE_SPACE_H
#define GLUE_SPACE_H

#include <glue/types.h>

#define GLUE_PAGE_LOG2 12
#define GLUE_PAGE_SIZE ((word_t)1 << GLUE_PAGE_LOG2)

/* Make `as` an empty address space with the kernel mapped in it. `as` is zeroed memory.
 * ENOMEM. */
enum glue_err glue_space_init(struct glue_space *as) MUSTUSE;

/* Free all page tables of `as`, in bounded steps. True: done, nothing of `as` remains in
 * any table, TLB or allocator. False: cut because an interrupt is pending; call again.
 * Not in force on any CPU. The frames mapped by it are not touched. */
bool glue_space_fini(struct glue_space *as);

/* No address space of a thread is in force any more on this CPU (the kernel's own tables
 * are enough): the space in force so far may be freed. */
void glue_space_leave(void);

/* A page, as glue_lookup finds it and as glue_map makes it. */
struct glue_mapping {
	paddr_t pa;        /* physical address of the start of the hardware page */
	unsigned log2;     /* size of the hardware page */
	word_t prot;       /* rights in force; includes rights that can't be withheld */
	word_t referenced; /* R accessed, W written, X executed; X may equal R where the hardware
			    * can't tell, never more than prot */
	word_t attr;       /* enum glue_attr */
};

/* What is to become of the addresses va to last, page-aligned. page.prot 0: they are unmapped,
 * in any range. Otherwise the range is naturally aligned, mapped to physical addresses from
 * page.pa on, aligned likewise, with page.referenced 0, and page.log2 is the largest of
 * GLUE_PAGE_SIZES that is no larger than the range. */
struct glue_range {
	word_t va, last;
	struct glue_mapping page;
};

/* Take a step: map or unmap a piece of `r`, whatever was mapped there, and advance r->va, and
 * r->page.pa, to what is left; r->va > r->last: all is done. A step may be no more than to make the
 * tables. The steps are of bounded length; the caller looks for interrupts between them. Where a
 * larger page sticks out of the range, the rest of it stays as it is, referenced bits included, in
 * smaller pages. Tables that become empty are freed. A right that the hardware can't withhold is
 * given.
 * ENOMEM: no memory for a table; this step has changed nothing. Only the first step on a range
 * of at most 2^GLUE_STEP_LOG2 bytes takes memory.
 * The TLB is not flushed: the caller does, unless nothing was mapped there before and the pages
 * are of the smallest size. */
enum glue_err glue_map(struct glue_space *as, struct glue_range *r) MUSTUSE;

#define GLUE_STEP_LOG2 17

/* The short way for what is asked most, in one step: map `rest` + 1 bytes, at most 2^GLUE_PUT_LOG2,
 * from va on to the page frames from `frame` (a physical address >> GLUE_PAGE_LOG2) on, or unmap
 * them (prot 0, whatever `frame` is), as glue_map would; va and the physical address are aligned to
 * them: so no larger page fits, and they are in one table. The TLB is flushed as far as it has to
 * be. False: nothing is done, as there is no table yet, or a larger page at va: it is glue_map's.
 */
bool glue_put(struct glue_space *as, word_t va, word_t rest, word_t frame, word_t prot,
	      word_t attr) MUSTUSE;

/* log2 of the second size of GLUE_PAGE_SIZES, less one, or GLUE_STEP_LOG2. */
#define GLUE_PUT_LOG2                                                                              \
	((GLUE_PAGE_SIZES & (((word_t)2 << GLUE_STEP_LOG2) - 1)) == GLUE_PAGE_SIZE                 \
	     ? GLUE_STEP_LOG2                                                                      \
	     : (word_t)__builtin_ctzl(GLUE_PAGE_SIZES & ~GLUE_PAGE_SIZE) - 1)

/* At most how many tables, blocks of 2^GLUE_TABLE_LOG2 bytes, `r` takes that `as` doesn't have now;
 * exactly, where the range needs only one way of them. Of r->page only log2 and prot matter; an
 * unmapping that may divide what another of the ranges maps is counted as if it mapped, too. If the
 * pool has as many blocks as there are counted for some ranges, then glue_map won't fail for any of
 * these, in any order, whether they overlap or not. */
size_t glue_tables(const struct glue_space *as, const struct glue_range *r);

/* The mapping that holds va. False: there is none; m->log2 says that there is none either in
 * the 2^log2 bytes, naturally aligned, around va (GLUE_PAGE_LOG2 where va is not user's). */
bool glue_lookup(const struct glue_space *as, word_t va, struct glue_mapping *m);

/* After it returns, no access through `as` uses a translation for the `rest` + 1 bytes at va,
 * naturally aligned, that the tables don't have now. `rest` from GLUE_USER_LAST on: the whole
 * space. */
void glue_tlb_flush(struct glue_space *as, word_t va, word_t rest);

/* Allow (or forbid) user mode in `as` the 2^log2 I/O ports from `port` on. ENOSYS without
 * I/O ports; EINVAL if the ports do not exist; ENOMEM. */
enum glue_err glue_io_allow(struct glue_space *as, word_t port, unsigned log2, bool allow) MUSTUSE;

/* True if user mode in `as` may use `port`. False on a machine without ports. */
bool glue_io_allowed(const struct glue_space *as, word_t port);

enum glue_cache_op {
	GLUE_CACHE_CLEAN, /* data: write dirty lines back */
	GLUE_CACHE_INVAL, /* data: drop lines (a port may clean first, never lose others') */
	GLUE_CACHE_FLUSH, /* data: write back and drop */
	GLUE_CACHE_SYNC_I /* what was written is what will be executed */
};

/* Apply `op` to `len` bytes of physical memory. False: the kernel has no address for them, and
 * where they may be cached it takes glue_cache_all. */
bool glue_cache(enum glue_cache_op op, paddr_t pa, size_t len);

/* Clean and invalidate all caches, the I side too, in bounded steps: take the one at `position`, 0
 * at first. Returns the position of the next one; 0: that was the last. */
word_t glue_cache_all(word_t position);

/* Kernel alias of a physical address up to GLUE_DIRECT_LAST, and back. */
void *glue_phys_to_virt(paddr_t pa);
paddr_t glue_virt_to_phys(const void *va);

#endif
