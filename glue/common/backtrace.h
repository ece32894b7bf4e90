/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * common/backtrace.h - return addresses found by looking at every word of a stack.
 */
#ifndef COMMON_BACKTRACE_H
#define COMMON_BACKTRACE_H

#include <glue/types.h>

/* Store to pc[], and count, at most `max` words between `sp` and the end of the stack `top`
 * that point into the kernel's text, innermost first. */
size_t backtrace_scan(word_t *pc, size_t max, word_t sp, word_t top);

#endif
