/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_space.c - SpaceControl, the KIP as user mode sees it, and the small system calls.
 */
#include "harness.h"

#define KIP_PAGE  fpage(AREA_KIP, ABI_KIP_AREA_LOG2, 0)
#define UTCB_PAGE fpage(AREA_UTCB, AREA_LOG2, 0)

static void test_areas(void **state)
{
	word_t a = create(1, id_of(1));
	struct glue_mapping m;

	(void)state;
	assert_succeeds(space_control(a, KIP_PAGE, UTCB_PAGE));
	assert_true(glue_lookup(tcb(a)->g.space, AREA_KIP, &m));
	assert_int_equal(m.pa, glue_virt_to_phys(k_kip));
	assert_int_equal(m.prot, GLUE_R);
	assert_false(glue_lookup(tcb(a)->g.space, AREA_UTCB, &m));
	/* Elsewhere, while nobody is active; rights in the fpages count for nothing. */
	assert_succeeds(space_control(a, fpage(0x7000000, ABI_KIP_AREA_LOG2, GLUE_RWX),
				      fpage(0x8000000, 12, GLUE_RWX)));
	assert_false(glue_lookup(tcb(a)->g.space, AREA_KIP, &m));
	assert_true(glue_lookup(tcb(a)->g.space, 0x7000000, &m));
	assert_succeeds(space_control(a, fpage(0x7000000, ABI_KIP_AREA_LOG2, 0), UTCB_PAGE));
	assert_true(glue_lookup(tcb(a)->g.space, 0x7000000, &m));
	/* With an active thread the areas are ignored. */
	assert_succeeds(thread_control(a, a, NIL, ROOT, AREA_UTCB));
	assert_succeeds(space_control(a, KIP_PAGE, 0));
	assert_true(glue_lookup(tcb(a)->g.space, 0x7000000, &m));
	assert_int_equal(tcb(ROOT)->g.ctx.r[2], 0);
	assert_succeeds(remove_thread(a));
}

static void test_area_errors(void **state)
{
	word_t a = create(1, id_of(1));
	size_t before = kmem_free_bytes();
	struct glue_mapping m;

	(void)state;
	assert_fails(space_control(id_of(9), KIP_PAGE, UTCB_PAGE), ABI_ERR_SPACE);
	assert_fails(space_control(NIL, KIP_PAGE, UTCB_PAGE), ABI_ERR_SPACE);
	assert_fails(space_control(tid_make(3, 1), KIP_PAGE, UTCB_PAGE), ABI_ERR_SPACE);
	assert_fails(space_control(a, 0, UTCB_PAGE), ABI_ERR_KIP_AREA);
	assert_fails(space_control(a, fpage(AREA_KIP, 13, 0), UTCB_PAGE), ABI_ERR_KIP_AREA);
	assert_fails(space_control(a, fpage(AREA_KIP + 0x1000, ABI_KIP_AREA_LOG2, 0), UTCB_PAGE),
		     ABI_ERR_KIP_AREA);
	assert_fails(space_control(a, fpage(~(word_t)0 << 20, ABI_KIP_AREA_LOG2, 0), UTCB_PAGE),
		     ABI_ERR_KIP_AREA);
	assert_fails(space_control(a, KIP_PAGE | 8, UTCB_PAGE), ABI_ERR_KIP_AREA);
	assert_fails(space_control(a, KIP_PAGE, 0), ABI_ERR_UTCB_AREA);
	assert_fails(space_control(a, KIP_PAGE, fpage(AREA_UTCB, 11, 0)), ABI_ERR_UTCB_AREA);
	assert_fails(space_control(a, KIP_PAGE, fpage(AREA_UTCB + 0x1000, 18, 0)),
		     ABI_ERR_UTCB_AREA);
	assert_fails(space_control(a, KIP_PAGE, fpage(GLUE_USER_LAST + 1, 18, 0)),
		     ABI_ERR_UTCB_AREA);
	assert_fails(space_control(a, KIP_PAGE, fpage(AREA_KIP, 18, 0)), ABI_ERR_KIP_AREA);
	assert_fails(CALL(ABI_SYS_SPACE_CONTROL, a, 1, KIP_PAGE, UTCB_PAGE), ABI_ERR_PARAM);
	/* Over something that is mapped. */
	assert_succeeds(map_one(a, AREA_KIP + 0x3000, 12, GLUE_R, 0x80000000, ABI_ATTR_UNCACHED));
	assert_fails(space_control(a, KIP_PAGE, UTCB_PAGE), ABI_ERR_KIP_AREA);
	assert_succeeds(unmap_one(a, AREA_KIP + 0x3000, 12));
	assert_succeeds(map_one(a, AREA_UTCB + 0x20000, 12, GLUE_R, 0x80000000, ABI_ATTR_UNCACHED));
	assert_fails(space_control(a, KIP_PAGE, UTCB_PAGE), ABI_ERR_UTCB_AREA);
	assert_succeeds(unmap_one(a, AREA_UTCB + 0x20000, 12));
	assert_false(glue_lookup(tcb(a)->g.space, AREA_KIP, &m));
	assert_int_equal(kmem_free_bytes(), before);
	/* Privilege. */
	run(spawn(2, id_of(2)));
	assert_fails(space_control(a, KIP_PAGE, UTCB_PAGE), ABI_ERR_NO_PRIVILEGE);
}

static void test_looking_at_a_large_area_is_cut(void **state)
{
	word_t a = create(1, id_of(1)), ip;
	unsigned cuts = 0;

	(void)state;
	/* A page near the area, so that it has to be looked at in detail. */
	assert_succeeds(map_one(a, 0x60000000, 12, GLUE_R, 0x80000000, ABI_ATTR_UNCACHED));
	glue_irq_mask(7, false);
	for (;; cuts++) {
		ip = host_running->ip;
		host_irq_edge_at_poll(10, 7);
		space_control(a, KIP_PAGE, fpage(0x40000000, 29, 0));
		if (host_running->ip != ip)
			break;
		assert_true(host_take_interrupt());
		glue_irq_mask(7, false);
	}
	assert_true(cuts > 2);
	assert_int_equal(space_of(tcb(a))->utcbs.base, 0x40000000);
	assert_int_equal(space_of(tcb(a))->utcbs.rest, 0x1fffffff);
}

static void test_utcb_is_in_user_memory(void **state)
{
	word_t a = spawn(1, id_of(1)), value;

	(void)state;
	run(a);
	tcb(a)->g.utcb->handle = 0x1234;
	assert_true(
	    host_user_read(utcb_place(1, false) + ABI_UTCB_HANDLE * sizeof(word_t), &value));
	assert_int_equal(value, 0x1234);
	assert_true(host_user_write(utcb_place(1, false) + ABI_UTCB_MR * sizeof(word_t), 99));
	assert_int_equal(*mr(a, 0), 99);
	/* The KIP can be read, and not be written. */
	assert_true(host_user_read(AREA_KIP, &value));
	assert_int_equal(value, ABI_KIP_MAGIC);
	assert_false(host_user_write(AREA_KIP, 0));
	/* The page of a UTCB that is gone is not there any more. */
	run(ROOT);
	spawn(20, a);
	run(a);
	assert_true(host_user_read(utcb_place(20, false), &value));
	run(ROOT);
	assert_succeeds(remove_thread(id_of(20)));
	run(a);
	assert_false(host_user_read(utcb_place(20, false), &value));
}

/* The page with UTCBs that a space remembers: not once it is gone, or the area is elsewhere. */
static void test_remembered_utcb_page(void **state)
{
	word_t a = create(1, id_of(1)), page_2 = AREA_UTCB + GLUE_PAGE_SIZE, value;
	struct space *sp = space_of(tcb(a));
	struct glue_mapping m;

	(void)state;
	assert_succeeds(space_control(a, KIP_PAGE, UTCB_PAGE));
	assert_succeeds(thread_control(a, a, NIL, NIL, AREA_UTCB));
	assert_int_equal(sp->utcb_page, AREA_UTCB);
	/* Back and forth between two pages: each attaches to its own. */
	assert_succeeds(thread_control(id_of(2), a, ROOT, NIL, page_2));
	assert_int_equal(sp->utcb_page, page_2);
	assert_succeeds(thread_control(id_of(3), a, ROOT, NIL, AREA_UTCB + UTCB_BYTES));
	assert_int_equal(sp->utcb_page, AREA_UTCB);
	assert_ptr_equal((char *)tcb(id_of(3))->g.utcb, (char *)tcb(a)->g.utcb + UTCB_BYTES);
	/* Another page goes, and the one that is remembered stays so; then it goes itself. */
	assert_succeeds(remove_thread(id_of(2)));
	assert_int_equal(sp->utcb_page, AREA_UTCB);
	assert_succeeds(remove_thread(id_of(3)));
	assert_succeeds(thread_control(a, a, NIL, NIL, page_2));
	assert_false(glue_lookup(&sp->g, AREA_UTCB, &m));
	assert_succeeds(thread_control(id_of(2), a, ROOT, NIL, AREA_UTCB));
	assert_succeeds(thread_control(id_of(3), a, ROOT, NIL, page_2 + UTCB_BYTES));
	assert_int_equal(glue_lookup(&sp->g, AREA_UTCB, &m), true);
	assert_int_equal(m.pa, glue_virt_to_phys(tcb(id_of(2))->g.utcb));
	assert_succeeds(remove_thread(id_of(3)));
	assert_succeeds(remove_thread(id_of(2)));
	/* The first UTCB of a page that comes anew is all zeros, whatever the pool gave. */
	memset(tcb(a)->g.utcb, 0x5a, GLUE_PAGE_SIZE);
	assert_succeeds(thread_control(a, a, NIL, NIL, AREA_UTCB));
	assert_succeeds(thread_control(id_of(2), a, ROOT, NIL, page_2));
	for (unsigned i = 0; i < GLUE_PAGE_SIZE / sizeof(word_t); i++) {
		value = ((word_t *)tcb(id_of(2))->g.utcb)[i];
		if (value != id_of(2) && value != page_2)
			assert_int_equal(value, 0);
	}
	assert_succeeds(remove_thread(id_of(2)));
	/* Without UTCBs nothing is remembered, so nothing of an area that moves. */
	a = create(3, id_of(1));
	assert_succeeds(remove_thread(id_of(1)));
	assert_int_equal(sp->utcb_page, ~(word_t)0);
	assert_succeeds(space_control(a, KIP_PAGE, fpage(0x8000000, 12, 0)));
	assert_fails(thread_control(a, a, NIL, NIL, AREA_UTCB), ABI_ERR_UTCB_AREA);
	assert_succeeds(thread_control(a, a, NIL, NIL, 0x8000000));
	assert_int_equal(glue_lookup(&sp->g, 0x8000000, &m), true);
	assert_int_equal(m.pa, glue_virt_to_phys(tcb(a)->g.utcb));
}

static void test_kernel_interface(void **state)
{
	word_t a = spawn(1, id_of(1));

	(void)state;
	run(a);
	assert_int_equal(CALL(ABI_SYS_KERNEL_INTERFACE, 0), AREA_KIP);
	assert_int_equal(host_running->r[2], ABI_API_VERSION);
	assert_int_equal(host_running->r[3], k_kip->api_flags);
	assert_int_equal(host_running->r[4], ABI_KERNEL_ID);
}

static void test_processor_control(void **state)
{
	(void)state;
	assert_fails(CALL(ABI_SYS_PROC_CONTROL, 0, 1000, 1000, 1000), ABI_ERR_PARAM);
	run(spawn(1, id_of(1)));
	assert_fails(CALL(ABI_SYS_PROC_CONTROL, 0, 1000, 1000, 1000), ABI_ERR_NO_PRIVILEGE);
}

static void test_console(void **state)
{
	(void)state;
	host_console_clear();
	CALL(ABI_SYS_CONSOLE, 'o');
	CALL(ABI_SYS_CONSOLE, 'k');
	assert_string_equal(host_console(), "ok");
}

/* SpaceControl of `space`, with a large area, is cut; another root thread runs. */
static void cut_space_control(word_t space, word_t other)
{
	word_t ip = host_running->ip;

	glue_irq_mask(7, false);
	host_irq_edge_at_poll(10, 7);
	space_control(space, KIP_PAGE, fpage(0x40000000, 29, 0));
	assert_int_equal(host_running->ip, ip);
	assert_true(host_take_interrupt());
	run(other);
}

static void test_mapping_behind_the_look(void **state)
{
	word_t a = create(1, id_of(1)), other = spawn(30, ROOT);

	(void)state;
	assert_succeeds(map_one(a, 0x60000000, 12, GLUE_R, 0x80000000, ABI_ATTR_UNCACHED));
	cut_space_control(a, other);
	assert_succeeds(unmap_one(a, 0x60000000, 12));
	assert_succeeds(map_one(a, 0x40000000, 12, GLUE_R, 0x80000000, ABI_ATTR_UNCACHED));
	run(ROOT);
	assert_fails(space_control(a, KIP_PAGE, fpage(0x40000000, 29, 0)), ABI_ERR_UTCB_AREA);
}

static void test_progress_is_of_one_call(void **state)
{
	word_t a = create(1, id_of(1)), b = create(2, id_of(2)), other = spawn(30, ROOT);

	(void)state;
	assert_succeeds(map_one(b, 0x40000000, 12, GLUE_R, 0x80000000, ABI_ATTR_UNCACHED));
	assert_succeeds(map_one(a, 0x60000000, 12, GLUE_R, 0x80000000, ABI_ATTR_UNCACHED));
	cut_space_control(a, other);
	assert_succeeds(remove_thread(a));
	run(ROOT);
	assert_fails(space_control(a, KIP_PAGE, fpage(0x40000000, 29, 0)), ABI_ERR_SPACE);
	assert_fails(space_control(b, KIP_PAGE, fpage(0x40000000, 29, 0)), ABI_ERR_UTCB_AREA);
}

/* An area may begin at 0, a UTCB may not be there: its address would be that of nothing. */
static void test_no_utcb_at_0(void **state)
{
	word_t a = create(1, id_of(1));

	(void)state;
	assert_succeeds(space_control(a, KIP_PAGE, fpage(0, 18, 0)));
	assert_fails(thread_control(a, a, NIL, NIL, 0), ABI_ERR_UTCB_AREA);
	assert_succeeds(thread_control(a, a, NIL, NIL, sizeof(struct abi_utcb)));
}

/* Tables that were given back clean are pages of threads for a while. As a table one maps nothing.
 */
static void test_tables_after_threads(void **state)
{
	struct glue_mapping m;
	unsigned found = 0;

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		assert_succeeds(
		    map_one(ROOT, 0x40000000 + ((word_t)i << 24), 12, GLUE_R, HOST_RAM_START, 0));
	for (unsigned i = 0; i < 4; i++)
		assert_succeeds(unmap_one(ROOT, 0x40000000 + ((word_t)i << 24), 12));
	for (unsigned n = 1; n < 60; n++)
		create(n, ROOT);
	for (unsigned n = 1; n < 60; n++)
		assert_succeeds(remove_thread(id_of(n)));
	assert_succeeds(map_one(ROOT, 0x40000000, 12, GLUE_R, HOST_RAM_START, 0));
	for (word_t va = 0x40001000; va < 0x44000000; va = (va | (((word_t)1 << m.log2) - 1)) + 1)
		found += glue_lookup(tcb(ROOT)->g.space, va, &m);
	assert_int_equal(found, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    KERNEL_TEST(test_areas),
	    KERNEL_TEST(test_no_utcb_at_0),
	    KERNEL_TEST(test_tables_after_threads),
	    KERNEL_TEST(test_area_errors),
	    KERNEL_TEST(test_mapping_behind_the_look),
	    KERNEL_TEST(test_progress_is_of_one_call),
	    KERNEL_TEST(test_looking_at_a_large_area_is_cut),
	    KERNEL_TEST(test_utcb_is_in_user_memory),
	    KERNEL_TEST(test_remembered_utcb_page),
	    KERNEL_TEST(test_kernel_interface),
	    KERNEL_TEST(test_processor_control),
	    KERNEL_TEST(test_console),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
