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

void sendq_add(struct tcb *receiver, struct tcb *sender)
{
	struct tcb *above = NULL, *head = sendq_first(receiver);

	while (head && head->g.prio > sender->g.prio) {
		above = head;
		head = head->group;
	}
	sender->peer = receiver;
	if (head && head->g.prio == sender->g.prio) {
		sender->group = NULL;
		sender->next = head;
		sender->prev = head->prev;
		head->prev->next = sender;
		head->prev = sender;
		return;
	}
	sender->next = sender->prev = sender;
	sender->group = head;
	if (above)
		above->group = sender;
	else
		receiver->g.sendq = &sender->g;
}

/* The head of the ring before t's, if t is the head of its own ring; *is_head says so. */
static struct tcb *ring_above(const struct tcb *t, bool *is_head)
{
	struct tcb *above = NULL, *head = sendq_first(t->peer);

	while (head->g.prio != t->g.prio) {
		above = head;
		head = head->group;
	}
	*is_head = head == t;
	return above;
}

void sendq_remove(struct tcb *sender)
{
	bool is_head;
	struct tcb *above = ring_above(sender, &is_head);
	struct tcb *successor;

	if (sender->next == sender) {
		successor = sender->group;
	} else {
		sender->prev->next = sender->next;
		sender->next->prev = sender->prev;
		successor = sender->next;
		if (is_head)
			successor->group = sender->group;
	}
	if (is_head) {
		if (above)
			above->group = successor;
		else
			sender->peer->g.sendq = successor ? &successor->g : NULL;
	}
	sender->peer = NULL;
}
