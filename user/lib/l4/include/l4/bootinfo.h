/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/bootinfo.h - what the boot image held: the root task and the modules.
 *
 * The information lies behind the kernel interface page, at L4_BootInfo(kip), read-only.
 * Nothing here enters the kernel.
 */
#ifndef L4_BOOTINFO_H
#define L4_BOOTINFO_H

#include <l4/abi/kip.h>
#include <l4/types.h>

#define L4_BOOTINFO_MAGIC      ((L4_Word_t)ABI_BOOT_MAGIC)
#define L4_BOOTINFO_VERSION    (1)
#define L4_BootInfo_Module     (ABI_BOOT_MODULE)      /* a file as it is */
#define L4_BootInfo_SimpleExec (ABI_BOOT_SIMPLE_EXEC) /* the root task, loaded */

typedef struct abi_boot_info L4_BootInfo_t;
typedef struct abi_boot_rec L4_BootRec_t;

/* ---- the whole
 * ------------------------------------------------------------------------------------ */

/* True if there is boot information at `info`, in a version this library knows. */
L4_INLINE L4_Bool_t L4_BootInfo_Valid(const void *info)
{
	const L4_BootInfo_t *b = (const L4_BootInfo_t *)info;

	return b && b->magic == L4_BOOTINFO_MAGIC && b->version == L4_BOOTINFO_VERSION;
}

/* Size of the boot information in bytes. */
L4_INLINE L4_Word_t L4_BootInfo_Size(const void *info)
{
	return ((const L4_BootInfo_t *)info)->size;
}

/* Number of records. */
L4_INLINE L4_Word_t L4_BootInfo_Entries(const void *info)
{
	return ((const L4_BootInfo_t *)info)->count;
}

/* The first record; NULL: there is none. */
L4_INLINE L4_BootRec_t *L4_BootInfo_FirstEntry(const void *info)
{
	L4_Word_t offset = ((const L4_BootInfo_t *)info)->first;

	return offset ? (L4_BootRec_t *)((L4_Word_t)info + offset) : NULL;
}

/* ---- any record
 * ----------------------------------------------------------------------------------- */

/* L4_BootInfo_Module, L4_BootInfo_SimpleExec, or one that this library doesn't know. */
L4_INLINE L4_Word_t L4_BootRec_Type(const L4_BootRec_t *r)
{
	return r->type;
}

/* The record behind r; NULL: r is the last. */
L4_INLINE L4_BootRec_t *L4_BootRec_Next(const L4_BootRec_t *r)
{
	return r->next ? (L4_BootRec_t *)((L4_Word_t)r + r->next) : NULL;
}

/* Name and arguments that r was given at boot; NULL: none. */
L4_INLINE char *__L4_BootRec_Cmdline(const L4_BootRec_t *r)
{
	return r->cmdline ? (char *)((L4_Word_t)r + r->cmdline) : NULL;
}

/* ---- records of type L4_BootInfo_Module
 * --------------------------------------------------------------- */

/* Physical address of the module. */
L4_INLINE L4_Word_t L4_Module_Start(const L4_BootRec_t *r)
{
	return r->start;
}

/* Its size in bytes. */
L4_INLINE L4_Word_t L4_Module_Size(const L4_BootRec_t *r)
{
	return r->size;
}

/* Its name and arguments; NULL: none. */
L4_INLINE char *L4_Module_Cmdline(const L4_BootRec_t *r)
{
	return __L4_BootRec_Cmdline(r);
}

/* ---- records of type L4_BootInfo_SimpleExec
 * ------------------------------------------------------------ */

/* Virtual address and size in bytes of the executable segment. */
L4_INLINE L4_Word_t L4_SimpleExec_TextVstart(const L4_BootRec_t *r)
{
	return r->text_start;
}

L4_INLINE L4_Word_t L4_SimpleExec_TextSize(const L4_BootRec_t *r)
{
	return r->text_size;
}

/* Virtual address and size in bytes of the writable segment, zeroed part included. */
L4_INLINE L4_Word_t L4_SimpleExec_DataVstart(const L4_BootRec_t *r)
{
	return r->data_start;
}

L4_INLINE L4_Word_t L4_SimpleExec_DataSize(const L4_BootRec_t *r)
{
	return r->data_size;
}

/* Where it started. */
L4_INLINE L4_Word_t L4_SimpleExec_InitialIP(const L4_BootRec_t *r)
{
	return r->entry;
}

/* Its name and arguments; NULL: none. */
L4_INLINE char *L4_SimpleExec_Cmdline(const L4_BootRec_t *r)
{
	return __L4_BootRec_Cmdline(r);
}

#endif
