/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * hostile.c - attacks that only an ia32 program can try: with flags, selectors, privileged
 * instructions, gates, and system calls in odd places.
 */
#include <l4/arch/stubs.h>

#include "../hostile/hostile.h"

/* clang-format off */

/* Refused by #GP with an error code: the selector, where it is one that is refused. */
#define REFUSALS(X)                                                                                \
	X(do_hlt, 0) X(do_cli, 0) X(do_sti, 0) X(do_clts, 0) X(do_invd, 0) X(do_wbinvd, 0)         \
	X(do_lmsw, 0) X(do_read_cr0, 0) X(do_write_cr0, 0) X(do_write_cr3, 0) X(do_write_cr4, 0)   \
	X(do_read_dr7, 0) X(do_write_dr0, 0) X(do_rdmsr, 0) X(do_wrmsr, 0) X(do_rdpmc, 0)          \
	X(do_sysexit, 0) X(do_invlpg, 0) X(do_lgdt, 0) X(do_lidt, 0) X(do_lldt, 0) X(do_ltr, 0)    \
	X(do_in, 0) X(do_out, 0) X(do_far_jump, 0x10) X(do_far_call, 0x10)                         \
	X(do_jump_to_task, 0x30) X(do_jump_to_handler_task, 0x38) X(do_kernel_code, 0x10)          \
	X(do_kernel_stack, 0x18) X(do_tss, 0x30) X(do_behind_gdt, 0x40) X(do_ldt, 0x04)            \
	X(do_null_ss, 0) X(do_code_ss, 0x20) X(do_far_return, 0x10) X(do_iret, 0x10)

/* The rest: what happens, and its details as in struct attack. */
#define OTHERS(X)                                                                                  \
	X(do_iret_nested, TRAPS, L4_IA32_TASK, 0, do_iret_nested_at)                               \
	X(do_step_int, TRAPS, L4_IA32_DEBUG, DR6_STEP, do_step_int_at)                             \
	X(do_read_kernel, FAULTS, L4_Readable, KERNEL_TEXT, do_read_kernel_at)                     \
	X(do_write_kernel, FAULTS, L4_Writable, KERNEL_TEXT, do_write_kernel_at)                   \
	X(do_jump_to_kernel, FAULTS, L4_eXecutable, KERNEL_TEXT, (const char *)KERNEL_TEXT)        \
	X(do_sysenter_to_kernel, FAULTS, L4_eXecutable, KERNEL_TEXT, (const char *)KERNEL_TEXT)    \
	X(do_sysenter_to_top, FAULTS, L4_eXecutable, ~0ul, (const char *)~0ul)                     \
	X(do_popf, RETURNS, 0, 0, NULL)                                                            \
	X(do_iret_flags, RETURNS, 0, 0, NULL)                                                      \
	X(do_step_ipc, RETURNS, 0, 0, NULL)                                                        \
	X(do_selector_ss, RETURNS, 0, 0, NULL)

/* clang-format on */

#define RECEIVE      0x4000 /* tags */
#define CALL         0xc000
#define KERNEL_TEXT  0xc0100000ul
#define DR6_STEP     0x4000
#define L4_IA32_TASK 10 /* invalid TSS */

#define DECLARE(label, ...)                                                                        \
	extern void label(void);                                                                   \
	extern const char label##_at[];
#define REFUSED(label, selector)                                                                   \
	{.name = #label,                                                                           \
	 .run = label,                                                                             \
	 .end = TRAPS,                                                                             \
	 .number = L4_IA32_PROTECTION,                                                             \
	 .code = selector,                                                                         \
	 .ip = label##_at},
#define OTHER(label, ...) {#label, label, __VA_ARGS__, 0},

REFUSALS(DECLARE)
OTHERS(DECLARE)
DECLARE(do_ipc_with_flags)
DECLARE(do_int_with_flags)
DECLARE(do_selector_ipc)
DECLARE(do_selector_int)
DECLARE(do_selector_trap)
DECLARE(hostile_sender)
DECLARE(do_trap)
DECLARE(step_here)
extern const char look_at_flags[], push_here[];

static const struct attack attacks[] = {REFUSALS(REFUSED) OTHERS(OTHER)};

extern L4_Word_t hostile_flags, hostile_selector, hostile_tag;
void hostile_ipc(L4_Word_t to, L4_Word_t from, L4_Word_t tag, L4_Word_t state[10]);

static void launch_flags(void)
{
	static const struct attack ipc = {
	    "flags and IPC", do_ipc_with_flags, RETURNS, 0, 0, NULL, 0};
	static const struct attack sys = {
	    "flags and int", do_int_with_flags, RETURNS, 0, 0, NULL, 0};
	static const L4_Word_t some[] = {0x2,      /* none */
					 0x4002,   /* NT */
					 0x402,    /* DF */
					 0x40002,  /* AC */
					 0x200002, /* ID */
					 0x3002,   /* IOPL: ignored */
					 0x10002,  /* RF: cleared */
					 0x2,      /* no IF: ignored */
					 0x8d7,    /* all arithmetic ones */
					 0x3ffeff & ~0x20000ul};

	for (unsigned i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		hostile_flags = some[i];
		launch(&ipc);
		launch(&sys);
	}
}

static void launch_selectors(void)
{
	static const struct attack each[] = {
	    {"selector and IPC", do_selector_ipc, RETURNS, 0, 0, NULL, 0},
	    {"selector and int", do_selector_int, RETURNS, 0, 0, NULL, 0},
	    {"selector and trap", do_selector_trap, RESUMES, L4_IA32_UNDEFINED, 0,
	     do_selector_trap_at, 0}};
	static const L4_Word_t some[] = {0, 3, 0x0b, 0x08, 0x23, 0x2b, 0x28};

	for (unsigned i = 0; i < sizeof(some) / sizeof(some[0]); i++)
		for (unsigned j = 0; j < sizeof(each) / sizeof(each[0]); j++) {
			hostile_selector = some[i];
			launch(&each[j]);
		}
}

/* ---- answers to an exception ------------------------------------------------------------------
 */

static const struct attack trap = {"trap", do_trap, TRAPS, L4_IA32_UNDEFINED, 0, do_trap_at, 0};

/* What a thread has of flags that are set for it (SDM vol. 1, 3.4.3): the arithmetic ones and DF;
 * IF is on and bit 1 is 1, whatever is asked for. */
#define FLAGS_OWN   0xcd5u
#define FLAGS_FIXED 0x202u
#define FLAG_TF     0x100u

static void reply_flags(L4_Word_t flags)
{
	const struct reply r = {"flags", look_at_flags, 0, flags};
	const struct attack then = {.name = "flags in an answer",
				    .end = RETURNS,
				    .code = (flags & FLAGS_OWN) | FLAGS_FIXED};

	launch_reply(&trap, &r, &then);
}

static void reply_to(const void *ip, L4_Word_t sp, L4_Word_t access, L4_Word_t address)
{
	const struct reply r = {"IP and SP", ip, sp, ~FLAG_TF & ~0ul};
	const struct attack then = {.name = "IP and SP in an answer",
				    .end = FAULTS,
				    .number = access,
				    .code = address,
				    .ip = ip};

	launch_reply(&trap, &r, &then);
}

static void launch_replies(void)
{
	static const L4_Word_t kernel[] = {0xc0000000, KERNEL_TEXT, 0xc0108000, 0xf0000000,
					   0xfee00000, 0xfffffff0,  ~0ul};
	static const struct reply step = {"TF", step_here, 0, ~0ul};
	static const struct attack stepped = {"TF in an answer", NULL,         TRAPS, L4_IA32_DEBUG,
					      DR6_STEP,          step_here_at, 0};

	for (unsigned bit = 0; bit < 32; bit++) {
		if (1ul << bit == FLAG_TF)
			continue;
		reply_flags(1ul << bit);
		reply_flags(~FLAG_TF & ~(1ul << bit));
	}
	reply_flags(0);
	launch_reply(&trap, &step, &stepped);
	for (unsigned i = 0; i < sizeof(kernel) / sizeof(kernel[0]); i++) {
		reply_to((const void *)kernel[i], 0, L4_eXecutable, kernel[i]);
		reply_to(push_here, kernel[i] & ~3ul, L4_Writable, (kernel[i] & ~3ul) - 4);
	}
	reply_to(push_here, 4, L4_Writable, 0);
	reply_to(push_here, UNMAPPED, L4_Writable, UNMAPPED - 4);
}

/* Every vector. Three are for users: breakpoint, overflow, and the system call. */
static void launch_vectors(void)
{
	static uint8_t code[] = {0xb8, 0xff, 0xff, 0, 0, 0xcd, 0, 0xc3}; /* mov, int, ret */
	struct attack a = {"int", (void (*)(void))code, TRAPS, 0, 0, NULL, 0};

	for (unsigned v = 0; v < 256; v++) {
		if (v == 0x40)
			continue;
		code[6] = (uint8_t)v;
		a.ip = (const char *)&code[v == 3 || v == 4 ? 7 : 5];
		a.number = v == 3 || v == 4 ? v : L4_IA32_PROTECTION;
		a.code = v == 3 || v == 4 ? 0 : v * 8 + 2;
		launch(&a);
	}
}

/* A system call whose second byte is on the next page: that one isn't there, and then it is.
 * Without execute rights of its own the processor does not tell fetching from reading; the kernel
 * takes it for a fetch only at the IP. */
static void launch_across(void)
{
	static const uint8_t code[] = {0xb8, 9,    0,   0, 0, /* mov $9, %eax */
				       0xcd, 0x40,            /* int $0x40 */
				       0x33, 0xc0, 0xc3};     /* xor %eax, %eax; ret */
	enum { LOG2 = RT_PAGE_LOG2 + 1, BEFORE = 6 };
	static const L4_Word_t base = 0x21000000, second = base + RT_PAGE_SIZE;
	struct attack a = {"system call across pages",
			   (void (*)(void))(second - BEFORE),
			   FAULTS,
			   L4_Readable,
			   second,
			   (const char *)second - 1,
			   0};
	uint64_t frame;
	char *at = rt_pages_alloc(LOG2, &frame);

	memcpy(at + RT_PAGE_SIZE - BEFORE, code, sizeof(code));
	for (unsigned pages = 1; pages <= 2; pages++) {
		L4_Fpage_t f = L4_FpageLog2(base, (int)(RT_PAGE_LOG2 + pages - 1));

		L4_Set_Rights(&f, L4_ReadeXecOnly);
		judge(L4_MapFpage(L4_Myself(), f, L4_PhysDesc(frame, L4_DefaultMemory)), a.name,
		      "not mapped: error %lu of %lu", L4_ErrorCode(), 0);
		launch(&a);
		(void)L4_UnmapFpage(L4_Myself(), f);
		a.end = RETURNS;
	}
	rt_pages_free(at, LOG2);
}

/* What a receiver sees of a sender that has filled everything with patterns. */
static void look_at_receiver(L4_Word_t tag, bool any)
{
	L4_ThreadId_t thread = rt_thread_create(&rt_root_space, PRIO);
	static char stack[1024];
	L4_Word_t state[10];

	hostile_tag = tag;
	(void)rt_thread_start(thread, L4_Myself(), hostile_sender, stack + sizeof(stack), 0);
	hostile_ipc(0, any ? L4_anythread.raw : thread.raw, RECEIVE, state);
	judge(state[0] == (tag & 0x3f), "receiver", "tag %lx, from %lx", state[0], state[1]);
	judge(state[1] == thread.raw, "receiver", "from %lx, not %lx", state[1], thread.raw);
	judge((state[4] | state[5] | state[6]) == 0, "receiver", "esi %lx, edi %lx", state[4],
	      state[5]);
	judge(state[7] == 0x246, "receiver", "flags %lx, ebp %lx", state[7], state[6]);
	judge(state[9] == 0x2b002b, "receiver", "es and ds %lx, ebp %lx", state[9], state[6]);
	judge(state[8] == 0x0b002b, "receiver", "gs and fs %lx, ebp %lx", state[8], state[6]);
	rt_thread_delete(thread);
}

/* A thread that waits in IPC gets new flags: it has them when its message has come, by a call
 * or by a reply. */
static L4_Word_t flags_seen[3][10];

static void flags_thread(void)
{
	hostile_ipc(director.raw, L4_anythread.raw, CALL, flags_seen[0]);
	hostile_ipc(director.raw, director.raw, CALL, flags_seen[1]);
	hostile_ipc(director.raw, director.raw, CALL, flags_seen[2]);
}

static void change_flags(void)
{
	L4_ThreadId_t thread = rt_thread_create(&rt_root_space, PRIO), from;
	static char stack[1024];

	(void)rt_thread_start(thread, director, flags_thread, stack + sizeof(stack), 0);
	(void)L4_Wait(&from); /* now it waits for anybody */
	L4_Set_MsgTag((L4_MsgTag_t){0});
	__L4_ExReg(thread, L4_ExReg_flags, 0, 0, 0x41);
	(void)L4_Call(thread); /* now for the director */
	L4_Set_MsgTag((L4_MsgTag_t){0});
	__L4_ExReg(thread, L4_ExReg_flags, 0, 0, 0x80);
	(void)L4_ReplyWait(thread, &from);
	judge(flags_seen[0][7] == 0x243, "flags of a waiting thread", "%lx after a call (%lx)",
	      flags_seen[0][7], flags_seen[0][0]);
	judge(flags_seen[1][7] == 0x282, "flags of a waiting thread", "%lx after a reply (%lx)",
	      flags_seen[1][7], flags_seen[1][0]);
	rt_thread_delete(thread);
}

#define BOTH (ABI_ACCEPT_NOTIFY | ABI_ACCEPT_NOSYNC)

/* A thread has waited for a notification, and then sends and waits with another acceptor,
 * for just the director or for anybody: that acceptor counts, not the former. */
static const struct {
	L4_Word_t before, acceptor;
	bool any, takes;
} acceptors[] = {{BOTH, 0, false, true},
		 {BOTH, 0, true, true},
		 {BOTH, ABI_ACCEPT_NOTIFY, false, true},
		 {BOTH, ABI_ACCEPT_NOTIFY, true, true},
		 {ABI_ACCEPT_NOTIFY, ABI_ACCEPT_NOSYNC, false, false},
		 {ABI_ACCEPT_NOTIFY, ABI_ACCEPT_NOSYNC, true, false}};
static unsigned acceptor_now;

static void acceptor_thread(void)
{
	L4_Word_t state[10];

	__L4_TCR_Set_NotifyMask(~0ul);
	__L4_TCR_Set_Acceptor(acceptors[acceptor_now].before);
	hostile_ipc(director.raw, L4_anythread.raw, CALL, state);
	__L4_TCR_Set_Acceptor(acceptors[acceptor_now].acceptor);
	hostile_ipc(director.raw, acceptors[acceptor_now].any ? L4_anythread.raw : director.raw,
		    acceptors[acceptor_now].any ? RECEIVE : CALL, state);
	for (;;)
		(void)L4_Receive(L4_nilthread);
}

static void change_acceptors(void)
{
	static char stack[1024];

	for (acceptor_now = 0; acceptor_now < sizeof(acceptors) / sizeof(acceptors[0]);
	     acceptor_now++) {
		/* The director waits for anybody, or just for this thread: both of what the
		 * fast path may find. */
		for (int open = 0; open < 2; open++) {
			L4_ThreadId_t thread = rt_thread_create(&rt_root_space, PRIO), from;
			L4_MsgTag_t tag;

			(void)rt_thread_start(thread, director, acceptor_thread,
					      stack + sizeof(stack), 0);
			(void)L4_Wait(&from);
			(void)L4_Notify(thread, 1);
			(void)(open ? L4_Wait(&from) : L4_Receive(thread));
			L4_Set_MsgTag((L4_MsgTag_t){0});
			tag = L4_Send(thread);
			judge(L4_IpcSucceeded(tag) == acceptors[acceptor_now].takes, "acceptor",
			      "no. %lu: tag %lx", acceptor_now, tag.raw);
			rt_thread_delete(thread);
		}
	}
}

static void more(void)
{
	static const uint8_t by_int[] = {0xb8, 9, 0, 0, 0, 0xcd, 0x40}; /* mov $9, %eax; int */

	launch_flags();
	launch_replies();
	launch_selectors();
	launch_vectors();
	launch_at_the_top(by_int, sizeof(by_int), 0xc0000000);
	launch_across();
	change_flags();
	change_acceptors();
	look_at_receiver(0x8000 + 63, false); /* a send */
	for (int any = 0; any < 2; any++) {   /* calls */
		look_at_receiver(CALL + 63, any);
		look_at_receiver(CALL, any);
	}
}

const struct hostile_port port = {.attacks = attacks,
				  .count = sizeof(attacks) / sizeof(attacks[0]),
				  .next_mr = L4_EXC_EAX,
				  .more = more};
