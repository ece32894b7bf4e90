/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * start.S - where the first thread of a program begins: a stack, then C.
 */
#define STACK_SIZE 0x10000

	.section .text.start, "ax"
	.globl	_start
	.type	_start, @function
_start:
	movl	$stack_top, %esp
	xorl	%ebp, %ebp			# the outermost frame
	call	__rt_start
	ud2					# it does not return
	.size	_start, . - _start

	.bss
	.balign	16
	.space	STACK_SIZE
stack_top:

	.section .note.GNU-stack, "", @progbits
