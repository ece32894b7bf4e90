/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * director.c - lets threads attack the kernel, and judges what comes of it.
 */
#include "hostile.h"

L4_ThreadId_t director;
static unsigned done, failed;

void judge(bool good, const char *name, const char *fmt, L4_Word_t a, L4_Word_t b)
{
	done++;
	if (good)
		return;
	failed++;
	printf("hostile: FAIL %s: ", name);
	printf(fmt, a, b);
	printf("\n");
}

/* ---- the thread that attacks ------------------------------------------------------------- */

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

/* ---- the director ------------------------------------------------------------------------ */

L4_ThreadId_t attack_begin(const struct attack *a, L4_MsgTag_t *tag)
{
	L4_ThreadId_t thread = rt_thread_spawn(PRIO, attacker, (L4_Word_t)a->run);

	*tag = L4_Receive(thread);
	return thread;
}

void judge_return(const struct attack *a, L4_MsgTag_t tag, L4_Word_t result)
{
	judge(L4_Protocol(tag) == 0 && result == 0, a->name, "message %lx, result %lx", tag.raw,
	      result);
}

static L4_Word_t first_word(void)
{
	L4_Word_t word;

	L4_StoreMR(1, &word);
	return word;
}

void judge_trap(const struct attack *a, L4_MsgTag_t tag)
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
	judge((flags & port.flags_checked) == a->flags, a->name, "flags %lx, not %lx", flags,
	      a->flags);
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

L4_MsgTag_t attack_answer(L4_ThreadId_t thread, unsigned words)
{
	if (port.before_resume)
		port.before_resume();
	L4_Set_MsgTag(__L4_VALUE(L4_MsgTag_t, (L4_Word_t)words));
	(void)L4_Send(thread);
	return L4_Receive(thread);
}

static L4_MsgTag_t resume(L4_ThreadId_t thread)
{
	L4_Word_t next;

	L4_StoreMR((int)port.next_mr, &next);
	L4_LoadMR(L4_EXC_IP, next);
	return attack_answer(thread, L4_EXC_WORDS);
}

/* A page where the thread faulted, for the rest of its attack; what it returned. */
static L4_Word_t serve(const struct attack *a, L4_ThreadId_t thread, L4_MsgTag_t *tag)
{
	L4_Fpage_t f = L4_FpageLog2(a->code & ~(L4_Word_t)(RT_PAGE_SIZE - 1), RT_PAGE_LOG2);
	L4_Word_t result;
	uint64_t frame;
	char *at = rt_pages_alloc(RT_PAGE_LOG2, &frame);

	L4_Set_Rights(&f, L4_ReadWriteOnly);
	judge(at && L4_MapFpage(L4_Myself(), f, L4_PhysDesc(frame, L4_DefaultMemory)), a->name,
	      "no page: error %lu of %lu", L4_ErrorCode(), 0);
	*tag = attack_answer(thread, 0);
	result = first_word();
	(void)L4_UnmapFpage(L4_Myself(), f);
	rt_pages_free(at, RT_PAGE_LOG2);
	return result;
}

void launch(const struct attack *a)
{
	L4_MsgTag_t tag;
	L4_ThreadId_t thread = attack_begin(a, &tag);
	L4_Word_t result;

	switch (a->end) {
	case RETURNS:
		judge_return(a, tag, first_word());
		break;
	case TRAPS:
		judge_trap(a, tag);
		break;
	case RESUMES:
		judge_trap(a, tag);
		tag = resume(thread);
		judge_return(a, tag, first_word());
		break;
	case FAULTS:
		judge_fault(a, tag);
		break;
	case SERVED:
		judge_fault(a, tag);
		result = serve(a, thread, &tag);
		judge_return(a, tag, result);
		break;
	}
	rt_thread_delete(thread);
}

static void judge_end(const struct attack *a, L4_MsgTag_t tag)
{
	if (a->end == RETURNS)
		judge(L4_Protocol(tag) == 0 && first_word() == a->code, a->name,
		      "message %lx, result %lx", tag.raw, first_word());
	else if (a->end == TRAPS)
		judge_trap(a, tag);
	else
		judge_fault(a, tag);
}

void launch_reply(const struct attack *a, const struct reply *r, const struct attack *then)
{
	for (unsigned by_call = 0; by_call < 2; by_call++) {
		L4_MsgTag_t tag;
		L4_ThreadId_t thread = attack_begin(a, &tag);
		L4_Word_t sp = r->sp;

		judge_trap(a, tag);
		if (sp == 0)
			L4_StoreMR(L4_EXC_SP, &sp);
		if (by_call) {
			(void)L4_ExchangeRegisters(thread, L4_ExReg_sp_ip_flags | L4_ExReg_AbortIPC,
						   sp, (L4_Word_t)r->ip, r->flags, 0, L4_nilthread,
						   NULL, NULL, NULL, NULL, NULL, NULL);
			tag = L4_Receive(thread);
		} else {
			L4_LoadMR(L4_EXC_IP, (L4_Word_t)r->ip);
			L4_LoadMR(L4_EXC_SP, sp);
			L4_LoadMR(L4_EXC_FLAGS, r->flags);
			tag = attack_answer(thread, L4_EXC_FLAGS);
		}
		judge_end(then, tag);
		rt_thread_delete(thread);
	}
}

void launch_at_the_top(const void *code, L4_Word_t size, L4_Word_t top)
{
	struct attack a = {.name = "system call at the top",
			   .run = (void (*)(void))(top - size),
			   .end = FAULTS,
			   .number = L4_eXecutable,
			   .code = top,
			   .ip = (const char *)top};
	L4_Fpage_t f = L4_FpageLog2(top - RT_PAGE_SIZE, RT_PAGE_LOG2);
	uint64_t frame;
	char *at = rt_pages_alloc(RT_PAGE_LOG2, &frame);

	memcpy(at + RT_PAGE_SIZE - size, code, size);
	L4_Set_Rights(&f, L4_ReadeXecOnly);
	judge(L4_MapFpage(L4_Myself(), f, L4_PhysDesc(frame, L4_DefaultMemory)), a.name,
	      "not mapped: error %lu of %lu", L4_ErrorCode(), 0);
	launch(&a);
	(void)L4_UnmapFpage(L4_Myself(), f);
	rt_pages_free(at, RT_PAGE_LOG2);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	const void *kip = L4_KernelInterface(NULL, NULL, NULL);

	rt_memory_init(kip);
	rt_thread_init(kip);
	director = L4_Myself();
	for (unsigned i = 0; i < port.count; i++)
		launch(&port.attacks[i]);
	port.more();
	printf("hostile: %u checks, %u failed\n", done, failed);
	return failed != 0;
}
