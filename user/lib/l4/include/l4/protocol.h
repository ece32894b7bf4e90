/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/protocol.h - the messages that the kernel sends in a thread's name: to its pager,
 * exception handler, scheduler, and to interrupt handlers. Nothing here enters the kernel.
 *
 * Any thread may send a message with such a label: a server trusts one only as far as it
 * trusts its sender.
 *
 * The words of an exception message are named by l4/arch/exception.h: L4_EXC_IP to
 * L4_EXC_CODE are the same everywhere, the general registers behind them are the ISA's.
 */
#ifndef L4_PROTOCOL_H
#define L4_PROTOCOL_H

#include <l4/arch/exception.h>
#include <l4/message.h>
#include <l4/types.h>

/* Protocols, as L4_Protocol returns them. */
#define L4_ProtocolInterrupt (ABI_PROTO_INTERRUPT) /* no words; an empty answer unmasks */
#define L4_ProtocolPageFault (ABI_PROTO_PAGEFAULT) /* MR1 address, MR2 IP; any answer */
#define L4_ProtocolQuantum   (ABI_PROTO_QUANTUM)   /* no words; any answer resumes */
#define L4_ProtocolSyscall   (ABI_PROTO_SYSCALL)   /* a system call that doesn't exist */
#define L4_ProtocolException (ABI_PROTO_EXCEPTION) /* the registers; answer: the same */

/* The protocol of a message with tag t; 0 or more: none of the kernel's. */
L4_INLINE long L4_Protocol(L4_MsgTag_t t)
{
	return (long)t.raw >> (ABI_TAG_LABEL_SHIFT + ABI_PROTO_SHIFT);
}

/* Of a page fault's tag: the right that was missing, one of L4_Readable, L4_Writable,
 * L4_eXecutable. */
L4_INLINE L4_Word_t L4_PageFaultAccess(L4_MsgTag_t t)
{
	return L4_Label(t) & L4_FullyAccessible;
}

#endif
