/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * print.h - k_printf for those who have the arguments as a va_list.
 */
#ifndef KERNEL_PRINT_H
#define KERNEL_PRINT_H

#include <stdarg.h>

void k_vprintf(const char *fmt, va_list args) __attribute__((format(printf, 1, 0)));

#endif
