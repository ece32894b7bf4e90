/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/message.h - message tags, messages in memory, message registers, acceptors and
 * notification words. Nothing here enters the kernel.
 */
#ifndef L4_MESSAGE_H
#define L4_MESSAGE_H

#include <l4/types.h>
#include <l4/vregs.h>

/* ---- message tags -------------------------------------------------------------------------- */

typedef union {
	L4_Word_t raw;
	struct {
		__L4_VIEW4(u : 6, __res : 6, flags : 4, label : ABI_WORD_BITS - 16);
	} X;
} L4_MsgTag_t;

#define L4_Niltag    __L4_VALUE(L4_MsgTag_t, (L4_Word_t)0)
#define L4_Notifytag __L4_VALUE(L4_MsgTag_t, (L4_Word_t)ABI_TAG_NOTIFY)
#define L4_Waittag   __L4_VALUE(L4_MsgTag_t, (L4_Word_t)ABI_TAG_RBLOCK)

/* True if l and r agree in all fields. */
L4_INLINE L4_Bool_t L4_IsMsgTagEqual(L4_MsgTag_t l, L4_MsgTag_t r)
{
	return l.raw == r.raw;
}

/* True if l and r differ in any field. */
L4_INLINE L4_Bool_t L4_IsMsgTagNotEqual(L4_MsgTag_t l, L4_MsgTag_t r)
{
	return l.raw != r.raw;
}

/* The label of t: 16 bits where words have 32, 48 where they have 64. */
L4_INLINE L4_Word_t L4_Label(L4_MsgTag_t t)
{
	return t.raw >> ABI_TAG_LABEL_SHIFT;
}

/* Number of message words behind the tag, 0 ... 63. */
L4_INLINE L4_Word_t L4_UntypedWords(L4_MsgTag_t t)
{
	return t.raw & ABI_TAG_U_MASK;
}

/* Replace the label of *t; bits that don't fit are dropped. */
L4_INLINE void L4_Set_Label(L4_MsgTag_t *t, L4_Word_t label)
{
	L4_Word_t low = ((L4_Word_t)1 << ABI_TAG_LABEL_SHIFT) - 1;

	t->raw = (t->raw & low) | label << ABI_TAG_LABEL_SHIFT;
}

/* t with its label replaced. */
L4_INLINE L4_MsgTag_t L4_MsgTagAddLabel(L4_MsgTag_t t, L4_Word_t label)
{
	L4_Set_Label(&t, label);
	return t;
}

/* Replace the label of *t. Returns the new tag. */
L4_INLINE L4_MsgTag_t L4_MsgTagAddLabelTo(L4_MsgTag_t *t, L4_Word_t label)
{
	L4_Set_Label(t, label);
	return *t;
}

/* MR0: the tag of the message to be sent, or, after an IPC, what the IPC returned. */
L4_INLINE L4_MsgTag_t L4_MsgTag(void)
{
	return __L4_VALUE(L4_MsgTag_t, __l4_utcb()->mr[0]);
}

/* Set MR0, the tag of the message to be sent. */
L4_INLINE void L4_Set_MsgTag(L4_MsgTag_t t)
{
	__l4_utcb()->mr[0] = t.raw;
}

/* ---- messages in memory --------------------------------------------------------------------- */

typedef union {
	L4_Word_t raw[__L4_NUM_MRS];
	L4_Word_t msg[__L4_NUM_MRS];
	L4_MsgTag_t tag;
} L4_Msg_t;

/* Make *msg the message of the u <= 63 words at `words` with this label, flags clear. */
L4_INLINE void L4_MsgPut(L4_Msg_t *msg, L4_Word_t label, int u, const L4_Word_t *words)
{
	int i;

	msg->raw[0] = label << ABI_TAG_LABEL_SHIFT | ((L4_Word_t)u & ABI_TAG_U_MASK);
	for (i = 0; i < u; i++)
		msg->raw[i + 1] = words[i];
}

/* Copy the words of *msg to `words`, which has room for all of them. */
L4_INLINE void L4_MsgGet(const L4_Msg_t *msg, L4_Word_t *words)
{
	L4_Word_t u = msg->raw[0] & ABI_TAG_U_MASK, i;

	for (i = 0; i < u; i++)
		words[i] = msg->raw[i + 1];
}

/* The tag of *msg. */
L4_INLINE L4_MsgTag_t L4_MsgMsgTag(const L4_Msg_t *msg)
{
	return __L4_VALUE(L4_MsgTag_t, msg->raw[0]);
}

/* Replace the tag of *msg. */
L4_INLINE void L4_Set_MsgMsgTag(L4_Msg_t *msg, L4_MsgTag_t t)
{
	msg->raw[0] = t.raw;
}

/* The label of *msg. */
L4_INLINE L4_Word_t L4_MsgLabel(const L4_Msg_t *msg)
{
	return msg->raw[0] >> ABI_TAG_LABEL_SHIFT;
}

/* Replace the label of *msg. */
L4_INLINE void L4_Set_MsgLabel(L4_Msg_t *msg, L4_Word_t label)
{
	L4_Set_MsgMsgTag(msg, L4_MsgTagAddLabel(L4_MsgMsgTag(msg), label));
}

/* Load the tag and the words of *msg into the message registers. */
L4_INLINE void L4_MsgLoad(const L4_Msg_t *msg)
{
	L4_LoadMRs(0, 1 + (int)(msg->raw[0] & ABI_TAG_U_MASK), msg->raw);
}

/* Store the message received with tag t from the message registers to *msg. */
L4_INLINE void L4_MsgStore(L4_MsgTag_t t, L4_Msg_t *msg)
{
	msg->raw[0] = t.raw;
	L4_StoreMRs(1, (int)L4_UntypedWords(t), &msg->raw[1]);
}

/* Make *msg the empty message: no words, label 0, flags clear. */
L4_INLINE void L4_MsgClear(L4_Msg_t *msg)
{
	msg->raw[0] = 0;
}

/* Append w to *msg. No effect on a message that has 63 words already. */
L4_INLINE void L4_MsgAppendWord(L4_Msg_t *msg, L4_Word_t w)
{
	L4_Word_t u = msg->raw[0] & ABI_TAG_U_MASK;

	if (u < ABI_TAG_U_MASK) {
		msg->raw[u + 1] = w;
		msg->raw[0]++;
	}
}

/* Replace word u, counted from 0, of *msg, which has more than u words. */
L4_INLINE void L4_MsgPutWord(L4_Msg_t *msg, L4_Word_t u, L4_Word_t w)
{
	msg->raw[u + 1] = w;
}

/* Word u, counted from 0, of *msg. */
L4_INLINE L4_Word_t L4_MsgWord(const L4_Msg_t *msg, L4_Word_t u)
{
	return msg->raw[u + 1];
}

/* Read word u, counted from 0, of *msg into *w. */
L4_INLINE void L4_MsgGetWord(const L4_Msg_t *msg, L4_Word_t u, L4_Word_t *w)
{
	*w = msg->raw[u + 1];
}

/* ---- acceptors: what may be delivered to the running thread -----------------------------------
 */

typedef union {
	L4_Word_t raw;
	struct {
		__L4_VIEW4(__zero1 : 1, a : 1, nosync : 1, __zero2 : ABI_WORD_BITS - 3);
	} X;
} L4_Acceptor_t;

#define L4_UntypedWordsAcceptor __L4_VALUE(L4_Acceptor_t, (L4_Word_t)0)
#define L4_NotifyMsgAcceptor    __L4_VALUE(L4_Acceptor_t, (L4_Word_t)ABI_ACCEPT_NOTIFY)
#define L4_AsynchItemsAcceptor  L4_NotifyMsgAcceptor /* its name in older programs */
/* Takes no synchronous IPC, only notification (if that is added) and the kernel's messages. */
#define L4_NoSyncAcceptor __L4_VALUE(L4_Acceptor_t, (L4_Word_t)ABI_ACCEPT_NOSYNC)

/* l and r together. */
L4_INLINE L4_Acceptor_t L4_AddAcceptor(L4_Acceptor_t l, L4_Acceptor_t r)
{
	l.raw |= r.raw;
	return l;
}

/* The same: l and r together. The interface takes l by value here, too. */
L4_INLINE L4_Acceptor_t L4_AddAcceptorTo(L4_Acceptor_t l, L4_Acceptor_t r)
{
	return L4_AddAcceptor(l, r);
}

/* l without what r has. */
L4_INLINE L4_Acceptor_t L4_RemoveAcceptor(L4_Acceptor_t l, L4_Acceptor_t r)
{
	l.raw &= ~r.raw;
	return l;
}

/* The same: l without what r has. */
L4_INLINE L4_Acceptor_t L4_RemoveAcceptorFrom(L4_Acceptor_t l, L4_Acceptor_t r)
{
	return L4_RemoveAcceptor(l, r);
}

/* Make a the acceptor of the running thread; it holds until the next change. */
L4_INLINE void L4_Accept(L4_Acceptor_t a)
{
	__L4_TCR_Set_Acceptor(a.raw);
}

/* The acceptor of the running thread. */
L4_INLINE L4_Acceptor_t L4_Accepted(void)
{
	return __L4_VALUE(L4_Acceptor_t, __L4_TCR_Acceptor());
}

/* ---- notification words of the running thread ---------------------------------------------------
 */

/* Which notification bits wake this thread and are delivered to it. */
L4_INLINE void L4_Set_NotifyMask(L4_Word_t mask)
{
	__L4_TCR_Set_NotifyMask(mask);
}

/* The notification mask. */
L4_INLINE L4_Word_t L4_Get_NotifyMask(void)
{
	return __L4_TCR_NotifyMask();
}

/* Replace the pending notification bits. Bits that arrive meanwhile may be lost. */
L4_INLINE void L4_Set_NotifyBits(L4_Word_t bits)
{
	__L4_TCR_Set_NotifyBits(bits);
}

/* The pending notification bits. */
L4_INLINE L4_Word_t L4_Get_NotifyBits(void)
{
	return __L4_TCR_NotifyBits();
}

#endif
