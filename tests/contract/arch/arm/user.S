/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * user.S (ARM) - the snippets of ops.h, and the stack switches of target.h.
 *
 * A system call: r0 number << 24, r1-r4 arguments; results in r0-r3. IPC: r1-r3, results r0, r1.
 */
#include <l4/abi/const.h>

#include "ops.h"

	.syntax unified
	.arch armv7ve
	.fpu vfpv3
	.arm

	.section .rodata
	.balign	4
	.globl	contract_user_code, contract_user_size, contract_user_offsets
contract_user_code:

read:	ldr	r5, [sp]
	ldr	r6, [r5]
	str	r6, [sp, #16]
	b	done

write:	ldm	sp, {r5, r6}
	str	r6, [r5]
	b	done

exec:	ldr	r5, [sp]
	blx	r5
	str	r0, [sp, #16]
	b	done

spin:	ldr	r5, [sp, #16]
	add	r5, r5, #1
	str	r5, [sp, #16]
	b	spin

syscall:
	mov	r0, #(NR_REPORT << 24)
	ldm	sp, {r1-r4}
	svc	#0
	add	r5, sp, #16
	stm	r5, {r0-r3}
	b	done

ipc:	mov	r0, #ABI_SYS_IPC
	ldm	sp, {r1-r3}
	svc	#0
	add	r5, sp, #16
	stm	r5, {r0, r1}
	b	done

	/* r5-r12, lr and the condition flags; r0-r4 belong to the system call. */
keep_call:
	ldr	r5, =PATTERN
	add	r6, r5, #6
	add	r7, r5, #7
	add	r8, r5, #8
	add	r9, r5, #9
	add	r10, r5, #10
	add	r11, r5, #11
	add	r12, r5, #12
	add	lr, r5, #14
	mov	r0, #(NR_REPORT << 24)
	msr	apsr_nzcvq, #0xa8000000
	svc	#0
	mrs	r1, apsr
	mov	r0, #0
	and	r1, r1, #0xf8000000
	cmp	r1, #0xa8000000
	addne	r0, r0, #1
	b	compare

	/* r1 is the pointer, r2 what it points to, the rest is kept. */
keep_trap:
	ldr	r5, =PATTERN
	add	r0, r5, #1
	add	r3, r5, #3
	add	r4, r5, #4
	add	r6, r5, #6
	add	r7, r5, #7
	add	r8, r5, #8
	add	r9, r5, #9
	add	r10, r5, #10
	add	r11, r5, #11
	add	r12, r5, #12
	add	lr, r5, #14
	ldr	r1, [sp]
1:	ldr	r2, [r1]
	cmp	r2, #0
	beq	1b
	ldr	r1, =PATTERN
	sub	r0, r0, r1
	sub	r3, r3, r1
	sub	r4, r4, r1
	cmp	r0, #1
	mov	r0, #0
	addne	r0, r0, #1
	cmp	r3, #3
	addne	r0, r0, #1
	cmp	r4, #4
	addne	r0, r0, #1
compare:
	ldr	r1, =PATTERN
	cmp	r5, r1
	addne	r0, r0, #1
	.irp	n, 6, 7, 8, 9, 10, 11, 12
	add	r2, r1, #\n
	cmp	r\n, r2
	addne	r0, r0, #1
	.endr
	add	r2, r1, #14
	cmp	lr, r2
	addne	r0, r0, #1
	str	r0, [sp, #16]
	b	done

undefined:
	udf	#0
	b	done

privileged:
	mcr	p15, 0, r0, c1, c0, 0		@ SCTLR
	b	done

fpu_set:
	vldr	s0, [sp]
	vmov.f32 s1, s0
	b	done

fpu_get:
	vstr	s1, [sp, #16]
	b	done

tls:	mrc	p15, 0, r5, c13, c0, 3		@ TPIDRURO
	str	r5, [sp, #16]
	b	done

exclusive:
	ldrd	r6, r7, [sp]
	ldrex	r8, [r6]
	mov	r0, #(NR_REPORT << 24)
	svc	#0
	strex	r8, r7, [r6]			@ 0: stored
	eor	r8, r8, #1
	str	r8, [sp, #16]
	b	done

device:	ldm	sp, {r5, r6}
	str	r6, [r5]
	b	done

done:	mov	r0, #(NR_DONE << 24)
	svc	#0
	b	done
	.ltorg
	.balign	4
user_end:

contract_user_size:
	.word	user_end - contract_user_code

contract_user_offsets:
	.irp	op, read, write, exec, spin, syscall, ipc, keep_call, keep_trap, undefined, \
		privileged, fpu_set, fpu_get, tls, exclusive, device
	.word	\op - contract_user_code
	.endr

	.text
	.globl	contract_switch, contract_start
	.type	contract_switch, %function
	.type	contract_start, %function
contract_switch:				@ r0: where to save sp, r1: new sp
	push	{r4-r11, lr}
	str	sp, [r0]
	mov	sp, r1
	pop	{r4-r11, pc}

contract_start:					@ r0: where to save sp, r1: new sp, r2: function
	push	{r4-r11, lr}
	str	sp, [r0]
	mov	sp, r1
	bx	r2
