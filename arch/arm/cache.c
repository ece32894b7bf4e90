/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * cache.c - cache maintenance (DDI 0406C, B2.2.6).
 *
 * By the addresses of the direct map: the caches of ARM v7-A, all physically tagged, take them for
 * the same lines as any other alias. What isn't RAM has no address there.
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

/* A position: level, way, and set, each where it has room for all there may be. */
#define AT_WAY_SHIFT   15
#define AT_LEVEL_SHIFT 25
#define STEP           128 /* sets */

/* Clean and invalidate by set and way (B4.2.1), the way being in the uppermost bits. Behind the
 * last level, instructions and branch targets. */
word_t glue_cache_all(word_t position)
{
	word_t clidr = read_clidr(), level = position >> AT_LEVEL_SHIFT;
	word_t set = position & ((1u << AT_WAY_SHIFT) - 1);
	word_t way = position >> AT_WAY_SHIFT & ((1u << (AT_LEVEL_SHIFT - AT_WAY_SHIFT)) - 1);
	word_t geometry, ways, sets, end = set + STEP;
	unsigned way_shift;

	dsb();
	if (level >= CLIDR_LOC(clidr)) {
		write_iciallu(0);
		write_bpiall(0);
		dsb();
		isb();
		return 0;
	}
	if (CLIDR_TYPE(clidr, level) < CLIDR_DATA)
		return (level + 1) << AT_LEVEL_SHIFT;
	write_csselr(level << 1);
	isb();
	geometry = read_ccsidr();
	ways = CCSIDR_WAYS(geometry);
	sets = CCSIDR_SETS(geometry);
	way_shift = ways > 1 ? (unsigned)__builtin_clz(ways - 1) : 0;
	if (end > sets)
		end = sets;
	for (; set < end; set++)
		write_dccisw(way << way_shift | set << CCSIDR_LINE_LOG2(geometry) | level << 1);
	if (set < sets)
		return level << AT_LEVEL_SHIFT | way << AT_WAY_SHIFT | set;
	way++;
	return way < ways ? level << AT_LEVEL_SHIFT | way << AT_WAY_SHIFT
			  : (level + 1) << AT_LEVEL_SHIFT;
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

bool glue_cache(enum glue_cache_op op, paddr_t pa, size_t len)
{
	word_t ctr = read_ctr(), va = (word_t)glue_phys_to_virt(pa);

	if (pa - CONFIG_RAM_START >= CONFIG_RAM_SIZE)
		return false;
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
	}
	return true;
}
