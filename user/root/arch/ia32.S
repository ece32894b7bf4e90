/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ia32.S - see arch.h.
 */
	.text

	.globl	__l4_calibrate_loop
	.type	__l4_calibrate_loop, @function
__l4_calibrate_loop:
	movl	4(%esp), %ecx		# n
1:	decl	%ecx
	jnz	1b
	ret
	.size	__l4_calibrate_loop, . - __l4_calibrate_loop

	.globl	root_undefined, root_undefined_at, root_undefined_next
	.type	root_undefined, @function
root_undefined:
root_undefined_at:
	ud2
root_undefined_next:
	movl	$1, %eax
	ret
	.size	root_undefined, . - root_undefined

	.section .note.GNU-stack, "", @progbits
