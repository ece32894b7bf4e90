/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_notify.c - notification: bits that wait for their receiver.
 */
#include "harness.h"

static word_t a, b;

static int setup(void **state)
{
	boot_setup(state);
	a = spawn(1, ROOT);
	b = spawn(2, id_of(2));
	return 0;
}

#define NOTIFY_TEST(f) cmocka_unit_test_setup_teardown(f, setup, boot_teardown)

static struct abi_utcb *utcb(word_t id)
{
	return tcb(id)->g.utcb;
}

/* Root notifies `id`. */
static void notify(word_t id, word_t bits)
{
	run(ROOT);
	*mr(ROOT, 1) = bits;
	ipc(id, NIL, U(1) | NOTIFY);
}

static void accept(word_t id, word_t mask)
{
	utcb(id)->acceptor = ABI_ACCEPT_NOTIFY;
	utcb(id)->notify_mask = mask;
}

static void assert_got(word_t id, word_t bits)
{
	assert_int_equal(tag_of(id), 1);
	assert_int_equal(from_of(id), NIL);
	assert_int_equal(*mr(id, 1), bits);
}

static void test_not_accepted(void **state)
{
	(void)state;
	notify(a, 1);
	assert_ipc_error(ROOT, ABI_IPC_NOT_ACCEPTED, ABI_IPC_SEND_PHASE);
	assert_int_equal(utcb(a)->notify_bits, 0);
	notify(create(5, ROOT), 1); /* without a UTCB */
	assert_ipc_error(ROOT, ABI_IPC_NOT_ACCEPTED, ABI_IPC_SEND_PHASE);
	notify(id_of(7), 1);
	assert_ipc_error(ROOT, ABI_IPC_NON_EXIST, ABI_IPC_SEND_PHASE);
	run(a);
	ipc(NIL, WAITN, RBLOCK);
	assert_ipc_error(a, ABI_IPC_NOT_ACCEPTED, ABI_IPC_RECV_PHASE);
}

static void test_wakes_who_waits_for_it(void **state)
{
	(void)state;
	accept(a, 0x6);
	run(a);
	ipc(NIL, WAITN, RBLOCK);
	assert_state(a, TS_WAIT_NOTIFY);
	/* Bits out of the mask are kept, and wake nobody. */
	notify(a, 0x8);
	assert_int_equal(tag_of(ROOT), 0);
	assert_state(a, TS_WAIT_NOTIFY);
	notify(a, 0x15);
	assert_state(a, TS_READY);
	assert_got(a, 0x4);
	assert_int_equal(utcb(a)->notify_bits, 0x19);
}

static void test_wakes_open_wait(void **state)
{
	(void)state;
	accept(a, ~(word_t)0);
	run(a);
	wait_for(ANY);
	notify(a, 0x80);
	assert_got(a, 0x80);
	assert_int_equal(utcb(a)->notify_bits, 0);
}

static void test_closed_wait_is_not_woken(void **state)
{
	(void)state;
	accept(a, ~(word_t)0);
	run(a);
	wait_for(b);
	notify(a, 3);
	assert_state(a, TS_RECEIVING);
	notify(a, 4);
	assert_int_equal(utcb(a)->notify_bits, 7);
	run(b);
	ipc(a, NIL, LABEL(5));
	assert_int_equal(tag_of(a), LABEL(5));
	/* They are there for the next wait. */
	run(a);
	wait_for(ANY);
	assert_running(a);
	assert_got(a, 7);
}

static void test_pending_bits(void **state)
{
	(void)state;
	accept(a, 0xff);
	notify(a, 0x3);
	assert_int_equal(utcb(a)->notify_bits, 3);
	run(a);
	ipc(NIL, WAITN, 0);
	assert_got(a, 3);
	ipc(NIL, WAITN, 0);
	assert_ipc_error(a, ABI_IPC_NO_PARTNER, ABI_IPC_RECV_PHASE);
	/* Pending bits come before the look at the acceptor... */
	utcb(a)->notify_bits = 0x10;
	utcb(a)->acceptor = 0;
	ipc(NIL, WAITN, RBLOCK);
	assert_got(a, 0x10);
	/* ... but in an open wait they count only with it. */
	utcb(a)->notify_bits = 0x10;
	ipc(NIL, ANY, 0);
	assert_ipc_error(a, ABI_IPC_NO_PARTNER, ABI_IPC_RECV_PHASE);
	utcb(a)->acceptor = ABI_ACCEPT_NOTIFY;
	ipc(NIL, ANY, 0);
	assert_got(a, 0x10);
}

static void test_senders_win_over_bits(void **state)
{
	(void)state;
	accept(a, 0xff);
	notify(a, 1);
	run(b);
	ipc(a, NIL, LABEL(3) | SBLOCK);
	run(a);
	wait_for(ANY);
	assert_int_equal(from_of(a), b);
	wait_for(ANY);
	assert_got(a, 1);
}

static void test_waitnotify_takes_no_message(void **state)
{
	(void)state;
	accept(a, 0xff);
	run(a);
	ipc(NIL, WAITN, RBLOCK);
	run(ROOT);
	ipc(a, NIL, 0);
	assert_ipc_error(ROOT, ABI_IPC_NO_PARTNER, ABI_IPC_SEND_PHASE);
	assert_state(a, TS_WAIT_NOTIFY);
}

static void test_notify_with_receive_phase(void **state)
{
	(void)state;
	accept(a, 0xff);
	run(a);
	ipc(NIL, WAITN, RBLOCK);
	run(ROOT);
	*mr(ROOT, 1) = 2;
	ipc(a, b, U(1) | NOTIFY | RBLOCK);
	assert_running(a);
	assert_got(a, 2);
	assert_state(ROOT, TS_RECEIVING);
	run(b);
	ipc(ROOT, NIL, LABEL(8));
	assert_int_equal(tag_of(ROOT), LABEL(8));
}

static void test_higher_priority_preempts(void **state)
{
	(void)state;
	accept(a, 0xff);
	run(a);
	ipc(NIL, WAITN, RBLOCK);
	run(ROOT);
	assert_succeeds(schedule(a, KEEP, KEEP, PRIO_DEFAULT + 1));
	*mr(ROOT, 1) = 2;
	ipc(a, NIL, U(1) | NOTIFY);
	assert_running(a);
	assert_got(a, 2);
	assert_int_equal(tag_of(ROOT), 0);
	assert_true(tcb(ROOT)->g.flags & T_QUEUED);
}

/* A call to a thread that has bits pending for an open wait after it. */
static void test_call_and_open_wait_sees_bits(void **state)
{
	(void)state;
	accept(a, 0xff);
	run(b);
	wait_for(ANY);
	notify(a, 9);
	run(a);
	ipc(b, ANY, LABEL(1) | BLOCK);
	assert_running(a);
	assert_got(a, 9);
	assert_int_equal(tag_of(b), LABEL(1));
}

static void test_thread_waiting_for_its_pager_is_left_alone(void **state)
{
	(void)state;
	accept(a, 0xff);
	run(a);
	page_fault(0x1000, GLUE_R);
	notify(a, 1);
	assert_int_equal(tcb(a)->g.cont, CONT_PAGEFAULT);
	assert_int_equal(utcb(a)->notify_bits, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    NOTIFY_TEST(test_not_accepted),
	    NOTIFY_TEST(test_wakes_who_waits_for_it),
	    NOTIFY_TEST(test_wakes_open_wait),
	    NOTIFY_TEST(test_closed_wait_is_not_woken),
	    NOTIFY_TEST(test_pending_bits),
	    NOTIFY_TEST(test_senders_win_over_bits),
	    NOTIFY_TEST(test_waitnotify_takes_no_message),
	    NOTIFY_TEST(test_notify_with_receive_phase),
	    NOTIFY_TEST(test_higher_priority_preempts),
	    NOTIFY_TEST(test_call_and_open_wait_sees_bits),
	    NOTIFY_TEST(test_thread_waiting_for_its_pager_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
