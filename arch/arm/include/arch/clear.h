/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/clear.h - how memory is cleared, in common/string.c: eight registers at a time.
 */
#ifndef ARCH_CLEAR_H
#define ARCH_CLEAR_H

#define CLEAR_BLOCK 64 /* bytes */

/* At least one. */
static inline void clear_blocks(void *from, const void *end)
{
	__asm__ volatile("mov	r2, #0\n"
			 "mov	r3, #0\n"
			 "mov	r4, #0\n"
			 "mov	r5, #0\n"
			 "mov	r6, #0\n"
			 "mov	r8, #0\n"
			 "mov	r9, #0\n"
			 "mov	r12, #0\n"
			 "1:	stmia	%0!, {r2, r3, r4, r5, r6, r8, r9, r12}\n"
			 "stmia	%0!, {r2, r3, r4, r5, r6, r8, r9, r12}\n"
			 "cmp	%0, %1\n"
			 "bne	1b"
			 : "+r"(from)
			 : "r"(end)
			 : "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r12", "cc", "memory");
}
#endif
