/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * abuse.c - ABU-0nn: threads that change what the kernel is reading, keep it busy, or pretend to
 * be it. Others must not be disturbed.
 */
#include <l4/cache.h>

#include "map.h"
#include "suites.h"

#define KEEP ALL_ONES

static void set_times(const struct worker *w, word_t slice, word_t quantum)
{
	CHECK(L4_Schedule(w->id, slice, quantum, KEEP, KEEP, NULL, NULL), "Schedule: error %lu",
	      L4_ErrorCode());
}

static word_t us_since(uint64_t start)
{
	return (word_t)((__l4_ticks() - start) * 1000 / kip->clock_khz);
}

/* ---- message registers that change during the call ---------------------------------------- */

/* The caller maps and unmaps a range, later reads another one of small pages, and then cleans
 * caches, so often that its slices end in calls; when it goes on, the other thread has written
 * something else to its message registers. log2 of an item that is mapped, and of one that is
 * read: */
#define LARGE_LOG2 19
#define RANGE_LOG2 17
#define ITEMS      ABI_MAP_MAX_ITEMS
#define RANGE      ((word_t)ITEMS << RANGE_LOG2)
#define LARGE      ((word_t)ITEMS << LARGE_LOG2)
#define SMALL_AT   (MAP_AT + LARGE)
#define ROUNDS     5000 /* of each kind of call, at most */
#define WANTED     20   /* of them have seen something wrong */

static volatile bool over;
static volatile bool in_call;
static volatile word_t scribbles, refusals[3];
static word_t good[2 * ITEMS], bad[6][2];

enum { MODIFIES, READS, CLEANS, KINDS };

static void fill(volatile abi_word_t *mr, unsigned kind, unsigned round)
{
	for (unsigned i = 0; i < ITEMS; i++) {
		mr[2 * i] = good[2 * i];
		mr[2 * i + 1] = good[2 * i + 1];
		if (kind == READS) {
			mr[2 * i + 1] =
			    piece(SMALL_AT + ((word_t)i << RANGE_LOG2), RANGE_LOG2, 0).raw;
		} else if (kind == MODIFIES && round & 1) {
			mr[2 * i + 1] &= ~(word_t)L4_FullyAccessible;
		} else if (kind == CLEANS) {
			mr[2 * i] = SMALL_AT + ((word_t)i << RANGE_LOG2);
			mr[2 * i + 1] = 1u << RANGE_LOG2;
		}
	}
}

static word_t call(unsigned kind, L4_ThreadId_t space)
{
	if (kind == CLEANS)
		return L4_CacheControl(space, ABI_CACHE_CLEAN_D | ABI_CACHE_MAX_ITEMS
								      << ABI_CACHE_ITEMS_SHIFT);
	return L4_MapControl(space,
			     (kind == READS ? L4_MapCtrl_Read : L4_MapCtrl_Modify) | (ITEMS - 1));
}

static void op_call_often(struct worker *w)
{
	volatile abi_word_t *mr = __l4_utcb()->mr;

	for (unsigned kind = MODIFIES; kind < KINDS; kind++) {
		for (unsigned round = 0; round < ROUNDS && refusals[kind] < WANTED; round++) {
			word_t ok;

			fill(mr, kind, round);
			/* Slices begin where a call ends, and must not all end at one place. */
			for (volatile unsigned delay = round * 7919 % 6007; delay > 0; delay--)
				;
			in_call = true;
			ok = call(kind, __L4_VALUE(L4_ThreadId_t, w->arg[0]));
			in_call = false;
			if (ok)
				continue;
			refusals[kind]++;
			if (L4_ErrorCode() != L4_ErrInvalidParam)
				w->result[1] = L4_ErrorCode();
		}
	}
	over = true;
}

static void op_scribble(struct worker *w)
{
	volatile struct abi_utcb *utcb = (volatile struct abi_utcb *)w->arg[0];

	while (!over) {
		unsigned i = scribbles % ITEMS;

		if (!in_call)
			continue;
		utcb->mr[2 * i] = bad[scribbles % ARRAY_SIZE(bad)][0];
		utcb->mr[2 * i + 1] = bad[scribbles % ARRAY_SIZE(bad)][1];
		scribbles++;
	}
}

/* No page there is the kernel's. */
static void check_frames(L4_ThreadId_t space, word_t at, uint64_t kernel)
{
	L4_Fpage_t f = piece(at, RT_PAGE_LOG2, 0);
	L4_PhysDesc_t p;

	CHECK(L4_GetStatus(space, &f, &p), "status: error %lu", L4_ErrorCode());
	if (L4_Rights(f))
		CHECK((uint64_t)(p.raw >> ABI_PHYS_ATTR_BITS << ABI_FPAGE_BASE_SHIFT) != kernel,
		      "memory of the kernel is mapped at %lx", at);
}

static void changed_in_the_call(void)
{
	struct map_scene s = map_scene_new();
	uint64_t frame = frames_new(LARGE_LOG2), kernel = kernel_frame();
	struct worker *c = worker_new(&root_space, PRIO_WORKER);
	struct worker *x = worker_new(&root_space, PRIO_WORKER);
	const word_t at = SMALL_AT + RANGE; /* beyond both ranges */
	const word_t wrong[6][2] = {
	    {L4_PhysDesc(kernel, 0).raw, piece(at, RT_PAGE_LOG2, 7).raw},
	    {L4_PhysDesc(frame, 0).raw, piece(L4_Address(s.space->kip_area), RT_PAGE_LOG2, 7).raw},
	    {L4_PhysDesc(frame, 0).raw, piece(kip->user_last + 1, RT_PAGE_LOG2, 7).raw},
	    {ALL_ONES, ALL_ONES},
	    {L4_PhysDesc(kernel, 0).raw, piece(MAP_AT, LARGE_LOG2, 7).raw},
	    {L4_PhysDesc(frame, 0).raw | 0x3f, piece(at, RT_PAGE_LOG2, 7).raw},
	};

	memcpy(bad, wrong, sizeof(bad));
	for (unsigned i = 0; i < ITEMS; i++) {
		good[2 * i] = L4_PhysDesc(frame, 0).raw;
		good[2 * i + 1] = piece(MAP_AT + ((word_t)i << LARGE_LOG2), LARGE_LOG2, 7).raw;
	}
	over = false;
	for (word_t offset = 0; offset < RANGE; offset += PAGE)
		map_page(&s, SMALL_AT + offset, s.frame, L4_Readable);
	in_call = false;
	scribbles = 0;
	memset((void *)refusals, 0, sizeof(refusals));
	c->arg[0] = s.space->id.raw;
	x->arg[0] = (word_t)utcb_place(&root_space, c->id);
	set_times(c, 100, 0);
	set_times(x, 100, 0);
	start(c, op_call_often);
	start(x, op_scribble);
	settle();
	CHECK(finished(c) && finished(x), "they did not end");
	for (unsigned kind = MODIFIES; kind < KINDS; kind++)
		CHECK(refusals[kind] == WANTED,
		      "%lu calls of kind %u saw a wrong item; %u are right", refusals[kind], kind,
		      WANTED);
	check_eq("ErrorCode", c->result[1], 0);
	for (word_t va = MAP_AT; va < MAP_AT + LARGE; va += PAGE)
		check_frames(s.space->id, va, kernel);
	check_frames(s.space->id, at, kernel);
	check_no_fault("reading the KIP", probe(s.w, op_read, L4_Address(s.space->kip_area), 0));
}

/* ---- a call that is given up -------------------------------------------------------------------
 */

#define TRIES 10

static L4_ThreadId_t read_space;
static volatile word_t right; /* calls after one that was given up */

static void op_read_often(struct worker *w)
{
	volatile abi_word_t *mr = __l4_utcb()->mr;

	(void)w;
	for (;;) {
		for (unsigned i = 0; i < ITEMS; i++)
			mr[2 * i + 1] =
			    piece(SMALL_AT + ((word_t)i << RANGE_LOG2), RANGE_LOG2, 0).raw;
		in_call = true;
		(void)L4_MapControl(read_space, L4_MapCtrl_Read | (ITEMS - 1));
		in_call = false;
	}
}

/* Where the caller goes on: its next call has nothing to do with the one before. */
static void another_call(void)
{
	L4_LoadMR(0, 0);
	L4_LoadMR(1, piece(SMALL_AT, RT_PAGE_LOG2, 0).raw);
	if (L4_MapControl(read_space, L4_MapCtrl_Read)) {
		L4_Fpage_t f;

		L4_StoreMR(1, &f.raw);
		right += (L4_Rights(f) & L4_ReadWriteOnly) == L4_Readable;
	}
	for (;;)
		L4_Stop_Thread(L4_Myself());
}

/* Send the caller there as soon as it is in its call. */
static void op_give_up(struct worker *w)
{
	const struct worker *c = (const struct worker *)w->arg[0];

	while (!in_call)
		;
	__L4_ExReg(c->id, L4_ExReg_sp_ip, c->stack - 64 - (sizeof(word_t) == 4 ? 4 : 0),
		   (word_t)another_call, 0);
}

static void given_up(void)
{
	struct map_scene s = map_scene_new();
	struct worker *c = worker_new(&root_space, PRIO_WORKER);
	struct worker *x = worker_new(&root_space, PRIO_WORKER);

	for (word_t offset = 0; offset < RANGE; offset += PAGE)
		map_page(&s, SMALL_AT + offset, s.frame, L4_Readable);
	read_space = s.space->id;
	right = 0;
	set_times(c, 100, 0);
	set_times(x, 100, 0);
	for (unsigned i = 0; i < TRIES; i++) {
		in_call = false;
		x->arg[0] = (word_t)c;
		start(c, op_read_often);
		start(x, op_give_up);
		settle();
		CHECK(finished(x), "the other thread did not end");
		check_eq("calls that were right", right, i + 1);
		worker_restart(c);
	}
}

/* ---- the end of a large space -----------------------------------------------------------------
 */

#define MAPPINGS 100000ul
#define SLICE    100 /* us */

/* What a thread may miss beside the other's slice, us. */
#define BOUND 100

static void map_many(const struct map_scene *s)
{
	L4_Fpage_t f[ABI_MAP_MAX_ITEMS];
	L4_PhysDesc_t p[ABI_MAP_MAX_ITEMS];
	unsigned n = 0;

	for (unsigned i = 0; i < ABI_MAP_MAX_ITEMS; i++)
		p[i] = L4_PhysDesc(s->frame, 0);
	for (word_t i = 0; i < MAPPINGS; i++) {
		f[n++] = piece(MAP_AT + i * PAGE, RT_PAGE_LOG2, L4_Readable);
		if (n < ABI_MAP_MAX_ITEMS && i + 1 < MAPPINGS)
			continue;
		CHECK(L4_MapFpages(s->space->id, n, f, p), "mapping %lu: error %lu", i,
		      L4_ErrorCode());
		n = 0;
	}
}

/* As many page tables as there is memory for, one page in each. */
static void map_scattered(const struct map_scene *s)
{
	const word_t stride = 0x100000, last = 0xb0000000ul;

	for (word_t va = MAP_AT + MAPPINGS * PAGE; va < last && kmem_free() > 64 * 1024;
	     va += stride) {
		L4_Fpage_t f = piece(va & ~(stride - 1), RT_PAGE_LOG2, L4_Readable);

		/* Not over the areas. */
		if (!L4_MapFpage(s->space->id, f, L4_PhysDesc(s->frame, 0)))
			check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidParam);
	}
}

static void op_delete(struct worker *w)
{
	uint64_t start = __l4_ticks();

	w->result[0] = thread_delete(__L4_VALUE(L4_ThreadId_t, w->arg[0]));
	w->result[1] = us_since(start);
	over = true;
}

/* The longest time in which it did not run, to result[0]. */
static void op_watch(struct worker *w)
{
	uint64_t last = __l4_ticks(), longest = 0;
	bool end;

	do {
		uint64_t now;

		end = over;
		now = __l4_ticks();
		if (now - last > longest)
			longest = now - last;
		last = now;
	} while (!end);
	w->result[0] = (word_t)(longest * 1000 / kip->clock_khz);
}

static void large_space_ends(void)
{
	struct map_scene s = map_scene_new();
	struct worker *c = worker_new(&root_space, PRIO_WORKER);
	struct worker *x = worker_new(&root_space, PRIO_WORKER);

	map_many(&s);
	map_scattered(&s);
	over = false;
	c->arg[0] = s.w->id.raw;
	set_times(c, SLICE, 0);
	set_times(x, SLICE, 0);
	start(x, op_watch);
	start(c, op_delete);
	settle();
	CHECK(finished(c) && finished(x), "they did not end");
	check_eq("result of the deletion", c->result[0], 1);
	CHECK(x->result[0] <= SLICE + BOUND,
	      "while the space was taken apart a thread did not run for %lu us", x->result[0]);
}

/* ---- storms
 * --------------------------------------------------------------------------------------
 */

#define STORM   3
#define QUANTUM 5000

static void op_yield_storm(struct worker *w)
{
	while (!over) {
		L4_Yield();
		w->result[0]++;
	}
}

static void op_notify_storm(struct worker *w)
{
	while (!over) {
		(void)L4_Notify(__L4_VALUE(L4_ThreadId_t, w->arg[0]), 1);
		w->result[0]++;
	}
}

static void op_switch_storm(struct worker *w)
{
	while (!over) {
		L4_ThreadSwitch(__L4_VALUE(L4_ThreadId_t, w->arg[0]));
		w->result[0]++;
	}
}

static void op_fail_storm(struct worker *w)
{
	while (!over) {
		(void)L4_Ipc(L4_anythread, L4_anythread, L4_Niltag, NULL);
		w->result[0]++;
	}
}

/* Threads of one priority share it, whatever system calls some of them do. */
static void storm(void (*op)(struct worker *))
{
	struct worker *victim = worker_new(space_new(), PRIO_WORKER), *w[STORM];
	uint64_t start_time;
	word_t us;

	over = false;
	victim->acceptor = ABI_ACCEPT_NOTIFY;
	set_times(victim, 200, QUANTUM);
	for (unsigned i = 0; i < STORM; i++) {
		w[i] = worker_new(&root_space, PRIO_WORKER);
		w[i]->arg[0] = victim->id.raw;
		set_times(w[i], 200, 0);
	}
	start(victim, op_spin);
	for (unsigned i = 0; i < STORM; i++)
		start(w[i], op);
	start_time = __l4_ticks();
	CHECK(L4_IpcSucceeded(L4_Receive(victim->id)), "the victim's quantum: ErrorCode %lx",
	      L4_ErrorCode());
	us = us_since(start_time);
	over = true;
	settle();
	CHECK(us <= QUANTUM * (STORM + 1) * 3 / 2, "%u us of work took %lu us beside %u others",
	      QUANTUM, us, STORM);
	for (unsigned i = 0; i < STORM; i++)
		CHECK(finished(w[i]) && w[i]->result[0] > 2, "thread %u did %lu calls", i,
		      w[i]->result[0]);
}

static void yield_storm(void)
{
	storm(op_yield_storm);
}

static void notify_storm(void)
{
	storm(op_notify_storm);
}

static void switch_storm(void)
{
	storm(op_switch_storm);
}

static void fail_storm(void)
{
	storm(op_fail_storm);
}

/* ---- forged messages
 * ----------------------------------------------------------------------------- */

/* What looks like a message of the kernel's is one of its sender, and does nothing. */
static void forged_labels(void)
{
	static const long protocols[] = {ABI_PROTO_INTERRUPT, ABI_PROTO_PAGEFAULT,
					 ABI_PROTO_QUANTUM, ABI_PROTO_SYSCALL, ABI_PROTO_EXCEPTION};
	struct space *sp = space_new();
	struct worker *s = worker_new(space_new(), PRIO_WORKER), *r = worker_new(sp, PRIO_WORKER);
	L4_ThreadId_t fresh;

	for (unsigned i = 0; i < ARRAY_SIZE(protocols); i++)
		for (unsigned low = 0; low < 16; low++) {
			word_t tag =
			    ((word_t)protocols[i] << ABI_PROTO_SHIFT << ABI_TAG_LABEL_SHIFT) | 19 |
			    (word_t)low << ABI_TAG_LABEL_SHIFT;

			CHECK(!run_ipc(r, L4_nilthread, L4_anythread, R_BLOCK), "it does not wait");
			(void)run_ipc(s, r->id, L4_nilthread, tag);
			check_ipc_received(r, tag, s->id, s->seed);
			check_ipc_sent(s);
		}
	/* A thread that is not started yet has no use for them: it waits for its pager alone. */
	fresh = thread_unstarted(sp, PRIO_WORKER);
	(void)run_ipc(s, fresh, L4_nilthread, TAG(0, 2, 0));
	check_ipc_error(s, L4_ErrNoPartner, L4_ErrSendPhase);
	check_eq("state of a thread that a stranger starts", state_of(fresh),
		 L4_SCHEDRESULT_WAITING);
}

static const struct conf_case cases[] = {
    {changed_in_the_call, "message registers change while MapControl and CacheControl are cut"},
    {given_up, "MapControl is cut, and the caller sent elsewhere"},
    {large_space_ends, "100000 mappings are taken apart in slices"},
    {yield_storm, "threads that yield all the time"},
    {notify_storm, "threads that notify all the time"},
    {switch_storm, "threads that switch to one all the time"},
    {fail_storm, "threads whose IPC fails all the time"},
    {forged_labels, "labels of the kernel's messages"},
};

SUITE_OF(suite_abuse, "ABU", 1, cases);
