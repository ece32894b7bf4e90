/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * space.c - address spaces. common/pagetable.h walks the tables of most machines: a port says
 * what an entry looks like.
 */
#include <arch/port.h>

enum glue_err glue_space_init(struct glue_space *as)
{
	NOT_YET();
}

bool glue_space_fini(struct glue_space *as)
{
	NOT_YET();
}

void glue_space_leave(void)
{
	NOT_YET();
}

enum glue_err glue_prepare(struct glue_space *as, word_t va, unsigned log2, bool map)
{
	NOT_YET();
}

void glue_unprepare(struct glue_space *as, word_t va, unsigned log2)
{
	NOT_YET();
}

void glue_map(struct glue_space *as, word_t va, paddr_t pa, unsigned log2, unsigned prot,
	      enum glue_attr attr)
{
	NOT_YET();
}

void glue_unmap(struct glue_space *as, word_t va, unsigned log2)
{
	NOT_YET();
}

bool glue_lookup(const struct glue_space *as, word_t va, struct glue_mapping *m)
{
	NOT_YET();
}

void glue_clear_referenced(struct glue_space *as, word_t va, unsigned log2)
{
	NOT_YET();
}

void glue_tlb_flush(struct glue_space *as, word_t va, unsigned log2)
{
	NOT_YET();
}

/* A machine with I/O ports, in a space of their own, has more to do here. */

enum glue_err glue_io_allow(struct glue_space *as, word_t port, unsigned log2, bool allow)
{
	return GLUE_ENOSYS;
}

bool glue_io_allowed(const struct glue_space *as, word_t port)
{
	return false;
}

void glue_cache(enum glue_cache_op op, word_t va, size_t len, bool user)
{
	NOT_YET();
}

void *glue_phys_to_virt(paddr_t pa)
{
	return (void *)(word_t)pa;
}

paddr_t glue_virt_to_phys(const void *va)
{
	return (word_t)va;
}
