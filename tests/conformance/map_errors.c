/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * map_errors.c - MAP-1nn: what MapControl refuses. MAP-200 and up: one bad item among 32 good
 * ones, of each kind and at each position: the call fails as a whole and changes nothing.
 */
#include "arch.h"
#include "map.h"
#include "suites.h"

/* ---- errors of the call ------------------------------------------------------------------ */

static void refused(const char *what, L4_ThreadId_t space, word_t control, word_t error)
{
	L4_LoadMR(0, 0);
	L4_LoadMR(1, 0);
	CHECK(!L4_MapControl(space, control), "%s: MapControl succeeded", what);
	check_eq(what, L4_ErrorCode(), error);
}

static void invalid_spaces(void)
{
	struct map_scene s = map_scene_new();
	L4_ThreadId_t dead = thread_inactive(s.space), irq;
	word_t line = irq_quiet_line();

	CHECK(thread_delete(dead), "deleting");
	CHECK(irq_take(line, s.w->id), "associating");
	irq = L4_GlobalId(line, ABI_IRQ_VERSION);
	refused("nilthread", L4_nilthread, L4_MapCtrl_Modify, L4_ErrInvalidSpace);
	refused("anythread", L4_anythread, L4_MapCtrl_Modify, L4_ErrInvalidSpace);
	refused("waitnotify", L4_waitnotify, L4_MapCtrl_Modify, L4_ErrInvalidSpace);
	refused("a deleted thread", dead, L4_MapCtrl_Modify, L4_ErrInvalidSpace);
	refused("an old version", id_stale(s.w->id), L4_MapCtrl_Modify, L4_ErrInvalidSpace);
	refused("a number out of range", L4_GlobalId(ALL_ONES >> 1, 1), 0, L4_ErrInvalidSpace);
	refused("an interrupt", irq, L4_MapCtrl_Read, L4_ErrInvalidSpace);
}

static void unprivileged(void)
{
	struct map_scene s = map_scene_new();

	s.w->arg[0] = ABI_SYS_MAP_CONTROL;
	s.w->arg[1] = s.w->id.raw;
	for (unsigned i = 0; i < 3; i++) {
		s.w->arg[2] = i == 0 ? 0 : i == 1 ? L4_MapCtrl_Read : L4_MapCtrl_Modify;
		run(s.w, op_syscall);
		check_eq("result", s.w->result[0], 0);
		check_eq("ErrorCode", s.w->error, L4_ErrNoPrivilege);
	}
	/* Privilege comes before everything else. */
	s.w->arg[1] = ABI_NILTHREAD;
	s.w->arg[2] = ALL_ONES;
	run(s.w, op_syscall);
	check_eq("ErrorCode", s.w->error, L4_ErrNoPrivilege);
}

static void too_many_items(void)
{
	struct map_scene s = map_scene_new();

	for (word_t n = ABI_MAP_MAX_ITEMS; n <= ABI_MAP_ITEMS_MASK; n++)
		refused("more than 32 items", s.space->id, L4_MapCtrl_Modify | n,
			L4_ErrInvalidParam);
}

static void unknown_control_bits(void)
{
	struct map_scene s = map_scene_new();

	for (unsigned bit = 6; bit < ABI_MAP_READ_BIT; bit++)
		refused("an unknown bit of control", s.space->id,
			L4_MapCtrl_Modify | (word_t)1 << bit, L4_ErrInvalidParam);
}

/* ---- memory that is the kernel's ------------------------------------------------------------ */

static void try_frame(const struct map_scene *s, uint64_t frame, bool allowed)
{
	word_t ok = L4_MapFpage(s->space->id, piece(MAP_AT, RT_PAGE_LOG2, L4_Readable),
				L4_PhysDesc(frame, 0));

	CHECK(ok == allowed, "physical page %llx can%s be mapped", (unsigned long long)frame,
	      allowed ? "not" : "");
	if (!ok)
		check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidParam);
}

/* Whether a later descriptor says something else about the address. */
static bool overridden(word_t n, word_t address)
{
	const L4_MemoryDesc_t *m;

	while ((m = L4_MemoryDesc(kip, ++n))) {
		if (!L4_IsMemoryDescVirtual(m) && address >= L4_MemoryDescLow(m) &&
		    address <= L4_MemoryDescHigh(m))
			return true;
	}
	return false;
}

/* The first and the last page of each descriptor. */
static void descriptors(void)
{
	struct map_scene s = map_scene_new();
	const L4_MemoryDesc_t *m;
	unsigned kernels = 0, free = 0;

	for (word_t n = 0; (m = L4_MemoryDesc(kip, n)); n++) {
		word_t type = L4_MemoryDescType(m), low, high;
		bool mine = type == L4_ConventionalMemoryType;

		if (L4_IsMemoryDescVirtual(m) ||
		    (!mine && type != L4_ReservedMemoryType && type != L4_DedicatedMemoryType))
			continue;
		low = (L4_MemoryDescLow(m) + (mine ? PAGE - 1 : 0)) & ~(PAGE - 1);
		high = (L4_MemoryDescHigh(m) - (mine ? PAGE - 1 : 0)) & ~(PAGE - 1);
		if (!overridden(n, low))
			try_frame(&s, low, mine);
		if (!overridden(n, high))
			try_frame(&s, high, mine);
		kernels += !mine;
		free += mine;
	}
	CHECK(kernels && free, "%u descriptors of the kernel's memory, %u of free memory", kernels,
	      free);
}

/* The KIP and the UTCBs are the kernel's, too, wherever they are mapped. */
static void areas_by_frame(void)
{
	struct map_scene s = map_scene_new();

	L4_Fpage_t f = piece((word_t)kip, RT_PAGE_LOG2, 0);

	CHECK(!L4_GetStatus(L4_Myself(), &f, NULL), "the KIP area can be asked about");
	check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidParam);
	check_fault("writing the KIP", probe(s.w, op_write, L4_Address(s.space->kip_area), 0),
		    L4_Writable, L4_Address(s.space->kip_area));
	check_no_fault("reading the KIP", probe(s.w, op_read, L4_Address(s.space->kip_area), 0));
	check_eq("magic", s.w->result[0], ABI_KIP_MAGIC);
}

static void read_areas(void)
{
	struct map_scene s = map_scene_new();
	word_t at[] = {L4_Address(s.space->kip_area), L4_Address(s.space->utcb_area)};

	for (unsigned i = 0; i < ARRAY_SIZE(at); i++) {
		L4_LoadMR(0, 0);
		L4_LoadMR(1, piece(at[i], RT_PAGE_LOG2, 0).raw);
		CHECK(!L4_MapControl(s.space->id, L4_MapCtrl_Read), "an area can be asked about");
		check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidParam);
	}
}

/* ---- no memory --------------------------------------------------------------------------------
 */

#define STRIDE 0x100000ul
#define OFFSET 0x80000ul /* clear of the areas */

/* Map one frame `n` times, from *va on, a page table apart. False: refused. */
static bool scatter(L4_ThreadId_t space, uint64_t frame, word_t *va, unsigned n)
{
	L4_Fpage_t f[ABI_MAP_MAX_ITEMS];
	L4_PhysDesc_t p[ABI_MAP_MAX_ITEMS];

	for (unsigned i = 0; i < n; i++) {
		f[i] = piece(*va + i * STRIDE, RT_PAGE_LOG2, L4_Readable);
		p[i] = L4_PhysDesc(frame, 0);
	}
	if (!L4_MapFpages(space, n, f, p))
		return false;
	*va += n * STRIDE;
	return true;
}

static void check_no_mem(word_t before)
{
	check_eq("ErrorCode", L4_ErrorCode(), L4_ErrNoMem);
	check_eq("free kernel memory after the call that failed", kmem_free(), before);
}

struct map_scene exhaust_kernel_memory(word_t *next)
{
	struct map_scene s = map_scene_new();
	word_t last = kip->user_last < 0xb0000000ul ? kip->user_last : 0xb0000000ul;
	struct space *sp = s.space;

	for (unsigned n = ABI_MAP_MAX_ITEMS;;) {
		word_t va = 0x01000000ul + OFFSET, before = kmem_free();

		while (va + n * STRIDE < last && scatter(sp->id, s.frame, &va, n))
			before = kmem_free();
		if (va + n * STRIDE < last) {
			check_no_mem(before);
			while (scatter(sp->id, s.frame, &va, 1))
				before = kmem_free();
			check_no_mem(before);
			s.space = sp;
			*next = va;
			return s;
		}
		sp = space_new();
		(void)thread_inactive(sp);
	}
}

static void no_memory(void)
{
	word_t va;
	struct map_scene s = exhaust_kernel_memory(&va);
	L4_Fpage_t f = piece(va, RT_PAGE_LOG2, 0);

	CHECK(L4_GetStatus(s.space->id, &f, NULL), "status: error %lu", L4_ErrorCode());
	check_eq("rights at what could not be mapped", f.raw, 0);
	/* What needs no table still works. */
	CHECK(L4_MapFpage(s.space->id, piece(va - STRIDE + PAGE, RT_PAGE_LOG2, L4_Readable),
			  L4_PhysDesc(s.frame, 0)),
	      "mapping beside: error %lu", L4_ErrorCode());
	/* And once there is some again, so does the rest. */
	CHECK(L4_UnmapFpage(s.space->id, L4_CompleteAddressSpace), "unmapping: error %lu",
	      L4_ErrorCode());
	CHECK(scatter(s.space->id, s.frame, &va, 1), "mapping again: error %lu", L4_ErrorCode());
}

/* One item of 32 needs a table that can't be had, each in turn; the others need nothing. */
static void no_memory_for_one(void)
{
	word_t va;
	struct map_scene s = exhaust_kernel_memory(&va);
	word_t near = va - STRIDE, free = kmem_free();

	for (unsigned bad = 0; bad < ABI_MAP_MAX_ITEMS; bad++) {
		L4_Fpage_t f[ABI_MAP_MAX_ITEMS], got;
		L4_PhysDesc_t p[ABI_MAP_MAX_ITEMS];

		for (unsigned i = 0; i < ABI_MAP_MAX_ITEMS; i++) {
			f[i] =
			    piece(i == bad ? va : near + (1 + i) * PAGE, RT_PAGE_LOG2, L4_Readable);
			p[i] = L4_PhysDesc(s.frame, 0);
		}
		CHECK(!L4_MapFpages(s.space->id, ABI_MAP_MAX_ITEMS, f, p), "item %u was mapped",
		      bad + 1);
		check_no_mem(free);
		for (unsigned i = 0; i < ABI_MAP_MAX_ITEMS; i++) {
			got = piece(L4_Address(f[i]), RT_PAGE_LOG2, 0);
			CHECK(L4_GetStatus(s.space->id, &got, NULL), "status: error %lu",
			      L4_ErrorCode());
			check_eq("rights of an item", got.raw, 0);
		}
	}
}

/* ---- I/O ports
 * ------------------------------------------------------------------------------------ */

#define PORT 0x71 /* of the clock chip; reading it does nothing */

static bool port_works(struct worker *w)
{
	L4_MsgTag_t tag;

	w->arg[0] = PORT;
	start(w, arch_op_port_read);
	settle();
	if (finished(w))
		return true;
	tag = L4_Receive_Nonblocking(w->id);
	CHECK(L4_IpcSucceeded(tag) && L4_Protocol(tag) == L4_ProtocolException,
	      "a forbidden port did not raise an exception: tag %lx", tag.raw);
	worker_restart(w);
	return false;
}

static void op_handler(struct worker *w)
{
	L4_Set_ExceptionHandler(__L4_VALUE(L4_ThreadId_t, w->arg[0]));
}

static void ports(void)
{
	struct map_scene s = map_scene_new(), other = map_scene_new();
	L4_Fpage_t f = L4_FpageAddRights(L4_IoFpageLog2(PORT & ~1u, 1), L4_FullyAccessible),
		   got = f;

	if (!arch_has_ports) {
		CHECK(!L4_MapFpage(s.space->id, f, L4_PhysDesc(0, 0)), "ports can be mapped");
		check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidParam);
		return;
	}
	s.w->arg[0] = other.w->arg[0] = L4_Myself().raw;
	run(s.w, op_handler);
	run(other.w, op_handler);
	CHECK(!port_works(s.w), "a port can be used before it is mapped");
	CHECK(L4_MapFpage(s.space->id, f, L4_PhysDesc(0, 0)), "error %lu", L4_ErrorCode());
	CHECK(port_works(s.w), "a mapped port can't be used");
	CHECK(!port_works(other.w), "a port of another space can be used");
	CHECK(port_works(s.w), "a mapped port can't be used after another thread ran");
	CHECK(L4_GetStatus(s.space->id, &got, NULL) && L4_Rights(got),
	      "status of a mapped port: %lx", got.raw);
	CHECK(L4_UnmapFpage(s.space->id, f), "error %lu", L4_ErrorCode());
	CHECK(!port_works(s.w), "a port can be used after it was unmapped");
}

static void bad_ports(void)
{
	struct map_scene s = map_scene_new();
	const L4_Fpage_t bad[] = {
	    L4_IoFpageLog2(1, 1),  L4_IoFpageLog2(0x8000, 16),     L4_IoFpageLog2(0, 17),
	    L4_IoFpageLog2(0, 63), {L4_IoFpageLog2(0, 0).raw | 8},
	};

	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		CHECK(!L4_MapFpage(s.space->id, L4_FpageAddRights(bad[i], L4_Readable),
				   L4_PhysDesc(0, 0)),
		      "I/O fpage %lx can be mapped", bad[i].raw);
		check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidParam);
	}
}

static const struct conf_case cases[] = {
    {invalid_spaces, "spaces that don't exist"},
    {unprivileged, "only the root task may"},
    {too_many_items, "more than 32 items"},
    {unknown_control_bits, "unknown bits of control"},
    {descriptors, "memory of the kernel can't be mapped, free memory can"},
    {areas_by_frame, "the KIP is read-only"},
    {read_areas, "KIP and UTCB areas can't be asked about"},
    {no_memory, "no kernel memory for page tables"},
    {no_memory_for_one, "no kernel memory for one item of 32"},
    {ports, "I/O ports"},
    {bad_ports, "I/O fpages that are wrong"},
};

SUITE_OF(suite_map_errors, "MAP", 100, cases);

/* ---- MAP-2nn: one bad item
 * ------------------------------------------------------------------------ */

enum bad {
	BAD_SMALL,
	BAD_ZERO,
	BAD_RESERVED,
	BAD_BASE,
	BAD_FRAME,
	BAD_ABOVE,
	BAD_ACROSS,
	BAD_HUGE,
	BAD_KIP,
	BAD_UTCB,
	BAD_AROUND,
	BAD_ATTRIBUTE,
	BAD_ATTRIBUTES,
	BAD_MEMORY,
	BAD_KERNEL,
	BAD_ALL,
	BAD_PORT,
	BADS
};

static const char *const bad_names[BADS] = {
    "less than a page",       "a size of 2^0",
    "the reserved bit",       "a misaligned address",
    "a misaligned frame",     "an address above the user's",
    "more than user memory",  "a size of 2^63",
    "a page of the KIP area", "a page of the UTCB area",
    "both areas and more",    "an unknown attribute",
    "all attribute bits",     "a physical address that is too large",
    "the kernel's memory",    "the whole space, mapped",
    "I/O ports among memory",
};

static void bad_item(enum bad bad, const struct map_scene *s, L4_Fpage_t *f, L4_PhysDesc_t *p)
{
	const word_t at = MAP_AT + 0x100000;

	*f = piece(at, RT_PAGE_LOG2, L4_Readable);
	*p = L4_PhysDesc(s->frame, 0);
	switch (bad) {
	case BAD_SMALL:
		*f = piece(at, RT_PAGE_LOG2 - 1, L4_Readable);
		break;
	case BAD_ZERO:
		f->raw = at | L4_Readable;
		break;
	case BAD_RESERVED:
		f->raw |= 8;
		break;
	case BAD_BASE:
		*f = piece(at + PAGE, RT_PAGE_LOG2 + 1, L4_Readable);
		break;
	case BAD_FRAME:
		*f = piece(0x40000000ul, 24, L4_Readable);
		p->raw = L4_PhysDesc((s->frame & ~(uint64_t)0xffffff) + PAGE, 0).raw;
		break;
	case BAD_ABOVE:
		*f = piece(kip->user_last + 1, RT_PAGE_LOG2, L4_Readable);
		break;
	case BAD_ACROSS:
		*f = piece(0, ABI_WORD_BITS - 1, L4_Readable);
		break;
	case BAD_HUGE:
		*f = piece(0, 63, L4_NoAccess);
		break;
	case BAD_KIP:
		*f = piece(L4_Address(s->space->kip_area) + PAGE, RT_PAGE_LOG2, L4_Readable);
		break;
	case BAD_UTCB:
		*f = piece(L4_Address(s->space->utcb_area), RT_PAGE_LOG2, L4_NoAccess);
		break;
	case BAD_AROUND:
		*f = piece(L4_Address(s->space->utcb_area), 24, L4_NoAccess);
		break;
	case BAD_ATTRIBUTE:
		p->raw |= 4;
		break;
	case BAD_ATTRIBUTES:
		p->raw |= 0x3f;
		break;
	case BAD_MEMORY:
		p->raw = ~(word_t)0x3f << 2;
		break;
	case BAD_KERNEL:
		*p = L4_PhysDesc(kernel_frame(), 0);
		break;
	case BAD_ALL:
		*f = L4_FpageAddRights(L4_CompleteAddressSpace, L4_Readable);
		break;
	default:
		*f = L4_FpageAddRights(L4_IoFpageLog2(0x70, 1), L4_Readable);
		break;
	}
}

/* The good items, in turn: a new page, one that goes, one whose rights are changed. */
static L4_Fpage_t good_item(unsigned i, word_t rights)
{
	return piece(MAP_AT + i * PAGE, RT_PAGE_LOG2, rights);
}

static word_t rights_before(unsigned i)
{
	return i % 3 == 0 ? L4_NoAccess : L4_ReadWriteOnly;
}

static word_t rights_wanted(unsigned i)
{
	return i % 3 == 1 ? L4_NoAccess : L4_Readable;
}

static void check_as_before(const struct map_scene *s)
{
	for (unsigned i = 0; i < ABI_MAP_MAX_ITEMS; i++) {
		L4_Fpage_t f = good_item(i, 0);

		CHECK(L4_GetStatus(s->space->id, &f, NULL), "status: error %lu", L4_ErrorCode());
		check_eq("rights of an item", L4_Rights(f) & L4_ReadWriteOnly, rights_before(i));
	}
}

static void run_bad(unsigned row)
{
	struct map_scene s = map_scene_new();
	unsigned position = row % ABI_MAP_MAX_ITEMS;
	word_t mr[2 * ABI_MAP_MAX_ITEMS], free, w;

	for (unsigned i = 0; i < ABI_MAP_MAX_ITEMS; i++) {
		L4_Fpage_t f = good_item(i, rights_wanted(i));
		L4_PhysDesc_t p = L4_PhysDesc(s.frame, 0);

		if (rights_before(i))
			map_page(&s, MAP_AT + i * PAGE, s.frame, rights_before(i));
		if (i == position)
			bad_item(row / ABI_MAP_MAX_ITEMS, &s, &f, &p);
		mr[2 * i] = p.raw;
		mr[2 * i + 1] = f.raw;
	}
	free = kmem_free();
	for (unsigned with_read = 0; with_read < 2; with_read++) {
		L4_LoadMRs(0, ARRAY_SIZE(mr), mr);
		CHECK(!L4_MapControl(s.space->id, L4_MapCtrl_Modify |
						      (with_read ? L4_MapCtrl_Read : 0) |
						      (ABI_MAP_MAX_ITEMS - 1)),
		      "MapControl succeeded");
		check_eq("ErrorCode", L4_ErrorCode(), L4_ErrInvalidParam);
		check_eq("free kernel memory", kmem_free(), free);
		for (unsigned i = 0; i < ARRAY_SIZE(mr); i++) {
			L4_StoreMR((int)i, &w);
			check_eq("a message register", w, mr[i]);
		}
		check_as_before(&s);
	}
	check_no_fault("reading the program", probe(s.w, op_read, (word_t)bad_names, 0));
}

static void title_bad(unsigned row, char *buf, size_t size)
{
	snprintf(buf, size, "%s in item %u of 32", bad_names[row / ABI_MAP_MAX_ITEMS],
		 row % ABI_MAP_MAX_ITEMS + 1);
}

SUITE_ROWS(suite_map_bad, "MAP", 200, BADS *ABI_MAP_MAX_ITEMS, run_bad, title_bad);
