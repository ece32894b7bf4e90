/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * backtrace.c - backtrace by a scan of the stack. It needs neither frame pointers nor
 * unwind tables, and can't go astray in a broken stack; the price is a stale return
 * address here and there.
 */
#include <common/backtrace.h>

extern const char _text[], _etext[]; /* linker script */

size_t backtrace_scan(word_t *pc, size_t max, word_t sp, word_t top)
{
	size_t n = 0;

	sp = (sp + sizeof(word_t) - 1) & ~(sizeof(word_t) - 1);
	for (; n < max && sp < top; sp += sizeof(word_t)) {
		/* What was found so far may be on the stack itself. */
		if (sp == (word_t)pc)
			sp += max * sizeof(word_t);
		if (sp >= top)
			break;
		word_t word = *(const word_t *)sp;

		/* A call ends behind the first instruction, hence not >=. */
		if (word > (word_t)_text && word < (word_t)_etext)
			pc[n++] = word;
	}
	return n;
}
