/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * fastpath_model.h - what glue/fastpath.h says, in C: the tests that a port's fast path makes,
 * in the order and terms of that file, and what it does when all of them hold.
 *
 * A term or an effect can be left out. Such a model must be seen to be wrong, or the test that
 * compares it with the kernel would not notice a fast path that is wrong in the same way.
 */
#ifndef UNIT_FASTPATH_MODEL_H
#define UNIT_FASTPATH_MODEL_H

#include <glue/glue.h>
#include <kernel/tcb.h>

/* The conditions, one by one. */
#define MODEL_TERMS(X)                                                                             \
	X(RANGE, "the partner's number is in the table")                                           \
	X(ID, "the partner's id is the one meant")                                                 \
	X(ACCEPTS, "the partner accepts the sender's message")                                     \
	X(PLAIN, "no notification")                                                                \
	X(RESERVED, "no reserved bits in the tag")                                                 \
	X(RBLOCK, "the receive phase may block")                                                   \
	X(STATUS, "nothing is special about the sender")                                           \
	X(BARRIER, "the partner's priority reaches the barrier")                                   \
	X(SYNC, "the sender takes messages itself")                                                \
	X(FROM, "the receive phase is from the partner or from anybody")                           \
	X(SENDQ, "no sender waits for an open receive phase")                                      \
	X(NOTIFY, "nothing is to be notified in an open receive phase")                            \
	X(ALONE, "nothing is received")                                                            \
	X(FIRST, "no ready thread is before the sender")                                           \
	X(PREEMPTS, "the partner's priority is higher than the sender's")                          \
	X(FRONT, "no other thread is preempted and first")                                         \
	X(CALLBACK, "the sender isn't told that it is preempted")

/* Those that widen a condition: without them the path is right, but taken less often. */
#define MODEL_ALTERNATIVES(X)                                                                      \
	X(ACCEPTS_CUR, "the partner waits for the sender")                                         \
	X(ACCEPTS_ANY, "the partner waits for anybody")                                            \
	X(FROM_TO, "a call")                                                                       \
	X(FROM_ANY, "reply and wait")                                                              \
	X(NO_NOTIFY, "the sender takes no notification, whatever is pending")                      \
	X(NOT_PENDING, "the sender takes notification, and none is pending")

/* The answer to a page fault: of the conditions above not ACCEPTS and FROM, but these. */
#define MODEL_ANSWER_TERMS(X)                                                                      \
	X(FAULTED, "the partner waits in a page fault, and nothing is special about it")           \
	X(ANSWERED, "for the sender's answer")                                                     \
	X(THEN_ANY, "the receive phase is from anybody")

/* A notification that nobody waits for: RANGE and ID, and these. */
#define MODEL_NOTE_TERMS(X)                                                                        \
	X(NOTE, "a notification")                                                                  \
	X(NOTE_ONLY, "no receive phase follows")                                                   \
	X(NOTE_STATE, "the partner is ready, or receives")                                         \
	X(NOTE_CLOSED, "from just one thread")                                                     \
	X(NOTE_TAKEN, "it takes notification")

/* One that the partner waits for: of a message alone not ACCEPTS and PLAIN, but these. */
#define MODEL_WAKE_TERMS(X)                                                                        \
	X(WAKE, "a notification")                                                                  \
	X(WAKE_ONLY, "no receive phase follows")                                                   \
	X(WAKE_WAITED, "the partner waits for it, or openly")                                      \
	X(WAKE_TAKEN, "it takes notification")                                                     \
	X(WAKE_DUE, "of these bits")

#define MODEL_EFFECTS(X)                                                                           \
	X(WORDS, "the words are copied")                                                           \
	X(LAST_WORD, "all of them")                                                                \
	X(TAG, "the tag is a result")                                                              \
	X(FLAGS, "without its flags")                                                              \
	X(SENDER, "the sender's id is a result")                                                   \
	X(DEST_STATE, "the partner is ready")                                                      \
	X(DEST_ACCEPTS, "it accepts nothing")                                                      \
	X(DEST_WAITED, "it may be waited for")                                                     \
	X(CUR_STATE, "the sender is receiving")                                                    \
	X(CUR_PARTNER, "from whom it said")                                                        \
	X(CUR_ACCEPTS, "and accepts that")                                                         \
	X(CUR_RESULT, "its message alone has succeeded")                                           \
	X(LENT, "its slice is lent")                                                               \
	X(CUR_FRONT, "it is the first that is ready")                                              \
	X(CUR_BARRIER, "and its priority the highest")                                             \
	X(CURRENT, "the partner is the current thread")                                            \
	X(ACTIVATE, "its context and its space are in force")

enum model_part {
	MODEL_WHOLE,
#define X(name, text) MODEL_##name,
	MODEL_TERMS(X) MODEL_TERMS_END,
	MODEL_ALTERNATIVES(X) MODEL_ALTERNATIVES_END,
	MODEL_ANSWER_TERMS(X) MODEL_ANSWER_TERMS_END,
	MODEL_NOTE_TERMS(X) MODEL_NOTE_TERMS_END,
	MODEL_WAKE_TERMS(X) MODEL_WAKE_TERMS_END,
	MODEL_EFFECTS(X) MODEL_PARTS
#undef X
};

/* What a part is, for messages. */
extern const char *const model_part_name[MODEL_PARTS];

enum model_way {
	MODEL_REFUSES,
	MODEL_EXCHANGE, /* takes it: a call, or reply and wait */
	MODEL_MESSAGE   /* takes it: a message alone */
};

/* Whether the path takes this IPC of the current thread, without the condition `left_out`
 * (MODEL_WHOLE: with all). Changes nothing. */
enum model_way model_takes(word_t to, word_t from, word_t tag, enum model_part left_out);

/* What the path then does, but for `left_out`. Returns the context to resume. */
struct glue_ctx *model_effect(enum model_way way, word_t to, word_t from, word_t tag,
			      enum model_part left_out);

/* The same of what a path may take besides. */
enum model_kinds {
	MODEL_ANSWERS, /* of a page fault */
	MODEL_NOTES,   /* a notification that nobody waits for */
	MODEL_WAKES,   /* and one that the partner waits for */
	MODEL_KINDS
};
extern const struct model_kind {
	bool (*takes)(word_t to, word_t from, word_t tag, enum model_part left_out);
	struct glue_ctx *(*effect)(word_t to);
	enum model_part first, end; /* its own terms */
} model_kinds[MODEL_KINDS];

#endif
