/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ia32.S - instructions for the cases about exceptions, registers and the FPU.
 */
	.text

	.globl	arch_answer, arch_answer_end
arch_answer:
	movl	$0x2a, %eax
	ret
arch_answer_end:

/* A function that executes one instruction, with a label at it and one behind it. */
	.macro	raise name:req, insn:vararg
	.globl	arch_\name, arch_\name\()_at, arch_\name\()_end
arch_\name:
arch_\name\()_at:
	\insn
arch_\name\()_end:
	ret
	.endm

	raise	undefined, ud2
	raise	breakpoint, int3
	raise	halt, hlt
	raise	disable, cli
	raise	control, movl %cr0, %eax
	raise	vector, int $0x20
	raise	port, inb $0x70, %al

	.globl	arch_divide, arch_divide_at, arch_divide_end
arch_divide:
	xorl	%ecx, %ecx
arch_divide_at:
	divl	%ecx
arch_divide_end:
	ret

	.globl	arch_overflow, arch_overflow_at, arch_overflow_end
arch_overflow:
	movb	$0x7f, %al
	incb	%al
arch_overflow_at:
	into
arch_overflow_end:
	ret

	.globl	arch_bound, arch_bound_at, arch_bound_end
arch_bound:
	movl	$9, %eax
arch_bound_at:
	bound	%eax, limits
arch_bound_end:
	ret

	.globl	arch_selector, arch_selector_at, arch_selector_end
arch_selector:
	movl	$0x10, %eax
arch_selector_at:
	movl	%eax, %fs
arch_selector_end:
	ret

/* A division by zero with that exception unmasked: it is raised by the next instruction that
 * waits for the FPU. */
	.globl	arch_fpu, arch_fpu_at, arch_fpu_end
arch_fpu:
	fninit
	fldcw	unmasked
	fld1
	fldz
	fdivrp	%st, %st(1)
arch_fpu_at:
	fwait
arch_fpu_end:
	fninit
	ret

	.globl	arch_misaligned, arch_misaligned_at, arch_misaligned_end
arch_misaligned:
	movl	%esp, %eax
	andl	$~15, %eax
arch_misaligned_at:
	movaps	4(%eax), %xmm0
arch_misaligned_end:
	ret

	.globl	arch_step, arch_step_at, arch_step_end
arch_step:
	pushfl
	orl	$0x100, (%esp)
	popfl
	nop
arch_step_at:
arch_step_end:
	ret

	.globl	arch_syscall, arch_syscall_at, arch_syscall_end
arch_syscall:
	movl	$12345, %eax
arch_syscall_at:
	int	$0x40
arch_syscall_end:
	ret

/* The message has eax, ecx, edx, ebx, ebp, esi, edi. */
	.globl	arch_regs_trap, arch_regs_trap_ip, arch_regs_trap_end
arch_regs_trap:
	pushl	%ebx
	pushl	%ebp
	pushl	%esi
	pushl	%edi
	movl	20(%esp), %eax			# in
	movl	4(%eax), %ecx
	movl	8(%eax), %edx
	movl	12(%eax), %ebx
	movl	16(%eax), %ebp
	movl	20(%eax), %esi
	movl	24(%eax), %edi
	movl	(%eax), %eax
arch_regs_trap_ip:
	ud2
arch_regs_trap_end:
	pushl	%eax
	movl	28(%esp), %eax			# out
	movl	%ecx, 4(%eax)
	movl	%edx, 8(%eax)
	movl	%ebx, 12(%eax)
	movl	%ebp, 16(%eax)
	movl	%esi, 20(%eax)
	movl	%edi, 24(%eax)
	popl	%ecx
	movl	%ecx, (%eax)
	popl	%edi
	popl	%esi
	popl	%ebp
	popl	%ebx
	ret

	.globl	arch_ipc, arch_ipc_end, arch_call, arch_call_end, arch_load, arch_load_end, arch_spin, arch_stop
arch_ipc:
	sysenter
arch_ipc_end:
	ud2
arch_call:
	int	$0x40
arch_call_end:
	ud2
arch_load:
	movl	(%eax), %eax
arch_load_end:
	ud2
arch_stop:
	ud2
arch_spin:
	jmp	arch_spin

	.globl	arch_fpu_load
arch_fpu_load:
	movl	4(%esp), %eax
	movups	(%eax), %xmm0
	movups	16(%eax), %xmm1
	movups	32(%eax), %xmm2
	movups	48(%eax), %xmm3
	movups	64(%eax), %xmm4
	movups	80(%eax), %xmm5
	movups	96(%eax), %xmm6
	movups	112(%eax), %xmm7
	ret

	.globl	arch_fpu_store
arch_fpu_store:
	movl	4(%esp), %eax
	movups	%xmm0, (%eax)
	movups	%xmm1, 16(%eax)
	movups	%xmm2, 32(%eax)
	movups	%xmm3, 48(%eax)
	movups	%xmm4, 64(%eax)
	movups	%xmm5, 80(%eax)
	movups	%xmm6, 96(%eax)
	movups	%xmm7, 112(%eax)
	ret

	.globl	arch_fpu_control
arch_fpu_control:				# MXCSR below, x87 control word above
	subl	$8, %esp
	stmxcsr	(%esp)
	fnstcw	2(%esp)
	popl	%eax
	popl	%edx
	ret

	.globl	arch_fpu_set_control
arch_fpu_set_control:
	movzwl	4(%esp), %eax
	fldcw	6(%esp)
	pushl	%eax
	ldmxcsr	(%esp)
	popl	%eax
	ret

	.section .rodata
	.balign	4
limits:	.long	0, 3
unmasked:
	.word	0x037b				# ZM clear (SDM vol. 1, 8.1.5)
