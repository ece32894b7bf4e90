/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * party.h - the partners an IPC can name, and what the rules say of each.
 */
#ifndef CONF_PARTY_H
#define CONF_PARTY_H

#include "conf.h"

enum party_kind {
	/* Not threads. */
	P_NIL,
	P_ANY,
	P_WAITNOTIFY,
	/* No thread has the id. */
	P_DEAD,
	P_STALE,
	P_UNKNOWN,
	P_RANGE,
	P_LOCAL,
	P_IRQ_NONE,
	/* A thread takes our message now. */
	P_OPEN,
	P_CLOSED,
	P_HALTED_OPEN,
	P_IRQ_OWN,
	/* A thread doesn't. */
	P_READY,
	P_HALTED,
	P_ELSEWHERE,
	P_SENDING_US,
	P_SENDING_ELSE,
	P_WAITNOTE,
	P_INACTIVE,
	P_UNSTARTED,
	P_NOSYNC_OPEN,
	P_NOSYNC_READY,
	P_SELF,
	P_IRQ_OTHER,
	/* As a from-specifier: the partner of the send phase. */
	P_SAME,
	P_KINDS
};

/* What the rules of IPC ask about a partner. */
struct party_trait {
	const char *name;
	bool exists; /* for sending */
	bool takes;  /* a message of ours is delivered at once */
	bool nosync; /* its acceptor takes no synchronous IPC */
	bool sends;  /* it waits to send to us */
};

extern const struct party_trait party_traits[P_KINDS];

struct party {
	enum party_kind kind;
	L4_ThreadId_t id;
	struct worker *w; /* NULL: none that could be looked at */
};

/* The message of P_SENDING_US. */
#define PARTY_TAG TAG(0x77, 3, 0)

/* Make a partner of `subject`, in `sp`, which has `third` in it, a thread that is parked. The
 * partner's acceptor is what its kind says and `acceptor`. */
struct party party_new(enum party_kind kind, struct worker *subject, struct space *sp,
		       struct worker *third, word_t acceptor);

/* Check that the party got the message of `subject` (delivered) or nothing. */
void party_check(const struct party *p, const struct worker *subject, word_t tag, bool delivered);

#endif
