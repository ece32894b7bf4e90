/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/kip.h - the kernel interface page: what this kernel and this machine are like.
 *
 * The page is read-only and never changes. Its address is L4_GetKernelInterface(); `kip` is
 * that address below. Only functions without a `kip` enter the kernel. None can fail.
 */
#ifndef L4_KIP_H
#define L4_KIP_H

#include <l4/abi/kip.h>
#include <l4/syscalls.h>
#include <l4/types.h>

#define L4_MAGIC         (ABI_KIP_MAGIC)
#define L4_APIVERSION_N2 (ABI_API_VERSION >> 24) /* top byte of the API version */
#define L4_APIFLAG_BE    (0x1)                   /* API flags: big-endian */
#define L4_APIFLAG_64BIT (0x2)                   /* API flags: words have 64 bits */

typedef struct abi_kip L4_KernelInterfacePage_t;

L4_INLINE const L4_KernelInterfacePage_t *__L4_Kip(const void *kip)
{
	return (const L4_KernelInterfacePage_t *)kip;
}

/* ---- the kernel --------------------------------------------------------------------------------
 */

/* Address of the kernel interface page in this space. */
L4_INLINE void *L4_GetKernelInterface(void)
{
	return L4_KernelInterface(NULL, NULL, NULL);
}

/* Version of the interface. */
L4_INLINE L4_Word_t L4_ApiVersion(void)
{
	L4_Word_t version;

	(void)L4_KernelInterface(&version, NULL, NULL);
	return version;
}

/* L4_APIFLAG_... */
L4_INLINE L4_Word_t L4_ApiFlags(void)
{
	L4_Word_t flags;

	(void)L4_KernelInterface(NULL, &flags, NULL);
	return flags;
}

/* Which kernel this is. */
L4_INLINE L4_Word_t L4_KernelId(void)
{
	L4_Word_t id;

	(void)L4_KernelInterface(NULL, NULL, &id);
	return id;
}

/* Name and version of the kernel, in words. */
L4_INLINE char *L4_KernelVersionString(const void *kip)
{
	return (char *)((L4_Word_t)kip + __L4_Kip(kip)->version_string);
}

/* Name of feature n, counted from 0; NULL: there are no more. */
L4_INLINE char *L4_Feature(const void *kip, L4_Word_t n)
{
	char *name = (char *)((L4_Word_t)kip + __L4_Kip(kip)->features);

	for (; *name; name++) {
		if (n-- == 0)
			return name;
		while (*name)
			name++;
	}
	return NULL;
}

/* ---- sizes and limits
 * ----------------------------------------------------------------------------- */

/* Number of processors. */
L4_INLINE L4_Word_t L4_NumProcessors(const void *kip)
{
	return __L4_Kip(kip)->processors;
}

/* Bit n is set: the processor has pages of 2^n bytes. */
L4_INLINE L4_Word_t L4_PageSizeMask(const void *kip)
{
	return __L4_Kip(kip)->page_size_mask;
}

/* The rights that the processor can withhold one by one. */
L4_INLINE L4_Word_t L4_PageRights(const void *kip)
{
	return __L4_Kip(kip)->page_rights;
}

/* Number of valid bits of a thread number. */
L4_INLINE L4_Word_t L4_ThreadIdBits(const void *kip)
{
	return __L4_Kip(kip)->thread_bits;
}

/* First thread number that is not an interrupt line. */
L4_INLINE L4_Word_t L4_ThreadIdSystemBase(const void *kip)
{
	return __L4_Kip(kip)->thread_system_base;
}

/* First thread number for user threads: the root task's. */
L4_INLINE L4_Word_t L4_ThreadIdUserBase(const void *kip)
{
	return __L4_Kip(kip)->thread_user_base;
}

/* Slices and quanta are rounded up to a multiple of this, in microseconds. */
L4_INLINE L4_Word_t L4_SchedulePrecision(const void *kip)
{
	return __L4_Kip(kip)->sched_precision_us;
}

/* Number of message registers, MR0 included. */
L4_INLINE L4_Word_t L4_MessageRegisters(const void *kip)
{
	return __L4_Kip(kip)->message_registers;
}

/* log2 of the size in bytes of the smallest UTCB area. */
L4_INLINE L4_Word_t L4_UtcbAreaSizeLog2(const void *kip)
{
	return __L4_Kip(kip)->utcb_area_log2;
}

/* That size, in bytes. */
L4_INLINE L4_Word_t L4_UtcbAreaSize(const void *kip)
{
	return (L4_Word_t)1 << L4_UtcbAreaSizeLog2(kip);
}

/* log2 of the alignment of a UTCB. */
L4_INLINE L4_Word_t L4_UtcbAlignmentLog2(const void *kip)
{
	return __L4_Kip(kip)->utcb_align_log2;
}

/* Size of a UTCB in bytes. */
L4_INLINE L4_Word_t L4_UtcbSize(const void *kip)
{
	return __L4_Kip(kip)->utcb_size;
}

/* log2 of the size in bytes of a KIP area. */
L4_INLINE L4_Word_t L4_KipAreaSizeLog2(const void *kip)
{
	return __L4_Kip(kip)->kip_area_log2;
}

/* That size, in bytes. */
L4_INLINE L4_Word_t L4_KipAreaSize(const void *kip)
{
	return (L4_Word_t)1 << L4_KipAreaSizeLog2(kip);
}

/* ---- boot information and memory
 * ---------------------------------------------------------------------- */

/* Address of the boot information (bootinfo.h); 0: there is none. */
L4_INLINE L4_Word_t L4_BootInfo(const void *kip)
{
	L4_Word_t offset = __L4_Kip(kip)->boot_info;

	return offset ? (L4_Word_t)kip + offset : 0;
}

typedef struct {
	L4_Word_t raw[2];
} L4_MemoryDesc_t;

#define L4_UndefinedMemoryType            (ABI_MEM_UNDEFINED)
#define L4_ConventionalMemoryType         (ABI_MEM_CONVENTIONAL)
#define L4_ReservedMemoryType             (ABI_MEM_RESERVED)
#define L4_DedicatedMemoryType            (ABI_MEM_DEDICATED)
#define L4_SharedMemoryType               (ABI_MEM_SHARED)
#define L4_BootLoaderSpecificMemoryType   (ABI_MEM_BOOT)
#define L4_ArchitectureSpecificMemoryType (ABI_MEM_ARCH)

/* Number of memory descriptors. */
L4_INLINE L4_Word_t L4_NumMemoryDescriptors(const void *kip)
{
	return __L4_Kip(kip)->mem_desc_count;
}

/* Memory descriptor n, counted from 0; NULL: there are no more. Where two overlap, the later
 * one holds. */
L4_INLINE L4_MemoryDesc_t *L4_MemoryDesc(const void *kip, L4_Word_t n)
{
	if (n >= L4_NumMemoryDescriptors(kip))
		return NULL;
	return (L4_MemoryDesc_t *)((L4_Word_t)kip + __L4_Kip(kip)->mem_descs) + n;
}

/* True if m is about virtual addresses, of user level, not physical ones. */
L4_INLINE L4_Bool_t L4_IsMemoryDescVirtual(const L4_MemoryDesc_t *m)
{
	return (m->raw[0] & ABI_MEM_VIRTUAL) != 0;
}

/* L4_..MemoryType; of the last two types, with the sub-type in the four bits above. */
L4_INLINE L4_Word_t L4_MemoryDescType(const L4_MemoryDesc_t *m)
{
	L4_Word_t type = m->raw[0] & 0xf;

	return type >= ABI_MEM_BOOT ? m->raw[0] & 0xff : type;
}

/* First address. */
L4_INLINE L4_Word_t L4_MemoryDescLow(const L4_MemoryDesc_t *m)
{
	return m->raw[0] & ~(L4_Word_t)0x3ff;
}

/* Last address. */
L4_INLINE L4_Word_t L4_MemoryDescHigh(const L4_MemoryDesc_t *m)
{
	return m->raw[1] | 0x3ff;
}

#endif
