/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * trap.S - every way into the kernel and out of it but the IPC system call.
 *
 * From user mode the processor finds the running thread's context in the TSS (esp0: the end
 * of the frame in struct glue_ctx) and pushes ss, esp, eflags, cs, eip straight into it; the
 * stubs add the rest and then switch to the kernel stack, where the address that upcalls return
 * to, ia32_resume, always is. Kernel code is called with up to three arguments in eax, edx,
 * ecx (-mregparm=3).
 *
 * While ds and es hold whatever the user put there, only esp- and ebp-based addresses and
 * those with an ss prefix are safe. fs and gs are not used by the kernel.
 */
#include <arch/layout.h>

	.text

/* ---- the way out: eax context to resume, or NULL; for the IPC system call see fastpath.S ---- */
	.global	ia32_resume
	.balign	16
ia32_resume:
	testl	%eax, %eax
	jz	idle
	cmpl	$0, CTX_RESUME(%eax)
	jne	resume_iret
	movl	CTX_EIP(%eax), %edx
	movl	CTX_ESP(%eax), %ecx
	movl	CTX_EBX(%eax), %ebx
	movl	CTX_EAX(%eax), %eax
	xorl	%esi, %esi
	xorl	%edi, %edi
	xorl	%ebp, %ebp
	sti					# takes effect behind the next instruction
	sysexit					# trap_nmi knows of this pair

/* ---- all other system calls: eax number, ecx, edx, esi, edi arguments and results -------- */
	.global	ia32_syscall
	.balign	16
ia32_syscall:
	subl	$8, %esp			# vector, error code: not used
	pushal
	cld
	movl	$SEL_USER_DS, %ebx
	movl	%ebx, %ds
	movl	%ebx, %es
	movl	%eax, %edx			# number
	leal	-CTX_FRAME(%esp), %eax
	movl	$_kernel_stack_top-KERNEL_STACK_FIRST, %esp
	pushl	$ia32_resume
	jmp	k_syscall

/* ---- exceptions ----------------------------------------------------------------------------- */
trap:						# on the stack: stub, error code, frame
	pushal
	cld
	subl	$ia32_stubs, CTX_VECTOR-CTX_FRAME(%esp)
	shrl	$STUB_SHIFT, CTX_VECTOR-CTX_FRAME(%esp)
	movl	$SEL_USER_DS, %ebx
	movl	%ebx, %ds
	movl	%ebx, %es
	testb	$3, CTX_CS-CTX_FRAME(%esp)
	jz	kernel_trap
	leal	-CTX_FRAME(%esp), %eax
	movl	$_kernel_stack_top-KERNEL_STACK_FIRST, %esp
	pushl	$ia32_resume
	jmp	trap_user

kernel_trap:
	movl	%esp, %eax
	call	trap_kernel			# returns if the kernel can go on
	popal
	addl	$8, %esp
	iretl

/* ---- interrupts --------------------------------------------------------------------------- */
interrupt:					# on the stack: stub, frame
	popl	%ss:irq_stub
	subl	$8, %esp			# vector, error code: not used
	pushal
	cld
	movl	$SEL_USER_DS, %ebx
	movl	%ebx, %ds
	movl	%ebx, %es
	leal	-CTX_FRAME(%esp), %eax
	testb	$3, CTX_CS-CTX_FRAME(%esp)
	jz	2f
1:	movl	$_kernel_stack_top-KERNEL_STACK_FIRST, %esp
	pushl	$ia32_resume
	jmp	k_interrupt
2:	xorl	%eax, %eax			# the kernel enables them only to be idle
	jmp	1b

/* The frame shrinks from below while an NMI may push behind it: see `room`. In user mode
 * `resume` is 0, as the IPC system call wants it; all other ways in write it. */
	.balign	16
resume_iret:
	movl	$0, CTX_RESUME(%eax)
	leal	CTX_FRAME(%eax), %esp
	popal
	addl	$8, %esp
	iretl

idle:
	movl	$_kernel_stack_top-KERNEL_STACK_FIRST, %esp
	sti
1:	hlt
	jmp	1b

/* ---- stubs: one for each vector, 1 << STUB_SHIFT bytes each ------------------------------------ */
	.global	ia32_stubs
	.balign	1 << STUB_SHIFT
ia32_stubs:
	.set	n, 0
	.rept	VEC_STUBS
	.balign	1 << STUB_SHIFT
	.if	n >= VEC_PIC
	call	interrupt			# pushes the vector, in disguise
	.else
	.if	!(n == 8 || (n >= 10 && n <= 14) || n == 17)
	pushl	$0				# the processor pushes no error code
	.endif
	call	trap
	.endif
	.set	n, n + 1
	.endr

/* The local APIC's spurious interrupt is neither counted nor acknowledged. */
	.global	ia32_spurious
ia32_spurious:
	iretl

/* ---- NMI ------------------------------------------------------------------------------------
 * May hit anywhere, with esp at the lower end of a context, and with the user's ds and es:
 * switches to a stack of its own at once, and leaves everything as it was. Only the kernel's ds
 * and es become flat, as they are, or are about to be: the user's may select the UTCB's segment,
 * whose descriptor may just have been overwritten by this NMI's frame (fastpath.S).
 */
	.global	ia32_nmi
	.balign	16
ia32_nmi:
	movl	%esp, %ss:ia32_spare_stack_top-4
	movl	$ia32_spare_stack_top-4, %esp
	pushal
	pushl	%ds
	pushl	%es
	movl	$SEL_USER_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	cld
	movl	ia32_spare_stack_top-4, %eax	# eip, cs, eflags
	call	trap_nmi
	movl	ia32_spare_stack_top-4, %eax
	popl	%ecx
	popl	%edx
	testb	$3, 4(%eax)
	jz	1f
	movl	%ecx, %es
	movl	%edx, %ds
1:	popal
	movl	(%esp), %esp
	iretl

/* The spare stack, and above it the TSS: see fastpath.S. The GDT, in the TSS, is one cache line. */
	.bss
	.balign	64
	.space	SPARE_STACK_SIZE - TSS_GDT % 64
	.global	ia32_spare_stack_top, main_tss
ia32_spare_stack_top:
main_tss:
	.space	MAIN_TSS_SIZE
