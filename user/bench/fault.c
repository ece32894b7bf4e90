/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * fault.c - page faults and exceptions, and the answers to them.
 *
 * Nothing is ever mapped, and no instruction skipped: the thread faults again at once.
 */
#include <l4/ipc.h>
#include <l4/thread.h>

#include "bench.h"
#include "ops.h"

#define ROUNDS  100
#define NOWHERE 0x5f000000ul /* where nothing is mapped in any space */

static L4_ThreadId_t faulting;

static void page_faults(void)
{
	op_page_fault((const volatile char *)L4_UserDefinedHandle());
}

static void exceptions(void)
{
	L4_Set_ExceptionHandler(__L4_VALUE(L4_ThreadId_t, L4_UserDefinedHandle()));
	op_exception();
}

/* The measuring thread is the handler; the other one is made by it, so that it is known. */
static void begin(void (*entry)(void), bool inter, L4_Word_t arg)
{
	faulting = peer_new(inter, PRIO_LOW, L4_Myself(), entry, arg);
	(void)L4_Receive(faulting);
}

static bool inter_space;

static void begin_page_faults(void)
{
	begin(page_faults, inter_space, NOWHERE);
}

static void begin_exceptions(void)
{
	begin(exceptions, inter_space, L4_Myself().raw);
}

static void page_fault_reply(void)
{
	L4_ThreadId_t from;

	(void)op_page_fault_reply(faulting, &from);
}

static void exception_reply(void)
{
	L4_ThreadId_t from;

	(void)op_exception_reply(faulting, &from);
}

static void bench_fault(bool inter)
{
	inter_space = inter;
	job.rounds = ROUNDS;
	job.step = page_fault_reply;
	region_in_thread(begin_page_faults);
	region_report("page_fault", inter, 0);
	peer_delete(faulting);

	job.step = exception_reply;
	region_in_thread(begin_exceptions);
	region_report("exception", inter, 0);
	peer_delete(faulting);
}

void bench_faults(void)
{
	bench_fault(false);
	bench_fault(true);
}
