/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * copy.S - glue_copy_words: the words of a message, eight at a time.
 */
	.syntax unified
	.arch armv7-a
	.arm

	.section .text.copy, "ax"
	.globl	glue_copy_words
	.type	glue_copy_words, %function
glue_copy_words:				@ r0: to, r1: from, r2: number of words
	cmp	r2, #4
	bhs	2f
	movs	r12, r2, lsl #31		@ C: n & 2, N: n & 1
	ldrmi	r12, [r1], #4
	strmi	r12, [r0], #4
	ldrdcs	r2, r3, [r1]
	strdcs	r2, r3, [r0]
	bx	lr

2:	push	{r4-r9, lr}
	subs	r2, r2, #8
	blo	4f
3:	ldmia	r1!, {r3-r9, r12}
	subs	r2, r2, #8
	stmia	r0!, {r3-r9, r12}
	bhs	3b
4:	tst	r2, #4				@ r2: words left - 8; its low bits are theirs
	ldmiane	r1!, {r3-r6}
	stmiane	r0!, {r3-r6}
	movs	r12, r2, lsl #31
	ldmiacs	r1!, {r3, r4}
	stmiacs	r0!, {r3, r4}
	ldrmi	r3, [r1]
	strmi	r3, [r0]
	pop	{r4-r9, pc}
	.size	glue_copy_words, . - glue_copy_words
