/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/cache.h - caches: for device memory without coherence, and for code that was written.
 *
 * The ranges are virtual addresses start ... end - 1 of `space`, named by any of its threads
 * (nilthread: the caller's own), all of it mapped. Anyone for the own space, privileged
 * threads for any. All return 1; 0: L4_ErrInvalidSpace (no such space, or not allowed),
 * L4_ErrInvalidParam (the range: not mapped, or not user memory).
 */
#ifndef L4_CACHE_H
#define L4_CACHE_H

#include <l4/syscalls.h>
#include <l4/types.h>

/* Operation `op` (ABI_CACHE_...) on one range. */
L4_INLINE L4_Word_t __L4_CacheRange(L4_ThreadId_t space, L4_Word_t op, L4_Word_t start,
				    L4_Word_t end)
{
	L4_LoadMR(0, start);
	L4_LoadMR(1, end - start);
	return L4_CacheControl(space, op | 1 << ABI_CACHE_ITEMS_SHIFT);
}

/* Write back and drop everything in all caches. */
L4_INLINE L4_Word_t L4_CacheFlushAll(void)
{
	return L4_CacheControl(L4_nilthread, ABI_CACHE_FLUSH_ALL);
}

/* Data: write back and drop. */
L4_INLINE L4_Word_t L4_CacheFlushDRange(L4_ThreadId_t space, L4_Word_t start, L4_Word_t end)
{
	return __L4_CacheRange(space, ABI_CACHE_FLUSH_D, start, end);
}

/* Data: write back, keep. */
L4_INLINE L4_Word_t L4_CacheCleanDRange(L4_ThreadId_t space, L4_Word_t start, L4_Word_t end)
{
	return __L4_CacheRange(space, ABI_CACHE_CLEAN_D, start, end);
}

/* Instructions: what was written in the range is what will be executed. */
L4_INLINE L4_Word_t L4_CacheFlushIRange(L4_ThreadId_t space, L4_Word_t start, L4_Word_t end)
{
	return __L4_CacheRange(space, ABI_CACHE_SYNC_I, start, end);
}

/* Data and instructions: write back, drop, and make coherent. */
L4_INLINE L4_Word_t L4_CacheFlushRange(L4_ThreadId_t space, L4_Word_t start, L4_Word_t end)
{
	return L4_CacheFlushIRange(space, start, end) && L4_CacheFlushDRange(space, start, end);
}

/* Data: drop, so that the next read comes from memory. What the CPU has written to the lines
 * of the range may be lost, or be written back first. */
L4_INLINE L4_Word_t L4_CacheFlushRangeInvalidate(L4_ThreadId_t space, L4_Word_t start,
						 L4_Word_t end)
{
	return __L4_CacheRange(space, ABI_CACHE_INVAL_D, start, end);
}

#endif
