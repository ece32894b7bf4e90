/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_thread.c - ids, and ThreadControl: creating, changing, starting and deleting threads.
 */
#include "harness.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define __asan_unpoison_memory_region(p, size) ((void)(p), (void)(size))
#endif

static word_t full_control(word_t dest, word_t space, word_t scheduler, word_t pager,
			   word_t send_redirector, word_t recv_redirector, word_t utcb)
{
	return CALL(ABI_SYS_THREAD_CONTROL, dest, space, scheduler, pager, send_redirector,
		    recv_redirector, utcb);
}

/* ---- ids --------------------------------------------------------------------------------------
 */

static void test_ids(void **state)
{
	(void)state;
	assert_true(tid_valid_user(ROOT));
	assert_true(tid_valid_user(tid_make(k_user_base, 63)));
	assert_false(tid_valid_user(tid_make(k_user_base, 0)));
	assert_false(tid_valid_user(tid_make(k_user_base, 64))); /* a local id's version */
	assert_true(tid_valid_user(tid_make(k_user_base, 65)));
	assert_false(tid_valid_user(tid_make(k_user_base - 1, 1)));
	assert_true(tid_valid_user(tid_make(tid_slots() - 1, 1)));
	assert_false(tid_valid_user(tid_make(tid_slots(), 1)));
	assert_true(tid_is_irq(tid_make(0, 1)) && tid_is_irq(tid_make(GLUE_IRQS - 1, 1)));
	assert_false(tid_is_irq(tid_make(GLUE_IRQS, 1)));
	assert_false(tid_is_irq(tid_make(3, 2)));
	assert_null(tid_find(NIL));
	assert_null(tid_find(ANY));
	assert_null(tid_find(WAITN));
	assert_null(tid_find(ROOT + 1));
	assert_ptr_equal(tid_find(ROOT), tcb_of_ctx(host_running));
	assert_ptr_equal(tid_slot(KEEP), &k_dummy);
}

static void test_versions(void **state)
{
	word_t old = spawn(1, ROOT), new = tid_make(tid_number(old), 2);

	(void)state;
	/* The number is taken. */
	assert_fails(thread_control(new, ROOT, ROOT, NIL, KEEP), ABI_ERR_THREAD);
	assert_fails(thread_control(new, NIL, NIL, NIL, KEEP), ABI_ERR_THREAD);
	assert_succeeds(remove_thread(old));
	assert_null(tid_find(old));
	assert_succeeds(thread_control(new, ROOT, ROOT, NIL, KEEP));
	assert_null(tid_find(old));
	assert_non_null(tid_find(new));
	ipc(old, NIL, 0);
	assert_ipc_error(ROOT, ABI_IPC_NON_EXIST, ABI_IPC_SEND_PHASE);
}

/* ---- creating -----------------------------------------------------------------------------------
 */

static void test_create_in_own_space(void **state)
{
	size_t before = kmem_free_bytes();
	word_t id = create(1, id_of(1));
	struct tcb *t = tcb(id);

	(void)state;
	assert_state(id, TS_INACTIVE);
	assert_ptr_not_equal(t->g.space, tcb(ROOT)->g.space);
	assert_false(t->privileged);
	assert_int_equal(space_of(t)->threads, 1);
	assert_null(t->g.utcb);
	assert_int_equal(t->scheduler, ROOT);
	assert_succeeds(remove_thread(id));
	assert_int_equal(kmem_free_bytes(), before);
}

static void test_create_and_activate_at_once(void **state)
{
	word_t id = id_of(1);

	(void)state;
	assert_succeeds(thread_control(id, ROOT, ROOT, ROOT, utcb_place(1, true)));
	assert_state(id, TS_RECEIVING);
	assert_int_equal(tcb(id)->g.cont, CONT_START);
	assert_int_equal(tcb(id)->g.utcb->my_id, id);
	assert_int_equal(tcb(id)->g.utcb->pager, ROOT);
	assert_int_equal(tcb(id)->g.utcb->reserved[0], utcb_place(1, true));
	assert_int_equal(glue_ctx_get(&tcb(id)->g.ctx, GLUE_TLS), utcb_place(1, true));
	assert_true(tcb(id)->privileged);
	/* Its own pager and scheduler. */
	assert_succeeds(thread_control(id_of(2), ROOT, id_of(2), id_of(2), utcb_place(2, true)));
	assert_int_equal(tcb(id_of(2))->scheduler, id_of(2));
}

/* What may be read of a thread before anything else is written there. */
static void assert_new(word_t id)
{
	const struct tcb *t = tcb(id);

	assert_int_equal(t->g.id, id);
	assert_int_equal(t->g.accepts, NIL);
	assert_int_equal(t->g.prio, PRIO_DEFAULT);
	assert_null(t->g.sendq);
	assert_int_equal(t->g.waited, 0);
	assert_int_equal(t->g.flags, 0);
	assert_int_equal(t->g.unused, 0);
	assert_int_equal(t->privileged, t->g.space == tcb(ROOT)->g.space);
	assert_true(t->fault[0] == 0 && t->fault[1] == 0);
	assert_int_equal(t->scheduler, ROOT);
	assert_int_equal(t->slice, us_to_ticks(SLICE_DEFAULT_US));
	assert_int_equal(t->quantum, 0);
	assert_null(t->fpu);
	assert_int_equal(t->progress[0], 0);
}

/* Whatever the last owner of its memory left in it: a debug kernel fills that, too. */
static void test_new_thread_knows_nothing(void **state)
{
	word_t id = id_of(1);
	struct tcb *t;

	(void)state;
	spawn_waiting(1, ROOT);
	t = tcb(id);
	assert_succeeds(remove_thread(id));
	__asan_unpoison_memory_region(t, sizeof(*t));
	memset(t, 0xa5, sizeof(*t));
	spawn_waiting(1, ROOT);
	assert_ptr_equal(tcb(id), t);
	assert_new(id);
	assert_state(id, TS_RECEIVING);
	assert_int_equal(t->g.cont, CONT_START);
	assert_int_equal(t->utcb_va, utcb_place(1, true));
	for (unsigned i = 0; i < sizeof(t->g.ctx.r) / sizeof(t->g.ctx.r[0]); i++)
		assert_int_equal(t->g.ctx.r[i], 0);
	run(ROOT);
	assert_succeeds(remove_thread(id));
	__asan_unpoison_memory_region(t, sizeof(*t));
	memset(t, 0xa5, sizeof(*t));
	create(1, ROOT);
	assert_ptr_equal(tcb(id), t);
	assert_new(id);
	assert_state(id, TS_INACTIVE);
	assert_int_equal(t->g.cont, CONT_IPC);
	assert_null(t->g.utcb);
	assert_int_equal(t->utcb_va, NO_UTCB);
	/* It isn't mistaken for the UTCB that it has. */
	assert_fails(thread_control(id, ROOT, NIL, ROOT, KEEP), ABI_ERR_UTCB_AREA);
}

static void test_start_message(void **state)
{
	static const unsigned words[] = {0, 1, 2, 5};

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		word_t id = spawn_waiting(1 + i, ROOT);

		*mr(ROOT, 1) = 0x401000;
		*mr(ROOT, 2) = 0x602000;
		*mr(ROOT, 3) = ~(word_t)0; /* would be flags */
		ipc(id, NIL, U(words[i]));
		assert_int_equal(tcb(id)->g.ctx.flags, HOST_FLAGS_MUST);
		assert_state(id, TS_READY);
		assert_int_equal(tcb(id)->g.ctx.ip, words[i] >= 1 ? 0x401000 : 0);
		assert_int_equal(tcb(id)->g.ctx.sp, words[i] >= 2 ? 0x602000 : 0);
		assert_int_equal(tcb(id)->g.prio, PRIO_DEFAULT);
		run(id);
		run(ROOT);
	}
}

static void test_create_errors(void **state)
{
	word_t a = spawn(1, ROOT), n = id_of(9), irq = tid_make(5, 1);
	size_t before = kmem_free_bytes();

	(void)state;
	/* The new thread's id. */
	assert_fails(thread_control(NIL, ROOT, ROOT, NIL, KEEP), ABI_ERR_THREAD);
	assert_fails(thread_control(ANY, ROOT, ROOT, NIL, KEEP), ABI_ERR_THREAD);
	assert_fails(thread_control(WAITN, ROOT, ROOT, NIL, KEEP), ABI_ERR_THREAD);
	assert_fails(thread_control(n & ~(word_t)ABI_TID_LOCAL_MASK, ROOT, ROOT, NIL, KEEP),
		     ABI_ERR_THREAD);
	assert_fails(thread_control(tid_make(tid_slots(), 1), ROOT, ROOT, NIL, KEEP),
		     ABI_ERR_THREAD);
	assert_fails(thread_control(tid_make(GLUE_IRQS, 1), ROOT, ROOT, NIL, KEEP), ABI_ERR_THREAD);
	/* The space. */
	assert_fails(thread_control(n, id_of(8), ROOT, NIL, KEEP), ABI_ERR_SPACE);
	assert_fails(thread_control(n, ROOT + 1, ROOT, NIL, KEEP), ABI_ERR_SPACE);
	assert_fails(thread_control(n, ANY, ROOT, NIL, KEEP), ABI_ERR_SPACE);
	assert_fails(thread_control(n, irq, ROOT, NIL, KEEP), ABI_ERR_SPACE);
	/* The scheduler. */
	assert_fails(thread_control(n, ROOT, NIL, NIL, KEEP), ABI_ERR_SCHEDULER);
	assert_fails(thread_control(n, ROOT, id_of(8), NIL, KEEP), ABI_ERR_SCHEDULER);
	assert_fails(thread_control(n, ROOT, irq, NIL, KEEP), ABI_ERR_SCHEDULER);
	/* The pager. */
	assert_fails(thread_control(n, ROOT, ROOT, id_of(8), utcb_place(9, true)), ABI_ERR_THREAD);
	assert_fails(thread_control(n, ROOT, ROOT, irq, utcb_place(9, true)), ABI_ERR_THREAD);
	/* The UTCB. */
	assert_fails(thread_control(n, ROOT, ROOT, ROOT, KEEP), ABI_ERR_UTCB_AREA);
	assert_fails(thread_control(n, ROOT, ROOT, ROOT, 0), ABI_ERR_UTCB_AREA);
	assert_fails(thread_control(n, ROOT, ROOT, ROOT, utcb_place(9, true) + 8),
		     ABI_ERR_UTCB_AREA);
	assert_fails(thread_control(n, ROOT, ROOT, ROOT, AREA_UTCB), ABI_ERR_UTCB_AREA);
	assert_fails(thread_control(n, ROOT, ROOT, ROOT, utcb_place(1, true)),
		     ABI_ERR_UTCB_AREA); /* a's */
	assert_fails(thread_control(n, ROOT, ROOT, ROOT,
				    utcb_place(0, true) + ((word_t)1 << ABI_ROOT_UTCB_AREA_LOG2)),
		     ABI_ERR_UTCB_AREA);
	assert_fails(thread_control(n, n, ROOT, ROOT, AREA_UTCB), ABI_ERR_UTCB_AREA);
	/* Redirectors. */
	assert_fails(full_control(n, ROOT, ROOT, NIL, ROOT, NIL, KEEP), ABI_ERR_REDIRECTOR);
	assert_fails(full_control(n, ROOT, ROOT, NIL, NIL, WAITN, KEEP), ABI_ERR_REDIRECTOR);
	assert_null(tid_find(n));
	assert_int_equal(kmem_free_bytes(), before);
	assert_succeeds(full_control(n, ROOT, ROOT, NIL, ANY, ANY, KEEP));
	/* Privilege. */
	run(a);
	assert_succeeds(thread_control(id_of(10), ROOT, ROOT, NIL, KEEP)); /* in root's space */
	run(ROOT);
	run(spawn(11, id_of(11)));
	assert_fails(thread_control(id_of(12), id_of(12), id_of(11), NIL, KEEP),
		     ABI_ERR_NO_PRIVILEGE);
	assert_fails(thread_control(id_of(11), NIL, NIL, NIL, KEEP), ABI_ERR_NO_PRIVILEGE);
}

/* ---- changing -----------------------------------------------------------------------------------
 */

static void test_modify(void **state)
{
	word_t a = spawn(1, ROOT), b = spawn(2, id_of(2)), n = create(3, ROOT);

	(void)state;
	assert_succeeds(thread_control(a, a, b, NIL, KEEP));
	assert_int_equal(tcb(a)->scheduler, b);
	assert_succeeds(thread_control(a, ROOT, NIL, b, KEEP));
	assert_int_equal(tcb(a)->g.utcb->pager, b);
	assert_int_equal(tcb(a)->scheduler, b);
	assert_state(a, TS_READY);
	assert_succeeds(thread_control(a, a, NIL, NIL, utcb_place(1, true))); /* where it is */

	assert_fails(thread_control(a, b, NIL, NIL, KEEP), ABI_ERR_SPACE);
	assert_fails(thread_control(a, id_of(9), NIL, NIL, KEEP), ABI_ERR_SPACE);
	assert_fails(thread_control(a, a, id_of(9), NIL, KEEP), ABI_ERR_SCHEDULER);
	assert_fails(thread_control(a, a, NIL, id_of(9), KEEP), ABI_ERR_THREAD);
	assert_fails(thread_control(a, a, NIL, NIL, utcb_place(5, true)), ABI_ERR_UTCB_AREA);
	assert_int_equal(tcb(a)->utcb_va, utcb_place(1, true));

	/* An inactive thread may get a UTCB first, another one then, and a pager last. */
	assert_fails(thread_control(n, n, NIL, ROOT, KEEP), ABI_ERR_UTCB_AREA);
	assert_succeeds(thread_control(n, n, NIL, NIL, utcb_place(7, true)));
	assert_state(n, TS_INACTIVE);
	assert_succeeds(thread_control(n, n, NIL, NIL, utcb_place(8, true)));
	assert_int_equal(tcb(n)->g.utcb->reserved[0], utcb_place(8, true));
	assert_fails(thread_control(n, n, NIL, NIL, utcb_place(1, true)), ABI_ERR_UTCB_AREA);
	assert_succeeds(thread_control(n, n, NIL, ROOT, KEEP));
	assert_state(n, TS_RECEIVING);
	assert_fails(thread_control(n, n, NIL, NIL, utcb_place(9, true)), ABI_ERR_UTCB_AREA);
	/* The place it left is free again. */
	assert_succeeds(thread_control(id_of(4), ROOT, ROOT, ROOT, utcb_place(7, true)));
}

static void test_utcbs_of_a_page(void **state)
{
	size_t before = kmem_free_bytes();
	unsigned per_page = GLUE_PAGE_SIZE / UTCB_BYTES;

	(void)state;
	for (unsigned i = 0; i < 2 * per_page; i++)
		spawn(10 + i, ROOT);
	/* In a UTCB that comes anew, all that has a meaning is clean. */
	memset(tcb(id_of(11))->g.utcb, 0x5a, UTCB_BYTES);
	assert_succeeds(remove_thread(id_of(11)));
	spawn_waiting(11, ROOT);
	for (unsigned i = 1; i < offsetof(struct abi_utcb, sysarg) / sizeof(word_t); i++)
		if (i != ABI_UTCB_PAGER)
			assert_int_equal(((word_t *)tcb(id_of(11))->g.utcb)[i], 0);
	assert_int_equal(tcb(id_of(11))->g.utcb->my_id, id_of(11));
	assert_int_equal(tcb(id_of(11))->g.utcb->reserved[0], utcb_place(11, true));
	for (unsigned i = 0; i < 2 * per_page; i++)
		assert_succeeds(remove_thread(id_of(10 + i)));
	assert_int_equal(kmem_free_bytes(), before);
}

/* ---- deleting
 * ------------------------------------------------------------------------------------- */

static void test_delete_errors(void **state)
{
	(void)state;
	assert_fails(thread_control(id_of(1), NIL, NIL, NIL, KEEP), ABI_ERR_THREAD);
	assert_fails(thread_control(tid_make(5, 1), NIL, NIL, NIL, KEEP), ABI_ERR_THREAD);
	spawn(1, ROOT);
	assert_succeeds(remove_thread(id_of(1)));
	assert_fails(remove_thread(id_of(1)), ABI_ERR_THREAD); /* twice */
}

/* A thread in each state can be deleted, and nothing is left of it. */
static void test_delete_in_every_state(void **state)
{
	size_t before;

	(void)state;
	spawn(1, id_of(1));
	before = kmem_free_bytes();
	for (unsigned i = 0; i < 12; i++) {
		word_t a = id_of(1), b = id_of(2), space = i & 1 ? b : ROOT;

		if (i < 2) {
			create(2, space);
		} else if (i < 4) {
			spawn_waiting(2, space);
		} else {
			spawn(2, space);
			run(b);
			switch (i / 2) {
			case 2: /* ready */
				run(ROOT);
				break;
			case 3:
				ipc(a, a, BLOCK);
				break;
			case 4:
				wait_for(ANY);
				break;
			case 5:
				page_fault(0x1234, GLUE_W);
				break;
			}
		}
		run(ROOT);
		assert_succeeds(remove_thread(b));
		assert_null(tid_find(b));
		assert_int_equal(kmem_free_bytes(), before);
		wait_for(id_of(9)); /* nobody */
		assert_ipc_error(ROOT, ABI_IPC_NON_EXIST, ABI_IPC_RECV_PHASE);
	}
}

static void test_delete_oneself(void **state)
{
	word_t a = spawn(1, ROOT), b = spawn(2, id_of(2));
	size_t before = kmem_free_bytes();

	(void)state;
	spawn(3, ROOT);
	run(id_of(3));
	thread_control(id_of(3), NIL, NIL, NIL, KEEP);
	assert_null(tid_find(id_of(3)));
	assert_int_not_equal(running(), NIL);
	run(a);
	thread_control(b, NIL, NIL, NIL, KEEP);
	assert_null(tid_find(b));
	assert_true(kmem_free_bytes() > before);
}

static void test_last_thread_frees_its_space(void **state)
{
	size_t before = kmem_free_bytes();
	word_t a = spawn(1, id_of(1)), b = spawn(2, a);

	(void)state;
	map_one(a, 0x40000000, 16, GLUE_R, 0x80000000, ABI_ATTR_UNCACHED);
	assert_ptr_equal(tcb(a)->g.space, tcb(b)->g.space);
	assert_succeeds(remove_thread(a));
	/* The space lives on under the name of the other thread. */
	assert_succeeds(map_one(b, 0x50000000, 12, GLUE_R, 0x80000000, ABI_ATTR_UNCACHED));
	assert_succeeds(remove_thread(b));
	assert_int_equal(kmem_free_bytes(), before);
}

/* Not the first, but the last thread of its space ends the machine. */
static void test_root_deletes_itself(void **state)
{
	word_t a = spawn(1, ROOT);

	(void)state;
	thread_control(ROOT, NIL, NIL, NIL, KEEP);
	assert_running(a);
	assert_fails(thread_control(ROOT, NIL, NIL, NIL, KEEP), ABI_ERR_THREAD);
}

static void last_of_root_ends(void *arg)
{
	(void)arg;
	thread_control(running(), NIL, NIL, NIL, KEEP);
}

static void test_last_of_root_halts(void **state)
{
	(void)state;
	assert_int_equal(host_try(last_of_root_ends, NULL), GLUE_HALT_OK);
	assert_console("root task ended");
	boot(); /* what is left is no kernel */
}

static void test_deleting_a_partner_of_many(void **state)
{
	enum { N = 201 }; /* the last one, of the highest number, waits */
	word_t hub = spawn(1, id_of(1));
	unsigned cuts = 0;

	(void)state;
	for (unsigned i = 0; i < N; i++) {
		word_t id = spawn(10 + i, ROOT);

		run(id);
		if (i & 1)
			ipc(hub, NIL, SBLOCK);
		else
			wait_for(hub);
		run(ROOT);
	}
	/* Interrupted again and again. */
	glue_irq_mask(7, false);
	for (;;) {
		word_t ip = host_running->ip;

		host_irq_edge_at_poll(3, 7);
		thread_control(hub, NIL, NIL, NIL, KEEP);
		if (host_running->ip != ip)
			break;
		cuts++;
		assert_null(tid_find(hub)); /* no id leads to it in between */
		assert_true(host_take_interrupt());
		glue_irq_mask(7, false);
		assert_running(ROOT);
		if (cuts == 5) { /* its number can't be used meanwhile: that finishes first */
			host_irq_edge_at_poll(1, 7);
			thread_control(tid_make(tid_number(hub), 2), ROOT, ROOT, NIL, KEEP);
			assert_true(host_take_interrupt());
			glue_irq_mask(7, false);
		}
	}
	assert_true(cuts > 20);
	for (unsigned i = 0; i < N; i++) {
		word_t id = id_of(10 + i);

		assert_state(id, TS_READY);
		if (i & 1)
			assert_ipc_error(id, ABI_IPC_CANCELED, ABI_IPC_SEND_PHASE);
		else
			assert_ipc_error(id, ABI_IPC_NON_EXIST, ABI_IPC_RECV_PHASE);
	}
}

/* A deletion that is cut has woken somebody of higher priority: that runs, not the interrupt's
 * handler or who is deleting. */
static void test_cut_deletion_gives_way(void **state)
{
	word_t hub = spawn(1, id_of(1)), urgent = spawn(2, ROOT), other = spawn(3, ROOT);

	(void)state;
	assert_succeeds(schedule(urgent, KEEP, KEEP, PRIO_MAX));
	run(urgent);
	ipc(hub, NIL, SBLOCK);
	run(other);
	ipc(hub, NIL, SBLOCK);
	run(ROOT);
	assert_succeeds(schedule(ROOT, KEEP, KEEP, 200));
	glue_irq_mask(7, false);
	host_irq_edge_at_poll(1, 7);
	thread_control(hub, NIL, NIL, NIL, KEEP);
	assert_state(other, TS_SENDING); /* it was cut behind the first */
	assert_running(urgent);
	assert_ipc_error(urgent, ABI_IPC_CANCELED, ABI_IPC_SEND_PHASE);
	assert_true(host_take_interrupt());
	assert_running(urgent);
	wait_for(ANY);
	assert_running(ROOT); /* and calls again */
	thread_control(hub, NIL, NIL, NIL, KEEP);
	assert_ipc_error(other, ABI_IPC_CANCELED, ABI_IPC_SEND_PHASE);
}

static void test_deleting_pager_and_handler(void **state)
{
	word_t pager = spawn(1, ROOT), a = spawn(2, id_of(2)), waiting = spawn_waiting(3, ROOT);

	(void)state;
	tcb(a)->g.utcb->pager = pager;
	run(pager);
	wait_for(ANY);
	run(a);
	page_fault(0x5000, GLUE_R);
	assert_running(pager);
	run(ROOT);
	assert_succeeds(remove_thread(pager));
	/* It waited for an answer that will never come. */
	assert_true(tcb(a)->g.flags & T_HALTED);
	assert_console("died: the thread it waited for is gone");
	assert_state(waiting, TS_RECEIVING);
	/* A new pager, and it may go on. */
	assert_succeeds(thread_control(a, a, NIL, ROOT, KEEP));
	assert_int_equal(exregs(a, ABI_XREG_H_WRITE, 0, 0, 0, 0, 0), a);
	run(a);
}

static void test_deleting_a_space_is_cut(void **state)
{
	word_t a = spawn(1, id_of(1));
	size_t before = kmem_free_bytes();
	unsigned cuts = 0;

	(void)state;
	for (unsigned i = 0; i < 30; i++)
		assert_succeeds(map_one(a, 0x30000000 + (word_t)i * 0x200000, 12, GLUE_R,
					0x80000000, ABI_ATTR_UNCACHED));
	glue_irq_mask(7, false);
	for (;; cuts++) {
		word_t ip = host_running->ip;

		host_irq_edge_at_poll(2, 7);
		thread_control(a, NIL, NIL, NIL, KEEP);
		if (host_running->ip != ip)
			break;
		assert_true(host_take_interrupt());
		glue_irq_mask(7, false);
	}
	host_irq_edge_at_poll(0, 7);
	assert_true(cuts > 5);
	assert_true(kmem_free_bytes() > before);
	assert_null(tid_find(a));
	spawn(1, id_of(1));
}

static void test_fpu_owner_is_deleted(void **state)
{
	word_t a = spawn(1, id_of(1));
	size_t before;
	uint64_t *reg;

	(void)state;
	run(a);
	host_resume(k_fpu(host_running));
	assert_true(host_user_fpu(0, &reg));
	*reg = 5;
	run(ROOT);
	assert_false(host_user_fpu(0, &reg));
	before = kmem_free_bytes();
	assert_succeeds(remove_thread(a));
	assert_true(kmem_free_bytes() > before);
	host_resume(k_fpu(host_running));
	assert_true(host_user_fpu(0, &reg));
	assert_int_equal(*reg, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    KERNEL_TEST(test_ids),
	    KERNEL_TEST(test_versions),
	    KERNEL_TEST(test_create_in_own_space),
	    KERNEL_TEST(test_create_and_activate_at_once),
	    KERNEL_TEST(test_new_thread_knows_nothing),
	    KERNEL_TEST(test_start_message),
	    KERNEL_TEST(test_create_errors),
	    KERNEL_TEST(test_modify),
	    KERNEL_TEST(test_utcbs_of_a_page),
	    KERNEL_TEST(test_delete_errors),
	    KERNEL_TEST(test_delete_in_every_state),
	    KERNEL_TEST(test_delete_oneself),
	    KERNEL_TEST(test_last_thread_frees_its_space),
	    KERNEL_TEST(test_root_deletes_itself),
	    KERNEL_TEST(test_last_of_root_halts),
	    KERNEL_TEST(test_deleting_a_partner_of_many),
	    KERNEL_TEST(test_cut_deletion_gives_way),
	    KERNEL_TEST(test_deleting_pager_and_handler),
	    KERNEL_TEST(test_deleting_a_space_is_cut),
	    KERNEL_TEST(test_fpu_owner_is_deleted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
