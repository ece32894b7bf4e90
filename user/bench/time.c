/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * time.c - interrupts, the scheduling timer, and yielding.
 *
 * The interrupt is the serial port's: its transmitter is empty, so that it asks for an
 * interrupt whenever that is enabled, without anything being sent.
 */
#include <l4/ipc.h>
#include <l4/schedule.h>
#include <l4/thread.h>

#include "../drivers/uart.h"
#include "../root/arch.h"
#include "bench.h"
#include "ops.h"

#define ROUNDS     100
#define TICKS      10
#define SLICE_US   100ul
#define TICK_LOOPS 600000ul /* of two instructions: more than TICKS slices */

static void handler(void)
{
	for (;;) {
		(void)op_interrupt_ack(job.partner);
		uart_tx_interrupt(false);
	}
}

static void interrupt(void)
{
	uart_tx_interrupt(true); /* the handler runs, and switches it off */
}

static void bench_interrupt(void)
{
	L4_ThreadId_t id;

	MUST(uart_open());
	uart_put('\n');
	job.partner = L4_GlobalId(uart_irq(), ABI_IRQ_VERSION);
	id = rt_thread_spawn(PRIO_HIGH, handler, 0);
	MUST(!L4_IsNilThread(id));
	MUST(L4_AssociateInterrupt(job.partner, id));
	job.rounds = ROUNDS;
	job.step = interrupt;
	region_in_thread(NULL);
	region_report("interrupt", false, 0);
	MUST(L4_DeassociateInterrupt(job.partner));
	rt_thread_delete(id);
	uart_close();
}

static void set_slice(void)
{
	MUST(L4_Set_Timeslice(L4_Myself(), SLICE_US, 0));
}

static void spin(void)
{
	__l4_calibrate_loop(TICK_LOOPS);
}

static void bench_tick(void)
{
	job.rounds = 1;
	job.step = spin;
	region_in_thread(set_slice);
	job.rounds = TICKS;
	region_report("tick", false, 0);
}

static void yields(void)
{
	for (;;)
		op_thread_switch();
}

static void bench_yield(bool inter)
{
	L4_ThreadId_t id = peer_new(inter, PRIO_LOW, L4_nilthread, yields, 0);

	job.rounds = ROUNDS;
	job.step = op_thread_switch;
	region_in_thread(NULL);
	region_report("thread_switch", inter, 0);
	peer_delete(id);
}

void bench_time(void)
{
	bench_interrupt();
	bench_tick();
	bench_yield(false);
	bench_yield(true);
}
