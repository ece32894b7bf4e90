/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * fpu.S - the FPU's 32 64-bit registers (Status.FR is always set) and FCSR. Status.CU1 is set
 * in the kernel, which itself never computes with it.
 */
#include <arch/offsets.h>

#define FCSR_CAUSE_SHIFT 12 /* six bits: with the enable of the same kind, an exception at once */
#define FCSR_CAUSE_BITS  6

#define FIR  $0
#define FCSR $31

	.set	noreorder
	.set	hardfloat
	.set	fp=64

	.section .text.fpu, "ax"
	.globl	glue_fpu_save
	.type	glue_fpu_save, @function
	.ent	glue_fpu_save
glue_fpu_save:
	.irp	r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	sdc1	$f\r, 8 * \r($a0)
	.endr
	cfc1	$t0, FCSR
	jr	$ra
	 sd	$t0, FPU_FCSR($a0)
	.end	glue_fpu_save
	.size	glue_fpu_save, . - glue_fpu_save

	.globl	glue_fpu_load
	.type	glue_fpu_load, @function
	.ent	glue_fpu_load
glue_fpu_load:
	.irp	r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	ldc1	$f\r, 8 * \r($a0)
	.endr
	ld	$t0, FPU_FCSR($a0)
	ins	$t0, $0, FCSR_CAUSE_SHIFT, FCSR_CAUSE_BITS
	jr	$ra
	 ctc1	$t0, FCSR
	.end	glue_fpu_load
	.size	glue_fpu_load, . - glue_fpu_load

/* Implementation register; only if there is an FPU. */
	.section .text.init, "ax"
	.globl	mips_fpu_fir
	.type	mips_fpu_fir, @function
	.ent	mips_fpu_fir
mips_fpu_fir:
	jr	$ra
	 cfc1	$v0, FIR
	.end	mips_fpu_fir
	.size	mips_fpu_fir, . - mips_fpu_fir
