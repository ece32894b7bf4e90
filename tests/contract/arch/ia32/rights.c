/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * rights.c (ia32) - what the kernel may do with its own memory: the page tables say what can be
 * written (CR0.WP is set), the limit of the code segment what can be executed. Memory below the
 * kernel is left out: it is in the segment (descriptors.c), and the loader's or a user's.
 */
#include <arch/layout.h>

#include "contract.h"

#define P  0x001
#define W  0x002
#define PS 0x080

static bool executable(word_t va)
{
	word_t limit;

	__asm__("lsl %1, %0" : "=r"(limit) : "r"((word_t)SEL_KERNEL_CS));
	return va <= limit;
}

unsigned contract_kernel_rights(word_t *va)
{
	word_t cr3;
	const uint32_t *dir;

	__asm__ volatile("movl %%cr3, %0" : "=r"(cr3));
	dir = glue_phys_to_virt(cr3 & -GLUE_PAGE_SIZE);
	if (*va != 0 && *va < KERNEL_BASE + KERNEL_PHYS)
		*va = KERNEL_BASE + KERNEL_PHYS;
	for (word_t at = *va; at != 0;) {
		word_t start = at;
		uint32_t e = dir[at >> 22];

		if (e & P && !(e & PS)) {
			const uint32_t *table = glue_phys_to_virt(e & -GLUE_PAGE_SIZE);

			e &= table[at >> 12 & 0x3ff];
			at += GLUE_PAGE_SIZE;
		} else {
			at = (at | 0x3fffff) + 1;
		}
		*va = at;
		if (e & P)
			return GLUE_R | (e & W ? GLUE_W : 0) | (executable(start) ? GLUE_X : 0);
	}
	return GLUE_RWX + 1;
}
