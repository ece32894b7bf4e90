/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * fastpath.S - the IPC system call to a thread that waits for it, followed by a receive phase
 * that blocks: what glue/fastpath.h describes, with Status.EXL set throughout.
 *
 * Every reason against it is ORed into t3, and a branch leaves to mips_ipc_slow, the entry of the
 * plain C path, with nothing changed. (Where there is no partner, what it would be asked for does
 * not exist, so that branches earlier.) Behind the point of no return nothing can fail.
 *
 * The sender gives up all registers but $16-$23 and $28-$31. Those are saved, and none of its
 * values is left: each register is loaded with the receiver's own value, or a result, or 0.
 */
#include <config.h>
#include <arch/layout.h>
#include <arch/offsets.h>
#include <glue/fastpath.h>
#include <l4/abi/const.h>

#if FASTPATH
#define ENTRYHI $10
#define EPC     $14

#define ASID_MASK 0xff

	.set	noreorder
	.set	noat

	.text
	.globl	mips_fastpath
	.type	mips_fastpath, @function
	.ent	mips_fastpath
mips_fastpath:					# k1: cur, a1: to, a2: from, a3: tag
	/* The partner. */
	lui	$t8, %hi(k_cpus)		# t8: with CPU_*, state of the CPU
	ld	$t0, CPU_THREADS_MAX($t8)
	dsrl32	$t1, $a1, ABI_TID_VERSION_BITS - 32
	sltu	$t0, $t1, $t0
	beqz	$t0, mips_ipc_slow
	 ld	$t9, CPU_THREADS($t8)
	dsll	$t1, $t1, 3
	daddu	$t9, $t9, $t1
	ld	$t9, 0($t9)			# t9: dest; the dummy, where there is none

	/* It is who is meant, and waits for us or for anybody. */
	ld	$v1, THREAD_ID($k1)		# v1: cur's id, which is dest's result
	ld	$t0, THREAD_ACCEPTS($t9)
	ld	$t1, THREAD_ID($t9)
	xor	$t3, $t0, $v1			# t3: not 0 is a reason against
	daddiu	$t0, $t0, -ABI_ANYTHREAD
	movz	$t3, $0, $t0
	xor	$t1, $t1, $a1
	or	$t3, $t3, $t1
	ld	$k0, CTX_R(CTX_STATE)($t9)	# k0: 0, it will get back only preserved registers
	or	$t3, $t3, $k0
	bnez	$t3, mips_ipc_slow		# the dummy has no space to look at

	/* No notification, no words that don't exist, a receive phase that blocks. */
	 andi	$t0, $a3, ABI_TAG_NOTIFY | ABI_TAG_RESERVED | ABI_TAG_RBLOCK
	xori	$t0, $t0, ABI_TAG_RBLOCK
	or	$t3, $t3, $t0

	/* Nothing is special about cur, which will take messages. */
	lw	$t0, THREAD_STATUS($k1)
	ld	$a0, THREAD_UTCB($k1)		# a0: cur's UTCB
	or	$t3, $t3, $t0
	ld	$a4, 8 * ABI_UTCB_ACCEPTOR($a0)	# a4: acceptor, read once
	andi	$t0, $a4, ABI_ACCEPT_NOSYNC
	or	$t3, $t3, $t0

	/* No ready thread has a higher priority than dest. */
	ld	$t0, THREAD_PRIO($t9)
	ld	$t1, CPU_BARRIER($t8)
	sltu	$t0, $t0, $t1
	or	$t3, $t3, $t0

	/* Its space has an ASID of this generation. */
	ld	$a5, THREAD_SPACE($t9)		# a5: space
	ld	$t0, LOCAL_BASE + LOCAL_LAST_ASID($0)
	ld	$a6, SPACE_ASID($a5)		# a6: its ASID
	xor	$t0, $t0, $a6
	dsrl	$t0, $t0, ASID_BITS
	or	$t3, $t3, $t0

	/* In a call nothing can be pending from the partner. Else the receive phase is open, no
	 * sender waits, and there is nothing to be notified. */
	beq	$a1, $a2, 1f
	 andi	$a7, $a3, ABI_TAG_U_MASK	# a7: words
	daddiu	$t0, $a2, -ABI_ANYTHREAD
	ld	$t1, THREAD_SENDQ($k1)
	or	$t3, $t3, $t0
	or	$t3, $t3, $t1
	ld	$t0, 8 * ABI_UTCB_NOTIFY_BITS($a0)
	ld	$t1, 8 * ABI_UTCB_NOTIFY_MASK($a0)
	andi	$a4, $a4, ABI_ACCEPT_NOTIFY
	and	$t0, $t0, $t1
	movz	$t0, $0, $a4
	or	$t3, $t3, $t0
1:	bnez	$t3, mips_ipc_slow
	 dmfc0	$t0, EPC

	/* The point of no return. What cur keeps; it resumes behind its system call. */
	daddiu	$t0, $t0, 4
	sd	$t0, CTX_R(CTX_PC)($k1)
	.irp	r, 16,17,18,19,20,21,22,23,29,30,31
	sd	$\r, CTX_R(\r)($k1)
	.endr

	/* cur waits for `from`, dest runs. */
	li	$t0, GLUE_STATE_RECEIVING
	sb	$t0, THREAD_STATE($k1)
	sd	$a2, THREAD_PARTNER($k1)
	sd	$a2, THREAD_ACCEPTS($k1)
	sb	$0, THREAD_STATE($t9)		# GLUE_STATE_READY
	sd	$0, THREAD_ACCEPTS($t9)		# ABI_NILTHREAD
	sd	$t9, THREAD_WAITED($t9)		# any value but 0
	sd	$t9, CPU_CURRENT($t8)
	lui	$t8, %hi(mips_local + LOCAL_CTX) # t8: with LOCAL_TO, what LOCAL_BASE has to read
	ld	$t0, LOCAL_BASE + LOCAL_AS($0)
	beq	$t0, $a5, 2f
	 sd	$t9, LOCAL_TO(LOCAL_CTX)($t8)

	/* Another space. */
	ld	$t0, SPACE_ROOT($a5)
	andi	$a6, $a6, ASID_MASK
	dmtc0	$a6, ENTRYHI			# eret clears the hazard
	ori	$t1, $0, TABLE_BIAS
	daddu	$t0, $t0, $t1
	sd	$t0, LOCAL_TO(LOCAL_ROOT)($t8)
	sd	$a5, LOCAL_TO(LOCAL_AS)($t8)

	/* The words. */
2:	beqz	$a7, 3f
	 move	$v0, $a3
	move	$a2, $a7
	daddiu	$a1, $a0, 8 * (ABI_UTCB_MR + 1)
	ld	$a0, THREAD_UTCB($t9)
	jal	glue_copy_words			# changes t0-t2 besides its arguments
	 daddiu	$a0, $a0, 8 * (ABI_UTCB_MR + 1)

	/* dest goes on. v0: tag without flags, v1: sender */
3:	ld	$k1, CTX_R(CTX_PC)($t9)		# k1: no longer cur's address; k0 is 0
	dins	$v0, $0, 12, 4			# ABI_TAG_FLAGS
	dmtc0	$k1, EPC
	.irp	r, 16,17,18,19,20,21,22,23,28,29,30,31,4,5
	ld	$\r, CTX_R(\r)($t9)
	.endr
	.irp	r, 1,6,7,8,9,10,11,12,13,14,15,24,25
	move	$\r, $0
	.endr
	mult	$0, $0				# hi and lo
	ehb
	eret
	.end	mips_fastpath
	.size	mips_fastpath, . - mips_fastpath
#if ABI_TAG_FLAGS != 0xf000
#error "the dins above"
#endif
#endif
