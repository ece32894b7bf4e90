/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * paging.h - page-table entries (SDM vol. 3A, 4.3) and the kernel's own tables.
 */
#ifndef IA32_PAGING_H
#define IA32_PAGING_H

#include <glue/types.h>

#define PTE_P   0x001u
#define PTE_W   0x002u
#define PTE_U   0x004u
#define PTE_PWT 0x008u
#define PTE_PCD 0x010u
#define PTE_A   0x020u
#define PTE_D   0x040u
#define PDE_PS  0x080u /* in the directory: a 4 MiB page */
#define PTE_G   0x100u

#define PAGING_ENTRIES 1024
#define LARGE_PAGE     0x400000u

/* The directory in force while no thread's is. Complete after paging_trim; every space has
 * a copy of its kernel part, which never changes again. */
extern uint32_t kernel_dir[PAGING_ENTRIES];

/* So many entries from PDE_KERNEL on, and that at PDE_DEVICE, may be other than 0. */
extern word_t kernel_entries;

/* Replace the boot code's mapping: text and constants read-only, all kernel pages global,
 * direct map of everything it may cover, no user part, attributes (PAT). */
void paging_init(void);

/* Take out of the direct map what lies behind the end of memory. */
void paging_trim(paddr_t memory_end);

/* Map the 4 MiB that hold physical address `pa`, uncached, in the device window; returns
 * the kernel address of pa. Before the first space is made. */
volatile void *paging_map_device(paddr_t pa);

/* Whether kernel address `va` is mapped: not all of the direct map is memory. */
bool paging_maps(word_t va);

/* The kernel has booted: unmap the code that it needed for that. Returns its argument, for the
 * boot code's convenience. */
struct glue_ctx *paging_drop_init(struct glue_ctx *c);

#endif
