/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * rights.c (ARM) - what the kernel may do with its own memory: TTBR1's tables, short descriptors
 * (DDI 0406C, B3.5.1), with the access flag (SCTLR.AFE): AP[2] alone decides on writing.
 */
#include <arch/layout.h>

#include "contract.h"

#define TYPE_TABLE     1
#define SECTION_AP2    0x8000
#define SECTION_XN_PXN 0x11
#define TABLE_PXN      0x4
#define PAGE_AP2       0x200
#define PAGE_XN        0x1

static unsigned rights(bool read_only, bool never)
{
	return GLUE_R | (read_only ? 0 : GLUE_W) | (never ? 0 : GLUE_X);
}

unsigned contract_kernel_rights(word_t *va)
{
	uint32_t ttbr1;
	const uint32_t *l1;

	__asm__("mrc p15, 0, %0, c2, c0, 1" : "=r"(ttbr1));
	l1 = glue_phys_to_virt(ttbr1 & 0xffffc000);
	for (word_t at = *va; at != 0;) {
		uint32_t e = l1[at >> 20];

		if ((e & 3) == TYPE_TABLE) {
			const uint32_t *l2 = glue_phys_to_virt(e & 0xfffffc00);
			uint32_t page = l2[at >> 12 & 0xff];

			at += GLUE_PAGE_SIZE;
			*va = at;
			if ((page & 3) != 0) /* a large page's 16 entries are alike, but for XN */
				return rights(page & PAGE_AP2,
					      (page & 2 ? page & PAGE_XN : page & 0x8000) ||
						  e & TABLE_PXN);
			continue;
		}
		at = (at & -SECTION_SIZE) + SECTION_SIZE;
		*va = at;
		if (e & 2)
			return rights(e & SECTION_AP2, e & SECTION_XN_PXN);
	}
	return GLUE_RWX + 1;
}
