/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * map.c - MAP-0nn: what MapControl does.
 */
#include <l4/cache.h>

#include "arch.h"
#include "map.h"
#include "suites.h"

struct map_scene map_scene_new(void)
{
	struct map_scene s = {.space = space_new()};

	s.w = worker_new(s.space, PRIO_WORKER);
	s.page = pages_new(RT_PAGE_LOG2, &s.frame);
	return s;
}

L4_Fpage_t piece(word_t at, unsigned log2, word_t rights)
{
	return L4_FpageAddRights(L4_FpageLog2(at, (int)log2), rights);
}

void map_page(const struct map_scene *s, word_t at, uint64_t frame, word_t rights)
{
	CHECK(L4_MapFpage(s->space->id, piece(at, RT_PAGE_LOG2, rights), L4_PhysDesc(frame, 0)),
	      "mapping at %lx failed with error %lu", at, L4_ErrorCode());
}

void check_fault(const char *what, struct fault f, word_t access, word_t address)
{
	CHECK(f.access == access && f.address == address,
	      "%s: fault with access %lu at %lx; access %lu at %lx is right", what, f.access,
	      f.address, access, address);
}

void check_no_fault(const char *what, struct fault f)
{
	CHECK(f.access == 0, "%s: fault with access %lu at %lx", what, f.access, f.address);
}

static word_t status(const struct map_scene *s, word_t at, L4_PhysDesc_t *p)
{
	L4_Fpage_t f = piece(at & ~(PAGE - 1), RT_PAGE_LOG2, 0);

	CHECK(L4_GetStatus(s->space->id, &f, p), "status of %lx: error %lu", at, L4_ErrorCode());
	return f.raw;
}

/* Check that nothing is mapped there. */
static void check_unmapped(const struct map_scene *s, word_t at)
{
	L4_PhysDesc_t p;

	check_eq("rights of what is not mapped", status(s, at, &p), 0);
	check_eq("physical descriptor of what is not mapped", p.raw, 0);
	check_fault("reading what is not mapped", probe(s->w, op_read, at, 0), L4_Readable, at);
}

/* ---- pages ---------------------------------------------------------------------------------- */

static void map_and_unmap(void)
{
	struct map_scene s = map_scene_new();

	check_unmapped(&s, MAP_AT);
	map_page(&s, MAP_AT, s.frame, L4_ReadWriteOnly);
	s.page[3] = 0x1234;
	check_no_fault("reading", probe(s.w, op_read, MAP_AT + 3 * sizeof(word_t), 0));
	check_eq("word that was read", s.w->result[0], 0x1234);
	check_no_fault("writing", probe(s.w, op_write, MAP_AT + PAGE - sizeof(word_t), 0x777));
	check_eq("word that was written", s.page[PAGE / sizeof(word_t) - 1], 0x777);
	check_fault("reading beyond", probe(s.w, op_read, MAP_AT + PAGE, 0), L4_Readable,
		    MAP_AT + PAGE);
	check_fault("reading before", probe(s.w, op_read, MAP_AT - sizeof(word_t), 0), L4_Readable,
		    MAP_AT - sizeof(word_t));
	CHECK(L4_UnmapFpage(s.space->id, piece(MAP_AT, RT_PAGE_LOG2, L4_FullyAccessible)),
	      "unmapping: error %lu", L4_ErrorCode());
	check_unmapped(&s, MAP_AT);
	check_fault("writing what was unmapped", probe(s.w, op_write, MAP_AT, 1), L4_Writable,
		    MAP_AT);
	CHECK(L4_UnmapFpage(s.space->id, piece(MAP_AT, RT_PAGE_LOG2, 0)),
	      "unmapping what is not mapped: error %lu", L4_ErrorCode());
}

/* Rights go down and up under a thread that has used the page just before. */
static void rights_down_and_up(void)
{
	struct map_scene s = map_scene_new();

	for (unsigned i = 0; i < 3; i++) {
		map_page(&s, MAP_AT, s.frame, L4_ReadWriteOnly);
		check_no_fault("writing", probe(s.w, op_write, MAP_AT, i));
		map_page(&s, MAP_AT, s.frame, L4_Readable);
		check_no_fault("reading", probe(s.w, op_read, MAP_AT, 0));
		check_eq("word that was read", s.w->result[0], i);
		check_fault("writing", probe(s.w, op_write, MAP_AT, 9), L4_Writable, MAP_AT);
	}
	CHECK(L4_MapFpage(s.space->id, piece(MAP_AT, RT_PAGE_LOG2, L4_NoAccess),
			  L4_PhysDesc(s.frame, 0)),
	      "rights 0: error %lu", L4_ErrorCode());
	check_unmapped(&s, MAP_AT);
}

static void replace(void)
{
	struct map_scene s = map_scene_new();
	uint64_t frame2;
	word_t *page2 = pages_new(RT_PAGE_LOG2, &frame2);

	s.page[0] = 1;
	page2[0] = 2;
	for (unsigned i = 0; i < 4; i++) {
		map_page(&s, MAP_AT, i & 1 ? frame2 : s.frame, L4_ReadWriteOnly);
		check_no_fault("reading", probe(s.w, op_read, MAP_AT, 0));
		check_eq("word that was read", s.w->result[0], i & 1 ? 2 : 1);
	}
}

/* One frame at several places, in several spaces, each with its rights. */
static void share(void)
{
	struct map_scene a = map_scene_new(), b = map_scene_new();

	map_page(&a, MAP_AT, a.frame, L4_ReadWriteOnly);
	map_page(&a, MAP_AT + 5 * PAGE, a.frame, L4_Readable);
	map_page(&b, MAP_AT, a.frame, L4_Readable);
	check_no_fault("writing", probe(a.w, op_write, MAP_AT, 0xabc));
	check_no_fault("reading", probe(a.w, op_read, MAP_AT + 5 * PAGE, 0));
	check_eq("word at the other place", a.w->result[0], 0xabc);
	check_no_fault("reading", probe(b.w, op_read, MAP_AT, 0));
	check_eq("word in the other space", b.w->result[0], 0xabc);
	check_fault("writing", probe(b.w, op_write, MAP_AT, 1), L4_Writable, MAP_AT);
	CHECK(L4_UnmapFpage(a.space->id, piece(MAP_AT, RT_PAGE_LOG2, 0)), "unmapping");
	check_no_fault("reading", probe(b.w, op_read, MAP_AT, 0));
	check_no_fault("reading", probe(a.w, op_read, MAP_AT + 5 * PAGE, 0));
}

/* At both ends of what user level has. */
static void first_and_last(void)
{
	struct map_scene s = map_scene_new();
	word_t last = kip->user_last & ~(PAGE - 1);

	map_page(&s, last, s.frame, L4_ReadWriteOnly);
	check_no_fault("writing", probe(s.w, op_write, last + PAGE - sizeof(word_t), 0x99));
	check_eq("word that was written", s.page[PAGE / sizeof(word_t) - 1], 0x99);
	map_page(&s, 0, s.frame, L4_Readable);
	check_no_fault("reading at 0", probe(s.w, op_read, PAGE - sizeof(word_t), 0));
	check_eq("word that was read", s.w->result[0], 0x99);
	CHECK(!L4_MapFpage(s.space->id, piece(last + PAGE, RT_PAGE_LOG2, L4_Readable),
			   L4_PhysDesc(s.frame, 0)),
	      "memory above the user's can be mapped");
	check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidParam);
}

static void named_by_any_thread(void)
{
	struct map_scene s = map_scene_new();
	L4_ThreadId_t other = thread_inactive(s.space);

	CHECK(L4_MapFpage(other, piece(MAP_AT, RT_PAGE_LOG2, L4_Readable), L4_PhysDesc(s.frame, 0)),
	      "by an inactive thread: error %lu", L4_ErrorCode());
	check_no_fault("reading", probe(s.w, op_read, MAP_AT, 0));
}

/* ---- asking ------------------------------------------------------------------------------------
 */

static void query(void)
{
	struct map_scene s = map_scene_new();
	L4_PhysDesc_t p;
	word_t got;

	for (word_t rights = 1; rights <= L4_FullyAccessible; rights++) {
		map_page(&s, MAP_AT, s.frame, rights);
		got = status(&s, MAP_AT, &p);
		CHECK((got & rights) == rights, "rights %lx were given, %lx are reported", rights,
		      got);
		CHECK(rights & L4_Writable || !(got & L4_Writable),
		      "it is writable, from rights %lx", rights);
		check_eq("bits that are no rights", got & ~(word_t)L4_FullyAccessible, 0);
		check_eq("physical descriptor", p.raw, L4_PhysDesc(s.frame, 0).raw);
	}
}

static void read_and_modify(void)
{
	struct map_scene s = map_scene_new();
	uint64_t frame2 = frames_new(RT_PAGE_LOG2);
	word_t control = L4_MapCtrl_Read | L4_MapCtrl_Modify, w;

	map_page(&s, MAP_AT, s.frame, L4_Readable);
	check_no_fault("reading", probe(s.w, op_read, MAP_AT, 0));
	L4_LoadMR(0, L4_PhysDesc(frame2, L4_UncachedMemory).raw);
	L4_LoadMR(1, piece(MAP_AT, RT_PAGE_LOG2, L4_ReadWriteOnly).raw);
	CHECK(L4_MapControl(s.space->id, control), "error %lu", L4_ErrorCode());
	L4_StoreMR(0, &w);
	check_eq("old physical descriptor", w, L4_PhysDesc(s.frame, 0).raw);
	L4_StoreMR(1, &w);
	CHECK(w & L4_Readable && !(w & L4_Writable) && w >> 4 & L4_Readable &&
		  !(w >> 4 & L4_Writable),
	      "old status is %lx", w);

	/* The new page has not been used. */
	L4_LoadMR(0, 0);
	L4_LoadMR(1, piece(MAP_AT, RT_PAGE_LOG2, 0).raw);
	CHECK(L4_MapControl(s.space->id, control), "error %lu", L4_ErrorCode());
	L4_StoreMR(0, &w);
	check_eq("old physical descriptor", w, L4_PhysDesc(frame2, L4_UncachedMemory).raw);
	L4_StoreMR(1, &w);
	check_eq("referenced bits of a page that was not used", w >> 4, 0);
	check_unmapped(&s, MAP_AT);
}

/* Neither read nor modify: nothing happens, in the registers either. */
static void neither(void)
{
	struct map_scene s = map_scene_new();
	word_t w;

	map_page(&s, MAP_AT, s.frame, L4_Readable);
	L4_LoadMR(0, L4_PhysDesc(s.frame, 0).raw);
	L4_LoadMR(1, piece(MAP_AT, RT_PAGE_LOG2, 0).raw);
	CHECK(L4_MapControl(s.space->id, 0), "error %lu", L4_ErrorCode());
	L4_StoreMR(0, &w);
	check_eq("MR0", w, L4_PhysDesc(s.frame, 0).raw);
	L4_StoreMR(1, &w);
	check_eq("MR1", w, piece(MAP_AT, RT_PAGE_LOG2, 0).raw);
	check_no_fault("reading", probe(s.w, op_read, MAP_AT, 0));
}

/* Modify without read leaves the message registers alone. */
static void modify_keeps_registers(void)
{
	struct map_scene s = map_scene_new();
	word_t w;

	for (int i = 0; i < ABI_MRS; i++)
		L4_LoadMR(i, pattern(5, (unsigned)i));
	L4_LoadMR(0, L4_PhysDesc(s.frame, 0).raw);
	L4_LoadMR(1, piece(MAP_AT, RT_PAGE_LOG2, L4_Readable).raw);
	CHECK(L4_MapControl(s.space->id, L4_MapCtrl_Modify), "error %lu", L4_ErrorCode());
	L4_StoreMR(0, &w);
	check_eq("MR0", w, L4_PhysDesc(s.frame, 0).raw);
	L4_StoreMR(1, &w);
	check_eq("MR1", w, piece(MAP_AT, RT_PAGE_LOG2, L4_Readable).raw);
	for (int i = 2; i < ABI_MRS; i++) {
		L4_StoreMR(i, &w);
		check_eq("a register behind the items", w, pattern(5, (unsigned)i));
	}
}

static word_t referenced(const struct map_scene *s, word_t at)
{
	return status(s, at, NULL) >> 4;
}

static void referenced_bits(void)
{
	struct map_scene s = map_scene_new();

	memcpy(s.page, arch_answer, (size_t)(arch_answer_end - arch_answer));
	CHECK(L4_CacheFlushIRange(L4_nilthread, (word_t)s.page, (word_t)s.page + PAGE), "cache");
	for (unsigned i = 0; i < 2; i++) {
		map_page(&s, MAP_AT, s.frame, L4_FullyAccessible);
		check_eq("bits of a new page", referenced(&s, MAP_AT), 0);
		check_no_fault("reading", probe(s.w, op_read, MAP_AT, 0));
		check_eq("R and W after reading", referenced(&s, MAP_AT) & L4_ReadWriteOnly,
			 L4_Readable);
		check_eq("bits after asking", referenced(&s, MAP_AT), 0);
		check_no_fault("writing", probe(s.w, op_write, MAP_AT + PAGE / 2, 1));
		CHECK(referenced(&s, MAP_AT) & L4_Writable, "W is not set after writing");
		check_eq("bits after asking", referenced(&s, MAP_AT), 0);
		check_no_fault("executing", probe(s.w, op_execute, MAP_AT, 0));
		check_eq("result of the code", s.w->result[0], ARCH_ANSWER);
		check_eq("X and W after executing",
			 referenced(&s, MAP_AT) & (L4_eXecutable | L4_Writable), L4_eXecutable);
		check_eq("bits after asking", referenced(&s, MAP_AT), 0);
	}
}

/* The bits of a large piece are those of all its pages. */
static void referenced_in_pieces(void)
{
	struct map_scene s = map_scene_new();
	uint64_t frames = frames_new(16);
	L4_Fpage_t f;

	CHECK(L4_MapFpage(s.space->id, piece(MAP_AT, 16, L4_ReadWriteOnly), L4_PhysDesc(frames, 0)),
	      "mapping: error %lu", L4_ErrorCode());
	f = piece(MAP_AT, 16, 0);
	CHECK(L4_GetStatus(s.space->id, &f, NULL), "status");
	check_eq("bits of a new piece", f.raw >> 4, 0);
	check_no_fault("writing", probe(s.w, op_write, MAP_AT + 0x9000, 1));
	f = piece(MAP_AT, 16, 0);
	CHECK(L4_GetStatus(s.space->id, &f, NULL), "status");
	CHECK(L4_WasWritten(f) && L4_Rights(f) & L4_Writable, "status of the piece: %lx", f.raw);
	f = piece(MAP_AT, 16, 0);
	CHECK(L4_GetStatus(s.space->id, &f, NULL), "status");
	check_eq("bits after asking", f.raw >> 4, 0);
}

static void attributes(void)
{
	struct map_scene s = map_scene_new();

	for (word_t attr = 0; attr < 4; attr++) {
		L4_PhysDesc_t p;

		CHECK(L4_MapFpage(s.space->id, piece(MAP_AT, RT_PAGE_LOG2, L4_ReadWriteOnly),
				  L4_PhysDesc(s.frame, attr)),
		      "attribute %lu: error %lu", attr, L4_ErrorCode());
		(void)status(&s, MAP_AT, &p);
		check_eq("address", p.raw >> ABI_PHYS_ATTR_BITS,
			 L4_PhysDesc(s.frame, 0).raw >> ABI_PHYS_ATTR_BITS);
		CHECK(attr ? L4_PhysDescAttribute(p) >= L4_UncachedMemory
			   : !L4_PhysDescAttribute(p),
		      "attribute %lu was given, %lu is reported", attr, L4_PhysDescAttribute(p));
		check_no_fault("writing", probe(s.w, op_write, MAP_AT, 0x50 + attr));
		check_no_fault("reading", probe(s.w, op_read, MAP_AT, 0));
		check_eq("word that was read", s.w->result[0], 0x50 + attr);
	}
}

/* ---- large pieces
 * --------------------------------------------------------------------------------- */

/* Every size that the processor has pages of, and those between. */
static void sizes(void)
{
	struct map_scene s = map_scene_new();
	const unsigned most = 22;
	uint64_t frames;
	word_t *pages = pages_new(most, &frames);

	for (unsigned log2 = RT_PAGE_LOG2; log2 <= most; log2++) {
		word_t last = ((word_t)1 << log2) - sizeof(word_t);

		CHECK(L4_MapFpage(s.space->id, piece(MAP_AT, log2, L4_ReadWriteOnly),
				  L4_PhysDesc(frames, 0)),
		      "2^%u bytes: error %lu", log2, L4_ErrorCode());
		check_no_fault("writing", probe(s.w, op_write, MAP_AT, log2));
		check_no_fault("writing", probe(s.w, op_write, MAP_AT + last, log2 + 1));
		check_eq("first word", pages[0], log2);
		check_eq("last word", pages[last / sizeof(word_t)], log2 + 1);
		check_fault("reading behind",
			    probe(s.w, op_read, MAP_AT + last + sizeof(word_t), 0), L4_Readable,
			    MAP_AT + last + sizeof(word_t));
		CHECK(L4_UnmapFpage(s.space->id, piece(MAP_AT, log2, 0)), "2^%u bytes: error %lu",
		      log2, L4_ErrorCode());
		check_unmapped(&s, MAP_AT);
		check_unmapped(&s, MAP_AT + last);
	}
}

/* A page taken out of the middle of a large piece, and another put in its place. */
static void hole(void)
{
	struct map_scene s = map_scene_new();
	const unsigned log2 = 22;
	uint64_t frames;
	word_t *pages = pages_new(log2, &frames), at = MAP_AT + 0x123000;

	for (word_t i = 0; i < (word_t)1 << log2; i += PAGE)
		pages[i / sizeof(word_t)] = i + 1;
	CHECK(
	    L4_MapFpage(s.space->id, piece(MAP_AT, log2, L4_ReadWriteOnly), L4_PhysDesc(frames, 0)),
	    "mapping: error %lu", L4_ErrorCode());
	check_no_fault("reading", probe(s.w, op_read, at, 0));
	CHECK(L4_UnmapFpage(s.space->id, piece(at, RT_PAGE_LOG2, 0)), "unmapping: error %lu",
	      L4_ErrorCode());
	check_unmapped(&s, at);
	for (word_t va = MAP_AT; va < MAP_AT + ((word_t)1 << log2); va += 0x41000) {
		if (va == at)
			continue;
		check_no_fault("reading the rest", probe(s.w, op_read, va, 0));
		check_eq("word that was read", s.w->result[0], va - MAP_AT + 1);
	}
	check_no_fault("reading before", probe(s.w, op_read, at - PAGE, 0));
	check_no_fault("reading behind", probe(s.w, op_read, at + PAGE, 0));
	map_page(&s, at, s.frame, L4_Readable);
	s.page[0] = 0x5150;
	check_no_fault("reading", probe(s.w, op_read, at, 0));
	check_eq("word in the hole", s.w->result[0], 0x5150);
	CHECK(L4_UnmapFpage(s.space->id, piece(MAP_AT, log2, 0)), "unmapping: error %lu",
	      L4_ErrorCode());
	check_unmapped(&s, at);
	check_unmapped(&s, at + PAGE);
}

/* A page in the middle of a large piece has its own rights and physical address. */
static void piece_in_piece(void)
{
	struct map_scene s = map_scene_new();
	const unsigned log2 = 21;
	uint64_t frames = frames_new(log2);
	L4_PhysDesc_t p;

	CHECK(
	    L4_MapFpage(s.space->id, piece(MAP_AT, log2, L4_ReadWriteOnly), L4_PhysDesc(frames, 0)),
	    "mapping: error %lu", L4_ErrorCode());
	(void)status(&s, MAP_AT + 0x17000, &p);
	check_eq("physical address inside", p.raw, L4_PhysDesc(frames + 0x17000, 0).raw);
	map_page(&s, MAP_AT + 0x17000, frames + 0x17000, L4_Readable);
	check_fault("writing", probe(s.w, op_write, MAP_AT + 0x17000, 1), L4_Writable,
		    MAP_AT + 0x17000);
	check_no_fault("writing", probe(s.w, op_write, MAP_AT + 0x18000, 1));
	check_no_fault("writing", probe(s.w, op_write, MAP_AT + 0x17000 - sizeof(word_t), 1));
	/* And over all of it again. */
	CHECK(
	    L4_MapFpage(s.space->id, piece(MAP_AT, log2, L4_ReadWriteOnly), L4_PhysDesc(frames, 0)),
	    "mapping: error %lu", L4_ErrorCode());
	check_no_fault("writing", probe(s.w, op_write, MAP_AT + 0x17000, 1));
}

/* All that is mapped goes, except the areas. */
static void everything(void)
{
	struct map_scene s = map_scene_new();
	L4_PhysDesc_t p;

	map_page(&s, MAP_AT, s.frame, L4_Readable);
	map_page(&s, kip->user_last & ~(PAGE - 1), s.frame, L4_Readable);
	L4_LoadMR(0, 0);
	L4_LoadMR(1, L4_CompleteAddressSpace.raw);
	CHECK(L4_MapControl(s.space->id, L4_MapCtrl_Modify), "error %lu", L4_ErrorCode());
	check_eq("rights", status(&s, MAP_AT, &p), 0);
	check_eq("rights", status(&s, kip->user_last & ~(PAGE - 1), &p), 0);
	check_eq("rights of the program", status(&s, (word_t)everything & ~(PAGE - 1), &p), 0);
	space_map_program(s.space->id);
	CHECK(run_ipc(s.w, L4_nilthread, L4_anythread, 0), "the worker does not go on");
	check_no_fault("reading the KIP", probe(s.w, op_read, L4_Address(s.space->kip_area), 0));
	check_eq("first word of the KIP", s.w->result[0], ABI_KIP_MAGIC);
}

/* ---- many items
 * --------------------------------------------------------------------------------------- */

static void every_count(void)
{
	struct map_scene s = map_scene_new();
	L4_Fpage_t f[ABI_MAP_MAX_ITEMS];
	L4_PhysDesc_t p[ABI_MAP_MAX_ITEMS];

	for (unsigned n = 1; n <= ABI_MAP_MAX_ITEMS; n++) {
		for (unsigned i = 0; i < n; i++) {
			f[i] = piece(MAP_AT + i * 3 * PAGE, RT_PAGE_LOG2, L4_Readable);
			p[i] = L4_PhysDesc(s.frame, 0);
		}
		CHECK(L4_MapFpages(s.space->id, n, f, p), "%u items: error %lu", n, L4_ErrorCode());
		for (unsigned i = 0; i < n; i++)
			CHECK(status(&s, MAP_AT + i * 3 * PAGE, NULL), "%u items: not item %u", n,
			      i);
		check_unmapped(&s, MAP_AT + n * 3 * PAGE);
		CHECK(L4_UnmapFpages(s.space->id, n, f), "%u items: error %lu", n, L4_ErrorCode());
		for (unsigned i = 0; i < n; i++)
			CHECK(!status(&s, MAP_AT + i * 3 * PAGE, NULL), "%u items: item %u stays",
			      n, i);
	}
}

/* Items take effect one after the other. */
static void in_order(void)
{
	struct map_scene s = map_scene_new();
	uint64_t frame2 = frames_new(16);
	const L4_Fpage_t f[] = {piece(MAP_AT, 16, L4_ReadWriteOnly),
				piece(MAP_AT + PAGE, RT_PAGE_LOG2, 0),
				piece(MAP_AT + 2 * PAGE, RT_PAGE_LOG2, L4_Readable),
				piece(MAP_AT + 3 * PAGE, RT_PAGE_LOG2, L4_Readable),
				piece(MAP_AT + 3 * PAGE, RT_PAGE_LOG2, 0),
				L4_Nilpage};
	const L4_PhysDesc_t p[] = {L4_PhysDesc(frame2, 0),  {0}, L4_PhysDesc(s.frame, 0),
				   L4_PhysDesc(s.frame, 0), {0}, {0}};

	s.page[0] = 0x31;
	CHECK(L4_MapFpages(s.space->id, ARRAY_SIZE(f), f, p), "error %lu", L4_ErrorCode());
	check_no_fault("writing", probe(s.w, op_write, MAP_AT, 1));
	check_unmapped(&s, MAP_AT + PAGE);
	check_no_fault("reading", probe(s.w, op_read, MAP_AT + 2 * PAGE, 0));
	check_eq("word of the last item for a page", s.w->result[0], 0x31);
	check_unmapped(&s, MAP_AT + 3 * PAGE);
	check_no_fault("writing", probe(s.w, op_write, MAP_AT + 4 * PAGE, 1));
}

static void query_many(void)
{
	struct map_scene s = map_scene_new();
	word_t w;

	for (unsigned i = 0; i < ABI_MAP_MAX_ITEMS; i += 2)
		map_page(&s, MAP_AT + i * PAGE, s.frame, L4_Readable);
	for (unsigned i = 0; i < ABI_MAP_MAX_ITEMS; i++) {
		L4_LoadMR((int)(2 * i), ALL_ONES);
		L4_LoadMR((int)(2 * i + 1), piece(MAP_AT + i * PAGE, RT_PAGE_LOG2, 0).raw);
	}
	CHECK(L4_MapControl(s.space->id, L4_MapCtrl_Read | (ABI_MAP_MAX_ITEMS - 1)), "error %lu",
	      L4_ErrorCode());
	for (unsigned i = 0; i < ABI_MAP_MAX_ITEMS; i++) {
		L4_StoreMR((int)(2 * i), &w);
		check_eq("physical descriptor", w, i & 1 ? 0 : L4_PhysDesc(s.frame, 0).raw);
		L4_StoreMR((int)(2 * i + 1), &w);
		CHECK(i & 1 ? w == 0 : (w & L4_ReadWriteOnly) == L4_Readable, "item %u: status %lx",
		      i, w);
	}
}

static const struct conf_case cases[] = {
    {map_and_unmap, "map a page, use it, unmap it"},
    {rights_down_and_up, "rights go down and up"},
    {replace, "replace a page by another"},
    {share, "one frame at several places"},
    {first_and_last, "the first and the last user page"},
    {named_by_any_thread, "a space is named by any of its threads"},
    {query, "rights and address are reported"},
    {read_and_modify, "read and modify in one call"},
    {neither, "neither read nor modify"},
    {modify_keeps_registers, "modify does not write message registers"},
    {referenced_bits, "referenced bits of a page"},
    {referenced_in_pieces, "referenced bits of a large piece"},
    {attributes, "memory attributes"},
    {sizes, "pieces of all sizes"},
    {hole, "a hole in a large piece"},
    {piece_in_piece, "a page in a large piece has rights of its own"},
    {everything, "unmapping the whole space"},
    {every_count, "1 to 32 items"},
    {in_order, "items take effect in order"},
    {query_many, "asking for 32 pages"},
};

SUITE_OF(suite_map, "MAP", 1, cases);
