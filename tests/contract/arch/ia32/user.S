/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * user.S (ia32) - the snippets of ops.h, and the stack switches of target.h.
 *
 * A system call by int: eax number, ecx, edx, esi, edi arguments and results. IPC by
 * sysenter: eax tag, ebx to, esi from, edi return address, ebp stack pointer; results eax
 * tag, ebx from.
 */
#include <l4/abi/const.h>
#include <arch/layout.h>

#include "ops.h"

	/* Count in eax if the register is not what it was filled with. */
	.macro	check reg, n
	cmpl	$PATTERN+\n, \reg
	je	1f
	incl	%eax
1:
	.endm

	.section .rodata
	.balign	4
	.globl	contract_user_code, contract_user_size, contract_user_offsets
contract_user_code:

read:	movl	(%esp), %eax
	movl	(%eax), %ecx
	movl	%ecx, 16(%esp)
	jmp	done

write:	movl	(%esp), %eax
	movl	4(%esp), %ecx
	movl	%ecx, (%eax)
	jmp	done

	/* The function's return address must not overwrite the arguments. */
exec:	movl	(%esp), %eax
	movl	%esp, %ebx
	addl	$256, %esp
	call	*%eax
	movl	%ebx, %esp
	movl	%eax, 16(%esp)
	jmp	done

spin:	incl	16(%esp)
	jmp	spin

syscall:
	movl	$NR_REPORT, %eax
	movl	(%esp), %ecx
	movl	4(%esp), %edx
	movl	8(%esp), %esi
	movl	12(%esp), %edi
	int	$VEC_SYSCALL
	movl	%ecx, 16(%esp)
	movl	%edx, 20(%esp)
	movl	%esi, 24(%esp)
	movl	%edi, 28(%esp)
	jmp	done

ipc:	movl	$CODE_ADDRESS+(ipc_return-contract_user_code), %edi
	movl	(%esp), %ebx
	movl	4(%esp), %esi
	movl	8(%esp), %eax
	movl	%esp, %ebp
	sysenter
ipc_return:
	movl	%eax, 16(%esp)
	movl	%ebx, 20(%esp)
	jmp	done

	/* ebx and ebp, and flags; the others belong to the system call. */
keep_call:
	movl	$PATTERN+1, %ebx
	movl	$PATTERN+2, %ebp
	movl	$NR_REPORT, %eax
	stc
	int	$VEC_SYSCALL
	sbbl	%eax, %eax			# -1: the carry is there
	incl	%eax
	check	%ebx, 1
	check	%ebp, 2
	movl	%eax, 16(%esp)
	jmp	done

keep_trap:
	movl	$PATTERN+1, %ebx
	movl	$PATTERN+2, %ebp
	movl	$PATTERN+3, %ecx
	movl	$PATTERN+4, %edx
	movl	$PATTERN+5, %esi
	movl	$PATTERN+6, %edi
1:	movl	(%esp), %eax
	cmpl	$0, (%eax)
	je	1b
	xorl	%eax, %eax
	check	%ebx, 1
	check	%ebp, 2
	check	%ecx, 3
	check	%edx, 4
	check	%esi, 5
	check	%edi, 6
	movl	%eax, 16(%esp)
	jmp	done

undefined:
	ud2
	jmp	done

privileged:
	cli
	jmp	done

fpu_set:
	movd	(%esp), %xmm0
	movaps	%xmm0, %xmm7
	jmp	done

fpu_get:
	movd	%xmm7, 16(%esp)
	jmp	done

tls:	movl	%gs:4*24, %eax			# the UTCB's own address: abi/kip.h
	movl	%eax, 16(%esp)
	jmp	done

	/* There are no such instructions: the store never happens. */
exclusive:
	movl	$NR_REPORT, %eax
	int	$VEC_SYSCALL
	movl	$0, 16(%esp)
	jmp	done

device:	movl	(%esp), %edx
	movl	4(%esp), %eax
	outb	%al, %dx
	jmp	done

done:	movl	$NR_DONE, %eax
	int	$VEC_SYSCALL
	jmp	done
	.balign	4
user_end:

	.balign	4
contract_user_size:
	.long	user_end - contract_user_code

contract_user_offsets:
	.irp	op, read, write, exec, spin, syscall, ipc, keep_call, keep_trap, undefined, \
		privileged, fpu_set, fpu_get, tls, exclusive, device
	.long	\op - contract_user_code
	.endr

	/* Arguments in eax, edx, ecx, as all kernel code has them. */
	.text
	.globl	contract_switch, contract_start
contract_switch:				# eax: where to save esp, edx: new esp
	pushl	%ebx
	pushl	%esi
	pushl	%edi
	pushl	%ebp
	movl	%esp, (%eax)
	movl	%edx, %esp
	popl	%ebp
	popl	%edi
	popl	%esi
	popl	%ebx
	ret

contract_start:					# ecx: function
	pushl	%ebx
	pushl	%esi
	pushl	%edi
	pushl	%ebp
	movl	%esp, (%eax)
	movl	%edx, %esp
	call	*%ecx
