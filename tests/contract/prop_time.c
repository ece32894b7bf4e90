/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * prop_time.c - interrupts and time.
 */
#include <contract_arch.h>

#include "contract.h"

#define MS(n) ((uint64_t)glue_clock_khz() * (n))

void prop_clock_is_monotonic(void)
{
	uint64_t last = glue_clock();

	CHECK(glue_clock_khz() >= 1);
	CHECK_EQ(glue_clock_khz(), glue_clock_khz());
	for (unsigned i = 0; i < 20000; i++) {
		uint64_t now = glue_clock();

		CHECK(now >= last);
		last = now;
	}
}

/* A thread that computes until the timer interrupts it. */
void prop_timer_is_not_early(void)
{
	struct user u;

	CHECK(user_init(&u));
	for (unsigned ms = 1; ms <= 16; ms *= 2) {
		uint64_t deadline = glue_clock() + MS(ms);
		struct event e;

		glue_timer_arm(deadline);
		user_op(&u, OP_SPIN, 0, 0);
		e = user_run(&u);
		CHECK_EQ(e.kind, EV_INTERRUPT);
		CHECK_EQ(glue_irq_claim(), GLUE_IRQ_TIMER);
		CHECK(glue_clock() >= deadline);
		/* Once is enough. */
		CHECK(!glue_irq_pending());
		CHECK_EQ(glue_irq_claim(), GLUE_IRQ_NONE);
	}
	user_fini(&u);
}

void prop_timer_past_deadline_fires_at_once(void)
{
	struct user u;

	CHECK(user_init(&u));
	for (unsigned i = 0; i < 3; i++) {
		glue_timer_arm(i ? glue_clock() : 0);
		user_op(&u, OP_SPIN, 0, 0);
		CHECK_EQ(user_run(&u).kind, EV_INTERRUPT);
		CHECK_EQ(glue_irq_claim(), GLUE_IRQ_TIMER);
	}
	user_fini(&u);
}

void prop_timer_can_be_moved_and_stopped(void)
{
	struct user u;
	uint64_t far, near;

	CHECK(user_init(&u));
	near = glue_clock() + MS(1);
	far = near + MS(20);
	glue_timer_arm(near);
	glue_timer_arm(far);
	user_op(&u, OP_SPIN, 0, 0);
	CHECK_EQ(user_run(&u).kind, EV_INTERRUPT);
	CHECK_EQ(glue_irq_claim(), GLUE_IRQ_TIMER);
	CHECK(glue_clock() >= far);

	/* One that is stopped does not come, even if it was pending already. At most an
	 * interrupt that turns out to be none is still on its way. */
	glue_timer_arm(0);
	while (!glue_irq_pending())
		;
	glue_timer_arm(GLUE_TIMER_OFF);
	if (glue_irq_pending()) {
		CHECK_EQ(run_idle().kind, EV_INTERRUPT);
		CHECK_EQ(glue_irq_claim(), GLUE_IRQ_NONE);
	}
	CHECK(!glue_irq_pending());
	far = glue_clock() + MS(5);
	glue_timer_arm(glue_clock() + MS(1));
	glue_timer_arm(GLUE_TIMER_OFF);
	contract_pass_time(far);
	CHECK(!glue_irq_pending());
	CHECK(user_does(&u, OP_READ, USER_ARGS, 0)); /* and no interrupt on the way */
	user_fini(&u);
}

void prop_timer_wakes_the_idle(void)
{
	for (unsigned i = 0; i < 3; i++) {
		uint64_t deadline = glue_clock() + MS(i);
		struct event e;

		glue_timer_arm(deadline);
		e = run_idle();
		CHECK_EQ(e.kind, EV_INTERRUPT);
		CHECK(e.ctx == NULL);
		CHECK_EQ(glue_irq_claim(), GLUE_IRQ_TIMER);
		CHECK(glue_clock() >= deadline);
	}
}

void prop_invalid_lines_are_refused(void)
{
	static const unsigned bad[] = {GLUE_IRQS, GLUE_IRQS + 1, 0x7fffffff, 0x80000000, ~0u, ~1u};
	unsigned valid = 0;

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(!glue_irq_valid(bad[i]));
	for (unsigned i = 0; i < GLUE_IRQS; i++)
		valid += glue_irq_valid(i);
	CHECK(valid > 0);
	CHECK(glue_irq_valid(CONTRACT_IRQ));
}

/* Lines that exist, but are the kernel's own, or the interrupt controller's. */
void prop_lines_of_the_kernel_are_refused(void)
{
	static const unsigned lines[] = CONTRACT_IRQS_REFUSED;

	for (unsigned i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		CHECK(!glue_irq_valid(lines[i]));
}

/* The device's line goes up and down. */
static bool drive(struct user *u, bool up)
{
	bool ok = user_does(u, OP_DEVICE, CONTRACT_DEVICE_VA + CONTRACT_DEVICE_REG,
			    up ? CONTRACT_DEVICE_UP : CONTRACT_DEVICE_DOWN);

	return ok;
}

static bool device_init(struct user *u)
{
	if (!user_init(u))
		return false;
	if (CONTRACT_DEVICE_IS_PORT)
		return glue_io_allow(&u->as, CONTRACT_DEVICE_PA, 3, true) == GLUE_OK;
	return map_now(&u->as, CONTRACT_DEVICE_VA & -GLUE_PAGE_SIZE,
		       CONTRACT_DEVICE_PA & -(paddr_t)GLUE_PAGE_SIZE, GLUE_PAGE_LOG2,
		       GLUE_R | GLUE_W, GLUE_DEVICE);
}

void prop_claim_masks_and_unmask_redelivers(void)
{
	struct user u;

	CHECK(device_init(&u));
	CHECK(drive(&u, false));
	glue_irq_mask(CONTRACT_IRQ, false);
	for (unsigned i = 0; i < 3; i++) {
		struct event e;

		CHECK(!glue_irq_pending());
		/* The write that raises the line is the last that runs. */
		user_op(&u, OP_DEVICE, CONTRACT_DEVICE_VA + CONTRACT_DEVICE_REG,
			CONTRACT_DEVICE_UP);
		e = user_run(&u);
		if (e.kind == EV_SYSCALL) { /* it had got to its end already */
			user_op(&u, OP_SPIN, 0, 0);
			e = user_run(&u);
		}
		CHECK_EQ(e.kind, EV_INTERRUPT);
		CHECK_EQ(glue_irq_claim(), CONTRACT_IRQ);
		/* Masked: the line, still up, is silent, and so is another edge. */
		CHECK(!glue_irq_pending());
		CHECK(drive(&u, false));
		CHECK(drive(&u, true));
		CHECK(!glue_irq_pending());
		/* Unmasked, the edge that came meanwhile is seen. */
		glue_irq_mask(CONTRACT_IRQ, false);
		user_op(&u, OP_SPIN, 0, 0);
		e = user_run(&u);
		CHECK_EQ(e.kind, EV_INTERRUPT);
		CHECK_EQ(glue_irq_claim(), CONTRACT_IRQ);
		CHECK(drive(&u, false));
		glue_irq_mask(CONTRACT_IRQ, false);
	}
	glue_irq_mask(CONTRACT_IRQ, true);
	user_fini(&u);
}

void prop_masked_line_is_silent(void)
{
	struct user u;

	CHECK(device_init(&u));
	glue_irq_mask(CONTRACT_IRQ, true);
	CHECK(drive(&u, true));
	CHECK(!glue_irq_pending());
	CHECK(user_does(&u, OP_READ, USER_ARGS, 0));
	/* Another interrupt is none of it. */
	glue_timer_arm(glue_clock());
	user_op(&u, OP_SPIN, 0, 0);
	CHECK_EQ(user_run(&u).kind, EV_INTERRUPT);
	CHECK_EQ(glue_irq_claim(), GLUE_IRQ_TIMER);
	CHECK_EQ(glue_irq_claim(), GLUE_IRQ_NONE);
	CHECK(drive(&u, false));
	user_fini(&u);
}

void prop_spurious_claim_is_nothing(void)
{
	CHECK(!glue_irq_pending());
	for (unsigned i = 0; i < 3; i++)
		CHECK_EQ(glue_irq_claim(), GLUE_IRQ_NONE);
}
