/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * fastpath_seen.h - of which forms the random IPCs of test_fastpath.c have to be.
 */
#ifndef UNIT_FASTPATH_SEEN_H
#define UNIT_FASTPATH_SEEN_H

/* What the path takes. */
#define FORMS(X)                                                                                   \
	X(CALL, "calls")                                                                           \
	X(CALL_WORDS, "calls with words")                                                          \
	X(REPLY, "reply and wait")                                                                 \
	X(REPLY_WORDS, "reply and wait with words")                                                \
	X(MESSAGE, "messages alone")                                                               \
	X(MESSAGE_WORDS, "messages alone with words")                                              \
	X(INTRA, "within a space")                                                                 \
	X(INTER, "between spaces")                                                                 \
	X(TO_ANY, "to a thread that waits for anybody")                                            \
	X(TO_CLOSED, "to a thread that waits for just one")                                        \
	X(NOTIFIED, "by a thread that takes notification")                                         \
	X(HIGHER, "to a thread of higher priority")                                                \
	X(LOWER, "to a thread of lower priority")                                                  \
	X(SLICED, "in a finite slice")                                                             \
	X(FPU_OTHER, "while another thread's values are in the FPU")                               \
	X(MOST_WORDS, "with 63 words")                                                             \
	X(ODD_TAG, "with flags of the tag that mean nothing here")                                 \
	X(ANSWER, "answers to page faults")                                                        \
	X(ANSWER_WORDS, "answers to page faults, with words")                                      \
	X(NOTED, "notifications that nobody waits for")                                            \
	X(WOKEN, "notifications that are waited for")

/* What the path refuses, each of which there must be. */
#define REFUSALS(X)                                                                                \
	X(NIL_TO, "no send phase")                                                                 \
	X(TO_SELF, "to itself")                                                                    \
	X(TO_IRQ, "to an interrupt thread")                                                        \
	X(TO_STALE, "to a thread that is no more")                                                 \
	X(TO_ODD, "to anythread or waitnotify")                                                    \
	X(TO_BUSY, "to a thread that is ready")                                                    \
	X(TO_HALTED, "to a halted thread")                                                         \
	X(TO_INACTIVE, "to an inactive thread")                                                    \
	X(TO_SENDER, "to a thread that sends")                                                     \
	X(TO_NOTIFIED, "to a thread that waits for notification")                                  \
	X(TO_FAULTING, "to a thread whose page fault is waited for")                               \
	X(TO_NOSYNC, "to a thread that takes no IPC")                                              \
	X(TO_QUANTUM, "to a waiting thread with a finite quantum")                                 \
	X(TO_LOW, "to a waiting thread of too little priority")                                    \
	X(FPU_ON, "with the FPU on")                                                               \
	X(QUANTUM, "with a finite quantum")                                                        \
	X(SENDERS, "with senders waiting")                                                         \
	X(PENDING, "with notification pending")

#endif
