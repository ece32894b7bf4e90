/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * space.c - address spaces: two-level tables of 4 KiB and 4 MiB pages (SDM vol. 3A, 4.3),
 * the TLB, and the caches.
 */
#include <glue/glue.h>
#include <arch/layout.h>

#include "cpu.h"
#include "paging.h"
#include "port.h"

/* ---- the shape of the tables, for common/pagetable.h --------------------------------- */

typedef uint32_t pt_entry_t;

#define PT_LEVELS     2
#define PT_TOP        32
#define PT_BITS       10
#define PT_ROOT(as)   ((as)->dir)
#define PT_CURSOR(as) ((as)->cursor)

#define PTE_ADDRESS   0xfffff000u
#define PTE_ATTR_MASK (PTE_PWT | PTE_PCD)

/* Four attributes, four combinations of PWT and PCD; paging_init sets the PAT to match. */
static const uint8_t attr_bits[GLUE_ATTRS] = {
    [GLUE_CACHED] = 0,
    [GLUE_WC] = PTE_PWT,
    [GLUE_UNCACHED] = PTE_PCD,
    [GLUE_DEVICE] = PTE_PCD | PTE_PWT,
};

static const uint8_t bits_attr[] = {GLUE_CACHED, GLUE_WC, GLUE_UNCACHED, GLUE_DEVICE};

static inline bool pt_is_table(pt_entry_t e, unsigned shift)
{
	(void)shift;
	return (e & (PTE_P | PDE_PS)) == PTE_P;
}

static inline pt_entry_t *pt_table(pt_entry_t e)
{
	return (pt_entry_t *)(KERNEL_BASE + (e & PTE_ADDRESS));
}

/* The directory's entry withholds nothing: the pages decide. */
static inline pt_entry_t pt_make_table(pt_entry_t *t)
{
	return ((word_t)t - KERNEL_BASE) | PTE_P | PTE_W | PTE_U;
}

static inline pt_entry_t pt_address(paddr_t pa)
{
	return (pt_entry_t)pa;
}

static inline pt_entry_t pt_make_leaf(const struct glue_mapping *m)
{
	pt_entry_t e = pt_address(m->pa) | attr_bits[m->attr] | PTE_P | PTE_U;

	if (m->log2 > GLUE_PAGE_LOG2)
		e |= PDE_PS;
	if (m->prot & GLUE_W)
		e |= PTE_W;
	if (m->referenced & (GLUE_R | GLUE_X))
		e |= PTE_A;
	if (m->referenced & GLUE_W)
		e |= PTE_D;
	return e;
}

static inline void pt_read_leaf(pt_entry_t e, unsigned shift, struct glue_mapping *m)
{
	m->log2 = shift;
	m->pa = e & PTE_ADDRESS;
	m->prot = GLUE_R | GLUE_X | (e & PTE_W ? GLUE_W : 0);
	m->referenced = (e & PTE_A ? GLUE_R | GLUE_X : 0) | (e & PTE_D ? GLUE_W : 0);
	m->attr = bits_attr[(e & PTE_ATTR_MASK) / PTE_PWT];
}

static inline bool pt_is_group(pt_entry_t e)
{
	(void)e;
	return false;
}

/* The walker sees stores in program order (SDM vol. 3A, 4.10.4.2): nothing is to be done behind
 * them. */
#include <common/pagetable.h>

/* ---- spaces ------------------------------------------------------------------------- */

enum glue_err glue_space_init(struct glue_space *as)
{
	as->dir = k_alloc(GLUE_PAGE_LOG2);
	if (as->dir == NULL)
		return GLUE_ENOMEM;
	rep_movsl(as->dir + PDE_KERNEL, kernel_dir + PDE_KERNEL, kernel_entries);
	as->dir[PDE_DEVICE] = kernel_dir[PDE_DEVICE];
	as->cr3 = (word_t)as->dir - KERNEL_BASE;
	as->gs = SEL_UTCB;
	as->io_base = IO_BASE_NONE;
	return GLUE_OK;
}

bool glue_space_fini(struct glue_space *as)
{
	if (!pt_fini(as))
		return false;
	io_fini(as);
	as->dir[PDE_DEVICE] = 0;
	glue_clear(as->dir + PDE_KERNEL, kernel_entries * sizeof(*as->dir));
	k_free_clean(as->dir, GLUE_PAGE_LOG2);
	as->dir = NULL;
	return true;
}

/* Only the space in force has translations in the TLB: writing CR3 drops all but the
 * kernel's. Beyond a few pages that is the cheaper way for the space in force, too. */
#define FLUSH_SINGLY (16 * GLUE_PAGE_SIZE)

__attribute__((noinline)) void glue_tlb_flush(struct glue_space *as, word_t va, word_t rest)
{
	if (as != active_space)
		return;
	if (rest >= FLUSH_SINGLY) {
		write_cr3(as->cr3);
		return;
	}
	rest += va;
	do
		invlpg(va);
	while ((va += GLUE_PAGE_SIZE) <= rest);
}

void *glue_phys_to_virt(paddr_t pa)
{
	return (void *)(KERNEL_BASE + (word_t)pa);
}

paddr_t glue_virt_to_phys(const void *va)
{
	return (word_t)va - KERNEL_BASE;
}
