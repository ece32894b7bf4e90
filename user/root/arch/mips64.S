/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * mips64.S - see arch.h.
 */
	.text
	.set	noreorder

	.globl	__l4_calibrate_loop
	.type	__l4_calibrate_loop, @function
	.ent	__l4_calibrate_loop
__l4_calibrate_loop:
	daddiu	$4, $4, -1		# $4: n
1:	bnez	$4, 1b
	 daddiu	$4, $4, -1
	jr	$31
	 nop
	.end	__l4_calibrate_loop
	.size	__l4_calibrate_loop, . - __l4_calibrate_loop

	.globl	root_undefined, root_undefined_at, root_undefined_next
	.type	root_undefined, @function
	.ent	root_undefined
root_undefined:
root_undefined_at:
	.word	0x04170000		# REGIMM with rt 0x17: reserved before release 6
root_undefined_next:
	li	$2, 1
	jr	$31
	 nop
	.end	root_undefined
	.size	root_undefined, . - root_undefined

	.section .note.GNU-stack, "", @progbits
