/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/thread.h - the running thread's control registers, and control of other threads.
 *
 * Functions on a thread `t` are ExchangeRegisters calls: threads of t's space, t's pager
 * and privileged threads may make them. Where one returns nothing, L4_ErrorCode() is
 * L4_ErrInvalidThread after a failure, and unchanged after a success.
 */
#ifndef L4_THREAD_H
#define L4_THREAD_H

#include <l4/syscalls.h>
#include <l4/types.h>
#include <l4/vregs.h>

/* ---- control words of ExchangeRegisters --------------------------------------------------------
 */

#define L4_ExReg_sp           ((L4_Word_t)ABI_XREG_SP)     /* set SP */
#define L4_ExReg_ip           ((L4_Word_t)ABI_XREG_IP)     /* set IP */
#define L4_ExReg_flags        ((L4_Word_t)ABI_XREG_FLAGS)  /* set the user's processor flags */
#define L4_ExReg_user         ((L4_Word_t)ABI_XREG_HANDLE) /* set the user-defined handle */
#define L4_ExReg_pager        ((L4_Word_t)ABI_XREG_PAGER)  /* set the pager */
#define L4_ExReg_sp_ip        (L4_ExReg_sp | L4_ExReg_ip)
#define L4_ExReg_sp_ip_flags  (L4_ExReg_sp_ip | L4_ExReg_flags)
#define L4_ExReg_Resume       ((L4_Word_t)ABI_XREG_H_WRITE) /* let a halted thread run */
#define L4_ExReg_Halt         ((L4_Word_t)ABI_XREG_H_WRITE | ABI_XREG_HALTED)
#define L4_ExReg_AbortRecvIPC ((L4_Word_t)ABI_XREG_RECV) /* end a receive phase it is in */
#define L4_ExReg_AbortSendIPC ((L4_Word_t)ABI_XREG_SEND) /* end a send phase it is in */
#define L4_ExReg_AbortIPC     (L4_ExReg_AbortRecvIPC | L4_ExReg_AbortSendIPC)
#define L4_ExReg_Deliver      ((L4_Word_t)ABI_XREG_DELIVER)  /* return the old values */
#define L4_ExReg_CopyRegs     ((L4_Word_t)ABI_XREG_COPY)     /* copy those of SrcThread(t) */
#define L4_ExReg_RegsToMRs    ((L4_Word_t)ABI_XREG_TO_MRS)   /* store to the caller's MRs */
#define L4_ExReg_MRsToRegs    ((L4_Word_t)ABI_XREG_FROM_MRS) /* load from the caller's MRs */
#define L4_ExReg_SrcThread(t) (L4_ThreadNo(t) << ABI_TID_VERSION_BITS)

/* Old state of a thread, as the functions below that stop it return it. */
typedef struct L4_ThreadState {
	L4_Word_t raw;
} L4_ThreadState_t;

/* True if it had been halted before. */
L4_INLINE L4_Bool_t L4_ThreadWasHalted(L4_ThreadState_t s)
{
	return (s.raw & ABI_XREG_HALTED) != 0;
}

/* True if it was in the receive phase of an IPC. */
L4_INLINE L4_Bool_t L4_ThreadWasReceiving(L4_ThreadState_t s)
{
	return (s.raw & ABI_XREG_RECV) != 0;
}

/* True if it was in the send phase of an IPC. */
L4_INLINE L4_Bool_t L4_ThreadWasSending(L4_ThreadState_t s)
{
	return (s.raw & ABI_XREG_SEND) != 0;
}

/* True if it was in an IPC. */
L4_INLINE L4_Bool_t L4_ThreadWasIpcing(L4_ThreadState_t s)
{
	return (s.raw & (ABI_XREG_RECV | ABI_XREG_SEND)) != 0;
}

/* ---- the running thread (no system calls)
 * ------------------------------------------------------------ */

/* Id of the running thread. */
L4_INLINE L4_ThreadId_t L4_MyGlobalId(void)
{
	return __L4_VALUE(L4_ThreadId_t, __L4_TCR_MyGlobalId());
}

/* The same. */
L4_INLINE L4_ThreadId_t L4_Myself(void)
{
	return L4_MyGlobalId();
}

/* Number of the processor it runs on. */
L4_INLINE L4_Word_t L4_ProcessorNo(void)
{
	return __L4_TCR_ProcessorNo();
}

/* A word that belongs to the program. */
L4_INLINE L4_Word_t L4_UserDefinedHandle(void)
{
	return __L4_TCR_UserDefinedHandle();
}

/* Set it. */
L4_INLINE void L4_Set_UserDefinedHandle(L4_Word_t handle)
{
	__L4_TCR_Set_UserDefinedHandle(handle);
}

/* Who gets the running thread's page faults. */
L4_INLINE L4_ThreadId_t L4_Pager(void)
{
	return __L4_VALUE(L4_ThreadId_t, __L4_TCR_Pager());
}

/* Set the pager; from the next fault on. */
L4_INLINE void L4_Set_Pager(L4_ThreadId_t pager)
{
	__L4_TCR_Set_Pager(pager.raw);
}

/* Who gets the running thread's exceptions; nilthread: an exception halts it. */
L4_INLINE L4_ThreadId_t L4_ExceptionHandler(void)
{
	return __L4_VALUE(L4_ThreadId_t, __L4_TCR_ExceptionHandler());
}

/* Set the exception handler; from the next exception on. */
L4_INLINE void L4_Set_ExceptionHandler(L4_ThreadId_t handler)
{
	__L4_TCR_Set_ExceptionHandler(handler.raw);
}

/* Why the last system call failed: L4_Err..., after an IPC see L4_IpcError. */
L4_INLINE L4_Word_t L4_ErrorCode(void)
{
	return __L4_TCR_ErrorCode();
}

/* ---- reading and writing another thread's words
 * ---------------------------------------------------- */

/* ExchangeRegisters for its effect alone. */
L4_INLINE void __L4_ExReg(L4_ThreadId_t t, L4_Word_t control, L4_Word_t sp, L4_Word_t ip,
			  L4_Word_t flags)
{
	(void)L4_ExchangeRegisters(t, control, sp, ip, flags, 0, L4_nilthread, NULL, NULL, NULL,
				   NULL, NULL, NULL);
}

/* Halt t, abort what `abort` says, and return its old state and registers. */
L4_INLINE L4_ThreadState_t __L4_ExRegStop(L4_ThreadId_t t, L4_Word_t abort, L4_Word_t *sp,
					  L4_Word_t *ip, L4_Word_t *flags)
{
	L4_ThreadState_t state = {0};

	(void)L4_ExchangeRegisters(t, L4_ExReg_Halt | L4_ExReg_Deliver | abort, 0, 0, 0, 0,
				   L4_nilthread, &state.raw, sp, ip, flags, NULL, NULL);
	return state;
}

/* User-defined handle of t; 0 after a failure. */
L4_INLINE L4_Word_t L4_UserDefinedHandleOf(L4_ThreadId_t t)
{
	L4_Word_t handle = 0;
	L4_ThreadId_t done = L4_ExchangeRegisters(t, L4_ExReg_Deliver, 0, 0, 0, 0, L4_nilthread,
						  NULL, NULL, NULL, NULL, &handle, NULL);

	return L4_IsNilThread(done) ? 0 : handle;
}

/* Set the user-defined handle of t. */
L4_INLINE void L4_Set_UserDefinedHandleOf(L4_ThreadId_t t, L4_Word_t handle)
{
	(void)L4_ExchangeRegisters(t, L4_ExReg_user, 0, 0, 0, handle, L4_nilthread, NULL, NULL,
				   NULL, NULL, NULL, NULL);
}

/* Pager of t; nilthread after a failure, too. */
L4_INLINE L4_ThreadId_t L4_PagerOf(L4_ThreadId_t t)
{
	L4_ThreadId_t pager = L4_nilthread;
	L4_ThreadId_t done = L4_ExchangeRegisters(t, L4_ExReg_Deliver, 0, 0, 0, 0, L4_nilthread,
						  NULL, NULL, NULL, NULL, NULL, &pager);

	return L4_IsNilThread(done) ? L4_nilthread : pager;
}

/* Set the pager of t. */
L4_INLINE void L4_Set_PagerOf(L4_ThreadId_t t, L4_ThreadId_t pager)
{
	(void)L4_ExchangeRegisters(t, L4_ExReg_pager, 0, 0, 0, 0, pager, NULL, NULL, NULL, NULL,
				   NULL, NULL);
}

/* ---- starting and stopping
 * -------------------------------------------------------------------------- */

/* Let t run, if it was halted, and end any IPC it is in with L4_ErrCanceled. */
L4_INLINE void L4_Start(L4_ThreadId_t t)
{
	__L4_ExReg(t, L4_ExReg_Resume | L4_ExReg_AbortIPC, 0, 0, 0);
}

/* The same, with a new SP and IP. */
L4_INLINE void L4_Start_SpIp(L4_ThreadId_t t, L4_Word_t sp, L4_Word_t ip)
{
	__L4_ExReg(t, L4_ExReg_Resume | L4_ExReg_AbortIPC | L4_ExReg_sp_ip, sp, ip, 0);
}

/* The same, with new processor flags as well. */
L4_INLINE void L4_Start_SpIpFlags(L4_ThreadId_t t, L4_Word_t sp, L4_Word_t ip, L4_Word_t flags)
{
	__L4_ExReg(t, L4_ExReg_Resume | L4_ExReg_AbortIPC | L4_ExReg_sp_ip_flags, sp, ip, flags);
}

/* Halt t at user level; an IPC it is in goes on. Returns its old state. */
L4_INLINE L4_ThreadState_t L4_Stop(L4_ThreadId_t t)
{
	return __L4_ExRegStop(t, 0, NULL, NULL, NULL);
}

/* The same, without the state. */
L4_INLINE void L4_Stop_Thread(L4_ThreadId_t t)
{
	__L4_ExReg(t, L4_ExReg_Halt, 0, 0, 0);
}

/* As L4_Stop, with the old SP, IP and flags. */
L4_INLINE L4_ThreadState_t L4_Stop_SpIpFlags(L4_ThreadId_t t, L4_Word_t *sp, L4_Word_t *ip,
					     L4_Word_t *flags)
{
	return __L4_ExRegStop(t, 0, sp, ip, flags);
}

/* As the three above; and a receive phase that t is in ends with L4_ErrCanceled. */
L4_INLINE L4_ThreadState_t L4_AbortReceive_and_stop(L4_ThreadId_t t)
{
	return __L4_ExRegStop(t, L4_ExReg_AbortRecvIPC, NULL, NULL, NULL);
}

L4_INLINE void L4_AbortReceive_and_stop_Thread(L4_ThreadId_t t)
{
	__L4_ExReg(t, L4_ExReg_Halt | L4_ExReg_AbortRecvIPC, 0, 0, 0);
}

L4_INLINE L4_ThreadState_t L4_AbortReceive_and_stop_SpIpFlags(L4_ThreadId_t t, L4_Word_t *sp,
							      L4_Word_t *ip, L4_Word_t *flags)
{
	return __L4_ExRegStop(t, L4_ExReg_AbortRecvIPC, sp, ip, flags);
}

/* The same for a send phase. */
L4_INLINE L4_ThreadState_t L4_AbortSend_and_stop(L4_ThreadId_t t)
{
	return __L4_ExRegStop(t, L4_ExReg_AbortSendIPC, NULL, NULL, NULL);
}

L4_INLINE void L4_AbortSend_and_stop_Thread(L4_ThreadId_t t)
{
	__L4_ExReg(t, L4_ExReg_Halt | L4_ExReg_AbortSendIPC, 0, 0, 0);
}

L4_INLINE L4_ThreadState_t L4_AbortSend_and_stop_SpIpFlags(L4_ThreadId_t t, L4_Word_t *sp,
							   L4_Word_t *ip, L4_Word_t *flags)
{
	return __L4_ExRegStop(t, L4_ExReg_AbortSendIPC, sp, ip, flags);
}

/* The same for either phase. */
L4_INLINE L4_ThreadState_t L4_AbortIpc_and_stop(L4_ThreadId_t t)
{
	return __L4_ExRegStop(t, L4_ExReg_AbortIPC, NULL, NULL, NULL);
}

L4_INLINE void L4_AbortIpc_and_stop_Thread(L4_ThreadId_t t)
{
	__L4_ExReg(t, L4_ExReg_Halt | L4_ExReg_AbortIPC, 0, 0, 0);
}

L4_INLINE L4_ThreadState_t L4_AbortIpc_and_stop_SpIpFlags(L4_ThreadId_t t, L4_Word_t *sp,
							  L4_Word_t *ip, L4_Word_t *flags)
{
	return __L4_ExRegStop(t, L4_ExReg_AbortIPC, sp, ip, flags);
}

/* ---- copying registers
 * ------------------------------------------------------------------------------- */

/* Copy the general registers and flags of src to dest; SP and IP of dest stay. */
L4_INLINE void L4_Copy_regs(L4_ThreadId_t src, L4_ThreadId_t dest)
{
	__L4_ExReg(dest, L4_ExReg_CopyRegs | L4_ExReg_SrcThread(src), 0, 0, 0);
}

/* The same, and give dest a new SP and IP. */
L4_INLINE void L4_Copy_regs_SpIp(L4_ThreadId_t src, L4_ThreadId_t dest, L4_Word_t sp, L4_Word_t ip)
{
	__L4_ExReg(dest, L4_ExReg_CopyRegs | L4_ExReg_SrcThread(src) | L4_ExReg_sp_ip, sp, ip, 0);
}

/* Store the registers of src to the caller's MR1 ..., in the format of the exception
 * message (docs/interface.md). */
L4_INLINE void L4_Copy_regs_to_mrs(L4_ThreadId_t src)
{
	__L4_ExReg(src, L4_ExReg_RegsToMRs, 0, 0, 0);
}

/* Load the registers of dest from the caller's MR1 ..., in the same format. */
L4_INLINE void L4_Copy_mrs_to_regs(L4_ThreadId_t dest)
{
	__L4_ExReg(dest, L4_ExReg_MRsToRegs, 0, 0, 0);
}

/* ---- interrupts (ThreadControl: privileged)
 * ------------------------------------------------------------ */

/* Let `handler` get the interrupts of line L4_ThreadNo(interrupt), as messages from the
 * thread `interrupt`, L4_GlobalId(line, 1). Returns 1; 0: L4_ErrNoPrivilege,
 * L4_ErrInvalidThread (no such line). */
L4_INLINE L4_Word_t L4_AssociateInterrupt(L4_ThreadId_t interrupt, L4_ThreadId_t handler)
{
	return L4_ThreadControl(interrupt, interrupt, L4_nilthread, handler, L4_nilthread,
				L4_nilthread, (void *)-1);
}

/* Nobody gets them any more; the line is masked. Returns as above. */
L4_INLINE L4_Word_t L4_DeassociateInterrupt(L4_ThreadId_t interrupt)
{
	return L4_AssociateInterrupt(interrupt, interrupt);
}

#endif
