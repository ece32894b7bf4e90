/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ksyms.h - the functions of the kernel by address, ascending; made from the linked kernel
 * itself by scripts/ksyms, and linked to it in a second pass.
 */
#ifndef KERNEL_DEBUG_KSYMS_H
#define KERNEL_DEBUG_KSYMS_H

#include <glue/types.h>

struct ksym {
	word_t addr;
	const char *name;
};

extern const struct ksym k_symtab[];
extern const unsigned k_symtab_count;

#endif
