/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * boot.S - what begins at _start (vectors.S): a known processor state, a zeroed .bss, a stack, then C.
 */
#include <config.h>
#include <arch/cp0.h>
#include <arch/layout.h>

#define PAGEGRAIN $5, 1
#define STATUS    $12
#define CAUSE     $13
#define EBASE     $15, 1
#define CONFIG0   $16

#define CONFIG_K0_SIZE   3 /* cache attribute of ckseg0: three bits */
#define CACHED           3 /* write-back, not coherent */

	.set	noreorder

	.section .text.init, "ax"
	.globl	mips_start
	.type	mips_start, @function
	.ent	mips_start
mips_start:
	li	$t0, STATUS_BEV | STATUS_KX | STATUS_SX | STATUS_UX
	mtc0	$t0, STATUS			# kernel mode, interrupts off, firmware's vectors
	ehb

	/* The cache attribute of ckseg0 is changed from where it has no say. */
	dla	$t0, 1f
	dli	$t1, CKSEG1 - CKSEG0
	daddu	$t0, $t0, $t1
	jr	$t0
	 nop
1:	mfc0	$t0, CONFIG0
	li	$t1, CACHED
	ins	$t0, $t1, 0, CONFIG_K0_SIZE
	mtc0	$t0, CONFIG0
	mtc0	$0, PAGEGRAIN			# 36-bit addresses, no RI and XI in EntryLo
	dla	$t0, 2f
	jr.hb	$t0
	 nop

2:	dla	$t0, mips_vectors
	mtc0	$t0, EBASE			# may be written while BEV is set
	li	$t0, CAUSE_IV
	mtc0	$t0, CAUSE
	ehb

	dla	$t0, _bss
	dla	$t1, _end
3:	sd	$0, 0($t0)
	daddiu	$t0, $t0, 8
	bne	$t0, $t1, 3b
	 nop

	dla	$sp, _kernel_stack_top
	dla	$gp, _gp
	jal	mips_boot
	 move	$fp, $0
	j	mips_resume			# v0: what k_boot wants to resume
	 nop
	.end	mips_start
	.size	mips_start, . - mips_start
