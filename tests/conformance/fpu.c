/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * fpu.c - FPU-0nn: the FPU's registers are a thread's own.
 */
#include "arch.h"
#include "suites.h"

static void values(word_t seed, uint32_t *v)
{
	for (unsigned i = 0; i < ARCH_FPU_MAX; i++)
		v[i] = (uint32_t)pattern(seed, i);
}

static void op_load(struct worker *w)
{
	uint32_t v[ARCH_FPU_MAX];

	values(w->arg[0], v);
	arch_fpu_load(v);
}

/* result[0]: the registers hold what arg[0] says. */
static void op_compare(struct worker *w)
{
	uint32_t v[ARCH_FPU_MAX], got[ARCH_FPU_MAX];

	values(w->arg[0], v);
	arch_fpu_store(got);
	w->result[0] = 1;
	for (unsigned i = 0; i < arch_fpu_words; i++)
		w->result[0] = w->result[0] && got[i] == v[i];
}

/* result[0]: all are 0. */
static void op_zero(struct worker *w)
{
	uint32_t got[ARCH_FPU_MAX];

	arch_fpu_store(got);
	w->result[0] = 1;
	for (unsigned i = 0; i < arch_fpu_words; i++)
		w->result[0] = w->result[0] && got[i] == 0;
}

/* result[0]: what controls the FPU, before it is set to arg[0]. */
static void op_control(struct worker *w)
{
	w->result[0] = arch_fpu_control();
	arch_fpu_set_control(w->arg[0]);
}

static void load(struct worker *w, word_t seed)
{
	w->arg[0] = seed;
	run(w, op_load);
}

static void compare(struct worker *w, word_t seed)
{
	w->arg[0] = seed;
	run(w, op_compare);
	CHECK(w->result[0], "the registers do not hold what the thread loaded");
}

static void kept_across_switches(void)
{
	struct space *sp = space_new();
	struct worker *w[6];

	for (unsigned i = 0; i < ARRAY_SIZE(w); i++) {
		w[i] = worker_new(i < 3 ? sp : i < 5 ? space_new() : &root_space, PRIO_WORKER);
		load(w[i], i + 1);
	}
	for (unsigned i = 0; i < 5 * ARRAY_SIZE(w); i++) {
		unsigned k = i * 5 % ARRAY_SIZE(w);

		compare(w[k], i < ARRAY_SIZE(w) ? k + 1 : 100 + k);
		load(w[k], 100 + k);
	}
}

/* Between threads that switch by IPC, directly. */
static void kept_across_ipc(void)
{
	struct worker *a = worker_new(space_new(), PRIO_WORKER);
	struct worker *b = worker_new(space_new(), PRIO_WORKER);

	for (unsigned i = 0; i < 8; i++) {
		load(a, 2 * i);
		load(b, 2 * i + 1);
		(void)run_ipc(b, L4_nilthread, L4_anythread, R_BLOCK);
		(void)run_ipc(a, b->id, b->id, TAG(i, 5, S_BLOCK | R_BLOCK));
		check_ipc_received(b, TAG(i, 5, 0), a->id, a->seed);
		(void)run_ipc(b, a->id, L4_nilthread, TAG(i, 6, 0));
		check_ipc_received(a, TAG(i, 6, 0), b->id, b->seed);
		compare(a, 2 * i);
		compare(b, 2 * i + 1);
	}
}

/* A new thread sees nothing of another's, be that alive or dead. */
static void new_threads_see_nothing(void)
{
	struct space *sp = space_new();
	struct worker *a = worker_new(sp, PRIO_WORKER), *b = worker_new(sp, PRIO_WORKER), *c;

	load(a, 7);
	run(b, op_zero);
	CHECK(b->result[0], "a new thread sees values in the FPU");
	load(b, 8);
	CHECK(thread_delete(b->id), "deleting: error %lu", L4_ErrorCode());
	c = worker_new(sp, PRIO_WORKER);
	run(c, op_zero);
	CHECK(c->result[0], "a new thread sees values of a deleted one in the FPU");
	compare(a, 7);
}

/* Rounding, masks and flags are as documented at the start, and then the thread's own. */
static void control_is_the_threads(void)
{
	struct space *sp = space_new();
	struct worker *w[3];

	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < ARRAY_SIZE(w); i++) {
			if (round == 0)
				w[i] = worker_new(sp, PRIO_WORKER);
			w[i]->arg[0] = i == 1 ? arch_fpu_control_new : arch_fpu_control_other;
			run(w[i], op_control);
			check_eq("what controls the FPU", w[i]->result[0],
				 round == 0 ? arch_fpu_control_new : w[i]->arg[0]);
		}
}

/* The memory for the registers comes with the first use and goes with the thread. */
static void memory(void)
{
	struct space *sp = space_new();
	struct worker *holder = worker_new(sp, PRIO_WORKER), *w;
	word_t before = kmem_free(), with;

	w = worker_new(sp, PRIO_WORKER);
	with = kmem_free();
	load(w, 3);
	CHECK(kmem_free() < with, "the FPU's registers cost no memory");
	CHECK(thread_delete(w->id), "deleting: error %lu", L4_ErrorCode());
	check_eq("free kernel memory without the thread", kmem_free(), before);
	run(holder, op_zero);
	CHECK(holder->result[0], "values of a deleted thread are in the FPU");
}

static void op_spin_and_compare(struct worker *w)
{
	op_load(w);
	for (w->result[1] = 0; w->result[1] < w->arg[1]; w->result[1]++) {
		op_compare(w);
		if (!w->result[0])
			return;
	}
}

/* Preempted at any place. */
static void kept_across_preemption(void)
{
	struct space *sp = space_new();
	struct worker *w[3];

	for (unsigned i = 0; i < ARRAY_SIZE(w); i++) {
		w[i] = worker_new(sp, PRIO_WORKER);
		(void)L4_Set_Timeslice(w[i]->id, 200, 0);
		w[i]->arg[0] = 40 + i;
		w[i]->arg[1] = 300;
		start(w[i], op_spin_and_compare);
	}
	settle();
	for (unsigned i = 0; i < ARRAY_SIZE(w); i++) {
		CHECK(finished(w[i]) && w[i]->result[0],
		      "thread %u saw other values after %lu rounds", i, w[i]->result[1]);
		check_eq("rounds", w[i]->result[1], 300);
	}
}

static const struct conf_case cases[] = {
    {kept_across_switches, "registers are kept across switches"},
    {kept_across_ipc, "registers are kept across IPC"},
    {new_threads_see_nothing, "new threads see nothing of others"},
    {memory, "memory for the registers"},
    {kept_across_preemption, "registers are kept across preemption"},
    {control_is_the_threads, "what controls the FPU is the thread's"},
};

SUITE_OF(suite_fpu, "FPU", 1, cases);
