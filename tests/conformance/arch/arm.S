/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arm.S - instructions for the cases about exceptions, registers and the FPU.
 */
#include <l4/abi/const.h>

	.syntax unified
	.arm
	.fpu	neon-vfpv4
	.text

	.globl	arch_answer, arch_answer_end
arch_answer:
	mov	r0, #0x2a
	bx	lr
arch_answer_end:

/* A function that executes one instruction, with a label at it and one behind it. */
	.macro	raise name:req, insn:vararg
	.globl	arch_\name, arch_\name\()_at, arch_\name\()_end
	.type	arch_\name, %function
arch_\name:
arch_\name\()_at:
	\insn
arch_\name\()_end:
	bx	lr
	.endm

	raise	undefined, udf 7
	raise	privileged, mcr p15, 0, r0, c1, c0, 0
	raise	breakpoint, bkpt 3
	raise	hypervisor_call, .word 0xe1400070

	.globl	arch_unaligned, arch_unaligned_at, arch_unaligned_end
	.type	arch_unaligned, %function
arch_unaligned:
	sub	r0, sp, #15
arch_unaligned_at:
	ldrex	r1, [r0]
arch_unaligned_end:
	bx	lr

	.globl	arch_multiple, arch_multiple_at, arch_multiple_end
	.type	arch_multiple, %function
arch_multiple:
	sub	r2, sp, #15
arch_multiple_at:
	ldm	r2, {r0, r1}
arch_multiple_end:
	bx	lr

/* In Thumb state the labels are odd, as the IP in the message is. */
	.thumb
	.macro	thumb_raise name:req, insn:req, number:req
	.irp	label, arch_\name, arch_\name\()_at, arch_\name\()_end
	.globl	\label
	.type	\label, %function
	.endr
arch_\name:
	movw	r0, #12345
arch_\name\()_at:
	\insn	\number
arch_\name\()_end:
	bx	lr
	.endm

	thumb_raise thumb_undefined, udf, #3
	thumb_raise thumb_breakpoint, bkpt, #3
	thumb_raise thumb_syscall, svc, #0
	.arm

	.macro	unknown_call name:req, number:req
	.globl	arch_\name, arch_\name\()_at, arch_\name\()_end
	.type	arch_\name, %function
arch_\name:
	mov	r1, #0
	ldr	r0, =\number
arch_\name\()_at:
	svc	#0
arch_\name\()_end:
	bx	lr
	.endm

	unknown_call syscall, 12345
	unknown_call low_syscall, ABI_SYS_THREAD_SWITCH
	unknown_call more_syscall, (ABI_SYS_THREAD_SWITCH << 24 | 1 << 22)
	.ltorg

/* r0-r12 and lr are in the message, in this order. r0: in, r1: out. */
	.globl	arch_regs_trap, arch_regs_trap_ip, arch_regs_trap_end
	.type	arch_regs_trap, %function
arch_regs_trap:
	push	{r4-r11, lr}
	push	{r1}				@ popped through sp, which is not in the pattern
	ldr	lr, [r0, #13 * 4]
	ldmia	r0, {r0-r12}
arch_regs_trap_ip:
	udf	#1
arch_regs_trap_end:
	push	{r0}
	ldr	r0, [sp, #4]			@ out
	add	r0, r0, #4
	stmia	r0, {r1-r12, lr}
	pop	{r1}				@ r0
	str	r1, [r0, #-4]
	add	sp, sp, #4
	pop	{r4-r11, pc}

	.globl	arch_ipc, arch_ipc_end, arch_call, arch_call_end, arch_load, arch_load_end, arch_spin, arch_stop
arch_ipc:
	svc	#0
arch_ipc_end:
	udf	#2
arch_call:
	svc	#0
arch_call_end:
	udf	#2
arch_load:
	ldr	r0, [r0]
arch_load_end:
	udf	#2
arch_stop:
	udf	#3
arch_spin:
	b	arch_spin

	.globl	arch_fpu_load
	.type	arch_fpu_load, %function
arch_fpu_load:
	vldmia	r0!, {d0-d15}
	vldmia	r0!, {d16-d31}
	bx	lr

	.globl	arch_fpu_store
	.type	arch_fpu_store, %function
arch_fpu_store:
	vstmia	r0!, {d0-d15}
	vstmia	r0!, {d16-d31}
	bx	lr

	.globl	arch_fpu_control
	.type	arch_fpu_control, %function
arch_fpu_control:
	vmrs	r0, fpscr
	bx	lr

	.globl	arch_fpu_set_control
	.type	arch_fpu_set_control, %function
arch_fpu_set_control:
	vmsr	fpscr, r0
	bx	lr
