/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_fault.c - page faults, exceptions and the FPU: the messages, the answers, and what
 * becomes of threads that nobody answers.
 */
#include "harness.h"

static word_t a, pager;

static int setup(void **state)
{
	boot_setup(state);
	a = spawn(1, id_of(1));
	pager = spawn(2, ROOT);
	tcb(a)->g.utcb->pager = pager;
	tcb(a)->g.utcb->exc_handler = pager;
	return 0;
}

#define FAULT_TEST(f) cmocka_unit_test_setup_teardown(f, setup, boot_teardown)

static word_t protocol(int proto, unsigned low)
{
	return LABEL((word_t)(sword_t)proto << ABI_PROTO_SHIFT | low);
}

static void test_page_fault(void **state)
{
	static const unsigned kinds[] = {GLUE_R, GLUE_W, GLUE_X};

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		word_t ip;

		run(pager);
		wait_for(ANY);
		run(a);
		ip = host_running->ip;
		*mr(a, 1) = 0xa1;
		page_fault(0x12345678, kinds[i]);
		assert_running(pager);
		assert_int_equal(tag_of(pager), protocol(ABI_PROTO_PAGEFAULT, kinds[i]) | U(2));
		assert_int_equal(from_of(pager), a);
		assert_int_equal(*mr(pager, 1), 0x12345678);
		assert_int_equal(*mr(pager, 2), ip);
		/* The thread's own message registers are its own. */
		assert_int_equal(*mr(a, 1), 0xa1);
		assert_state(a, TS_RECEIVING);
		/* Whatever the answer, the access is retried. */
		*mr(pager, 1) = 0xdead;
		ipc(a, NIL, U(20) | LABEL(i));
		assert_state(a, TS_READY);
		run(a);
		assert_int_equal(host_running->ip, ip);
		assert_int_equal(*mr(a, 1), 0xa1);
	}
}

static void test_pager_is_busy(void **state)
{
	(void)state;
	run(a);
	page_fault(0x1000, GLUE_W);
	assert_state(a, TS_SENDING);
	run(pager);
	wait_for(ANY);
	assert_running(pager);
	assert_int_equal(tag_of(pager), protocol(ABI_PROTO_PAGEFAULT, GLUE_W) | U(2));
	assert_int_equal(*mr(pager, 1), 0x1000);
	assert_state(a, TS_RECEIVING);
	/* Nobody else can answer. */
	run(ROOT);
	ipc(a, NIL, 0);
	assert_ipc_error(ROOT, ABI_IPC_NO_PARTNER, ABI_IPC_SEND_PHASE);
	run(pager);
	ipc(a, ANY, RBLOCK);
	run(a);
}

static void test_closed_wait_for_the_faulting_thread(void **state)
{
	(void)state;
	run(pager);
	wait_for(a);
	run(a);
	page_fault(0x2000, GLUE_R);
	assert_running(pager);
	assert_int_equal(from_of(pager), a);
}

static void test_no_pager(void **state)
{
	const word_t pagers[] = {NIL, ANY, id_of(9), a, tid_make(3, 1)};

	(void)state;
	for (unsigned i = 0; i < sizeof(pagers) / sizeof(pagers[0]); i++) {
		host_console_clear();
		tcb(a)->g.utcb->pager = pagers[i];
		run(a);
		page_fault(0x3000, GLUE_R);
		assert_int_not_equal(running(), a);
		assert_true(tcb(a)->g.flags & T_HALTED);
		assert_state(a, TS_READY);
		assert_console("died: page fault, no pager");
		run(ROOT);
		assert_int_equal(exregs(a, ABI_XREG_H_WRITE, 0, 0, 0, 0, 0), a);
	}
}

static void root_faults(void *arg)
{
	(void)arg;
	page_fault(0xbad000, GLUE_W);
}

static void test_root_without_pager(void **state)
{
	(void)state;
	assert_int_equal(host_try(root_faults, NULL), GLUE_HALT_PANIC);
	assert_console("root task");
	assert_console("page fault, no pager");
	assert_console("bad000");
	assert_console("flags 300"); /* and the registers */
	boot();
}

static void test_exception(void **state)
{
	word_t before[HOST_REGS];

	(void)state;
	run(pager);
	wait_for(ANY);
	run(a);
	for (unsigned i = 0; i < HOST_REGS; i++)
		before[i] = host_running->r[i] = 0xe00 + i;
	exception(17, 99);
	assert_running(pager);
	assert_int_equal(tag_of(pager), protocol(ABI_PROTO_EXCEPTION, 0) | U(GLUE_EXC_WORDS));
	assert_int_equal(*mr(pager, 1), tcb(a)->g.ctx.ip);
	assert_int_equal(*mr(pager, 2), tcb(a)->g.ctx.sp);
	assert_int_equal(*mr(pager, 4), 17);
	assert_int_equal(*mr(pager, 5), 99);
	for (unsigned i = 0; i < HOST_REGS; i++)
		assert_int_equal(*mr(pager, 6 + i), before[i]);
	/* The answer sets IP and SP, and no more than it says. */
	*mr(pager, 1) = 0x888000;
	*mr(pager, 2) = 0x999000;
	*mr(pager, 6) = 1;
	ipc(a, NIL, U(2));
	run(a);
	assert_int_equal(host_running->ip, 0x888000);
	assert_int_equal(host_running->sp, 0x999000);
	for (unsigned i = 0; i < HOST_REGS; i++)
		assert_int_equal(host_running->r[i], before[i]);
}

static void test_exception_answer_is_sanitised(void **state)
{
	(void)state;
	run(a);
	exception(1, 0); /* queued */
	run(pager);
	wait_for(a);
	for (unsigned i = 1; i < ABI_MRS; i++)
		*mr(pager, i) = ~(word_t)0;
	ipc(a, NIL, U(63));
	run(a);
	assert_int_equal(host_running->flags, HOST_FLAGS_USER | HOST_FLAGS_MUST);
	assert_int_equal(host_running->r[15], ~(word_t)0);
	/* An empty one changes nothing. */
	exception(1, 0);
	run(pager);
	wait_for(a);
	ipc(a, NIL, 0);
	run(a);
	assert_int_equal(host_running->r[15], ~(word_t)0);
}

static void test_unknown_system_call(void **state)
{
	const word_t numbers[] = {ABI_SYS_COUNT, ABI_SYS_COUNT + 1, (word_t)1 << 31,
				  ~(word_t)0,    ~(word_t)0 >> 1,   ABI_SYS_IPC};

	(void)state;
	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		run(pager);
		wait_for(ANY);
		run(a);
		CALL(numbers[i], 1, 2, 3, 4);
		assert_running(pager);
		assert_int_equal(tag_of(pager), protocol(ABI_PROTO_SYSCALL, 0) | U(GLUE_EXC_WORDS));
		assert_int_equal(*mr(pager, 4), numbers[i]);
		ipc(a, NIL, 0);
	}
}

static void test_no_exception_handler(void **state)
{
	(void)state;
	tcb(a)->g.utcb->exc_handler = NIL;
	run(a);
	exception(3, 0);
	assert_true(tcb(a)->g.flags & T_HALTED);
	assert_console("died: exception, no handler");
	/* Itself is no handler. */
	run(ROOT);
	assert_int_equal(exregs(a, ABI_XREG_H_WRITE, 0, 0, 0, 0, 0), a);
	tcb(a)->g.utcb->exc_handler = a;
	run(a);
	exception(3, 0);
	assert_true(tcb(a)->g.flags & T_HALTED);
}

static void test_fault_while_handling_a_fault(void **state)
{
	(void)state;
	tcb(pager)->g.utcb->pager = a; /* a ring */
	run(pager);
	wait_for(ANY);
	run(a);
	page_fault(0x1000, GLUE_R);
	assert_running(pager);
	page_fault(0x2000, GLUE_R);
	assert_state(pager, TS_SENDING);
	assert_running(ROOT);
	assert_succeeds(remove_thread(a));
	assert_true(tcb(pager)->g.flags & T_HALTED);
}

static void test_strict_priority_holds_for_faults(void **state)
{
	(void)state;
	run(pager);
	wait_for(ANY);
	run(ROOT);
	assert_succeeds(schedule(pager, KEEP, KEEP, 50));
	run(a);
	page_fault(0x1000, GLUE_R);
	assert_running(ROOT);
	assert_state(pager, TS_READY);
	assert_int_equal(*mr(pager, 1), 0x1000);
}

/* ---- FPU ---------------------------------------------------------------------------------- */

static uint64_t *fpu_register(void)
{
	uint64_t *reg;

	if (!host_user_fpu(3, &reg)) {
		host_resume(k_fpu(host_running));
		assert_true(host_user_fpu(3, &reg));
	}
	return reg;
}

static void test_fpu_is_everyones_own(void **state)
{
	const word_t all[] = {ROOT, a, pager};

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		uint64_t *control;

		run(all[i]);
		assert_int_equal(*fpu_register(), 0);
		assert_true(host_user_fpu(HOST_FPU_REGS - 1, &control));
		assert_int_equal(*control, HOST_FPU_CONTROL);
		*fpu_register() = 500 + i;
	}
	for (unsigned i = 0; i < 9; i++) {
		run(all[i % 3]);
		assert_int_equal(*fpu_register(), 500 + i % 3);
	}
}

static void test_fpu_is_off_after_a_switch(void **state)
{
	uint64_t *reg;

	(void)state;
	run(a);
	fpu_register();
	wait_for(a);
	assert_false(host_user_fpu(0, &reg));
	/* By the plain path, too. */
	run(pager);
	wait_for(ANY);
	fpu_register();
	ipc(pager, pager, BLOCK);
	assert_running(pager);
	assert_false(host_user_fpu(0, &reg));
	/* The owner gets it back without a copy. */
	ipc(ROOT, ANY, RBLOCK);
	assert_running(ROOT);
	assert_false(host_user_fpu(0, &reg));
	fpu_register();
}

static void test_fpu_without_memory(void **state)
{
	(void)state;
	run(pager);
	wait_for(ANY);
	run(a);
	host_fail_alloc(1, true);
	host_resume(k_fpu(host_running));
	host_fail_alloc(0, false);
	assert_running(pager);
	assert_int_equal(tag_of(pager), protocol(ABI_PROTO_EXCEPTION, 0) | U(GLUE_EXC_WORDS));
	assert_int_equal(*mr(pager, 4), ABI_EXC_NO_FPU_MEMORY);
	ipc(a, NIL, 0);
	run(a);
	assert_int_equal(*fpu_register(), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    FAULT_TEST(test_page_fault),
	    FAULT_TEST(test_pager_is_busy),
	    FAULT_TEST(test_closed_wait_for_the_faulting_thread),
	    FAULT_TEST(test_no_pager),
	    FAULT_TEST(test_root_without_pager),
	    FAULT_TEST(test_exception),
	    FAULT_TEST(test_exception_answer_is_sanitised),
	    FAULT_TEST(test_unknown_system_call),
	    FAULT_TEST(test_no_exception_handler),
	    FAULT_TEST(test_fault_while_handling_a_fault),
	    FAULT_TEST(test_strict_priority_holds_for_faults),
	    FAULT_TEST(test_fpu_is_everyones_own),
	    FAULT_TEST(test_fpu_is_off_after_a_switch),
	    FAULT_TEST(test_fpu_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
