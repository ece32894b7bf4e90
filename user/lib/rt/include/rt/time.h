/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * rt/time.h - intervals of the processor's own clock.
 */
#ifndef RT_TIME_H
#define RT_TIME_H

#include <l4/arch/stubs.h>
#include <stdint.h>

/* Ticks of __l4_ticks() from `start`, one of its results, until now; right for intervals of
 * less than 2^L4_TICKS_BITS ticks. Keeps nothing in memory, so it works in any space. */
static inline uint64_t rt_ticks_since(uint64_t start)
{
	return (__l4_ticks() - start) & (UINT64_MAX >> (64 - L4_TICKS_BITS));
}

#endif
