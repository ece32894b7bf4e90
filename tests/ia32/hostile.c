/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * hostile.c - a root task with threads that attack the kernel as only ia32 lets them: with
 * flags, selectors, privileged instructions, gates, and system calls in odd places. Each has
 * its thread, the director being pager and exception handler of all, and must end as said.
 */
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
	RESUMES, /* the same; goes on where eax says, and returns 0 */
	FAULTS   /* page fault at address `code`, access `number` */
};

struct attack {
	const char *name;
	void (*run)(void);
	enum end end;
	L4_Word_t number, code;
	const char *ip; /* NULL: not checked */
};

/* clang-format off */

/* Refused by #GP with an error code: the selector, where it is one that is refused. */
#define REFUSALS(X)                                                                                \
	X(do_hlt, 0) X(do_cli, 0) X(do_sti, 0) X(do_clts, 0) X(do_invd, 0) X(do_wbinvd, 0)         \
	X(do_lmsw, 0) X(do_read_cr0, 0) X(do_write_cr0, 0) X(do_write_cr3, 0) X(do_write_cr4, 0)   \
	X(do_read_dr7, 0) X(do_write_dr0, 0) X(do_rdmsr, 0) X(do_wrmsr, 0) X(do_rdpmc, 0)          \
	X(do_sysexit, 0) X(do_invlpg, 0) X(do_lgdt, 0) X(do_lidt, 0) X(do_lldt, 0) X(do_ltr, 0)    \
	X(do_in, 0) X(do_out, 0) X(do_far_jump, 0x08) X(do_far_call, 0x08)                         \
	X(do_jump_to_task, 0x30) X(do_jump_to_handler_task, 0x38) X(do_kernel_code, 0x08)          \
	X(do_kernel_stack, 0x10) X(do_tss, 0x30) X(do_behind_gdt, 0x40) X(do_ldt, 0x04)            \
	X(do_null_ss, 0) X(do_code_ss, 0x18) X(do_far_return, 0x08) X(do_iret, 0x08)

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
#define OTHER(label, ...) {#label, label, __VA_ARGS__},

REFUSALS(DECLARE)
OTHERS(DECLARE)
DECLARE(do_ipc_with_flags)
DECLARE(do_int_with_flags)
DECLARE(do_selector_ipc)
DECLARE(do_selector_int)
DECLARE(do_selector_trap)
DECLARE(hostile_sender)

static const struct attack attacks[] = {REFUSALS(REFUSED) OTHERS(OTHER)};

extern L4_Word_t hostile_flags, hostile_selector;
void hostile_receive(L4_Word_t from, L4_Word_t state[9]);

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

/* ---- the thread that attacks ----------------------------------------------------------------- */

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

/* ---- the director ------------------------------------------------------------------------------
 */

static void judge_return(const struct attack *a, L4_MsgTag_t tag)
{
	L4_Word_t result;

	L4_StoreMR(1, &result);
	judge(L4_Protocol(tag) == 0 && result == 0, a->name, "message %lx, result %lx", tag.raw,
	      result);
}

static void judge_trap(const struct attack *a, L4_MsgTag_t tag)
{
	L4_Word_t ip, number, code;

	L4_StoreMR(L4_EXC_IP, &ip);
	L4_StoreMR(L4_EXC_NUMBER, &number);
	L4_StoreMR(L4_EXC_CODE, &code);
	judge(L4_Protocol(tag) == L4_ProtocolException, a->name, "message %lx, MR1 %lx", tag.raw,
	      ip);
	judge(number == a->number && code == a->code, a->name, "exception %lu, code %lx", number,
	      code);
	judge(!a->ip || ip == (L4_Word_t)a->ip, a->name, "at %lx, not %lx", ip, (L4_Word_t)a->ip);
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

	L4_StoreMR(L4_EXC_EAX, &next);
	L4_LoadMR(L4_EXC_IP, next);
	L4_Set_Label(&tag, 0);
	L4_Set_MsgTag(tag);
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
		judge_trap(a, tag);
		break;
	case RESUMES:
		judge_trap(a, tag);
		judge_return(a, resume(thread, tag));
		break;
	case FAULTS:
		judge_fault(a, tag);
		break;
	}
	rt_thread_delete(thread);
}

static void launch_flags(void)
{
	static const struct attack ipc = {"flags and IPC", do_ipc_with_flags, RETURNS, 0, 0, NULL};
	static const struct attack sys = {"flags and int", do_int_with_flags, RETURNS, 0, 0, NULL};
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
	    {"selector and IPC", do_selector_ipc, RETURNS, 0, 0, NULL},
	    {"selector and int", do_selector_int, RETURNS, 0, 0, NULL},
	    {"selector and trap", do_selector_trap, RESUMES, L4_IA32_UNDEFINED, 0,
	     do_selector_trap_at}};
	static const L4_Word_t some[] = {0, 3, 0x1b, 0x23, 0x2b, 0x28};

	for (unsigned i = 0; i < sizeof(some) / sizeof(some[0]); i++)
		for (unsigned j = 0; j < sizeof(each) / sizeof(each[0]); j++) {
			hostile_selector = some[i];
			launch(&each[j]);
		}
}

/* Every vector. Three are for users: breakpoint, overflow, and the system call. */
static void launch_vectors(void)
{
	static uint8_t code[] = {0xb8, 0xff, 0xff, 0, 0, 0xcd, 0, 0xc3}; /* mov, int, ret */
	struct attack a = {"int", (void (*)(void))code, TRAPS, 0, 0, NULL};

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

/* System calls as the last thing in user space: they return to the kernel's first byte. */
static void launch_at_the_top(void)
{
	static const uint8_t by_int[] = {0xb8, 9, 0, 0, 0, 0xcd, 0x40}; /* mov $9, %eax; int */
	const L4_Word_t top = 0xc0000000, page = top - RT_PAGE_SIZE;
	struct attack a = {"int at the top", NULL, FAULTS, L4_eXecutable, top, (const char *)top};
	uint64_t frame;
	char *at = rt_pages_alloc(RT_PAGE_LOG2, &frame);
	L4_Fpage_t f = L4_FpageLog2(page, RT_PAGE_LOG2);

	memcpy(at + RT_PAGE_SIZE - sizeof(by_int), by_int, sizeof(by_int));
	L4_Set_Rights(&f, L4_ReadeXecOnly);
	judge(L4_MapFpage(L4_Myself(), f, L4_PhysDesc(frame, L4_DefaultMemory)), a.name,
	      "not mapped: error %lu of %lu", L4_ErrorCode(), 0);
	a.run = (void (*)(void))(top - sizeof(by_int));
	launch(&a);
	(void)L4_UnmapFpage(L4_Myself(), f);
	rt_pages_free(at, RT_PAGE_LOG2);
}

/* What a receiver sees of a sender that has filled everything with patterns. */
static void look_at_receiver(void)
{
	L4_ThreadId_t thread = rt_thread_create(&rt_root_space, PRIO);
	static char stack[1024];
	L4_Word_t state[9];

	(void)rt_thread_start(thread, L4_Myself(), hostile_sender, stack + sizeof(stack), 0);
	hostile_receive(thread.raw, state);
	judge((state[0] & 0x3f) == 63, "receiver", "tag %lx, from %lx", state[0], state[1]);
	judge(state[1] == thread.raw, "receiver", "from %lx, not %lx", state[1], thread.raw);
	judge((state[4] | state[5] | state[6]) == 0, "receiver", "esi %lx, edi %lx", state[4],
	      state[5]);
	judge((state[7] & ~0x8d5ul) == 0x202, "receiver", "flags %lx, ebp %lx", state[7], state[6]);
	judge(state[8] == 0x2b0023, "receiver", "gs and fs %lx, ebp %lx", state[8], state[6]);
	rt_thread_delete(thread);
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
	launch_flags();
	launch_selectors();
	launch_vectors();
	launch_at_the_top();
	look_at_receiver();
	printf("hostile: %u checks, %u failed\n", done, failed);
	return failed != 0;
}
