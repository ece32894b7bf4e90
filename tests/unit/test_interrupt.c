/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_interrupt.c - device interrupts as messages.
 */
#include "snapshot.h"

#define LINE 9
#define IRQ  tid_make(LINE, 1)

static word_t handler;

static int setup(void **state)
{
	boot_setup(state);
	handler = spawn(1, id_of(1));
	return 0;
}

#define IRQ_TEST(f) cmocka_unit_test_setup_teardown(f, setup, boot_teardown)

static word_t associate(word_t irq, word_t with)
{
	return thread_control(irq, irq, NIL, with, KEEP);
}

static void assert_interrupt_message(void)
{
	assert_int_equal(tag_of(handler),
			 LABEL((word_t)(sword_t)ABI_PROTO_INTERRUPT << ABI_PROTO_SHIFT));
	assert_int_equal(from_of(handler), IRQ);
}

static void test_association_unmasks(void **state)
{
	size_t before = kmem_free_bytes();

	(void)state;
	assert_true(host_irq_masked(LINE));
	assert_succeeds(associate(IRQ, handler));
	assert_false(host_irq_masked(LINE));
	assert_succeeds(associate(IRQ, IRQ));
	assert_true(host_irq_masked(LINE));
	assert_succeeds(associate(IRQ, IRQ)); /* of nobody */
	assert_int_equal(kmem_free_bytes(), before);
	/* Unchanged: no pager given. */
	assert_succeeds(associate(IRQ, NIL));
	assert_null(tid_find(IRQ));
}

static void test_waiting_handler(void **state)
{
	(void)state;
	assert_succeeds(associate(IRQ, handler));
	for (unsigned i = 0; i < 3; i++) {
		run(handler);
		if (i == 0)
			wait_for(ANY);
		else if (i == 1)
			ipc(IRQ, ANY, RBLOCK); /* acknowledge and wait */
		else
			wait_for(IRQ); /* or just wait for it */
		assert_false(host_irq_masked(LINE));
		run(ROOT);
		host_irq_edge(LINE);
		assert_true(host_take_interrupt());
		assert_running(ROOT); /* of the same priority */
		assert_interrupt_message();
		assert_true(host_irq_masked(LINE));
		host_irq_edge(LINE);
		assert_false(host_take_interrupt());
	}
	run(handler);
	ipc(IRQ, NIL, 0);
	assert_true(host_take_interrupt()); /* the one that came meanwhile */
}

static void test_urgent_handler_preempts(void **state)
{
	(void)state;
	assert_succeeds(associate(IRQ, handler));
	assert_succeeds(schedule(handler, KEEP, KEEP, 150));
	assert_running(handler);
	wait_for(ANY);
	host_irq_edge(LINE);
	assert_true(host_take_interrupt());
	assert_running(handler);
	assert_interrupt_message();
}

static void test_from_idle(void **state)
{
	(void)state;
	assert_succeeds(associate(IRQ, handler));
	run(handler);
	wait_for(ANY);
	wait_for(ROOT);
	assert_running(NIL);
	host_irq_edge(LINE);
	assert_true(host_take_interrupt());
	assert_running(handler);
	assert_interrupt_message();
}

static void test_busy_handler(void **state)
{
	(void)state;
	assert_succeeds(associate(IRQ, handler));
	host_irq_edge(LINE);
	assert_true(host_take_interrupt());
	assert_state(IRQ, TS_SENDING);
	run(handler);
	ipc(NIL, ANY, 0);
	assert_interrupt_message();
	assert_state(IRQ, TS_RECEIVING);
	/* Only the handler acknowledges. */
	run(ROOT);
	ipc(IRQ, NIL, SBLOCK);
	assert_ipc_error(ROOT, ABI_IPC_NON_EXIST, ABI_IPC_SEND_PHASE);
	wait_for(IRQ);
	assert_ipc_error(ROOT, ABI_IPC_NON_EXIST, ABI_IPC_RECV_PHASE);
	assert_true(host_irq_masked(LINE));
	run(handler);
	ipc(IRQ, NIL, 0);
	assert_false(host_irq_masked(LINE));
	ipc(IRQ, NIL, 0); /* once more is harmless */
	assert_int_equal(tag_of(handler), 0);
	/* A poll for an interrupt that isn't there. */
	ipc(NIL, IRQ, 0);
	assert_ipc_error(handler, ABI_IPC_NO_PARTNER, ABI_IPC_RECV_PHASE);
}

static void test_first_interrupt_is_not_lost(void **state)
{
	(void)state;
	host_irq_edge(LINE);
	assert_false(host_take_interrupt());
	assert_succeeds(associate(IRQ, handler));
	assert_true(host_take_interrupt());
	run(handler);
	wait_for(ANY);
	assert_interrupt_message();
}

static void test_handler_changes(void **state)
{
	word_t other = spawn(2, ROOT);

	(void)state;
	assert_succeeds(associate(IRQ, handler));
	host_irq_edge(LINE);
	assert_true(host_take_interrupt()); /* queued for the first */
	assert_succeeds(associate(IRQ, other));
	assert_false(host_irq_masked(LINE));
	run(handler);
	ipc(NIL, ANY, 0);
	assert_ipc_error(handler, ABI_IPC_NO_PARTNER, ABI_IPC_RECV_PHASE);
	host_irq_edge(LINE);
	assert_true(host_take_interrupt());
	run(other);
	wait_for(ANY);
	assert_int_equal(from_of(other), IRQ);
	/* Detached in each state. */
	run(ROOT);
	assert_succeeds(associate(IRQ, IRQ));
	run(other);
	ipc(IRQ, NIL, 0);
	assert_ipc_error(other, ABI_IPC_NON_EXIST, ABI_IPC_SEND_PHASE);
	run(ROOT);
	assert_succeeds(associate(IRQ, other));
	host_irq_edge(LINE);
	assert_true(host_take_interrupt());
	assert_succeeds(associate(IRQ, IRQ));
	run(other);
	ipc(NIL, ANY, 0);
	assert_ipc_error(other, ABI_IPC_NO_PARTNER, ABI_IPC_RECV_PHASE);
}

static void test_handler_is_deleted(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		if (i)
			handler = spawn(1, id_of(1));
		assert_succeeds(associate(IRQ, handler));
		if (i == 1) { /* queued */
			host_irq_edge(LINE);
			assert_true(host_take_interrupt());
		} else if (i == 2) { /* being handled */
			run(handler);
			wait_for(ANY);
			host_irq_edge(LINE);
			assert_true(host_take_interrupt());
			run(ROOT);
		}
		assert_succeeds(remove_thread(handler));
		host_irq_edge(LINE);
		host_take_interrupt();
		assert_true(host_irq_masked(LINE));
		assert_running(ROOT);
	}
	assert_succeeds(associate(IRQ, ROOT));
	assert_true(host_take_interrupt());
	wait_for(ANY);
	assert_int_equal(from_of(ROOT), IRQ);
}

static void test_handler_waits_for_a_line_it_loses(void **state)
{
	word_t heir = spawn(2, id_of(2));

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		assert_succeeds(associate(IRQ, handler));
		run(handler);
		wait_for(IRQ);
		run(ROOT);
		assert_succeeds(associate(IRQ, i ? heir : IRQ));
		assert_ipc_error(handler, ABI_IPC_NON_EXIST, ABI_IPC_RECV_PHASE);
	}
}

static void test_line_of_a_deleted_handler(void **state)
{
	(void)state;
	assert_succeeds(associate(IRQ, handler));
	assert_false(host_irq_masked(LINE));
	assert_succeeds(remove_thread(handler));
	assert_true(host_irq_masked(LINE));
	/* A later thread of the same id does not inherit it. */
	assert_int_equal(spawn(1, id_of(1)), handler);
	host_irq_edge(LINE);
	assert_true(host_irq_masked(LINE));
	assert_int_equal(tcb(IRQ)->g.partner, NIL);
}

static void test_errors(void **state)
{
	word_t kernels = tid_make(HOST_IRQ_KERNEL, 1), inactive = create(5, ROOT);

	(void)state;
	assert_fails(associate(kernels, handler), ABI_ERR_THREAD);
	assert_fails(associate(tid_make(GLUE_IRQS, 1), handler), ABI_ERR_THREAD);
	assert_fails(associate(tid_make(LINE, 2), handler), ABI_ERR_THREAD);
	assert_fails(associate(IRQ, id_of(9)), ABI_ERR_THREAD);
	assert_fails(associate(IRQ, inactive), ABI_ERR_THREAD);
	assert_fails(associate(IRQ, tid_make(LINE + 1, 1)), ABI_ERR_THREAD);
	assert_fails(associate(IRQ, ANY), ABI_ERR_THREAD);
	assert_true(host_irq_masked(LINE));
	/* An interrupt thread can't be deleted. */
	assert_succeeds(associate(IRQ, handler));
	assert_fails(thread_control(IRQ, NIL, NIL, NIL, KEEP), ABI_ERR_THREAD);
	assert_non_null(tid_find(IRQ));
	run(handler);
	assert_fails(associate(IRQ, handler), ABI_ERR_NO_PRIVILEGE);
}

static void test_line_without_handler(void **state)
{
	(void)state;
	/* Unmasked by nobody's doing: it is masked by claiming it, and that is all. */
	glue_irq_mask(LINE, false);
	host_irq_level(LINE, true);
	assert_true(host_take_interrupt());
	assert_running(ROOT);
	assert_true(host_irq_masked(LINE));
	assert_false(host_take_interrupt());
}

static void test_storm_of_a_level(void **state)
{
	(void)state;
	assert_succeeds(associate(IRQ, handler));
	run(handler);
	wait_for(ANY);
	host_irq_level(LINE, true);
	for (unsigned i = 0; i < 100; i++) {
		assert_true(host_take_interrupt());
		assert_false(host_take_interrupt());
		assert_interrupt_message();
		run(handler);
		ipc(IRQ, ANY, RBLOCK);
	}
	host_irq_level(LINE, false);
	assert_false(host_take_interrupt());
}

static void test_two_lines(void **state)
{
	word_t other = tid_make(LINE + 3, 1);

	(void)state;
	assert_succeeds(associate(IRQ, handler));
	assert_succeeds(associate(other, handler));
	run(handler);
	wait_for(other);
	assert_running(ROOT);
	host_irq_edge(LINE);
	host_irq_edge(LINE + 3);
	assert_true(host_take_interrupt());
	assert_state(IRQ, TS_SENDING);
	assert_true(host_take_interrupt());
	assert_int_equal(from_of(handler), other);
	run(handler);
	ipc(other, ANY, RBLOCK);
	assert_running(handler);
	assert_interrupt_message();
}

/* ---- the short ways do what the general ones do -------------------------------------------- */

static struct snapshot before, by_short_way, by_general_way;

static void assert_same_effect(void)
{
	char text[200];

	if (snapshot_differ(&by_general_way, &by_short_way, true, text, sizeof(text)))
		fail_msg("the short way differs: %s", text);
}

static void test_short_way_of_an_interrupt(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		assert_succeeds(associate(IRQ, handler));
		run(handler);
		wait_for(i ? ANY : IRQ);
		assert_running(ROOT);
		snapshot_take(&before);
		host_irq_edge(LINE);
		assert_true(host_take_interrupt());
		assert_interrupt_message();
		snapshot_again(&by_short_way, &before);
		/* The same, but it doesn't look like a plain receiver. */
		snapshot_restore(&before);
		tcb(handler)->g.accepts = NIL;
		glue_irq_mask(LINE, false);
		host_irq_edge(LINE);
		assert_true(host_take_interrupt());
		snapshot_again(&by_general_way, &before);
		assert_same_effect();
		run(handler);
		ipc(IRQ, NIL, 0);
		run(ROOT);
	}
}

static bool receives(bool (*way)(struct tcb *), struct tcb *t, word_t from, word_t tag)
{
	t->g.partner = from;
	t->g.tag = tag;
	return way(t);
}

/* The handler has taken an interrupt, and not acknowledged it. */
static void take_interrupt(void)
{
	assert_succeeds(associate(IRQ, handler));
	host_irq_edge(LINE);
	assert_true(host_take_interrupt());
	run(handler);
	wait_for(ANY);
}

static void test_short_way_of_acknowledging(void **state)
{
	struct tcb *h = tcb(handler);

	(void)state;
	take_interrupt();
	assert_interrupt_message();
	assert_true(host_irq_masked(LINE));
	tcb(IRQ)->g.waited =
	    1; /* the short way doesn't set it: no interrupt thread is asked for it */
	snapshot_take(&before);
	assert_true(receives(irq_receive, h, IRQ, RBLOCK));
	assert_false(host_irq_masked(LINE));
	snapshot_again(&by_short_way, &before);
	snapshot_restore(&before);
	glue_irq_mask(LINE, true);
	assert_true(receives(ipc_receive, h, IRQ, RBLOCK));
	assert_false(host_irq_masked(LINE));
	snapshot_again(&by_general_way, &before);
	assert_same_effect();
	host_resume(sched_block());
	host_irq_edge(LINE);
	assert_true(host_take_interrupt());
	assert_interrupt_message();
}

/* What it is not for, and leaves as it is. */
static void test_short_way_not_taken(void **state)
{
	struct tcb *h = tcb(handler);
	const word_t others[] = {tid_make(LINE, 2), tid_make(LINE + 1, 1), handler, ROOT, ANY};
	char text[200];

	(void)state;
	take_interrupt();
	receives(irq_receive, h, ANY, 0);
	receives(irq_receive, tcb(ROOT), IRQ, RBLOCK);
	snapshot_take(&before);
	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(receives(irq_receive, h, others[i], RBLOCK));
	assert_false(receives(irq_receive, tcb(ROOT), IRQ, RBLOCK));
	assert_false(receives(irq_receive, h, IRQ, SBLOCK));
	h->g.utcb->acceptor = ABI_ACCEPT_NOSYNC;
	assert_false(receives(irq_receive, h, IRQ, RBLOCK));
	h->g.utcb->acceptor = 0;
	h->g.flags = T_QUANTUM;
	assert_false(receives(irq_receive, h, IRQ, RBLOCK));
	h->g.flags = 0;
	tcb(IRQ)->g.state = TS_IRQ_IDLE;
	assert_false(receives(irq_receive, h, IRQ, RBLOCK));
	tcb(IRQ)->g.state = TS_RECEIVING;
	receives(irq_receive, h, ANY, 0);
	assert_true(host_irq_masked(LINE));
	snapshot_again(&by_short_way, &before);
	if (snapshot_differ(&before, &by_short_way, false, text, sizeof(text)))
		fail_msg("refusing has changed something: %s", text);
}

/* Its interrupt comes while the handler is being deleted, which has been cut. */
static void test_handler_is_being_deleted(void **state)
{
	word_t sender = spawn(2, ROOT);

	(void)state;
	assert_succeeds(associate(IRQ, handler));
	run(sender);
	ipc(handler, NIL, SBLOCK);
	run(ROOT);
	host_irq_edge(LINE);
	thread_control(handler, NIL, NIL, NIL, KEEP);
	assert_null(tid_find(handler));
	assert_state(IRQ, TS_IRQ_IDLE);
	assert_true(host_take_interrupt());
	assert_true(host_irq_masked(LINE));
	run(ROOT);
	assert_succeeds(remove_thread(handler));
	assert_int_equal(tcb(IRQ)->g.partner, NIL);
	assert_int_equal(tcb(IRQ)->g.flags, 0);
	assert_succeeds(associate(IRQ, ROOT));
	host_irq_edge(LINE);
	assert_true(host_take_interrupt());
	wait_for(ANY);
	assert_int_equal(from_of(ROOT), IRQ);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    IRQ_TEST(test_association_unmasks),
	    IRQ_TEST(test_waiting_handler),
	    IRQ_TEST(test_urgent_handler_preempts),
	    IRQ_TEST(test_from_idle),
	    IRQ_TEST(test_busy_handler),
	    IRQ_TEST(test_first_interrupt_is_not_lost),
	    IRQ_TEST(test_handler_changes),
	    IRQ_TEST(test_handler_is_deleted),
	    IRQ_TEST(test_handler_waits_for_a_line_it_loses),
	    IRQ_TEST(test_line_of_a_deleted_handler),
	    IRQ_TEST(test_errors),
	    IRQ_TEST(test_line_without_handler),
	    IRQ_TEST(test_storm_of_a_level),
	    IRQ_TEST(test_two_lines),
	    IRQ_TEST(test_short_way_of_an_interrupt),
	    IRQ_TEST(test_short_way_of_acknowledging),
	    IRQ_TEST(test_short_way_not_taken),
	    IRQ_TEST(test_handler_is_being_deleted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
