/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * protection.c - what another space may not do: write code, execute data, read the root task's
 * memory. Each try is a page fault that its pager refuses to serve.
 */
#include <l4/ipc.h>
#include <l4/kip.h>
#include <l4/protocol.h>
#include <rt/time.h>

#include "root.h"

#define NAME "protection"

static volatile L4_Word_t secret = 0x5ec7e7;

/* The code of the thread in the other space. Where it goes on, nobody stopped it. */
static void trespassed(void)
{
	for (;;)
		(void)L4_Send(__L4_VALUE(L4_ThreadId_t, L4_UserDefinedHandle()));
}

static void write_code(void)
{
	*(volatile char *)(uintptr_t)trespassed = 0;
	trespassed();
}

static void execute_data(void)
{
	*(volatile L4_Word_t *)CHILD_MEMORY_START = 0; /* now it is mapped */
	((void (*)(void))CHILD_MEMORY_START)();
	trespassed();
}

static void read_root(void)
{
	(void)secret;
	trespassed();
}

static const struct trespass {
	void (*entry)(void);
	uintptr_t address;
	L4_Word_t access;
} trespasses[] = {
    {write_code, (uintptr_t)trespassed, L4_Writable},
    {read_root, (uintptr_t)&secret, L4_Readable},
    {execute_data, CHILD_MEMORY_START, L4_eXecutable},
};

static bool attempt(const struct trespass *t, uint64_t *ticks)
{
	struct child child;
	L4_MsgTag_t tag;
	L4_Word_t address;
	uint64_t start;

	EXPECT(NAME, child_create(&child, t->entry, L4_Myself().raw));
	start = __l4_ticks();
	if (!await(NAME, child.pager, &tag))
		return false;
	*ticks += rt_ticks_since(start);
	L4_StoreMR(1, &address);
	EXPECT(NAME, L4_Protocol(tag) == L4_ProtocolPageFault);
	EXPECT(NAME, L4_PageFaultAccess(tag) == t->access);
	EXPECT(NAME, address == t->address);
	child_delete(&child);
	return true;
}

bool show_protection(void)
{
	bool can_forbid_execution = L4_PageRights(L4_GetKernelInterface()) & L4_eXecutable;
	unsigned n = can_forbid_execution ? 3 : 2;
	uint64_t ticks = 0;

	for (unsigned i = 0; i < n; i++) {
		if (!attempt(&trespasses[i], &ticks))
			return false;
	}
	report_pass(NAME, measure_insn(ticks, 1, n),
		    "another space can't write code or read the root task%s",
		    can_forbid_execution ? ", or execute data"
					 : "; this processor can't tell "
					   "reading from executing");
	return true;
}
