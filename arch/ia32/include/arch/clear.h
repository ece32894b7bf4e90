/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/clear.h - how memory is cleared, in common/string.c: the processor stores whole lines at a
 * time (Intel optimization reference manual, "Memcpy Considerations"), though each word counts.
 */
#ifndef ARCH_CLEAR_H
#define ARCH_CLEAR_H

#include <stddef.h>

#define CLEAR_BLOCK 4 /* bytes */

static inline void clear_blocks(void *from, const void *end)
{
	size_t n = (size_t)((const char *)end - (char *)from) / 4;

	__asm__ volatile("rep stosl" : "+D"(from), "+c"(n) : "a"(0) : "memory");
}
#endif
