/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * boot.S - what begins at _start (vectors.S): the right kind of processor, in a known state, a
 * zeroed .bss, a stack, then C.
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

#define UART_LSR      5 /* see common/ns16550.c */
#define UART_LSR_ROOM 0x20

#define UHI_EXIT           1
#define HALT_PANIC         2 /* GLUE_HALT_PANIC */
#define SDBBP_1            0x7000007f
#define SDBBP_1_RELEASE_6  0x0000004e
#define CONFIG0_RELEASE    (7 << 10)
#define CONFIG0_RELEASE_6  (2 << 10)

	.set	noreorder

	.section .text.init, "ax"
	.globl	mips_start
	.type	mips_start, @function
	.ent	mips_start
mips_start:
	mfc0	$t0, CONFIG0
	andi	$t1, $t0, CONFIG0_KIND
	bgez	$t0, wrong_processor		# no Config1: older than release 1
	 xori	$t1, $t1, CONFIG0_RIGHT
	bnez	$t1, wrong_processor
	 nop
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

/* Say so, with nothing but instructions that all MIPS processors have, 32-bit ones and those of
 * release 6 included. t0: Config */
wrong_processor:
	lui	$t1, %hi(reason)
	addiu	$t1, $t1, %lo(reason)		# t1: text
	lui	$t2, %hi(CKSEG1 + CONFIG_UART_BASE)
1:	lbu	$a0, 0($t1)
	beqz	$a0, 3f
	 addiu	$t1, $t1, 1
2:	lbu	$a1, %lo(CKSEG1 + CONFIG_UART_BASE + UART_LSR)($t2)
	andi	$a1, $a1, UART_LSR_ROOM
	beqz	$a1, 2b
	 nop
	b	1b
	 sb	$a0, %lo(CKSEG1 + CONFIG_UART_BASE)($t2)
3:
#if CONFIG_EXIT_SEMIHOSTING
	/* As glue_halt does (cpu.c). Release 6 has another code for SDBBP. */
	li	$25, UHI_EXIT
	andi	$t0, $t0, CONFIG0_RELEASE
	xori	$t0, $t0, CONFIG0_RELEASE_6
	beqz	$t0, 4f
	 li	$4, HALT_PANIC
	.word	SDBBP_1
	b	5f
	 nop
4:	.word	SDBBP_1_RELEASE_6
#endif
5:	b	5b
	 nop
	.end	mips_start
	.size	mips_start, . - mips_start

reason:
	.ascii	"cobnut: boot: the processor is not MIPS64 release 2 with a TLB: "
	.asciz	"MIPS64R2-generic, 5KEf are right\r\n"
	.balign	4
