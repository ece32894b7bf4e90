/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * boot.S - the first instructions: a known processor state, a zeroed .bss, a stack, then C.
 */
#include <config.h>
#include <arch/cp0.h>
#include <arch/layout.h>

#define PAGEGRAIN $5, 1
#define STATUS    $12
#define CAUSE     $13
#define EBASE     $15, 1
#define CONFIG0   $16
#define CONFIG1   $16, 1
#define DEBUG     $23

#define CONFIG1_EP       2 /* the processor has EJTAG */
#define DEBUG_DM_BIT     30 /* Debug: in debug mode (EJTAG Specification, MD00047) */
#define CONFIG_K0_SIZE   3 /* cache attribute of ckseg0: three bits */
#define CACHED           3 /* write-back, not coherent */

	.set	noreorder

	.section .text.boot, "ax"
	.globl	_start
	.type	_start, @function
	.ent	_start
_start:
	/* Firmware may come here with the debug exception of an SDBBP instruction, see vectors.S. */
	mfc0	$k0, CONFIG1
	andi	$k0, $k0, CONFIG1_EP
	beqz	$k0, 0f
	 nop
	mfc0	$k0, DEBUG
	ext	$k0, $k0, DEBUG_DM_BIT, 1
	bnez	$k0, mips_debug_mode
	 nop

0:	li	$t0, STATUS_BEV | STATUS_KX | STATUS_SX | STATUS_UX
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
	b	mips_resume			# v0: what k_boot wants to resume
	 nop
	.end	_start
	.size	_start, . - _start
