/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_random.c - long sequences of system calls, faults and interrupts with arguments that
 * are half sensible and half not. There is no model of what should come of it: the kernel's
 * invariants are checked after every event, the machine notices stale translations and
 * contexts that could do harm, and in the end everything can be taken down without a rest.
 */
#include "harness.h"

#define THREADS 24
#define SPACES  4 /* thread 1 ... SPACES are the first of a space each */

static uint32_t seed;

static unsigned rnd(unsigned n)
{
	seed = seed * 1664525 + 1013904223;
	return (unsigned)((uint64_t)(seed >> 4) * n >> 28);
}

/* An id, mostly of a thread that may exist. */
static word_t some_id(void)
{
	static const word_t odd[] = {ABI_NILTHREAD, (word_t)ABI_ANYTHREAD, (word_t)ABI_WAITNOTIFY,
				     1, ~(word_t)0 >> 1};

	switch (rnd(12)) {
	case 0:
		return odd[rnd(5)];
	case 1:
		return tid_make(rnd(GLUE_IRQS + 4), 1 + rnd(2));
	case 2:
		return tid_make(k_user_base + rnd(THREADS), 2);
	default:
		return id_of(rnd(THREADS));
	}
}

static word_t some_word(void)
{
	static const word_t odd[] = {0, 1, ~(word_t)0, GLUE_USER_LAST, GLUE_USER_LAST + 1, 0x1000};

	switch (rnd(4)) {
	case 0:
		return odd[rnd(6)];
	case 1:
		return (word_t)1 << rnd(GLUE_WORD_BITS);
	default:
		return (word_t)rnd(1u << 28) << rnd(8);
	}
}

static word_t some_fpage(void)
{
	unsigned log2 = 12 + rnd(10);

	if (rnd(10) == 0)
		return some_word();
	return fpage(0x40000000 + ((word_t)rnd(64) << log2), log2, rnd(8));
}

static word_t some_tag(void)
{
	word_t tag = LABEL(rnd(16)) | (rnd(12) ? rnd(8) : rnd(0x1000));

	if (rnd(4))
		tag |= RBLOCK;
	if (rnd(3))
		tag |= SBLOCK;
	if (rnd(6) == 0)
		tag |= NOTIFY;
	return tag;
}

static void some_messages(void)
{
	struct abi_utcb *utcb = tcb(running())->g.utcb;

	for (unsigned i = 0; i < 12; i++)
		utcb->mr[i] = rnd(2) ? some_fpage() : some_word();
	if (rnd(8) == 0)
		utcb->acceptor = rnd(8);
	utcb->notify_mask = some_word();
	utcb->pager = some_id();
	utcb->exc_handler = some_id();
	utcb->preempt_flags = rnd(4) ? 0 : ABI_PREEMPT_CALLBACK;
	utcb->preempt_ip = some_word();
}

/* Root keeps threads coming. */
static void make_thread(void)
{
	unsigned n = 1 + rnd(THREADS - 1);
	word_t id = id_of(n), space = n <= SPACES ? id : rnd(2) ? ROOT : id_of(1 + rnd(SPACES));
	bool in_root;

	/* Each step may be cut, fail, or let another thread run. */
	thread_control(id, space, rnd(3) ? ROOT : some_id(), NIL, KEEP);
	if (running() != ROOT || !tid_find(id))
		return;
	if (space == id)
		space_control(id, fpage(AREA_KIP, ABI_KIP_AREA_LOG2, 0),
			      fpage(AREA_UTCB, AREA_LOG2, 0));
	if (running() != ROOT)
		return;
	in_root = tcb(id)->g.space == tcb(ROOT)->g.space;
	thread_control(id, id, NIL, rnd(3) ? ROOT : some_id(), utcb_place(n, in_root));
	if (running() == ROOT)
		ipc(id, NIL, U(2));
}

static void root_keeps_order(void)
{
	struct tcb *root = tcb(ROOT);

	/* Whatever the others did to it: it wants to go on. */
	root->g.utcb->pager = root->g.utcb->exc_handler = id_of(1);
	root->g.utcb->acceptor = 0;
}

/* Let an interrupt come in the middle of the next call, now and then. */
static void may_be_cut(void)
{
	host_irq_edge_at_poll(rnd(8) ? 0 : 1 + rnd(5), 7);
}

static void one_event(void)
{
	word_t me = running();

	if (me == NIL) {
		host_clock_advance(us_to_ticks(20000));
		host_irq_edge(rnd(8));
		if (!host_take_interrupt())
			host_resume(k_interrupt(NULL));
		return;
	}
	if (rnd(16) == 0)
		host_clock_advance(us_to_ticks(rnd(12000)));
	if (rnd(10) == 0)
		host_irq_edge(rnd(32));
	if (rnd(2) && host_take_interrupt())
		return;
	if (me == ROOT)
		root_keeps_order();
	else
		some_messages();
	may_be_cut();
	switch (rnd(me == ROOT ? 20 : 14)) {
	case 0:
	case 1:
	case 2:
	case 3:
	case 4:
		if (me == ROOT) /* never for ever */
			ipc(some_id(), rnd(2) ? NIL : some_id(), some_tag() & ~BLOCK);
		else
			ipc(rnd(4) ? some_id() : NIL, rnd(3) ? some_id() : NIL, some_tag());
		break;
	case 5:
		CALL(ABI_SYS_THREAD_SWITCH, some_id());
		break;
	case 6: {
		word_t dest = some_id();

		/* Root must not be its own scheduler's victim. */
		schedule(dest, rnd(2) ? KEEP : rnd(20000),
			 rnd(6) || dest == ROOT ? KEEP : rnd(30000), rnd(2) ? KEEP : 90 + rnd(20));
		break;
	}
	case 7: {
		word_t dest = some_id(), bits = some_word() & 0xffff;

		if (dest == ROOT)
			bits &= ~(word_t)(ABI_XREG_H_WRITE | ABI_XREG_HALTED | ABI_XREG_PAGER);
		exregs(dest, bits, some_word(), some_word(), some_word(), some_word(), some_id());
		break;
	}
	case 8:
		if (me != ROOT)
			page_fault(some_word(), 1u << rnd(3));
		break;
	case 9:
		if (me != ROOT)
			exception(rnd(20), some_word());
		break;
	case 10:
		host_resume(k_fpu(host_running));
		break;
	case 11:
		CALL(ABI_SYS_CACHE_CONTROL, some_id(), rnd(8) | rnd(6) << ABI_CACHE_ITEMS_SHIFT);
		break;
	case 12: {
		word_t value;

		host_user_write(0x40000000 + ((word_t)rnd(1u << 12) << 12), 1);
		host_user_read(0x40000000 + ((word_t)rnd(1u << 12) << 12), &value);
		break;
	}
	case 13:
		if (me != ROOT)
			CALL(rnd(2) ? rnd(ABI_SYS_COUNT + 2) : some_word(), id_of(1 + rnd(THREADS)),
			     some_word(), some_id(), some_id(), some_word(), some_word(),
			     some_word());
		break;
	case 14:
	case 15:
		make_thread();
		break;
	case 16: {
		word_t victim = some_id();

		if (victim != ROOT)
			thread_control(victim, NIL, NIL, NIL, KEEP);
		break;
	}
	case 17:
	case 18:
		for (unsigned i = 0; i < 5; i++) {
			*mr(ROOT, 2 * i) =
			    (word_t)((HOST_RAM_START + 0x1000000) >> ABI_FPAGE_BASE_SHIFT)
				<< ABI_PHYS_ATTR_BITS |
			    (rnd(8) == 0);
			*mr(ROOT, 2 * i + 1) = some_fpage();
		}
		if (rnd(8) == 0)
			host_fail_alloc(1 + rnd(4), rnd(2));
		CALL(ABI_SYS_MAP_CONTROL, id_of(1 + rnd(SPACES)),
		     MAP_MODIFY | (rnd(3) ? 0 : MAP_READ) | rnd(5));
		host_fail_alloc(0, false);
		break;
	case 19: {
		word_t irq = tid_make(rnd(8), 1);

		thread_control(irq, irq, NIL, rnd(3) ? some_id() : irq, KEEP);
		break;
	}
	}
}

/* Somebody else may run: root comes again. */
static void back_to_root(void)
{
	for (unsigned i = 0; running() != ROOT; i++) {
		assert_true(i < 1000);
		if (running() == NIL)
			host_resume(k_interrupt(NULL));
		else
			CALL(ABI_SYS_THREAD_SWITCH, ROOT);
	}
}

/* Root takes everything down. */
static void end_of(size_t before)
{
	host_irq_edge_at_poll(0, 0);
	back_to_root();
	for (word_t line = 0; line < GLUE_IRQS; line++)
		while (tid_find(tid_make(line, 1))) {
			thread_control(tid_make(line, 1), tid_make(line, 1), NIL, tid_make(line, 1),
				       KEEP);
			back_to_root();
		}
	for (word_t no = k_user_base; no < tid_slots(); no++)
		while (tid_at(no) != &k_dummy && tid_at(no)->g.id != ROOT) {
			struct tcb *t = tid_at(no);

			thread_control(t->g.state == TS_DYING ? t->g.partner : t->g.id, NIL, NIL,
				       NIL, KEEP);
			host_take_interrupt();
			back_to_root();
		}
	/* Root's own: its FPU registers, and pages it mapped. */
	*mr(ROOT, 1) = fpage(0x40000000, 29, 0);
	assert_succeeds(CALL(ABI_SYS_MAP_CONTROL, ROOT, MAP_MODIFY));
	assert_in_range(kmem_free_bytes(), before - 1024, before);
}

static void test_random(void **state)
{
	(void)state;
	for (unsigned run_no = 0; run_no < 12; run_no++) {
		size_t before;

		boot();
		before = kmem_free_bytes();
		seed = run_no * 7919 + 1;
		glue_irq_mask(7, false);
		for (unsigned i = 0; i < 3000; i++)
			one_event();
		end_of(before);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    KERNEL_TEST(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
