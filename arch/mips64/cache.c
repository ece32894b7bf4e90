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
#define HIT_WRITEBACK_D         0x19

#define CACHE_OP(op, va) __asm__ volatile("cache %0, 0(%1)" : : "i"(op), "r"(va) : "memory")

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

/* The lines that [va, end) touches. */
#define FOR_LINES(at, va, end, line)                                                               \
	if ((line) != 0)                                                                           \
		for (word_t at = (va) & -(line); at < (end); at += (line))

static void all(void)
{
	FOR_LINES(at, CKSEG0, CKSEG0 + dcache.size, dcache.line)
	CACHE_OP(INDEX_WRITEBACK_INVAL_D, at);
	sync();
	FOR_LINES(at, CKSEG0, CKSEG0 + icache.size, icache.line)
	CACHE_OP(INDEX_INVALIDATE_I, at);
}

void glue_cache(enum glue_cache_op op, word_t va, size_t len, bool user)
{
	struct glue_mapping m;
	word_t end;

	if (op == GLUE_CACHE_ALL) {
		all();
		ehb();
		return;
	}
	if (user) {
		if (mips_local.as == NULL || !glue_lookup(mips_local.as, va, &m))
			return;
		va = (word_t)glue_phys_to_virt(m.pa + (va & (((word_t)1 << m.log2) - 1)));
	}
	end = va + len;
	switch (op) {
	case GLUE_CACHE_CLEAN:
		FOR_LINES(at, va, end, dcache.line)
		CACHE_OP(HIT_WRITEBACK_D, at);
		break;
	case GLUE_CACHE_INVAL: /* a line at either end may hold other data */
	case GLUE_CACHE_FLUSH:
		FOR_LINES(at, va, end, dcache.line)
		CACHE_OP(HIT_WRITEBACK_INVAL_D, at);
		break;
	case GLUE_CACHE_SYNC_I:
		FOR_LINES(at, va, end, dcache.line)
		CACHE_OP(HIT_WRITEBACK_D, at);
		sync();
		FOR_LINES(at, va, end, icache.line)
		CACHE_OP(HIT_INVALIDATE_I, at);
		break;
	case GLUE_CACHE_ALL:
		break;
	}
	sync(); /* eret clears the instruction hazard */
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
