/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * cache.c - cache maintenance (DDI 0406C, B2.2.6).
 *
 * User addresses are not handed to the operations: the page may lack the access flag, and
 * the operation would fault. The page tables say which frame it is, and the direct map has
 * an alias, which the caches of ARM v7-A, all physically tagged, treat as the same line.
 */
#include <arch/cp15.h>
#include <arch/port.h>

#define CTR_DMIN_LINE(ctr) (4u << ((ctr) >> 16 & 0xf)) /* bytes */
#define CTR_IMIN_LINE(ctr) (4u << ((ctr)&0xf))
#define CTR_L1IP(ctr)      ((ctr) >> 14 & 3)
#define CTR_L1IP_PIPT      3

#define CLIDR_TYPE(clidr, level) ((clidr) >> (3 * (level)) & 7)
#define CLIDR_LOC(clidr)         ((clidr) >> 24 & 7)
#define CLIDR_DATA               2 /* types from this on have a data or unified cache */

#define CCSIDR_LINE_LOG2(ccsidr) (((ccsidr)&7) + 4)
#define CCSIDR_WAYS(ccsidr)      (((ccsidr) >> 3 & 0x3ff) + 1)
#define CCSIDR_SETS(ccsidr)      (((ccsidr) >> 13 & 0x7fff) + 1)

/* Clean and invalidate one cache by set and way; the way is in the uppermost bits (B4.2.1). */
static void flush_level(unsigned level)
{
	word_t geometry, ways, sets;
	unsigned way_shift;

	write_csselr(level << 1);
	isb();
	geometry = read_ccsidr();
	ways = CCSIDR_WAYS(geometry);
	sets = CCSIDR_SETS(geometry);
	way_shift = ways > 1 ? (unsigned)__builtin_clz(ways - 1) : 0;
	for (word_t way = 0; way < ways; way++)
		for (word_t set = 0; set < sets; set++)
			write_dccisw(way << way_shift | set << CCSIDR_LINE_LOG2(geometry) |
				     level << 1);
}

static void flush_all(void)
{
	word_t clidr = read_clidr();

	dsb();
	for (unsigned level = 0; level < CLIDR_LOC(clidr); level++)
		if (CLIDR_TYPE(clidr, level) >= CLIDR_DATA)
			flush_level(level);
	dsb();
	write_iciallu(0);
	write_bpiall(0);
	dsb();
	isb();
}

static void for_lines(word_t va, size_t len, word_t line, void (*op)(word_t))
{
	word_t end = va + len;

	for (va &= ~(line - 1); va < end; va += line)
		op(va);
	dsb();
}

/* What was written is visible to instruction fetches: B2.2.9, "Ordering of cache and branch
 * predictor maintenance operations". */
static void sync_icache(word_t va, size_t len, word_t ctr)
{
	for_lines(va, len, CTR_DMIN_LINE(ctr), write_dccmvau);
	if (CTR_L1IP(ctr) == CTR_L1IP_PIPT)
		for_lines(va, len, CTR_IMIN_LINE(ctr), write_icimvau);
	else
		write_iciallu(0); /* a line of the other address may be in another place */
	write_bpiall(0);
	dsb();
	isb();
}

static bool in_direct_map(word_t va)
{
	return va - KERNEL_BASE < CONFIG_RAM_SIZE;
}

/* Turn the user address of the space in force into the kernel's alias; what isn't RAM has
 * one outside the direct map. False: it isn't RAM and not cached either. */
static bool alias(word_t *va)
{
	struct glue_mapping m;

	if (arm_space() == NULL || !glue_lookup(arm_space(), *va, &m))
		return false;
	*va = (word_t)glue_phys_to_virt(m.pa + (*va & (((word_t)1 << m.log2) - 1)));
	return in_direct_map(*va) || m.attr == GLUE_CACHED;
}

void glue_cache(enum glue_cache_op op, word_t va, size_t len, bool user)
{
	word_t ctr = read_ctr();

	if (op != GLUE_CACHE_ALL) {
		if (len == 0 || (user && !alias(&va)))
			return;
		if (!in_direct_map(va))
			op = GLUE_CACHE_ALL;
	}
	switch (op) {
	case GLUE_CACHE_CLEAN:
		for_lines(va, len, CTR_DMIN_LINE(ctr), write_dccmvac);
		break;
	case GLUE_CACHE_INVAL: /* cleaned first: the ends of the range may share their lines */
	case GLUE_CACHE_FLUSH:
		for_lines(va, len, CTR_DMIN_LINE(ctr), write_dccimvac);
		break;
	case GLUE_CACHE_SYNC_I:
		sync_icache(va, len, ctr);
		break;
	case GLUE_CACHE_ALL:
		flush_all();
		break;
	}
}
