/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * kip.c - KIP-0nn: the kernel interface page and the boot information.
 */
#include <l4/bootinfo.h>

#include "map.h"
#include "suites.h"

static void identity(void)
{
	word_t version, flags, id;
	void *at = L4_KernelInterface(&version, &flags, &id);

	check_eq("address", (word_t)at, (word_t)kip);
	check_eq("address by L4_GetKernelInterface", (word_t)L4_GetKernelInterface(), (word_t)kip);
	check_eq("magic", kip->magic, L4_MAGIC);
	check_eq("version", version, kip->api_version);
	check_eq("top byte of the version", version >> 24, L4_APIVERSION_N2);
	check_eq("flags", flags, kip->api_flags);
	check_eq("kernel id", id, kip->kernel_id);
	check_eq("L4_ApiVersion", L4_ApiVersion(), version);
	check_eq("L4_ApiFlags", L4_ApiFlags(), flags);
	check_eq("L4_KernelId", L4_KernelId(), id);
}

static void api_flags(void)
{
	word_t want = sizeof(word_t) == 8 ? L4_APIFLAG_64BIT : 0;

	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		want |= L4_APIFLAG_BE;
	check_eq("flags", kip->api_flags, want);
}

static void sizes(void)
{
	word_t page_sizes = L4_PageSizeMask(kip);

	check_eq("message registers", L4_MessageRegisters(kip), ABI_MRS);
	check_eq("size of a UTCB", L4_UtcbSize(kip), sizeof(struct abi_utcb));
	check_eq("alignment of a UTCB", (word_t)1 << L4_UtcbAlignmentLog2(kip), L4_UtcbSize(kip));
	check_eq("size of a KIP area", L4_KipAreaSize(kip), (word_t)1 << ABI_KIP_AREA_LOG2);
	CHECK(L4_UtcbAreaSize(kip) >= L4_UtcbSize(kip), "smallest UTCB area %lx",
	      L4_UtcbAreaSize(kip));
	CHECK(page_sizes & PAGE && !(page_sizes & (PAGE - 1)), "page sizes %lx", page_sizes);
	CHECK((L4_PageRights(kip) & L4_ReadWriteOnly) == L4_ReadWriteOnly, "page rights %lx",
	      L4_PageRights(kip));
	CHECK(L4_NumProcessors(kip) >= 1, "%lu processors", L4_NumProcessors(kip));
	check_eq("the first thread's UTCB",
		 (word_t)utcb_place(&root_space, L4_GlobalId(L4_ThreadIdUserBase(kip), 1)),
		 L4_Address(root_space.utcb_area));
	CHECK(((kip->user_last + 1) & (PAGE - 1)) == 0 && kip->user_last > 0x10000000ul,
	      "last user address %lx", (word_t)kip->user_last);
}

static void thread_numbers(void)
{
	word_t base = L4_ThreadIdUserBase(kip), bits = L4_ThreadIdBits(kip);

	check_eq("bits of a thread number", bits, ABI_TID_NUMBER_BITS);
	CHECK(L4_ThreadIdSystemBase(kip) <= base, "no interrupts from %lu on, but threads from %lu",
	      L4_ThreadIdSystemBase(kip), base);
	CHECK(irq_quiet_line() < L4_ThreadIdSystemBase(kip), "line %lu is no interrupt's number",
	      irq_quiet_line());
	CHECK(state_of(L4_GlobalId(base, 1)), "the first user id is not the root task's");
	CHECK(L4_SchedulePrecision(kip) > 0 && L4_SchedulePrecision(kip) <= 10000,
	      "scheduling precision %lu us", L4_SchedulePrecision(kip));
	CHECK(kip->clock_khz > 100, "clock of %u kHz", (unsigned)kip->clock_khz);
}

static void strings(void)
{
	const char *version = L4_KernelVersionString(kip);
	word_t n = 0;

	CHECK(memcmp(version, "Cobnut ", 7) == 0, "version string \"%s\"", version);
	while (L4_Feature(kip, n)) {
		CHECK(strlen(L4_Feature(kip, n)) < 64, "feature %lu is too long", n);
		n++;
		CHECK(n < 64, "the features don't end");
	}
}

static void memory(void)
{
	const L4_MemoryDesc_t *m;
	uint64_t free = 0;
	word_t n = 0;

	for (; (m = L4_MemoryDesc(kip, n)); n++) {
		CHECK(L4_MemoryDescLow(m) < L4_MemoryDescHigh(m), "descriptor %lu: %lx to %lx", n,
		      L4_MemoryDescLow(m), L4_MemoryDescHigh(m));
		CHECK(L4_MemoryDescType(m) != L4_UndefinedMemoryType, "descriptor %lu is undefined",
		      n);
		if (!L4_IsMemoryDescVirtual(m) && L4_MemoryDescType(m) == L4_ConventionalMemoryType)
			free += L4_MemoryDescHigh(m) - L4_MemoryDescLow(m) + 1;
	}
	check_eq("number of descriptors", n, L4_NumMemoryDescriptors(kip));
	CHECK(n > 2 && n <= ABI_MEM_DESCS_MAX, "%lu descriptors", n);
	CHECK(free > 16u << 20, "%lu KiB of free memory", (word_t)(free >> 10));
	CHECK(free >= rt_frames_free(), "more memory is free than there is");
}

static void boot_information(void)
{
	const void *info = (const void *)L4_BootInfo(kip);
	const L4_BootRec_t *r;
	word_t n = 0, roots = 0;

	CHECK(L4_BootInfo_Valid(info), "it is not valid");
	CHECK((word_t)info - (word_t)kip + L4_BootInfo_Size(info) <= L4_KipAreaSize(kip),
	      "it reaches beyond the KIP area");
	for (r = L4_BootInfo_FirstEntry(info); r; r = L4_BootRec_Next(r)) {
		n++;
		if (L4_BootRec_Type(r) != L4_BootInfo_SimpleExec)
			continue;
		roots++;
		CHECK((word_t)boot_information - L4_SimpleExec_TextVstart(r) <
			  L4_SimpleExec_TextSize(r),
		      "the program's code is not in %lx, %lx bytes", L4_SimpleExec_TextVstart(r),
		      L4_SimpleExec_TextSize(r));
		CHECK((word_t)&root_space - L4_SimpleExec_DataVstart(r) < L4_SimpleExec_DataSize(r),
		      "the program's data is not in %lx, %lx bytes", L4_SimpleExec_DataVstart(r),
		      L4_SimpleExec_DataSize(r));
		CHECK(memcmp(L4_SimpleExec_Cmdline(r), "conformance", 11) == 0,
		      "its name is \"%s\"", L4_SimpleExec_Cmdline(r));
	}
	check_eq("records", n, L4_BootInfo_Entries(info));
	check_eq("records of root tasks", roots, 1);
}

/* Every space has the same page, none may write it. */
static void everywhere(void)
{
	struct map_scene s = map_scene_new();
	word_t at = L4_Address(s.space->kip_area);

	for (word_t i = 0; i < L4_KipAreaSize(kip); i += 0x3f8) {
		const volatile word_t *mine = (const volatile word_t *)((word_t)kip + i);

		if ((word_t)mine == (word_t)&kip->kmem_free)
			continue;
		check_no_fault("reading", probe(s.w, op_read, at + i, 0));
		check_eq("a word of the KIP", s.w->result[0], *mine);
	}
	check_fault("writing", probe(s.w, op_write, at + PAGE, 0), L4_Writable, at + PAGE);
	s.w->arg[0] = ABI_SYS_KERNEL_INTERFACE;
	run(s.w, op_syscall);
	check_eq("address", s.w->result[0], at);
	check_eq("version", s.w->result[1], kip->api_version);
}

static void free_memory(void)
{
	word_t before = kmem_free(), after;
	L4_ThreadId_t id;

	CHECK(before < kip->kmem_total, "%lu of %lu bytes are free", before,
	      (word_t)kip->kmem_total);
	id = thread_inactive(space_new());
	after = kmem_free();
	CHECK(after < before, "a thread and a space cost nothing");
	CHECK(thread_delete(id), "deleting: error %lu", L4_ErrorCode());
	check_eq("free memory after deleting them", kmem_free(), before);
}

static const struct conf_case cases[] = {
    {identity, "KernelInterface and its results"},
    {api_flags, "flags say byte order and width"},
    {sizes, "sizes"},
    {thread_numbers, "thread numbers and time"},
    {strings, "version and features"},
    {memory, "memory descriptors"},
    {boot_information, "boot information"},
    {everywhere, "every space sees it, read-only"},
    {free_memory, "free memory of the kernel"},
};

SUITE_OF(suite_kip, "KIP", 1, cases);
