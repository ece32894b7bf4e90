/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_exregs.c - ExchangeRegisters, on threads in every state, by every kind of caller.
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

#define XREG_TEST(f) cmocka_unit_test_setup_teardown(f, setup, boot_teardown)

#define DELIVER(id) exregs(id, ABI_XREG_DELIVER, 0, 0, 0, 0, 0)
#define CONTROL(id) (tcb(id)->g.ctx.r[2])
#define HALT(id)    exregs(id, ABI_XREG_H_WRITE | ABI_XREG_HALTED, 0, 0, 0, 0, 0)
#define RESUME(id)  exregs(id, ABI_XREG_H_WRITE, 0, 0, 0, 0, 0)

/* The old values, as the call just made by root delivered them. */
static void assert_old(word_t state, word_t sp, word_t ip, word_t handle, word_t pager)
{
	const struct tcb *root = tcb(ROOT);

	assert_int_equal(root->g.ctx.r[2] & 7, state);
	assert_int_equal(root->g.ctx.r[3], sp);
	assert_int_equal(root->g.ctx.r[4], ip);
	assert_int_equal(root->g.utcb->sysarg[1], handle);
	assert_int_equal(root->g.utcb->sysarg[2], pager);
}

static void test_read_and_write(void **state)
{
	struct glue_ctx *c = &tcb(a)->g.ctx;

	(void)state;
	tcb(a)->g.utcb->handle = 77;
	assert_int_equal(DELIVER(a), a);
	assert_old(0, 0x600100, 0x400100, 77, ROOT);
	assert_int_equal(exregs(a,
				ABI_XREG_SP | ABI_XREG_IP | ABI_XREG_FLAGS | ABI_XREG_HANDLE |
				    ABI_XREG_PAGER | ABI_XREG_DELIVER,
				0x1000, 0x2000, ~(word_t)0, 88, b),
			 a);
	assert_old(0, 0x600100, 0x400100, 77, ROOT);
	assert_int_equal(c->sp, 0x1000);
	assert_int_equal(c->ip, 0x2000);
	/* Sanitised. */
	assert_int_equal(c->flags, HOST_FLAGS_USER | HOST_FLAGS_MUST);
	assert_int_equal(tcb(ROOT)->g.utcb->sysarg[0], 0);
	assert_int_equal(DELIVER(a), a);
	assert_int_equal(tcb(ROOT)->g.utcb->sysarg[0], HOST_FLAGS_USER);
	assert_int_equal(tcb(a)->g.utcb->handle, 88);
	assert_int_equal(tcb(a)->g.utcb->pager, b);
	/* One at a time, and nothing else. */
	assert_int_equal(exregs(a, ABI_XREG_IP, 1, 0x3000, 0, 1, 1), a);
	assert_int_equal(c->ip, 0x3000);
	assert_int_equal(c->sp, 0x1000);
	assert_int_equal(tcb(a)->g.utcb->handle, 88);
	run(a);
}

static void test_halt_and_resume(void **state)
{
	(void)state;
	assert_int_equal(HALT(a), a);
	assert_true(tcb(a)->g.flags & T_HALTED);
	assert_false(tcb(a)->g.flags & T_QUEUED);
	assert_int_equal(HALT(a), a);
	assert_int_equal(CONTROL(ROOT) & ABI_XREG_HALTED, ABI_XREG_HALTED);
	CALL(ABI_SYS_THREAD_SWITCH, a);
	assert_int_not_equal(running(), a);
	run(ROOT);
	/* The flag is written only if the call says so. */
	assert_int_equal(exregs(a, ABI_XREG_HALTED, 0, 0, 0, 0, 0), a);
	assert_true(tcb(a)->g.flags & T_HALTED);
	assert_int_equal(RESUME(a), a);
	assert_int_equal(CONTROL(ROOT) & ABI_XREG_HALTED, ABI_XREG_HALTED);
	assert_int_equal(RESUME(a), a);
	assert_int_equal(CONTROL(ROOT) & ABI_XREG_HALTED, 0);
	run(a);
}

static void test_halt_oneself(void **state)
{
	(void)state;
	run(a);
	HALT(a);
	assert_int_not_equal(running(), a);
	run(ROOT);
	assert_int_equal(RESUME(a), a);
	run(a);
}

/* A halted thread's IPC goes on; only its code doesn't. */
static void test_halted_in_an_ipc(void **state)
{
	(void)state;
	run(a);
	ipc(ROOT, ROOT, LABEL(1) | BLOCK);
	run(ROOT);
	assert_int_equal(HALT(a), a);
	wait_for(a);
	assert_int_equal(tag_of(ROOT), LABEL(1));
	ipc(a, NIL, LABEL(2));
	assert_int_equal(tag_of(a), LABEL(2));
	assert_state(a, TS_READY);
	assert_false(tcb(a)->g.flags & T_QUEUED);
	assert_int_equal(RESUME(a), a);
	run(a);
}

static void test_abort_send(void **state)
{
	(void)state;
	run(a);
	ipc(b, b, BLOCK);
	run(ROOT);
	assert_int_equal(exregs(a, ABI_XREG_RECV, 0, 0, 0, 0, 0), a); /* it doesn't receive yet */
	assert_int_equal(CONTROL(ROOT) & 7, ABI_XREG_SEND);
	assert_state(a, TS_SENDING);
	assert_int_equal(exregs(a, ABI_XREG_SEND, 0, 0, 0, 0, 0), a);
	assert_ipc_error(a, ABI_IPC_CANCELED, ABI_IPC_SEND_PHASE);
	assert_state(a, TS_READY);
	run(a);
	run(b);
	ipc(NIL, ANY, 0);
	assert_ipc_error(b, ABI_IPC_NO_PARTNER, ABI_IPC_RECV_PHASE);
}

static void test_abort_receive(void **state)
{
	const word_t froms[] = {ANY, ROOT, a, WAITN};

	(void)state;
	tcb(a)->g.utcb->acceptor = ABI_ACCEPT_NOTIFY;
	for (unsigned i = 0; i < 4; i++) {
		run(a);
		ipc(NIL, froms[i], RBLOCK);
		run(ROOT);
		assert_int_equal(exregs(a, ABI_XREG_SEND, 0, 0, 0, 0, 0), a);
		assert_int_equal(CONTROL(ROOT) & 7, ABI_XREG_RECV);
		assert_int_not_equal(tcb(a)->g.state, TS_READY);
		/* Abort and stop. */
		assert_int_equal(
		    exregs(a, ABI_XREG_RECV | ABI_XREG_SEND | ABI_XREG_H_WRITE | ABI_XREG_HALTED, 0,
			   0, 0, 0, 0),
		    a);
		assert_ipc_error(a, ABI_IPC_CANCELED, ABI_IPC_RECV_PHASE);
		assert_state(a, TS_READY);
		assert_int_equal(RESUME(a), a);
	}
}

/* A receive phase that is due, but has not been looked at. */
static void test_abort_due_receive(void **state)
{
	(void)state;
	run(a);
	ipc(b, ROOT, LABEL(1) | BLOCK);
	run(b);
	wait_for(ANY);
	assert_true(tcb(a)->g.flags & T_RECEIVE);
	run(ROOT);
	assert_true(tcb(a)->g.flags & T_RECEIVE);
	assert_int_equal(exregs(a, ABI_XREG_RECV, 0, 0, 0, 0, 0), a);
	assert_ipc_error(a, ABI_IPC_CANCELED, ABI_IPC_RECV_PHASE);
	run(a);
}

static void test_abort_of_what_the_kernel_began(void **state)
{
	(void)state;
	run(a);
	page_fault(0x7000, GLUE_R); /* queued for root */
	run(ROOT);
	assert_int_equal(exregs(a, ABI_XREG_SEND | ABI_XREG_RECV, 0, 0, 0, 0, 0), a);
	assert_state(a, TS_READY);
	ipc(NIL, ANY, 0);
	assert_ipc_error(ROOT, ABI_IPC_NO_PARTNER, ABI_IPC_RECV_PHASE);
	run(a); /* it tries again */
	page_fault(0x7000, GLUE_R);
	run(ROOT);
	wait_for(a);
	assert_int_equal(exregs(a, ABI_XREG_RECV, 0, 0, 0, 0, 0), a);
	assert_state(a, TS_READY);
}

static void test_copy_between_threads(void **state)
{
	struct glue_ctx *from = &tcb(b)->g.ctx, *to = &tcb(a)->g.ctx;

	(void)state;
	for (unsigned i = 0; i < HOST_REGS; i++)
		from->r[i] = 0x1000 + i;
	assert_int_equal(
	    exregs(a, ABI_XREG_COPY | (b & ~(word_t)0 << ABI_XREG_SOURCE_SHIFT), 0, 0, 0, 0, 0), a);
	for (unsigned i = 0; i < HOST_REGS; i++)
		assert_int_equal(to->r[i], 0x1000 + i);
	assert_int_equal(to->sp, from->sp);
	assert_int_equal(to->ip, from->ip);
	assert_int_equal(to->tls, utcb_place(1, true));
	/* Written values win. */
	assert_int_equal(
	    exregs(a, ABI_XREG_COPY | ABI_XREG_SP | (b & ~(word_t)0 << ABI_XREG_SOURCE_SHIFT),
		   0x123450, 0, 0, 0, 0),
	    a);
	assert_int_equal(to->sp, 0x123450);
	/* From nobody, and from a thread that is none of the caller's. */
	assert_fails(exregs(a, ABI_XREG_COPY | (id_of(9) & ~(word_t)0 << ABI_XREG_SOURCE_SHIFT), 0,
			    0, 0, 0, 0),
		     ABI_ERR_THREAD);
	run(b);
	assert_fails(
	    exregs(b, ABI_XREG_COPY | (a & ~(word_t)0 << ABI_XREG_SOURCE_SHIFT), 0, 0, 0, 0, 0),
	    ABI_ERR_THREAD);
}

/* The results are the call's, not what was copied over them: to oneself, and from oneself. */
static void test_results_of_a_copy(void **state)
{
	struct glue_ctx *other = &tcb(a)->g.ctx;
	const word_t copy = ABI_XREG_COPY;

	(void)state;
	for (unsigned i = 0; i < HOST_REGS; i++)
		other->r[i] = 0x3000 + i;
	assert_int_equal(
	    exregs(ROOT, copy | (a & ~(word_t)0 << ABI_XREG_SOURCE_SHIFT), 0, 0, 0, 0, 0), ROOT);
	assert_int_equal(host_running->r[HOST_REGS - 1], 0x3000 + HOST_REGS - 1);
	assert_int_equal(
	    exregs(a, copy | (ROOT & ~(word_t)0 << ABI_XREG_SOURCE_SHIFT), 0, 0, 0, 0, 0), a);
	/* What the caller had at the call: the number of the system call, and its arguments. */
	assert_int_equal(other->r[0], ABI_SYS_EXCHANGE_REGS);
	assert_int_equal(other->r[1], a);
}

static void test_copy_through_message_registers(void **state)
{
	struct glue_ctx *c = &tcb(a)->g.ctx;

	(void)state;
	for (unsigned i = 0; i < HOST_REGS; i++)
		c->r[i] = 0x2000 + i;
	assert_int_equal(exregs(a, ABI_XREG_TO_MRS, 0, 0, 0, 0, 0), a);
	assert_int_equal(*mr(ROOT, 1), 0x400100);
	assert_int_equal(*mr(ROOT, 2), 0x600100);
	for (unsigned i = 0; i < HOST_REGS; i++)
		assert_int_equal(*mr(ROOT, 6 + i), 0x2000 + i);
	for (unsigned i = 1; i <= GLUE_EXC_WORDS; i++)
		*mr(ROOT, i) = ~(word_t)0;
	assert_int_equal(exregs(a, ABI_XREG_FROM_MRS, 0, 0, 0, 0, 0), a);
	assert_int_equal(c->r[15], ~(word_t)0);
	assert_int_equal(c->flags, HOST_FLAGS_USER | HOST_FLAGS_MUST);
	run(a); /* which is a check of the context */
}

static void test_errors(void **state)
{
	const word_t bad[] = {NIL, ANY, WAITN, id_of(9), a + 1, tid_make(3, 1), create(5, ROOT)};

	(void)state;
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_fails(DELIVER(bad[i]), ABI_ERR_THREAD);
	assert_fails(exregs(a, ABI_XREG_KNOWN + 1, 0, 0, 0, 0, 0), ABI_ERR_PARAM);
	glue_irq_mask(3, true);
	assert_succeeds(thread_control(tid_make(3, 1), tid_make(3, 1), NIL, ROOT, KEEP));
	assert_fails(DELIVER(tid_make(3, 1)), ABI_ERR_THREAD);
}

static void test_who_may(void **state)
{
	word_t mate = spawn(3, b);

	(void)state;
	run(b);
	assert_fails(DELIVER(a), ABI_ERR_THREAD);
	assert_int_equal(DELIVER(mate), mate); /* same space */
	assert_int_equal(DELIVER(b), b);       /* oneself */
	tcb(a)->g.utcb->pager = b;
	assert_int_equal(DELIVER(a), a); /* its pager */
}

static void test_oneself(void **state)
{
	(void)state;
	run(a);
	assert_int_equal(
	    exregs(a, ABI_XREG_IP | ABI_XREG_SP | ABI_XREG_DELIVER, 0x9000, 0x8000, 0, 0, 0), a);
	assert_int_equal(host_running->ip, 0x8000);
	assert_int_equal(host_running->sp, 0x9000);
	assert_int_equal(host_running->r[3], 0x600100);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    XREG_TEST(test_read_and_write),
	    XREG_TEST(test_halt_and_resume),
	    XREG_TEST(test_halt_oneself),
	    XREG_TEST(test_halted_in_an_ipc),
	    XREG_TEST(test_abort_send),
	    XREG_TEST(test_abort_receive),
	    XREG_TEST(test_abort_due_receive),
	    XREG_TEST(test_abort_of_what_the_kernel_began),
	    XREG_TEST(test_copy_between_threads),
	    XREG_TEST(test_results_of_a_copy),
	    XREG_TEST(test_copy_through_message_registers),
	    XREG_TEST(test_errors),
	    XREG_TEST(test_who_may),
	    XREG_TEST(test_oneself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
