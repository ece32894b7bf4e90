/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * common/backtrace.h - return addresses found by looking at every word of a stack.
 */
#ifndef COMMON_BACKTRACE_H
#define COMMON_BACKTRACE_H

#include <glue/types.h>

/* Call `found` with the words between `sp` and the end of the stack `top` that point into the
 * kernel's text, the first BACKTRACE_MAX of them. */
void backtrace_scan(void (*found)(word_t pc), word_t sp, word_t top);

#endif
