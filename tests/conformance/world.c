/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * world.c - threads, spaces, memory and interrupts for cases, and what undoes it all.
 */
#include <l4/bootinfo.h>

#include "../../user/drivers/uart.h"
#include "conf.h"
#include "internal.h"

#define PRIO_QUIET_CASE 2 /* tells cases that all is quiet */
#define PRIO_QUIET_ALL  1 /* tells the supervisor */

#define FIXED_IDS 8 /* thread numbers of the suite's own threads, the supervisor's first */
#define CASE_IDS  96
#define SPACES    16
#define PAGES     16
#define IRQS      8

#define STACK_SIZE  0x4000
#define IMAGE_PAGES 512

/* Where spaces for workers have their areas. */
#define UTCB_AREA 0x70000000ul
#define KIP_AREA  0x70100000ul

struct region {
	void *at; /* NULL: not mapped */
	uint64_t frame;
	unsigned log2;
};

struct abi_kip *kip;
struct space root_space;
L4_ThreadId_t case_thread;

static L4_ThreadId_t quiet_case, quiet_all;

static word_t versions[CASE_IDS];
static unsigned ids_used;
static struct space spaces[SPACES];
static unsigned spaces_used;
static struct region regions[PAGES];
static unsigned regions_used;
static L4_ThreadId_t irqs[IRQS];
static unsigned irqs_used;

/* The program's pages, as pairs for MapControl. */
static L4_Fpage_t image_pages[IMAGE_PAGES];
static L4_PhysDesc_t image_frames[IMAGE_PAGES];
static unsigned image_count;

static char case_stack[STACK_SIZE] __attribute__((aligned(64)));
static char quiet_stacks[2][STACK_SIZE / 4] __attribute__((aligned(64)));

/* ---- ids --------------------------------------------------------------------------------------
 */

static word_t next_version(word_t v)
{
	do {
		v++;
	} while ((v & ABI_TID_LOCAL_MASK) == 0);
	return v;
}

L4_ThreadId_t id_new(void)
{
	unsigned i = ids_used;

	CHECK(i < CASE_IDS, "the case needs more thread ids than there are");
	ids_used++;
	versions[i] = next_version(versions[i] ? versions[i] : 1);
	return L4_GlobalId(L4_ThreadIdUserBase(kip) + FIXED_IDS + i, versions[i]);
}

L4_ThreadId_t id_stale(L4_ThreadId_t id)
{
	word_t v = L4_Version(id);

	do {
		v--;
	} while ((v & ABI_TID_LOCAL_MASK) == 0);
	return L4_GlobalId(L4_ThreadNo(id), v);
}

/* ---- threads
 * -------------------------------------------------------------------------------------- */

void *utcb_place(const struct space *sp, L4_ThreadId_t id)
{
	word_t slot = L4_ThreadNo(id) - L4_ThreadIdUserBase(kip);

	return (void *)(L4_Address(sp->utcb_area) + slot * L4_UtcbSize(kip));
}

word_t thread_control(L4_ThreadId_t dest, L4_ThreadId_t space, L4_ThreadId_t scheduler,
		      L4_ThreadId_t pager, void *utcb)
{
	return L4_ThreadControl(dest, space, scheduler, pager, L4_anythread, L4_anythread, utcb);
}

word_t thread_delete(L4_ThreadId_t id)
{
	return thread_control(id, L4_nilthread, L4_nilthread, L4_nilthread, NO_UTCB);
}

void space_map_program(L4_ThreadId_t space)
{
	for (unsigned i = 0; i < image_count; i += L4_MapMaxItems) {
		unsigned n = image_count - i < L4_MapMaxItems ? image_count - i : L4_MapMaxItems;

		CHECK(L4_MapFpages(space, n, &image_pages[i], &image_frames[i]),
		      "the program can't be mapped: error %lu", L4_ErrorCode());
	}
}

L4_ThreadId_t thread_inactive(struct space *sp)
{
	L4_ThreadId_t id = id_new();
	bool first = L4_IsNilThread(sp->id);
	word_t old;

	CHECK(thread_control(id, first ? id : sp->id, L4_Myself(), L4_nilthread, NO_UTCB),
	      "no thread can be created: error %lu", L4_ErrorCode());
	if (first) {
		CHECK(L4_SpaceControl(id, 0, sp->kip_area, sp->utcb_area, &old),
		      "areas of a space can't be set: error %lu", L4_ErrorCode());
		space_map_program(id);
		sp->id = id;
	}
	return id;
}

L4_ThreadId_t thread_unstarted(struct space *sp, unsigned prio)
{
	L4_ThreadId_t id = thread_inactive(sp);

	CHECK(thread_control(id, sp->id, L4_nilthread, L4_Myself(), utcb_place(sp, id)),
	      "a thread can't be activated: error %lu", L4_ErrorCode());
	CHECK(L4_Schedule(id, 0, 0, ALL_ONES, prio, NULL, NULL),
	      "a thread can't be scheduled: error %lu", L4_ErrorCode());
	return id;
}

void thread_start(L4_ThreadId_t id, void (*entry)(void), word_t stack_top, word_t arg)
{
	L4_MsgTag_t tag;

	/* A called function's stack pointer is below a multiple of 16 on some machines: the
	 * return address's place. None of the entries returns. */
	(void)L4_ExchangeRegisters(id, L4_ExReg_user | L4_ExReg_pager, 0, 0, 0, arg, L4_nilthread,
				   NULL, NULL, NULL, NULL, NULL, NULL);
	L4_LoadMR(1, (word_t)entry);
	L4_LoadMR(2, stack_top - (sizeof(word_t) == 4 ? 4 : 0));
	tag = L4_Ipc(id, L4_nilthread, __L4_VALUE(L4_MsgTag_t, TAG(0, 2, 0)), NULL);
	CHECK(L4_IpcSucceeded(tag), "a thread can't be started: error %lu", L4_ErrorCode());
}

word_t state_of(L4_ThreadId_t id)
{
	return L4_Schedule(id, ALL_ONES, ALL_ONES, ALL_ONES, ALL_ONES, NULL, NULL);
}

/* ---- all is quiet
 * ------------------------------------------------------------------------------------ */

static void quiet_main(void)
{
	L4_ThreadId_t from;

	for (;;) {
		L4_MsgTag_t tag = L4_Wait(&from);

		while (L4_IpcSucceeded(tag)) {
			L4_Set_MsgTag(L4_Niltag);
			tag = L4_ReplyWait(from, &from);
		}
	}
}

static void quiet_call(L4_ThreadId_t quiet)
{
	L4_MsgTag_t tag;

	L4_Set_MsgTag(L4_Niltag);
	tag = L4_Call(quiet);
	CHECK(L4_IpcSucceeded(tag), "waiting for quiet failed: error %lu", L4_ErrorCode());
}

void settle(void)
{
	quiet_call(quiet_case);
}

void settle_all(void)
{
	quiet_call(quiet_all);
}

static L4_ThreadId_t fixed_thread(unsigned slot, unsigned prio, void (*entry)(void), char *stack)
{
	word_t base = L4_ThreadIdUserBase(kip);
	L4_ThreadId_t id = L4_GlobalId(base + slot, 1);

	CHECK(thread_control(id, L4_Myself(), L4_Myself(), L4_Myself(),
			     utcb_place(&root_space, id)) &&
		  L4_Schedule(id, 0, 0, ALL_ONES, prio, NULL, NULL),
	      "the suite's own threads can't be created: error %lu", L4_ErrorCode());
	thread_start(id, entry, (word_t)stack + STACK_SIZE / 4, 0);
	return id;
}

/* ---- memory and interrupts
 * ------------------------------------------------------------------------------ */

static struct region *region_new(unsigned log2)
{
	struct region *r = &regions[regions_used];

	CHECK(regions_used < PAGES, "the case needs more memory regions than there are");
	r->at = NULL;
	r->log2 = log2;
	r->frame = rt_frame_alloc(log2);
	CHECK(r->frame != 0, "there are no 2^%u free bytes", log2);
	regions_used++;
	return r;
}

uint64_t kernel_frame(void)
{
	const L4_MemoryDesc_t *m;

	for (word_t n = 0; (m = L4_MemoryDesc(kip, n)); n++) {
		if (!L4_IsMemoryDescVirtual(m) && L4_MemoryDescType(m) == L4_ReservedMemoryType)
			return L4_MemoryDescLow(m) & ~(PAGE - 1);
	}
	fail("the KIP does not say which memory is the kernel's");
}

uint64_t frames_new(unsigned log2)
{
	return region_new(log2)->frame;
}

void *pages_new(unsigned log2, uint64_t *frame)
{
	struct region *r = region_new(log2);

	r->at = rt_map(r->frame, log2, L4_ReadWriteOnly, L4_DefaultMemory);
	CHECK(r->at, "2^%u bytes can't be mapped: error %lu", log2, L4_ErrorCode());
	memset(r->at, 0, (size_t)1 << log2);
	if (frame)
		*frame = r->frame;
	return r->at;
}

bool irq_take(word_t line, L4_ThreadId_t handler)
{
	L4_ThreadId_t irq = L4_GlobalId(line, ABI_IRQ_VERSION);

	CHECK(irqs_used < IRQS, "the case needs more interrupts than there are");
	if (!L4_AssociateInterrupt(irq, handler))
		return false;
	irqs[irqs_used++] = irq;
	return true;
}

word_t irq_quiet_line_no(unsigned n)
{
	static word_t lines[QUIET_LINES];
	static unsigned count;

	/* The highest lines that can be had are the least likely to be wired to something. */
	if (count == 0) {
		for (word_t line = L4_ThreadIdUserBase(kip); count < QUIET_LINES && --line > 0;) {
			L4_ThreadId_t irq = L4_GlobalId(line, ABI_IRQ_VERSION);

			if (L4_AssociateInterrupt(irq, L4_Myself())) {
				(void)L4_DeassociateInterrupt(irq);
				lines[count++] = line;
			}
		}
	}
	CHECK(n < count, "only %u interrupt lines can be had", count);
	return lines[n];
}

word_t irq_quiet_line(void)
{
	return irq_quiet_line_no(0);
}

struct space *space_new(void)
{
	struct space *sp = &spaces[spaces_used];

	CHECK(spaces_used < SPACES, "the case needs more spaces than there are");
	spaces_used++;
	sp->id = L4_nilthread;
	sp->utcb_area = L4_FpageLog2(UTCB_AREA, ABI_ROOT_UTCB_AREA_LOG2);
	sp->kip_area = L4_FpageLog2(KIP_AREA, (int)L4_KipAreaSizeLog2(kip));
	return sp;
}

word_t kmem_free(void)
{
	return *(volatile abi_word_t *)&kip->kmem_free;
}

/* ---- before and after
 * ------------------------------------------------------------------------------------ */

/* Note how each page of the program is mapped. */
static void image_init(void)
{
	extern char _end[];
	const void *info = (const void *)L4_BootInfo(kip);
	const L4_BootRec_t *rec;
	word_t start;

	CHECK(L4_BootInfo_Valid(info), "there is no boot information");
	rec = L4_BootInfo_FirstEntry(info);
	while (rec && L4_BootRec_Type(rec) != L4_BootInfo_SimpleExec)
		rec = L4_BootRec_Next(rec);
	CHECK(rec, "the boot information has no record of the root task");
	start = L4_SimpleExec_TextVstart(rec) & ~(PAGE - 1);
	for (word_t va = start; va < (word_t)_end; va += PAGE) {
		L4_Fpage_t f = L4_FpageLog2(va, RT_PAGE_LOG2);
		L4_PhysDesc_t p;

		CHECK(L4_GetStatus(L4_Myself(), &f, &p), "error %lu asking for the page at %lx",
		      L4_ErrorCode(), va);
		if (L4_Rights(f) == L4_NoAccess)
			continue;
		CHECK(image_count < IMAGE_PAGES, "the program has more than %u pages", IMAGE_PAGES);
		image_pages[image_count] =
		    L4_FpageAddRights(L4_FpageLog2(va, RT_PAGE_LOG2), L4_Rights(f));
		image_frames[image_count++] = p;
	}
}

void world_init(void)
{
	kip = L4_GetKernelInterface();
	rt_memory_init(kip);
	root_space.id = L4_Myself();
	root_space.utcb_area.raw = kip->root_utcb_area;
	root_space.kip_area = L4_FpageLog2((word_t)kip, (int)L4_KipAreaSizeLog2(kip));
	image_init();
	/* What the kernel allocates for a space's first I/O ports stays with the space. */
	if (uart_open())
		uart_close();
	quiet_case = fixed_thread(1, PRIO_QUIET_CASE, quiet_main, quiet_stacks[0]);
	quiet_all = fixed_thread(2, PRIO_QUIET_ALL, quiet_main, quiet_stacks[1]);
	settle_all();
}

void world_end(void)
{
	(void)thread_delete(quiet_case);
	(void)thread_delete(quiet_all);
}

void case_start(void (*entry)(void))
{
	workers_reset();
	case_thread = thread_unstarted(&root_space, PRIO_CASE);
	thread_start(case_thread, entry, (word_t)case_stack + STACK_SIZE, 0);
}

void world_clean(void)
{
	for (unsigned i = 0; i < irqs_used; i++)
		(void)L4_DeassociateInterrupt(irqs[i]);
	/* The case's own thread was the first: the others go before it. */
	while (ids_used > 0) {
		unsigned i = --ids_used;

		(void)thread_delete(
		    L4_GlobalId(L4_ThreadIdUserBase(kip) + FIXED_IDS + i, versions[i]));
	}
	for (unsigned i = 0; i < regions_used; i++) {
		if (regions[i].at)
			rt_unmap(regions[i].at, regions[i].log2);
		rt_frame_free(regions[i].frame, regions[i].log2);
	}
	irqs_used = spaces_used = regions_used = 0;
	settle_all();
}
