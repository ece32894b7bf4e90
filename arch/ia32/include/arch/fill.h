/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/fill.h - how memset fills blocks, in common/string.c: the processor stores whole lines at a
 * time (Intel optimization reference manual, "Memcpy Considerations"), though each word counts.
 */
#ifndef ARCH_FILL_H
#define ARCH_FILL_H

#include <stddef.h>

#define FILL_BLOCK 4 /* bytes */

static inline void fill_blocks(void *from, const void *end, size_t pattern)
{
	size_t n = (size_t)((const char *)end - (char *)from) / 4;

	__asm__ volatile("rep stosl" : "+D"(from), "+c"(n) : "a"(pattern) : "memory");
}
#endif
