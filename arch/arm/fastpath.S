/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * fastpath.S - the IPC system call where the partner waits, as glue/fastpath.h defines it: call
 * and reply-and-wait, up to 63 words, in one space or between two. 54 instructions for a message
 * without words between two spaces, from the vector to the return; 49 in one space. And a message
 * alone, to a thread that preempts the sender: 73 and 68.
 *
 * Up to "Point of no return" nothing is written but what every entry writes, the user's registers
 * to the context. Whatever fails goes to k_ipc_to, or to arm_svc_general, which does it all in C.
 *
 * The tests are chains of instructions that are executed only if all before them held, with one
 * branch at the end of a chain. teq, tst, mvns and eors leave the carry alone, or clear it (tst
 * and teq with a constant above 255, as the tag's): so behind the tag's test it is clear, and
 * a chain of equalities can end in comparisons that set it, with one branch for both.
 */
#include <glue/fastpath.h>
#include <l4/abi/const.h>

#include <arch/offsets.h>
#include <arch/psr.h>

#if FASTPATH
	.syntax unified
	.arch armv7-a
	.arm

#define UTCB(i) (4 * (i))

/* What `ubfx tag, #TAG_LOW, #TAG_BITS` is for a plain message with a blocking receive phase: the
 * reserved bits are 0, NOTIFY is 0, RBLOCK 1. Bit 12 of a tag means nothing, and if it is set the
 * C path may have it. */
#define TAG_LOW   6
#define TAG_BITS  9
#define TAG_PLAIN (ABI_TAG_RBLOCK >> TAG_LOW)
#if TAG_PLAIN != 1 << (TAG_BITS - 1) || (ABI_TAG_NOTIFY | ABI_TAG_RESERVED) >> TAG_LOW >= TAG_PLAIN
#error "the tag's bits are not where this file wants them"
#endif

	.section .text.entry, "ax"
	.balign	32
	.globl	arm_svc
	.type	arm_svc, %function

	/* As arm_svc_general in entry.S has it: r0 number, r1 to, r2 from, r3 tag; sp: &ctx.pc. Of no
	 * use for an IPC that sends nothing, which is seen in passing. */
arm_svc:
	stmdb	sp, {r0-r14}^			@ the user's registers, and below pc and cpsr:
	srsia	sp!, #MODE_SVC			@ sp: &cur->ctx.tls
	cpsid	a

	/* The partner's slot. The number of another system call, which is in the highest bits, makes
	 * the sum too large; what is nobody's number finds a thread with another id, at best. */
	mrc	p15, 0, lr, c13, c0, 4		@ lr: &k_cpus[0] (TPIDRPRW)
	ldrd	r4, r5, [lr, #CPU_THREADS]	@ r4: threads, r5: threads_max
	adds	r0, r0, r1, lsr #ABI_TID_VERSION_BITS
	cmpne	r5, r0				@ higher: a number of the table, but the first
	bls	arm_svc_general
	ldr	r0, [r4, r0, lsl #2]		@ r0: dest

	/* r4 id, r5 accepts, r6 prio, r7 utcb, r8 space, r9 sendq, r10 partner, r11 waited,
	 * r12 status: of cur. */
	ldmib	sp, {r4-r12}
	ldr	r5, [r7, #UTCB(ABI_UTCB_ACCEPTOR)] @ r5: acceptor, read once
	ubfx	r6, r3, #TAG_LOW, #TAG_BITS	@ r6: the tag's flags
	mvns	r10, r2				@ from is anythread,
	teqeq	r9, #0				@   nobody is queued,
	tsteq	r5, #ABI_ACCEPT_NOTIFY		@   and no bits are wanted;
	teqne	r2, r1				@ or from is to
	tsteq	r5, #ABI_ACCEPT_NOSYNC		@ messages are wanted
	teqeq	r6, #TAG_PLAIN			@ it is a plain one, and cur is to wait
	teqeq	r12, #0				@ nothing is special about cur
	bne	maybe

	/* r5 tls, r6 id, r7 accepts, r9 prio, r10 utcb, r12 space: of dest. */
cur_can:
	add	sp, r0, #CTX_TLS		@ sp: &dest->ctx.tls
	ldm	sp, {r5-r7, r9, r10, r12}
	mvns	r11, r7				@ dest waits for anybody
	teqne	r7, r4				@   or for cur
	eorseq	r1, r6, r1			@ it is the one; r1: 0
	ldrd	r10, r11, [lr]			@ r10: cur, r11: barrier
	ldrdeq	r6, r7, [r12, #SPACE_TTBR0]	@ r6: TTBR0, r7: ASID, of its space (no thread's
						@   that accepts nothing: there may be none)
	cmpeq	r9, r11				@ carry: its priority is enough
	cmphs	r7, #1				@ carry: its space has an ASID
	blo	not_plain

	/* Point of no return. */
	bic	r3, r3, #ABI_TAG_FLAGS		@ r3: the tag as it is received
	stm	r0, {r3, r4}			@ dest's r0 and r1: tag, sender
	str	r0, [lr]			@ dest is the current thread
	str	r1, [r0, #TH_ACCEPTS]		@ it takes nothing now,
	strd	r0, r1, [r0, #TH_WAITED]	@   may be waited for, and is ready: status 0
	str	r2, [r10, #TH_ACCEPTS]		@ cur takes what `from` says,
	str	r2, [r10, #TH_PARTNER]
	mov	r9, #GLUE_STATE_RECEIVING
	strb	r9, [r10, #TH_STATE]		@   and waits for it

	/* glue_activate, see asid.c. */
activate:
	clrex
	mcr	p15, 0, r5, c13, c0, 3		@ TPIDRURO: dest's UTCB
	mcr	p15, 0, r5, c13, c0, 2		@ TPIDRURW
	cmp	r8, r12
	beq	1f				@ one space
	mcr	p15, 0, r1, c13, c0, 1		@ CONTEXTIDR: ASID 0
	isb
	mcr	p15, 0, r6, c2, c0, 0		@ TTBR0
	isb
	mcr	p15, 0, r7, c13, c0, 1		@ CONTEXTIDR

1:	tst	r3, #ABI_TAG_U_MASK
	bne	words
	ldm	r0, {r0-r14}^			@ all of dest's registers: none of cur's is left
	rfedb	sp!				@ pc, cpsr; sp: &dest->ctx.pc

	/* A server that takes notification, too: fine, if there is none now. Registers as
	 * above. */
maybe:
	tst	r6, #TAG_PLAIN - 1
	bne	known				@ most often this: it notifies
	teq	r6, #TAG_PLAIN
	bne	alone				@ or this: it doesn't wait
	mvns	r10, r2				@ from is anythread
	teqeq	r9, #0				@ nobody is queued
	tsteq	r5, #ABI_ACCEPT_NOSYNC		@ messages are wanted
	teqeq	r12, #0
	bne	known
	ldrd	r10, r11, [r7, #UTCB(ABI_UTCB_NOTIFY_MASK)]
	tst	r10, r11			@ r10: mask, r11: bits
	beq	cur_can

	/* A message alone. dest preempts cur, which is ready before all others, and lends its
	 * slice. */
alone:	ldr	r10, [sp, #TH_PRIO - CTX_TLS]
	ldr	r11, [r0, #TH_PRIO]
	teq	r12, #0				@ nothing is special about cur
	teqeq	r2, #0				@ it receives from nobody
	cmpeq	r11, r10			@ higher: dest preempts it
	bls	known
	ldr	r11, [r7, #UTCB(ABI_UTCB_PREEMPT_FLAGS)]
	adds	sp, r0, #CTX_TLS		@ sp: &dest->ctx.tls; no carry
	ldm	sp, {r5-r7, r9, r10, r12}	@ of dest, as above
	mvns	r10, r7				@ dest waits for anybody
	teqne	r7, r4				@   or for cur
	teqeq	r6, r1				@ it is the one
	ldr	r6, [lr, #CPU_FRONT]
	tsteq	r11, #ABI_PREEMPT_CALLBACK	@ cur is not told that it is preempted
	teqeq	r6, #0				@ nobody else has been
	ldrd	r10, r11, [lr]			@ r10: cur, r11: barrier
	ldr	r1, [r10, #TH_PRIO]		@ r1: cur's priority
	cmpeq	r1, r11				@ carry: it is the first
	ldrdhs	r6, r7, [r12, #SPACE_TTBR0]	@ r6: TTBR0, r7: ASID, of dest's space
	cmphs	r7, #1				@ carry: it has an ASID
	blo	not_plain

	/* Nothing fails from here on, either. */
	bic	r3, r3, #ABI_TAG_FLAGS		@ r3: the tag as it is received
	stm	r0, {r3, r4}			@ dest's r0 and r1: tag, sender
	str	r2, [r0, #TH_ACCEPTS]		@ dest takes nothing now,
	strb	r2, [r0, #TH_STATE]		@   and is ready
	mov	r9, #GLUE_FLAGS_LENT
	strb	r9, [r10, #TH_FLAGS]
	str	r2, [r10]			@ cur's r0 and r1: the nil tag, and nobody
	str	r2, [r10, #4]
	str	r10, [lr, #CPU_FRONT]
	add	r1, r1, #1
	stm	lr, {r0, r1}			@ dest is the current thread; the barrier: cur's priority + 1
	mov	r1, r2				@ r1: 0
	b	activate

	/* Not a plain one, but if dest is the partner it need not be looked for again. r0: dest,
	 * r1: to, r2: from, r3: tag, sp: &cur->ctx.tls */
known:
	ldr	r4, [r0, #TH_ID]		@ the dummy's is 0
	cmp	r1, #1
	teqhs	r4, r1
	bne	arm_svc_general			@ nobody has the id
	str	r2, [sp, #TH_PARTNER - CTX_TLS]
	str	r3, [sp, #TH_TAG - CTX_TLS]
	mov	r1, r0				@ r1: dest
	sub	r0, sp, #CTX_TLS		@ r0: context
	ldr	sp, =_kernel_stack_top
	bl	k_ipc_to
	b	arm_resume

	/* The stack pointer is dest's, not cur's, which is r10. */
not_plain:
	add	sp, r10, #CTX_TLS
	ldr	r1, [r10, #4]			@ r1: to
	b	known
	.ltorg

	/* The words, when all else is done and all registers but r0, sp and these are free:
	 * r10: cur, r3: number in its lowest six bits. Blocks of eight, as many as there are,
	 * then the rest; an entry of each table of the same size is jumped to. */
words:
	ldr	r12, [r10, #TH_UTCB]
	ldr	lr, [r0, #TH_UTCB]
	and	r1, r3, #0x38			@ r1: words in whole blocks, that is bytes of code
	rsb	r1, r1, #0x38			@ r1: bytes of code to skip
	add	r12, r12, #UTCB(ABI_UTCB_MR)	@ r12: &MR0 of cur, and up with each block
	add	lr, lr, #UTCB(ABI_UTCB_MR)	@ lr: of dest
	add	pc, pc, r1			@ pc is two instructions ahead
	udf	#0
	.rept	7
	ldmib	r12!, {r1, r2, r4-r9}
	stmib	lr!, {r1, r2, r4-r9}
	.endr
	and	r3, r3, #7			@ r3: words left
	add	pc, pc, r3, lsl #4
	udf	#0
	ldm	r0, {r0-r14}^
	rfedb	sp!
	udf	#0
	udf	#0
	.irp	regs, r1, r1-r2, r1-r3, r1-r4, r1-r5, r1-r6, r1-r7
	ldmib	r12, {\regs}
	stmib	lr, {\regs}
	ldm	r0, {r0-r14}^
	rfedb	sp!
	.endr
	.size	arm_svc, . - arm_svc
#endif
