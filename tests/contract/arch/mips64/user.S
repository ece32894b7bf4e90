/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * user.S (MIPS64) - the snippets of ops.h, and the stack switches of target.h.
 *
 * A system call: $4 number, $5-$8 arguments; results in $2-$5; it goes on at $31; $28-$30 are kept.
 * IPC: $2 tag, $4 the tag's flags, $5 to, $6 from; results $2 tag, $3 from.
 */
#include <l4/abi/const.h>

#include "ops.h"

	.set	noreorder
	.set	noat
	.set	hardfloat

	.macro	call				# in the slot of a branch that sets $31
	bal	9f
	 syscall
9:
	.endm

	/* Add 1 to $2 if register n is not what it was filled with. Uses $3. */
	.macro	check n
	li	$3, PATTERN + \n
	xor	$3, $3, $\n
	sltu	$3, $0, $3
	daddu	$2, $2, $3
	.endm

	.section .rodata
	.balign	8
	.globl	contract_user_code, contract_user_size, contract_user_offsets
contract_user_code:

read:	ld	$8, 0($29)
	ld	$9, 0($8)
	b	done
	 sd	$9, 32($29)

write:	ld	$8, 0($29)
	ld	$9, 8($29)
	sd	$9, 0($8)
	b	done
	 nop

exec:	ld	$8, 0($29)
	jalr	$8
	 nop
	b	done
	 sd	$2, 32($29)

spin:	ld	$8, 32($29)
	daddiu	$8, $8, 1
	b	spin
	 sd	$8, 32($29)

syscall_4:
	li	$4, NR_REPORT
	ld	$5, 0($29)
	ld	$6, 8($29)
	ld	$7, 16($29)
	ld	$8, 24($29)
	call
	sd	$2, 32($29)
	sd	$3, 40($29)
	sd	$4, 48($29)
	b	done
	 sd	$5, 56($29)

ipc:	ld	$5, 0($29)
	ld	$6, 8($29)
	ld	$2, 16($29)
	andi	$4, $2, ABI_TAG_RESERVED | ABI_TAG_NOTIFY | ABI_TAG_RBLOCK
	xori	$4, $4, ABI_TAG_RBLOCK
	call
	sd	$2, 32($29)
	b	done
	 sd	$3, 40($29)

keep_call:
	li	$30, PATTERN + 30
	li	$4, NR_REPORT
	call
	li	$2, 0
	check	30
	b	done
	 sd	$2, 32($29)

	/* $2 is the pointer, $3 what it points to, $26 and $27 are the kernel's, $28 is the UTCB. */
keep_trap:
	.irp	n, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
		24, 25, 30, 31
	li	$\n, PATTERN + \n
	.endr
	mthi	$5
	mtlo	$6
	ld	$2, 0($29)
1:	ld	$3, 0($2)
	beqz	$3, 1b
	 nop
	li	$2, 0
	.irp	n, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25
	check	\n
	.endr
	mfhi	$5
	mflo	$6
	check	5
	check	6
	.irp	n, 16, 17, 18, 19, 20, 21, 22, 23, 30, 31
	check	\n
	.endr
	b	done
	 sd	$2, 32($29)

undefined:
	.word	0x0000003d			# SPECIAL, with a function that there is not
	b	done
	 nop

privileged:
	mtc0	$0, $12				# Status
	b	done
	 nop

fpu_set:
	ldc1	$f2, 0($29)
	b	done
	 nop

fpu_get:
	sdc1	$f2, 32($29)
	b	done
	 nop

tls:	b	done
	 sd	$28, 32($29)

exclusive:
	ld	$16, 0($29)
	ld	$17, 8($29)
	lld	$8, 0($16)
	li	$4, NR_REPORT
	call
	ld	$16, 0($29)
	ld	$17, 8($29)
	scd	$17, 0($16)			# 1: stored
	b	done
	 sd	$17, 32($29)

device:	ld	$8, 0($29)
	ld	$9, 8($29)
	sb	$9, 0($8)
	sync
done:	li	$4, NR_DONE
	call
	b	done
	 nop
	.balign	4
user_end:

	.balign	4
contract_user_size:
	.word	user_end - contract_user_code

contract_user_offsets:
	.irp	op, read, write, exec, spin, syscall_4, ipc, keep_call, keep_trap, undefined, \
		privileged, fpu_set, fpu_get, tls, exclusive, device
	.word	\op - contract_user_code
	.endr

	.macro	save_frame
	daddiu	$29, $29, -96
	sd	$16, 0($29)
	sd	$17, 8($29)
	sd	$18, 16($29)
	sd	$19, 24($29)
	sd	$20, 32($29)
	sd	$21, 40($29)
	sd	$22, 48($29)
	sd	$23, 56($29)
	sd	$30, 64($29)
	sd	$31, 72($29)
	sd	$29, 0($4)
	.endm

	.text
	.globl	contract_switch, contract_start
	.ent	contract_switch
contract_switch:				# $4: where to save sp, $5: new sp
	save_frame
	move	$29, $5
	ld	$16, 0($29)
	ld	$17, 8($29)
	ld	$18, 16($29)
	ld	$19, 24($29)
	ld	$20, 32($29)
	ld	$21, 40($29)
	ld	$22, 48($29)
	ld	$23, 56($29)
	ld	$30, 64($29)
	ld	$31, 72($29)
	jr	$31
	 daddiu	$29, $29, 96
	.end	contract_switch

	.ent	contract_start
contract_start:					# $4: where to save sp, $5: new sp, $6: function
	save_frame
	move	$29, $5
	jr	$6
	 move	$25, $6
	.end	contract_start
