/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * thread.c - making and deleting threads and spaces.
 */
#include <l4/ipc.h>
#include <l4/kip.h>
#include <l4/thread.h>
#include <rt/stdio.h>

#include "bench.h"
#include "ops.h"

#define ROUNDS 20

static L4_ThreadId_t space;
static void *utcb;

static void create_delete(void)
{
	MUST(op_thread_create(id_number(0), space, utcb));
	MUST(op_thread_delete(id_number(0)));
}

/* Somebody waits for the thread, and is woken by its end. */
static void create_delete_used(void)
{
	MUST(op_thread_create(id_number(0), space, utcb));
	MUST(L4_IpcSucceeded(L4_Send(job.partner)));
	MUST(op_thread_delete_used(id_number(0)));
}

/* Waits for a message, and then for the thread that is going to be deleted. Its priority is
 * higher: it runs as soon as it can. */
static void waiter(void)
{
	L4_ThreadId_t from;

	for (;;) {
		(void)L4_Wait(&from);
		(void)L4_Receive(id_number(0));
	}
}

static void space_create_delete(void)
{
	MUST(op_space_create(id_number(0), peer_kip_area(), peer_utcb_area()));
	MUST(op_space_delete(id_number(0)));
}

void bench_threads(void)
{
	job.rounds = ROUNDS;
	/* Its UTCB is in a page that already has one. */
	space = peer_new(true, PRIO_LOW, L4_nilthread, sleep_forever, 0);
	utcb = (void *)(L4_Address(peer_utcb_area()) +
			((L4_ThreadNo(space) - L4_ThreadNo(L4_Myself())) ^ 1) *
			    sizeof(struct abi_utcb));
	job.step = create_delete;
	region();
	region_report("thread", true, 0);

	job.partner = peer_new(false, PRIO_HIGH, L4_nilthread, waiter, 0);
	job.step = create_delete_used;
	region_in_thread(NULL);
	region_report("thread_used", true, 0);
	peer_delete(job.partner);
	peer_delete(space);

	job.step = space_create_delete;
	region();
	region_report("space", true, 0);
}

static L4_Word_t kmem_free(void)
{
	return *(volatile const L4_Word_t *)&((const struct abi_kip *)L4_GetKernelInterface())
		    ->kmem_free;
}

/* An inactive thread: no UTCB. */
static void inactive(L4_ThreadId_t id, L4_ThreadId_t in)
{
	MUST(L4_ThreadControl(id, in, L4_Myself(), L4_nilthread, L4_anythread, L4_anythread,
			      (void *)-1));
}

void bench_sizes(void)
{
	L4_Word_t before = kmem_free(), with_space, with_thread;

	inactive(id_number(0), id_number(0));
	with_space = kmem_free();
	inactive(id_number(1), id_number(0));
	with_thread = kmem_free();
	printf("[bench] memory thread=%lu utcb=%lu space=%lu\n",
	       (unsigned long)(with_space - with_thread), (unsigned long)sizeof(struct abi_utcb),
	       (unsigned long)(before - with_space - (with_space - with_thread)));
	MUST(op_thread_delete(id_number(1)));
	MUST(op_thread_delete(id_number(0)));
}
