/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_loan.c - a thread that is woken and preempts the running one runs on in its slice: whose
 * time that is, and when the loan ends.
 */
#include "harness.h"

#define SLICE us_to_ticks(SLICE_DEFAULT_US)

/* Root runs, and has used 4000 us of its slice; `equal`, of the same priority, is ready. `high`
 * waits for anybody, `equal_high` for root; `higher`, for anybody, above both. */
static word_t equal, high, equal_high, higher;

static void block(word_t id)
{
	run(id);
	ipc(NIL, id == equal_high ? ROOT : ANY, RBLOCK);
}

static int setup(void **state)
{
	boot_setup(state);
	equal = spawn(1, ROOT);
	high = spawn(2, ROOT);
	equal_high = spawn(3, ROOT);
	higher = spawn(4, id_of(4));
	block(high);
	block(equal_high);
	block(higher);
	run(ROOT);
	assert_succeeds(schedule(high, KEEP, KEEP, PRIO_DEFAULT + 10));
	assert_succeeds(schedule(equal_high, KEEP, KEEP, PRIO_DEFAULT + 10));
	assert_succeeds(schedule(higher, KEEP, KEEP, PRIO_DEFAULT + 20));
	assert_succeeds(schedule(ROOT, SLICE_DEFAULT_US, KEEP, KEEP));
	host_clock_advance(us_to_ticks(4000));
	return 0;
}

#define LOAN_TEST(f) cmocka_unit_test_setup_teardown(f, setup, boot_teardown)

/* Until the slice ends; the timer may fire before, for a deadline that has been put off. */
static void until_timer(uint64_t ticks)
{
	uint64_t end = glue_clock() + ticks;
	word_t id = running();

	while (host_timer_deadline() < end) {
		host_clock_advance(host_timer_deadline() - glue_clock());
		assert_true(host_take_interrupt());
		assert_running(id);
	}
	assert_int_equal(host_timer_deadline(), end);
	host_clock_advance(end - glue_clock());
	assert_true(host_take_interrupt());
}

static void wake(word_t id)
{
	ipc(id, NIL, 0);
	assert_running(id);
}

static bool lent(word_t id)
{
	bool is = tcb(id)->g.flags & T_LENT;

	assert_int_equal(is, this_cpu()->g.front == &tcb(id)->g && !(tcb(id)->g.flags & T_REST));
	return is;
}

static void test_it_blocks_in_time(void **state)
{
	(void)state;
	wake(high);
	assert_true(lent(ROOT));
	host_clock_advance(us_to_ticks(1000));
	block(high);
	assert_running(ROOT);
	assert_int_equal(tcb(ROOT)->g.flags, 0);
	/* The 1000 us were root's. */
	until_timer(us_to_ticks(5000));
	assert_running(equal);
	until_timer(SLICE);
	assert_running(ROOT);
}

/* The slice ends: the preempted thread has had it, the other one's own begins. */
static void test_it_does_not_block_in_time(void **state)
{
	(void)state;
	wake(high);
	ipc(ROOT, NIL, 0); /* not heard */
	until_timer(us_to_ticks(6000));
	assert_running(high);
	assert_false(lent(ROOT));
	wake(higher);
	ipc(NIL, ANY, RBLOCK);
	assert_running(high);
	until_timer(SLICE);
	assert_running(high);
	block(high);
	/* Root is still first, but its slice is over. */
	assert_running(ROOT);
	until_timer(0);
	assert_running(equal);
}

/* It shares its priority: its own slice is a whole one, however little was left of the other. */
static void test_equals_of_the_woken_thread(void **state)
{
	(void)state;
	host_clock_advance(us_to_ticks(5999));
	wake(high);
	ipc_cancel(tcb(equal_high), ABI_IPC_CANCELED, false);
	host_resume(sched_woken(tcb(equal_high)));
	assert_running(high);
	/* It is behind root now, which has got back what was left of its slice. */
	assert_false(lent(ROOT));
	assert_true(tcb(ROOT)->g.flags & T_REST);
	assert_int_equal(tcb(ROOT)->slice_left, us_to_ticks(1));
	host_clock_advance(us_to_ticks(1));
	if (host_take_interrupt())
		assert_running(high);
	until_timer(SLICE - us_to_ticks(1));
	assert_running(equal_high);
	until_timer(SLICE);
	assert_running(high);
}

/* ---- a lent slice that never ends --------------------------------------------------------------
 */

static void infinite(word_t id)
{
	assert_succeeds(schedule(id, 0, KEEP, KEEP));
	while (host_timer_deadline() != GLUE_TIMER_OFF) {
		host_clock_advance(1000);
		host_take_interrupt();
	}
}

/* `id` becomes ready, and the running thread, its equal, has one slice before it. */
static void shares_with(word_t id)
{
	word_t me = running();

	ipc_cancel(tcb(id), ABI_IPC_CANCELED, false);
	host_resume(sched_woken(tcb(id)));
	assert_running(me);
	until_timer(SLICE);
	assert_running(id);
	until_timer(SLICE);
	assert_running(me);
}

static void test_an_infinite_slice(void **state)
{
	(void)state;
	infinite(ROOT);
	wake(high);
	assert_true(lent(ROOT));
	host_clock_advance(us_to_ticks(50000));
	assert_int_equal(host_timer_deadline(), GLUE_TIMER_OFF);
	shares_with(equal_high);
}

static void test_its_thread_is_halted(void **state)
{
	(void)state;
	infinite(ROOT);
	wake(high);
	exregs(ROOT, ABI_XREG_H_WRITE | ABI_XREG_HALTED, 0, 0, 0, 0, 0);
	assert_int_equal(host_timer_deadline(), glue_clock() + SLICE);
	host_clock_advance(SLICE);
	assert_true(host_take_interrupt());
	shares_with(equal_high);
}

static void test_its_thread_is_deleted(void **state)
{
	(void)state;
	assert_succeeds(schedule(equal, 0, KEEP, PRIO_DEFAULT - 1));
	assert_succeeds(schedule(high, KEEP, KEEP, PRIO_DEFAULT));
	block(ROOT);
	assert_running(equal);
	wake(ROOT);
	assert_true(lent(equal));
	assert_succeeds(remove_thread(equal));
	assert_running(ROOT);
	ipc_cancel(tcb(high), ABI_IPC_CANCELED, false);
	host_resume(sched_woken(tcb(high)));
	until_timer(SLICE);
	assert_running(high);
}

/* The woken thread calls an equal of the preempted one: which runs, in a slice of its own. */
static void test_a_call_to_an_equal(void **state)
{
	(void)state;
	block(equal);
	run(ROOT);
	infinite(ROOT);
	wake(high);
	ipc(equal, equal, BLOCK);
	assert_running(equal);
	assert_false(lent(ROOT));
	until_timer(SLICE);
	assert_running(ROOT);
}

/* And from there it goes on to a lower one. */
static void test_a_switch_to_a_lower_one(void **state)
{
	word_t low = spawn(5, ROOT);

	(void)state;
	assert_succeeds(schedule(low, KEEP, KEEP, PRIO_DEFAULT - 10));
	block(equal);
	run(ROOT);
	infinite(ROOT);
	wake(high);
	ipc(equal, equal, BLOCK);
	CALL(ABI_SYS_THREAD_SWITCH, low);
	assert_running(low);
	assert_succeeds(CALL(ABI_SYS_KERNEL_INTERFACE, 0));
	until_timer(SLICE);
	assert_int_not_equal(running(), low);
	assert_int_equal(sched_slice_left(tcb(low)), SLICE);
}

/* And what the woken thread does with it: a call, whose partner goes on in the slice. */
static void test_a_call_in_a_lent_slice(void **state)
{
	(void)state;
	wake(high);
	ipc(higher, higher, BLOCK);
	assert_running(higher);
	assert_true(lent(ROOT));
	until_timer(us_to_ticks(6000));
	assert_running(higher);
	assert_int_equal(sched_slice_left(tcb(higher)), SLICE);
}

/* Its partner's own slice is shorter, and has to end when it is over. */
static void test_a_callee_settles(void **state)
{
	(void)state;
	assert_succeeds(schedule(higher, 2000, KEEP, KEEP));
	wake(high);
	ipc(higher, higher, BLOCK);
	assert_running(higher);
	ipc(equal_high, NIL, 0); /* not heard */
	ipc_cancel(tcb(equal_high), ABI_IPC_CANCELED, false);
	host_resume(sched_woken(tcb(equal_high)));
	assert_running(higher);
	assert_int_equal(tcb(ROOT)->slice_left, us_to_ticks(6000));
	until_timer(us_to_ticks(2000));
	assert_running(higher);
}

/* The woken thread has used the FPU: the general way back. */
static void test_back_the_general_way(void **state)
{
	(void)state;
	wake(high);
	host_resume(k_fpu(host_running));
	host_clock_advance(us_to_ticks(1000));
	block(high);
	assert_running(ROOT);
	until_timer(us_to_ticks(5000));
	assert_running(equal);
}

/* Another thread comes between the two. */
static void test_another_preempts(void **state)
{
	(void)state;
	wake(high);
	host_clock_advance(us_to_ticks(1000));
	wake(higher); /* in a slice of its own, as the loan is settled */
	assert_false(lent(ROOT));
	assert_int_equal(sched_slice_left(tcb(ROOT)), us_to_ticks(5000));
	assert_int_equal(sched_slice_left(tcb(high)), SLICE);
	assert_int_equal(sched_slice_left(tcb(higher)), SLICE);
	host_clock_advance(us_to_ticks(1000));
	ipc(NIL, ANY, RBLOCK);
	assert_running(high);
	assert_int_equal(sched_slice_left(tcb(high)), SLICE);
	block(high);
	assert_running(ROOT);
	until_timer(us_to_ticks(5000));
	assert_running(equal);
}

/* Schedule tells, and settles: it is the same slice no more. */
static void test_schedule_settles(void **state)
{
	(void)state;
	wake(high);
	host_clock_advance(us_to_ticks(2000));
	assert_int_equal(schedule(equal, KEEP, KEEP, KEEP), ABI_STATE_RUNNING);
	assert_int_equal(tcb(high)->g.ctx.r[2], SLICE_DEFAULT_US);
	assert_int_equal(tcb(ROOT)->slice_left, us_to_ticks(4000));
	assert_int_equal(sched_slice_left(tcb(high)), SLICE);
	block(high);
	assert_running(ROOT);
	until_timer(us_to_ticks(4000));
	assert_running(equal);
}

/* The preempted thread is halted, and runs again: with a whole slice; the other one goes on. */
static void test_the_preempted_thread_is_halted(void **state)
{
	(void)state;
	wake(high);
	exregs(ROOT, ABI_XREG_H_WRITE | ABI_XREG_HALTED, 0, 0, 0, 0, 0);
	assert_int_equal(tcb(ROOT)->g.flags, T_HALTED);
	assert_null(this_cpu()->g.front);
	exregs(ROOT, ABI_XREG_H_WRITE, 0, 0, 0, 0, 0);
	block(high);
	assert_running(equal);
	until_timer(SLICE);
	assert_running(ROOT);
	until_timer(SLICE);
	assert_running(equal);
}

/* A ThreadSwitch back to it gives it what the other one has, which is a whole slice. */
static void test_switch_back(void **state)
{
	(void)state;
	wake(high);
	CALL(ABI_SYS_THREAD_SWITCH, ROOT);
	assert_running(ROOT);
	assert_int_equal(tcb(ROOT)->g.flags, 0);
	assert_int_equal(sched_slice_left(tcb(ROOT)), SLICE);
	assert_true(tcb(high)->g.flags & T_QUEUED);
}

/* The thread that it runs in is deleted; and the one that runs. */
static void test_deletion(void **state)
{
	(void)state;
	wake(high);
	host_clock_advance(us_to_ticks(1000));
	(void)remove_thread(high); /* itself */
	assert_running(ROOT);
	until_timer(us_to_ticks(5000));
	assert_running(equal);
	run(ROOT);
	assert_succeeds(schedule(equal, KEEP, KEEP, PRIO_DEFAULT - 1));
	block(ROOT);
	assert_running(equal);
	ipc(ROOT, NIL, 0);
	assert_running(ROOT);
	assert_true(lent(equal));
	assert_succeeds(remove_thread(equal));
	assert_null(this_cpu()->g.front);
	assert_running(ROOT);
}

/* An interrupt's handler, likewise. */
static void test_an_interrupt(void **state)
{
	word_t irq = tid_make(7, 1);

	(void)state;
	assert_succeeds(thread_control(irq, irq, NIL, high, KEEP));
	wake(high);
	ipc(NIL, irq, RBLOCK);
	assert_running(ROOT);
	host_clock_advance(us_to_ticks(1000));
	host_irq_edge(7);
	assert_true(host_take_interrupt());
	assert_running(high);
	assert_true(lent(ROOT));
	host_clock_advance(us_to_ticks(1000));
	ipc(NIL, irq, RBLOCK);
	assert_running(ROOT);
	until_timer(us_to_ticks(4000));
	assert_running(equal);
}

/* ---- at random: one thread's slice never ends, and it gives it to nobody for good
 * ----------------
 */

#define PARTIES 9
#define STEPS   1200
#define WORLDS  60

static uint32_t seed;

static unsigned rnd(unsigned n)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 16) % n;
}

static word_t party[PARTIES];
#define ENDLESS party[1]

static void gather(void)
{
	assert_succeeds(schedule(ROOT, SLICE_DEFAULT_US, KEEP, 200));
	party[0] = ROOT;
	for (unsigned i = 1; i < PARTIES; i++) {
		party[i] = spawn(i + 10, ROOT);
		tcb(party[i])->g.utcb->acceptor = ABI_ACCEPT_NOTIFY;
		tcb(party[i])->g.utcb->notify_mask = ~(word_t)0;
		assert_succeeds(schedule(party[i], party[i] == ENDLESS ? 0 : SLICE_DEFAULT_US, KEEP,
					 80 + 10 * rnd(4)));
	}
	assert_succeeds(remove_thread(equal));
	assert_succeeds(remove_thread(high));
	assert_succeeds(remove_thread(equal_high));
	assert_succeeds(remove_thread(higher));
	assert_succeeds(schedule(ROOT, KEEP, KEEP, 80 + 10 * rnd(4)));
}

static void wake_all(void)
{
	for (unsigned i = 0; i < PARTIES; i++) {
		if (tcb(party[i])->g.state == TS_READY)
			continue;
		ipc_cancel(tcb(party[i]), ABI_IPC_CANCELED, false);
		host_resume(sched_woken(tcb(party[i])));
	}
}

static void something(word_t other)
{
	bool gives = running() == ENDLESS; /* it would give its slice to its partner */

	switch (rnd(15)) {
	case 0:
	case 1:
		ipc(NIL, ANY, RBLOCK);
		break;
	case 2:
	case 3:
		ipc(other, NIL, SBLOCK * rnd(2));
		break;
	case 4:
		if (!gives)
			ipc(other, other, RBLOCK | SBLOCK * rnd(2));
		break;
	case 5:
		if (!gives)
			ipc(other, ANY, RBLOCK);
		break;
	case 6:
		*mr(running(), 1) = 1;
		ipc(other, NIL, NOTIFY);
		break;
	case 7:
		ipc(NIL, WAITN, RBLOCK);
		break;
	case 8:
		CALL(ABI_SYS_THREAD_SWITCH, gives ? NIL : other);
		break;
	case 9:
		exregs(other, ABI_XREG_H_WRITE | (rnd(2) ? ABI_XREG_HALTED : 0), 0, 0, 0, 0, 0);
		for (unsigned i = 0; i < PARTIES && running(); i++)
			if (tcb(party[i])->g.flags & T_HALTED && rnd(2))
				exregs(party[i], ABI_XREG_H_WRITE, 0, 0, 0, 0, 0);
		break;
	case 10:
		exregs(other, ABI_XREG_SEND | ABI_XREG_RECV, 0, 0, 0, 0, 0);
		break;
	case 11:
		host_resume(k_fpu(host_running));
		break;
	case 12:
		schedule(other, KEEP, KEEP, rnd(2) ? KEEP : 80 + 10 * rnd(4));
		break;
	case 13:
		if (other != ENDLESS && other != ROOT)
			schedule(other, KEEP, rnd(3) ? 0 : 3000, KEEP);
		break;
	default:
		host_clock_advance(us_to_ticks(100 * (1 + rnd(60))));
		while (host_take_interrupt())
			;
		break;
	}
}

static void check_slices(void)
{
	const struct cpu *cpu = this_cpu();
	const struct tcb *cur = (const struct tcb *)cpu->g.current, *front = front_of(cpu);
	bool is_lent = front && front->g.flags & T_LENT;
	uint64_t end = cpu->slice_end < cpu->quantum_end ? cpu->slice_end : cpu->quantum_end;
	const struct tcb *whose = is_lent ? front : cur;

	for (unsigned i = 0; i < PARTIES; i++)
		if (tcb(party[i])->g.flags & T_REST && party[i] != ENDLESS)
			assert_true((int64_t)tcb(party[i])->slice_left <= (int64_t)SLICE);
	if (!cur)
		return;
	if (is_lent)
		assert_true(cur->g.prio > front->g.prio);
	if (whose->g.id != ENDLESS)
		assert_true((int64_t)(cpu->slice_end - glue_clock()) <= (int64_t)SLICE);
	if (end < TIME_NEVER)
		assert_true(cpu->armed <= end);
}

static void test_at_random(void **state)
{
	for (unsigned world = 1; world <= WORLDS; world++) {
		seed = world;
		gather();
		for (unsigned step = 0; step < STEPS; step++) {
			if (running() == NIL)
				wake_all();
			else
				something(party[rnd(PARTIES)]);
			check_slices();
		}
		boot_teardown(state);
		setup(state);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    LOAN_TEST(test_it_blocks_in_time),
	    LOAN_TEST(test_it_does_not_block_in_time),
	    LOAN_TEST(test_equals_of_the_woken_thread),
	    LOAN_TEST(test_an_infinite_slice),
	    LOAN_TEST(test_its_thread_is_halted),
	    LOAN_TEST(test_its_thread_is_deleted),
	    LOAN_TEST(test_a_call_to_an_equal),
	    LOAN_TEST(test_a_switch_to_a_lower_one),
	    LOAN_TEST(test_a_call_in_a_lent_slice),
	    LOAN_TEST(test_a_callee_settles),
	    LOAN_TEST(test_back_the_general_way),
	    LOAN_TEST(test_another_preempts),
	    LOAN_TEST(test_schedule_settles),
	    LOAN_TEST(test_the_preempted_thread_is_halted),
	    LOAN_TEST(test_switch_back),
	    LOAN_TEST(test_deletion),
	    LOAN_TEST(test_an_interrupt),
	    LOAN_TEST(test_at_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
