/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * hostile.S - code with which a thread tries to do what it may not. Each piece is a function
 * without arguments, which returns 0 in eax if all is well; where an exception is expected,
 * it is at the label <name>_at, and eax says where to go on.
 */
	.set	SEL_UTCB, 0x0b
	.set	SEL_KERNEL_CS, 0x10
	.set	SEL_KERNEL_SS, 0x18
	.set	SEL_CS, 0x23
	.set	SEL_DS, 0x2b
	.set	FLAGS_CHECKED, ~0x8d5		# all but the arithmetic flags
	.set	FLAGS_CLEAN, 0x202

	.text

/* An instruction that must be refused. */
	.macro	refused name:req, insn:vararg
	.globl	\name, \name\()_at
\name:
\name\()_at:
	\insn
	movl	$1, %eax
	ret
	.endm

	refused	do_hlt, hlt
	refused	do_cli, cli
	refused	do_sti, sti
	refused	do_clts, clts
	refused	do_invd, invd
	refused	do_wbinvd, wbinvd
	refused	do_lmsw, lmsw %ax
	refused	do_read_cr0, movl %cr0, %eax
	refused	do_write_cr0, movl %eax, %cr0
	refused	do_write_cr3, movl %eax, %cr3
	refused	do_write_cr4, movl %eax, %cr4
	refused	do_read_dr7, movl %dr7, %eax
	refused	do_write_dr0, movl %eax, %dr0
	refused	do_rdmsr, rdmsr
	refused	do_wrmsr, wrmsr
	refused	do_rdpmc, rdpmc
	refused	do_sysexit, sysexit
	refused	do_invlpg, invlpg (%esp)
	refused	do_lgdt, lgdt (%esp)
	refused	do_lidt, lidt (%esp)
	refused	do_lldt, lldt %ax
	refused	do_ltr, ltr %ax
	refused	do_in, inb $0x21, %al
	refused	do_out, outb %al, $0x20
	refused	do_far_jump, ljmp $SEL_KERNEL_CS, $0xc0100000
	refused	do_far_call, lcall $SEL_KERNEL_CS, $0xc0100000
	refused	do_jump_to_task, ljmp $0x30, $0
	refused	do_jump_to_handler_task, ljmp $0x38, $0
	refused	do_read_kernel, movl 0xc0100000, %eax
	refused	do_write_kernel, movl %eax, 0xc0100000

/* Loading selector `sel` into `reg`. */
	.macro	selector name:req, sel:req, reg:req
	.globl	\name, \name\()_at
\name:
	movl	$\sel, %eax
\name\()_at:
	movl	%eax, \reg
	movl	$1, %eax
	ret
	.endm

	selector do_kernel_code, SEL_KERNEL_CS, %ds
	selector do_kernel_stack, SEL_KERNEL_SS, %es
	selector do_tss, 0x30, %fs
	selector do_behind_gdt, 0x43, %gs
	selector do_ldt, 0x07, %fs
	selector do_null_ss, 0, %ss
	selector do_code_ss, SEL_CS, %ss

	.globl	do_far_return, do_far_return_at
do_far_return:
	pushl	$SEL_KERNEL_CS
	pushl	$0xc0100000
do_far_return_at:
	lret

	.globl	do_iret, do_iret_at
do_iret:
	pushl	$0x3202				# IOPL 3
	pushl	$SEL_KERNEL_CS
	pushl	$0xc0100000
do_iret_at:
	iret

	.globl	do_iret_nested, do_iret_nested_at
do_iret_nested:
	pushl	$0x4202				# NT: a return to the task in the TSS's link
	popfl
do_iret_nested_at:
	iret

	.globl	do_jump_to_kernel
do_jump_to_kernel:
	movl	$0xc0100000, %eax
	jmp	*%eax

/* ---- flags ------------------------------------------------------------------------------------- */

/* popf and iret can't raise the privilege. */
	.globl	do_popf
do_popf:
	pushl	$0x3fffff & ~0x100		# everything but TF
	popfl
	pushfl
	movl	(%esp), %eax
	movl	$0x202, (%esp)
	popfl
	andl	$0x1b3200, %eax			# VIP VIF VM RF IOPL IF
	subl	$0x200, %eax
	ret

	.globl	do_iret_flags
do_iret_flags:
	pushl	$0x1f3002			# no IF; VIP VIF AC VM RF NT IOPL 3
	andl	$~0x20000, (%esp)		# VM would be ignored, in real processors, too
	pushl	$SEL_CS
	pushl	$1f
	iret
1:	pushfl
	movl	(%esp), %eax
	movl	$0x202, (%esp)
	popfl
	andl	$0x1b3200, %eax
	subl	$0x200, %eax
	ret

/* IPC and another system call with flags that must not survive into the kernel. */
	.macro	nil_ipc
	xorl	%eax, %eax
	xorl	%ebx, %ebx
	xorl	%esi, %esi
	movl	%esp, %ebp
	.endm

	.globl	hostile_flags
	.lcomm	hostile_flags, 4

	.globl	do_ipc_with_flags
do_ipc_with_flags:
	pushal
	nil_ipc
	movl	$1f, %edi
	pushl	hostile_flags
	popfl
	sysenter
1:	pushfl
	orl	%esi, %edi			# nothing but the results in the registers
	orl	%ebp, %edi
	orl	%eax, %edi			# tag
	orl	%ebx, %edi			# sender
	popl	%eax
	andl	$FLAGS_CHECKED, %eax
	xorl	$FLAGS_CLEAN, %eax
	orl	%edi, %eax
	movl	%eax, 28(%esp)
	popal
	ret

/* System call 9 has four results. The flags are the caller's own afterwards. */
	.globl	do_int_with_flags
do_int_with_flags:
	pushal
	movl	$9, %eax
	pushl	hostile_flags
	popfl
	int	$0x40
	pushfl
	popl	%edx
	pushl	$2
	popfl
	movl	hostile_flags, %ecx
	xorl	%edx, %ecx
	andl	$0xd00 & ~0x100, %ecx		# DF, OF: as they were
	andl	$0x3000, %edx			# IOPL
	orl	%edx, %ecx
	subl	$9, %eax			# the number was not touched
	orl	%eax, %ecx
	movl	%ecx, 28(%esp)
	popal
	ret

/* Single-stepping ends in the IPC system call, and goes on behind any other. */
	.globl	do_step_ipc
do_step_ipc:
	pushal
	nil_ipc
	movl	$1f, %edi
	pushl	$0x302
	popfl
	sysenter
1:	pushfl
	popl	%eax
	andl	$FLAGS_CHECKED, %eax
	xorl	$FLAGS_CLEAN, %eax
	movl	%eax, 28(%esp)
	popal
	ret

	.globl	do_step_int, do_step_int_at
do_step_int:
	pushl	%esi
	pushl	%edi
	movl	$9, %eax
	pushl	$0x302
	popfl
	int	$0x40				# its trap is not the user's: one instruction more
	nop
do_step_int_at:
	popl	%edi
	popl	%esi
	xorl	%eax, %eax
	ret

/* ---- segment registers ------------------------------------------------------------------------ */

	.lcomm	hostile_selector, 4
	.globl	hostile_selector

/* ds and es are flat after every way into the kernel, whatever they were. */
	.macro	flat
	movl	%ds, %eax
	movl	%es, %ecx
	subl	$SEL_DS, %eax
	subl	$SEL_DS, %ecx
	orl	%ecx, %eax
	.endm

	.macro	load_selector
	movl	hostile_selector, %eax
	movl	%eax, %fs
	movl	%eax, %es
	movl	%eax, %ds
	.endm

	.globl	do_selector_ipc
do_selector_ipc:
	pushal
	load_selector
	nil_ipc
	movl	$1f, %edi
	sysenter
1:	flat
	movl	%eax, 28(%esp)
	popal
	ret

	.globl	do_selector_int
do_selector_int:
	pushal
	load_selector
	movl	$9, %eax
	int	$0x40
	flat
	movl	%eax, 28(%esp)
	popal
	ret

	.globl	do_selector_trap, do_selector_trap_at
do_selector_trap:
	load_selector
	movl	$1f, %eax
do_selector_trap_at:
	ud2
1:	flat
	ret

/* The same with ss, which the user can only make the UTCB's segment. */
	.globl	do_selector_ss
do_selector_ss:
	pushal
	movl	%esp, %edi
	movl	$SEL_UTCB, %eax
	movl	%eax, %ss
	movl	$9, %eax
	int	$0x40
	movl	$SEL_DS, %eax
	movl	%eax, %ss
	movl	$0, 28(%esp)
	popal
	ret

/* ---- odd places -------------------------------------------------------------------------------- */

	.globl	do_sysenter_to_kernel, do_sysenter_to_top
do_sysenter_to_kernel:
	xorl	%eax, %eax
	xorl	%ebx, %ebx
	xorl	%esi, %esi
	movl	$0xc0100000, %edi
	movl	$0xc0108000, %ebp
	sysenter

do_sysenter_to_top:
	xorl	%eax, %eax
	xorl	%ebx, %ebx
	xorl	%esi, %esi
	movl	$-1, %edi
	movl	$-1, %ebp
	sysenter

/* ---- answers ----------------------------------------------------------------------------------- */

	.globl	do_trap, do_trap_at
do_trap:
do_trap_at:
	ud2

/* Where the director sends a thread: eax: all its flags, if its selectors are the user's. */
	.globl	look_at_flags
look_at_flags:
	pushfl
	popl	%eax
	pushl	$0x202
	popfl
	movl	%cs, %ecx
	subl	$SEL_CS, %ecx
	movl	%ss, %edx
	subl	$SEL_DS, %edx
	orl	%edx, %ecx
	movl	%ds, %edx
	subl	$SEL_DS, %edx
	orl	%edx, %ecx
	movl	%es, %edx
	subl	$SEL_DS, %edx
	orl	%edx, %ecx
	movl	%gs, %edx
	subl	$SEL_UTCB, %edx
	orl	%edx, %ecx
	jz	1f
	movl	$-1, %eax
1:	ret

/* The first of these is executed with TF; the second would be too late. */
	.globl	step_here, step_here_at
step_here:
	nop
step_here_at:
	nop
	ud2

/* With a stack pointer that is not the user's. */
	.globl	push_here
push_here:
	pushl	%eax
	ud2

/* ---- what others see ---------------------------------------------------------------------------- */

/* Fill everything with a pattern, and send hostile_tag to the pager, or call it if the tag says
 * so: the receiver must see the words, in order, and nothing else. */
	.lcomm	hostile_tag, 4
	.globl	hostile_tag
	.globl	hostile_sender
hostile_sender:
	movl	%gs:12, %ebx			# to: the pager
	xorl	%esi, %esi
	testl	$0x4000, hostile_tag
	jz	2f
	movl	%ebx, %esi			# from: the same
2:	movl	$0x5a5a0001, %ecx
	movl	$0x5a5a0002, %edx
	movl	$1f, %edi
	movl	%esp, %ebp
	movl	$SEL_UTCB, %eax
	movl	%eax, %fs
	movl	$SEL_DS, %eax
	movl	%eax, %gs
	pushl	$0x2446d7			# ID AC NT DF, and most of the others
	popfl
	movl	$SEL_UTCB, %eax
	movl	%eax, %es
	movl	%eax, %ds
	movl	%cs:hostile_tag, %eax
	sysenter
1:	ud2

/* void hostile_ipc(L4_Word_t to, L4_Word_t from, L4_Word_t tag, L4_Word_t state[10]): IPC,
 * and store eax, ebx, ecx, edx, esi, edi, ebp, flags, fs | gs << 16, and ds | es << 16 as the
 * kernel left them. */
	.globl	hostile_ipc
hostile_ipc:
	pushl	%ebx
	pushl	%esi
	pushl	%edi
	pushl	%ebp
	movl	20(%esp), %ebx
	movl	24(%esp), %esi
	movl	28(%esp), %eax
	movl	%esp, %ebp
	movl	$1f, %edi
	sysenter
1:	pushfl
	pushl	%ebp
	pushl	%edi
	movl	44(%esp), %edi
	movl	%eax, (%edi)
	movl	%ebx, 4(%edi)
	movl	%ecx, 8(%edi)
	movl	%edx, 12(%edi)
	movl	%esi, 16(%edi)
	popl	20(%edi)
	popl	24(%edi)
	popl	28(%edi)
	movl	%gs, %eax
	shll	$16, %eax
	movw	%fs, %ax
	movl	%eax, 32(%edi)
	movl	%es, %eax
	shll	$16, %eax
	movw	%ds, %ax
	movl	%eax, 36(%edi)
	popl	%ebp
	popl	%edi
	popl	%esi
	popl	%ebx
	ret

	.section .note.GNU-stack, "", @progbits
