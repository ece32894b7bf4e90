/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * fastpath.S - the IPC system call. What usually happens is done here, by the rules of
 * glue/fastpath.h; everything else by k_ipc or k_ipc_to.
 *
 * In:  eax tag, ebx to, esi from, edi return address, ebp stack pointer; interrupts are off.
 * Out: eax tag, ebx from, edx return address, ecx stack pointer, others 0, flags as of a 0.
 *
 * ds and es hold what the user put there until they are loaded on the way out, so every
 * address goes through ss. They are loaded together with zeros for esi and edi (lds, les),
 * gs with the page directory, fs with the stack pointer, from the selector that is behind it
 * in the frame: ss as the receiver's last trap found it.
 *
 * In the end esp runs down through the TSS, so that the receiver's UTCB descriptor and I/O map
 * base are pushed from memory to memory. An NMI there leaves its frame in what is yet to be
 * pushed, or in registers of the TSS that are never used; a fault, which would be a bug of the
 * kernel's, has the spare stack below.
 *
 * Call, between spaces: 53 instructions. Reply and wait: 55. A message alone: 77.
 * Words of the message: 11 more, and one each.
 */
#include <glue/fastpath.h>
#include <l4/abi/const.h>
#include <arch/layout.h>

#define TAG_REFUSED (ABI_TAG_NOTIFY | ABI_TAG_RESERVED)
#define UTCB(index) (4 * (index))

/* The two threads' states. ecx: partner; edx: sender; esi: from, not 0; ebp: 0. */
	.macro	commit
	movl	%ebp, %ss:THREAD_ACCEPTS(%ecx)	# the partner takes no message,
	movb	$GLUE_STATE_READY, %ss:THREAD_STATUS(%ecx) # runs,
	movl	%esi, %ss:THREAD_WAITED(%ecx)	# and may be waited for
	movl	%esi, %ss:THREAD_PARTNER(%edx)	# the sender waits,
	movl	%esi, %ss:THREAD_ACCEPTS(%edx)
	movb	$GLUE_STATE_RECEIVING, %ss:THREAD_STATUS(%edx) # with nothing against it
	movl	%ecx, %ss:k_cpus+CPU_CURRENT
	.endm

	.text
	.global	ia32_sysenter
	.balign	64
ia32_sysenter:					# esp: _kernel_stack_top
	popfl					# none of the user's flags: TF, NT, AC, DF
#if FASTPATH
	/* ecx: the partner */
	leal	-(1 << ABI_TID_VERSION_BITS)(%ebx), %ecx
	shrl	$ABI_TID_VERSION_BITS, %ecx	# its number - 1, very high for nilthread
	cmpl	%ecx, %ss:k_cpus+CPU_THREADS_MAX
	jbe	unsaved				# no thread has it
	movl	%ss:k_cpus+CPU_THREADS, %edx
	movl	%ss:4(%edx,%ecx,4), %ecx	# ecx: the partner, or the dummy
	movl	%ss:k_cpus+CPU_CURRENT, %edx	# edx: the sender
	cmpl	%ebx, %ss:THREAD_ID(%ecx)
	jne	unsaved				# of another version

	/* The sender's registers are saved; edi and ebp are free. */
	movl	%edi, %ss:CTX_EIP(%edx)
	movl	%ebp, %ss:CTX_ESP(%edx)
	movl	%ss:k_cpus+CPU_BARRIER, %ebp
	cmpl	%ebp, %ss:THREAD_PRIO(%ecx)
	jb	refused				# another thread has to run, or more is to be done
	movl	%ss:THREAD_UTCB(%edx), %edi	# edi: the sender's UTCB
	cmpl	%ebx, %esi
	jne	reply				# receives from another than it sends to

	/* A call. ebp: all that has to be 0. */
	movl	%ss:THREAD_STATUS(%edx), %ebp	# nothing special about the sender
	orl	%ss:UTCB(ABI_UTCB_ACCEPTOR)(%edi), %ebp # it takes IPC, no notification
	orl	%ss:CTX_RESUME(%ecx), %ebp	# the partner goes on by sysexit
	jne	careful				# else ebp: 0
	cmpl	$ABI_ANYTHREAD, %ss:THREAD_ACCEPTS(%ecx)
	jne	careful				# the partner doesn't wait, or just for one
	movl	%ss:THREAD_ID(%edx), %ebx	# ebx: result, the sender's id
	xorw	%ss:ia32_entry_call, %ax	# both flags become 0
	jne	words				# there are words, or other flags; else eax: result

	/* Point of no return. */
commit:
	commit

	/* The partner's context, UTCB and space. ebp: 0; edx, esi, edi: free. */
switch:
	leal	CTX_END(%ecx), %esi
	movl	%esi, %ss:main_tss+TSS_ESP0	# where its traps push
	movl	%ss:THREAD_SPACE(%ecx), %edi	# edi: its space
	movl	$main_tss+TSS_GDT+SEL_UTCB_END, %esp # from here on, down:
	pushl	%ss:CTX_UTCB_HIGH(%ecx)		# the descriptor of gs
	pushl	%ss:CTX_UTCB_LOW(%ecx)
	pushl	%ss:SPACE_IO(%edi)		# I/O map base
	lgs	%ss:SPACE_CR3(%edi), %esi	# gs: its UTCB; esi: page directory
	cmpl	%edi, %ss:active_space
	je	1f				# no switch of spaces
other_space:					# test_nmi.py looks for it
	movl	%edi, %ss:active_space
	movl	%esi, %cr3
	xorl	%ebp, %ebp			# flags as of a 0, not of the spaces' addresses

	/* Its registers. ebx, eax are done; ebp is 0. */
1:	lds	%ss:ia32_entry_flat, %esi	# ds: flat; esi: 0
	les	%ss:ia32_entry_flat, %edi	# es: flat; edi: 0
	movl	CTX_EIP(%ecx), %edx
	lfs	CTX_ESP(%ecx), %ecx		# fs: its own ss; ecx: stack pointer
	sti					# takes effect behind the next instruction
	sysexit					# trap_nmi knows of this pair

	/* Reply and wait, as for a call; and it waits for any thread, and no sender waits. */
reply:
	leal	1(%esi), %ebp			# 0 if from is anythread
	orl	%ss:THREAD_SENDQ(%edx), %ebp
	orl	%ss:THREAD_STATUS(%edx), %ebp
	orl	%ss:UTCB(ABI_UTCB_ACCEPTOR)(%edi), %ebp
	orl	%ss:CTX_RESUME(%ecx), %ebp
	jne	careful				# else ebp: 0
	movl	%ss:THREAD_ID(%edx), %ebx	# ebx: result, the sender's id
	cmpl	%ebx, %ss:THREAD_ACCEPTS(%ecx)
	jne	careful				# the partner doesn't wait just for it
	xorw	%ss:ia32_entry_reply, %ax	# the flag becomes 0
	je	commit				# no words, no other flags

	/* Only what the tag says is still to be looked at. eax: tag, with the usual flags turned
	 * over; ebx: the sender's id; ecx: partner; edx: sender; esi: from; edi: UTCB. */
words:
	testl	$ABI_TAG_FLAGS | ABI_TAG_RESERVED, %eax
	jne	odd_tag				# else eax: result
copy:						# point of no return
	commit
move:	movl	%ecx, %ebp			# ebp: partner
	movzbl	%al, %ecx			# ecx: number of words, there being no reserved bits
	leal	UTCB(ABI_UTCB_MR + 1)(%edi), %esi
	movl	%ss:THREAD_UTCB(%ebp), %edi
	addl	$UTCB(ABI_UTCB_MR + 1), %edi
	movw	%ss:ia32_entry_flat+4, %es
	rep movsl %ss:(%esi), %es:(%edi)	# leaves 0 in ecx
	xchgl	%ebp, %ecx
	jmp	switch

	/* Flags other than the library's: a call that sends only if the partner waits, or an
	 * answer that would wait for it. What was turned over is put back. */
odd_tag:
	xorw	%ss:ia32_entry_reply, %ax
	cmpl	%esi, %ss:THREAD_ID(%ecx)
	jne	careful
	xorl	$ABI_TAG_SBLOCK, %eax		# for a call

	/* Something is not as it usually is: all the tests, one by one, those first that fail most
	 * often: a notification, the answer to a fault, no receive phase, the partner busy. eax: tag
	 * as it was; ecx: partner; edx: sender; esi: from; edi: the sender's UTCB. */
careful:
	testl	$TAG_REFUSED, %eax
	jne	refused
	movl	%ss:THREAD_STATUS(%edx), %ebp
	orl	%ss:CTX_RESUME(%ecx), %ebp
	jne	refused
	testl	%esi, %esi
	je	send
	testl	$ABI_TAG_RBLOCK, %eax
	je	refused
	movl	%ss:THREAD_ID(%edx), %ebx	# ebx: result, the sender's id
	movl	%ss:THREAD_ACCEPTS(%ecx), %ebp
	cmpl	%ebx, %ebp
	je	1f
	incl	%ebp
	jne	refused				# the partner takes nothing, or not from the sender
1:	movl	%ss:UTCB(ABI_UTCB_ACCEPTOR)(%edi), %ebp # ebp: acceptor
	testl	$ABI_ACCEPT_NOSYNC, %ebp
	jne	refused
	cmpl	%esi, %ss:THREAD_ID(%ecx)
	je	2f				# a call
	cmpl	$ABI_ANYTHREAD, %esi
	jne	refused
	cmpl	$0, %ss:THREAD_SENDQ(%edx)
	jne	refused
	testl	$ABI_ACCEPT_NOTIFY, %ebp
	je	2f
	movl	%ss:UTCB(ABI_UTCB_NOTIFY_BITS)(%edi), %ebp
	testl	%ebp, %ss:UTCB(ABI_UTCB_NOTIFY_MASK)(%edi)
	jne	refused
2:	andl	$~ABI_TAG_FLAGS, %eax		# eax: result
	xorl	%ebp, %ebp
	jmp	copy

	/* A message alone. The partner preempts the sender, which is ready before all others, and
	 * lends its slice. esi: 0. */
send:
	movl	%ss:THREAD_PRIO(%edx), %ebp	# ebp: the sender's priority
	cmpl	%ebp, %ss:THREAD_PRIO(%ecx)
	jbe	refused				# the sender goes on
	cmpl	%ss:k_cpus+CPU_BARRIER, %ebp
	jb	refused
	movl	%ss:THREAD_ACCEPTS(%ecx), %ebx
	cmpl	%ebx, %ss:THREAD_ID(%edx)
	je	1f
	incl	%ebx
	jne	refused				# the partner doesn't wait for it
1:	cmpl	%esi, %ss:k_cpus+CPU_FRONT
	jne	refused				# another one has been preempted
	testb	$ABI_PREEMPT_CALLBACK, %ss:UTCB(ABI_UTCB_PREEMPT_FLAGS)(%edi)
	jne	refused

	/* Nothing fails from here on, either. */
	movb	$GLUE_FLAGS_LENT, %ss:THREAD_FLAGS(%edx)
	movl	%edx, %ss:k_cpus+CPU_FRONT
	incl	%ebp
	movl	%ebp, %ss:k_cpus+CPU_BARRIER
	movl	%esi, %ss:CTX_EBX(%edx)		# its results: the nil tag, and nobody
	movl	%esi, %ss:CTX_EAX(%edx)
	movl	%ss:THREAD_ID(%edx), %ebx	# ebx: result
	movl	%esi, %ss:THREAD_ACCEPTS(%ecx)	# the partner takes no message,
	movb	$GLUE_STATE_READY, %ss:THREAD_STATUS(%ecx) # and runs
	movl	%ecx, %ss:k_cpus+CPU_CURRENT
	xorl	%ebp, %ebp
	andl	$~ABI_TAG_FLAGS, %eax		# eax: result
	je	switch
	testb	$ABI_TAG_U_MASK, %al
	je	switch
	jmp	move

	/* k_ipc_to. eax: tag as it was; ecx: partner; edx: sender; esi: from. */
refused:
	movl	%eax, %ss:THREAD_TAG(%edx)
	movl	%esi, %ss:THREAD_PARTNER(%edx)
	movl	$_kernel_stack_top-KERNEL_STACK_FIRST, %esp
	pushl	$ia32_resume			# where it returns to
	movl	%edx, %eax			# first: context
	movl	%ecx, %edx			# second: partner
	movw	%ss:ia32_entry_flat+4, %ds
	movw	%ss:ia32_entry_flat+4, %es
	jmp	k_ipc_to			# eax: context to resume, or NULL
#endif

	/* k_ipc, with nothing changed. edx: the sender's context. */
unsaved:
	movl	%ss:main_tss+TSS_ESP0, %edx
	subl	$CTX_END, %edx
	movl	%edi, %ss:CTX_EIP(%edx)
	movl	%ebp, %ss:CTX_ESP(%edx)
	movl	%eax, %ss:ia32_fourth		# fourth argument: tag
	movl	$_kernel_stack_top-KERNEL_STACK_FIRST, %esp
	pushl	$ia32_resume			# where k_ipc returns to
	movl	%edx, %eax			# first: context
	movl	%ebx, %edx			# second: to
	movl	%esi, %ecx			# third: from
	movw	%ss:ia32_entry_flat+4, %ds
	movw	%ss:ia32_entry_flat+4, %es
	jmp	k_ipc				# eax: context to resume, or NULL

/* Where upcalls begin on the kernel stack, below a fourth argument. The address that they return
 * to is pushed each time: behind the return an NMI's frame lies where it was. Above is room for the
 * trap of a user who single-steps SYSENTER, and for an NMI's frame. */
	.section .kernel_stack_first, "aw"
ia32_fourth:
	.long	0
	.space	KERNEL_STACK_FIRST - 4

/* What every IPC reads besides the threads, in one cache line: at the top of the kernel stack,
 * where SYSENTER leaves esp. The first word is popped; an NMI may then push the flags there,
 * which by that time are as clean. */
	.section .kernel_stack_top, "aw"
	.long	EFLAGS_FIXED
ia32_entry_flat:
	.long	0, SEL_USER_DS
ia32_entry_call:
	.word	ABI_TAG_SBLOCK | ABI_TAG_RBLOCK
ia32_entry_reply:
	.word	ABI_TAG_RBLOCK
	.global	active_space
active_space:
	.long	0
