/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * hostile.c - a root task with threads that attack the kernel as only MIPS64 lets them: with
 * privileged instructions, kernel addresses, traps and system calls in delay slots, FPU state.
 * Each has its thread, the director being pager and exception handler of all, and must end as
 * said.
 */
#include <l4/arch/exception.h>
#include <l4/arch/stubs.h>
#include <l4/ipc.h>
#include <l4/protocol.h>
#include <l4/space.h>
#include <l4/thread.h>
#include <rt/memory.h>
#include <rt/stdio.h>
#include <rt/string.h>
#include <rt/thread.h>

#define PRIO 100

enum end {
	RETURNS, /* with 0 */
	TRAPS,   /* exception `number` with `code` at `ip` */
	SLOT,    /* the same, in the delay slot of the branch at `ip` */
	RESUMES, /* as TRAPS; goes on where $3 says, and returns 0 */
	FAULTS   /* page fault at address `code`, access `number` */
};

struct attack {
	const char *name;
	void (*run)(void);
	enum end end;
	L4_Word_t number, code;
	const char *ip; /* NULL: not checked */
};

#define KERNEL_TEXT   0xffffffff80100000
#define KERNEL_DIRECT 0x9800000000100000
#define KERNEL_LOCAL  0xffffffffffff8000
#define USER_END      0x40000000000
#define UNMAPPED      0x20000000

/* clang-format off */

/* Exceptions: number and code. */
#define REFUSALS(X)                                                                                \
	X(do_mfc0, 11, 0) X(do_mtc0, 11, 0) X(do_dmfc0, 11, 0) X(do_dmtc0, 11, 0)                  \
	X(do_tlbr, 11, 0) X(do_tlbwi, 11, 0) X(do_tlbwr, 11, 0) X(do_tlbp, 11, 0)                  \
	X(do_eret, 11, 0) X(do_wait, 11, 0) X(do_di, 11, 0) X(do_ei, 11, 0) X(do_cache, 11, 0)     \
	X(do_rdpgpr, 11, 0) X(do_wrpgpr, 11, 0) X(do_user_local, 10, 0)                              \
	X(do_cpu_number, 10, 0) X(do_undefined, 10, 0) X(do_break, 9, 0) X(do_trap, 13, 0)         \
	X(do_sdbbp, 9, 1) X(do_sdbbp_exit, 9, 1)                                                   \
	X(do_load_unaligned, 4, UNMAPPED + 1) X(do_store_unaligned, 5, UNMAPPED + 4)

#define SLOT_TRAPS(X)                                                                              \
	X(slot_break, 9) X(slot_trap, 13) X(slot_undefined, 10)

/* Page faults: address and access. */
#define FAULTING(X)                                                                                \
	X(do_load_kernel, KERNEL_TEXT, L4_Readable) X(do_store_kernel, KERNEL_TEXT, L4_Writable)   \
	X(do_load_direct, KERNEL_DIRECT, L4_Readable)                                              \
	X(do_store_direct, KERNEL_DIRECT, L4_Writable)                                             \
	X(do_load_local, KERNEL_LOCAL, L4_Readable) X(do_load_beyond, USER_END, L4_Readable)       \
	X(do_load_xsseg, 0x4000000000000000, L4_Readable)                                          \
	X(slot_load, UNMAPPED, L4_Readable) X(slot_store, UNMAPPED, L4_Writable)

#define CALLS(X)                                                                                   \
	X(call_beq) X(call_beq_not) X(call_beq_zero) X(call_bne) X(call_bne_not) X(call_bne_zero)  \
	X(call_blez) X(call_blez_not) X(call_bgtz) X(call_bgtz_not) X(call_bltz) X(call_bltz_not)  \
	X(call_bgez) X(call_bgez_not) X(call_beql) X(call_bnel) X(call_blezl) X(call_bgtzl)        \
	X(call_bltzl) X(call_bgezl) X(call_bgezal) X(call_bltzal) X(call_jal) X(call_j)            \
	X(call_jr) X(call_jalr) X(call_bc1t) X(call_bc1f) X(call_bc1t_7) X(call_bc1f_7)            \
	X(slot_fpu) X(call_without_gp) X(call_and_look)

/* clang-format on */

#define DECLARE(label, ...)                                                                        \
	extern void label(void);                                                                   \
	extern const char label##_at[];
#define DECLARE_CALL(label)           extern void label(void);
#define REFUSED(label, number, code)  {#label, label, TRAPS, number, code, label##_at},
#define SLOT_TRAP(label, number)      {#label, label, SLOT, number, 0, label##_at},
#define FAULT(label, address, access) {#label, label, FAULTS, access, address, label##_at},
#define CALL(label)                   {#label, label, RETURNS, 0, 0, NULL},

REFUSALS(DECLARE)
SLOT_TRAPS(DECLARE)
FAULTING(DECLARE)
DECLARE(do_fcsr)
CALLS(DECLARE_CALL)
DECLARE_CALL(do_jump_kernel)
DECLARE_CALL(do_jump_beyond)
DECLARE_CALL(do_jump_unaligned)
DECLARE_CALL(use_fpu)
extern const char call_at_the_top[], call_at_the_top_end[];

/* clang-format off */
static const struct attack attacks[] = {
    REFUSALS(REFUSED) SLOT_TRAPS(SLOT_TRAP) FAULTING(FAULT) CALLS(CALL)
    {"do_jump_kernel", do_jump_kernel, FAULTS, L4_eXecutable, KERNEL_TEXT, (char *)KERNEL_TEXT},
    {"do_jump_beyond", do_jump_beyond, FAULTS, L4_eXecutable, USER_END, (char *)USER_END},
    {"do_jump_unaligned", do_jump_unaligned, TRAPS, L4_MIPS_ADDRESS_LOAD,
     (L4_Word_t)do_undefined_at + 2, do_undefined_at + 2},
    {"do_fcsr", do_fcsr, RESUMES, L4_MIPS_FPU, 0, do_fcsr_at},
};
/* clang-format on */

static L4_ThreadId_t director;
static unsigned done, failed;

static void judge(bool good, const char *name, const char *fmt, L4_Word_t a, L4_Word_t b)
{
	done++;
	if (good)
		return;
	failed++;
	printf("hostile: FAIL %s: ", name);
	printf(fmt, a, b);
	printf("\n");
}

/* ---- the thread that attacks --------------------------------------------------------- */

static void attacker(void)
{
	L4_Word_t (*run)(void) = (L4_Word_t(*)(void))L4_UserDefinedHandle();

	L4_Set_ExceptionHandler(director);
	L4_Set_Pager(director);
	L4_LoadMR(1, run());
	L4_Set_MsgTag(__L4_VALUE(L4_MsgTag_t, (L4_Word_t)1));
	(void)L4_Send(director);
	(void)L4_WaitForever();
}

/* ---- the director --------------------------------------------------------------------- */

static void judge_return(const struct attack *a, L4_MsgTag_t tag)
{
	L4_Word_t result;

	L4_StoreMR(1, &result);
	judge(L4_Protocol(tag) == 0 && result == 0, a->name, "message %lx, result %lx", tag.raw,
	      result);
}

static void judge_trap(const struct attack *a, L4_MsgTag_t tag, L4_Word_t flags_expected)
{
	L4_Word_t ip, flags, number, code;

	L4_StoreMR(L4_EXC_IP, &ip);
	L4_StoreMR(L4_EXC_FLAGS, &flags);
	L4_StoreMR(L4_EXC_NUMBER, &number);
	L4_StoreMR(L4_EXC_CODE, &code);
	judge(L4_Protocol(tag) == L4_ProtocolException, a->name, "message %lx, MR1 %lx", tag.raw,
	      ip);
	judge(number == a->number && code == a->code, a->name, "exception %lu, code %lx", number,
	      code);
	judge(!a->ip || ip == (L4_Word_t)a->ip, a->name, "at %lx, not %lx", ip, (L4_Word_t)a->ip);
	judge(flags == flags_expected, a->name, "flags %lx, not %lx", flags, flags_expected);
}

static void judge_fault(const struct attack *a, L4_MsgTag_t tag)
{
	L4_Word_t address, ip;

	L4_StoreMR(1, &address);
	L4_StoreMR(2, &ip);
	judge(L4_Protocol(tag) == L4_ProtocolPageFault && L4_PageFaultAccess(tag) == a->number,
	      a->name, "message %lx, MR1 %lx", tag.raw, address);
	judge(address == a->code && (!a->ip || ip == (L4_Word_t)a->ip), a->name,
	      "fault at %lx, ip %lx", address, ip);
}

static L4_MsgTag_t resume(L4_ThreadId_t thread, L4_MsgTag_t tag)
{
	L4_Word_t next;

	L4_StoreMR(L4_EXC_R1 + 2, &next);
	L4_LoadMR(L4_EXC_IP, next);
	L4_Set_Label(&tag, 0);
	L4_Set_MsgTag(tag);
	use_fpu(); /* the thread's FPU state is saved */
	(void)L4_Send(thread);
	return L4_Receive(thread);
}

static void launch(const struct attack *a)
{
	L4_ThreadId_t thread = rt_thread_spawn(PRIO, attacker, (L4_Word_t)a->run);
	L4_MsgTag_t tag = L4_Receive(thread);

	switch (a->end) {
	case RETURNS:
		judge_return(a, tag);
		break;
	case TRAPS:
		judge_trap(a, tag, 0);
		break;
	case SLOT:
		judge_trap(a, tag, L4_EXC_FLAG_DELAY_SLOT);
		break;
	case RESUMES:
		judge_trap(a, tag, 0);
		judge_return(a, resume(thread, tag));
		break;
	case FAULTS:
		judge_fault(a, tag);
		break;
	}
	rt_thread_delete(thread);
}

/* A system call as the last thing in user space: it returns to the first address behind. */
static void launch_at_the_top(void)
{
	const L4_Word_t size = (L4_Word_t)(call_at_the_top_end - call_at_the_top);
	const L4_Word_t page = USER_END - RT_PAGE_SIZE;
	struct attack a = {"system call at the top",
			   (void (*)(void))(USER_END - size),
			   FAULTS,
			   L4_eXecutable,
			   USER_END,
			   (const char *)USER_END};
	uint64_t frame;
	char *at = rt_pages_alloc(RT_PAGE_LOG2, &frame);
	L4_Fpage_t f = L4_FpageLog2(page, RT_PAGE_LOG2);

	memcpy(at + RT_PAGE_SIZE - size, call_at_the_top, size);
	L4_Set_Rights(&f, L4_ReadeXecOnly);
	judge(L4_MapFpage(L4_Myself(), f, L4_PhysDesc(frame, L4_DefaultMemory)), a.name,
	      "not mapped: error %lu of %lu", L4_ErrorCode(), 0);
	launch(&a);
	(void)L4_UnmapFpage(L4_Myself(), f);
	rt_pages_free(at, RT_PAGE_LOG2);
}

/* Addresses that were tried while nothing was there leave invalid TLB entries. A large page that
 * comes there must not meet one of them: every part of it is read, in turn from each of them. */
static void large_page_over_faults(void)
{
	enum { LOG2 = 21, STEP = 0x2000 };
	static const L4_Word_t base = 0x30000000;
	const char *name = "a large page where there were faults";
	struct attack a = {name, slot_load, FAULTS, L4_Readable, UNMAPPED, NULL};
	L4_Fpage_t f = L4_FpageLog2(base, LOG2);
	L4_Word_t sum = 0;
	uint64_t frame;
	char *at = rt_pages_alloc(LOG2, &frame);

	judge(at != NULL, name, "no memory (%lu, %lu)", 0, 0);
	if (at == NULL)
		return;
	launch(&a);
	for (L4_Word_t i = 0; i < (1u << LOG2); i += STEP)
		*(volatile L4_Word_t *)(at + i) = i;
	L4_Set_Rights(&f, L4_ReadWriteOnly);
	for (unsigned turn = 0; turn < 3; turn++) {
		judge(L4_MapFpage(L4_Myself(), f, L4_PhysDesc(frame, L4_DefaultMemory)), name,
		      "not mapped: error %lu of %lu", L4_ErrorCode(), 0);
		for (L4_Word_t i = 0; i < (1u << LOG2); i += STEP)
			sum += *(volatile L4_Word_t *)(base + i) != i;
		(void)L4_UnmapFpage(L4_Myself(), f);
	}
	judge(sum == 0, name, "%lu words differ, of %lu", sum, (1u << LOG2) / STEP);
	rt_pages_free(at, LOG2);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	const void *kip = L4_KernelInterface(NULL, NULL, NULL);

	rt_memory_init(kip);
	rt_thread_init(kip);
	director = L4_Myself();
	for (unsigned i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++)
		launch(&attacks[i]);
	launch_at_the_top();
	large_page_over_faults();
	printf("hostile: %u checks, %u failed\n", done, failed);
	return failed != 0;
}
