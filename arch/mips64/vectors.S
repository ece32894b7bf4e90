/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * vectors.S - exception vectors: TLB refill, the entries from user mode, and the return to it.
 *
 * Exceptions are taken with Status.EXL set. User mode's registers go to the context of the
 * current thread, which a wired TLB entry puts within reach of $0; then k_*() runs on the one
 * kernel stack, with EXL clear and interrupts off, and returns the context to resume in $v0.
 * Nothing else is on the stack, so it begins at its top each time.
 *
 * Only k0 and k1 are free at first; each comment column says what is in a register.
 */
#include <config.h>
#include <arch/cp0.h>
#include <arch/layout.h>
#include <arch/offsets.h>
#include <glue/fastpath.h>
#include <l4/abi/const.h>

#define INDEX    $0
#define RANDOM   $1
#define ENTRYLO0 $2
#define ENTRYLO1 $3
#define PAGEMASK $5
#define BADVADDR $8
#define ENTRYHI  $10
#define STATUS   $12
#define CAUSE    $13
#define EPC      $14
#define XCONTEXT $20
#define CONFIG0  $16
#define CONFIG1  $16, 1
#define DEBUG    $23
#define DEPC     $24

#define UTCB(n) (8 * (ABI_UTCB_##n))

#define CONFIG1_EP   2 /* the processor has EJTAG */
#define DEBUG_DM_BIT 30 /* Debug: in debug mode (EJTAG Specification, MD00047) */

	.set	noreorder
	.set	noat

/* From exception level to the kernel's own state. k0 is lost. */
	.macro	enter_kernel
	ld	$gp, LOCAL(GP)($0)
	ld	$k0, LOCAL(STATUS)($0)
	li	$sp, LOCAL_BASE
	mtc0	$k0, STATUS
	.endm

	.section .text.vectors, "ax"
	.globl	mips_vectors
	.type	mips_vectors, @function
	.ent	mips_vectors
mips_vectors:
	/* 0x000, refill in 32-bit mode: KX, SX and UX are always set. */
	b	mips_kernel_entry

/* The kernel's first instructions. Firmware may come here with the debug exception of an SDBBP
 * instruction, see below; then what was given away after booting is not to be executed. First
 * only what an older processor has, too: mips_start says that it is the wrong one. */
	.globl	_start
_start:
	 mfc0	$k0, CONFIG0
	andi	$k0, $k0, CONFIG0_KIND
	xori	$k0, $k0, CONFIG0_RIGHT
	bnez	$k0, mips_start
	 nop
	mfc0	$k0, CONFIG1
	andi	$k0, $k0, CONFIG1_EP
	beqz	$k0, mips_start
	 nop
	mfc0	$k0, DEBUG
	ext	$k0, $k0, DEBUG_DM_BIT, 1
	beqz	$k0, mips_start			# its slot is the next instruction

/* SDBBP, which user mode can't be kept from, makes a debug exception. Its vector is in the
 * firmware; what a firmware does without a debugger is its own affair, but where it starts the
 * kernel once more, as QEMU's does, it comes here. The thread gets its exception, though not
 * its registers back; the kernel's own SDBBP is the end (glue_halt). */
mips_debug_mode:
	 mfc0	$k0, STATUS
	andi	$k0, $k0, STATUS_USER
	beqz	$k0, wait
	 ld	$k1, CPU_CURRENT($0)	# k1: context
	lui	$k0, %hi(mips_debug_trap)
	b	save_all
	 daddiu	$k0, $k0, %lo(mips_debug_trap)
	.globl	mips_debug_trap
mips_debug_trap:				# a0: context, which is saved
	dmfc0	$k0, DEPC
	sd	$k0, CTX_R(CTX_PC)($a0)
	mfc0	$k0, DEBUG			# bit 31 means what it does in Cause
	ins	$k0, $0, 0, 31
	ori	$k0, $k0, CTX_FULL
	sd	$k0, CTX_R(CTX_STATE)($a0)
	li	$a1, EXC_BP << 2 | CAUSE_CODE	# a1: what Cause would be
	lui	$k0, %hi(mips_trap)
	daddiu	$k0, $k0, %lo(mips_trap)
	dmtc0	$k0, DEPC
	ehb
	deret					# from debug mode, to there; it returns to $31

/* TLB refill (MD00091, "XTLB Refill Exception"). The tables of the middle level are seen through the
 * window, a table after the other, so the upper 20 bits of the address are one index there. Where
 * the TLB doesn't have that part of the window, this load goes to tlb_load, and user mode comes
 * here once more. An absent table of the last level is 0, which leads to zeros at ZEROS_BASE. One test
 * finds pages that are larger than 4 KiB, and those that are not there. */
	.org	0x080
	.globl	mips_refill
mips_refill:
	dmfc0	$k1, XCONTEXT			# k1: WINDOW << 10, then the address from bit 13 on at 4
	dsra	$k0, $k1, MID_SHIFT - 13 + 4
	dsll	$k0, $k0, 3
	ld	$k0, 0($k0)			# k0: the table of the last level, + TABLE_BIAS
	andi	$k1, $k1, (1 << TABLE_LOG2) - 16
	daddu	$k0, $k0, $k1			# k0: the pair, + TABLE_BIAS
	ld	$k1, 8 - TABLE_BIAS($k0)
	ld	$k0, -TABLE_BIAS($k0)
	mtc0	$k1, ENTRYLO1
	blez	$k0, 1f				# 0, or SIZED in space.c
	 mtc0	$k0, ENTRYLO0
2:	ehb
	tlbwr
	eret

/* If neither page is there, this is a page fault. If just the second one is, the entry is wanted.
 * Else the two are the same: k0 has EntryLo0 below, the page mask above. The second half of the page
 * is (mask + 0x2000) / 2 bytes further; EntryLo has address bits 12 and up at 6. */
1:	beqz	$k1, absent
	 dext	$k1, $k0, 32, 29		# k1: page mask
	beqz	$k0, 2b
	 mtc0	$k1, PAGEMASK
	daddiu	$k1, $k1, 0x2000
	dsrl	$k1, $k1, 7
	daddu	$k1, $k1, $k0
	mtc0	$k1, ENTRYLO1
	ehb
	tlbwr
	mtc0	$0, PAGEMASK			# as the others expect it
	ehb
	eret

/* From 0x100, below. Status.ERL is set and xuseg unmapped, but nobody will go back. */
cache_error:
	ld	$k0, LOCAL(STATUS)($0)
	lui	$sp, %hi(trap_stack_top)
	mtc0	$k0, STATUS
	j	mips_cache_error		# it does not return
	 daddiu	$sp, $sp, %lo(trap_stack_top)

/* Cache error; this is executed uncached, at 0xa0000100 + EBase. */
	.org	0x100
	dla	$k0, cache_error
	jr	$k0
	 ld	$gp, LOCAL(GP)($0)

/* The kernel itself has trapped: report it, on another stack. */
mips_kernel_entry:
	dla	$k1, trap_context
	sd	$gp, CTX_R(CTX_GP)($k1)
	lui	$k0, %hi(1f)
	b	save_all
	 daddiu	$k0, $k0, %lo(1f)
1:	lui	$sp, %hi(trap_stack_top)	# a0: context, a1: Cause, a2: address
	j	mips_kernel_trap		# it does not return
	 daddiu	$sp, $sp, %lo(trap_stack_top)

/* Nothing to run: wait for an interrupt, which doesn't return here. */
idle:
	ld	$k0, LOCAL(STATUS)($0)
	ori	$k0, $k0, STATUS_IE
	mtc0	$k0, STATUS
	ehb
wait:
	wait
	b	wait
	 nop

/* Nothing is mapped at the address, nor in the TLB. */
absent:	mfc0	$k0, STATUS
	ld	$k1, CPU_CURRENT($0)		# k1: context
	andi	$k0, $k0, STATUS_USER
	beqz	$k0, mips_kernel_entry
	 lui	$k0, %hi(mips_absent)
	b	save_all
	 daddiu	$k0, $k0, %lo(mips_absent)

/* An interrupt in kernel mode: idle is the only place where they are on, and has nothing to save. */
idle_interrupt:
	daddiu	$k0, $k0, %lo(k_interrupt)
	b	run
	 move	$k1, $0

	.end	mips_vectors
	.size	mips_vectors, . - mips_vectors

/* Behind mips_general (fastpath.S), at 0x200. */
	.section .text.vector_interrupt, "ax"
	.globl	mips_interrupt
	.type	mips_interrupt, @function
	.ent	mips_interrupt
mips_interrupt:
	mfc0	$k0, STATUS
	ld	$k1, CPU_CURRENT($0)		# k1: context
	andi	$k0, $k0, STATUS_USER
	beqz	$k0, idle_interrupt
	 lui	$k0, %hi(k_interrupt)
	b	save_all
	 daddiu	$k0, $k0, %lo(k_interrupt)

/* Everything else but refills and system calls. k0: not 0, Cause's code differs from that of a system
 * call in it; k1: context, if it was in user mode. */
	.globl	mips_other
mips_other:
	xori	$k0, $k0, (EXC_SYS ^ EXC_TLBL) << 2
	beqz	$k0, tlb_load
	 mfc0	$k0, STATUS
4:	andi	$k0, $k0, STATUS_USER
	beqz	$k0, mips_kernel_entry
save_trap:
	 lui	$k0, %hi(mips_trap)
	daddiu	$k0, $k0, %lo(mips_trap)

/* An entry that saves everything to the context k1: all registers, hi, lo, EPC and the state; then the
 * kernel's own state, and the function k0, with $a0 the context, $a1 Cause, $a2 BadVAddr. */
save_all:
	.irp	r, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25
	sd	$\r, CTX_R(\r)($k1)
	.endr
	sd	$29, CTX_R(CTX_SP)($k1)
	sd	$30, CTX_R(CTX_FP)($k1)
	sd	$31, CTX_R(CTX_RA)($k1)
	mfhi	$t0
	mflo	$t1
	sd	$t0, CTX_R(CTX_HI)($k1)
	sd	$t1, CTX_R(CTX_LO)($k1)
	dmfc0	$t2, EPC
	mfc0	$a1, CAUSE			# a1: Cause
	dmfc0	$a2, BADVADDR			# a2: address
	sd	$t2, CTX_R(CTX_PC)($k1)
	ori	$t3, $a1, CTX_FULL
	sd	$t3, CTX_R(CTX_STATE)($k1)
run:	ld	$gp, LOCAL(GP)($0)
	ld	$t0, LOCAL(STATUS)($0)
	li	$sp, LOCAL_BASE			# sp: kernel stack, gp: small data
	mtc0	$t0, STATUS
	jalr	$k0
	 move	$a0, $k1			# a0: context
	b	resume
	 ld	$k1, LOCAL(USER_STATUS)($0)	# k1: Status

/* Where a refill didn't find its part of the window, 8 KiB for a table: the table in the root's entry, or
 * zeros, becomes a TLB entry of this space, read-only. Then what has missed is tried once more. Only
 * the refill gets a TLB exception for an address of the kernel's. */
tlb_load:
	andi	$k0, $k0, STATUS_USER
	beqz	$k0, mips_kernel_entry		# an access of the kernel's own
	 dmfc0	$k0, ENTRYHI
	bgez	$k0, 4b
	 mfc0	$k0, STATUS
	dmfc0	$k1, ENTRYHI
	dext	$k0, $k1, TABLE_LOG2, TABLE_BITS	# k0: index in the root
	andi	$k1, $k1, (1 << ASID_BITS) - 1
	beqz	$k1, 5f
	 dsll	$k1, $k1, 3
	ld	$k1, %lo(_local_owner)($k1)
	ld	$k1, SPACE_ROOT($k1)
	dins	$k1, $k0, 3, TABLE_BITS
	ld	$k1, -TABLE_BIAS($k1)		# k1: the table + TABLE_BIAS, or 0
	ld	$k0, LOCAL(ZEROS)($0)
	movz	$k1, $k0, $k1
	daddiu	$k1, $k1, -TABLE_BIAS
	dsrl	$k1, $k1, 6			# EntryLo has address bits 12 and up at 6
	ori	$k1, $k1, ENTRYLO_TABLE
	mtc0	$k1, ENTRYLO0
	ori	$k1, $k1, 1 << 6
	mtc0	$k1, ENTRYLO1
	ehb
	tlbwr
	eret

5:	ld	$k1, CPU_CURRENT($0)		# no ASID: mips_tlb_begin
	b	4b
	 mfc0	$k0, STATUS

/* A system call; k1: context. Its number is in $4; that of IPC is the tag's flags n and r and its
 * reserved bits, as far as they are not those of a plain message with a receive phase that blocks.
 * Where it goes on is in $31. Nothing is saved. */
	.globl	mips_system_call
mips_system_call:
	andi	$k0, $4, IPC_NUMBERS
	bne	$k0, $4, other_call
	 or	$k0, $5, $6
#if FASTPATH
	bnez	$k0, 1f				# neither to nor from anybody
	 move	$3, $0				# $2, $3: 0, the results
2:	move	$2, $0
	dmtc0	$31, EPC
	ld	$28, CTX_R(CTX_GP)($k1)
	move	$k1, $0
	ehb
	eret
1:
#endif
	sd	$29, CTX_R(CTX_SP)($k1)
	sd	$30, CTX_R(CTX_FP)($k1)
	sd	$31, CTX_R(CTX_PC)($k1)
#if FASTPATH
	/* Who is meant, as in mips_general. */
	dext	$1, $5, ABI_TID_VERSION_BITS, SLOTS_LOG2
	dins	$28, $1, 3, SLOTS_LOG2	# $28: threads, from there
	ld	$28, 0($28)			# $28: dest
	ld	$3, THREAD_ID($28)
	bne	$3, $5, mips_ipc_slow

/* A notification, with no receive phase, to a thread that takes such, but doesn't wait for it: it is
 * ready, or waits for just one thread. The bits are noted. (Of a thread that is ready, the partner
 * means nothing; if it is anythread, this is left to others.) */
	 xori	$1, $4, ABI_TAG_NOTIFY | ABI_TAG_RBLOCK
	or	$1, $1, $6
	bnez	$1, mips_message
	 lbu	$1, THREAD_STATE($28)
	sltiu	$1, $1, GLUE_STATE_RECEIVING + 1	# GLUE_STATE_READY is 0
	beqz	$1, mips_notify
	 ld	$1, THREAD_PARTNER($28)
	daddiu	$1, $1, -ABI_ANYTHREAD
	beqz	$1, mips_notify
	 ld	$3, THREAD_UTCB($28)
	beqz	$3, mips_ipc_to			# an interrupt's
	 nop
	ld	$1, UTCB(ACCEPTOR)($3)
	andi	$1, $1, ABI_ACCEPT_NOTIFY
	beqz	$1, mips_ipc_to
	 ld	$1, THREAD_UTCB($k1)
	ld	$1, UTCB(MR + 1)($1)
	ld	$2, UTCB(NOTIFY_BITS)($3)
	or	$1, $1, $2
	sd	$1, UTCB(NOTIFY_BITS)($3)
	move	$1, $0
	b	2b
	 move	$3, $0

/* As mips_ipc_slow, to the thread $28, unless $5 is nilthread. */
	.globl	mips_ipc_to
mips_ipc_to:
	beqz	$5, mips_ipc_slow
	 xori	$1, $4, ABI_TAG_RBLOCK		# the tag's flags are in the number
	move	$a1, $28			# a1: to
	enter_kernel				# sp: kernel stack
	dsrl	$1, $1, 6
	dins	$2, $1, 6, 9			# ABI_TAG_RESERVED to ABI_TAG_RBLOCK
	sd	$6, THREAD_PARTNER($k1)
	sd	$2, THREAD_TAG($k1)
	jal	k_ipc_to
	 move	$a0, $k1			# a0: context
	b	resume
	 ld	$k1, LOCAL(USER_STATUS)($0)	# k1: Status
#endif

	.globl	mips_ipc_slow
mips_ipc_slow:					# $29, $30 and $31 are saved
	enter_kernel				# sp: kernel stack
	xori	$1, $4, ABI_TAG_RBLOCK		# the tag's flags are in the number
	dsrl	$1, $1, 6
	dins	$2, $1, 6, 9			# ABI_TAG_RESERVED to ABI_TAG_RBLOCK
	move	$a0, $k1			# a0: context, a1: to, a2: from
	jal	k_ipc
	 move	$a3, $2				# a3: tag
	b	resume
	 ld	$k1, LOCAL(USER_STATUS)($0)	# k1: Status

/* What glue_arg and glue_ctx_restart need. */
other_call:
	sltiu	$k0, $4, ABI_SYS_COUNT
	beqz	$k0, save_trap			# there is none: save all registers
	 sd	$29, CTX_R(CTX_SP)($k1)
	sd	$30, CTX_R(CTX_FP)($k1)
	sd	$31, CTX_R(CTX_PC)($k1)
	.irp	r, 4,5,6,7,8
	sd	$\r, CTX_R(\r)($k1)
	.endr
	enter_kernel				# sp: kernel stack
	move	$a1, $4				# a1: number
	jal	k_syscall
	 move	$a0, $k1			# a0: context

/* Resume the context v0. No register keeps a value of the kernel's or of another thread; after
 * a system call, those that have no result are 0. */
	.globl	mips_resume
mips_resume:
	ld	$k1, LOCAL(USER_STATUS)($0)	# k1: Status
resume:	beqz	$v0, idle
	 mtc0	$k1, STATUS			# exception level again
	.globl	mips_resume_all
mips_resume_all:
	ld	$k0, CTX_R(CTX_STATE)($v0)
	bnez	$k0, resume_full
	 move	$28, $v0			# $28: context
	ld	$5, CTX_R(5)($28)
	ld	$4, CTX_R(4)($28)
	ld	$3, CTX_R(3)($28)
	ld	$2, CTX_R(2)($28)
	.irp	r, 1,16,17,18,19,20,21,22,23
	move	$\r, $0
	.endr
	b	mips_leave
	 move	$k1, $0

resume_full:
	ld	$2, CTX_R(CTX_HI)($28)
	ld	$3, CTX_R(CTX_LO)($28)
	ld	$k0, CTX_R(CTX_PC)($28)
	mthi	$2
	mtlo	$3
	dmtc0	$k0, EPC
	sd	$0, CTX_R(CTX_STATE)($28)
	.irp	r, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25
	ld	$\r, CTX_R(\r)($28)
	.endr
	ld	$29, CTX_R(CTX_SP)($28)
	ld	$30, CTX_R(CTX_FP)($28)
	ld	$31, CTX_R(CTX_RA)($28)
	ld	$28, CTX_R(CTX_GP)($28)
	move	$k0, $0
	move	$k1, $0
	ehb
	eret

	.end	mips_interrupt
	.size	mips_interrupt, . - mips_interrupt

/* For _local_owner in kernel.lds.in. */
	.section .discard.names
	.dword	mips_owner

/* The wired entry maps them: the first at the beginning of a page, the rest of which has variables
 * that nobody needs there, the second behind the stack. */
	.section .bss..zeros, "aw", @nobits
	.balign	1 << LOCAL_LOG2
	.globl	mips_zeros
	.type	mips_zeros, @object
mips_zeros:
	.space	ZEROS_SIZE
	.size	mips_zeros, . - mips_zeros

/* Once the kernel itself has trapped, nothing needs zeros any more: the report is made there. */
	.set	trap_context, mips_zeros
	.set	trap_stack_top, mips_zeros + ZEROS_SIZE

	.section .bss..local, "aw", @nobits
	.globl	mips_local
	.type	mips_local, @object
mips_local:
	.space	LOCAL_SIZE
	.size	mips_local, . - mips_local
