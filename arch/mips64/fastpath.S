/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * fastpath.S - the IPC system call to a thread that waits for it, followed by a receive phase
 * that blocks: what glue/fastpath.h describes, with Status.EXL set throughout. And the end of
 * every return from a system call.
 *
 * In: $2 tag, $4 0 (see mips_system_call), $5 to, $6 from, $31 where to go on. Out: $2 tag, $3
 * sender. User mode gives up all other registers but $28 to $30.
 *
 * So each register has to be written once before the receiver runs. What is looked at goes to a
 * register of its own, and leaves there what the receiver knows anyway, or 0: most of them are 0
 * if all is well. Addresses are in $28 to $31, which the receiver's own values come to in the end.
 *
 * What fails leads to mips_ipc_slow or mips_ipc_to, with nothing changed but that $29 to $31 are saved. 67
 * instructions without words, 6 more and 2 a word with some, less one for each of the first ten, and
 * five more where there are more than COPY_WORDS. A message alone, to a thread that preempts the
 * sender: 90; a notification: 116.
 */
#include <config.h>
#include <arch/cp0.h>
#include <arch/layout.h>
#include <arch/offsets.h>
#include <glue/fastpath.h>
#include <l4/abi/const.h>

#define ENTRYHI $10
#define CAUSE   $13
#define EPC     $14

#define UTCB(n) (8 * (ABI_UTCB_##n))

	.set	noreorder
	.set	noat

/* Every exception but refills and interrupts. At 0x180 behind mips_vectors, 32 instructions. */
	.section .text.vector_general, "ax"
	.globl	mips_general
	.type	mips_general, @function
	.ent	mips_general
mips_general:
	mfc0	$k0, CAUSE
	andi	$k0, $k0, CAUSE_EXC
	xori	$k0, $k0, EXC_SYS << 2
	bnez	$k0, mips_other
	 ld	$k1, CPU_CURRENT($0)		# k1: cur
#if FASTPATH
	bnez	$4, mips_system_call

	/* Who is meant. Where there is nobody, the dummy is found. */
	 ld	$28, CPU_THREADS($0)
	dext	$16, $5, ABI_TID_VERSION_BITS, SLOTS_LOG2
	dins	$28, $16, 3, SLOTS_LOG2
	ld	$28, 0($28)			# $28: dest
	sd	$29, CTX_R(CTX_SP)($k1)
	sd	$30, CTX_R(CTX_FP)($k1)
	sd	$31, CTX_R(CTX_PC)($k1)
	ld	$18, THREAD_ID($28)
	ld	$17, THREAD_ACCEPTS($28)	# $17: whom it waits for
	ld	$3, THREAD_ID($k1)		# $3: cur's id, dest's result
	bne	$18, $5, mips_ipc_slow

	/* Nothing is special about cur, and nothing is special about its acceptor. */
	 lw	$19, THREAD_STATUS($k1)
	ld	$31, THREAD_UTCB($k1)		# $31: cur's UTCB
	bnez	$19, mips_ipc_slow
	 ld	$20, UTCB(ACCEPTOR)($31)	# $20: acceptor, read once

	/* No ready thread has a higher priority than dest. */
	ld	$21, THREAD_PRIO($28)
	ld	$29, CPU_BARRIER($0)
	beqz	$20, plain
	 sltu	$21, $21, $29			# $21: not 0 is a reason against
	b	acceptor
	 andi	$24, $20, ABI_ACCEPT_NOSYNC

/* To copy.S, and back to mips_leave. */
words:	dsll	$k1, $k1, 3			# k1: bytes
	lw	$6, LOCAL(WORDS)($k1)
	lw	$24, LOCAL(WORDS) + 4($k1)	# $24: where to go on
	jr	$6
	 ld	$25, THREAD_UTCB($28)		# $25: to, $31: from
#else
	b	mips_system_call
	 nop
#endif
	.end	mips_general
	.size	mips_general, . - mips_general

	.section .text.path, "ax"			# .text would be aligned to 16 bytes
	.globl	mips_fastpath
	.type	mips_fastpath, @function
	.ent	mips_fastpath
mips_fastpath:
#if FASTPATH
/* Messages are taken; in a call, notification makes no difference, else none is pending. */
acceptor:
	bnez	$24, mips_ipc_slow
	 andi	$24, $20, ABI_ACCEPT_NOTIFY
	beqz	$24, plain
	 move	$20, $0
	beq	$5, $6, plain
	 ld	$24, UTCB(NOTIFY_BITS)($31)
	ld	$25, UTCB(NOTIFY_MASK)($31)
	and	$24, $24, $25
	bnez	$24, mips_ipc_slow
	 nop

plain:	bnez	$21, mips_ipc_slow
	 li	$22, GLUE_STATE_RECEIVING
	beq	$5, $6, call
	 daddiu	$23, $6, -ABI_ANYTHREAD		# $23: dest's id and 1, or 0

/* Reply and wait: from anybody; no sender waits; dest is in a call to cur. */
	bne	$17, $3, reply_open
	 ld	$1, THREAD_SENDQ($k1)
	or	$1, $1, $23
2:	beqz	$1, 3f
	 ld	$29, THREAD_SPACE($28)		# $29: dest's space
	b	mips_ipc_slow
	 nop

reply_open:					# to one that takes what comes
	daddiu	$17, $17, -ABI_ANYTHREAD
	beqz	$17, 2b
	 or	$1, $1, $23

/* To one that takes no message. Does it wait for cur to answer its page fault? Then it goes on with all
 * of its registers. */
	bnez	$1, mips_ipc_to
	 lw	$16, THREAD_STATUS($28)
	li	$18, STATUS_FAULTED
	bne	$16, $18, mips_ipc_to
	 ld	$17, THREAD_PARTNER($28)
	bne	$17, $3, mips_ipc_to
	 ld	$29, THREAD_SPACE($28)
	ld	$30, SPACE_ASID($29)
	beqz	$30, mips_ipc_to
	 move	$2, $28
	sd	$28, CPU_CURRENT($0)
	sb	$22, THREAD_STATE($k1)
	sd	$6, THREAD_PARTNER($k1)
	sd	$6, THREAD_ACCEPTS($k1)
	sw	$0, THREAD_STATUS($28)
	b	mips_resume_all
	 dmtc0	$30, ENTRYHI

call_closed:					# to one that waits for just cur
	daddiu	$17, $17, ABI_ANYTHREAD
	beq	$17, $3, 1f
	 nop
	b	mips_ipc_slow
	 nop

/* Call: dest waits for anybody. Nothing can be pending from it. That cur may wait for it, may be
 * said even if in the end it doesn't. */
call:	daddiu	$17, $17, -ABI_ANYTHREAD
	bnez	$17, call_closed
	 ld	$29, THREAD_SPACE($28)		# $29: dest's space
1:	sd	$28, THREAD_WAITED($28)
	move	$1, $0

3:	ld	$30, SPACE_ASID($29)		# $30: ASID
	beqz	$30, mips_ipc_slow
	 nop

	/* The point of no return. cur waits, dest runs, in its space. */
	sb	$22, THREAD_STATE($k1)
	sd	$6, THREAD_PARTNER($k1)
	sd	$6, THREAD_ACCEPTS($k1)
dest_runs:
	sd	$28, CPU_CURRENT($0)
	sb	$0, THREAD_STATE($28)		# GLUE_STATE_READY
	sd	$0, THREAD_ACCEPTS($28)		# ABI_NILTHREAD
	dmtc0	$30, ENTRYHI
	andi	$k1, $2, ABI_TAG_U_MASK		# k1: words
	bnez	$k1, words
	 dins	$2, $0, 6, 10			# $2: the tag without ABI_TAG_RESERVED and _FLAGS
#endif

/* The end of a return from a system call. $28: context; $1 to $5, $16 to $23, k0 and k1 have what
 * they are to have. A message has been through the first of the registers that are cleared. */
	.globl	mips_leave
mips_leave:
	.irp	r, 6,7,8,9,10,11,12,13,14,15
	move	$\r, $0
	.endr
	ld	$31, CTX_R(CTX_PC)($28)
	dmtc0	$31, EPC
	move	$24, $0
	move	$25, $0
	mult	$0, $0				# hi and lo
	ld	$30, CTX_R(CTX_FP)($28)
	ld	$29, CTX_R(CTX_SP)($28)
	ld	$28, CTX_R(CTX_GP)($28)
	ehb
	eret

#if FASTPATH
/* A notification, with nothing received, to a thread that may wait for one; $28: dest. Here it does,
 * openly or for nothing else. $22: what it will get. */
	.globl	mips_notify
mips_notify:
	lw	$8, THREAD_STATUS($28)
	li	$9, STATUS_WAIT_NOTIFY
	ld	$21, THREAD_ACCEPTS($28)
	xor	$8, $8, $9
	daddiu	$21, $21, -ABI_ANYTHREAD
	ld	$7, CTX_R(CTX_STATE)($28)	# 0 if it is in a system call, for which `accepts` stands, too
	movz	$21, $0, $8			# $21: 0 if it waits
	or	$21, $21, $7
	bnez	$21, mips_ipc_to
	 ld	$24, THREAD_UTCB($28)		# $24: dest's UTCB
	ld	$31, THREAD_UTCB($k1)
	ld	$7, UTCB(ACCEPTOR)($24)
	ld	$8, UTCB(MR + 1)($31)
	ld	$23, UTCB(NOTIFY_BITS)($24)
	andi	$7, $7, ABI_ACCEPT_NOTIFY
	beqz	$7, mips_ipc_to
	 or	$23, $23, $8
	ld	$22, UTCB(NOTIFY_MASK)($24)
	and	$22, $22, $23
	bnez	$22, 1f
	 xor	$23, $23, $22			# $23: what is left for later
	b	mips_ipc_to
	 nop

/* An IPC to dest that isn't a plain exchange, nor such a notification. Taken is a message alone, to a
 * thread that preempts cur: cur is ready before all others, and lends its slice. $16 to $21 are 0
 * if all is well. */
	.globl	mips_message
mips_message:
	xori	$1, $4, ABI_TAG_RBLOCK
	bnez	$1, mips_ipc_to
	 move	$22, $0
	move	$23, $0
1:	ld	$8, THREAD_PRIO($28)
	ld	$9, THREAD_PRIO($k1)		# $9: cur's priority
	ld	$3, THREAD_ID($k1)		# $3: cur's id, dest's result
	sltu	$8, $9, $8
	beqz	$8, mips_ipc_to			# cur goes on
	 ld	$8, THREAD_ACCEPTS($28)
	lw	$16, THREAD_STATUS($k1)		# nothing is special about cur
	ld	$17, CPU_BARRIER($0)
	daddiu	$20, $8, -ABI_ANYTHREAD
	dsubu	$8, $8, $3
	movz	$20, $0, $8			# dest waits for anybody, or for cur,
	movn	$20, $0, $22			#   or for these bits
	ld	$18, CPU_FRONT($0)		# nobody else has been preempted
	sltu	$17, $9, $17			# cur is the first
	ld	$31, THREAD_UTCB($k1)		# $31: cur's UTCB
	ld	$19, UTCB(PREEMPT_FLAGS)($31)
	andi	$19, $19, ABI_PREEMPT_CALLBACK	# cur is not told that it is preempted
	or	$21, $20, $16
	.irp	r, 6,17,18,19			# $6: nothing is received
	or	$21, $21, $\r
	.endr
	bnez	$21, mips_ipc_to
	 ld	$29, THREAD_SPACE($28)		# $29: dest's space
	ld	$30, SPACE_ASID($29)
	beqz	$30, mips_ipc_to
	 li	$8, GLUE_FLAGS_LENT

	/* Nothing fails from here on, either. */
	sd	$k1, CPU_FRONT($0)
	daddiu	$9, $9, 1
	sd	$9, CPU_BARRIER($0)
	sb	$8, THREAD_FLAGS($k1)
	sd	$0, CTX_R(2)($k1)		# cur's results: the nil tag, and nobody
	sd	$0, CTX_R(3)($k1)
	beqz	$22, dest_runs
	 move	$4, $0
	sd	$23, UTCB(NOTIFY_BITS)($24)
	sd	$22, UTCB(MR + 1)($24)
	sd	$28, CPU_CURRENT($0)
	sb	$0, THREAD_STATE($28)		# GLUE_STATE_READY
	sd	$0, THREAD_ACCEPTS($28)		# ABI_NILTHREAD
	dmtc0	$30, ENTRYHI
	li	$2, 1				# $2, $3: the tag, from nobody
	move	$1, $0
	move	$3, $0
	move	$22, $0
	move	$23, $0
	b	mips_leave
	 move	$k1, $0
#endif
	.end	mips_fastpath
	.size	mips_fastpath, . - mips_fastpath

/* For _local_cpu in kernel.lds.in. */
	.section .discard.names
	.dword	k_cpus

#if ABI_TAG_RESERVED != 0xfc0 || ABI_TAG_FLAGS != 0xf000 || ABI_ANYTHREAD != -1
#error "the dins above, and the sums"
#endif
