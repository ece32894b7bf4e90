/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * start.S - where the first thread of a program begins: a stack, then C.
 */
#define STACK_SIZE 0x10000

	.syntax unified
	.arm

	.section .text.start, "ax"
	.globl	_start
	.type	_start, %function
_start:
	ldr	sp, =stack_top
	mov	fp, #0				@ the outermost frame
	mov	lr, #0
	bl	__rt_start
	udf	#0				@ it does not return
	.ltorg
	.size	_start, . - _start

	.bss
	.balign	8
	.space	STACK_SIZE
stack_top:
