/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * prop_trap.c - entering and leaving the kernel: what user mode does arrives as the right
 * upcall, and what the kernel put into a context is what user mode goes on with.
 */
#include "contract.h"

void prop_system_call_arguments_and_results(void)
{
	struct user u;
	struct event e;

	CHECK(user_init(&u));
	user_op(&u, OP_SYSCALL, 0x11111111, 0x22222222);
	*user_arg(&u, 2) = ~(word_t)0;
	*user_arg(&u, 3) = (word_t)0x84444444;
	e = user_run(&u);
	CHECK_EQ(e.kind, EV_SYSCALL);
	CHECK(e.ctx == &u.ctx);
	CHECK_EQ(e.arg[0], NR_REPORT);
	CHECK_EQ(glue_arg(&u.ctx, 0), 0x11111111);
	CHECK_EQ(glue_arg(&u.ctx, 1), 0x22222222);
	CHECK_EQ(glue_arg(&u.ctx, 2), ~(word_t)0);
	CHECK_EQ(glue_arg(&u.ctx, 3), (word_t)0x84444444);
	CHECK_EQ(glue_ctx_get(&u.ctx, GLUE_SP), USER_ARGS);
	for (unsigned i = 0; i < 4; i++)
		glue_ret(&u.ctx, i, (word_t)0xf000000 + i);
	e = user_run(&u);
	CHECK_EQ(e.kind, EV_SYSCALL);
	CHECK_EQ(e.arg[0], NR_DONE);
	for (unsigned i = 0; i < 4; i++)
		CHECK_EQ(*user_arg(&u, 4 + i), (word_t)0xf000000 + i);
	user_fini(&u);
}

void prop_system_call_is_restarted(void)
{
	struct user u;
	struct event e;

	CHECK(user_init(&u));
	user_op(&u, OP_SYSCALL, 1, 2);
	for (unsigned i = 0; i < 3; i++) {
		e = user_run(&u);
		CHECK_EQ(e.kind, EV_SYSCALL);
		CHECK_EQ(e.arg[0], NR_REPORT);
		CHECK_EQ(glue_arg(&u.ctx, 0), 1);
		CHECK_EQ(glue_arg(&u.ctx, 1), 2);
		if (i < 2)
			glue_ctx_restart(&u.ctx);
	}
	glue_ret(&u.ctx, 0, 5);
	e = user_run(&u);
	CHECK_EQ(e.arg[0], NR_DONE);
	CHECK_EQ(*user_arg(&u, 4), 5);
	user_fini(&u);
}

void prop_ipc_arguments_and_results(void)
{
	struct user u;
	struct event e;

	CHECK(user_init(&u));
	user_op(&u, OP_IPC, 0x12344001, ~(word_t)0);
	*user_arg(&u, 2) = 0xc0de0c03;
	e = user_run(&u);
	CHECK_EQ(e.kind, EV_IPC);
	CHECK(e.ctx == &u.ctx);
	CHECK_EQ(e.arg[0], 0x12344001);
	CHECK_EQ(e.arg[1], ~(word_t)0);
	CHECK_EQ(e.arg[2], 0xc0de0c03);
	glue_ipc_ret(&u.ctx, 0x77770005, 0x43210001);
	e = user_run(&u);
	CHECK_EQ(e.kind, EV_SYSCALL);
	CHECK_EQ(e.arg[0], NR_DONE);
	CHECK_EQ(*user_arg(&u, 4), 0x77770005);
	CHECK_EQ(*user_arg(&u, 5), 0x43210001);
	user_fini(&u);
}

/* Another thread with other values in all registers has run in between. */
static bool disturb(struct user *other)
{
	struct event e;

	user_op(other, OP_SYSCALL, 0xbad1, 0xbad2);
	*user_arg(other, 2) = 0xbad3;
	*user_arg(other, 3) = 0xbad4;
	e = user_run(other);
	return e.kind == EV_SYSCALL && e.arg[0] == NR_REPORT;
}

void prop_system_call_keeps_registers(void)
{
	struct user u, v;
	struct event e;

	CHECK(user_init(&u) && user_init(&v));
	user_op(&u, OP_KEEP_CALL, 0, 0);
	e = user_run(&u);
	CHECK_EQ(e.kind, EV_SYSCALL);
	CHECK_EQ(e.arg[0], NR_REPORT);
	CHECK(disturb(&v));
	e = user_run(&u);
	CHECK_EQ(e.kind, EV_SYSCALL);
	CHECK_EQ(e.arg[0], NR_DONE);
	CHECK_EQ(*user_arg(&u, 4), 0);
	user_fini(&v);
	user_fini(&u);
}

void prop_fault_keeps_registers(void)
{
	struct user u, v;
	struct event e;
	paddr_t pa = frame(GLUE_PAGE_LOG2);

	CHECK(user_init(&u) && user_init(&v) && pa);
	*frame_word(pa, 0) = 1;
	user_op(&u, OP_KEEP_TRAP, USER_DATA, 0);
	e = user_run(&u);
	CHECK_EQ(e.kind, EV_PAGEFAULT);
	CHECK_EQ(e.arg[0], USER_DATA);
	CHECK(disturb(&v));
	CHECK(map_now(&u.as, USER_DATA, pa, GLUE_PAGE_LOG2, GLUE_R, GLUE_CACHED));
	e = user_run(&u);
	CHECK_EQ(e.kind, EV_SYSCALL);
	CHECK_EQ(*user_arg(&u, 4), 0);
	user_fini(&v);
	user_fini(&u);
}

void prop_interrupt_keeps_registers(void)
{
	struct user u, v;
	struct event e;
	paddr_t pa = frame(GLUE_PAGE_LOG2);

	CHECK(user_init(&u) && user_init(&v) && pa);
	CHECK(map_now(&u.as, USER_DATA, pa, GLUE_PAGE_LOG2, GLUE_R, GLUE_CACHED));
	user_op(&u, OP_KEEP_TRAP, USER_DATA, 0);
	for (unsigned i = 0; i < 5; i++) {
		glue_timer_arm(glue_clock() + glue_clock_khz() / 8 * i);
		e = user_run(&u);
		CHECK_EQ(e.kind, EV_INTERRUPT);
		CHECK(e.ctx == &u.ctx);
		CHECK_EQ(glue_irq_claim(), GLUE_IRQ_TIMER);
		CHECK(disturb(&v));
	}
	*frame_word(pa, 0) = 1;
	e = user_run(&u);
	CHECK_EQ(e.kind, EV_SYSCALL);
	CHECK_EQ(e.arg[0], NR_DONE);
	CHECK_EQ(*user_arg(&u, 4), 0);
	user_fini(&v);
	user_fini(&u);
}

/* The context goes on at the start of OP_SYSCALL, by an exception's reply. */
static struct event recover(struct user *u, struct event e)
{
	word_t mr[GLUE_EXC_WORDS];

	glue_exc_store(e.ctx, mr, e.arg[0], e.arg[1]);
	mr[0] = user_op_address(OP_SYSCALL);
	mr[1] = USER_ARGS;
	glue_exc_load(e.ctx, mr, GLUE_EXC_WORDS);
	return user_run(u);
}

static void trap_at_start(enum user_op op)
{
	struct user u;
	struct event e;

	CHECK(user_init(&u));
	user_op(&u, op, 3, 4);
	e = user_run(&u);
	CHECK_EQ(e.kind, EV_EXCEPTION);
	CHECK(e.ctx == &u.ctx);
	CHECK_EQ(glue_ctx_get(&u.ctx, GLUE_IP), user_op_address(op));
	CHECK_EQ(glue_ctx_get(&u.ctx, GLUE_SP), USER_ARGS);
	e = recover(&u, e);
	CHECK_EQ(e.kind, EV_SYSCALL);
	CHECK_EQ(e.arg[0], NR_REPORT);
	CHECK_EQ(glue_arg(&u.ctx, 0), 3);
	user_fini(&u);
}

void prop_undefined_instruction_is_reported(void)
{
	trap_at_start(OP_UNDEFINED);
}

void prop_privileged_instruction_is_refused(void)
{
	trap_at_start(OP_PRIVILEGED);
}

static word_t hostile_value(unsigned i)
{
	if (i < GLUE_WORD_BITS)
		return (word_t)1 << i;
	if (i < 2 * GLUE_WORD_BITS)
		return ~((word_t)1 << (i - GLUE_WORD_BITS));
	return i & 1 ? ~(word_t)0 : 0;
}

/* Whatever the flags: the thread runs in user mode (or doesn't get far, as an odd byte order
 * or single steps may have it), with interrupts on. */
static void survive(struct user *u)
{
	struct event e = user_run(u);

	CHECK(e.kind != EV_IPC && e.kind != EV_INTERRUPT && e.kind != EV_FPU);
	CHECK(e.ctx == &u->ctx);
	/* It is user mode: a privileged instruction traps. */
	glue_ctx_set(&u->ctx, GLUE_IP, user_op_address(OP_PRIVILEGED));
	e = user_run(u);
	CHECK(e.kind == EV_EXCEPTION || e.kind == EV_PAGEFAULT);
	/* Interrupts are on. */
	glue_ctx_set(&u->ctx, GLUE_IP, user_op_address(OP_SPIN));
	glue_ctx_set(&u->ctx, GLUE_SP, USER_ARGS);
	glue_timer_arm(glue_clock() + glue_clock_khz() / 20);
	for (e = user_run(u); e.kind == EV_EXCEPTION; e = user_run(u))
		if (glue_irq_pending())
			break;
	CHECK(e.kind == EV_INTERRUPT || e.kind == EV_EXCEPTION || e.kind == EV_PAGEFAULT);
	if (e.kind != EV_INTERRUPT)
		CHECK_EQ(run_idle().kind, EV_INTERRUPT);
	CHECK_EQ(glue_irq_claim(), GLUE_IRQ_TIMER);
}

void prop_hostile_flags_stay_in_user_mode(void)
{
	for (unsigned i = 0; i < 2 * GLUE_WORD_BITS + 2; i++) {
		struct user u;

		frames_reset();
		CHECK(user_init(&u));
		user_op(&u, OP_SYSCALL, 0, 0);
		glue_ctx_set(&u.ctx, GLUE_FLAGS, hostile_value(i));
		survive(&u);
		user_fini(&u);
	}
}

void prop_hostile_message_stays_in_user_mode(void)
{
	for (unsigned i = 0; i < 2 * GLUE_WORD_BITS + 2; i++) {
		struct user u;
		word_t mr[GLUE_EXC_WORDS];

		frames_reset();
		CHECK(user_init(&u));
		user_op(&u, OP_SYSCALL, 0, 0);
		for (unsigned k = 0; k < GLUE_EXC_WORDS; k++)
			mr[k] = hostile_value(i);
		mr[0] = user_op_address(OP_SYSCALL);
		glue_exc_load(&u.ctx, mr, GLUE_EXC_WORDS);
		survive(&u);
		user_fini(&u);
	}
}

void prop_hostile_ip_and_sp_fault(void)
{
	static const word_t bad[] = {
	    0,
	    1,
	    2,
	    3,
	    GLUE_USER_LAST,
	    GLUE_USER_LAST + 1,
	    GLUE_USER_LAST + 3,
	    ~(word_t)0,
	    ~(word_t)1,
	    ~(word_t)3,
	    (word_t)1 << (GLUE_WORD_BITS - 1),
	    (word_t)3 << (GLUE_WORD_BITS - 2),
	    (word_t)0xaaaaaaaa,
	    USER_DATA + 2,
	};
	struct user u;
	struct event e;

	CHECK(user_init(&u));
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		user_op(&u, OP_SYSCALL, 0, 0);
		glue_ctx_set(&u.ctx, GLUE_IP, bad[i]);
		e = user_run(&u);
		CHECK(e.kind == EV_PAGEFAULT || e.kind == EV_EXCEPTION);
		/* A bad stack is no concern of the kernel's. */
		user_op(&u, OP_SYSCALL, 0, 0);
		glue_ctx_set(&u.ctx, GLUE_SP, bad[i]);
		e = user_run(&u);
		CHECK(e.kind == EV_PAGEFAULT || e.kind == EV_EXCEPTION);
		e = recover(&u, e);
		CHECK_EQ(e.kind, EV_SYSCALL);
	}
	user_fini(&u);
}

void prop_tls_follows_the_thread(void)
{
	struct user u, v;

	CHECK(user_init(&u) && user_init(&v));
	for (unsigned i = 0; i < 3; i++) {
		CHECK(user_does(&u, OP_TLS, 0, 0));
		CHECK_EQ(*user_arg(&u, 4), USER_UTCB);
		/* The other one has its UTCB on another page. */
		user_op(&v, OP_TLS, 0, 0);
		if (i == 0) {
			paddr_t pa = frame(GLUE_PAGE_LOG2);
			struct glue_mapping m;

			CHECK(pa && glue_lookup(&v.as, USER_UTCB, &m));
			for (word_t o = 0; o < GLUE_PAGE_SIZE; o += sizeof(word_t))
				*frame_word(pa, o) = *frame_word(m.pa, o) ? USER_DATA : 0;
			CHECK(map_now(&v.as, USER_DATA, pa, GLUE_PAGE_LOG2, GLUE_R, GLUE_CACHED));
		}
		glue_ctx_set(&v.ctx, GLUE_TLS, USER_DATA);
		CHECK_EQ(user_run(&v).kind, EV_SYSCALL);
		CHECK_EQ(*user_arg(&v, 4), USER_DATA);
	}
	user_fini(&v);
	user_fini(&u);
}

void prop_exclusive_access_ends_at_a_switch(void)
{
	struct user u, v;
	struct event e;
	paddr_t pa = frame(GLUE_PAGE_LOG2);

	CHECK(user_init(&u) && user_init(&v) && pa);
	CHECK(map_now(&u.as, USER_DATA, pa, GLUE_PAGE_LOG2, GLUE_R | GLUE_W, GLUE_CACHED));
	user_op(&u, OP_EXCLUSIVE, USER_DATA, 99);
	e = user_run(&u);
	CHECK_EQ(e.kind, EV_SYSCALL);
	CHECK_EQ(e.arg[0], NR_REPORT);
	CHECK(disturb(&v));
	e = user_run(&u);
	CHECK_EQ(e.kind, EV_SYSCALL);
	CHECK_EQ(e.arg[0], NR_DONE);
	CHECK_EQ(*user_arg(&u, 4), 0);
	CHECK_EQ(*frame_word(pa, 0), 0);
	user_fini(&v);
	user_fini(&u);
}

void prop_fpu_off_traps_once(void)
{
	static struct glue_fpu f;
	struct user u;
	struct event e;

	CHECK(user_init(&u));
	glue_fpu_enable(false);
	user_op(&u, OP_FPU_SET, 42, 0);
	e = user_run(&u);
	CHECK_EQ(e.kind, EV_FPU);
	CHECK(e.ctx == &u.ctx);
	glue_fpu_init(&f);
	glue_fpu_enable(true);
	glue_fpu_load(&f);
	e = user_run(&u);
	CHECK_EQ(e.kind, EV_SYSCALL);
	CHECK(user_does(&u, OP_FPU_GET, 0, 0));
	CHECK_EQ(*user_arg(&u, 4), 42);
	glue_fpu_enable(false);
	user_op(&u, OP_FPU_GET, 0, 0);
	CHECK_EQ(user_run(&u).kind, EV_FPU);
	user_fini(&u);
}

void prop_fpu_contents_do_not_leak(void)
{
	static struct glue_fpu f[2];
	struct user u;

	CHECK(user_init(&u));
	glue_fpu_enable(true);
	for (unsigned i = 0; i < 2; i++) {
		glue_fpu_init(&f[i]);
		glue_fpu_load(&f[i]);
		CHECK(user_does(&u, OP_FPU_GET, 0, 0));
		CHECK_EQ(*user_arg(&u, 4), 0); /* nothing of whoever was there before */
		CHECK(user_does(&u, OP_FPU_SET, 1000 + i, 0));
		glue_fpu_save(&f[i]);
	}
	for (unsigned i = 0; i < 6; i++) {
		glue_fpu_load(&f[i & 1]);
		CHECK(user_does(&u, OP_FPU_GET, 0, 0));
		CHECK_EQ(*user_arg(&u, 4), 1000 + (i & 1));
		glue_fpu_save(&f[i & 1]);
	}
	glue_fpu_enable(false);
	user_fini(&u);
}
