/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * entry.S - from user mode to the upcalls and back.
 *
 * While user mode runs, sp_svc points to the word `pc` of the running thread's context: srs
 * stores pc and cpsr there and above, stmdb r0-r14 below. An upcall gets the kernel's one
 * stack, from its top, and returns a context, which arm_resume loads in the same way. Nothing
 * else has to be told where to save (DDI 0406C, B9.3.16 SRS, B9.3.13 RFE, B9.3.17 STM (User
 * registers)). TPIDRPRW is the address of this CPU's part of k_cpus.
 *
 * The kernel runs in Supervisor mode with all exceptions masked. The stack pointers of the
 * other modes are nothing but scratch registers of their handlers' first instructions.
 */
#include <l4/abi/const.h>

#include <arch/offsets.h>
#include <arch/psr.h>
#include <arch/trap.h>

	.syntax unified
	.arch armv7-a
	.fpu neon
	.arm

/* Save the user registers; then r0: the context, sp: the kernel's stack. lr: where to resume.
 * From any mode but Supervisor: with the change to it. */
.macro save_user
	srsia	sp, #MODE_SVC
	cpsid	aif, #MODE_SVC
	stmdb	sp, {r0-r14}^
	sub	r0, sp, #CTX_PC
	ldr	sp, =_kernel_stack_top
.endm

/* Leave the path if the exception came from the kernel. Clobbers the flags and the mode's sp. */
.macro user_only name
	mrs	sp, spsr
	tst	sp, #PSR_NOTUSER
	bne	from_kernel_\name
.endm

/* A trap in the kernel: report it. lr - \adjust: the instruction. The stack may be what is
 * broken, so the registers go to a place of their own, and the report runs on another stack. */
.macro from_kernel name, kind, adjust
from_kernel_\name:
	ldr	sp, =trap_frame
	stmia	sp, {r0-r12}
	sub	lr, lr, #\adjust
	mov	r1, #\kind
	b	report
.endm

	.section .text.entry, "ax"

	.balign	32
	.globl	arm_vectors
	.type	arm_vectors, %function
arm_vectors:
	b	from_kernel_reset
	b	undefined
	b	arm_svc
	b	prefetch_abort
	b	data_abort
	b	from_kernel_hyp
	b	irq
	b	from_kernel_fiq

	/* System calls. r0: number, rotated (trap.h), r1 ...: arguments; for IPC to, from, tag, and so in place
	 * for k_ipc. The flags are free: the user's are in spsr. The fast path has saved the
	 * registers, and gives up what it can't do. sp: &ctx.tls; r1-r3 as they were. */
#if ABI_SYS_IPC != 0
#error "IPC is not system call 0"
#endif
#if FASTPATH
	.globl	arm_svc_general
arm_svc_general:
	ldr	r12, [sp, #-CTX_TLS]
	cmp	r12, #0
#else
	.globl	arm_svc
arm_svc:
	stmdb	sp, {r0-r14}^
	srsia	sp!, #MODE_SVC
	cpsid	a				@ the only mask that SVC leaves alone, with F
	movs	r12, r0
#endif
	sub	r0, sp, #CTX_TLS		@ r0: context
	ldr	sp, =_kernel_stack_top
	bne	1f
	bl	k_ipc

	/* r0: the context to resume, or 0. */
	.globl	arm_resume
arm_resume:
	cmp	r0, #0
	beq	idle
	add	sp, r0, #CTX_PC
	ldmdb	sp, {r0-r14}^
	rfeia	sp

1:	ror	r1, r12, #(32 - SYS_ROTATED)	@ r1: number
	bl	k_syscall
	b	arm_resume

	/* Nothing to run. wfi ends when an interrupt is pending, masked or not (B1.8.13), so it
	 * need not be taken as an exception. */
idle:
	ldr	sp, =_kernel_stack_top
	dsb
	wfi
	mov	r0, #0
	bl	k_interrupt
	b	arm_resume

irq:
	sub	lr, lr, #4
	save_user
	bl	k_interrupt
	b	arm_resume

undefined:
	user_only undefined
	sub	lr, lr, #4			@ Thumb: arm_undefined sees to that
	save_user
	vmrs	r1, fpexc			@ r1: whether the FPU is on
	bl	arm_undefined
	b	arm_resume

prefetch_abort:
	user_only prefetch
	sub	lr, lr, #4
	save_user
	bl	arm_prefetch_abort
	b	arm_resume

data_abort:
	user_only data
	sub	lr, lr, #8
	save_user
	bl	arm_data_abort
	b	arm_resume

	from_kernel reset, TRAP_RESET, 0
	from_kernel undefined, TRAP_UNDEFINED, 2	@ C code is Thumb
	from_kernel prefetch, TRAP_PREFETCH, 4
	from_kernel data, TRAP_DATA, 8
	from_kernel hyp, TRAP_HYP, 0
	from_kernel fiq, TRAP_FIQ, 4

	/* sp: trap_frame with r0-r12, lr: where the trap was, r1: what it was. */
report:
	mov	r0, sp
	str	lr, [r0, #CTX_PC]
	mrs	r2, spsr
	str	r2, [r0, #CTX_CPSR]
	cpsid	aif, #MODE_SVC
	str	sp, [r0, #CTX_SP]
	str	lr, [r0, #CTX_LR]
	ldr	sp, =trap_stack_top
	bl	arm_kernel_trap			@ never returns
	.ltorg
	.size	arm_vectors, . - arm_vectors

	/* For the last steps of glue_halt: whatever happens, stay here. */
	.balign	32
	.globl	arm_halt_vectors
arm_halt_vectors:
	.rept	8
	b	stay
	.endr
stay:	wfi
	b	stay

	.section .bss.trap, "aw", %nobits
	.balign	8
trap_frame:
	.space	CTX_SIZE
	.balign	8
	.space	0x800
trap_stack_top:
