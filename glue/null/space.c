/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * space.c - address spaces. common/pagetable.h walks the tables of most machines: a port says
 * what an entry looks like, includes it, and has everything from glue_map to
 * glue_lookup, and pt_fini for glue_space_fini. Where hardware does not keep
 * referenced bits, the port's fault handlers do, before the kernel hears of a fault.
 */
#include <arch/port.h>

/* A root table, with the kernel in it; no TLB entry may be left of who had its id before. */
enum glue_err glue_space_init(struct glue_space *as)
{
	NOT_YET();
}

bool glue_space_fini(struct glue_space *as)
{
	NOT_YET();
}

/* Put the kernel's own tables in force. */
void glue_space_leave(void)
{
	NOT_YET();
}

enum glue_err glue_map(struct glue_space *as, struct glue_range *r)
{
	NOT_YET();
}

bool glue_put(struct glue_space *as, word_t va, word_t rest, word_t frame, word_t prot, word_t attr)
{
	NOT_YET();
}

size_t glue_tables(const struct glue_space *as, const struct glue_range *r)
{
	NOT_YET();
}

bool glue_lookup(const struct glue_space *as, word_t va, struct glue_mapping *m)
{
	NOT_YET();
}

/* Large ranges are cheaper to flush with the whole space. */
void glue_tlb_flush(struct glue_space *as, word_t va, word_t rest)
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

/* Nothing to do where caches are coherent with one another and with devices. */
bool glue_cache(enum glue_cache_op op, paddr_t pa, size_t len)
{
	NOT_YET();
}

word_t glue_cache_all(word_t position)
{
	NOT_YET();
}

/* The direct map: usually all of RAM at a fixed distance. */
void *glue_phys_to_virt(paddr_t pa)
{
	return (void *)(word_t)pa;
}

paddr_t glue_virt_to_phys(const void *va)
{
	return (word_t)va;
}
