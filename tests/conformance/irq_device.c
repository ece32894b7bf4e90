/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * irq_device.c - IRQ-1nn: interrupts that come: those of the serial port, whose transmitter
 * raises one when it has sent a character. (The characters are line feeds: the console is the
 * same port.)
 */
#include "../../user/drivers/uart.h"
#include "puppet.h"
#include "suites.h"

#define WAIT_MS 10 /* long enough for anything that is to come */

static L4_ThreadId_t irq;

static void raise_interrupt(void)
{
	uart_put('\n');
	uart_tx_interrupt(true);
}

static uint64_t later(void)
{
	return __l4_ticks() + (uint64_t)kip->clock_khz * WAIT_MS;
}

/* The case is the handler: poll for the message. */
static bool poll(void)
{
	uint64_t end_of_wait = later();

	do {
		L4_MsgTag_t tag = L4_Receive_Nonblocking(irq);

		if (L4_IpcSucceeded(tag)) {
			check_eq("tag", tag.raw,
				 TAG((word_t)ABI_PROTO_INTERRUPT << ABI_PROTO_SHIFT, 0, 0));
			return true;
		}
		check_eq("ErrorCode", L4_ErrorCode(),
			 ABI_IPC_ERROR(L4_ErrNoPartner, L4_ErrRecvPhase));
	} while (__l4_ticks() < end_of_wait);
	return false;
}

static void acknowledge(void)
{
	L4_Set_MsgTag(L4_Niltag);
	CHECK(L4_IpcSucceeded(L4_Send(irq)), "the answer: ErrorCode %lx", L4_ErrorCode());
}

/* Give the serial port's interrupt to `handler`. One that an interrupt controller has still
 * latched from before comes first, and is thrown away. */
static void begin(L4_ThreadId_t handler)
{
	CHECK(uart_open(), "the serial port can't be had: error %lu", L4_ErrorCode());
	irq = L4_GlobalId(uart_irq(), ABI_IRQ_VERSION);
	CHECK(irq_take(uart_irq(), L4_Myself()), "its interrupt can't be had: error %lu",
	      L4_ErrorCode());
	while (poll()) {
		(void)uart_tx_acknowledge();
		acknowledge();
	}
	CHECK(L4_AssociateInterrupt(irq, handler), "error %lu", L4_ErrorCode());
}

static void end(void)
{
	uart_tx_interrupt(false);
	CHECK(L4_DeassociateInterrupt(irq), "error %lu", L4_ErrorCode());
	uart_close();
}

/* ---- cases ------------------------------------------------------------------------------- */

static void message(void)
{
	begin(L4_Myself());
	CHECK(!poll(), "an interrupt came before there was one");
	raise_interrupt();
	CHECK(poll(), "no interrupt came");
	CHECK(uart_tx_acknowledge(), "it was not the transmitter");
	/* What waits for the answer has no UTCB that could be notified. */
	CHECK(L4_IpcFailed(L4_Notify(irq, 1)), "it was notified");
	check_eq("ErrorCode", L4_ErrorCode(), ABI_IPC_ERROR(L4_ErrNotAccepted, L4_ErrSendPhase));
	CHECK(!poll(), "one interrupt came twice");
	end();
}

/* Until the handler answers, the line is masked; what comes meanwhile is not lost. */
static void masked_until_answered(void)
{
	begin(L4_Myself());
	for (unsigned i = 0; i < 3; i++) {
		raise_interrupt();
		CHECK(poll(), "no interrupt came");
		CHECK(uart_tx_acknowledge(), "it was not the transmitter");
		uart_put('\n');
		CHECK(!poll(), "an interrupt came though the line is masked");
		acknowledge();
		CHECK(poll(), "the interrupt that came while the line was masked was lost");
		(void)uart_tx_acknowledge();
		acknowledge();
	}
	end();
}

/* Wait until w's operation is complete. */
static void wait_for(const struct worker *w)
{
	uint64_t end_of_wait = later();

	while (!finished(w) && __l4_ticks() < end_of_wait)
		settle();
	CHECK(finished(w), "the handler got no interrupt");
}

/* A handler that waits. Sending to the interrupt, or waiting for just it, is the answer. */
static void to_who_waits(void)
{
	static const struct {
		bool sends, open;
	} ways[] = {{false, false}, {true, true}, {true, false}, {false, false}};
	struct worker *h = worker_new(space_new(), PRIO_WORKER);

	begin(h->id);
	for (unsigned i = 0; i < ARRAY_SIZE(ways); i++) {
		CHECK(!run_ipc(h, ways[i].sends ? irq : L4_nilthread,
			       ways[i].open ? L4_anythread : irq, R_BLOCK),
		      "way %u: an interrupt came before there was one", i);
		raise_interrupt();
		wait_for(h);
		check_ipc_received(h, TAG((word_t)ABI_PROTO_INTERRUPT << ABI_PROTO_SHIFT, 0, 0),
				   irq, 0);
		CHECK(uart_tx_acknowledge(), "way %u: it was not the transmitter", i);
		uart_tx_interrupt(false);
	}
	/* An open wait alone is no answer. */
	(void)run_ipc(h, L4_nilthread, L4_anythread, R_BLOCK);
	raise_interrupt();
	for (uint64_t end_of_wait = later(); __l4_ticks() < end_of_wait;)
		settle();
	check_blocked(h, L4_SCHEDRESULT_WAITING);
	end();
}

static void op_handle(struct worker *w)
{
	L4_ThreadId_t from;

	for (word_t i = 0; i < w->arg[1]; i++) {
		do {
			if (L4_IpcFailed(L4_Ipc(L4_nilthread, irq, L4_Waittag, &from)))
				return;
		} while (!uart_tx_acknowledge());
		w->result[0]++;
		(void)L4_Notify(__L4_VALUE(L4_ThreadId_t, w->arg[0]), (word_t)1 << i);
		if (i + 1 < w->arg[1])
			uart_put('\n');
	}
}

/* A driver that notifies: every interrupt is one bit, none is lost or comes twice. */
static void notifies(void)
{
	struct worker *driver = worker_new(&root_space, PRIO_WORKER + 1);
	struct worker *client = worker_new(space_new(), PRIO_WORKER);
	word_t seen = 0;

	begin(driver->id);
	driver->arg[0] = client->id.raw;
	driver->arg[1] = 6;
	client->acceptor = ABI_ACCEPT_NOTIFY;
	client->mask = ALL_ONES;
	(void)run_ipc(client, L4_nilthread, L4_waitnotify, R_BLOCK);
	start(driver, op_handle);
	settle();
	raise_interrupt();
	while (seen != 0x3f) {
		wait_for(client);
		CHECK(!(seen & client->mr[1]), "bits %lx came twice", seen & client->mr[1]);
		seen |= client->mr[1];
		if (seen != 0x3f)
			(void)run_ipc(client, L4_nilthread, L4_waitnotify, R_BLOCK);
	}
	wait_for(driver);
	check_eq("interrupts", driver->result[0], 6);
	end();
}

/* The handler is deleted with an interrupt unanswered; its successor gets the next. */
static void handler_deleted(void)
{
	struct space *sp = space_new();
	struct worker *h = worker_new(sp, PRIO_WORKER);

	(void)worker_new(sp, PRIO_WORKER);
	begin(h->id);
	CHECK(!run_ipc(h, L4_nilthread, irq, R_BLOCK), "an interrupt came before there was one");
	raise_interrupt();
	wait_for(h);
	(void)uart_tx_acknowledge();
	CHECK(thread_delete(h->id), "deleting: error %lu", L4_ErrorCode());
	CHECK(L4_AssociateInterrupt(irq, L4_Myself()), "error %lu", L4_ErrorCode());
	raise_interrupt();
	CHECK(poll(), "no interrupt came");
	(void)uart_tx_acknowledge();
	end();
}

/* Nobody's line is masked: the interrupt waits for a handler. */
static void no_handler(void)
{
	begin(L4_Myself());
	CHECK(L4_DeassociateInterrupt(irq), "error %lu", L4_ErrorCode());
	raise_interrupt();
	(void)L4_Receive_Nonblocking(irq);
	check_eq("ErrorCode", L4_ErrorCode(), ABI_IPC_ERROR(L4_ErrNonExist, L4_ErrRecvPhase));
	for (uint64_t end_of_wait = later(); __l4_ticks() < end_of_wait;)
		;
	CHECK(L4_AssociateInterrupt(irq, L4_Myself()), "error %lu", L4_ErrorCode());
	CHECK(poll(), "the interrupt was lost");
	(void)uart_tx_acknowledge();
	end();
}

#define STORM 64 /* interrupts */

static volatile word_t storm_left;

/* Answer each interrupt, and cause the next. */
static void op_storm(struct worker *w)
{
	while (storm_left > 0 && L4_IpcSucceeded(L4_Ipc(L4_nilthread, irq, L4_Waittag, NULL))) {
		if (!uart_tx_acknowledge())
			continue;
		w->result[0]++;
		if (--storm_left > 0)
			uart_put('\n');
	}
}

/* A handler that is never without an interrupt delays threads below it, and no other; nor is an
 * interrupt lost. */
static void interrupt_storm(void)
{
	struct worker *h = worker_new(&root_space, PRIO_WORKER + 1);
	struct worker *higher = worker_new(space_new(), PRIO_WORKER + 2);
	struct worker *lower = worker_new(space_new(), PRIO_WORKER);

	begin(h->id);
	storm_left = STORM;
	start(h, op_storm);
	settle();
	start(higher, op_nothing);
	start(lower, op_nothing);
	raise_interrupt();
	for (uint64_t end_of_wait = later() + 9 * (later() - __l4_ticks());
	     !finished(h) && __l4_ticks() < end_of_wait;)
		settle();
	CHECK(finished(h), "%lu interrupts of %u came", h->result[0], STORM);
	check_eq("interrupts", h->result[0], STORM);
	CHECK(finished(higher) && finished(lower), "the others did not run");
	end();
}

/* An interrupt comes while S spins, and wakes R: neither sees a register of the other. */
static void registers(void)
{
	const word_t tag = TAG((word_t)ABI_PROTO_INTERRUPT << ABI_PROTO_SHIFT, 0, 0);

	for (unsigned two = 0; two < 2; two++) {
		struct puppet r = puppet_new("R", &root_space, PRIO_WORKER + 1);
		struct puppet s = puppet_new("S", two ? space_new() : &root_space, PRIO_WORKER);

		begin(r.w->id);
		raise_interrupt();
		puppet_ipc(&r, L4_nilthread, irq, R_BLOCK);
		puppet_go(&r);
		puppet_wait(&r);
		puppet_check_ipc(&r, tag, irq.raw);
		CHECK(uart_tx_acknowledge(), "it was not the transmitter");
		/* The next one is pending when R unmasks the line, by which S runs. */
		uart_put('\n');
		for (uint64_t end_of_wait = later(); __l4_ticks() < end_of_wait;)
			;
		puppet_fill(&r);
		puppet_spin(&s);
		puppet_ipc(&r, irq, irq, TAG(0, 0, S_BLOCK | R_BLOCK));
		puppet_go(&s);
		puppet_go(&r);
		puppet_wait(&r);
		puppet_check_ipc(&r, tag, irq.raw);
		puppet_unspin(&s);
		end();
	}
}

static const struct conf_case cases[] = {
    {message, "an interrupt is a message"},
    {masked_until_answered, "the line is masked until the answer"},
    {to_who_waits, "a handler that waits"},
    {notifies, "a driver that notifies for each interrupt"},
    {handler_deleted, "the handler is deleted with an interrupt unanswered"},
    {no_handler, "an interrupt without handler waits for one"},
    {interrupt_storm, "a storm of interrupts"},
    {registers, "registers of the thread that it interrupts, and of its handler"},
};

SUITE_OF(suite_irq_device, "IRQ", 100, cases);
