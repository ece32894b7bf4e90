/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * sendq.c - the threads that wait to send to one receiver: by priority, FIFO within one.
 *
 * A ring per priority that occurs, the ring heads linked by `group` from the highest
 * priority down. Adding looks at no more than one thread per priority, taking the first is
 * O(1), however many wait.
 */
#include <kernel/ipc.h>

/* Where the head of the ring of priority `prio` of t's queue is noted, or would be. */
static inline struct tcb **ring_of(struct tcb *t, word_t prio)
{
	struct tcb **at = (struct tcb **)&t->g.sendq;

	while (*at && (*at)->g.prio > prio)
		at = &(*at)->group;
	return at;
}

void sendq_add(struct tcb *receiver, struct tcb *sender)
{
	struct tcb **at = ring_of(receiver, sender->g.prio), *head = *at;

	sender->peer = receiver;
	if (head && head->g.prio == sender->g.prio) {
		sender->next = head;
		sender->prev = head->prev;
		head->prev->next = sender;
		head->prev = sender;
		return;
	}
	sender->next = sender->prev = sender;
	sender->group = head;
	*at = sender;
}

void sendq_remove(struct tcb *sender)
{
	struct tcb **at = ring_of(sender->peer, sender->g.prio), *next = sender->next;

	if (*at == sender) {
		*at = sender->group;
		if (next != sender) {
			next->group = sender->group;
			*at = next;
		}
	}
	next->prev = sender->prev;
	sender->prev->next = next;
	sender->peer = NULL;
}
