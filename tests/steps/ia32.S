/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ia32.S - see steps.h.
 */
#define FLAGS 0x244cd5 /* ID, AC, NT, OF, DF, SF, ZF, AF, PF, CF */

	.text
	.globl	steps_ipc, steps_trap, steps_return, steps_seen, steps_use_fpu
	.type	steps_ipc, @function
steps_ipc:
	pushl	%ebp
	pushl	%ebx
	pushl	%esi
	pushl	%edi
	movl	20(%esp), %ebx			# to
	movl	24(%esp), %esi			# from
	movl	28(%esp), %eax			# tag
	movl	32(%esp), %ecx			# secret
	pushl	40(%esp)			# the UTCB
	leal	1(%ecx), %edx
	movl	$steps_return, %edi
	movl	%esp, %ebp
	pushl	$FLAGS
	pushl	$0
	popl	%es
	pushl	$0
	popl	%fs
	pushl	$0
	popl	%ds
	popfl
steps_trap:
	sysenter
steps_return:
	movl	(%esp), %ecx
	movl	(%ecx), %ecx
steps_seen:
	cld
	movl	%ss, %ecx
	movl	%ecx, %es
	movl	%ecx, %ds
	addl	$4, %esp
	movl	36(%esp), %ecx
	movl	%ebx, (%ecx)			# sender
	popl	%edi
	popl	%esi
	popl	%ebx
	popl	%ebp
	ret
	.size	steps_ipc, . - steps_ipc

	.type	steps_use_fpu, @function
steps_use_fpu:
	fldpi
	pushl	$0x27f				# precision: double
	fldcw	(%esp)
	popl	%eax
	ret
	.size	steps_use_fpu, . - steps_use_fpu

	.section .note.GNU-stack, "", @progbits
