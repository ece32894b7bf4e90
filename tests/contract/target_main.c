/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * target_main.c - the properties of the contract inside a kernel image: this file stands in
 * for the generic kernel. The properties run as a coroutine with a stack of its own, so that
 * they can wait for upcalls: run_user switches to the kernel stack, where the upcall that is
 * under way returns; the next one switches back.
 */
#include <stdarg.h>
#include <config.h>
#include <kernel/kmem.h>

#include "contract.h"
#include "target.h"

#define POOL_SIZE     0x1000000u
#define CO_STACK_SIZE 16384

static uint8_t stack[CO_STACK_SIZE] __attribute__((aligned(16)));
static void *upcall_sp, *property_sp;

/* No thread is known: a port's fast path has to leave every IPC to k_ipc. In each slot there is a
 * dummy, whose id none of the properties uses. */
#define SLOTS ((size_t)1 << GLUE_SLOTS_LOG2)
static struct glue_thread dummy = {.id = 1};
struct glue_cpu k_cpus[1];

static struct event event;
static struct glue_ctx *next;

static const char *current; /* property */
static bool current_failed;

void contract_fail(const char *file, unsigned line, const char *what, uint64_t a, uint64_t b)
{
	if (!current_failed)
		k_printf("contract: FAIL %s: %s:%u: %s (%llx, %llx)\n", current, file, line, what,
			 (unsigned long long)a, (unsigned long long)b);
	current_failed = true;
}

static void run_all(void)
{
	unsigned passed = 0;

	for (unsigned i = 0; i < contract_property_count; i++) {
		current = contract_properties[i].name;
		current_failed = false;
		frames_reset();
		contract_properties[i].run();
		glue_timer_arm(GLUE_TIMER_OFF);
		kmem_check();
		if (!current_failed) {
			k_printf("contract: PASS %s\n", current);
			passed++;
		}
	}
	k_printf("contract: %u passed, %u failed\n", passed, contract_property_count - passed);
	glue_halt(passed == contract_property_count ? GLUE_HALT_OK : GLUE_HALT_TEST_FAIL);
}

/* ---- waiting for an upcall ------------------------------------------------------------- */

struct event run_user(struct glue_ctx *c, struct glue_space *as)
{
	k_cpus[0].current = (struct glue_thread *)c;
	glue_activate(c, as);
	next = c;
	contract_switch(&property_sp, upcall_sp);
	return event;
}

struct event run_idle(void)
{
	next = NULL;
	contract_switch(&property_sp, upcall_sp);
	return event;
}

static struct glue_ctx *upcall(enum event_kind kind, struct glue_ctx *c, word_t a0, word_t a1,
			       word_t a2)
{
	event = (struct event){kind, c, {a0, a1, a2}};
	contract_switch(&upcall_sp, property_sp);
	return next;
}

void contract_pass_time(uint64_t until)
{
	while (glue_clock() < until)
		;
}

struct glue_ctx *k_ipc(struct glue_ctx *c, word_t to, word_t from, word_t tag)
{
	return upcall(EV_IPC, c, to, from, tag);
}

struct glue_ctx *k_ipc_to(struct glue_ctx *c, struct glue_thread *dest)
{
	k_panic(c, "k_ipc_to(%lx): there is no thread", (unsigned long)dest->id);
	return c;
}

struct glue_ctx *k_syscall(struct glue_ctx *c, word_t nr)
{
	return upcall(EV_SYSCALL, c, nr, 0, 0);
}

struct glue_ctx *k_pagefault(struct glue_ctx *c, word_t va, unsigned access)
{
	return upcall(EV_PAGEFAULT, c, va, access, 0);
}

struct glue_ctx *k_exception(struct glue_ctx *c, word_t number, word_t code)
{
	return upcall(EV_EXCEPTION, c, number, code, 0);
}

struct glue_ctx *k_interrupt(struct glue_ctx *c)
{
	return upcall(EV_INTERRUPT, c, 0, 0, 0);
}

struct glue_ctx *k_fpu(struct glue_ctx *c)
{
	return upcall(EV_FPU, c, 0, 0, 0);
}

void k_panic(const struct glue_ctx *c, const char *fmt, ...)
{
	static bool again;

	if (!again) {
		again = true;
		k_printf("contract: FAIL %s: panic: %s\n", current ? current : "boot", fmt);
		glue_dump(c);
	}
	glue_halt(GLUE_HALT_PANIC);
}

/* ---- memory -------------------------------------------------------------------------------- */

static bool taken(const struct glue_boot_info *bi, paddr_t start, paddr_t end)
{
	for (unsigned i = 0; i < bi->mems; i++)
		if (bi->mem[i].type != GLUE_MEM_RAM && bi->mem[i].start < end &&
		    start < bi->mem[i].end)
			return true;
	for (unsigned i = 0; i < bi->modules; i++)
		if (bi->module[i].start < end && start < bi->module[i].start + bi->module[i].size)
			return true;
	return false;
}

/* The longest stretch of RAM in which nothing is, in steps of 64 KiB. */
static void find_memory(const struct glue_boot_info *bi, paddr_t *start, paddr_t *end)
{
	const paddr_t step = 0x10000;

	*start = *end = 0;
	for (unsigned i = 0; i < bi->mems; i++) {
		const struct glue_boot_mem *m = &bi->mem[i];
		paddr_t first = (m->start + step - 1) & -step;

		if (m->type != GLUE_MEM_RAM)
			continue;
		for (paddr_t pa = first; pa + step <= m->end && pa + step - 1 <= GLUE_DIRECT_LAST;
		     pa += step) {
			if (taken(bi, pa, pa + step))
				first = pa + step;
			else if (pa + step - first > *end - *start) {
				*start = first;
				*end = pa + step;
			}
		}
	}
}

struct glue_ctx *k_boot(const struct glue_boot_info *bi)
{
	paddr_t start, end;

	k_printf("contract: %s, %u properties\n", GLUE_ARCH_NAME, contract_property_count);
	find_memory(bi, &start, &end);
	if (end - start < 2 * (paddr_t)POOL_SIZE)
		k_panic(NULL, "not enough memory");
	kmem_init(glue_phys_to_virt(start), (char *)glue_phys_to_virt(start) + POOL_SIZE);
	k_cpus[0].threads = k_alloc(GLUE_SLOTS_LOG2 + (GLUE_WORD_BITS == 64 ? 3 : 2));
	if (!k_cpus[0].threads)
		k_panic(NULL, "no memory for the slots");
	for (size_t i = 0; i < SLOTS; i++)
		k_cpus[0].threads[i] = &dummy;
	contract_frames_init(start + POOL_SIZE, end);
	contract_start(&upcall_sp, stack + CO_STACK_SIZE, run_all);
	return next;
}
