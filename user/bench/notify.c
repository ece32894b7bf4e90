/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * notify.c - notification, of a thread that waits and of one that doesn't.
 */
#include <l4/ipc.h>

#include "bench.h"
#include "ops.h"

#define ROUNDS 100

static void accept(void)
{
	L4_Set_NotifyMask(~(L4_Word_t)0);
	L4_Accept(L4_NotifyMsgAcceptor);
}

static void waiter(void)
{
	L4_Word_t mask;

	accept();
	for (;;)
		(void)op_wait_notify(&mask);
}

/* Waits for one thread only, and so for no notification. */
static void busy(void)
{
	accept();
	sleep_forever();
}

static void notify(void)
{
	(void)op_notify(job.partner, 1);
}

static void notify_nobody(void)
{
	(void)op_notify_nobody(job.partner, 1);
}

static void bench_notification(bool inter)
{
	job.rounds = ROUNDS;
	job.partner = peer_new(inter, PRIO_HIGH, L4_nilthread, waiter, 0);
	job.step = notify;
	region_in_thread(NULL);
	region_report("notify", inter, 0);
	peer_delete(job.partner);

	job.partner = peer_new(inter, PRIO_HIGH, L4_nilthread, busy, 0);
	job.step = notify_nobody;
	region_in_thread(NULL);
	region_report("notify_nobody", inter, 0);
	peer_delete(job.partner);
}

void bench_notify(void)
{
	bench_notification(false);
	bench_notification(true);
}
