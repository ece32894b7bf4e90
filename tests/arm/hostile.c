/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * hostile.c - attacks that only an ARM program can try: with privileged instructions and
 * registers, the status register, both instruction sets, IT blocks, byte order.
 */
#include "../hostile/hostile.h"

/* clang-format off */

#define OTHERS(X)                                                                                  \
	X(do_bkpt, TRAPS, L4_ARM_BREAKPOINT, 0, do_bkpt_at)                                        \
	X(do_t_bkpt, TRAPS, L4_ARM_BREAKPOINT, 0, do_t_bkpt_at)                                    \
	X(do_big_endian_fault, SERVED, L4_Readable, UNMAPPED, do_big_endian_fault_at)              \
	X(do_big_endian_trap, RESUMES, L4_ARM_UNDEFINED, 0, do_big_endian_trap_at)                 \
	X(it_load, SERVED, L4_Readable, UNMAPPED, it_load_at)                                      \
	X(it_store, SERVED, L4_Writable, UNMAPPED + 8, it_store_at)                                \
	X(do_load_kernel, FAULTS, L4_Readable, KERNEL_TEXT, do_load_kernel_at)                     \
	X(do_store_kernel, FAULTS, L4_Writable, KERNEL_TEXT, do_store_kernel_at)                   \
	X(do_load_vectors, FAULTS, L4_Readable, VECTORS, do_load_vectors_at)                       \
	X(do_load_top, FAULTS, L4_Readable, 0xfffffffc, do_load_top_at)                            \
	X(do_swap_kernel, FAULTS, L4_Readable, KERNEL_TEXT, do_swap_kernel_at)                     \
	X(do_load_translated, FAULTS, L4_Readable, KERNEL_TEXT, do_load_translated_at)             \
	X(do_unaligned_double, TRAPS, L4_ARM_ALIGNMENT, UNMAPPED + 2, do_unaligned_double_at)      \
	X(do_unaligned_multiple, TRAPS, L4_ARM_ALIGNMENT, UNMAPPED + 1, do_unaligned_multiple_at)  \
	X(do_unaligned_exclusive, TRAPS, L4_ARM_ALIGNMENT, UNMAPPED + 2,                           \
	  do_unaligned_exclusive_at)                                                               \
	X(do_load_multiple, SERVED, L4_Readable, UNMAPPED + 16, do_load_multiple_at)               \
	X(do_push, SERVED, L4_Writable, UNMAPPED + 0xff4, do_push_at)                              \
	X(do_jump_kernel, FAULTS, L4_eXecutable, KERNEL_TEXT, (const char *)KERNEL_TEXT)           \
	X(do_jump_vectors, FAULTS, L4_eXecutable, VECTORS + 8, (const char *)(VECTORS + 8))

/* These return 0. */
#define ALLOWED(X)                                                                                 \
	X(do_cps) X(do_cps_on) X(do_msr_mode) X(do_msr_all) X(do_bxj) X(do_barriers)               \
	X(do_tpidruro) X(do_big_endian) X(do_big_endian_ipc) X(do_t_svc)                           \
	X(it_svc_0) X(it_svc_1) X(it_svc_2) X(it_svc_3) X(it_svc_then_else) X(it_svc_else_then)    \
	X(it_svc_last) X(it_svc_skipped) X(it_fpu) X(tpidrurw_write) X(tpidrurw_read)

/* clang-format on */

#define KERNEL_TEXT 0x80100000ul
#define VECTORS     0xffff0000ul
#define USER_END    0x80000000ul

#define DECLARE(label, ...)                                                                        \
	extern void label(void);                                                                   \
	extern const char label##_at[];
#define DECLARE_RUN(label)  extern void label(void);
#define REFUSED(label, ...) {#label, label, TRAPS, L4_ARM_UNDEFINED, 0, label##_at, 0},
#define OTHER(label, ...)   {#label, label, __VA_ARGS__, 0},
#define ALLOW(label)        {#label, label, RETURNS, 0, 0, NULL, 0},

#define ARM   DECLARE
#define THUMB DECLARE
#include "refused.def"
#undef ARM
#undef THUMB
OTHERS(DECLARE)
ALLOWED(DECLARE_RUN)
DECLARE(it_undefined)
DECLARE(trap_thumb)
DECLARE_RUN(exclusive_switch)
extern const char flags_thumb[], flags_arm[], push_here[];
extern const char call_at_the_top[], call_at_the_top_end[];

#define ARM   REFUSED
#define THUMB REFUSED
static const struct attack attacks[] = {
#include "refused.def"
    OTHERS(OTHER) ALLOWED(ALLOW)};
#undef ARM
#undef THUMB

/* ---- the status register, by an exception's answer and by ExchangeRegisters ------------------ */

#define FLAG_NZCV   0xf0000000
#define FLAG_E      0x00000200
#define FLAG_IT(it) (((it)&0xfcul) << 8 | ((it)&3ul) << 25)

static const struct {
	L4_Word_t flags;
	bool thumb;
	L4_Word_t executed; /* sum of 1, 2, 4, 8 for the four instructions */
} states[] = {
    {0xffffffff, false, 0}, /* all: mode, masks, T, J, IT that means nothing in ARM state */
    {0x000001df, false, 0}, /* System mode, all masked */
    {0x00000013, false, 0}, /* Supervisor mode */
    {0x01000020, false, 0}, /* J and T: ThumbEE */
    {0x01000000, false, 0}, /* Jazelle */
    {FLAG_E, false, 0},
    {0x000001df, true, 15},
    {0x01000000, true, 15},
    {FLAG_IT(0xf8), true, 15}, /* "never" is no condition */
    {FLAG_IT(0x10), true, 15}, /* nothing is left of that block */
    {FLAG_IT(0x01), true, 0},  /* four of "equal", which does not hold */
    {FLAG_IT(0x02), true, 8},  /* three */
    {FLAG_IT(0x04), true, 12},
    {FLAG_IT(0x08), true, 14},
    {FLAG_IT(0x09), true, 2}, /* equal, not equal, equal, equal */
    {FLAG_NZCV | FLAG_IT(0x01), true, 15},
    {FLAG_NZCV | FLAG_IT(0x09), true, 13},
};

static void judge_state(unsigned i, const char *name, L4_MsgTag_t tag)
{
	L4_Word_t result;

	L4_StoreMR(1, &result);
	judge(L4_Protocol(tag) == 0 && result == states[i].executed, name, "flags %lx: result %lx",
	      states[i].flags, result);
}

static void launch_flags(void)
{
	static const struct attack a = {"flags", trap_thumb,    TRAPS, L4_ARM_UNDEFINED,
					0,       trap_thumb_at, 0};
	L4_MsgTag_t tag;

	for (unsigned i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		const char *to = states[i].thumb ? flags_thumb : flags_arm;
		L4_ThreadId_t thread = attack_begin(&a, &tag);

		judge_trap(&a, tag);
		L4_LoadMR(L4_EXC_IP, (L4_Word_t)to);
		L4_LoadMR(L4_EXC_FLAGS, states[i].flags);
		judge_state(i, "answer", attack_answer(thread, L4_EXC_FLAGS));
		rt_thread_delete(thread);

		/* The same by ExchangeRegisters, which ends the wait for the answer. */
		thread = attack_begin(&a, &tag);
		(void)L4_ExchangeRegisters(thread, L4_ExReg_ip | L4_ExReg_flags | L4_ExReg_AbortIPC,
					   0, (L4_Word_t)to, states[i].flags, 0, L4_nilthread, NULL,
					   NULL, NULL, NULL, NULL, NULL);
		judge_state(i, "ExchangeRegisters", L4_Receive(thread));
		rt_thread_delete(thread);
	}
}

/* IPs and SPs of the kernel's, in both states. */
static void reply_to(L4_Word_t ip, L4_Word_t sp, L4_Word_t access, L4_Word_t address)
{
	static const struct attack a = {"IP and SP", trap_thumb,    TRAPS, L4_ARM_UNDEFINED,
					0,           trap_thumb_at, 0};
	const struct reply r = {a.name, (const void *)ip, sp, ~(L4_Word_t)FLAG_E};
	const struct attack then = {.name = "IP and SP in an answer",
				    .end = FAULTS,
				    .number = access,
				    .code = address,
				    .ip = (const char *)(ip & 1 ? ip : ip & ~3ul)};

	launch_reply(&a, &r, &then);
}

static void launch_replies(void)
{
	static const L4_Word_t kernel[] = {USER_END,   KERNEL_TEXT,    0xc0000000,
					   0xfffffff0, VECTORS + 0x20, VECTORS};

	for (unsigned i = 0; i < sizeof(kernel) / sizeof(kernel[0]); i++) {
		reply_to(kernel[i], 0, L4_eXecutable, kernel[i]);
		reply_to(kernel[i] + 2, 0, L4_eXecutable, kernel[i]); /* no address in ARM state */
		reply_to(kernel[i] + 1, 0, L4_eXecutable, kernel[i]);
		reply_to(kernel[i] + 3, 0, L4_eXecutable, kernel[i] + 2);
		reply_to((L4_Word_t)push_here, kernel[i] + 4, L4_Writable, kernel[i]);
	}
	reply_to((L4_Word_t)push_here, UNMAPPED + 4, L4_Writable, UNMAPPED);
}

/* The IP alone is given: no instruction behind it is conditional. */
static void launch_it_undefined(void)
{
	static const struct attack a = {
	    "it_undefined", it_undefined, TRAPS, L4_ARM_UNDEFINED, 0, it_undefined_at, 0};
	L4_MsgTag_t tag;
	L4_ThreadId_t thread = attack_begin(&a, &tag);
	L4_Word_t word;

	judge_trap(&a, tag);
	L4_StoreMR(L4_EXC_FLAGS, &word);
	judge(word & FLAG_IT(0xff), a.name, "no IT state in flags %lx (%lu)", word, 0);
	L4_StoreMR(L4_EXC_R0 + 3, &word);
	L4_LoadMR(L4_EXC_IP, word);
	tag = attack_answer(thread, L4_EXC_IP);
	L4_StoreMR(1, &word);
	judge_return(&a, tag, word);
	rt_thread_delete(thread);
}

/* The monitor is set, then the director runs. */
static void launch_exclusive(void)
{
	static const struct attack a = {"exclusive", exclusive_switch, RETURNS, 0, 0, NULL, 0};
	L4_MsgTag_t tag;
	L4_ThreadId_t thread = attack_begin(&a, &tag);
	L4_Word_t result;

	tag = attack_answer(thread, 0);
	L4_StoreMR(1, &result);
	judge_return(&a, tag, result);
	rt_thread_delete(thread);
}

static void more(void)
{
	launch_flags();
	launch_replies();
	launch_it_undefined();
	launch_exclusive();
	launch_at_the_top(call_at_the_top, (L4_Word_t)(call_at_the_top_end - call_at_the_top),
			  USER_END);
}

const struct hostile_port port = {.attacks = attacks,
				  .count = sizeof(attacks) / sizeof(attacks[0]),
				  .next_mr = L4_EXC_R0 + 3,
				  .more = more};
