/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * copy.S - the words of a message, two instructions each, without a loop; for glue_copy_words and
 * for the fast path. mips_local.words says where to begin. Of more than
 * COPY_WORDS words the first ones go by the same instructions, before; that costs five more.
 */
#include <arch/layout.h>
#include <arch/offsets.h>
#include <l4/abi/const.h>

#define WORD(n) (8 * (ABI_UTCB_MR + (n)))

	.set	noreorder

	.section .text.copy, "ax"
	.globl	glue_copy_words
	.type	glue_copy_words, @function
	.ent	glue_copy_words
glue_copy_words:				# a0: to, a1: from, both MR1; a2: words
	dsll	$k1, $6, 2
	lw	$6, LOCAL(CALLS)($k1)
	move	$24, $31			# $24: where to go on
	daddiu	$25, $4, -WORD(1)		# $25: to, a UTCB
	jr	$6
	 daddiu	$31, $5, -WORD(1)		# $31: from
	.globl	mips_call_long
mips_call_long:
	lw	$6, LOCAL(CALLS) - 4 * COPY_WORDS($k1)
	move	$5, $24
	jalr	$24, $6
	 dsll	$k1, $k1, 1			# k1: bytes
	move	$24, $5
	b	1f
	 daddiu	$k1, $k1, -8 * COPY_WORDS

/* As many words as are more than COPY_WORDS, the first ones, have been copied. k1: bytes of all */
	.globl	mips_copy_second
mips_copy_second:
	lw	$24, LOCAL(WORDS) + 8 * COPY_WORDS + 4($0)
	daddiu	$k1, $k1, -8 * COPY_WORDS
1:	daddu	$31, $31, $k1
	daddu	$25, $25, $k1

/* Word n goes through $6 + (n - 1) % WORD_REGISTERS; all of those down to the first. */
	.globl	mips_copy_all
mips_copy_all:
	.set	n, COPY_WORDS
	.irp	r, 7,6, 15,14,13,12,11,10,9,8,7,6, 15,14,13,12,11,10,9,8,7,6, 15,14,13,12,11,10,9,8,7
	ld	$\r, WORD(n)($31)
	sd	$\r, WORD(n)($25)
	.set	n, n - 1
	.endr
	ld	$6, WORD(1)($31)
	jr	$24
	 sd	$6, WORD(1)($25)
	.end	glue_copy_words
	.size	glue_copy_words, . - glue_copy_words
#if WORD_REGISTERS != 10 || COPY_WORDS != 32
#error "the list of registers"
#endif
