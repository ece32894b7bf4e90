/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ksyms.c - the empty table of functions, for kernels that were linked in one pass. In a
 * file of its own: no compiler may take the values from here.
 */
#include "ksyms.h"

__attribute__((weak)) const struct ksym k_symtab[] = {{0, ""}};
__attribute__((weak)) const unsigned k_symtab_count = 0;
