/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * library.c - the library's data types on this machine: the functions, and the field views
 * that older sources use, agree with the binary interface whatever the byte order is.
 */
#include <l4/ipc.h>
#include <l4/kip.h>
#include <l4/map.h>
#include <rt/string.h>
#include <rt/time.h>

#include "root.h"

#define NAME "library"

static bool check_ids(void)
{
	L4_ThreadId_t t = L4_GlobalId(0x1234, 0x57);

	EXPECT(NAME, L4_ThreadNo(t) == 0x1234 && L4_Version(t) == 0x57);
	EXPECT(NAME, t.global.X.thread_no == 0x1234 && t.global.X.version == 0x57);
	EXPECT(NAME, L4_IsNilThread(L4_nilthread) && !L4_IsNilThread(t));
	EXPECT(NAME, L4_IsThreadNotEqual(L4_anythread, L4_waitnotify));
	EXPECT(NAME, L4_IsThreadEqual(L4_Myself(), L4_MyGlobalId()));
	return true;
}

static bool check_fpages(void)
{
	L4_Fpage_t f = L4_Fpage(0x345000, 0x0fff);
	L4_PhysDesc_t p = L4_PhysDesc(0x0789a400, L4_IOMemory);

	EXPECT(NAME, L4_Address(f) == 0x345000 && L4_Size(f) == 0x1000 && L4_SizeLog2(f) == 12);
	EXPECT(NAME, L4_Rights(f) == L4_NoAccess);
	L4_Set_Rights(&f, L4_ReadeXecOnly);
	EXPECT(NAME, f.X.rwx == 5 && f.X.s == 12 && f.X.b == 0x345000 >> 10 && !f.X.reserved);
	EXPECT(NAME, L4_Rights(L4_FpageRemoveRights(f, L4_Readable)) == L4_eXecutable);
	EXPECT(NAME, p.X.attr == L4_IOMemory && p.X.base == 0x0789a400 >> 10);
	EXPECT(NAME, L4_PhysDescAddress(p) == 0x0789a400);
	EXPECT(NAME, L4_IsIoFpage(L4_IoFpage(0x3f8, 8)) && !L4_IsIoFpage(f));
	EXPECT(NAME, L4_IoFpagePort(L4_IoFpage(0x3f8, 8)) == 0x3f8);
	EXPECT(NAME, L4_IoFpageSize(L4_IoFpage(0x3f8, 8)) == 8);
	return true;
}

static bool check_messages(void)
{
	L4_Word_t words[2] = {11, 22};
	L4_MsgTag_t tag = L4_Niltag;
	L4_Msg_t msg;

	L4_Set_Label(&tag, 0x4321);
	L4_Set_SendBlock(&tag);
	EXPECT(NAME, tag.X.label == 0x4321 && tag.X.flags == 8 && tag.X.u == 0);
	L4_MsgPut(&msg, 0x777, 2, words);
	L4_MsgAppendWord(&msg, 33);
	EXPECT(NAME, L4_MsgLabel(&msg) == 0x777 && L4_UntypedWords(L4_MsgMsgTag(&msg)) == 3);
	L4_MsgLoad(&msg);
	L4_MsgClear(&msg);
	L4_MsgStore(L4_MsgTag(), &msg);
	EXPECT(NAME, L4_MsgWord(&msg, 0) == 11 && L4_MsgWord(&msg, 2) == 33);
	return true;
}

static bool check_kip(void)
{
	void *kip = L4_GetKernelInterface();

	EXPECT(NAME, ((L4_KernelInterfacePage_t *)kip)->magic == L4_MAGIC);
	EXPECT(NAME, L4_MessageRegisters(kip) == 64 && L4_PageSizeMask(kip) & 0x1000);
	EXPECT(NAME, L4_ThreadNo(L4_Myself()) == L4_ThreadIdUserBase(kip));
	EXPECT(NAME, strlen(L4_KernelVersionString(kip)) > 0);
	return true;
}

bool show_library(void)
{
	void *kip = L4_GetKernelInterface();
	uint64_t start = __l4_ticks();

	if (!check_ids() || !check_fpages() || !check_messages() || !check_kip())
		return false;
	report_pass(NAME, measure_insn(rt_ticks_since(start), 1, 1),
		    "ids, fpages, messages and KIP of \"%s\"", L4_KernelVersionString(kip));
	return true;
}
