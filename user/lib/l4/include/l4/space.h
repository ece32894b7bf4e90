/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/space.h - address spaces: mapping, unmapping, and what became of the pages.
 *
 * `space` names an address space by the id of any of its threads. All calls are privileged,
 * and return 1; 0: L4_ErrNoPrivilege, L4_ErrInvalidSpace, L4_ErrInvalidParam (fpage or
 * physical memory misaligned, not there, the kernel's, or over the KIP or UTCB area),
 * L4_ErrNoMem. All items are checked before the first one takes effect. They overwrite MRs
 * from MR0 on, two for each fpage.
 */
#ifndef L4_SPACE_H
#define L4_SPACE_H

#include <l4/map.h>
#include <l4/syscalls.h>
#include <l4/types.h>

/* Of a page's status: the rights are in the low bits, what was done with it above. */
#define __L4_STATUS_SHIFT 4

/* MapControl of n items; L4_ErrInvalidParam if they don't fit the message registers. */
L4_INLINE L4_Word_t __L4_MapItems(L4_ThreadId_t space, L4_Word_t control, L4_Word_t n)
{
	if (n == 0 || n > L4_MapMaxItems) {
		__L4_TCR_Set_ErrorCode(L4_ErrInvalidParam);
		return 0;
	}
	return L4_MapControl(space, control | (n - 1));
}

/* Map f, with its rights, to the physical memory at p. What was mapped there is replaced. */
L4_INLINE L4_Word_t L4_MapFpage(L4_ThreadId_t space, L4_Fpage_t f, L4_PhysDesc_t p)
{
	L4_LoadMR(0, p.raw);
	L4_LoadMR(1, f.raw);
	return L4_MapControl(space, L4_MapCtrl_Modify);
}

/* Map each of the n fpages, 1 <= n <= L4_MapMaxItems, to the memory with the same index. */
L4_INLINE L4_Word_t L4_MapFpages(L4_ThreadId_t space, L4_Word_t n, const L4_Fpage_t *f,
				 const L4_PhysDesc_t *p)
{
	L4_Word_t i;

	for (i = 0; i < n && i < L4_MapMaxItems; i++) {
		L4_LoadMR((int)(2 * i), p[i].raw);
		L4_LoadMR((int)(2 * i + 1), f[i].raw);
	}
	return __L4_MapItems(space, L4_MapCtrl_Modify, n);
}

/* Unmap f, whatever rights it carries. */
L4_INLINE L4_Word_t L4_UnmapFpage(L4_ThreadId_t space, L4_Fpage_t f)
{
	L4_LoadMR(0, 0);
	L4_LoadMR(1, L4_FpageRemoveRights(f, L4_FullyAccessible).raw);
	return L4_MapControl(space, L4_MapCtrl_Modify);
}

/* Unmap the n fpages, 1 <= n <= L4_MapMaxItems. */
L4_INLINE L4_Word_t L4_UnmapFpages(L4_ThreadId_t space, L4_Word_t n, const L4_Fpage_t *f)
{
	L4_Word_t i;

	for (i = 0; i < n && i < L4_MapMaxItems; i++) {
		L4_LoadMR((int)(2 * i), 0);
		L4_LoadMR((int)(2 * i + 1), L4_FpageRemoveRights(f[i], L4_FullyAccessible).raw);
	}
	return __L4_MapItems(space, L4_MapCtrl_Modify, n);
}

/* What is mapped at *f: to *p (unless NULL) the physical memory, to *f the status: rights
 * in force (L4_Rights) and what was done with the pages since they were mapped or last asked
 * about, which it clears. Nothing mapped: no rights. */
L4_INLINE L4_Word_t L4_GetStatus(L4_ThreadId_t space, L4_Fpage_t *f, L4_PhysDesc_t *p)
{
	L4_Word_t ok;

	L4_LoadMR(0, 0);
	L4_LoadMR(1, f->raw);
	ok = L4_MapControl(space, L4_MapCtrl_Read);
	if (!ok)
		return 0;
	if (p)
		L4_StoreMR(0, &p->raw);
	L4_StoreMR(1, &f->raw);
	return 1;
}

/* True if the status f, from L4_GetStatus, says that a page was accessed in any way. */
L4_INLINE L4_Bool_t L4_WasReferenced(L4_Fpage_t f)
{
	return ((f.raw >> __L4_STATUS_SHIFT) & L4_Readable) != 0;
}

/* True if the status f says that a page was written. */
L4_INLINE L4_Bool_t L4_WasWritten(L4_Fpage_t f)
{
	return ((f.raw >> __L4_STATUS_SHIFT) & L4_Writable) != 0;
}

/* True if the status f says that a page was executed. Where the processor can't tell, this
 * is L4_WasReferenced. */
L4_INLINE L4_Bool_t L4_WaseXecuted(L4_Fpage_t f)
{
	return ((f.raw >> __L4_STATUS_SHIFT) & L4_eXecutable) != 0;
}

#endif
