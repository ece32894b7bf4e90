/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * interrupt.c - a device driver in user mode: the serial port's transmit interrupt sends a
 * line of text, a character each.
 */
#include <l4/ipc.h>
#include <l4/protocol.h>
#include <rt/time.h>

#include "../drivers/uart.h"
#include "root.h"

#define NAME "interrupt"

static const char line[] = "[root] this line was sent by interrupts\r\n";

static struct {
	L4_ThreadId_t director, interrupt;
	uint64_t ticks;
	unsigned taken, strange;
} job;

/* Wait until the transmitter has raised an interrupt. Waiting for the interrupt thread
 * acknowledges the one before to the kernel. */
static void next_interrupt(void)
{
	L4_ThreadId_t from;
	L4_MsgTag_t tag;

	do {
		tag = L4_Ipc(L4_nilthread, job.interrupt, L4_Waittag, &from);
		if (L4_IpcFailed(tag) || L4_Protocol(tag) != L4_ProtocolInterrupt ||
		    L4_IsThreadNotEqual(from, job.interrupt)) {
			job.strange++;
			return;
		}
	} while (!uart_tx_acknowledge());
	job.taken++;
}

static void handle(void)
{
	uint64_t start = __l4_ticks();

	for (const char *p = line; *p; p++) {
		uart_put(*p);
		if (p == line)
			uart_tx_interrupt(true);
		next_interrupt();
	}
	uart_tx_interrupt(false);
	job.ticks = rt_ticks_since(start);
	finish(job.director);
}

bool show_interrupt(void)
{
	L4_ThreadId_t thread;
	L4_MsgTag_t tag;

	EXPECT(NAME, uart_open());
	job.director = L4_Myself();
	job.interrupt = L4_GlobalId(uart_irq(), ABI_IRQ_VERSION);
	thread = rt_thread_spawn(PRIO_PEER, handle, 0);
	EXPECT(NAME, !L4_IsNilThread(thread));
	EXPECT(NAME, L4_AssociateInterrupt(job.interrupt, thread));
	if (!await(NAME, thread, &tag))
		return false;
	EXPECT(NAME, L4_DeassociateInterrupt(job.interrupt));
	EXPECT(NAME, job.taken == sizeof(line) - 1 && job.strange == 0);
	uart_close();
	report_pass(NAME, measure_insn(job.ticks, 1, job.taken),
		    "%u interrupts of line %u handled by a thread", job.taken, uart_irq());
	rt_thread_delete(thread);
	return true;
}
