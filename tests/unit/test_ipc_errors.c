/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_ipc_errors.c - what IPC refuses: partners that there are not or that do not accept, and
 * messages that do not fit.
 */
#include "ipc_cast.h"

static void test_wrong_partners(void **state)
{
	const word_t wrong[] = {
	    tid_make(k_user_base + 1, 2), /* another version */
	    tid_make(k_user_base + 9, 1), /* nobody */
	    tid_make(tid_slots(), 1),     /* out of the table */
	    tid_make(((word_t)1 << ABI_TID_NUMBER_BITS) - 1, 1),
	    tid_make(3, 1),         /* an interrupt without a handler */
	    tid_make(GLUE_IRQS, 1), /* between interrupts and threads */
	    1,
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		ipc(wrong[i], NIL, SBLOCK);
		assert_ipc_error(ROOT, ABI_IPC_NON_EXIST, ABI_IPC_SEND_PHASE);
		ipc(wrong[i], NIL, 0);
		assert_ipc_error(ROOT, ABI_IPC_NON_EXIST, ABI_IPC_SEND_PHASE);
		wait_for(wrong[i]);
		assert_running(ROOT);
		assert_ipc_error(ROOT, ABI_IPC_NON_EXIST, ABI_IPC_RECV_PHASE);
	}
	ipc(ANY, NIL, SBLOCK);
	assert_ipc_error(ROOT, ABI_IPC_NON_EXIST, ABI_IPC_SEND_PHASE);
	ipc(WAITN, NIL, SBLOCK);
	assert_ipc_error(ROOT, ABI_IPC_NON_EXIST, ABI_IPC_SEND_PHASE);
}

static void test_to_oneself(void **state)
{
	(void)state;
	run(a);
	ipc(a, NIL, SBLOCK);
	assert_ipc_error(a, ABI_IPC_NON_EXIST, ABI_IPC_SEND_PHASE);
	ipc(a, a, BLOCK);
	assert_ipc_error(a, ABI_IPC_NON_EXIST, ABI_IPC_SEND_PHASE);
	ipc(a, NIL, 0);
	assert_ipc_error(a, ABI_IPC_NO_PARTNER, ABI_IPC_SEND_PHASE);
	/* To receive from oneself is to sleep for ever. */
	wait_for(a);
	assert_state(a, TS_RECEIVING);
	run(ROOT);
	ipc(a, NIL, 0);
	assert_ipc_error(ROOT, ABI_IPC_NO_PARTNER, ABI_IPC_SEND_PHASE);
}

static void test_inactive_and_waiting_for_start(void **state)
{
	word_t inactive = create(10, ROOT), waiting = spawn_waiting(11, ROOT);

	(void)state;
	ipc(inactive, NIL, 0);
	assert_ipc_error(ROOT, ABI_IPC_NO_PARTNER, ABI_IPC_SEND_PHASE);
	/* Only the pager starts a thread. */
	run(a);
	ipc(waiting, NIL, U(2));
	assert_ipc_error(a, ABI_IPC_NO_PARTNER, ABI_IPC_SEND_PHASE);
	assert_state(waiting, TS_RECEIVING);
	/* Who sends and blocks is served when the receiver comes to life. */
	let_send(a, inactive, NIL, LABEL(6));
	run(ROOT);
	assert_succeeds(thread_control(inactive, ROOT, NIL, ROOT, utcb_place(10, true)));
	ipc(inactive, NIL, U(2));
	run(inactive);
	wait_for(ANY);
	assert_int_equal(tag_of(inactive), LABEL(6));
	assert_int_equal(from_of(inactive), a);
}

static void test_acceptor_refuses(void **state)
{
	(void)state;
	run(a);
	tcb(a)->g.utcb->acceptor = ABI_ACCEPT_NOSYNC;
	/* It doesn't wait yet: no use in queueing for it. */
	run(b);
	ipc(a, NIL, SBLOCK);
	assert_ipc_error(b, ABI_IPC_NOT_ACCEPTED, ABI_IPC_SEND_PHASE);
	let_wait(a, ANY);
	run(b);
	ipc(a, NIL, SBLOCK);
	assert_ipc_error(b, ABI_IPC_NOT_ACCEPTED, ABI_IPC_SEND_PHASE);
	ipc(a, a, BLOCK);
	assert_ipc_error(b, ABI_IPC_NOT_ACCEPTED, ABI_IPC_SEND_PHASE);
	assert_state(a, TS_RECEIVING);
}

static void test_message_overflow(void **state)
{
	const word_t tags[] = {U(64), U(0xfff), U(1) | 0x400};

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		*mr(a, 1) = 77;
		let_wait(a, ANY);
		run(b);
		*mr(b, 1) = 88;
		ipc(a, NIL, tags[i] | SBLOCK);
		assert_ipc_error(b, ABI_IPC_MSG_OVERFLOW, ABI_IPC_SEND_PHASE);
		assert_ipc_error(a, ABI_IPC_MSG_OVERFLOW, ABI_IPC_RECV_PHASE);
		assert_state(a, TS_READY);
		assert_int_equal(*mr(a, 1), 77);
		/* The sender first. */
		let_send(b, a, b, tags[i]);
		run(a);
		wait_for(ANY);
		assert_ipc_error(a, ABI_IPC_MSG_OVERFLOW, ABI_IPC_RECV_PHASE);
		assert_ipc_error(b, ABI_IPC_MSG_OVERFLOW, ABI_IPC_SEND_PHASE);
		assert_state(b, TS_READY);
	}
}

static void test_call_overflow_on_the_plain_path(void **state)
{
	(void)state;
	let_wait(a, ANY);
	run(b);
	ipc(a, a, U(64) | BLOCK);
	assert_ipc_error(b, ABI_IPC_MSG_OVERFLOW, ABI_IPC_SEND_PHASE);
	assert_ipc_error(a, ABI_IPC_MSG_OVERFLOW, ABI_IPC_RECV_PHASE);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    IPC_TEST(test_wrong_partners),
	    IPC_TEST(test_to_oneself),
	    IPC_TEST(test_inactive_and_waiting_for_start),
	    IPC_TEST(test_acceptor_refuses),
	    IPC_TEST(test_message_overflow),
	    IPC_TEST(test_call_overflow_on_the_plain_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
