/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * mips64.S - instructions for the cases about exceptions, registers and the FPU.
 */
	.set	noreorder
	.set	noat
	.text

	.globl	arch_answer, arch_answer_end
arch_answer:
	jr	$31
	li	$2, 0x2a
arch_answer_end:

/* A function that executes one instruction, with a label at it and one behind it. */
	.macro	raise name:req, insn:vararg
	.globl	arch_\name, arch_\name\()_at, arch_\name\()_end
arch_\name:
arch_\name\()_at:
	\insn
arch_\name\()_end:
	jr	$31
	nop
	.endm

	raise	undefined, .word 0x0000003d	/* SPECIAL, a function that is reserved */
	raise	breakpoint, break 5
	raise	trap, teq $0, $0
	raise	privileged, mfc0 $8, $12
	raise	unaligned_load, lw $8, 1($29)
	raise	unaligned_store, sw $0, 1($29)
	raise	unaligned_double, ld $8, 4($29)

	.globl	arch_overflow, arch_overflow_at, arch_overflow_end
arch_overflow:
	li	$8, 0x7fffffff
arch_overflow_at:
	add	$8, $8, $8
arch_overflow_end:
	jr	$31
	nop

/* In the delay slot of a branch: reported at the branch. */
	.globl	arch_slot, arch_slot_at, arch_slot_end
arch_slot:
	nop
arch_slot_at:
	b	1f
	break	6
1:
arch_slot_end:
	jr	$31
	nop

	.globl	arch_wide_overflow, arch_wide_overflow_at, arch_wide_overflow_end
arch_wide_overflow:
	dli	$8, 0x7fffffffffffffff
arch_wide_overflow_at:
	daddi	$8, $8, 1
arch_wide_overflow_end:
	jr	$31
	nop

	.macro	in_slot name:req, branch:req, insn:vararg
	.globl	arch_\name, arch_\name\()_at, arch_\name\()_end
arch_\name:
	li	$8, 0x7fffffff
arch_\name\()_at:
	\branch $0, $0, arch_\name\()_end
	\insn
	nop
arch_\name\()_end:
	jr	$31
	nop
	.endm

	in_slot	slot_trap, beq, teq $0, $0
	in_slot	slot_unaligned, beq, lw $8, 1($29)
	in_slot	slot_overflow, beql, add $8, $8, $8

/* An invalid division with that exception enabled (FCSR, MIPS64 volume I, FPU registers). */
	.set	hardfloat
	.globl	arch_fpu, arch_fpu_at, arch_fpu_end
arch_fpu:
	li	$8, 1 << 11			# V: 0 / 0 is invalid
	dmtc1	$0, $f2
	ctc1	$8, $31
arch_fpu_at:
	div.d	$f4, $f2, $f2
arch_fpu_end:
	ctc1	$0, $31
	jr	$31
	nop
	.set	softfloat

	.globl	arch_syscall, arch_syscall_at, arch_syscall_end
arch_syscall:				/* one that leaves the other registers alone */
	move	$8, $31
	li	$4, 12345
arch_syscall_at:
	bal	arch_syscall_end
	syscall
arch_syscall_end:
	jr	$8
	nop

/* The message has $1-$25, $30, $31, hi and lo. */
#define SAVED 112
#define OUT   88

	.globl	arch_regs_trap, arch_regs_trap_ip, arch_regs_trap_end
arch_regs_trap:
	daddiu	$29, $29, -SAVED
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
	sd	$5, OUT($29)
	ld	$1, 27 * 8($4)
	mthi	$1
	ld	$1, 28 * 8($4)
	mtlo	$1
	ld	$30, 25 * 8($4)
	ld	$31, 26 * 8($4)
	ld	$1, 0($4)
	ld	$2, 8($4)
	ld	$3, 16($4)
	.irp	r, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25
	ld	$\r, (\r - 1) * 8($4)
	.endr
	ld	$4, 24($4)
arch_regs_trap_ip:
	break	0
arch_regs_trap_end:
	sd	$1, OUT - 8($29)
	ld	$1, OUT($29)
	.irp	r, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25
	sd	$\r, (\r - 1) * 8($1)
	.endr
	sd	$30, 25 * 8($1)
	sd	$31, 26 * 8($1)
	mfhi	$2
	sd	$2, 27 * 8($1)
	mflo	$2
	sd	$2, 28 * 8($1)
	ld	$2, OUT - 8($29)
	sd	$2, 0($1)
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
	daddiu	$29, $29, SAVED

	.globl	arch_ipc, arch_ipc_end, arch_call, arch_call_end, arch_load, arch_load_end, arch_spin, arch_stop
arch_ipc:
	syscall
arch_ipc_end:
	break	2
arch_call:
	syscall
arch_call_end:
	break	2
arch_load:
	ld	$2, 0($2)
arch_load_end:
	break	2
arch_stop:
	break	3
arch_spin:
	b	arch_spin
	nop

	.macro	each_fpu insn
	.irp	r, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	\insn	$f\r, \r * 8($4)
	.endr
	.irp	r, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	\insn	$f\r, \r * 8($4)
	.endr
	.endm

	.set	hardfloat
	.globl	arch_fpu_load
arch_fpu_load:
	each_fpu ldc1
	jr	$31
	nop

	.globl	arch_fpu_store
arch_fpu_store:
	each_fpu sdc1
	jr	$31
	nop

	.globl	arch_fpu_control
arch_fpu_control:
	cfc1	$2, $31
	jr	$31
	nop

	.globl	arch_fpu_set_control
arch_fpu_set_control:
	ctc1	$4, $31
	jr	$31
	nop
