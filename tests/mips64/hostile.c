/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * hostile.c - attacks that only a MIPS64 program can try: with privileged instructions, kernel
 * addresses, traps and system calls in delay slots, FPU state.
 */
#include "../hostile/hostile.h"

#define KERNEL_TEXT   0xffffffff80100000
#define KERNEL_DIRECT 0x9800000000100000
#define KERNEL_LOCAL  0xffffffffffff8000
#define USER_END      0x40000000000

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
	X(call_beq) X(call_beq_not) X(call_beq_zero) X(call_bne) X(call_bne_not) X(call_blez)      \
	X(call_blez_not) X(call_bgez) X(call_bgez_not) X(call_beql) X(call_bgezl) X(call_bc1f)     \
	X(call_bgezal) X(call_bgezal_not) X(call_bltzal) X(call_jal) X(call_j) X(call_jalr)        \
	X(call_elsewhere)                                                                          \
	X(null_beql) X(null_bnel) X(null_blezl) X(null_bgtzl) X(null_bltzl) X(null_bltzall)        \
	X(slot_fpu) X(call_without_gp) X(call_and_look)

/* clang-format on */

#define DECLARE(label, ...)                                                                        \
	extern void label(void);                                                                   \
	extern const char label##_at[];
#define DECLARE_CALL(label)          extern void label(void);
#define REFUSED(label, number, code) {#label, label, TRAPS, number, code, label##_at, 0},
#define SLOT_TRAP(label, number)                                                                   \
	{#label, label, TRAPS, number, 0, label##_at, L4_EXC_FLAG_DELAY_SLOT},
#define FAULT(label, address, access) {#label, label, FAULTS, access, address, label##_at, 0},
#define CALL(label)                   {#label, label, RETURNS, 0, 0, NULL, 0},

REFUSALS(DECLARE)
SLOT_TRAPS(DECLARE)
FAULTING(DECLARE)
DECLARE(do_fcsr)
CALLS(DECLARE_CALL)
DECLARE_CALL(do_jump_kernel)
DECLARE_CALL(do_jump_beyond)
DECLARE_CALL(do_jump_unaligned)
DECLARE_CALL(use_fpu)
DECLARE_CALL(ipc_and_look)
DECLARE(look_at_status)
DECLARE(look_at_memory)
DECLARE(slot_reply)
extern const char push_here[], branch_here[];
extern const char call_at_the_top[], call_at_the_top_end[];

#define BRANCH(name, ...)                                                                          \
	DECLARE(all_call_##name)                                                                   \
	DECLARE(all_load_##name)                                                                   \
	DECLARE(all_store_##name)                                                                  \
	DECLARE(all_fpu_##name)                                                                    \
	DECLARE(all_break_##name)                                                                  \
	DECLARE(all_trap_##name)                                                                   \
	DECLARE(all_unaligned_##name)
#include "branches.def"
#undef BRANCH

#define SERVE(label, access) {#label, label, SERVED, access, UNMAPPED, label##_at, 0},
#define SLOT_CODE(label, nr, code)                                                                 \
	{#label, label, TRAPS, nr, code, label##_at, L4_EXC_FLAG_DELAY_SLOT},
#define BRANCH(name, ...)                                                                          \
	CALL(all_call_##name)                                                                      \
	CALL(all_fpu_##name)                                                                       \
	SERVE(all_load_##name, L4_Readable)                                                        \
	SERVE(all_store_##name, L4_Writable)                                                       \
	SLOT_TRAP(all_break_##name, L4_MIPS_BREAK) SLOT_TRAP(all_trap_##name, L4_MIPS_TRAP)        \
	    SLOT_CODE(all_unaligned_##name, L4_MIPS_ADDRESS_LOAD, UNMAPPED + 1)

/* clang-format off */
static const struct attack attacks[] = {
    REFUSALS(REFUSED) SLOT_TRAPS(SLOT_TRAP) FAULTING(FAULT) CALLS(CALL)
#include "branches.def"
    {"do_jump_kernel", do_jump_kernel, FAULTS, L4_eXecutable, KERNEL_TEXT, (char *)KERNEL_TEXT, 0},
    {"do_jump_beyond", do_jump_beyond, FAULTS, L4_eXecutable, USER_END, (char *)USER_END, 0},
    {"do_jump_unaligned", do_jump_unaligned, TRAPS, L4_MIPS_ADDRESS_LOAD,
     (L4_Word_t)do_undefined_at + 2, do_undefined_at + 2, 0},
    {"do_fcsr", do_fcsr, RESUMES, L4_MIPS_FPU, 0, do_fcsr_at, 0},
};
/* clang-format on */

/* Addresses that were tried while nothing was there leave invalid TLB entries. A large page that
 * comes there must not meet one of them: every part of it is read, in turn from each of them. */
static void large_page_over_faults(void)
{
	enum { LOG2 = 21, STEP = 0x2000 };
	static const L4_Word_t base = 0x30000000;
	const char *name = "a large page where there were faults";
	struct attack a = {name, slot_load, FAULTS, L4_Readable, UNMAPPED, NULL, 0};
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

/* ---- answers to an exception ------------------------------------------------------------------
 */

static const struct attack trap = {"trap", do_break, TRAPS, L4_MIPS_BREAK, 0, do_break_at, 0};
static const struct attack slot = {
    "slot_reply", slot_reply, TRAPS, L4_MIPS_BREAK, 0, slot_reply_at, L4_EXC_FLAG_DELAY_SLOT};

/* Whatever the flags are, no bit of them gets to Status or Cause. */
static void reply_flags(L4_Word_t flags)
{
	static const struct attack refused = {
	    "Status after an answer", NULL, TRAPS, L4_MIPS_COPROCESSOR, 0, look_at_status_at, 0};
	static const struct attack faults = {
	    "memory after an answer", NULL, FAULTS, L4_Readable, KERNEL_DIRECT,
	    look_at_memory_at,        0};
	const struct reply status = {"flags", look_at_status, 0, flags};
	const struct reply memory = {"flags", look_at_memory, 0, flags};

	launch_reply(&trap, &status, &refused);
	launch_reply(&slot, &memory, &faults);
}

/* Nor does the trap in a delay slot come back: the IP alone says where it goes on. */
static void reply_to_branch(L4_Word_t flags)
{
	const struct reply r = {"a branch", branch_here, 0, flags};
	static const struct attack once = {.name = "a branch in an answer", .end = RETURNS};

	launch_reply(&slot, &r, &once);
}

static void reply_to(L4_Word_t ip, L4_Word_t sp, L4_Word_t access, L4_Word_t address)
{
	const struct reply r = {"IP and SP", (const void *)ip, sp, ~(L4_Word_t)0};
	const struct attack then = {.name = "IP and SP in an answer",
				    .end = FAULTS,
				    .number = access,
				    .code = address,
				    .ip = (const char *)(ip & ~(L4_Word_t)3)};

	launch_reply(&trap, &r, &then);
	launch_reply(&slot, &r, &then);
}

static void launch_replies(void)
{
	static const L4_Word_t kernel[] = {
	    KERNEL_TEXT,        0xffffffffa0100000, 0xffffffffbfc00000, KERNEL_DIRECT,
	    0x9000000000100000, KERNEL_LOCAL,       USER_END,           0x0000800000000000,
	    0x4000000000000000, 0x8000000000000000, 0xc000000000000000, -16ul};

	for (unsigned bit = 0; bit < 64; bit++) {
		reply_flags((L4_Word_t)1 << bit);
		reply_flags(~((L4_Word_t)1 << bit));
	}
	reply_to_branch(0);
	reply_to_branch(~(L4_Word_t)0);
	for (unsigned i = 0; i < sizeof(kernel) / sizeof(kernel[0]); i++) {
		/* The lowest two bits are no part of an address. */
		for (unsigned low = 0; low < 4; low++)
			reply_to(kernel[i] + low, 0, L4_eXecutable, kernel[i]);
		reply_to((L4_Word_t)push_here, kernel[i] + 8, L4_Writable, kernel[i]);
	}
	reply_to((L4_Word_t)push_here, UNMAPPED + 8, L4_Writable, UNMAPPED);
}

static void launch_ipc(void)
{
	static const struct attack a = {"IPC and look", ipc_and_look, RETURNS, 0, 0, NULL, 0};
	L4_MsgTag_t tag;
	L4_ThreadId_t thread = attack_begin(&a, &tag);
	L4_Word_t result;

	L4_Set_MsgTag(__L4_VALUE(L4_MsgTag_t, (L4_Word_t)0));
	tag = L4_Call(thread);
	L4_StoreMR(1, &result);
	judge_return(&a, tag, result);
	rt_thread_delete(thread);
}

static void more(void)
{
	launch_ipc();
	launch_replies();
	launch_at_the_top(call_at_the_top, (L4_Word_t)(call_at_the_top_end - call_at_the_top),
			  USER_END);
	large_page_over_faults();
}

const struct hostile_port port = {.attacks = attacks,
				  .count = sizeof(attacks) / sizeof(attacks[0]),
				  .next_mr = L4_EXC_R1 + 2,
				  .flags_checked = ~(L4_Word_t)0,
				  .before_resume = use_fpu, /* the thread's FPU state is saved */
				  .more = more};
