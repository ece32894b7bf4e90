/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/syscalls.h - the system calls themselves, one function each. Programs include the
 * header of the subject (thread.h, ipc.h, space.h, schedule.h, kip.h, cache.h, misc.h),
 * which has this one and the functions derived from it.
 *
 * "Privileged" is a thread in the root task's address space. A call that fails has changed
 * nothing, unless its comment says otherwise, and left the reason in L4_ErrorCode(). A
 * pointer to a result may be NULL where the result is not wanted.
 */
#ifndef L4_SYSCALLS_H
#define L4_SYSCALLS_H

#include <l4/message.h>
#include <l4/types.h>
#include <l4/vregs.h>

/* Where the kernel interface page is mapped in this space; its version, flags and kernel
 * id (see kip.h). Anyone; can't fail. */
L4_INLINE void *L4_KernelInterface(L4_Word_t *version, L4_Word_t *flags, L4_Word_t *kernel_id)
{
	abi_word_t r[4] = {0, 0, 0, 0};

	__l4_syscall(ABI_SYS_KERNEL_INTERFACE, r);
	if (version)
		*version = r[1];
	if (flags)
		*flags = r[2];
	if (kernel_id)
		*kernel_id = r[3];
	return (void *)r[0];
}

/* Read and change registers and state of thread `dest`, as the L4_ExReg_ bits in `control`
 * say (thread.h). The old_ results are those of before the call and defined only with
 * L4_ExReg_Deliver. Threads of dest's space, dest's pager, privileged threads. Returns
 * dest's id; nilthread: L4_ErrInvalidThread (none with this id, inactive, not allowed). */
L4_INLINE L4_ThreadId_t L4_ExchangeRegisters(L4_ThreadId_t dest, L4_Word_t control, L4_Word_t sp,
					     L4_Word_t ip, L4_Word_t flags, L4_Word_t handle,
					     L4_ThreadId_t pager, L4_Word_t *old_control,
					     L4_Word_t *old_sp, L4_Word_t *old_ip,
					     L4_Word_t *old_flags, L4_Word_t *old_handle,
					     L4_ThreadId_t *old_pager)
{
	abi_word_t r[4] = {dest.raw, control, sp, ip};
	abi_word_t *more = __l4_utcb()->sysarg;

	more[0] = flags;
	more[1] = handle;
	more[2] = pager.raw;
	__l4_syscall(ABI_SYS_EXCHANGE_REGS, r);
	if (old_control)
		*old_control = r[1];
	if (old_sp)
		*old_sp = r[2];
	if (old_ip)
		*old_ip = r[3];
	if (old_flags)
		*old_flags = more[0];
	if (old_handle)
		*old_handle = more[1];
	if (old_pager)
		old_pager->raw = more[2];
	return __L4_VALUE(L4_ThreadId_t, r[0]);
}

/* Create, change, activate or delete thread `dest`, or associate an interrupt; privileged.
 *
 * space: nilthread deletes dest (with the last thread goes its space). dest itself, where
 * dest doesn't exist: a new space. Otherwise any thread of the space dest is, or is to be,
 * in. scheduler, pager: nilthread leaves them; a pager activates an inactive thread, which
 * then waits for the start message {IP, SP} from it. Redirectors: nilthread or anythread.
 * utcb: address in the space's UTCB area; (void *)-1 leaves it.
 *
 * Returns 1; 0: L4_ErrNoPrivilege, L4_ErrInvalidThread, L4_ErrInvalidSpace (no such space,
 * or activation before L4_SpaceControl), L4_ErrInvalidScheduler, L4_ErrUtcbArea (outside
 * the area, unaligned, taken, or of an active thread), L4_ErrNoMem,
 * L4_ErrInvalidRedirector. */
L4_INLINE L4_Word_t L4_ThreadControl(L4_ThreadId_t dest, L4_ThreadId_t space,
				     L4_ThreadId_t scheduler, L4_ThreadId_t pager,
				     L4_ThreadId_t send_redirector, L4_ThreadId_t recv_redirector,
				     void *utcb)
{
	abi_word_t r[4] = {dest.raw, space.raw, scheduler.raw, pager.raw};
	abi_word_t *more = __l4_utcb()->sysarg;

	more[0] = send_redirector.raw;
	more[1] = recv_redirector.raw;
	more[2] = (abi_word_t)utcb;
	__l4_syscall(ABI_SYS_THREAD_CONTROL, r);
	return r[0];
}

/* Give the rest of the slice to `dest`; to nilthread, or a thread that is not ready: end
 * the slice, and let the next thread of this priority run. Anyone; can't fail. */
L4_INLINE void L4_ThreadSwitch(L4_ThreadId_t dest)
{
	abi_word_t r[4] = {dest.raw, 0, 0, 0};

	__l4_syscall(ABI_SYS_THREAD_SWITCH, r);
}

/* Set scheduling parameters of thread `dest` (-1 leaves one as it is): slice and total
 * quantum in microseconds, rounded up to L4_SchedulePrecision, 0 for infinite; number of
 * the processor; priority 0 ... 255, not above the caller's own unless privileged. What is
 * left of slice and quantum, in microseconds, goes to *rem_ts and *rem_tq. Threads of the
 * space of dest's scheduler. Returns dest's state, L4_SCHEDRESULT_...; _ERROR (0):
 * L4_ErrNoPrivilege, L4_ErrInvalidThread, L4_ErrInvalidParam. */
L4_INLINE L4_Word_t L4_Schedule(L4_ThreadId_t dest, L4_Word_t ts, L4_Word_t total_quantum,
				L4_Word_t processor, L4_Word_t prio, L4_Word_t *rem_ts,
				L4_Word_t *rem_tq)
{
	abi_word_t r[4] = {dest.raw, ts, total_quantum, processor};

	__l4_utcb()->sysarg[0] = prio;
	__l4_syscall(ABI_SYS_SCHEDULE, r);
	if (rem_ts)
		*rem_ts = r[1];
	if (rem_tq)
		*rem_tq = r[2];
	return r[0];
}

/* Send to `to` (nilthread: no), then receive from `from_spec` (nilthread: no; anythread;
 * waitnotify; a thread). The message is `tag` and MR1 ... MRu; the flags of the tag say
 * which phase blocks (ipc.h). Returns the tag of the message received, or of the result,
 * which is in MR0 too; *from is the sender. Failed (L4_IpcFailed): ErrorCode is read with
 * L4_IpcError: L4_ErrNoPartner, L4_ErrNonExist, L4_ErrCanceled, L4_ErrMsgOverflow,
 * L4_ErrNotAccepted, L4_ErrAborted. A failed send phase skips the receive phase; a failed
 * receive phase comes after a send phase that succeeded. Anyone. */
L4_INLINE L4_MsgTag_t L4_Ipc(L4_ThreadId_t to, L4_ThreadId_t from_spec, L4_MsgTag_t tag,
			     L4_ThreadId_t *from)
{
	abi_word_t sender;

	tag.raw = __l4_ipc(to.raw, from_spec.raw, tag.raw, &sender);
	__l4_utcb()->mr[0] = tag.raw;
	if (from)
		from->raw = sender;
	return tag;
}

/* The same; programs use it where the partner is mostly in the same space. */
L4_INLINE L4_MsgTag_t L4_Lipc(L4_ThreadId_t to, L4_ThreadId_t from_spec, L4_MsgTag_t tag,
			      L4_ThreadId_t *from)
{
	return L4_Ipc(to, from_spec, tag, from);
}

/* Map, unmap and query parts of `space`, named by any of its threads; privileged. `control`
 * is L4_MapCtrl_Read and L4_MapCtrl_Modify or'ed with the number of items - 1; item i is
 * MR[2i], a physical descriptor, and MR[2i + 1], an fpage (space.h). Returns 1; 0:
 * L4_ErrNoPrivilege, L4_ErrInvalidSpace, L4_ErrInvalidParam, L4_ErrNoMem. */
L4_INLINE L4_Word_t L4_MapControl(L4_ThreadId_t space, L4_Word_t control)
{
	abi_word_t r[4] = {space.raw, control, 0, 0};

	__l4_syscall(ABI_SYS_MAP_CONTROL, r);
	return r[0];
}

/* Place the KIP area and the UTCB area of `space`, named by any of its threads, none of
 * which is active yet; privileged. `control` is 0. Returns 1; 0: L4_ErrNoPrivilege,
 * L4_ErrInvalidSpace, L4_ErrKipArea, L4_ErrUtcbArea, L4_ErrNoMem. */
L4_INLINE L4_Word_t L4_SpaceControl(L4_ThreadId_t space, L4_Word_t control, L4_Fpage_t kip_area,
				    L4_Fpage_t utcb_area, L4_Word_t *old_control)
{
	abi_word_t r[4] = {space.raw, control, kip_area.raw, utcb_area.raw};

	__l4_syscall(ABI_SYS_SPACE_CONTROL, r);
	if (old_control)
		*old_control = r[1];
	return r[0];
}

/* Clean, invalidate or synchronise caches for `space` (nilthread: the caller's own); see
 * cache.h. Anyone for the own space, privileged threads for any. Returns 1; 0:
 * L4_ErrInvalidSpace, L4_ErrInvalidParam. */
L4_INLINE L4_Word_t L4_CacheControl(L4_ThreadId_t space, L4_Word_t control)
{
	abi_word_t r[4] = {space.raw, control, 0, 0};

	__l4_syscall(ABI_SYS_CACHE_CONTROL, r);
	return r[0];
}

/* Set the internal and external frequency (kHz) and the voltage (mV) of processor `no`; -1
 * leaves one as it is. Privileged. Returns 1; 0: L4_ErrNoPrivilege, L4_ErrInvalidParam (no
 * such processor, or it can't be done on it). */
L4_INLINE L4_Word_t L4_ProcessorControl(L4_Word_t no, L4_Word_t internal_khz,
					L4_Word_t external_khz, L4_Word_t millivolt)
{
	abi_word_t r[4] = {no, internal_khz, external_khz, millivolt};

	__l4_syscall(ABI_SYS_PROC_CONTROL, r);
	return r[0];
}

#endif
