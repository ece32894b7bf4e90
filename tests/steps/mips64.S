/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * mips64.S - see steps.h.
 */
#include <l4/abi/const.h>

#define FRAME 112

	.text
	.set	noreorder
	.set	noat
	.set	hardfloat
	.globl	steps_ipc, steps_trap, steps_return, steps_seen, steps_use_fpu
	.type	steps_ipc, @function
	.ent	steps_ipc
steps_ipc:					# $4 to, $5 from, $6 tag, $7 secret, $8 sender, $9 UTCB
	daddiu	$sp, $sp, -FRAME
	sd	$9, 0($sp)
	sd	$8, 8($sp)
	sd	$16, 16($sp)
	sd	$17, 24($sp)
	sd	$18, 32($sp)
	sd	$19, 40($sp)
	sd	$20, 48($sp)
	sd	$21, 56($sp)
	sd	$22, 64($sp)
	sd	$23, 72($sp)
	sd	$28, 80($sp)
	sd	$30, 88($sp)
	sd	$31, 96($sp)
	.irp	r, 1,3,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,30
	daddiu	$\r, $7, \r
	.endr
	mthi	$8
	mtlo	$9
	daddiu	$8, $7, 40
	daddiu	$9, $7, 41
	move	$2, $6				# tag
	move	$6, $5				# from
	move	$5, $4				# to
	andi	$4, $2, ABI_TAG_RESERVED | ABI_TAG_NOTIFY | ABI_TAG_RBLOCK
	xori	$4, $4, ABI_TAG_RBLOCK		# number
	.set	macro
	dla	$31, steps_return
	.set	nomacro
steps_trap:
	syscall
steps_return:
	ld	$8, 0($sp)
	ld	$8, 0($8)
steps_seen:
	ld	$8, 8($sp)
	sd	$3, 0($8)			# sender
	ld	$16, 16($sp)
	ld	$17, 24($sp)
	ld	$18, 32($sp)
	ld	$19, 40($sp)
	ld	$20, 48($sp)
	ld	$21, 56($sp)
	ld	$22, 64($sp)
	ld	$23, 72($sp)
	ld	$30, 88($sp)
	ld	$31, 96($sp)
	jr	$31
	 daddiu	$sp, $sp, FRAME
	.end	steps_ipc
	.size	steps_ipc, . - steps_ipc

	.type	steps_use_fpu, @function
	.ent	steps_use_fpu
steps_use_fpu:
	dmtc1	$31, $f2
	li	$8, 1				# round towards zero
	ctc1	$8, $31
	jr	$31
	 nop
	.end	steps_use_fpu
	.size	steps_use_fpu, . - steps_use_fpu

	.section .note.GNU-stack, "", @progbits
