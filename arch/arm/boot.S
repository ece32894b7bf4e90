/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * boot.S - from the loader's jump to the C code: MMU off, at the physical address, in; a
 * first map with all of RAM readable, writable and executable, on the kernel's stack, out.
 * arm_mmu_init then gives each part of the image its own rights.
 *
 * References of the form B3.5.1 are to DDI 0406C.
 */
#include <config.h>

#include <arch/layout.h>
#include <arch/psr.h>

/* PRRR, NMRR (B4.1.127, B4.1.104): memory types 0 ... 3 are the contract's attributes cached,
 * uncached, write-combining (all three normal memory) and device (strongly ordered). Normal
 * memory with S set is inner shareable. */
#define PRRR 0x0708002a
#define NMRR 0x00010001

/* A section (B3.5.1), access flag and S set, for PL1 only: memory type 0, read-write. */
#define SECTION_BOOT 0x10402
/* A small page with the same rights, and a reference to a second-level table. */
#define PAGE_BOOT    0x412
#define TABLE_BOOT   0x1

/* SCTLR (B4.1.130): on: access flag, TEX remap, I-cache, branch prediction, D-cache, MMU.
 * Off: Thumb and big-endian exceptions, WXN and UWXN, high vectors, SWP, alignment checks. */
#define SCTLR_SET   0x30001805
#define SCTLR_CLEAR 0x42182402

	.syntax unified
	.arch armv7-a
	.arch_extension virt
	.arch_extension sec
	.arm

	.section .text.boot, "ax"
	.globl	_start
	.type	_start, %function
_start:
	cpsid	aif
	mrs	r0, cpsr
	and	r1, r0, #PSR_MODE
	cmp	r1, #MODE_HYP
	beq	leave_hyp

	/* The first CPU goes on. */
boot:
	mrc	p15, 0, r0, c0, c0, 5		@ MPIDR
	ands	r0, r0, #0xff
park:	wfine
	bne	park

	/* Caches and MMU off, should the loader have left them on. */
	mrc	p15, 0, r0, c1, c0, 0		@ SCTLR
	bic	r0, r0, #0x1000
	bic	r0, r0, #0x0005
	mcr	p15, 0, r0, c1, c0, 0
	isb

	adr	r0, _start
	ldr	r1, =_start
	sub	r11, r0, r1			@ r11: physical - virtual, in the image

	/* Zero .bss. */
	ldr	r0, =_bss
	ldr	r1, =_end
	add	r0, r0, r11
	add	r1, r1, r11
	mov	r2, #0
1:	cmp	r0, r1
	strlo	r2, [r0], #4
	blo	1b

	/* Level-1 table: RAM at KERNEL_BASE, and the section we are in where it is. */
	ldr	r4, =arm_kernel_l1
	add	r4, r4, r11			@ r4: table
	ldr	r0, =CONFIG_RAM_START
	ldr	r1, =SECTION_BOOT
	orr	r0, r0, r1			@ r0: entry
	add	r1, r4, #(KERNEL_BASE >> 18)	@ r1: slot
	ldr	r2, =(CONFIG_RAM_SIZE >> 20)	@ r2: sections left
2:	str	r0, [r1], #4
	add	r0, r0, #SECTION_SIZE
	subs	r2, r2, #1
	bne	2b

	/* The image's section in small pages from the start: the code that is running may
	 * change their rights then, but couldn't safely change their size (B3.10.1). */
	adr	r0, _start
	ldr	r1, =PAGE_BOOT
	orr	r0, r0, r1			@ r0: entry
	ldr	r5, =arm_image_l2
	add	r5, r5, r11			@ r5: second-level table
	mov	r1, r5				@ r1: slot
	mov	r2, #(SECTION_SIZE >> 12)	@ r2: pages left
3:	str	r0, [r1], #4
	add	r0, r0, #0x1000
	subs	r2, r2, #1
	bne	3b
	orr	r0, r5, #TABLE_BOOT
	add	r1, r4, #(KERNEL_BASE >> 18)
	str	r0, [r1, #((KERNEL_LINK - KERNEL_BASE) >> 18)]

	adr	r0, _start
	lsr	r0, r0, #20
	ldr	r1, =SECTION_BOOT
	orr	r1, r1, r0, lsl #20
	str	r1, [r4, r0, lsl #2]

	/* Coherent with other CPUs, where the bit can be written: ACTLR.SMP of Cortex-A (the
	 * caches and the exclusive monitors of shareable memory depend on it). */
	mrc	p15, 0, r0, c1, c0, 1
	tst	r0, #0x40
	orreq	r0, r0, #0x40
	mcreq	p15, 0, r0, c1, c0, 1

	/* MMU on (B3.10.2 for the invalidations). */
	mov	r0, #0
	mcr	p15, 0, r0, c7, c5, 0		@ ICIALLU
	mcr	p15, 0, r0, c7, c5, 6		@ BPIALL
	mcr	p15, 0, r0, c8, c7, 0		@ TLBIALL
	mcr	p15, 0, r0, c13, c0, 1		@ CONTEXTIDR: ASID 0, no space's
	mov	r0, #1
	mcr	p15, 0, r0, c3, c0, 0		@ DACR: domain 0 is a client
	mcr	p15, 0, r0, c2, c0, 2		@ TTBCR.N = 1: TTBR0 up to 2 GiB, short descriptors
	orr	r0, r4, #0x6a			@ TTBR_FLAGS
	mcr	p15, 0, r0, c2, c0, 0		@ TTBR0
	mcr	p15, 0, r0, c2, c0, 1		@ TTBR1
	ldr	r0, =PRRR
	mcr	p15, 0, r0, c10, c2, 0
	ldr	r0, =NMRR
	mcr	p15, 0, r0, c10, c2, 1
	dsb
	isb
	mrc	p15, 0, r0, c1, c0, 0		@ SCTLR
	ldr	r1, =SCTLR_CLEAR
	bic	r0, r0, r1
	ldr	r1, =SCTLR_SET
	orr	r0, r0, r1
	ldr	lr, =high
	mcr	p15, 0, r0, c1, c0, 0
	isb
	bx	lr

high:
	ldr	sp, =_kernel_stack_top
	ldr	r0, =k_cpus
	mcr	p15, 0, r0, c13, c0, 4		@ TPIDRPRW: where fastpath.S finds this CPU's state
	ldr	r0, =arm_vectors
	mcr	p15, 0, r0, c12, c0, 0		@ VBAR
	isb
	bl	arm_boot
	ldr	lr, =arm_resume
	ldr	r12, =arm_mmu_drop_init		@ takes and returns the context, but not to here
	bx	r12

	/* Started in Hyp mode: let PL1 have the timer, the counter and the FPU, and go there. */
leave_hyp:
	mov	r1, #0
	mcr	p15, 4, r1, c1, c1, 0		@ HCR: no traps, no second stage
	mcr	p15, 4, r1, c1, c1, 3		@ HSTR
	mcrr	p15, 4, r1, r1, c14		@ CNTVOFF
	mov	r1, #3
	mcr	p15, 4, r1, c14, c1, 0		@ CNTHCTL: PL1PCTEN, PL1PCEN
	ldr	r1, =0x33ff
	mcr	p15, 4, r1, c1, c1, 2		@ HCPTR: ones where reserved, cp10 and cp11 free
	ldr	r0, =PSR_KERNEL
	msr	spsr_cxsf, r0
	adr	r0, boot
	msr	elr_hyp, r0
	eret

	.size	_start, . - _start
	.ltorg
