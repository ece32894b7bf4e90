/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * headers.c - every name of the N2 library is there, with the type that programs written
 * for N2 expect. Compiled as C and as C++, with and without optimisation; never run.
 */
#include <l4/bootinfo.h>
#include <l4/cache.h>
#include <l4/ipc.h>
#include <l4/kdebug.h>
#include <l4/kip.h>
#include <l4/map.h>
#include <l4/message.h>
#include <l4/misc.h>
#include <l4/protocol.h>
#include <l4/schedule.h>
#include <l4/space.h>
#include <l4/thread.h>
#include <l4/types.h>

#ifdef __cplusplus
extern "C" {
#endif
void headers_functions(void);
void headers_system_calls(void);
void headers_constants(void);
L4_Word_t headers_server(L4_ThreadId_t client, L4_Word_t *words);
#ifdef __cplusplus
}
#endif

typedef L4_ThreadId_t Tid;
typedef L4_Word_t Word;
typedef L4_MsgTag_t Tag;
typedef L4_Fpage_t Fpage;
typedef L4_PhysDesc_t Phys;
typedef L4_Msg_t Msg;
typedef L4_Acceptor_t Acc;
typedef L4_ThreadState_t State;
typedef L4_MemoryDesc_t Mem;
typedef L4_BootRec_t Rec;

/* `name` is a function of type ret(arguments). */
#define IS(name, ret, ...)                                                                         \
	do {                                                                                       \
		ret (*function)(__VA_ARGS__) = name;                                               \
		(void)function;                                                                    \
	} while (0)

/* `value` is an expression of type `type`, fit for a static initialiser, too. */
#define CONSTANT(value, type)                                                                      \
	do {                                                                                       \
		static type constant = value;                                                      \
		(void)constant;                                                                    \
	} while (0)

static void types(void)
{
	__L4_ASSERT(sizeof(L4_SignedWord_t) == sizeof(L4_Word_t), "signed words");
	IS(L4_GlobalId, Tid, Word, Word);
	IS(L4_ThreadNo, Word, Tid);
	IS(L4_Version, Word, Tid);
	IS(L4_IsThreadEqual, L4_Bool_t, Tid, Tid);
	IS(L4_IsThreadNotEqual, L4_Bool_t, Tid, Tid);
	IS(L4_IsNilThread, L4_Bool_t, Tid);
	IS(L4_IpcError, L4_Bool_t, Word, Word *);
	IS(L4_Fpage, Fpage, Word, Word);
	IS(L4_FpageLog2, Fpage, Word, int);
	IS(L4_IsNilFpage, L4_Bool_t, Fpage);
	IS(L4_Address, Word, Fpage);
	IS(L4_Size, Word, Fpage);
	IS(L4_SizeLog2, Word, Fpage);
	IS(L4_Rights, Word, Fpage);
	IS(L4_Set_Rights, Fpage, Fpage *, Word);
	IS(L4_FpageAddRights, Fpage, Fpage, Word);
	IS(L4_FpageAddRightsTo, Fpage, Fpage *, Word);
	IS(L4_FpageRemoveRights, Fpage, Fpage, Word);
	IS(L4_FpageRemoveRightsFrom, Fpage, Fpage *, Word);
	IS(L4_IoFpage, Fpage, Word, Word);
	IS(L4_IoFpageLog2, Fpage, Word, int);
	IS(L4_IsIoFpage, L4_Bool_t, Fpage);
	IS(L4_IoFpagePort, Word, Fpage);
	IS(L4_IoFpageSize, Word, Fpage);
	IS(L4_IoFpageSizeLog2, Word, Fpage);
}

static void message(void)
{
	IS(L4_IsMsgTagEqual, L4_Bool_t, Tag, Tag);
	IS(L4_IsMsgTagNotEqual, L4_Bool_t, Tag, Tag);
	IS(L4_MsgTag, Tag, void);
	IS(L4_Set_MsgTag, void, Tag);
	IS(L4_MsgTagAddLabel, Tag, Tag, Word);
	IS(L4_MsgTagAddLabelTo, Tag, Tag *, Word);
	IS(L4_Label, Word, Tag);
	IS(L4_UntypedWords, Word, Tag);
	IS(L4_Set_Label, void, Tag *, Word);
	IS(L4_MsgPut, void, Msg *, Word, int, const Word *);
	IS(L4_MsgGet, void, const Msg *, Word *);
	IS(L4_MsgMsgTag, Tag, const Msg *);
	IS(L4_Set_MsgMsgTag, void, Msg *, Tag);
	IS(L4_MsgLabel, Word, const Msg *);
	IS(L4_Set_MsgLabel, void, Msg *, Word);
	IS(L4_MsgLoad, void, const Msg *);
	IS(L4_MsgStore, void, Tag, Msg *);
	IS(L4_MsgClear, void, Msg *);
	IS(L4_MsgAppendWord, void, Msg *, Word);
	IS(L4_MsgPutWord, void, Msg *, Word, Word);
	IS(L4_MsgWord, Word, const Msg *, Word);
	IS(L4_MsgGetWord, void, const Msg *, Word, Word *);
	IS(L4_LoadMR, void, int, Word);
	IS(L4_LoadMRs, void, int, int, const Word *);
	IS(L4_StoreMR, void, int, Word *);
	IS(L4_StoreMRs, void, int, int, Word *);
	IS(L4_Accept, void, Acc);
	IS(L4_Accepted, Acc, void);
	IS(L4_AddAcceptor, Acc, Acc, Acc);
	IS(L4_AddAcceptorTo, Acc, Acc, Acc);
	IS(L4_RemoveAcceptor, Acc, Acc, Acc);
	IS(L4_RemoveAcceptorFrom, Acc, Acc, Acc);
	IS(L4_Set_NotifyMask, void, Word);
	IS(L4_Get_NotifyMask, Word, void);
	IS(L4_Set_NotifyBits, void, Word);
	IS(L4_Get_NotifyBits, Word, void);
	IS(L4_Protocol, long, Tag);
	IS(L4_PageFaultAccess, Word, Tag);
}

static void ipc(void)
{
	IS(L4_Call, Tag, Tid);
	IS(L4_Send, Tag, Tid);
	IS(L4_Send_Nonblocking, Tag, Tid);
	IS(L4_Reply, Tag, Tid);
	IS(L4_Receive, Tag, Tid);
	IS(L4_Receive_Nonblocking, Tag, Tid);
	IS(L4_Wait, Tag, Tid *);
	IS(L4_Wait_Nonblocking, Tag, Tid *);
	IS(L4_ReplyWait, Tag, Tid, Tid *);
	IS(L4_ReplyWait_Nonblocking, Tag, Tid, Tid *);
	IS(L4_Lcall, Tag, Tid);
	IS(L4_LreplyWait, Tag, Tid, Tid *);
	IS(L4_WaitForever, Tag, void);
	IS(L4_Notify, Tag, Tid, Word);
	IS(L4_WaitNotify, Tag, Word *);
	IS(L4_IpcSucceeded, L4_Bool_t, Tag);
	IS(L4_IpcFailed, L4_Bool_t, Tag);
	IS(L4_IpcXcpu, L4_Bool_t, Tag);
	IS(L4_Set_Notify, void, Tag *);
	IS(L4_Set_SendBlock, void, Tag *);
	IS(L4_Clear_SendBlock, void, Tag *);
	IS(L4_Set_ReceiveBlock, void, Tag *);
	IS(L4_Clear_ReceiveBlock, void, Tag *);
	IS(L4_Reply_Wait, Tag, Tid, Tid *);
	IS(L4_Reply_Wait_Nonblocking, Tag, Tid, Tid *);
	IS(L4_Lreply_Wait, Tag, Tid, Tid *);
}

static void thread(void)
{
	IS(L4_MyGlobalId, Tid, void);
	IS(L4_Myself, Tid, void);
	IS(L4_ProcessorNo, Word, void);
	IS(L4_UserDefinedHandle, Word, void);
	IS(L4_Set_UserDefinedHandle, void, Word);
	IS(L4_UserDefinedHandleOf, Word, Tid);
	IS(L4_Set_UserDefinedHandleOf, void, Tid, Word);
	IS(L4_Pager, Tid, void);
	IS(L4_Set_Pager, void, Tid);
	IS(L4_PagerOf, Tid, Tid);
	IS(L4_Set_PagerOf, void, Tid, Tid);
	IS(L4_ExceptionHandler, Tid, void);
	IS(L4_Set_ExceptionHandler, void, Tid);
	IS(L4_ErrorCode, Word, void);
	IS(L4_Start, void, Tid);
	IS(L4_Start_SpIp, void, Tid, Word, Word);
	IS(L4_Start_SpIpFlags, void, Tid, Word, Word, Word);
	IS(L4_Stop, State, Tid);
	IS(L4_Stop_Thread, void, Tid);
	IS(L4_Stop_SpIpFlags, State, Tid, Word *, Word *, Word *);
	IS(L4_AbortReceive_and_stop, State, Tid);
	IS(L4_AbortReceive_and_stop_Thread, void, Tid);
	IS(L4_AbortReceive_and_stop_SpIpFlags, State, Tid, Word *, Word *, Word *);
	IS(L4_AbortSend_and_stop, State, Tid);
	IS(L4_AbortSend_and_stop_Thread, void, Tid);
	IS(L4_AbortSend_and_stop_SpIpFlags, State, Tid, Word *, Word *, Word *);
	IS(L4_AbortIpc_and_stop, State, Tid);
	IS(L4_AbortIpc_and_stop_Thread, void, Tid);
	IS(L4_AbortIpc_and_stop_SpIpFlags, State, Tid, Word *, Word *, Word *);
	IS(L4_Copy_regs, void, Tid, Tid);
	IS(L4_Copy_regs_SpIp, void, Tid, Tid, Word, Word);
	IS(L4_Copy_regs_to_mrs, void, Tid);
	IS(L4_Copy_mrs_to_regs, void, Tid);
	IS(L4_ThreadWasHalted, L4_Bool_t, State);
	IS(L4_ThreadWasReceiving, L4_Bool_t, State);
	IS(L4_ThreadWasSending, L4_Bool_t, State);
	IS(L4_ThreadWasIpcing, L4_Bool_t, State);
	IS(L4_AssociateInterrupt, Word, Tid, Tid);
	IS(L4_DeassociateInterrupt, Word, Tid);
}

static void schedule(void)
{
	IS(L4_Yield, void, void);
	IS(L4_Set_Priority, Word, Tid, Word);
	IS(L4_Set_ProcessorNo, Word, Tid, Word);
	IS(L4_Set_Timeslice, Word, Tid, Word, Word);
	IS(L4_Timeslice, Word, Tid, Word *, Word *);
	IS(L4_EnablePreemptionCallback, L4_Bool_t, void);
	IS(L4_DisablePreemptionCallback, L4_Bool_t, void);
	IS(L4_PreemptedIP, Word, void);
	IS(L4_Set_PreemptCallbackIP, void, Word);
}

static void space(void)
{
	IS(L4_PhysDesc, Phys, L4_Word64_t, Word);
	IS(L4_PhysDescAddress, L4_Word64_t, Phys);
	IS(L4_PhysDescAttribute, Word, Phys);
	IS(L4_MapFpage, Word, Tid, Fpage, Phys);
	IS(L4_MapFpages, Word, Tid, Word, const Fpage *, const Phys *);
	IS(L4_UnmapFpage, Word, Tid, Fpage);
	IS(L4_UnmapFpages, Word, Tid, Word, const Fpage *);
	IS(L4_GetStatus, Word, Tid, Fpage *, Phys *);
	IS(L4_WasReferenced, L4_Bool_t, Fpage);
	IS(L4_WasWritten, L4_Bool_t, Fpage);
	IS(L4_WaseXecuted, L4_Bool_t, Fpage);
	IS(L4_CacheFlushAll, Word, void);
	IS(L4_CacheFlushRange, Word, Tid, Word, Word);
	IS(L4_CacheFlushDRange, Word, Tid, Word, Word);
	IS(L4_CacheFlushIRange, Word, Tid, Word, Word);
	IS(L4_CacheCleanDRange, Word, Tid, Word, Word);
	IS(L4_CacheFlushRangeInvalidate, Word, Tid, Word, Word);
}

static void kip(void)
{
	IS(L4_GetKernelInterface, void *, void);
	IS(L4_ApiVersion, Word, void);
	IS(L4_ApiFlags, Word, void);
	IS(L4_KernelId, Word, void);
	IS(L4_KernelVersionString, char *, const void *);
	IS(L4_Feature, char *, const void *, Word);
	IS(L4_NumProcessors, Word, const void *);
	IS(L4_PageSizeMask, Word, const void *);
	IS(L4_PageRights, Word, const void *);
	IS(L4_ThreadIdBits, Word, const void *);
	IS(L4_ThreadIdSystemBase, Word, const void *);
	IS(L4_ThreadIdUserBase, Word, const void *);
	IS(L4_SchedulePrecision, Word, const void *);
	IS(L4_MessageRegisters, Word, const void *);
	IS(L4_UtcbAreaSizeLog2, Word, const void *);
	IS(L4_UtcbAreaSize, Word, const void *);
	IS(L4_UtcbAlignmentLog2, Word, const void *);
	IS(L4_UtcbSize, Word, const void *);
	IS(L4_KipAreaSizeLog2, Word, const void *);
	IS(L4_KipAreaSize, Word, const void *);
	IS(L4_BootInfo, Word, const void *);
	IS(L4_NumMemoryDescriptors, Word, const void *);
	IS(L4_MemoryDesc, Mem *, const void *, Word);
	IS(L4_IsMemoryDescVirtual, L4_Bool_t, const Mem *);
	IS(L4_MemoryDescType, Word, const Mem *);
	IS(L4_MemoryDescLow, Word, const Mem *);
	IS(L4_MemoryDescHigh, Word, const Mem *);
	IS(L4_BootInfo_Valid, L4_Bool_t, const void *);
	IS(L4_BootInfo_Size, Word, const void *);
	IS(L4_BootInfo_Entries, Word, const void *);
	IS(L4_BootInfo_FirstEntry, Rec *, const void *);
	IS(L4_BootRec_Type, Word, const Rec *);
	IS(L4_BootRec_Next, Rec *, const Rec *);
	IS(L4_Module_Start, Word, const Rec *);
	IS(L4_Module_Size, Word, const Rec *);
	IS(L4_Module_Cmdline, char *, const Rec *);
	IS(L4_SimpleExec_TextVstart, Word, const Rec *);
	IS(L4_SimpleExec_TextSize, Word, const Rec *);
	IS(L4_SimpleExec_DataVstart, Word, const Rec *);
	IS(L4_SimpleExec_DataSize, Word, const Rec *);
	IS(L4_SimpleExec_InitialIP, Word, const Rec *);
	IS(L4_SimpleExec_Cmdline, char *, const Rec *);
	IS(L4_KDB_PrintChar, void, int);
	IS(L4_KDB_Enter, void, const char *);
}

void headers_functions(void)
{
	types();
	message();
	ipc();
	thread();
	schedule();
	space();
	kip();
}

void headers_system_calls(void)
{
	IS(L4_KernelInterface, void *, Word *, Word *, Word *);
	IS(L4_ExchangeRegisters, Tid, Tid, Word, Word, Word, Word, Word, Tid, Word *, Word *,
	   Word *, Word *, Word *, Tid *);
	IS(L4_ThreadControl, Word, Tid, Tid, Tid, Tid, Tid, Tid, void *);
	IS(L4_ThreadSwitch, void, Tid);
	IS(L4_Schedule, Word, Tid, Word, Word, Word, Word, Word *, Word *);
	IS(L4_Ipc, Tag, Tid, Tid, Tag, Tid *);
	IS(L4_Lipc, Tag, Tid, Tid, Tag, Tid *);
	IS(L4_MapControl, Word, Tid, Word);
	IS(L4_SpaceControl, Word, Tid, Word, Fpage, Fpage, Word *);
	IS(L4_CacheControl, Word, Tid, Word);
	IS(L4_ProcessorControl, Word, Word, Word, Word, Word);
}

void headers_constants(void)
{
	CONSTANT(L4_nilthread, Tid);
	CONSTANT(L4_anythread, Tid);
	CONSTANT(L4_waitnotify, Tid);
	CONSTANT(L4_Nilpage, Fpage);
	CONSTANT(L4_CompleteAddressSpace, Fpage);
	CONSTANT(L4_Niltag, Tag);
	CONSTANT(L4_Notifytag, Tag);
	CONSTANT(L4_Waittag, Tag);
	CONSTANT(L4_UntypedWordsAcceptor, Acc);
	CONSTANT(L4_NotifyMsgAcceptor, Acc);
	CONSTANT(L4_AsynchItemsAcceptor, Acc);
	CONSTANT(L4_NoSyncAcceptor, Acc);
}

/* Values that are part of the interface. */
#define VALUE(x, value) __L4_ASSERT((x) == (value), #x " is not " #value)
VALUE(L4_Readable, 4);
VALUE(L4_Writable, 2);
VALUE(L4_eXecutable, 1);
VALUE(L4_FullyAccessible, 7);
VALUE(L4_ReadWriteOnly, 6);
VALUE(L4_ReadeXecOnly, 5);
VALUE(L4_NoAccess, 0);
VALUE(L4_ErrOk, 0);
VALUE(L4_ErrNoPrivilege, 1);
VALUE(L4_ErrInvalidThread, 2);
VALUE(L4_ErrInvalidSpace, 3);
VALUE(L4_ErrInvalidScheduler, 4);
VALUE(L4_ErrInvalidParam, 5);
VALUE(L4_ErrUtcbArea, 6);
VALUE(L4_ErrKipArea, 7);
VALUE(L4_ErrNoMem, 8);
VALUE(L4_ErrInvalidRedirector, 9);
VALUE(L4_ErrNoPartner, 1);
VALUE(L4_ErrTimeout, 1);
VALUE(L4_ErrNonExist, 2);
VALUE(L4_ErrCanceled, 3);
VALUE(L4_ErrMsgOverflow, 4);
VALUE(L4_ErrNotAccepted, 5);
VALUE(L4_ErrAborted, 7);
VALUE(L4_ErrSendPhase, 0);
VALUE(L4_ErrRecvPhase, 1);
VALUE(L4_SCHEDRESULT_ERROR, 0);
VALUE(L4_SCHEDRESULT_DEAD, 1);
VALUE(L4_SCHEDRESULT_INACTIVE, 2);
VALUE(L4_SCHEDRESULT_RUNNING, 3);
VALUE(L4_SCHEDRESULT_PENDING_SEND, 4);
VALUE(L4_SCHEDRESULT_SENDING, 5);
VALUE(L4_SCHEDRESULT_WAITING, 6);
VALUE(L4_SCHEDRESULT_RECEIVING, 7);
VALUE(L4_SCHEDRESULT_WAIT_NOTIFY, 8);
VALUE(L4_DefaultMemory, 0);
VALUE(L4_UndefinedMemoryType, 0);
VALUE(L4_ConventionalMemoryType, 1);
VALUE(L4_ReservedMemoryType, 2);
VALUE(L4_DedicatedMemoryType, 3);
VALUE(L4_SharedMemoryType, 4);
VALUE(L4_BootLoaderSpecificMemoryType, 0xe);
VALUE(L4_ArchitectureSpecificMemoryType, 0xf);
VALUE(L4_EXC_IP, 1);
VALUE(L4_EXC_SP, 2);
VALUE(L4_EXC_FLAGS, 3);
VALUE(L4_EXC_NUMBER, 4);
VALUE(L4_EXC_CODE, 5);
VALUE(L4_ExReg_sp, 1 << 3);
VALUE(L4_ExReg_ip, 1 << 4);
VALUE(L4_ExReg_flags, 1 << 5);
VALUE(L4_ExReg_user, 1 << 6);
VALUE(L4_ExReg_pager, 1 << 7);
VALUE(L4_ExReg_Resume, 1 << 8);
VALUE(L4_ExReg_Halt, 1 << 8 | 1);
VALUE(L4_ExReg_AbortRecvIPC, 1 << 1);
VALUE(L4_ExReg_AbortSendIPC, 1 << 2);
VALUE(L4_ExReg_Deliver, 1 << 9);

/* How a program of that time is written. */
L4_Word_t headers_server(L4_ThreadId_t client, L4_Word_t *words)
{
	L4_MsgTag_t tag = L4_MsgTagAddLabel(L4_Niltag, 5);
	L4_Fpage_t page = L4_Fpage(0x1000, 0x1000);
	L4_Word_t code;
	L4_Msg_t msg;

	L4_MsgClear(&msg);
	L4_MsgAppendWord(&msg, words[0]);
	L4_Set_MsgLabel(&msg, L4_Label(tag));
	L4_MsgLoad(&msg);
	tag = L4_Call(client);
	if (L4_IpcFailed(tag) && L4_IpcError(L4_ErrorCode(), &code) == L4_ErrSendPhase)
		return code == L4_ErrTimeout;
	L4_MsgStore(tag, &msg);
	L4_MsgGet(&msg, words);
	while (L4_UntypedWords(tag) != 0)
		tag = L4_Reply_Wait(client, &client);
	L4_Set_Rights(&page, L4_FullyAccessible);
	page.X.rwx = L4_ReadWriteOnly;
	if (!L4_MapFpage(client, page, L4_PhysDesc(0x40000000, L4_DefaultMemory)))
		return L4_ErrorCode();
	return L4_ThreadNo(L4_Myself()) + client.global.X.version;
}
