/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/map.h - physical descriptors and control words of MapControl. Nothing here enters the
 * kernel; space.h has the functions that do.
 */
#ifndef L4_MAP_H
#define L4_MAP_H

#include <l4/types.h>

/* Items in one MapControl. */
#define L4_MapMaxItems (ABI_MAP_MAX_ITEMS)

#define L4_MapCtrl_Read   ((L4_Word_t)1 << ABI_MAP_READ_BIT)   /* return what is mapped */
#define L4_MapCtrl_Modify ((L4_Word_t)1 << ABI_MAP_MODIFY_BIT) /* map or unmap, afterwards */

/* Memory attributes. A processor that lacks one uses the next stricter. */
#define L4_DefaultMemory        (ABI_ATTR_DEFAULT) /* cached */
#define L4_CachedMemory         (ABI_ATTR_DEFAULT)
#define L4_UncachedMemory       (ABI_ATTR_UNCACHED)
#define L4_WriteCombiningMemory (ABI_ATTR_WC)
#define L4_IOMemory             (ABI_ATTR_IO) /* device registers: in order, never cached */

typedef union {
	L4_Word_t raw;
	struct {
		__L4_VIEW2(attr : ABI_PHYS_ATTR_BITS, base : ABI_WORD_BITS - ABI_PHYS_ATTR_BITS);
	} X;
} L4_PhysDesc_t;

/* The physical memory at `address`, a multiple of 1024, with a memory attribute. Where
 * words have 32 bits, addresses have 36. */
L4_INLINE L4_PhysDesc_t L4_PhysDesc(L4_Word64_t address, L4_Word_t attribute)
{
	return __L4_VALUE(L4_PhysDesc_t,
			  (L4_Word_t)(address >> ABI_FPAGE_BASE_SHIFT) << ABI_PHYS_ATTR_BITS |
			      (attribute & (((L4_Word_t)1 << ABI_PHYS_ATTR_BITS) - 1)));
}

/* The physical address in p. */
L4_INLINE L4_Word64_t L4_PhysDescAddress(L4_PhysDesc_t p)
{
	return (L4_Word64_t)(p.raw >> ABI_PHYS_ATTR_BITS) << ABI_FPAGE_BASE_SHIFT;
}

/* The memory attribute in p. */
L4_INLINE L4_Word_t L4_PhysDescAttribute(L4_PhysDesc_t p)
{
	return p.raw & (((L4_Word_t)1 << ABI_PHYS_ATTR_BITS) - 1);
}

#endif
