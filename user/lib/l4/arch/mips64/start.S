/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * start.S - where the first thread of a program begins: a stack, then C.
 */
#define STACK_SIZE 0x10000

	.set	noreorder

	.section .text.start, "ax"
	.globl	_start
	.type	_start, @function
	.ent	_start
_start:
	dla	$sp, stack_top
	jal	__rt_start
	 move	$fp, $0			# the outermost frame
	break					# it does not return
	.end	_start
	.size	_start, . - _start

	.bss
	.balign	16
	.space	STACK_SIZE
stack_top:

	.section .note.GNU-stack, "", @progbits
