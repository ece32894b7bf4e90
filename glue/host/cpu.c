/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * cpu.c - FPU, message copying and caches of the modelled machine.
 *
 * The instruction cache is an oracle like the TLB: a line that was fetched stays as it was
 * until it is synchronised, and fetching it again after memory has changed fails the test.
 */
#include <string.h>
#include "internal.h"

#define LINES      512
#define CACHE_LINE 64 /* bytes */

static struct {
	bool on;
	uint64_t r[HOST_FPU_REGS];
} fpu;

static struct {
	paddr_t pa;
	bool valid;
	uint8_t bytes[CACHE_LINE];
} icache[LINES];

void host_cache_reset(void)
{
	memset(icache, 0, sizeof(icache));
}

void host_cpu_reset(void)
{
	host_active_ctx = host_running = NULL;
	host_active_space = NULL;
	fpu.on = false;
	for (unsigned i = 0; i < HOST_FPU_REGS; i++)
		fpu.r[i] = 0xdead0000 + i; /* what was there at power-on; nobody may see it */
}

unsigned glue_cpu_id(void)
{
	return 0;
}

void glue_fpu_init(struct glue_fpu *f)
{
	f->r[HOST_FPU_REGS - 1] = HOST_FPU_CONTROL;
}

void glue_fpu_save(struct glue_fpu *f)
{
	REQUIRE(fpu.on);
	memcpy(f->r, fpu.r, sizeof(fpu.r));
}

void glue_fpu_load(const struct glue_fpu *f)
{
	REQUIRE(fpu.on);
	memcpy(fpu.r, f->r, sizeof(fpu.r));
}

void glue_fpu_enable(bool on)
{
	fpu.on = on;
}

bool host_user_fpu(unsigned i, uint64_t **reg)
{
	REQUIRE(i < HOST_FPU_REGS);
	*reg = &fpu.r[i];
	return fpu.on;
}

void glue_copy_words(word_t *dst, const word_t *src, unsigned n)
{
	REQUIRE(n >= 1 && n <= 63);
	REQUIRE(((uintptr_t)dst | (uintptr_t)src) % sizeof(word_t) == 0);
	REQUIRE(dst + n <= src || src + n <= dst);
	for (unsigned i = 0; i < n; i++)
		dst[i] = src[i];
}

void glue_clear(void *from, size_t n)
{
	REQUIRE(n > 0 && n % (16 * sizeof(word_t)) == 0);
	REQUIRE((uintptr_t)from % sizeof(word_t) == 0);
	memset(from, 0, n);
}

void host_icache_fetch(paddr_t pa, void *buf, size_t len)
{
	paddr_t line = pa & ~(paddr_t)(CACHE_LINE - 1);
	unsigned slot = (unsigned)(line / CACHE_LINE % LINES);
	const uint8_t *memory = glue_phys_to_virt(line);

	REQUIRE(pa + len <= line + CACHE_LINE);
	if (!icache[slot].valid || icache[slot].pa != line) {
		icache[slot].valid = true;
		icache[slot].pa = line;
		memcpy(icache[slot].bytes, memory, CACHE_LINE);
	}
	if (memcmp(icache[slot].bytes + (pa - line), memory + (pa - line), len) != 0)
		host_fail("stale instruction fetched at physical address %llx",
			  (unsigned long long)pa);
	memcpy(buf, memory + (pa - line), len);
}

static void icache_forget(paddr_t start, size_t len)
{
	for (unsigned i = 0; i < LINES; i++)
		if (icache[i].pa < start + len && start < icache[i].pa + CACHE_LINE)
			icache[i].valid = false;
}

bool glue_cache(enum glue_cache_op op, paddr_t pa, size_t len)
{
	REQUIRE(len > 0);
	if (pa < HOST_RAM_START || pa > GLUE_DIRECT_LAST)
		return false;
	if (op == GLUE_CACHE_SYNC_I)
		icache_forget(pa, len);
	return true;
}

/* A part of the model after another. */
word_t glue_cache_all(word_t position)
{
	enum { STEPS = 8 };

	REQUIRE(position < STEPS);
	for (unsigned i = (unsigned)position; i < LINES; i += STEPS)
		icache[i].valid = false;
	return (position + 1) % STEPS;
}
