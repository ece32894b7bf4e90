/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_ipc.c - synchronous IPC: every form of it, in both phases, whichever side comes first.
 */
#include "ipc_cast.h"

static void test_both_nil(void **state)
{
	(void)state;
	ipc(NIL, NIL, U(5) | LABEL(3) | BLOCK);
	assert_running(ROOT);
	assert_int_equal(tag_of(ROOT), 0);
	assert_int_equal(from_of(ROOT), 0);
}

static void test_send_to_waiting(void **state)
{
	(void)state;
	let_wait(a, ROOT);
	run(ROOT);
	for (unsigned i = 1; i <= 5; i++) {
		*mr(ROOT, i) = 100 + i;
		*mr(a, i) = 200 + i;
	}
	ipc(a, NIL, U(3) | LABEL(0x77) | SBLOCK);
	assert_running(ROOT);
	assert_int_equal(tag_of(ROOT), 0);
	assert_int_equal(from_of(ROOT), 0);
	assert_int_equal(tag_of(a), U(3) | LABEL(0x77));
	assert_int_equal(from_of(a), ROOT);
	for (unsigned i = 1; i <= 5; i++)
		assert_int_equal(*mr(a, i), (i <= 3 ? 100 : 200) + i);
	assert_state(a, TS_READY);
	run(a);
}

static void test_every_length_is_exact(void **state)
{
	(void)state;
	for (unsigned n = 0; n < ABI_MRS; n++) {
		let_wait(b, c);
		run(c);
		for (unsigned i = 0; i < ABI_MRS; i++) {
			*mr(c, i) = 1000 + i;
			*mr(b, i) = 2000 + i;
		}
		ipc(b, NIL, U(n) | SBLOCK);
		assert_int_equal(tag_of(b), n);
		assert_int_equal(*mr(b, 0), 2000);
		for (unsigned i = 1; i < ABI_MRS; i++)
			assert_int_equal(*mr(b, i), (i <= n ? 1000 : 2000) + i);
	}
}

static void test_call_and_reply(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 3; round++) {
		if (round == 0)
			let_wait(b, ANY);
		run(a);
		*mr(a, 1) = round;
		ipc(b, b, U(1) | LABEL(1) | BLOCK);
		/* The partner runs directly. */
		assert_running(b);
		assert_int_equal(tag_of(b), U(1) | LABEL(1));
		assert_int_equal(from_of(b), a);
		assert_int_equal(*mr(b, 1), round);
		assert_state(a, TS_RECEIVING);
		*mr(b, 1) = round + 50;
		ipc(a, ANY, U(1) | LABEL(2) | RBLOCK);
		assert_running(a);
		assert_int_equal(tag_of(a), U(1) | LABEL(2));
		assert_int_equal(from_of(a), b);
		assert_int_equal(*mr(a, 1), round + 50);
		assert_state(b, TS_RECEIVING);
	}
}

static void test_sender_waits_for_receiver(void **state)
{
	(void)state;
	run(a);
	*mr(a, 1) = 11;
	let_send(a, b, NIL, U(1) | LABEL(9));
	run(b);
	wait_for(ANY);
	assert_running(b);
	assert_int_equal(tag_of(b), U(1) | LABEL(9));
	assert_int_equal(from_of(b), a);
	assert_int_equal(*mr(b, 1), 11);
	assert_state(a, TS_READY);
	assert_int_equal(tag_of(a), 0);
	assert_int_equal(from_of(a), 0);
}

static void test_call_waits_for_receiver(void **state)
{
	(void)state;
	let_send(a, b, b, U(0) | LABEL(1) | RBLOCK);
	run(b);
	wait_for(a);
	assert_running(b);
	assert_int_equal(tag_of(b), LABEL(1));
	assert_state(a, TS_RECEIVING);
	ipc(a, NIL, LABEL(2));
	assert_int_equal(tag_of(b), 0);
	assert_int_equal(tag_of(a), LABEL(2));
	assert_int_equal(from_of(a), b);
}

static void test_open_wait_is_fifo(void **state)
{
	const word_t order[] = {c, a, b};

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		let_send(order[i], ROOT, NIL, LABEL(i));
	run(ROOT);
	for (unsigned i = 0; i < 3; i++) {
		wait_for(ANY);
		assert_int_equal(from_of(ROOT), order[i]);
		assert_int_equal(tag_of(ROOT), LABEL(i));
	}
}

static void test_open_wait_prefers_priority(void **state)
{
	const word_t senders[] = {a, b, c, id_of(4), id_of(5), id_of(6)};
	static const unsigned prio[] = {50, 70, 50, 60, 70, 60};
	static const unsigned want[] = {1, 4, 3, 5, 0, 2};

	(void)state;
	for (unsigned i = 4; i < 7; i++)
		spawn(i, ROOT);
	for (unsigned i = 0; i < 6; i++)
		let_send(senders[i], ROOT, NIL, LABEL(i));
	run(ROOT);
	/* Also in the queue, a priority takes effect. */
	for (unsigned i = 0; i < 6; i++)
		assert_succeeds(schedule(senders[i], KEEP, KEEP, prio[i]));
	for (unsigned i = 0; i < 6; i++) {
		wait_for(ANY);
		assert_int_equal(from_of(ROOT), senders[want[i]]);
	}
}

static void test_closed_wait_takes_only_that(void **state)
{
	(void)state;
	let_send(a, ROOT, NIL, LABEL(1));
	let_send(b, ROOT, NIL, LABEL(2));
	run(ROOT);
	wait_for(b);
	assert_int_equal(from_of(ROOT), b);
	ipc(NIL, c, 0);
	assert_ipc_error(ROOT, ABI_IPC_NO_PARTNER, ABI_IPC_RECV_PHASE);
	wait_for(c);
	assert_state(ROOT, TS_RECEIVING);
	/* A send by another one waits. */
	run(b);
	ipc(ROOT, NIL, 0);
	assert_ipc_error(b, ABI_IPC_NO_PARTNER, ABI_IPC_SEND_PHASE);
	let_send(b, ROOT, NIL, 0);
	run(c);
	ipc(ROOT, NIL, LABEL(3));
	assert_int_equal(tag_of(ROOT), LABEL(3));
	run(ROOT);
	wait_for(ANY);
	assert_int_equal(from_of(ROOT), a);
}

static void test_polling_send(void **state)
{
	(void)state;
	ipc(a, ANY, RBLOCK);
	/* The failed send phase skips the receive phase. */
	assert_running(ROOT);
	assert_ipc_error(ROOT, ABI_IPC_NO_PARTNER, ABI_IPC_SEND_PHASE);
	let_wait(a, ANY);
	run(ROOT);
	ipc(a, NIL, LABEL(4));
	assert_int_equal(tag_of(ROOT), 0);
	assert_int_equal(tag_of(a), LABEL(4));
}

static void test_polling_receive(void **state)
{
	(void)state;
	ipc(NIL, ANY, 0);
	assert_ipc_error(ROOT, ABI_IPC_NO_PARTNER, ABI_IPC_RECV_PHASE);
	ipc(NIL, a, 0);
	assert_ipc_error(ROOT, ABI_IPC_NO_PARTNER, ABI_IPC_RECV_PHASE);
	let_send(a, ROOT, NIL, LABEL(5));
	run(ROOT);
	ipc(NIL, ANY, 0);
	assert_int_equal(tag_of(ROOT), LABEL(5));
	/* After a send, too. */
	let_wait(a, ANY);
	run(ROOT);
	ipc(a, b, SBLOCK);
	assert_ipc_error(ROOT, ABI_IPC_NO_PARTNER, ABI_IPC_RECV_PHASE);
	assert_state(a, TS_READY);
}

/* A sender whose own receive phase finds somebody waiting. */
static void test_receive_phase_after_queueing(void **state)
{
	(void)state;
	let_send(a, b, ANY, LABEL(1) | RBLOCK); /* send to b, then open wait */
	let_send(c, a, NIL, LABEL(2));
	run(b);
	wait_for(ANY);
	assert_int_equal(from_of(b), a);
	run(a);
	assert_int_equal(tag_of(a), LABEL(2));
	assert_int_equal(from_of(a), c);
	assert_state(c, TS_READY);
	assert_int_equal(tag_of(c), 0);
}

static void test_receive_phase_after_queueing_blocks(void **state)
{
	(void)state;
	let_send(a, b, c, LABEL(1) | RBLOCK);
	run(b);
	wait_for(ANY);
	assert_int_equal(from_of(b), a);
	/* Its turn comes: nobody is there, it blocks, and another thread runs. */
	CALL(ABI_SYS_THREAD_SWITCH, NIL);
	for (unsigned i = 0; i < 4 && tcb(a)->g.state != TS_RECEIVING; i++)
		CALL(ABI_SYS_THREAD_SWITCH, NIL);
	assert_state(a, TS_RECEIVING);
	run(c);
	ipc(a, NIL, LABEL(4));
	assert_int_equal(tag_of(a), LABEL(4));
	assert_int_equal(from_of(a), c);
}

static void test_receive_phase_after_queueing_polls(void **state)
{
	(void)state;
	let_send(a, b, ANY, LABEL(1));
	run(b);
	wait_for(a);
	run(a);
	assert_ipc_error(a, ABI_IPC_NO_PARTNER, ABI_IPC_RECV_PHASE);
}

/* Long chains of such threads are not run through at once. */
static void test_receive_phases_can_be_cut(void **state)
{
	enum { N = 40 };

	(void)state;
	for (unsigned i = 0; i < N; i++) {
		word_t id = spawn(20 + i, ROOT);

		let_send(id, a, b, LABEL(i) | RBLOCK);
		run(ROOT);
	}
	run(a);
	for (unsigned i = 0; i < N; i++)
		wait_for(ANY);
	/* All of them will block when their turns come; with an interrupt pending, not all at
	 * once. */
	for (unsigned i = 0; i < 4; i++) {
		const word_t others[] = {ROOT, b, c};

		if (i == 3) {
			glue_irq_mask(7, false);
			host_irq_edge(7);
			run(a);
			wait_for(a);
		} else {
			run(others[i]);
			wait_for(others[i]);
		}
	}
	for (unsigned i = 0; running() != NIL || tcb(id_of(20 + N - 1))->g.flags & T_RECEIVE; i++) {
		assert_true(i < 3 * N);
		if (running() != NIL)
			wait_for(running());
		else
			host_resume(k_interrupt(NULL));
	}
	for (unsigned i = 0; i < N; i++)
		assert_state(id_of(20 + i), TS_RECEIVING);
}

static void test_cycle_of_calls(void **state)
{
	(void)state;
	run(a);
	ipc(b, b, BLOCK);
	run(b);
	ipc(c, c, BLOCK);
	run(c);
	ipc(a, a, BLOCK);
	assert_state(a, TS_SENDING);
	assert_state(b, TS_SENDING);
	assert_state(c, TS_SENDING);
	assert_running(ROOT);
	assert_succeeds(remove_thread(b));
	assert_ipc_error(a, ABI_IPC_CANCELED, ABI_IPC_SEND_PHASE);
}

static void test_higher_priority_wins(void **state)
{
	(void)state;
	let_wait(b, ANY);
	run(ROOT);
	assert_succeeds(schedule(b, KEEP, KEEP, 50));
	assert_succeeds(schedule(c, KEEP, KEEP, 60));
	assert_succeeds(schedule(a, KEEP, KEEP, 90));
	wait_for(a);
	assert_running(a);
	/* a calls b: b gets its message, but c is above it. */
	ipc(b, b, LABEL(1) | BLOCK);
	assert_running(c);
	assert_int_equal(tag_of(b), LABEL(1));
	assert_state(b, TS_READY);
	/* b's answer wakes a, which is above it. */
	wait_for(ROOT);
	assert_running(b);
	ipc(a, NIL, LABEL(2));
	assert_running(a);
	assert_int_equal(tag_of(a), LABEL(2));
	assert_int_equal(tag_of(b), 0);
	assert_true(tcb(b)->g.flags & T_QUEUED);
}

static void test_reply_and_wait_with_sender_pending(void **state)
{
	(void)state;
	let_wait(b, ANY);
	run(a);
	ipc(b, b, LABEL(1) | BLOCK);
	assert_running(b);
	let_send(c, b, NIL, LABEL(2));
	run(b);
	/* The answer goes out, and the next message is there at once. */
	ipc(a, ANY, LABEL(3) | RBLOCK);
	assert_int_equal(tag_of(a), LABEL(3));
	assert_int_equal(tag_of(b), LABEL(2));
	assert_int_equal(from_of(b), c);
	assert_state(b, TS_READY);
	assert_state(a, TS_READY);
}

static void test_closed_receive_from_another(void **state)
{
	(void)state;
	let_wait(b, ANY);
	let_send(c, a, NIL, LABEL(7));
	run(a);
	ipc(b, c, LABEL(1) | BLOCK); /* send to b, receive from c */
	assert_int_equal(tag_of(b), LABEL(1));
	assert_int_equal(tag_of(a), LABEL(7));
	assert_int_equal(from_of(a), c);
}

static void test_halted_receiver_gets_its_message(void **state)
{
	(void)state;
	let_wait(a, ANY);
	run(ROOT);
	assert_int_equal(exregs(a, ABI_XREG_H_WRITE | ABI_XREG_HALTED, 0, 0, 0, 0, 0), a);
	ipc(a, a, LABEL(1) | SBLOCK | RBLOCK);
	assert_int_equal(tag_of(a), LABEL(1));
	assert_state(a, TS_READY);
	assert_true(tcb(a)->g.flags & T_HALTED);
	assert_false(tcb(a)->g.flags & T_QUEUED);
	run(b);
	assert_int_equal(exregs(a, ABI_XREG_H_WRITE, 0, 0, 0, 0, 0), 0); /* not b's to resume */
	assert_int_equal(error_of(b), ABI_ERR_THREAD);
	run(c);
	assert_false(tcb(a)->g.flags & T_QUEUED);
}

static void test_deleted_partner(void **state)
{
	(void)state;
	let_send(a, c, NIL, 0);
	let_wait(b, c);
	run(ROOT);
	assert_succeeds(remove_thread(c));
	assert_ipc_error(a, ABI_IPC_CANCELED, ABI_IPC_SEND_PHASE);
	assert_ipc_error(b, ABI_IPC_NON_EXIST, ABI_IPC_RECV_PHASE);
	assert_state(a, TS_READY);
	assert_state(b, TS_READY);
	run(a);
	run(b);
}

static void test_deleted_partner_of_a_call(void **state)
{
	(void)state;
	let_wait(c, ANY);
	run(a);
	ipc(c, c, BLOCK);
	assert_running(c);
	run(b);
	ipc(c, c, BLOCK); /* queued */
	run(ROOT);
	assert_succeeds(remove_thread(c));
	assert_ipc_error(a, ABI_IPC_NON_EXIST, ABI_IPC_RECV_PHASE);
	assert_ipc_error(b, ABI_IPC_CANCELED, ABI_IPC_SEND_PHASE);
}

/* Registers that carry no part of the message stay as they were. */
static void test_registers_stay(void **state)
{
	struct glue_ctx *ctx = &tcb(b)->g.ctx;

	(void)state;
	for (unsigned i = 5; i < HOST_REGS; i++)
		ctx->r[i] = 0xb00 + i;
	let_wait(b, ANY);
	run(c);
	for (unsigned i = 5; i < HOST_REGS; i++)
		tcb(c)->g.ctx.r[i] = 0xc00 + i;
	ipc(b, b, U(63) | BLOCK);
	for (unsigned i = 5; i < HOST_REGS; i++)
		assert_int_equal(ctx->r[i], 0xb00 + i);
	assert_int_equal(tcb(c)->g.ctx.r[5], 0xc05);
}

static void test_forged_labels_are_data(void **state)
{
	(void)state;
	for (int proto = ABI_PROTO_EXCEPTION; proto <= ABI_PROTO_INTERRUPT; proto++) {
		word_t label = (word_t)(sword_t)proto << ABI_PROTO_SHIFT;

		let_wait(b, ANY);
		run(a);
		ipc(b, NIL, U(2) | LABEL(label));
		assert_int_equal(tag_of(b), U(2) | LABEL(label));
		assert_int_equal(from_of(b), a);
	}
}

/* The plain path and the general one do the same: a call to a thread with a finite quantum,
 * or by one, takes the general one. */
static void test_general_path_agrees(void **state)
{
	(void)state;
	for (unsigned who = 0; who < 3; who++) {
		run(ROOT);
		assert_succeeds(schedule(a, KEEP, who == 1 ? 1000000 : 0, KEEP));
		assert_succeeds(schedule(b, KEEP, who == 2 ? 1000000 : 0, KEEP));
		let_wait(b, ANY);
		run(a);
		*mr(a, 1) = 0x1234;
		ipc(b, b, U(1) | LABEL(1) | BLOCK);
		assert_running(b);
		assert_int_equal(tag_of(b), U(1) | LABEL(1));
		assert_int_equal(*mr(b, 1), 0x1234);
		ipc(a, ANY, U(0) | LABEL(2) | RBLOCK);
		assert_running(a);
		assert_int_equal(tag_of(a), LABEL(2));
		assert_state(b, TS_RECEIVING);
		ipc(b, NIL, LABEL(3));
		run(b);
	}
}

static void test_flags_do_not_arrive(void **state)
{
	(void)state;
	let_wait(b, ANY);
	run(a);
	ipc(b, NIL, U(0) | LABEL(1) | 0x1000 | SBLOCK | RBLOCK);
	assert_int_equal(tag_of(b), LABEL(1));
	let_send(a, b, NIL, LABEL(2) | 0x1000 | RBLOCK);
	run(b);
	wait_for(ANY);
	assert_int_equal(tag_of(b), LABEL(2));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    IPC_TEST(test_both_nil),
	    IPC_TEST(test_send_to_waiting),
	    IPC_TEST(test_every_length_is_exact),
	    IPC_TEST(test_call_and_reply),
	    IPC_TEST(test_sender_waits_for_receiver),
	    IPC_TEST(test_call_waits_for_receiver),
	    IPC_TEST(test_open_wait_is_fifo),
	    IPC_TEST(test_open_wait_prefers_priority),
	    IPC_TEST(test_closed_wait_takes_only_that),
	    IPC_TEST(test_polling_send),
	    IPC_TEST(test_polling_receive),
	    IPC_TEST(test_receive_phase_after_queueing),
	    IPC_TEST(test_receive_phase_after_queueing_blocks),
	    IPC_TEST(test_receive_phase_after_queueing_polls),
	    IPC_TEST(test_receive_phases_can_be_cut),
	    IPC_TEST(test_cycle_of_calls),
	    IPC_TEST(test_higher_priority_wins),
	    IPC_TEST(test_reply_and_wait_with_sender_pending),
	    IPC_TEST(test_closed_receive_from_another),
	    IPC_TEST(test_halted_receiver_gets_its_message),
	    IPC_TEST(test_deleted_partner),
	    IPC_TEST(test_deleted_partner_of_a_call),
	    IPC_TEST(test_registers_stay),
	    IPC_TEST(test_forged_labels_are_data),
	    IPC_TEST(test_general_path_agrees),
	    IPC_TEST(test_flags_do_not_arrive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
