/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * cache.c - CAC-0nn: CacheControl, and code that is written and then executed.
 */
#include <l4/cache.h>

#include "arch.h"
#include "map.h"
#include "suites.h"

static word_t control(L4_ThreadId_t space, word_t op, word_t items)
{
	return L4_CacheControl(space, op | items << ABI_CACHE_ITEMS_SHIFT);
}

static void refused(const char *what, word_t ok, word_t error)
{
	CHECK(!ok, "%s: CacheControl succeeded", what);
	check_eq(what, L4_ErrorCode(), error);
}

static void set_range(unsigned i, word_t start, word_t len)
{
	L4_LoadMR((int)(2 * i), start);
	L4_LoadMR((int)(2 * i + 1), len);
}

/* Every operation keeps what was written. */
static void keeps_data(void)
{
	word_t *pages = pages_new(14, NULL), start = (word_t)pages, end = start + 0x4000;

	for (unsigned round = 0; round < 6; round++) {
		word_t ok = 0;

		for (unsigned i = 0; i < 0x4000 / sizeof(word_t); i++)
			pages[i] = pattern(round, i);
		if (round == 0)
			ok = L4_CacheFlushAll();
		else if (round == 1)
			ok = L4_CacheFlushDRange(L4_nilthread, start + 8, end - 24);
		else if (round == 2)
			ok = L4_CacheCleanDRange(L4_Myself(), start, end);
		else if (round == 3)
			ok = L4_CacheFlushIRange(L4_nilthread, start + 1, end - 1);
		else if (round == 4)
			ok = L4_CacheFlushRange(L4_nilthread, start, end);
		else
			ok = L4_CacheCleanDRange(L4_nilthread, start, end) &&
			     L4_CacheFlushRangeInvalidate(L4_nilthread, start, end);
		CHECK(ok, "round %u: error %lu", round, L4_ErrorCode());
		for (unsigned i = 0; i < 0x4000 / sizeof(word_t); i++)
			check_eq("a word", pages[i], pattern(round, i));
	}
}

static void ranges(void)
{
	word_t *pages = pages_new(13, NULL), start = (word_t)pages, last = kip->user_last;
	word_t free = (word_t)MAP_AT; /* nothing is mapped there in the root task's space */
	const word_t good[][2] = {
	    {start, 0}, {start, 1},    {start + PAGE - 1, 2},    {start, 2 * PAGE},
	    {free, 0},  {ALL_ONES, 0}, {start + 2 * PAGE - 1, 1}};
	const word_t bad[][2] = {{last + 1, 1},        {last, 2},
				 {ALL_ONES, 1},        {start, ALL_ONES},
				 {ALL_ONES, ALL_ONES}, {start, ALL_ONES - start + 1}};
	L4_Fpage_t f = piece(free, RT_PAGE_LOG2, 0);

	for (word_t op = ABI_CACHE_CLEAN_D; op < ABI_CACHE_OPS; op++) {
		for (unsigned i = 0; i < ARRAY_SIZE(good); i++) {
			set_range(0, good[i][0], good[i][1]);
			CHECK(control(L4_nilthread, op, 1),
			      "operation %lu on %lx, %lx bytes: error %lu", op, good[i][0],
			      good[i][1], L4_ErrorCode());
		}
		for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
			set_range(0, bad[i][0], bad[i][1]);
			refused("a bad range", control(L4_nilthread, op, 1), L4_ErrInvalidParam);
		}
		CHECK(control(L4_nilthread, op, 0), "operation %lu on nothing: error %lu", op,
		      L4_ErrorCode());
	}
	CHECK(L4_GetStatus(L4_Myself(), &f, NULL), "status");
	if (L4_Rights(f) == L4_NoAccess) {
		set_range(0, free, 1);
		refused("what is not mapped", control(L4_nilthread, ABI_CACHE_CLEAN_D, 1),
			L4_ErrInvalidParam);
	}
}

static void op_cache(struct worker *w)
{
	set_range(0, w->arg[1], w->arg[2]);
	w->result[0] = control(L4_nilthread, w->arg[0], 1);
}

/* Memory that the thread may only read, by a thread that may do nothing else: whatever the
 * operation is, what is there stays. A range that goes on beyond it is refused. */
static void read_only(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);
	word_t areas[] = {L4_Address(w->space->kip_area), (word_t)arch_answer & ~(PAGE - 1)};

	for (unsigned i = 0; i < ARRAY_SIZE(areas); i++)
		for (word_t op = ABI_CACHE_CLEAN_D; op < ABI_CACHE_OPS; op++) {
			word_t before;

			check_no_fault("reading", probe(w, op_read, areas[i], 0));
			before = w->result[0];
			w->arg[0] = op;
			w->arg[1] = areas[i];
			w->arg[2] = PAGE;
			run(w, op_cache);
			check_eq("result", w->result[0], 1);
			check_no_fault("reading", probe(w, op_read, areas[i], 0));
			check_eq("what was read", w->result[0], before);
			w->arg[0] = op;
			w->arg[1] = L4_Address(w->space->kip_area);
			w->arg[2] = kip->user_last;
			run(w, op_cache);
			check_eq("result, beyond", w->result[0], 0);
			check_eq("ErrorCode", w->error, L4_ErrInvalidParam);
		}
}

static void items(void)
{
	word_t start = (word_t)pages_new(RT_PAGE_LOG2, NULL);

	for (word_t n = 1; n <= ABI_CACHE_MAX_ITEMS; n++) {
		for (unsigned i = 0; i < n; i++)
			set_range(i, start + i * 64, 64);
		CHECK(control(L4_nilthread, ABI_CACHE_FLUSH_D, n), "%lu items: error %lu", n,
		      L4_ErrorCode());
		set_range((unsigned)n - 1, kip->user_last + 1, 1);
		refused("the last item is bad", control(L4_nilthread, ABI_CACHE_FLUSH_D, n),
			L4_ErrInvalidParam);
	}
	for (word_t n = ABI_CACHE_MAX_ITEMS + 1; n <= ABI_CACHE_ITEMS_MASK; n++)
		refused("too many items", control(L4_nilthread, ABI_CACHE_FLUSH_D, n),
			L4_ErrInvalidParam);
}

static void operations(void)
{
	for (word_t op = ABI_CACHE_OPS; op < 64; op++)
		refused("an unknown operation", control(L4_nilthread, op, 0), L4_ErrInvalidParam);
	set_range(0, (word_t)kip, 4);
	refused("everything, with a range", control(L4_nilthread, ABI_CACHE_FLUSH_ALL, 1),
		L4_ErrInvalidParam);
	for (unsigned bit = 12; bit < L4_BITS_PER_WORD; bit++)
		refused("an unknown bit",
			L4_CacheControl(L4_nilthread, ABI_CACHE_CLEAN_D | (word_t)1 << bit),
			L4_ErrInvalidParam);
}

static void spaces(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);
	struct worker *other = worker_new(space_new(), PRIO_WORKER);
	const L4_ThreadId_t bad[] = {L4_anythread, L4_waitnotify, id_new(), id_stale(w->id),
				     L4_GlobalId(ALL_ONES >> 1, 1)};

	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++)
		refused("no such space", control(bad[i], ABI_CACHE_CLEAN_D, 0), L4_ErrInvalidSpace);
	CHECK(control(w->id, ABI_CACHE_CLEAN_D, 0), "the root task on another: error %lu",
	      L4_ErrorCode());
	w->arg[0] = ABI_SYS_CACHE_CONTROL;
	w->arg[2] = ABI_CACHE_CLEAN_D;
	w->arg[1] = other->id.raw;
	run(w, op_syscall);
	check_eq("result on another space", w->result[0], 0);
	check_eq("ErrorCode", w->error, L4_ErrInvalidSpace);
	w->arg[1] = L4_Myself().raw;
	run(w, op_syscall);
	check_eq("ErrorCode on the root task", w->error, L4_ErrInvalidSpace);
	w->arg[1] = w->id.raw;
	run(w, op_syscall);
	check_eq("result on its own", w->result[0], 1);
	w->arg[1] = ABI_NILTHREAD;
	w->arg[2] = ABI_CACHE_FLUSH_ALL;
	run(w, op_syscall);
	check_eq("result on everything", w->result[0], 1);
}

/* ---- code ------------------------------------------------------------------------------------ */

/* The answer is a constant of the code: replace it by another of 7 bits. */
static void write_code(char *at, unsigned answer)
{
	size_t size = (size_t)(arch_answer_end - arch_answer);

	memcpy(at, arch_answer, size);
	for (size_t i = 0; i < size; i++) {
		if ((unsigned char)at[i] == ARCH_ANSWER) {
			at[i] = (char)answer;
			return;
		}
	}
	fail("the code has no constant");
}

/* The root task writes, the worker executes: at one address, again and again. */
static void written_by_root(void)
{
	struct map_scene s = map_scene_new();

	map_page(&s, MAP_AT, s.frame, L4_ReadeXecOnly);
	for (unsigned answer = 1; answer < 100; answer += 7) {
		write_code((char *)s.page, answer);
		CHECK(L4_CacheFlushIRange(s.w->id, MAP_AT, MAP_AT + 64) &&
			  L4_CacheFlushIRange(L4_nilthread, (word_t)s.page, (word_t)s.page + 64),
		      "error %lu", L4_ErrorCode());
		check_no_fault("executing", probe(s.w, op_execute, MAP_AT, 0));
		check_eq("result of the code", s.w->result[0], answer);
	}
}

static void op_write_and_run(struct worker *w)
{
	for (unsigned answer = 1; answer < 100; answer += 7) {
		write_code((char *)w->arg[0], answer);
		if (!L4_CacheFlushIRange(L4_nilthread, w->arg[0], w->arg[0] + 64))
			return;
		op_execute(w);
		if (w->result[0] != answer)
			return;
	}
	w->result[1] = 1;
}

/* A thread without privilege writes its own code and executes it. */
static void written_by_itself(void)
{
	struct map_scene s = map_scene_new();

	map_page(&s, MAP_AT, s.frame, L4_FullyAccessible);
	s.w->result[1] = 0;
	check_no_fault("writing and executing",
		       probe(s.w, op_write_and_run, MAP_AT + PAGE - 64, 0));
	check_eq("all was executed as written", s.w->result[1], 1);
}

/* Another frame at the same address: its code is executed, not the other's. */
static void remapped(void)
{
	struct map_scene s = map_scene_new();
	uint64_t frame2;
	char *page2 = pages_new(RT_PAGE_LOG2, &frame2);

	write_code((char *)s.page, 11);
	write_code(page2, 22);
	CHECK(L4_CacheFlushIRange(L4_nilthread, (word_t)s.page, (word_t)s.page + 64) &&
		  L4_CacheFlushIRange(L4_nilthread, (word_t)page2, (word_t)page2 + 64),
	      "error %lu", L4_ErrorCode());
	for (unsigned i = 0; i < 4; i++) {
		map_page(&s, MAP_AT, i & 1 ? frame2 : s.frame, L4_ReadeXecOnly);
		check_no_fault("executing", probe(s.w, op_execute, MAP_AT, 0));
		check_eq("result of the code", s.w->result[0], i & 1 ? 22 : 11);
	}
}

static const struct conf_case cases[] = {
    {keeps_data, "no operation loses what was written"},
    {ranges, "good and bad ranges"},
    {items, "1 to 31 ranges"},
    {operations, "unknown operations and bits"},
    {spaces, "whose caches"},
    {written_by_root, "code written by the root task"},
    {written_by_itself, "code written by the thread itself"},
    {remapped, "code of another page at the same address"},
    {read_only, "memory that may only be read"},
};

SUITE_OF(suite_cache, "CAC", 1, cases);
