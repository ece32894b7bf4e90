/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * machine.c - physical memory, console, halting and allocation failure of the modelled
 * machine.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "internal.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define UNPOISON(p, size) __asan_unpoison_memory_region(p, size)
#else
#define UNPOISON(p, size) ((void)(p), (void)(size))
#endif

static uint8_t *arena;
static paddr_t frames_end;

static char console[1 << 18];
static size_t console_len;

static jmp_buf *halt_jump;
static int halt_why;

void (*host_on_fail)(const char *message);

void host_reset(void)
{
	if (arena == NULL) {
		arena = mmap(NULL, HOST_RAM_SIZE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (arena == MAP_FAILED)
			abort();
	} else if (madvise(arena, HOST_RAM_SIZE, MADV_DONTNEED) != 0) {
		abort();
	}
	UNPOISON(arena, HOST_RAM_SIZE); /* the kernel's pool poisons what is free */
	frames_end = GLUE_DIRECT_LAST + 1;
	host_console_clear();
	host_cpu_reset();
	host_tlb_reset();
	host_irq_reset();
	host_cache_reset();
	host_fail_alloc(0, false);
}

void host_fail(const char *fmt, ...)
{
	char message[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	fprintf(stderr, "host: %s\n", message);
	if (host_on_fail)
		host_on_fail(message);
	abort();
}

/* ---- memory --------------------------------------------------------------------------- */

void *glue_phys_to_virt(paddr_t pa)
{
	REQUIRE(pa >= HOST_RAM_START && pa <= GLUE_DIRECT_LAST);
	return arena + (pa - HOST_RAM_START);
}

paddr_t glue_virt_to_phys(const void *va)
{
	const uint8_t *p = va;

	REQUIRE(p >= arena && p < arena + HOST_RAM_SIZE);
	return HOST_RAM_START + (paddr_t)(p - arena);
}

paddr_t host_frame(unsigned log2)
{
	frames_end = (frames_end - ((paddr_t)1 << log2)) & -((paddr_t)1 << log2);
	REQUIRE(frames_end >= HOST_RAM_START);
	return frames_end;
}

/* ---- console --------------------------------------------------------------------------- */

void glue_putc(char ch)
{
	if (console_len < sizeof(console) - 1) {
		console[console_len++] = ch;
		console[console_len] = '\0';
	}
}

const char *host_console(void)
{
	return console;
}

void host_console_clear(void)
{
	console_len = 0;
	console[0] = '\0';
}

/* ---- the end ---------------------------------------------------------------------------- */

void glue_halt(enum glue_halt_why why)
{
	if (halt_jump == NULL)
		host_fail("the kernel halted (%u): ...%s", (unsigned)why,
			  console + (console_len > 300 ? console_len - 300 : 0));
	halt_why = (int)why;
	longjmp(*halt_jump, 1);
}

int host_try(void (*fn)(void *arg), void *arg)
{
	jmp_buf here, *outer = halt_jump;

	halt_why = -1;
	if (setjmp(here) == 0) {
		halt_jump = &here;
		fn(arg);
		halt_why = -1;
	}
	halt_jump = outer;
	return halt_why;
}

void glue_dump(const struct glue_ctx *c)
{
	if (c == NULL) {
		k_printf("host: no registers\n");
		return;
	}
	k_printf("ip %lx sp %lx flags %lx tls %lx\n", (unsigned long)c->ip, (unsigned long)c->sp,
		 (unsigned long)c->flags, (unsigned long)c->tls);
	for (unsigned i = 0; i < HOST_REGS; i++)
		k_printf("r%u %lx%s", i, (unsigned long)c->r[i], i % 4 == 3 ? "\n" : " ");
}

void glue_backtrace(void (*found)(word_t pc))
{
	found((word_t)__builtin_return_address(0));
}

/* ---- allocation failure -------------------------------------------------------------------- */

static unsigned fail_at, alloc_calls;
static bool fail_all;

static bool fails(void)
{
	alloc_calls++;
	return fail_at && (alloc_calls == fail_at || (fail_all && alloc_calls > fail_at));
}

void *__real_k_alloc(unsigned log2) __attribute__((weak));
void *__wrap_k_alloc(unsigned log2);

void *__wrap_k_alloc(unsigned log2)
{
	return fails() ? NULL : __real_k_alloc(log2);
}

bool __real_kmem_ready(word_t log2) __attribute__((weak));
bool __wrap_kmem_ready(word_t log2);

bool __wrap_kmem_ready(word_t log2)
{
	return !fails() && __real_kmem_ready(log2);
}

bool __real_kmem_has(size_t n, unsigned log2) __attribute__((weak));
bool __wrap_kmem_has(size_t n, unsigned log2);

/* What will fail isn't there; what is there won't fail. */
bool __wrap_kmem_has(size_t n, unsigned log2)
{
	if (fail_at && alloc_calls + n >= fail_at)
		return false;
	fail_at = 0;
	return __real_kmem_has(n, log2);
}

void host_fail_alloc(unsigned n, bool all)
{
	fail_at = n;
	fail_all = all;
	alloc_calls = 0;
}

unsigned host_alloc_calls(void)
{
	return alloc_calls;
}
