/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * hostile.S - code with which a thread tries to do what it may not, or does what it may in the
 * oddest place. Each piece is a function without arguments, which returns 0 in r0 if all is
 * well; where an exception is expected, it is at the label <name>_at, and r3 says where to go
 * on. The labels' lowest bits say which instruction set it is, as in an exception's message.
 */
#include <l4/abi/const.h>

#define SYS(name) (ABI_SYS_##name << 24) /* as it is in r0 */

#define KERNEL_TEXT 0x80100000
#define UNMAPPED    0x20000000
#define VECTORS     0xffff0000

#define USER_STATE 0x50			/* CPSR: User mode, FIQ masked, nothing else */
#define STATE_BITS 0x0700fdff			/* all but N Z C V Q GE and E */

	.syntax unified
	.arch armv7-a
	.arch_extension sec
	.fpu neon-vfpv4
	.text

	.macro	func name:req
	.globl	\name
	.type	\name, %function
\name:
	.endm

	.macro	at name:req
	.globl	\name\()_at
	.type	\name\()_at, %function
\name\()_at:
	.endm

	.macro	good
	mov	r0, #0
	bx	lr
	.endm

	.macro	bad
	mov	r0, #1
	bx	lr
	.endm

/* ---- instructions that must be refused ---------------------------------------------------- */
	.macro	refused name:req, insn:vararg
	func	\name
	at	\name
	\insn
	bad
	.endm

#define ARM(name, ...)	 .arm; refused name, __VA_ARGS__
#define THUMB(name, ...) .thumb; refused name, __VA_ARGS__
#include "refused.def"
	.arm

	refused	do_bkpt, bkpt 7
	.thumb
	refused	do_t_bkpt, bkpt 7
	.arm

/* ---- what is allowed, and must change nothing ----------------------------------------------- */

/* r0: the mode and the masks are still the user's, and it is neither Thumb nor Jazelle. */
	.macro	still_user
	mrs	r0, cpsr
	ldr	r1, =STATE_BITS
	and	r0, r0, r1
	sub	r0, r0, #USER_STATE
	.endm

	func	do_cps
	cpsid	aif, #0x13
	still_user
	bx	lr

	func	do_cps_on
	cpsie	aif
	still_user
	bx	lr

	func	do_msr_mode
	mrs	r0, cpsr
	bic	r0, r0, #0xff
	orr	r0, r0, #0xd3			@ Supervisor mode, all masked
	msr	cpsr_cxsf, r0
	still_user
	bx	lr

	func	do_msr_all
	mvn	r0, #0
	msr	cpsr_cxsf, r0
	setend	le
	still_user
	bx	lr

	func	do_bxj
	adr	r0, 1f
	bxj	r0
	bad
1:	still_user
	bx	lr

	func	do_barriers
	mcr	p15, 0, r0, c7, c10, 4		@ CP15DSB
	mcr	p15, 0, r0, c7, c10, 5		@ CP15DMB
	mcr	p15, 0, r0, c7, c5, 4		@ CP15ISB
	dsb
	dmb
	isb
	wfe
	sev
	yield
	clrex
	good

	func	do_tpidruro
	mrc	p15, 0, r1, c13, c0, 3
	ldr	r0, [r1, #4 * ABI_UTCB_MY_ID]
	clz	r0, r0
	lsr	r0, r0, #5			@ 1: no id
	bx	lr

/* ---- byte order: the kernel has its own ------------------------------------------------------- */

	func	do_big_endian
	mov	r0, #SYS(KERNEL_INTERFACE)
	setend	be
	svc	#0
	mov	r1, #1
	str	r1, [sp, #-4]			@ the thread's is as it was
	setend	le
	ldr	r2, [sp, #-4]
	eor	r2, r2, #0x01000000
	cmp	r0, #4096			@ an address
	orrlo	r2, r2, #1
	mov	r0, r2
	bx	lr

	func	do_big_endian_ipc
	mov	r0, #ABI_SYS_IPC		@ to and from nil
	mov	r1, #0
	mov	r2, #0
	mov	r3, #0
	setend	be
	svc	#0
	setend	le
	bx	lr				@ r0: the nil tag

	func	do_big_endian_fault
	ldr	r2, =UNMAPPED
	setend	be
	at	do_big_endian_fault
	ldr	r0, [r2]
	setend	le
	bx	lr

	func	do_big_endian_trap
	adr	r3, 1f
	setend	be
	at	do_big_endian_trap
	udf	#3
	setend	le
	bad
1:	setend	le
	good

/* ---- system calls in odd places --------------------------------------------------------------- */
	.thumb
	func	do_t_svc
	movs	r0, #SYS(KERNEL_INTERFACE)
	svc	#0xff				@ the number in the instruction is ignored
	movs	r1, #0
	cmp	r0, #255
	bhi	1f
	movs	r1, #1
1:	mov	r0, r1
	bx	lr

/* In an IT block of four: `pattern` is the block, of which instruction `place` is the system
 * call; the others note that they were executed, in r4. */
	.macro	step place:req, here:req, cond:req
	.ifeq	\place - \here
	svc\cond #0
	.else
	add\cond r4, r4, #(1 << \here)
	.endif
	.endm

	.macro	it_svc name:req, place:req, pattern:req, c0:req, c1:req, c2:req, c3:req, sum:req
	func	\name
	push	{r4, lr}
	movs	r4, #0
	movs	r0, #SYS(KERNEL_INTERFACE)
	cmp	r4, r4
	\pattern eq
	step	\place, 0, \c0
	step	\place, 1, \c1
	step	\place, 2, \c2
	step	\place, 3, \c3
	subs	r4, r4, #\sum
	cmp	r0, #255
	it	ls
	addls	r4, r4, #64
	mov	r0, r4
	pop	{r4, pc}
	.endm

	it_svc	it_svc_0, 0, itttt, eq, eq, eq, eq, 14
	it_svc	it_svc_1, 1, itttt, eq, eq, eq, eq, 13
	it_svc	it_svc_2, 2, itttt, eq, eq, eq, eq, 11
	it_svc	it_svc_3, 3, itttt, eq, eq, eq, eq, 7
	it_svc	it_svc_then_else, 0, iteet, eq, ne, ne, eq, 8
	it_svc	it_svc_else_then, 1, ittet, eq, eq, ne, eq, 9
	it_svc	it_svc_last, 3, iteet, eq, ne, ne, eq, 1

	func	it_svc_skipped			@ its condition does not hold
	movs	r0, #SYS(KERNEL_INTERFACE)
	cmp	r0, r0
	itet	ne
	svcne	#0
	subeq	r0, r0, #SYS(KERNEL_INTERFACE)
	addne	r0, r0, #1
	bx	lr

/* ---- faults in IT blocks: it goes on in the middle of the block --------------------------------- */
	func	it_load
	ldr	r2, =UNMAPPED
	movs	r1, #0
	movs	r0, #5
	cmp	r0, r0
	ittet	eq
	addeq	r1, r1, #1
	at	it_load
	ldreq	r0, [r2]			@ 0
	movne	r0, #7
	addeq	r1, r1, #2
	subs	r1, r1, #3
	orrs	r0, r0, r1
	bx	lr

	func	it_store
	ldr	r2, =UNMAPPED + 8
	movs	r1, #0
	cmp	r1, r1
	itete	eq
	at	it_store
	streq	r2, [r2]
	addne	r1, r1, #1
	ldreq	r1, [r2]
	movne	r1, #0
	subs	r0, r1, r2
	bx	lr

	func	it_fpu				@ the first use of the FPU
	movs	r1, #0x55
	movs	r0, #1
	cmp	r1, r1
	itete	eq
	vmoveq	s3, r1
	movne	r0, #9
	vmoveq	r0, s3
	movne	r0, #8
	subs	r0, r0, #0x55
	bx	lr

	func	it_undefined			@ the answer's IP starts no block
	adr	r3, 1f
	adds	r3, r3, #1
	cmp	r3, r3
	itt	eq
	at	it_undefined
	.inst.n	0xde01
	moveq	r0, #1
	.balign	4
1:	movs	r0, #0
	movs	r1, #0				@ must not be conditional
	bx	lr

/* Where the director sends threads with flags of its own: r0 counts what was executed, of four
 * instructions. */
	.balign	4
	.globl	flags_thumb
	.type	flags_thumb, %function
flags_thumb:
	add.w	r0, r0, #1
	add.w	r0, r0, #2
	add.w	r0, r0, #4
	add.w	r0, r0, #8
	.inst.n	0xb650				@ setend le
	bx	lr

	func	trap_thumb
	movs	r0, #0
	at	trap_thumb
	.inst.n	0xde02
	.arm

	.globl	flags_arm
	.type	flags_arm, %function
flags_arm:
	setend	le
	still_user
	bx	lr

	.globl	push_here
	.type	push_here, %function
push_here:
	push	{r0}
	bad

/* ---- memory --------------------------------------------------------------------------------------- */
	.macro	address name:req, value:req, insn:vararg
	func	\name
	ldr	r2, =\value
	at	\name
	\insn
	bad
	.endm

	address	do_load_kernel, KERNEL_TEXT, ldr r0, [r2]
	address	do_store_kernel, KERNEL_TEXT, str r0, [r2]
	address	do_load_vectors, VECTORS, ldr r0, [r2]
	address	do_load_top, 0xfffffffc, ldr r0, [r2]
	address	do_swap_kernel, KERNEL_TEXT, ldrex r0, [r2]
	address	do_load_translated, KERNEL_TEXT, ldrt r0, [r2]
	address	do_unaligned_double, UNMAPPED + 2, ldrd r0, r1, [r2]
	address	do_unaligned_multiple, UNMAPPED + 1, ldm r2, {r0, r1}
	address	do_unaligned_exclusive, UNMAPPED + 2, ldrex r0, [r2]

	func	do_jump_kernel
	ldr	r2, =KERNEL_TEXT
	bx	r2

	func	do_jump_vectors
	ldr	r2, =VECTORS + 8
	bx	r2

	func	do_load_multiple		@ the base is in the list, and loaded last
	ldr	r2, =UNMAPPED + 16
	at	do_load_multiple
	ldm	r2, {r0, r1, r2}
	orr	r0, r0, r1
	orr	r0, r0, r2
	bx	lr

	func	do_push				@ with write-back
	mov	r2, sp
	ldr	sp, =UNMAPPED + 0x1000
	at	do_push
	push	{r0-r2}
	pop	{r0, r1, r3}
	sub	r0, r2, r3
	mov	sp, r2
	bx	lr

/* ---- exclusive monitor: no other thread ran between the load and a store that succeeds ------------ */
	func	exclusive_switch
	push	{r4, lr}
	sub	sp, sp, #8
	mov	r4, sp
	ldrex	r1, [r4]
	add	lr, r1, #1
	str	lr, [r4, #4]
	mov	r0, #ABI_SYS_IPC		@ the director answers: it ran
	ldr	r1, =director
	ldr	r1, [r1]
	mov	r2, r1
	mov	r3, #ABI_TAG_SBLOCK | ABI_TAG_RBLOCK
	svc	#0
	mov	r1, #7
	strex	r0, r1, [r4]			@ 1: not stored
	eor	r0, r0, #1
	add	sp, sp, #8
	pop	{r4, pc}

/* ---- registers of one thread are not seen by another ------------------------------------------------ */
	func	tpidrurw_write
	ldr	r0, =0x5a5a1234
	mcr	p15, 0, r0, c13, c0, 2
	good

	func	tpidrurw_read
	mrc	p15, 0, r0, c13, c0, 2
	ldr	r1, =0x5a5a1234
	sub	r0, r0, r1
	clz	r0, r0
	lsr	r0, r0, #5			@ 1: the pattern
	bx	lr

	.globl	call_at_the_top, call_at_the_top_end
call_at_the_top:
	mov	r0, #SYS(THREAD_SWITCH)
	mov	r1, #0
	svc	#0
call_at_the_top_end:

	.ltorg
	.section .note.GNU-stack, "", %progbits
