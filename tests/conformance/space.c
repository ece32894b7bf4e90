/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * space.c - SPC-0nn: SpaceControl. Where a space has its KIP and its UTCBs.
 */
#include "map.h"
#include "suites.h"

#define AT_UTCB 0x30000000ul
#define AT_KIP  0x38000000ul

static L4_Fpage_t utcb_piece(word_t at)
{
	return L4_FpageLog2(at, ABI_ROOT_UTCB_AREA_LOG2);
}

static L4_Fpage_t kip_piece(word_t at)
{
	return L4_FpageLog2(at, (int)L4_KipAreaSizeLog2(kip));
}

static void refused(const char *what, L4_ThreadId_t space, word_t control, L4_Fpage_t kip_area,
		    L4_Fpage_t utcb_area, word_t error)
{
	word_t free = kmem_free();

	CHECK(!L4_SpaceControl(space, control, kip_area, utcb_area, NULL),
	      "%s: SpaceControl succeeded", what);
	check_eq(what, L4_ErrorCode(), error);
	check_eq("free kernel memory after it failed", kmem_free(), free);
}

/* A space without areas. */
static L4_ThreadId_t bare_space(void)
{
	L4_ThreadId_t id = id_new();

	CHECK(thread_control(id, id, L4_Myself(), L4_nilthread, NO_UTCB), "error %lu",
	      L4_ErrorCode());
	return id;
}

static void elsewhere(void)
{
	struct space sp = {bare_space(), kip_piece(AT_KIP), utcb_piece(AT_UTCB)};
	word_t old = 0x5555;
	struct worker *w;

	CHECK(L4_SpaceControl(sp.id, 0, sp.kip_area, sp.utcb_area, &old), "error %lu",
	      L4_ErrorCode());
	check_eq("old control", old, 0);
	space_map_program(sp.id);
	w = worker_new(&sp, PRIO_WORKER);
	check_no_fault("reading the KIP", probe(w, op_read, AT_KIP, 0));
	check_eq("magic", w->result[0], ABI_KIP_MAGIC);
	w->arg[0] = ABI_SYS_KERNEL_INTERFACE;
	run(w, op_syscall);
	check_eq("KIP address", w->result[0], AT_KIP);
	check_no_fault("reading a UTCB", probe(w, op_read, (word_t)utcb_place(&sp, w->id), 0));
	check_eq("MyGlobalId", w->result[0], w->id.raw);
}

/* Until a thread is active the areas can be moved; nothing stays at the old place. */
static void moved(void)
{
	L4_ThreadId_t id = bare_space();
	struct space sp = {id, kip_piece(AT_KIP), utcb_piece(AT_UTCB)};
	struct worker *w;

	CHECK(L4_SpaceControl(id, 0, kip_piece(AT_KIP + 0x100000), utcb_piece(AT_UTCB + 0x100000),
			      NULL),
	      "error %lu", L4_ErrorCode());
	CHECK(L4_SpaceControl(id, 0, sp.kip_area, utcb_piece(AT_KIP + 0x100000), NULL),
	      "the old KIP area can't become a UTCB area: error %lu", L4_ErrorCode());
	CHECK(L4_SpaceControl(id, 0, sp.kip_area, sp.utcb_area, NULL), "error %lu", L4_ErrorCode());
	space_map_program(id);
	w = worker_new(&sp, PRIO_WORKER);
	check_no_fault("reading the KIP", probe(w, op_read, AT_KIP, 0));
	check_fault("reading where the KIP was", probe(w, op_read, AT_KIP + 0x100000, 0),
		    L4_Readable, AT_KIP + 0x100000);
}

static void needs_areas(void)
{
	L4_ThreadId_t id = bare_space();
	word_t free = kmem_free();

	CHECK(!thread_control(id, id, L4_nilthread, L4_Myself(), (void *)AT_UTCB),
	      "a thread was activated in a space without areas");
	check_eq("ErrorCode", L4_ErrorCode(), L4_ErrUtcbArea);
	check_eq("free kernel memory", kmem_free(), free);
}

/* Where a thread is active, the areas are ignored and stay. */
static void active(void)
{
	struct map_scene s = map_scene_new();

	CHECK(L4_SpaceControl(s.space->id, 0, kip_piece(AT_KIP), utcb_piece(AT_UTCB), NULL),
	      "error %lu", L4_ErrorCode());
	check_fault("reading where the KIP is not", probe(s.w, op_read, AT_KIP, 0), L4_Readable,
		    AT_KIP);
	check_no_fault("reading the KIP", probe(s.w, op_read, L4_Address(s.space->kip_area), 0));
}

static void spaces(void)
{
	struct space *sp = space_new();
	L4_ThreadId_t id = thread_inactive(sp), none = id_new(), irq;
	L4_Fpage_t k = kip_piece(AT_KIP), u = utcb_piece(AT_UTCB);

	irq = L4_GlobalId(irq_quiet_line(), ABI_IRQ_VERSION);
	CHECK(irq_take(irq_quiet_line(), L4_Myself()), "associating");
	refused("a thread that isn't", none, 0, k, u, L4_ErrInvalidSpace);
	refused("nilthread", L4_nilthread, 0, k, u, L4_ErrInvalidSpace);
	refused("anythread", L4_anythread, 0, k, u, L4_ErrInvalidSpace);
	refused("an old version", id_stale(id), 0, k, u, L4_ErrInvalidSpace);
	refused("an interrupt", irq, 0, k, u, L4_ErrInvalidSpace);
	refused("control that is not 0", id, 1, k, u, L4_ErrInvalidParam);
	refused("all of control", id, ALL_ONES, k, u, L4_ErrInvalidParam);
}

static void unprivileged(void)
{
	struct worker *w = worker_new(space_new(), PRIO_WORKER);

	w->arg[0] = ABI_SYS_SPACE_CONTROL;
	w->arg[1] = w->id.raw;
	w->arg[2] = 0;
	w->arg[3] = kip_piece(AT_KIP).raw;
	w->arg[4] = utcb_piece(AT_UTCB).raw;
	run(w, op_syscall);
	check_eq("result", w->result[0], 0);
	check_eq("ErrorCode", w->error, L4_ErrNoPrivilege);
}

static void bad_kip_areas(void)
{
	L4_ThreadId_t id = bare_space();
	L4_Fpage_t u = utcb_piece(AT_UTCB);
	int log2 = (int)L4_KipAreaSizeLog2(kip);

	refused("nil", id, 0, L4_Nilpage, u, L4_ErrKipArea);
	refused("the whole space", id, 0, L4_CompleteAddressSpace, u, L4_ErrKipArea);
	refused("too small", id, 0, L4_FpageLog2(AT_KIP, log2 - 1), u, L4_ErrKipArea);
	refused("too large", id, 0, L4_FpageLog2(AT_KIP, log2 + 1), u, L4_ErrKipArea);
	refused("misaligned", id, 0, kip_piece(AT_KIP + PAGE), u, L4_ErrKipArea);
	refused("above user memory", id, 0, kip_piece(kip->user_last + 1), u, L4_ErrKipArea);
	refused("the reserved bit", id, 0, __L4_VALUE(L4_Fpage_t, kip_piece(AT_KIP).raw | 8), u,
		L4_ErrKipArea);
	refused("in the UTCB area", id, 0, kip_piece(AT_UTCB), u, L4_ErrKipArea);
}

static void bad_utcb_areas(void)
{
	L4_ThreadId_t id = bare_space();
	L4_Fpage_t k = kip_piece(AT_KIP);

	refused("nil", id, 0, k, L4_Nilpage, L4_ErrUtcbArea);
	refused("the whole space", id, 0, k, L4_CompleteAddressSpace, L4_ErrUtcbArea);
	refused("too small", id, 0, k, L4_FpageLog2(AT_UTCB, RT_PAGE_LOG2 - 1), L4_ErrUtcbArea);
	refused("misaligned", id, 0, k, utcb_piece(AT_UTCB + PAGE), L4_ErrUtcbArea);
	refused("above user memory", id, 0, k, utcb_piece(kip->user_last + 1), L4_ErrUtcbArea);
	refused("a size of 2^63", id, 0, k, L4_FpageLog2(0, 63), L4_ErrUtcbArea);
	refused("the reserved bit", id, 0, k, __L4_VALUE(L4_Fpage_t, utcb_piece(AT_UTCB).raw | 8),
		L4_ErrUtcbArea);
}

/* Where something is mapped already, there can be no area. */
static void occupied(void)
{
	L4_ThreadId_t id = bare_space();
	uint64_t frame = frames_new(RT_PAGE_LOG2);

	CHECK(
	    L4_MapFpage(id, piece(AT_KIP + PAGE, RT_PAGE_LOG2, L4_Readable), L4_PhysDesc(frame, 0)),
	    "error %lu", L4_ErrorCode());
	CHECK(L4_MapFpage(id, piece(AT_UTCB + 7 * PAGE, RT_PAGE_LOG2, L4_Readable),
			  L4_PhysDesc(frame, 0)),
	      "error %lu", L4_ErrorCode());
	refused("pages in the UTCB area", id, 0, kip_piece(AT_KIP + 0x100000), utcb_piece(AT_UTCB),
		L4_ErrUtcbArea);
	refused("pages in the KIP area", id, 0, kip_piece(AT_KIP), utcb_piece(AT_UTCB + 0x100000),
		L4_ErrKipArea);
	CHECK(L4_UnmapFpage(id, L4_CompleteAddressSpace), "unmapping: error %lu", L4_ErrorCode());
	CHECK(L4_SpaceControl(id, 0, kip_piece(AT_KIP), utcb_piece(AT_UTCB), NULL), "error %lu",
	      L4_ErrorCode());
}

/* UTCB areas of every size, used at both ends. */
static void utcb_area_sizes(void)
{
	for (int log2 = RT_PAGE_LOG2; log2 <= 24; log2++) {
		L4_ThreadId_t id = bare_space(), other = id_new();
		word_t last = AT_UTCB + ((word_t)1 << log2) - L4_UtcbSize(kip);

		CHECK(L4_SpaceControl(id, 0, kip_piece(AT_KIP), L4_FpageLog2(AT_UTCB, log2), NULL),
		      "2^%d bytes: error %lu", log2, L4_ErrorCode());
		CHECK(thread_control(id, id, L4_nilthread, L4_Myself(), (void *)AT_UTCB),
		      "the first UTCB: error %lu", L4_ErrorCode());
		CHECK(thread_control(other, id, L4_Myself(), L4_Myself(), (void *)last),
		      "the last UTCB: error %lu", L4_ErrorCode());
		CHECK(thread_delete(id) && thread_delete(other), "deleting: error %lu",
		      L4_ErrorCode());
	}
}

static void no_memory(void)
{
	word_t va, free;
	struct map_scene s;
	L4_ThreadId_t id = bare_space();

	s = exhaust_kernel_memory(&va);
	free = kmem_free();
	if (!L4_SpaceControl(id, 0, kip_piece(AT_KIP), utcb_piece(AT_UTCB), NULL)) {
		check_eq("ErrorCode", L4_ErrorCode(), L4_ErrNoMem);
		check_eq("free kernel memory", kmem_free(), free);
	} else {
		free = kmem_free();
		CHECK(!thread_control(id, id, L4_nilthread, L4_Myself(), (void *)AT_UTCB),
		      "there is memory for a UTCB");
		check_eq("ErrorCode", L4_ErrorCode(), L4_ErrNoMem);
		check_eq("free kernel memory", kmem_free(), free);
	}
	CHECK(L4_UnmapFpage(s.space->id, L4_CompleteAddressSpace), "unmapping: error %lu",
	      L4_ErrorCode());
	CHECK(L4_SpaceControl(id, 0, kip_piece(AT_KIP), utcb_piece(AT_UTCB), NULL) &&
		  thread_control(id, id, L4_nilthread, L4_Myself(), (void *)AT_UTCB),
	      "with memory again: error %lu", L4_ErrorCode());
}

static const struct conf_case cases[] = {
    {elsewhere, "areas at other places"},
    {moved, "areas move while no thread is active"},
    {needs_areas, "no thread is activated without areas"},
    {active, "areas of a space with active threads stay"},
    {spaces, "spaces that don't exist, unknown control"},
    {unprivileged, "only the root task may"},
    {bad_kip_areas, "bad KIP areas"},
    {bad_utcb_areas, "bad UTCB areas"},
    {occupied, "areas over mapped pages"},
    {utcb_area_sizes, "UTCB areas of all sizes"},
    {no_memory, "no kernel memory for areas"},
};

SUITE_OF(suite_space, "SPC", 1, cases);
