/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arm.S - see steps.h.
 */
	.syntax unified
	.arch armv7-a
	.fpu vfpv3-d16
	.arm
	.text
	.globl	steps_ipc, steps_trap, steps_return, steps_seen, steps_use_fpu
	.type	steps_ipc, %function
steps_ipc:
	push	{r4-r11, lr}
	ldr	r12, [sp, #36 + 4]		@ the UTCB
	push	{r12}
	mcr	p15, 0, r3, c13, c0, 2		@ TPIDRURW: the secret
	add	r4, r3, #4
	add	r5, r3, #5
	add	r6, r3, #6
	add	r7, r3, #7
	add	r8, r3, #8
	add	r9, r3, #9
	add	r10, r3, #10
	add	r11, r3, #11
	add	r12, r3, #12
	add	lr, r3, #14
	lsl	r3, r3, #4			@ N, Z, C, V, Q, GE, too
	msr	APSR_nzcvqg, r3
	mov	r3, r2				@ tag
	mov	r2, r1				@ from
	mov	r1, r0				@ to
	mov	r0, #0
steps_trap:
	svc	#0
steps_return:
	ldr	r2, [sp]
	ldr	r2, [r2]
steps_seen:
	add	sp, sp, #4
	ldr	r2, [sp, #36]
	str	r1, [r2]			@ sender
	pop	{r4-r11, pc}
	.size	steps_ipc, . - steps_ipc

	.type	steps_use_fpu, %function
steps_use_fpu:
	vmov.f64 d0, #3.0
	mov	r0, #0xc00000			@ round towards zero
	vmsr	fpscr, r0
	bx	lr
	.size	steps_use_fpu, . - steps_use_fpu

	.section .note.GNU-stack, "", %progbits
