/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_sched.c - priorities, slices, quanta, Schedule and ThreadSwitch, in virtual time.
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

#define SCHED_TEST(f) cmocka_unit_test_setup_teardown(f, setup, boot_teardown)

#define SLICE us_to_ticks(SLICE_DEFAULT_US)

/* Let `us` microseconds pass in user mode, taking the timer when it fires. */
static void pass(uint64_t us)
{
	uint64_t end = glue_clock() + us_to_ticks(us);

	while (glue_clock() < end) {
		uint64_t step = end - glue_clock();

		if (host_timer_deadline() < end)
			step = host_timer_deadline() > glue_clock()
				   ? host_timer_deadline() - glue_clock()
				   : 0;
		host_clock_advance(step);
		if (host_timer_deadline() <= glue_clock())
			assert_true(host_take_interrupt());
	}
}

static void test_round_robin(void **state)
{
	const word_t order[] = {ROOT, a, b};

	(void)state;
	CALL(ABI_SYS_THREAD_SWITCH, NIL); /* root's slice may have been used in part */
	for (unsigned i = 1; i < 10; i++) {
		assert_running(order[i % 3]);
		pass(SLICE_DEFAULT_US);
	}
}

static void test_strict_priority(void **state)
{
	(void)state;
	assert_succeeds(schedule(a, KEEP, KEEP, 200));
	assert_running(a);
	/* It is preempted by nobody, and its slice only begins anew. */
	pass(5 * SLICE_DEFAULT_US);
	assert_running(a);
	wait_for(a);
	assert_running(ROOT);
	assert_succeeds(schedule(ROOT, KEEP, KEEP, 0));
	assert_running(b);
	run(ROOT);
	for (unsigned prio = 1; prio < 256; prio += 2) {
		assert_succeeds(schedule(b, KEEP, KEEP, prio));
		assert_int_equal(tcb(b)->g.prio, prio);
		assert_running(b);
		/* The switch is to a lower priority; the next chance is the higher one's. */
		run(ROOT);
		pass(SLICE_DEFAULT_US);
		assert_running(b);
		run(ROOT);
	}
	assert_succeeds(schedule(b, KEEP, KEEP, 0));
	assert_running(ROOT);
}

static void test_slices_of_their_own(void **state)
{
	(void)state;
	assert_succeeds(schedule(a, 3000, KEEP, KEEP));
	assert_succeeds(schedule(b, 7000, KEEP, KEEP));
	assert_succeeds(schedule(ROOT, 5000, KEEP, KEEP));
	CALL(ABI_SYS_THREAD_SWITCH, NIL);
	for (unsigned i = 0; i < 3; i++) {
		assert_running(a);
		pass(2999);
		assert_running(a);
		pass(1);
		assert_running(b);
		pass(7000);
		assert_running(ROOT);
		pass(5000);
	}
}

static void test_infinite_slices_need_no_timer(void **state)
{
	const word_t all[] = {ROOT, a, b};

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		assert_succeeds(schedule(all[i], 0, KEEP, KEEP));
	CALL(ABI_SYS_THREAD_SWITCH, NIL);
	while (host_timer_deadline() != GLUE_TIMER_OFF) {
		host_clock_advance(1000);
		host_take_interrupt();
	}
	pass(1000000);
	assert_running(a);
	assert_int_equal(host_timer_deadline(), GLUE_TIMER_OFF);
}

/* Also where such a slice begins behind another's, which has ended. */
static void test_infinite_slice_behind_a_finite_one(void **state)
{
	(void)state;
	assert_succeeds(schedule(a, 0, KEEP, PRIO_DEFAULT + 1));
	assert_running(a);
	wait_for(ROOT);
	assert_running(ROOT);
	pass(1000);
	ipc(a, a, BLOCK);
	assert_running(a);
	assert_int_not_equal(host_timer_deadline(), GLUE_TIMER_OFF);
	host_clock_advance(us_to_ticks(SLICE_DEFAULT_US));
	assert_true(host_take_interrupt());
	assert_running(a);
	assert_int_equal(host_timer_deadline(), GLUE_TIMER_OFF);
	assert_int_equal(this_cpu()->armed, TIME_NEVER);
	/* And no longer than until a slice begins that ends. */
	wait_for(ROOT);
	assert_running(b);
	assert_int_equal(host_timer_deadline(), glue_clock() + SLICE);
}

static void test_preempted_thread_keeps_its_rest(void **state)
{
	(void)state;
	CALL(ABI_SYS_THREAD_SWITCH, NIL);
	assert_running(a);
	wait_for(ROOT);
	assert_running(b);
	pass(4000);
	assert_running(b);
	run(ROOT); /* b gives its slice away */
	assert_succeeds(schedule(a, KEEP, KEEP, 200));
	ipc(a, NIL, 0); /* preempts root */
	assert_running(a);
	assert_int_equal(sched_slice_left(tcb(a)), SLICE); /* its own, and a whole one */
	pass(1000);
	wait_for(a);
	/* Root goes on first in its queue, with what was left of the slice. */
	assert_running(ROOT);
	pass(5999);
	assert_running(ROOT);
	pass(1);
	assert_running(b);
}

/* Likewise where it is a change of priority that preempts. */
static void test_rest_behind_a_change_of_priority(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++)
		CALL(ABI_SYS_THREAD_SWITCH, NIL);
	assert_running(ROOT);
	pass(4000);
	assert_succeeds(schedule(b, KEEP, KEEP, PRIO_DEFAULT + 1));
	assert_running(b);
	pass(1000);
	wait_for(b);
	assert_running(ROOT);
	pass(5999);
	assert_running(ROOT);
	pass(1);
	assert_running(a);
}

static uint64_t slice_left(word_t id)
{
	run(ROOT);
	assert_succeeds(schedule(id, KEEP, KEEP, KEEP));
	return tcb(ROOT)->g.ctx.r[2];
}

/* Which it does not have any more once it has left the queue in another way. */
static void test_rest_is_kept_and_lost(void **state)
{
	(void)state;
	assert_succeeds(schedule(ROOT, KEEP, KEEP, PRIO_DEFAULT + 2));
	for (unsigned i = 0; i < 12; i++) {
		assert_succeeds(schedule(a, KEEP, KEEP, PRIO_DEFAULT + 1));
		assert_int_equal(slice_left(a), SLICE_DEFAULT_US);
		wait_for(a);
		assert_running(a);
		pass(3000);
		ipc(ROOT, NIL, 0); /* a is preempted by root */
		assert_running(ROOT);
		assert_true(tcb(a)->g.flags & T_LENT);
		if (i >= 6) { /* the loan is settled */
			assert_int_equal(slice_left(a), SLICE_DEFAULT_US - 3000);
			assert_true(tcb(a)->g.flags & T_REST);
		}
		switch (i % 6) {
		case 0:
			assert_succeeds(schedule(a, KEEP, KEEP, PRIO_DEFAULT - 1));
			assert_int_equal(slice_left(a), SLICE_DEFAULT_US - 3000);
			break;
		case 1:
			assert_succeeds(schedule(a, 5000, KEEP, KEEP));
			assert_int_equal(slice_left(a), 5000);
			assert_succeeds(schedule(a, SLICE_DEFAULT_US, KEEP, KEEP));
			break;
		case 2:
			exregs(a, ABI_XREG_H_WRITE | ABI_XREG_HALTED, 0, 0, 0, 0, 0);
			assert_int_equal(slice_left(a), SLICE_DEFAULT_US);
			exregs(a, ABI_XREG_H_WRITE, 0, 0, 0, 0, 0);
			assert_int_equal(slice_left(a), SLICE_DEFAULT_US);
			break;
		case 3: /* it goes on with root's */
			run(a);
			assert_int_equal(tcb(a)->g.flags, 0);
			break;
		case 4: /* it goes on with its own */
			wait_for(b);
			assert_running(a);
			pass(SLICE_DEFAULT_US - 3001);
			assert_int_equal(sched_slice_left(tcb(a)), us_to_ticks(1));
			ipc_cancel(tcb(ROOT), ABI_IPC_CANCELED, false);
			host_resume(sched_woken(tcb(ROOT)));
			assert_running(ROOT);
			assert_int_equal(slice_left(a), 1);
			break;
		default:
			break;
		}
		/* It blocks. The next slice is a whole one. */
		run(a);
		wait_for(ROOT);
		run(ROOT);
		ipc(a, NIL, 0);
		assert_running(ROOT);
	}
}

static void test_switch_donates_the_slice(void **state)
{
	(void)state;
	CALL(ABI_SYS_THREAD_SWITCH, NIL);
	assert_running(a);
	pass(6000);
	CALL(ABI_SYS_THREAD_SWITCH, ROOT);
	assert_running(ROOT);
	pass(3999);
	assert_running(ROOT);
	pass(1);
	assert_running(b);
	pass(SLICE_DEFAULT_US);
	assert_running(a);
}

static void test_switch_to_who_is_not_ready(void **state)
{
	(void)state;
	run(b);
	wait_for(b);
	run(ROOT);
	CALL(ABI_SYS_THREAD_SWITCH, b);
	assert_running(a);
	run(ROOT);
	CALL(ABI_SYS_THREAD_SWITCH, id_of(77));
	assert_running(a);
	run(ROOT);
	CALL(ABI_SYS_THREAD_SWITCH, ROOT); /* oneself: a yield */
	assert_running(a);
	/* The only one of its priority goes on. */
	assert_succeeds(schedule(a, KEEP, KEEP, 120));
	CALL(ABI_SYS_THREAD_SWITCH, NIL);
	assert_running(a);
}

static void test_ipc_keeps_the_slice(void **state)
{
	uint64_t deadline;

	(void)state;
	run(b);
	wait_for(ANY);
	run(a);
	wait_for(ANY);
	CALL(ABI_SYS_THREAD_SWITCH, NIL);
	deadline = host_timer_deadline();
	pass(2000);
	ipc(a, a, BLOCK);
	assert_running(a);
	ipc(b, b, BLOCK);
	assert_running(b);
	assert_int_equal(host_timer_deadline(), deadline);
}

static void test_idle_and_back(void **state)
{
	(void)state;
	run(a);
	wait_for(a);
	run(b);
	wait_for(ROOT);
	wait_for(a);
	assert_running(NIL);
	assert_null(host_active_space);
	assert_null(host_resume(k_interrupt(NULL))); /* spurious */
	host_clock_advance(100000);
	host_take_interrupt();
	assert_running(NIL);
	assert_int_equal(host_timer_deadline(), GLUE_TIMER_OFF);
}

/* Its receive phase was left for later, and blocks; an interrupt is pending. So the processor is
 * idle, with a thread ready, until the interrupt is taken: at once. */
static void test_idle_for_an_interrupt(void **state)
{
	(void)state;
	assert_succeeds(schedule(b, KEEP, KEEP, PRIO_DEFAULT - 1));
	run(a);
	ipc(ROOT, b, BLOCK);
	assert_state(a, TS_SENDING);
	assert_running(ROOT);
	wait_for(a);
	assert_running(ROOT);
	assert_true(tcb(a)->g.flags & T_RECEIVE);
	glue_irq_mask(7, false);
	host_irq_edge(7);
	wait_for(ANY);
	assert_running(NIL);
	assert_state(a, TS_RECEIVING);
	assert_true(tcb(b)->g.flags & T_QUEUED);
	assert_int_equal(host_timer_deadline(), 0); /* if the line is quiet again by then */
	assert_true(host_take_interrupt());
	assert_running(b);
}

/* The expiry message comes, in the thread's name, to its scheduler. */
static void test_quantum(void **state)
{
	word_t ip;

	(void)state;
	assert_succeeds(schedule(a, 0, 25000, KEEP));
	run(b);
	wait_for(b);
	if (running() == a)
		run(ROOT);
	wait_for(a);
	assert_running(a);
	pass(24999);
	assert_running(a);
	assert_int_equal(sched_quantum_left(tcb(a)), us_to_ticks(1));
	pass(1);
	assert_running(ROOT);
	assert_int_equal(tag_of(ROOT),
			 LABEL((word_t)(sword_t)ABI_PROTO_QUANTUM << ABI_PROTO_SHIFT));
	assert_int_equal(from_of(ROOT), a);
	assert_state(a, TS_RECEIVING);
	/* A new quantum, and the answer lets it go on, whatever is in it. */
	assert_succeeds(schedule(a, KEEP, 5000, KEEP));
	ip = glue_ctx_get(&tcb(a)->g.ctx, GLUE_IP);
	*mr(ROOT, 1) = ip + 0x1000;
	ipc(a, a, U(1) | RBLOCK);
	assert_running(a);
	assert_int_equal(glue_ctx_get(&tcb(a)->g.ctx, GLUE_IP), ip);
	pass(4999);
	assert_running(a);
	pass(1);
	assert_running(ROOT);
	/* Infinite again. */
	assert_succeeds(schedule(a, KEEP, 0, KEEP));
	ipc(a, a, RBLOCK);
	pass(100000);
	run(a);
}

/* The thread that gets a quantum's message goes on with the slice, which ends, whatever has fired
 * the timer before. */
static void test_quantum_within_a_slice(void **state)
{
	(void)state;
	do
		CALL(ABI_SYS_THREAD_SWITCH, NIL);
	while (running() != ROOT);
	assert_succeeds(schedule(a, KEEP, 3000, KEEP));
	wait_for(a);
	while (running() != a)
		CALL(ABI_SYS_THREAD_SWITCH, NIL);
	pass(3000);
	assert_running(ROOT);
	assert_true(tcb(b)->g.flags & T_QUEUED);
	pass(10000); /* 7000 were left of the slice */
	assert_running(b);
}

static void test_quantum_of_the_running_thread(void **state)
{
	(void)state;
	assert_succeeds(schedule(a, 0, KEEP, KEEP));
	assert_succeeds(schedule(b, 0, KEEP, KEEP));
	run(a);
	wait_for(a);
	run(ROOT);
	assert_succeeds(schedule(ROOT, 0, 10000, KEEP));
	pass(4000);
	assert_int_equal(sched_quantum_left(tcb(ROOT)), us_to_ticks(6000));
	assert_succeeds(schedule(ROOT, KEEP, 20000, KEEP)); /* writing refills */
	pass(19000);
	assert_running(ROOT);
	assert_int_equal(sched_quantum_left(tcb(ROOT)), us_to_ticks(1000));
	assert_succeeds(schedule(ROOT, KEEP, 0, KEEP)); /* infinite from now on */
	pass(100000);
	assert_running(ROOT);
	/* Its own scheduler: nobody could ever answer, so it is halted. */
	assert_succeeds(thread_control(b, b, b, NIL, KEEP));
	run(b);
	assert_succeeds(schedule(b, KEEP, 1000, KEEP));
	pass(1000);
	assert_true(tcb(b)->g.flags & T_HALTED);
	assert_running(ROOT);
	assert_console("quantum spent, no scheduler");
}

static void test_schedule_errors(void **state)
{
	const word_t bad[] = {NIL, ANY, WAITN, id_of(9), a + 1, tid_make(3, 1)};

	(void)state;
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_fails(schedule(bad[i], KEEP, KEEP, KEEP), ABI_ERR_THREAD);
	assert_fails(schedule(a, KEEP, KEEP, 256), ABI_ERR_PARAM);
	assert_fails(schedule(a, KEEP, KEEP, KEEP - 1), ABI_ERR_PARAM);
	assert_fails(CALL(ABI_SYS_SCHEDULE, a, KEEP, KEEP, CONFIG_CPUS, KEEP), ABI_ERR_PARAM);
	assert_succeeds(CALL(ABI_SYS_SCHEDULE, a, KEEP, KEEP, 0, KEEP));
	/* Only from the space of the thread's scheduler. */
	run(b);
	assert_fails(schedule(a, KEEP, KEEP, KEEP), ABI_ERR_NO_PRIVILEGE);
	run(ROOT);
	assert_succeeds(thread_control(a, a, b, NIL, KEEP));
	assert_fails(schedule(a, KEEP, KEEP, KEEP), ABI_ERR_NO_PRIVILEGE);
	/* Not above one's own priority, unless privileged. */
	run(b);
	assert_fails(schedule(a, KEEP, KEEP, PRIO_DEFAULT + 1), ABI_ERR_NO_PRIVILEGE);
	assert_succeeds(schedule(a, KEEP, KEEP, PRIO_DEFAULT));
	assert_int_equal(tcb(a)->g.prio, PRIO_DEFAULT);
	/* A scheduler that is gone. */
	run(ROOT);
	assert_succeeds(remove_thread(b));
	assert_fails(schedule(a, KEEP, KEEP, KEEP), ABI_ERR_NO_PRIVILEGE);
}

static word_t state_of(word_t id)
{
	return schedule(id, KEEP, KEEP, KEEP);
}

static void test_schedule_tells_the_state(void **state)
{
	word_t waiting = spawn_waiting(11, ROOT), inactive = create(12, ROOT);

	(void)state;
	assert_int_equal(state_of(ROOT), ABI_STATE_RUNNING);
	assert_int_equal(state_of(a), ABI_STATE_RUNNING);
	assert_int_equal(state_of(inactive), ABI_STATE_INACTIVE);
	assert_int_equal(state_of(waiting), ABI_STATE_WAITING);
	run(a);
	ipc(b, b, BLOCK);
	run(ROOT);
	assert_int_equal(state_of(a), ABI_STATE_PENDING_SEND);
	run(b);
	tcb(b)->g.utcb->acceptor = ABI_ACCEPT_NOTIFY;
	ipc(NIL, WAITN, RBLOCK);
	run(ROOT);
	assert_int_equal(state_of(b), ABI_STATE_WAIT_NOTIFY);
}

static void test_schedule_tells_the_times(void **state)
{
	(void)state;
	assert_succeeds(schedule(a, 4000, 50000, KEEP));
	assert_succeeds(schedule(a, KEEP, KEEP, KEEP));
	assert_int_equal(tcb(ROOT)->g.ctx.r[2], 4000);
	assert_int_equal(tcb(ROOT)->g.ctx.r[3], 50000);
	run(a);
	pass(1000);
	assert_succeeds(schedule(a, KEEP, KEEP, KEEP));
	assert_int_equal(tcb(a)->g.ctx.r[3], 49000);
	/* The largest times there are. */
	assert_succeeds(schedule(a, KEEP - 1, KEEP - 1, KEEP));
	assert_succeeds(schedule(a, KEEP, KEEP, KEEP));
	assert_true(tcb(a)->g.ctx.r[2] > 1000000 && tcb(a)->g.ctx.r[3] > 1000000);
}

static void test_preemption_callback(void **state)
{
	struct abi_utcb *utcb = tcb(a)->g.utcb;
	word_t ip;

	(void)state;
	CALL(ABI_SYS_THREAD_SWITCH, NIL);
	assert_running(a);
	utcb->preempt_flags = ABI_PREEMPT_CALLBACK;
	utcb->preempt_ip = 0x7654320;
	ip = host_running->ip;
	pass(SLICE_DEFAULT_US);
	assert_running(b);
	assert_int_equal(utcb->preempted_ip, ip);
	assert_int_equal(utcb->preempt_flags, ABI_PREEMPT_SIGNALLED);
	assert_int_equal(tcb(a)->g.ctx.ip, 0x7654320);
	/* Once. */
	run(a);
	pass(SLICE_DEFAULT_US);
	assert_int_equal(tcb(a)->g.ctx.ip, 0x7654320);
	assert_int_equal(utcb->preempted_ip, ip);
}

/* The same where a thread is preempted by one that it has woken itself. */
static void test_preemption_callback_for_a_woken_thread(void **state)
{
	struct abi_utcb *utcb = tcb(a)->g.utcb;
	word_t ip;

	(void)state;
	assert_succeeds(schedule(a, KEEP, KEEP, PRIO_DEFAULT - 1));
	assert_succeeds(schedule(b, KEEP, KEEP, PRIO_DEFAULT - 2));
	wait_for(ANY);
	assert_running(a);
	utcb->preempt_flags = ABI_PREEMPT_CALLBACK;
	utcb->preempt_ip = 0x7654320;
	ip = host_running->ip;
	ipc(ROOT, NIL, 0);
	assert_running(ROOT);
	assert_int_equal(utcb->preempted_ip, ip + HOST_SYSCALL_SIZE);
	assert_int_equal(utcb->preempt_flags, ABI_PREEMPT_SIGNALLED);
	assert_int_equal(tcb(a)->g.ctx.ip, 0x7654320);
}

static void test_priority_of_a_waiting_sender(void **state)
{
	(void)state;
	run(a);
	ipc(ROOT, NIL, SBLOCK);
	run(ROOT);
	assert_succeeds(schedule(a, KEEP, KEEP, 30));
	assert_succeeds(schedule(a, KEEP, KEEP, 30));
	wait_for(ANY);
	assert_int_equal(from_of(ROOT), a);
	assert_int_equal(tcb(a)->g.prio, 30);
}

static void test_time_arithmetic(void **state)
{
	(void)state;
	assert_int_equal(us_to_ticks(0), 0);
	assert_int_equal(us_to_ticks(1234567), 1234567); /* the host's tick is a microsecond */
	assert_int_equal(ticks_to_us(us_to_ticks(~(uint32_t)0)), ~(uint32_t)0);
	assert_int_equal(ticks_to_us((uint64_t)1 << 50), (uint64_t)1 << 50);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    SCHED_TEST(test_round_robin),
	    SCHED_TEST(test_strict_priority),
	    SCHED_TEST(test_slices_of_their_own),
	    SCHED_TEST(test_infinite_slices_need_no_timer),
	    SCHED_TEST(test_infinite_slice_behind_a_finite_one),
	    SCHED_TEST(test_preempted_thread_keeps_its_rest),
	    SCHED_TEST(test_rest_behind_a_change_of_priority),
	    SCHED_TEST(test_rest_is_kept_and_lost),
	    SCHED_TEST(test_switch_donates_the_slice),
	    SCHED_TEST(test_switch_to_who_is_not_ready),
	    SCHED_TEST(test_ipc_keeps_the_slice),
	    SCHED_TEST(test_idle_and_back),
	    SCHED_TEST(test_idle_for_an_interrupt),
	    SCHED_TEST(test_quantum),
	    SCHED_TEST(test_quantum_within_a_slice),
	    SCHED_TEST(test_quantum_of_the_running_thread),
	    SCHED_TEST(test_schedule_errors),
	    SCHED_TEST(test_schedule_tells_the_state),
	    SCHED_TEST(test_schedule_tells_the_times),
	    SCHED_TEST(test_preemption_callback),
	    SCHED_TEST(test_preemption_callback_for_a_woken_thread),
	    SCHED_TEST(test_priority_of_a_waiting_sender),
	    SCHED_TEST(test_time_arithmetic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
