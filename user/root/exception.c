/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * exception.c - a thread executes an undefined instruction, and its handler resumes it
 * behind that.
 */
#include <l4/ipc.h>
#include <l4/protocol.h>
#include <rt/time.h>

#include "arch.h"
#include "root.h"

#define NAME  "exception"
#define TIMES 64u

static struct {
	L4_ThreadId_t director, handler;
	uint64_t ticks;
	unsigned handled, strange, resumed;
} job;

static void handle(void)
{
	L4_ThreadId_t from;
	L4_MsgTag_t tag = L4_Wait(&from);
	L4_Word_t ip;

	for (;;) {
		L4_StoreMR(L4_EXC_IP, &ip);
		if (L4_Protocol(tag) == L4_ProtocolException && ip == (L4_Word_t)root_undefined_at)
			job.handled++;
		else
			job.strange++;
		/* The same registers, but for the IP. */
		L4_LoadMR(L4_EXC_IP, (L4_Word_t)root_undefined_next);
		L4_Set_Label(&tag, 0);
		L4_Set_MsgTag(tag);
		tag = L4_ReplyWait(from, &from);
	}
}

static void raise(void)
{
	uint64_t start;

	L4_Set_ExceptionHandler(job.handler);
	start = __l4_ticks();
	for (unsigned i = 0; i < TIMES; i++)
		job.resumed += root_undefined() == 1;
	job.ticks = rt_ticks_since(start);
	finish(job.director);
}

bool show_exception(void)
{
	L4_ThreadId_t thread;
	L4_MsgTag_t tag;

	job.director = L4_Myself();
	job.handler = rt_thread_spawn(PRIO_PEER, handle, 0);
	EXPECT(NAME, !L4_IsNilThread(job.handler));
	thread = rt_thread_spawn(PRIO_PEER, raise, 0);
	EXPECT(NAME, !L4_IsNilThread(thread));
	if (!await(NAME, thread, &tag))
		return false;
	EXPECT(NAME, job.handled == TIMES && job.strange == 0 && job.resumed == TIMES);
	report_pass(NAME, measure_insn(job.ticks, 1, TIMES),
		    "%u undefined instructions, each handled and the thread resumed behind it",
		    TIMES);
	rt_thread_delete(thread);
	rt_thread_delete(job.handler);
	return true;
}
