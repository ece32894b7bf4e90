/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * glue/space.h - address spaces: page tables, TLB, caches.
 *
 * Ranges are always naturally aligned: 2^log2 bytes at a virtual and a physical address
 * that are multiples of 2^log2, GLUE_PAGE_LOG2 <= log2, all of it below GLUE_USER_LAST.
 * A range is mapped with the largest hardware pages that fit it. A port may assume all
 * of this; the kernel has checked it.
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

/* Make sure that the following glue_map (map true), or glue_unmap (map false), of this range
 * in `as` can't fail: allocate the tables that will be needed, and split larger pages that
 * stick out of the range. What `as` maps, with which rights and
 * referenced bits, stays as it is, but for pages the size of which shrinks. ENOMEM: as
 * before, nothing allocated.
 * With map true, the tables of the range are held, whatever else is mapped or unmapped,
 * until exactly one glue_map or glue_unprepare of the same range. With map false nothing
 * is held and nothing is to be undone; so where several operations are prepared before the
 * first is done, an unmapping of part of what one of them will map is prepared with map
 * true, and followed by glue_unprepare. At most 32 preparations at a time. */
enum glue_err glue_prepare(struct glue_space *as, word_t va, unsigned log2, bool map) MUSTUSE;

/* Let go of what a glue_prepare with map true holds, when the range will not be mapped
 * after all: free tables of the range that are empty. */
void glue_unprepare(struct glue_space *as, word_t va, unsigned log2);

/* Map the range to pa with rights `prot` (not 0) and attribute `attr`, replacing whatever
 * was mapped there, referenced bits clear. A right the hardware can't withhold is given.
 * Prepared before. The TLB is not flushed: the caller does, where something was mapped
 * before or rights shrank. */
void glue_map(struct glue_space *as, word_t va, paddr_t pa, unsigned log2, unsigned prot,
	      enum glue_attr attr);

/* Remove all mappings in the range; tables that become empty are freed. Prepared before.
 * The TLB is not flushed. */
void glue_unmap(struct glue_space *as, word_t va, unsigned log2);

/* What glue_lookup finds out about an address. */
struct glue_mapping {
	paddr_t pa;          /* physical address of the start of the hardware page */
	unsigned log2;       /* size of the hardware page */
	unsigned prot;       /* rights in force; includes rights that can't be withheld */
	unsigned referenced; /* R accessed, W written, X executed; X may equal R where the
			      * hardware can't tell, never more than prot */
	enum glue_attr attr;
};

/* The mapping that holds va. False: there is none; m->log2 says that there is none either in
 * the 2^log2 bytes, naturally aligned, around va (GLUE_PAGE_LOG2 where va is not user's). */
bool glue_lookup(const struct glue_space *as, word_t va, struct glue_mapping *m);

/* Clear the referenced bits of all pages that lie in the range. The caller flushes. */
void glue_clear_referenced(struct glue_space *as, word_t va, unsigned log2);

/* After it returns, no access through `as` uses a translation for the range that the
 * tables don't have now. log2 >= GLUE_WORD_BITS: the whole space. */
void glue_tlb_flush(struct glue_space *as, word_t va, unsigned log2);

/* Allow (or forbid) user mode in `as` the 2^log2 I/O ports from `port` on. ENOSYS without
 * I/O ports; EINVAL if the ports do not exist; ENOMEM. */
enum glue_err glue_io_allow(struct glue_space *as, word_t port, unsigned log2, bool allow) MUSTUSE;

/* True if user mode in `as` may use `port`. False on a machine without ports. */
bool glue_io_allowed(const struct glue_space *as, word_t port);

enum glue_cache_op {
	GLUE_CACHE_ALL,     /* clean and invalidate everything, I side too; no range */
	GLUE_CACHE_CLEAN,   /* data: write dirty lines back */
	GLUE_CACHE_INVAL,   /* data: drop lines (a port may clean first, never lose others') */
	GLUE_CACHE_FLUSH,   /* data: write back and drop */
	GLUE_CACHE_SYNC_I   /* what was written is what will be executed */
};

/* Apply `op` to the `len` bytes at the kernel alias or, where user is true, at user
 * address va of the space in force, which the caller has seen mapped and whose pages it
 * hands over one at a time (the range lies in one page of GLUE_PAGE_SIZE). */
void glue_cache(enum glue_cache_op op, word_t va, size_t len, bool user);

/* Kernel alias of a physical address up to GLUE_DIRECT_LAST, and back. */
void *glue_phys_to_virt(paddr_t pa);
paddr_t glue_virt_to_phys(const void *va);

#endif
