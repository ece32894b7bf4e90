/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * backtrace.c - backtrace by a scan of the stack. It needs neither frame pointers nor
 * unwind tables, and can't go astray in a broken stack; the price is a stale return
 * address here and there.
 */
#include <common/backtrace.h>

extern const char _text[], _etext[]; /* linker script */

#define BACKTRACE_MAX 24

void backtrace_scan(void (*found)(word_t pc), word_t sp, word_t top)
{
	unsigned left = BACKTRACE_MAX;

	sp = (sp + sizeof(word_t) - 1) & ~(sizeof(word_t) - 1);
	for (; sp < top && left; sp += sizeof(word_t)) {
		word_t word = *(const word_t *)sp;

		/* A call ends behind the first instruction, hence not >=. */
		if (word > (word_t)_text && word < (word_t)_etext) {
#ifdef __thumb__
			word &= ~(word_t)1; /* it only says that the caller is Thumb code */
#endif
			found(word);
			left--;
		}
	}
}
