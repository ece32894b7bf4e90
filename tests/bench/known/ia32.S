/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ia32.S - see known.c.
 */
	.text
	.globl	known_run, known_begin, known_end, known_high, known_point
	.globl	known_user, known_stay, known_first
	.set	known_user, 1 + 10 * 4
	.set	known_stay, 6
	.set	known_first, 4

known_run:
known_begin:
	movl	$10, %ecx		# rounds left
1:	movl	$2f, %edx		# where to come back to
	jmp	known_high
2:	decl	%ecx
	jnz	1b
known_end:
	ret

	.balign	4096
known_high:
	movl	known_data, %eax
	movl	known_data + 64, %eax
	movl	%eax, known_data + 160
known_point:
	nop
	jmp	3f
	.balign	64
3:	jmp	*%edx

	.data
	.balign	4096
known_data:
	.space	256

	.section .note.GNU-stack, "", @progbits
