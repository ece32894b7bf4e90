/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/ipc.h - message passing and notification.
 *
 * The functions that send take the message from the message registers, tag (MR0) included,
 * and set the blocking flags of the tag themselves. All return the result's tag: ask
 * L4_IpcFailed, then L4_ErrorCode and L4_IpcError. Anyone may call them. L4_Ipc lists the
 * errors; those mentioned below are the usual ones.
 */
#ifndef L4_IPC_H
#define L4_IPC_H

#include <l4/message.h>
#include <l4/syscalls.h>
#include <l4/thread.h>
#include <l4/types.h>

/* ---- the tag that an IPC returns ------------------------------------------------------------- */

/* True if all phases of the IPC that returned t succeeded. */
L4_INLINE L4_Bool_t L4_IpcSucceeded(L4_MsgTag_t t)
{
	return (t.raw & ABI_TAG_ERROR) == 0;
}

/* True if a phase failed; L4_ErrorCode says how. */
L4_INLINE L4_Bool_t L4_IpcFailed(L4_MsgTag_t t)
{
	return (t.raw & ABI_TAG_ERROR) != 0;
}

/* True if the message came from a thread on another processor. */
L4_INLINE L4_Bool_t L4_IpcXcpu(L4_MsgTag_t t)
{
	return (t.raw & ABI_TAG_XCPU) != 0;
}

/* ---- the flags of a tag to be sent --------------------------------------------------------------
 */

/* Make it a notification: MR1 is the mask of bits to set, no message is transferred. */
L4_INLINE void L4_Set_Notify(L4_MsgTag_t *t)
{
	t->raw |= ABI_TAG_NOTIFY;
}

/* The send phase waits until the partner receives. */
L4_INLINE void L4_Set_SendBlock(L4_MsgTag_t *t)
{
	t->raw |= ABI_TAG_SBLOCK;
}

/* The send phase fails with L4_ErrNoPartner if the partner is not receiving now. */
L4_INLINE void L4_Clear_SendBlock(L4_MsgTag_t *t)
{
	t->raw &= ~(L4_Word_t)ABI_TAG_SBLOCK;
}

/* The receive phase waits until there is a message. */
L4_INLINE void L4_Set_ReceiveBlock(L4_MsgTag_t *t)
{
	t->raw |= ABI_TAG_RBLOCK;
}

/* The receive phase fails with L4_ErrNoPartner if there is no message now. */
L4_INLINE void L4_Clear_ReceiveBlock(L4_MsgTag_t *t)
{
	t->raw &= ~(L4_Word_t)ABI_TAG_RBLOCK;
}

/* MR0 with the two blocking flags as given. */
L4_INLINE L4_MsgTag_t __L4_SendTag(L4_Word_t block)
{
	L4_Word_t tag = __l4_utcb()->mr[0];

	return __L4_VALUE(L4_MsgTag_t,
			  (tag & ~(L4_Word_t)(ABI_TAG_SBLOCK | ABI_TAG_RBLOCK)) | block);
}

/* ---- sending
 * ----------------------------------------------------------------------------------------- */

/* Send to `to` and wait for its answer, and only its. */
L4_INLINE L4_MsgTag_t L4_Call(L4_ThreadId_t to)
{
	return L4_Ipc(to, to, __L4_SendTag(ABI_TAG_SBLOCK | ABI_TAG_RBLOCK), NULL);
}

/* Send to `to`, waiting until it receives. */
L4_INLINE L4_MsgTag_t L4_Send(L4_ThreadId_t to)
{
	return L4_Ipc(to, L4_nilthread, __L4_SendTag(ABI_TAG_SBLOCK), NULL);
}

/* Send to `to` if it is receiving now; L4_ErrNoPartner if not. */
L4_INLINE L4_MsgTag_t L4_Send_Nonblocking(L4_ThreadId_t to)
{
	return L4_Ipc(to, L4_nilthread, __L4_SendTag(0), NULL);
}

/* Answer a caller: the same as L4_Send_Nonblocking. */
L4_INLINE L4_MsgTag_t L4_Reply(L4_ThreadId_t to)
{
	return L4_Send_Nonblocking(to);
}

/* ---- receiving
 * --------------------------------------------------------------------------------------- */

/* Wait for a message from `from`, and only from it. */
L4_INLINE L4_MsgTag_t L4_Receive(L4_ThreadId_t from)
{
	return L4_Ipc(L4_nilthread, from, L4_Waittag, NULL);
}

/* Take a message that `from` is waiting to send; L4_ErrNoPartner if it is not. */
L4_INLINE L4_MsgTag_t L4_Receive_Nonblocking(L4_ThreadId_t from)
{
	return L4_Ipc(L4_nilthread, from, L4_Niltag, NULL);
}

/* Wait for a message from anyone, or (if accepted) a notification; *from: the sender,
 * nilthread for a notification, the bits of which are in MR1. */
L4_INLINE L4_MsgTag_t L4_Wait(L4_ThreadId_t *from)
{
	return L4_Ipc(L4_nilthread, L4_anythread, L4_Waittag, from);
}

/* As L4_Wait, but L4_ErrNoPartner if nothing is pending. */
L4_INLINE L4_MsgTag_t L4_Wait_Nonblocking(L4_ThreadId_t *from)
{
	return L4_Ipc(L4_nilthread, L4_anythread, L4_Niltag, from);
}

/* Wait for ever: block until another thread aborts the wait (L4_ErrCanceled). */
L4_INLINE L4_MsgTag_t L4_WaitForever(void)
{
	return L4_Ipc(L4_nilthread, L4_MyGlobalId(), L4_Waittag, NULL);
}

/* ---- both, as servers do
 * ----------------------------------------------------------------------------- */

/* Answer `to` if it is receiving (if not: L4_ErrNoPartner, and no wait), then L4_Wait. */
L4_INLINE L4_MsgTag_t L4_ReplyWait(L4_ThreadId_t to, L4_ThreadId_t *from)
{
	return L4_Ipc(to, L4_anythread, __L4_SendTag(ABI_TAG_RBLOCK), from);
}

/* As L4_ReplyWait, but L4_ErrNoPartner in the receive phase if nothing is pending. */
L4_INLINE L4_MsgTag_t L4_ReplyWait_Nonblocking(L4_ThreadId_t to, L4_ThreadId_t *from)
{
	return L4_Ipc(to, L4_anythread, __L4_SendTag(0), from);
}

/* As L4_Call and L4_ReplyWait, for partners that are mostly in the same space. */
L4_INLINE L4_MsgTag_t L4_Lcall(L4_ThreadId_t to)
{
	return L4_Lipc(to, to, __L4_SendTag(ABI_TAG_SBLOCK | ABI_TAG_RBLOCK), NULL);
}

L4_INLINE L4_MsgTag_t L4_LreplyWait(L4_ThreadId_t to, L4_ThreadId_t *from)
{
	return L4_Lipc(to, L4_anythread, __L4_SendTag(ABI_TAG_RBLOCK), from);
}

/* ---- notification
 * --------------------------------------------------------------------------------- */

/* Set the bits `mask` in the notification word of `to`; never blocks. Overwrites MR1.
 * L4_ErrNonExist; L4_ErrNotAccepted if its acceptor takes no notification. */
L4_INLINE L4_MsgTag_t L4_Notify(L4_ThreadId_t to, L4_Word_t mask)
{
	__l4_utcb()->mr[1] = mask;
	return L4_Ipc(to, L4_nilthread, L4_Notifytag, NULL);
}

/* Wait until bits of the notification mask are pending and take them: *mask. Failed:
 * *mask is 0; L4_ErrNotAccepted if nothing is pending and the acceptor takes none. */
L4_INLINE L4_MsgTag_t L4_WaitNotify(L4_Word_t *mask)
{
	L4_MsgTag_t tag = L4_Ipc(L4_nilthread, L4_waitnotify, L4_Waittag, NULL);

	if (mask)
		*mask = L4_IpcFailed(tag) ? 0 : __l4_utcb()->mr[1];
	return tag;
}

/* ---- names in older programs
 * ------------------------------------------------------------------------- */

#define L4_Reply_Wait             L4_ReplyWait
#define L4_Reply_Wait_Nonblocking L4_ReplyWait_Nonblocking
#define L4_Lreply_Wait            L4_LreplyWait

#endif
