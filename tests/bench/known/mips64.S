/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * mips64.S - see known.c.
 */
	.text
	.set	noreorder
	.globl	known_run, known_begin, known_end, known_high, known_point
	.globl	known_user, known_stay, known_first
	.set	known_user, 1 + 10 * 7
	.set	known_stay, 8
	.set	known_first, 4

	.type	known_run, @function
	.ent	known_run
known_run:
	lui	$8, %hi(known_data)
	daddiu	$8, $8, %lo(known_data)
known_begin:
	li	$9, 10			# rounds left
1:	lui	$10, %hi(2f)		# where to come back to
	daddiu	$10, $10, %lo(2f)
	j	known_high
	 nop
2:	daddiu	$9, $9, -1
	bnez	$9, 1b
	 nop
known_end:
	jr	$31
	 nop

	.balign	4096
known_high:
	lw	$2, 0($8)
	lw	$2, 64($8)
	sw	$2, 160($8)
known_point:
	nop
	b	3f
	 nop
	.balign	64
3:	jr	$10
	 nop
	.end	known_run

	.data
	.balign	4096
known_data:
	.space	256

	.section .note.GNU-stack, "", @progbits
