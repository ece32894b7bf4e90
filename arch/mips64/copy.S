/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * copy.S - glue_copy_words: two instructions a word, from a jump into the unrolled copy.
 */
	.set	noreorder

	.text
	.globl	glue_copy_words
	.type	glue_copy_words, @function
	.ent	glue_copy_words
glue_copy_words:
	dla	$t0, 1f				# a0: to, a1: from, a2: words
	dsll	$t1, $a2, 3			# a word takes eight bytes of code, too
	dsubu	$t0, $t0, $t1
	jr	$t0
	 nop
	.set	word, 62
	.rept	63
	ld	$t2, 8 * word($a1)
	sd	$t2, 8 * word($a0)
	.set	word, word - 1
	.endr
1:	jr	$ra
	 nop
	.end	glue_copy_words
	.size	glue_copy_words, . - glue_copy_words
