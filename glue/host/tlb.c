/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * tlb.c - the TLB oracle, and user-mode memory accesses that go through it.
 *
 * A translation enters on a user access and stays until it is flushed, however the tables
 * change meanwhile: the worst that hardware may do. An access that uses one which the tables
 * don't have any more fails the test: the kernel forgot a flush.
 */
#include <stdlib.h>
#include <string.h>
#include "internal.h"

struct translation {
	struct translation *next;
	const struct glue_space *as;
	word_t va; /* of the page */
	struct glue_mapping m;
};

static struct translation *tlb;

/* Remove the translations of `as` (NULL: all) that meet [first, last]. */
static void forget(const struct glue_space *as, word_t first, word_t last)
{
	struct translation **link = &tlb;

	while (*link) {
		struct translation *t = *link;
		word_t end = t->va + (((word_t)1 << t->m.log2) - 1);

		if ((as == NULL || t->as == as) && t->va <= last && first <= end) {
			*link = t->next;
			free(t);
		} else {
			link = &t->next;
		}
	}
}

void host_tlb_reset(void)
{
	forget(NULL, 0, ~(word_t)0);
}

void host_tlb_forget(const struct glue_space *as)
{
	forget(as, 0, ~(word_t)0);
}

unsigned host_tlb_entries(const struct glue_space *as)
{
	unsigned n = 0;

	for (const struct translation *t = tlb; t; t = t->next)
		n += t->as == as;
	return n;
}

void glue_tlb_flush(struct glue_space *as, word_t va, word_t rest)
{
	if (rest >= GLUE_USER_LAST) {
		host_tlb_forget(as);
		return;
	}
	REQUIRE(rest >= GLUE_PAGE_SIZE - 1 && (rest & (rest + 1)) == 0 && (va & rest) == 0);
	forget(as, va, va + rest);
}

static struct translation *find(const struct glue_space *as, word_t va)
{
	for (struct translation *t = tlb; t; t = t->next)
		if (t->as == as && va >> t->m.log2 == t->va >> t->m.log2)
			return t;
	return NULL;
}

/* The translation for va that allows `access`; NULL: page fault. */
static const struct translation *translate(struct glue_space *as, word_t va, unsigned access)
{
	struct translation *t = find(as, va);
	struct glue_mapping now;
	bool mapped = glue_lookup(as, va, &now);

	if (t && (t->m.prot & access) != 0) {
		paddr_t cached = t->m.pa + (va - t->va);
		word_t base = mapped ? va & -((word_t)1 << now.log2) : 0;

		if (!mapped)
			host_fail("stale TLB entry: %lx is not mapped any more", (unsigned long)va);
		if (cached != now.pa + (va - base))
			host_fail("stale TLB entry: %lx was mapped to %llx, is mapped to %llx",
				  (unsigned long)va, (unsigned long long)cached,
				  (unsigned long long)(now.pa + (va - base)));
		if ((now.prot & access) == 0)
			host_fail("stale TLB entry: %lx had rights %u, has %u", (unsigned long)va,
				  (unsigned)t->m.prot, (unsigned)now.prot);
		if (t->m.attr != now.attr)
			host_fail("stale TLB entry: %lx had attribute %u, has %u",
				  (unsigned long)va, (unsigned)t->m.attr, (unsigned)now.attr);
		if ((t->m.referenced & access) != 0) {
			if ((now.referenced & access) == 0)
				host_fail(
				    "stale TLB entry: the referenced bits of %lx were cleared",
				    (unsigned long)va);
			return t;
		}
	}
	/* A miss, a right that has come since, or the first access of its kind: walk. */
	if (t)
		forget(as, va, va);
	if (!mapped || (now.prot & access) == 0)
		return NULL;
	host_mmu_reference(as, va, access);
	t = malloc(sizeof(*t));
	if (t == NULL)
		abort();
	t->as = as;
	t->va = va & -((word_t)1 << now.log2);
	t->m = now;
	t->m.referenced |= access;
	t->next = tlb;
	tlb = t;
	return t;
}

bool host_user_access(word_t va, unsigned access, void *buf, size_t len)
{
	const struct translation *t;
	paddr_t pa;

	REQUIRE(access == GLUE_R || access == GLUE_W || access == GLUE_X);
	REQUIRE(va >> GLUE_PAGE_LOG2 == (va + len - 1) >> GLUE_PAGE_LOG2);
	if (host_active_space == NULL)
		host_fail("user access to %lx without an address space", (unsigned long)va);
	if (va > GLUE_USER_LAST)
		return false;
	t = translate(host_active_space, va, access);
	if (t == NULL)
		return false;
	pa = t->m.pa + (va - t->va);
	if (pa < HOST_RAM_START || pa > GLUE_DIRECT_LAST) {
		/* A device that reads as zeros. */
		if (access != GLUE_W)
			memset(buf, 0, len);
	} else if (access == GLUE_W) {
		memcpy(glue_phys_to_virt(pa), buf, len);
	} else if (access == GLUE_R) {
		memcpy(buf, glue_phys_to_virt(pa), len);
	} else {
		host_icache_fetch(pa, buf, len);
	}
	return true;
}

bool host_user_read(word_t va, word_t *value)
{
	return host_user_access(va, GLUE_R, value, sizeof(*value));
}

bool host_user_write(word_t va, word_t value)
{
	return host_user_access(va, GLUE_W, &value, sizeof(value));
}

bool host_user_exec(word_t va, uint32_t *insn)
{
	return host_user_access(va, GLUE_X, insn, sizeof(*insn));
}
