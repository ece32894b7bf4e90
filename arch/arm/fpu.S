/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * fpu.S - VFP and Advanced SIMD: 32 doubleword registers and FPSCR. FPEXC.EN is what makes
 * user mode trap (DDI 0406C, B1.11); CPACR allows access from boot on. In assembler because
 * the C code of the kernel is compiled for a machine without FPU.
 */
#include <arch/offsets.h>
#include <arch/trap.h>

	.syntax unified
	.arch armv7-a
	.fpu neon
	.arm

	.section .text.fpu, "ax"

	.globl	glue_fpu_save
	.type	glue_fpu_save, %function
glue_fpu_save:					@ r0: struct glue_fpu
	vmrs	r1, fpscr
	vstmia	r0!, {d0-d15}
	vstmia	r0!, {d16-d31}
	str	r1, [r0]
	bx	lr
	.size	glue_fpu_save, . - glue_fpu_save

	.globl	glue_fpu_load
	.type	glue_fpu_load, %function
glue_fpu_load:					@ r0: struct glue_fpu
	vldmia	r0!, {d0-d15}
	vldmia	r0!, {d16-d31}
	ldr	r1, [r0]
	vmsr	fpscr, r1
	bx	lr
	.size	glue_fpu_load, . - glue_fpu_load

	.globl	glue_fpu_enable
	.type	glue_fpu_enable, %function
glue_fpu_enable:				@ r0: on
	cmp	r0, #0
	movne	r0, #FPEXC_EN
	vmsr	fpexc, r0
	bx	lr
	.size	glue_fpu_enable, . - glue_fpu_enable
