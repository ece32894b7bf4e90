/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * rendezvous.c - how the first thread learns that another one is done.
 */
#include <l4/ipc.h>

#include "root.h"

bool await(const char *name, L4_ThreadId_t who, L4_MsgTag_t *tag)
{
	L4_ThreadId_t from;
	L4_Word_t mr1, mr2;

	*tag = L4_Wait(&from);
	L4_StoreMR(1, &mr1);
	L4_StoreMR(2, &mr2);
	if (L4_IpcFailed(*tag))
		report_fail(name, "the wait for thread %lx failed, error %lu", who.raw,
			    L4_ErrorCode());
	else if (L4_IsThreadNotEqual(from, who))
		report_fail(name, "thread %lx sent label %lx, words %lx %lx; %lx was awaited",
			    from.raw, L4_Label(*tag), mr1, mr2, who.raw);
	else
		return true;
	return false;
}

_Noreturn void finish(L4_ThreadId_t director)
{
	L4_Set_MsgTag(L4_Niltag);
	(void)L4_Send(director);
	for (;;)
		(void)L4_WaitForever();
}
