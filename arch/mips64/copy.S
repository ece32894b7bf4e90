/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * copy.S - glue_copy_words: two instructions a word, sixteen words unrolled: those that are not a
 * multiple of sixteen first, by a jump into them.
 */
	.set	noreorder

	.text
	.globl	glue_copy_words
	.type	glue_copy_words, @function
	.ent	glue_copy_words
glue_copy_words:
	dla	$t0, 1f				# a0: to, a1: from, a2: words
	andi	$t1, $a2, 15
	dsll	$t1, $t1, 3			# t1: bytes of this round; a word takes as many of code
	dsubu	$t0, $t0, $t1
	jr	$t0
	 dsll	$a2, $a2, 3			# a2: bytes that are left
0:	.set	word, 15
	.rept	16
	ld	$t2, 8 * word($a1)
	sd	$t2, 8 * word($a0)
	.set	word, word - 1
	.endr
1:	dsubu	$a2, $a2, $t1
	daddu	$a0, $a0, $t1
	daddu	$a1, $a1, $t1
	bnez	$a2, 0b
	 li	$t1, 8 * 16
	jr	$ra
	 nop
	.end	glue_copy_words
	.size	glue_copy_words, . - glue_copy_words
