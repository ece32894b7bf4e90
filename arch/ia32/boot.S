/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * boot.S - from the boot loader (Multiboot Specification 0.6.96, chapter 3) to C at
 * KERNEL_BASE: the first 4 MiB are mapped there and, for the moment, where they are.
 */
#include <arch/layout.h>

#define MULTIBOOT_MAGIC 0x1badb002
#define MULTIBOOT_FLAGS 3		/* modules on page boundaries; memory information */

#define CR0_PG_WP_PE 0x80010001
#define PTE_P_W      3

	.section .boot, "ax"
	.balign	4
	.long	MULTIBOOT_MAGIC
	.long	MULTIBOOT_FLAGS
	.long	-(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)

/* In: eax magic number of the boot loader, ebx physical address of its information. */
	.global	ia32_start
ia32_start:
	cli
	cld
	movl	$kernel_table - KERNEL_BASE, %edi
	movl	$PTE_P_W, %edx
	movl	$1024, %ecx
1:	movl	%edx, (%edi)
	addl	$4096, %edx
	addl	$4, %edi
	decl	%ecx
	jnz	1b

	movl	$kernel_dir - KERNEL_BASE, %edi
	movl	$kernel_table - KERNEL_BASE + PTE_P_W, %edx
	movl	%edx, (%edi)
	movl	%edx, 4*PDE_KERNEL(%edi)
	movl	%edi, %cr3
	movl	%cr0, %edx
	orl	$CR0_PG_WP_PE, %edx
	movl	%edx, %cr0
	movl	$1f, %edx
	jmp	*%edx
1:	movl	$_kernel_stack_top-KERNEL_STACK_FIRST, %esp
	pushl	$EFLAGS_FIXED			# nothing of the loader's
	popfl
	movl	%ebx, %edx
	call	boot_main			# eax, edx; eax: boot information
	jmp	start_kernel

/* This is not part of what is given away. */
	.text
start_kernel:
	call	k_boot				# eax: context of the first thread
	call	paging_drop_init		# eax: the same
	jmp	ia32_resume
