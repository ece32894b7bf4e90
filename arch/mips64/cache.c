/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * cache.c - the primary caches, and the direct map. `cache` is MD00087, "CACHE"; the caches'
 * shapes are in Config1 (MD00091, "Configuration Register 1").
 *
 * User addresses are operated on through the direct map. Where a way of the data cache is
 * larger than 4 KiB, and the hardware does not keep aliases out, a page may be cached under
 * several indices. This port's kernel chooses no addresses to avoid that: it is for processors
 * without such aliases.
 */
#include <arch/cp0.h>
#include <arch/port.h>

/* Operation in the upper three bits, cache in the lower two. */
#define INDEX_INVALIDATE_I      0x00
#define INDEX_WRITEBACK_INVAL_D 0x01
#define HIT_INVALIDATE_I        0x10
#define HIT_WRITEBACK_INVAL_D   0x15

/* Memory accesses are kept apart by the sync before and behind. */
#define CACHE_OP(op, va) __asm__ volatile("cache %0, 0(%1)" : : "i"(op), "r"(va))

struct shape {
	word_t line; /* bytes; 0: no cache */
	word_t size;
};

static struct shape icache, dcache;

/* Sets, line and associativity are three fields of three bits: 64 << S (7: 32), 2 << L (0:
 * none), A + 1. */
static struct shape shape(unsigned fields)
{
	unsigned s = fields >> 6 & 7, l = fields >> 3 & 7, a = fields & 7;
	word_t line = l == 0 ? 0 : 2ul << l;

	return (struct shape){.line = line, .size = (s == 7 ? 32ul : 64ul << s) * line * (a + 1)};
}

GLUE_INIT void mips_cache_init(void)
{
	uint32_t c = read_config1();

	icache = shape(c >> 16);
	dcache = shape(c >> 7);
}

static void sync(void)
{
	__asm__ volatile("sync" : : : "memory");
}

/* Apply one operation to the lines of a cache that [va, va + len) touches, or to all. */
static void lines(const struct shape *cache, bool all, word_t va, word_t len)
{
	word_t end;

	if (all) {
		va = CKSEG0;
		len = cache->size;
	}
	end = va + len;
	sync(); /* between the caches */
	if (cache->line == 0)
		return;
	for (va &= -cache->line; va < end; va += cache->line) {
		if (cache == &dcache) {
			if (all)
				CACHE_OP(INDEX_WRITEBACK_INVAL_D, va);
			else
				CACHE_OP(HIT_WRITEBACK_INVAL_D, va);
		} else {
			if (all)
				CACHE_OP(INDEX_INVALIDATE_I, va);
			else
				CACHE_OP(HIT_INVALIDATE_I, va);
		}
	}
}

/* What is written back is dropped as well, whatever is asked for: a line at either end of what
 * is to be dropped may hold other data, and what is to be kept is only slower to come by. */
void glue_cache(enum glue_cache_op op, word_t va, size_t len, bool user)
{
	bool all = op == GLUE_CACHE_ALL;

	if (user && !all) {
		va = (word_t)mips_user_alias(va);
		if (va == 0)
			return;
	}
	lines(&dcache, all, va, len);
	if (all || op == GLUE_CACHE_SYNC_I)
		lines(&icache, all, va, len);
	sync(); /* eret clears the instruction hazard */
}

void *mips_user_alias(word_t va)
{
	struct glue_mapping m;

	if (mips_local.as == NULL || !glue_lookup(mips_local.as, va, &m))
		return NULL;
	return glue_phys_to_virt(m.pa + (va & (((word_t)1 << m.log2) - 1)));
}

void *glue_phys_to_virt(paddr_t pa)
{
	return (void *)(XKPHYS_CACHED + pa);
}

/* The kernel's own image is in ckseg0. */
paddr_t glue_virt_to_phys(const void *va)
{
	word_t a = (word_t)va;

	return a >= CKSEG0 ? a - CKSEG0 : a - XKPHYS_CACHED;
}
