/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * hostile.S - code with which a thread tries to do what it may not, or does what it may in the
 * oddest place. Each piece is a function without arguments, which returns 0 in $2 if all is
 * well; where an exception is expected, it is at the label <name>_at, and $3 says where to go
 * on.
 */
#include <l4/abi/const.h>

	.set	noreorder
	.set	noat
	.set	nomacro
	.set	hardfloat
	.set	fp=64

#define KERNEL_TEXT   0xffffffff80100000
#define KERNEL_DIRECT 0x9800000000100000
#define USER_END      0x40000000000 /* 2^42 */
#define UNMAPPED      0x20000000

	.macro	func name:req
	.globl	\name
	.type	\name, @function
\name:
	.endm

	.macro	at name:req
	.globl	\name\()_at
\name\()_at:
	.endm

	.macro	good
	jr	$31
	 move	$2, $0
	.endm

	.macro	bad
	jr	$31
	 li	$2, 1
	.endm

	.text

/* ---- instructions that must be refused -------------------------------------------------- */
	.macro	refused name:req, insn:vararg
	func	\name
	at	\name
	\insn
	bad
	.endm

	refused	do_mfc0, mfc0 $8, $12
	refused	do_mtc0, mtc0 $0, $12
	refused	do_dmfc0, dmfc0 $8, $14
	refused	do_dmtc0, dmtc0 $0, $10
	refused	do_tlbr, tlbr
	refused	do_tlbwi, tlbwi
	refused	do_tlbwr, tlbwr
	refused	do_tlbp, tlbp
	refused	do_eret, eret
	refused	do_wait, wait
	refused	do_di, di $8
	refused	do_ei, ei $8
	refused	do_cache, cache 0, 0($29)
	refused	do_rdpgpr, rdpgpr $8, $8
	refused	do_wrpgpr, wrpgpr $8, $8
	refused	do_user_local, .word 0x7c08e83b	# rdhwr $8, $29
	refused	do_cpu_number, .word 0x7c08003b	# rdhwr $8, $0
	refused	do_undefined, .word 0x04170000
	refused	do_break, break 7
	refused	do_trap, teq $0, $0, 5
	refused	do_sdbbp, sdbbp 0
	refused	do_sdbbp_exit, sdbbp 1

/* ---- where the director sends threads ------------------------------------------------------- */

/* Still in user mode, with 64-bit addresses and operations, and the byte order as it was. */
	.globl	look_at_status, look_at_status_at
look_at_status:
	ori	$8, $0, 1
	dsll32	$8, $8, 8
	daddiu	$9, $8, -1			# 2^40 - 1: a reserved instruction without UX or PX
	sd	$9, -16($29)
	lbu	$10, -16($29)
	lbu	$11, -9($29)
	xor	$2, $10, $11			# 0xff: one end is 0, the other 0xff
	addiu	$2, $2, -0xff
	lwu	$10, -16($29)
	lwu	$11, -12($29)
	daddu	$10, $10, $11
	dsll32	$11, $8, 0
	.set	macro
	dli	$11, 0xff + 0xffffffff
	.set	nomacro
	xor	$10, $10, $11
	or	$2, $2, $10
look_at_status_at:
	mfc0	$8, $12
	li	$2, 1
	jr	$31
	 nop

	.globl	look_at_memory, look_at_memory_at
look_at_memory:
	.set	macro
	dli	$8, KERNEL_DIRECT
	.set	nomacro
look_at_memory_at:
	ld	$9, 0($8)
	jr	$31
	 li	$2, 1

	.globl	push_here
push_here:
	sd	$0, -8($29)
	jr	$31
	 li	$2, 1

/* A branch with a slot: a thread that is sent to it executes both, once. */
	.globl	branch_here
branch_here:
	beq	$0, $0, 1f
	 addiu	$24, $24, 1
	jr	$31
	 li	$2, 1
1:	slt	$8, $26, $0			# nor is there an address of the kernel
	slt	$9, $27, $0
	or	$8, $8, $9
	xori	$2, $24, 1
	jr	$31
	 or	$2, $2, $8

	.globl	slot_reply, slot_reply_at
slot_reply:
	move	$24, $0
slot_reply_at:
	b	1f
	 break	5
1:	jr	$31
	 li	$2, 2

/* ---- addresses ---------------------------------------------------------------------------- */
	.macro	address name:req, value:req, insn:vararg
	func	\name
	.set	macro
	dli	$8, \value
	.set	nomacro
	at	\name
	\insn
	bad
	.endm

	address	do_load_kernel, KERNEL_TEXT, ld $9, 0($8)
	address	do_store_kernel, KERNEL_TEXT, sd $0, 0($8)
	address	do_load_direct, KERNEL_DIRECT, ld $9, 0($8)
	address	do_store_direct, KERNEL_DIRECT, sb $0, 0($8)
	address	do_load_local, -0x8000, ld $9, 0($8)
	address	do_load_beyond, USER_END, lb $9, 0($8)
	address	do_load_xsseg, 0x4000000000000000, ld $9, 0($8)
	address	do_load_unaligned, UNMAPPED + 1, lw $9, 0($8)
	address	do_store_unaligned, UNMAPPED + 4, sd $9, 0($8)

	.macro	jump name:req, value:req
	func	\name
	.set	macro
	dli	$8, \value
	.set	nomacro
	jr	$8
	 nop
	.endm

	jump	do_jump_kernel, KERNEL_TEXT
	jump	do_jump_beyond, USER_END

	func	do_jump_unaligned
	.set	macro
	dla	$8, do_undefined_at + 2
	.set	nomacro
	jr	$8
	 nop

/* ---- traps in delay slots: reported at the branch ------------------------------------------ */
	.macro	in_slot name:req, insn:vararg
	func	\name
	li	$8, UNMAPPED
	at	\name
	b	1f
	 \insn
	bad
1:	good
	.endm

	in_slot	slot_break, break 3
	in_slot	slot_trap, teq $0, $0
	in_slot	slot_undefined, .word 0x04170000
	in_slot	slot_load, ld $9, 0($8)
	in_slot	slot_store, sd $0, 0($8)
	in_slot	slot_unaligned, lw $9, 1($29)

/* The first use of the FPU: resumes with the branch, and its slot. */
	func	slot_fpu
	li	$8, 77
	b	1f
	 dmtc1	$8, $f3
	bad
1:	dmfc1	$9, $f3
	xor	$2, $8, $9
	jr	$31
	 nop

/* ---- system calls in delay slots -------------------------------------------------------------
 * Wherever a system call stands, it goes on at $31. Each must get there, having been made once:
 * KernelInterface, which returns an address. */
#define FRAME 80

	.macro	calls
	daddiu	$29, $29, -FRAME
	sd	$31, 0($29)
	.irp	r, 16, 17, 18, 19, 20, 21, 22, 23
	sd	$\r, 8 * (\r - 15)($29)
	.endr
	li	$16, 1
	li	$17, -1
	li	$18, 1
	li	$4, ABI_SYS_KERNEL_INTERFACE
	.endm

	.macro	result				# $2: the address of the KIP
	b	leave
	 sltiu	$2, $2, 4096
	.endm

	.macro	wrong
	b	leave
	 li	$2, 1
	.endm

leave:	ld	$31, 0($29)
	.irp	r, 16, 17, 18, 19, 20, 21, 22, 23
	ld	$\r, 8 * (\r - 15)($29)
	.endr
	jr	$31
	 daddiu	$29, $29, FRAME

	.macro	to name:req, register:req
	.set	macro
	dla	$\register, \name
	.set	nomacro
	.endm

	.macro	in_slot_of name:req, branch:vararg
	func	\name
	calls
	to	3f, 31
	\branch, 1f
	 syscall
	wrong
1:	wrong
3:	result
	.endm

	in_slot_of	call_beq, beq $16, $18
	in_slot_of	call_beq_not, beq $16, $17
	in_slot_of	call_beq_zero, beq $0, $0
	in_slot_of	call_bne, bne $16, $17
	in_slot_of	call_bne_not, bne $16, $18
	in_slot_of	call_blez, blez $17
	in_slot_of	call_blez_not, blez $16
	in_slot_of	call_bgez, bgez $16
	in_slot_of	call_bgez_not, bgez $17
	in_slot_of	call_beql, beql $16, $18
	in_slot_of	call_bgezl, bgezl $16
	in_slot_of	call_bc1f, bc1f $fcc1

/* A branch that links has set $31, whether it is taken or not. */
	.macro	linked name:req, branch:vararg
	func	\name
	calls
	to	1f, 31
	\branch, 1f
	 syscall
	result
1:	wrong
	.endm

	linked	call_bgezal, bgezal $16
	linked	call_bgezal_not, bgezal $17
	linked	call_bltzal, bltzal $17
	func	call_jal
	calls
	to	1f, 31
	jal	1f
	 syscall
	result
1:	wrong

	func	call_j
	calls
	to	3f, 31
	j	1f
	 syscall
	wrong
1:	wrong
3:	result

	func	call_jalr
	calls
	to	3f, 31
	to	1f, 19
	jalr	$18, $19
	 syscall
	wrong
1:	wrong
3:	result

/* Not in a slot, and not behind itself. */
	func	call_elsewhere
	calls
	to	3f, 31
	syscall
	wrong
3:	result

/* A branch that is likely and not taken passes over its slot. */
	.macro	nullified name:req, branch:vararg
	func	\name
	li	$8, UNMAPPED
	move	$10, $31			# one that links does so even then
	\branch, 1f
	 ld	$9, 0($8)
	jr	$10
	 move	$2, $0
1:	jr	$10
	 li	$2, 1
	.endm

	nullified null_beql, beql $0, $8
	nullified null_bnel, bnel $0, $0
	nullified null_blezl, blezl $8
	nullified null_bgtzl, bgtzl $0
	nullified null_bltzl, bltzl $8
	nullified null_bltzall, bltzall $8

/* ---- all branches, with what traps, faults, or is the FPU's first use, in their slots --------------
 * Each must get behind the branch with the link register set, having executed the slot once; with a
 * system call, to $31. */
	.macro	slot kind:req, name:req, link:req, insn:req, check:req, branch:vararg
	func	\kind\()_\name
	calls
	move	$24, $0
	to	1f, 19
	.set	macro
	li	$8, UNMAPPED
	li	$9, 0x7fff
	.set	nomacro
	at	\kind\()_\name
	\branch
	 \insn
2:	wrong
	.if	\link
1:	to	2b, 10
	bne	$10, $\link, 2b
	 nop
	.else
1:
	.endif
	\check
	b	leave
	 nop
	.endm

	.macro	call_slot name:req, link:req, branch:vararg
	func	all_call_\name
	calls
	to	1f, 19
	to	3f, 31
	at	all_call_\name
	\branch
	 syscall
	.if	\link == 31
3:	result
	.else
	wrong
	.endif
1:	wrong
	.if	\link != 31
3:	result
	.endif
	.endm

	.macro	check_load			# a page of zeros
	move	$2, $9
	.endm
	.macro	check_store
	ld	$2, 0($8)
	xor	$2, $2, $9
	.endm
	.macro	check_fpu
	dmfc1	$2, $f3
	xor	$2, $2, $9
	.endm
	.macro	check_none
	li	$2, 1
	.endm

	.macro	slots name:req, link:req, branch:vararg
	call_slot \name, \link, \branch
	slot	all_load, \name, \link, "ld $9, 0($8)", check_load, \branch
	slot	all_store, \name, \link, "sd $9, 0($8)", check_store, \branch
	slot	all_fpu, \name, \link, "dmtc1 $9, $f3", check_fpu, \branch
	slot	all_break, \name, \link, "break 4", check_none, \branch
	slot	all_trap, \name, \link, "teq $0, $0", check_none, \branch
	slot	all_unaligned, \name, \link, "lw $9, 1($8)", check_none, \branch
	.endm

#define BRANCH(name, link, ...) slots name, link, __VA_ARGS__
#include "branches.def"

/* ---- registers ----------------------------------------------------------------------------------- */

/* $28 is the kernel's to set. */
	func	call_without_gp
	calls
	sd	$28, 72($29)
	li	$28, -8
	bal	1f
	 syscall
1:	ld	$2, 72($29)
	b	leave
	 xor	$2, $2, $28

/* After a system call nothing of the kernel's or of another thread's is left in any register; nor
 * of its own. */
	.macro	look				# $2: 0 if there is nothing
	or	$2, $1, $6
	.irp	r, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
	or	$2, $2, $\r
	.endr
	mfhi	$8
	mflo	$9
	or	$2, $2, $8
	or	$2, $2, $9
	.endm

	func	call_and_look
	calls
	mthi	$17
	mtlo	$17
	li	$4, ABI_SYS_THREAD_SWITCH
	move	$5, $0
	bal	1f
	 syscall
1:	look
	b	leave
	 nop

/* Nor a kernel address after an IPC that the director answers by a call of its own. Other values
 * may be what this thread knows. */
	func	ipc_and_look
	calls
	.set	macro
	dla	$8, director
	.set	nomacro
	ld	$5, 0($8)
	move	$6, $5
	li	$2, ABI_TAG_SBLOCK | ABI_TAG_RBLOCK
	move	$4, $0
	bal	1f
	 syscall
1:	or	$2, $2, $3
	or	$2, $2, $4
	or	$2, $2, $5
	move	$5, $2
	look
	or	$2, $2, $5
	b	leave
	 slt	$2, $2, $0

/* An exception that is pending as soon as FCSR is loaded: in user mode at first; once this is
 * saved, and loaded again by the kernel, it must do no harm. */
	func	do_fcsr
	.set	macro
	dla	$3, 1f
	li	$8, 0x0003ff80			# all causes, all enables
	.set	nomacro
	at	do_fcsr
	ctc1	$8, $31
1:	mtc1	$0, $f0				# with the FPU that another thread has used since
	cfc1	$8, $31
	srl	$8, $8, 7			# the enables are this thread's own
	andi	$8, $8, 0x1f
	xori	$2, $8, 0x1f
	ctc1	$0, $31
	jr	$31
	 nop

	func	use_fpu
	ctc1	$0, $31
	jr	$31
	 mtc1	$0, $f0

	.globl	call_at_the_top, call_at_the_top_end
call_at_the_top:
	li	$4, ABI_SYS_THREAD_SWITCH
	move	$5, $0
	bal	call_at_the_top_end
	 syscall
call_at_the_top_end:

	.section .note.GNU-stack, "", @progbits
