/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arm.S - see known.c.
 */
	.syntax unified
	.arm
	.text
	.globl	known_run, known_begin, known_end, known_high, known_point
	.globl	known_user, known_stay, known_first
	.set	known_user, 1 + 10 * 4
	.set	known_stay, 6
	.set	known_first, 4

	.type	known_run, %function
known_run:
	ldr	r0, =known_data
known_begin:
	mov	r2, #10			@ rounds left
1:	adr	r3, 2f			@ where to come back to
	b	known_high
2:	subs	r2, r2, #1
	bne	1b
known_end:
	bx	lr
	.ltorg

	.balign	4096
known_high:
	ldr	r1, [r0]
	ldr	r1, [r0, #64]
	str	r1, [r0, #160]
known_point:
	nop
	b	3f
	.balign	64
3:	bx	r3

	.data
	.balign	4096
known_data:
	.space	256

	.section .note.GNU-stack, "", %progbits
