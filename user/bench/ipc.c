/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ipc.c - call and reply, send, and the IPC that does nothing.
 */
#include <l4/ipc.h>
#include <l4/schedule.h>

#include "bench.h"
#include "ops.h"

#define ROUNDS 100

static const unsigned lengths[] = {0, 4, 8, 16, 32, 63};

static void server(void)
{
	L4_ThreadId_t from;
	L4_MsgTag_t tag = L4_Wait(&from);

	for (;;)
		tag = op_reply_wait(from, op_tag(L4_UntypedWords(tag), ABI_TAG_RBLOCK), &from);
}

static void call(void)
{
	(void)op_call(job.partner, job.tag);
}

static void bench_call(bool inter)
{
	job.partner = peer_new(inter, PRIO_LOW, L4_nilthread, server, 0);
	job.step = call;
	for (unsigned i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		job.rounds = ROUNDS;
		job.tag = op_tag(lengths[i], ABI_TAG_SBLOCK | ABI_TAG_RBLOCK);
		region_in_thread(NULL);
		region_report("call", inter, lengths[i]);
	}
	/* Both ways, once: what a round trip needs of the caches. */
	job.rounds = 1;
	job.tag = op_tag(0, ABI_TAG_SBLOCK | ABI_TAG_RBLOCK);
	region_in_thread(NULL);
	region_report("round_trip", inter, 0);
	peer_delete(job.partner);
}

static void receiver(void)
{
	L4_ThreadId_t from;

	for (;;)
		(void)op_wait(&from);
}

static void send(void)
{
	(void)op_send(job.partner, job.tag);
}

static void send_noswitch(void)
{
	(void)op_send_noswitch(job.partner, job.tag);
	L4_Yield(); /* the receiver waits again */
}

static void bench_send(bool inter)
{
	job.rounds = ROUNDS;
	job.tag = op_tag(0, ABI_TAG_SBLOCK);
	job.partner = peer_new(inter, PRIO_HIGH, L4_nilthread, receiver, 0);
	job.step = send;
	region_in_thread(NULL);
	region_report("send", inter, 0);
	peer_delete(job.partner);

	job.partner = peer_new(inter, PRIO_LOW, L4_nilthread, receiver, 0);
	job.step = send_noswitch;
	region_in_thread(NULL);
	region_report("send_noswitch", inter, 0);
	peer_delete(job.partner);
}

/* Calls whoever has sent it a message, as long as it is answered; it never finds a thread waiting. */
static void caller(void)
{
	L4_ThreadId_t whom;

	for (;;) {
		(void)L4_Wait(&whom);
		while (L4_IpcSucceeded(L4_Call(whom)))
			;
	}
}

static void be_called(void)
{
	(void)L4_Send(job.partner);
}

static void receive_queued(void)
{
	L4_ThreadId_t from;

	MUST(L4_IpcSucceeded(op_receive_queued(&from)));
	(void)L4_Reply(from); /* which calls again, before this goes on */
}

static void bench_receive_queued(bool inter)
{
	job.rounds = ROUNDS;
	job.partner = peer_new(inter, PRIO_HIGH, L4_nilthread, caller, 0);
	job.step = receive_queued;
	region_in_thread(be_called);
	region_report("receive_queued", inter, 0);
	peer_delete(job.partner);
}

static void nil(void)
{
	(void)op_nil_ipc();
}

void bench_ipc(void)
{
	bench_call(false);
	bench_call(true);
	bench_send(false);
	bench_send(true);
	bench_receive_queued(false);
	bench_receive_queued(true);
	job.rounds = ROUNDS;
	job.step = nil;
	region();
	region_report("nil_ipc", false, 0);
}
