/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/fill.h - how memset fills blocks, in common/string.c: eight registers at a time.
 */
#ifndef ARCH_FILL_H
#define ARCH_FILL_H

#include <stddef.h>

#define FILL_BLOCK 64 /* bytes */

/* At least one. */
static inline void fill_blocks(void *from, const void *end, size_t pattern)
{
	__asm__ volatile("mov	r3, %2\n"
			 "mov	r4, %2\n"
			 "mov	r5, %2\n"
			 "mov	r6, %2\n"
			 "mov	r8, %2\n"
			 "mov	r9, %2\n"
			 "mov	r10, %2\n"
			 "mov	r12, %2\n"
			 "1:	stmia	%0!, {r3, r4, r5, r6, r8, r9, r10, r12}\n"
			 "stmia	%0!, {r3, r4, r5, r6, r8, r9, r10, r12}\n"
			 "cmp	%0, %1\n"
			 "bne	1b"
			 : "+r"(from)
			 : "r"(end), "r"(pattern)
			 : "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r12", "cc", "memory");
}
#endif
