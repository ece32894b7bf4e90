/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arm.S - see arch.h.
 */
	.syntax unified
	.arm
	.text

	.globl	__l4_calibrate_loop
	.type	__l4_calibrate_loop, %function
__l4_calibrate_loop:
1:	subs	r0, r0, #1		@ r0: n
	bne	1b
	bx	lr
	.size	__l4_calibrate_loop, . - __l4_calibrate_loop

	.globl	root_undefined, root_undefined_at, root_undefined_next
	.type	root_undefined, %function
root_undefined:
root_undefined_at:
	udf	#0
root_undefined_next:
	mov	r0, #1
	bx	lr
	.size	root_undefined, . - root_undefined

	.section .note.GNU-stack, "", %progbits
