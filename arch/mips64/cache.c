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
GLUE_INIT static struct shape shape(unsigned fields)
{
	unsigned s = fields >> 6 & 7, l = fields >> 3 & 7, a = fields & 7;
	word_t line = l == 0 ? 0 : 2ul << l;

	return (struct shape){.line = line, .size = (s == 7 ? 32ul : 64ul << s) * line * (a + 1)};
}

GLUE_INIT word_t mips_dcache_way(void)
{
	uint32_t c = read_config1();

	return shape(c >> 7).size / ((c >> 7 & 7) + 1);
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

#define STEP 64 /* lines */

/* The data cache, then the other, by their indices; a position is what has been done, in bytes. */
word_t glue_cache_all(word_t position)
{
	sync();
	for (unsigned n = 0; n < STEP; n++) {
		if (position < dcache.size) {
			CACHE_OP(INDEX_WRITEBACK_INVAL_D, CKSEG0 + position);
			position += dcache.line;
		} else if (position < dcache.size + icache.size) {
			CACHE_OP(INDEX_INVALIDATE_I, CKSEG0 + position - dcache.size);
			position += icache.line;
		} else {
			position = 0;
			break;
		}
	}
	sync(); /* eret clears the instruction hazard */
	return position;
}

/* What is written back is dropped as well, whatever is asked for: a line at either end of what
 * is to be dropped may hold other data, and what is to be kept is only slower to come by. */
bool glue_cache(enum glue_cache_op op, paddr_t pa, size_t len)
{
	word_t va = (word_t)glue_phys_to_virt(pa), end = va + len, at;

	sync();
	if (dcache.line) {
		at = va & -dcache.line;
		do
			CACHE_OP(HIT_WRITEBACK_INVAL_D, at);
		while ((at += dcache.line) < end);
	}
	sync(); /* between the caches */
	if (op == GLUE_CACHE_SYNC_I && icache.line) {
		at = va & -icache.line;
		do
			CACHE_OP(HIT_INVALIDATE_I, at);
		while ((at += icache.line) < end);
	}
	sync(); /* eret clears the instruction hazard */
	return true;
}

void *mips_user_alias(word_t va)
{
	struct glue_mapping m;

	if (!glue_lookup(mips_space(), va, &m))
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
