/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/vregs.h - the virtual registers of the running thread: its UTCB's control words
 * (TCRs) and message registers (MRs). Programs use thread.h, message.h and schedule.h,
 * which give these their public names. Nothing here enters the kernel.
 */
#ifndef L4_VREGS_H
#define L4_VREGS_H

#include <l4/abi/kip.h>
#include <l4/arch/stubs.h>
#include <l4/types.h>

#define __L4_NUM_MRS ABI_MRS

/* A reader and a writer of one control word. Volatile: the kernel changes some of the words
 * at any time (NotifyBits), and looks at others at any time (PreemptFlags). */
#define __L4_TCR_READ(name, field)                                                                 \
	L4_INLINE L4_Word_t __L4_TCR_##name(void)                                                  \
	{                                                                                          \
		return *(volatile abi_word_t *)&__l4_utcb()->field;                                \
	}
#define __L4_TCR_WRITE(name, field)                                                                \
	L4_INLINE void __L4_TCR_Set_##name(L4_Word_t w)                                            \
	{                                                                                          \
		*(volatile abi_word_t *)&__l4_utcb()->field = w;                                   \
	}

__L4_TCR_READ(MyGlobalId, my_id)
__L4_TCR_READ(ProcessorNo, processor)
__L4_TCR_READ(UserDefinedHandle, handle)
__L4_TCR_WRITE(UserDefinedHandle, handle)
__L4_TCR_READ(Pager, pager)
__L4_TCR_WRITE(Pager, pager)
__L4_TCR_READ(ExceptionHandler, exc_handler)
__L4_TCR_WRITE(ExceptionHandler, exc_handler)
__L4_TCR_READ(ErrorCode, error)
__L4_TCR_WRITE(ErrorCode, error)
__L4_TCR_READ(Acceptor, acceptor)
__L4_TCR_WRITE(Acceptor, acceptor)
__L4_TCR_READ(NotifyMask, notify_mask)
__L4_TCR_WRITE(NotifyMask, notify_mask)
__L4_TCR_READ(NotifyBits, notify_bits)
__L4_TCR_WRITE(NotifyBits, notify_bits)
__L4_TCR_READ(PreemptFlags, preempt_flags)
__L4_TCR_WRITE(PreemptFlags, preempt_flags)
__L4_TCR_READ(PreemptCallbackIP, preempt_ip)
__L4_TCR_WRITE(PreemptCallbackIP, preempt_ip)
__L4_TCR_READ(PreemptedIP, preempted_ip)

#undef __L4_TCR_READ
#undef __L4_TCR_WRITE

/* Thread-local word n, 0 <= n < ABI_UTCB_TLS_WORDS. The kernel never looks at them. */
L4_INLINE L4_Word_t __L4_TCR_ThreadWord(L4_Word_t n)
{
	return __l4_utcb()->tls[n];
}

/* Set thread-local word n. */
L4_INLINE void __L4_TCR_Set_ThreadWord(L4_Word_t n, L4_Word_t w)
{
	__l4_utcb()->tls[n] = w;
}

/* Set MR i, 0 <= i < 64, to w. */
L4_INLINE void L4_LoadMR(int i, L4_Word_t w)
{
	__l4_utcb()->mr[i] = w;
}

/* Read MR i, 0 <= i < 64, into *w. */
L4_INLINE void L4_StoreMR(int i, L4_Word_t *w)
{
	*w = __l4_utcb()->mr[i];
}

/* Set MR i ... i + k - 1 to the k words at w. i + k <= 64. */
L4_INLINE void L4_LoadMRs(int i, int k, const L4_Word_t *w)
{
	abi_word_t *mr = &__l4_utcb()->mr[i];
	int n;

	for (n = 0; n < k; n++)
		mr[n] = w[n];
}

/* Read MR i ... i + k - 1 into the k words at w. i + k <= 64. */
L4_INLINE void L4_StoreMRs(int i, int k, L4_Word_t *w)
{
	const abi_word_t *mr = &__l4_utcb()->mr[i];
	int n;

	for (n = 0; n < k; n++)
		w[n] = mr[n];
}

#endif
