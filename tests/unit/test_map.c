/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_map.c - MapControl. What user mode sees goes through the modelled TLB, in which every
 * missing flush shows.
 */
#include "harness.h"

#define VA ((word_t)0x40000000)

static word_t a;
static paddr_t frames; /* 1 MiB of the root task's memory */

static int setup(void **state)
{
	boot_setup(state);
	a = spawn(1, id_of(1));
	frames = HOST_RAM_START + 0x1000000;
	return 0;
}

#define MAP_TEST(f) cmocka_unit_test_setup_teardown(f, setup, boot_teardown)

static word_t descriptor(paddr_t pa, unsigned attr)
{
	return (word_t)(pa >> ABI_FPAGE_BASE_SHIFT) << ABI_PHYS_ATTR_BITS | attr;
}

static void item(unsigned i, word_t desc, word_t page)
{
	*mr(ROOT, 2 * i) = desc;
	*mr(ROOT, 2 * i + 1) = page;
}

static word_t control(word_t space, word_t flags, unsigned items)
{
	return CALL(ABI_SYS_MAP_CONTROL, space, flags | (items - 1));
}

static bool mapped(word_t va, struct glue_mapping *m)
{
	return glue_lookup(tcb(a)->g.space, va, m);
}

static bool user_reads(word_t va, word_t *value)
{
	bool ok;

	run(a);
	ok = host_user_read(va, value);
	run(ROOT);
	return ok;
}

static bool user_writes(word_t va, word_t value)
{
	bool ok;

	run(a);
	ok = host_user_write(va, value);
	run(ROOT);
	return ok;
}

static void test_map_and_unmap(void **state)
{
	word_t value;

	(void)state;
	for (unsigned log2 = 12; log2 <= 20; log2++) {
		word_t last = VA + ((word_t)1 << log2) - sizeof(word_t);

		assert_int_equal(map_one(a, VA, log2, GLUE_R | GLUE_W, frames, ABI_ATTR_DEFAULT),
				 1);
		assert_true(user_writes(last, log2));
		assert_int_equal(*(word_t *)glue_phys_to_virt(frames + (last - VA)), log2);
		assert_true(user_reads(VA, &value));
		assert_false(user_reads(last + sizeof(word_t), &value));
		assert_false(user_reads(VA - sizeof(word_t), &value));
		assert_succeeds(unmap_one(a, VA, log2));
		assert_false(user_reads(last, &value));
		assert_false(user_reads(VA, &value));
	}
}

static void test_remap_and_downgrade(void **state)
{
	word_t value;

	(void)state;
	assert_succeeds(map_one(a, VA, 12, GLUE_R | GLUE_W, frames, ABI_ATTR_DEFAULT));
	assert_true(user_writes(VA, 1));
	assert_succeeds(map_one(a, VA, 12, GLUE_R | GLUE_W, frames + 0x1000, ABI_ATTR_DEFAULT));
	assert_true(user_reads(VA, &value));
	assert_int_equal(value, 0);
	assert_succeeds(map_one(a, VA, 12, GLUE_R, frames, ABI_ATTR_DEFAULT));
	assert_false(user_writes(VA, 2));
	assert_true(user_reads(VA, &value));
	assert_int_equal(value, 1);
	assert_succeeds(map_one(a, VA, 12, GLUE_X, frames, ABI_ATTR_DEFAULT));
	assert_false(user_reads(VA, &value));
	/* A larger page over it, and a hole in that. */
	assert_succeeds(map_one(a, VA, 16, GLUE_R, frames, ABI_ATTR_DEFAULT));
	for (word_t o = 0; o < 0x10000; o += 0x1000)
		assert_true(user_reads(VA + o, &value));
	assert_succeeds(unmap_one(a, VA + 0x4000, 13));
	for (word_t o = 0; o < 0x10000; o += 0x1000)
		assert_int_equal(user_reads(VA + o, &value), o < 0x4000 || o >= 0x6000);
}

static void test_items_in_order(void **state)
{
	size_t before = kmem_free_bytes();
	struct glue_mapping m;

	(void)state;
	for (unsigned i = 0; i < ABI_MAP_MAX_ITEMS; i++)
		item(i, descriptor(frames + i * 0x1000, ABI_ATTR_DEFAULT),
		     fpage(VA + (word_t)i * 0x1000, 12, GLUE_R));
	assert_succeeds(control(a, MAP_MODIFY, ABI_MAP_MAX_ITEMS));
	for (unsigned i = 0; i < ABI_MAP_MAX_ITEMS; i++) {
		assert_true(mapped(VA + (word_t)i * 0x1000, &m));
		assert_int_equal(m.pa, frames + i * 0x1000);
	}
	/* Overlapping: the later ones hold. A nil item is nothing. */
	item(0, descriptor(frames, ABI_ATTR_DEFAULT), fpage(VA, 20, GLUE_R));
	item(1, descriptor(frames + 0x80000, ABI_ATTR_DEFAULT), fpage(VA + 0x5000, 12, GLUE_W));
	item(2, 0, 0);
	item(3, 0, fpage(VA + 0x6000, 12, 0));
	item(4, 0, fpage(VA + 0x40000, 16, 0));
	item(5, descriptor(frames + 0x70000, ABI_ATTR_DEFAULT), fpage(VA + 0x44000, 12, GLUE_R));
	assert_succeeds(control(a, MAP_MODIFY, 6));
	assert_true(mapped(VA + 0x4000, &m));
	assert_true(mapped(VA + 0x5000, &m));
	assert_int_equal(m.pa, frames + 0x80000);
	assert_false(mapped(VA + 0x6000, &m));
	assert_false(mapped(VA + 0x43000, &m));
	assert_true(mapped(VA + 0x44000, &m));
	assert_int_equal(m.pa, frames + 0x70000);
	assert_true(mapped(VA + 0x50000, &m));
	/* Everything away, then something. */
	item(0, 0, fpage(VA, 24, 0));
	item(1, descriptor(frames, ABI_ATTR_DEFAULT), fpage(VA + 0x1000, 12, GLUE_R));
	assert_succeeds(control(a, MAP_MODIFY, 2));
	assert_false(mapped(VA, &m));
	assert_true(mapped(VA + 0x1000, &m));
	assert_succeeds(unmap_one(a, VA, 24));
	assert_int_equal(kmem_free_bytes(), before);
}

static void test_attributes(void **state)
{
	struct glue_mapping m;

	(void)state;
	for (unsigned attr = 0; attr < 4; attr++) {
		assert_succeeds(map_one(a, VA, 12, GLUE_R, 0xf0000000, attr));
		assert_true(mapped(VA, &m));
		assert_int_equal(m.attr, attr);
	}
	for (unsigned attr = 4; attr < 64; attr++)
		assert_fails(map_one(a, VA, 12, GLUE_R, 0xf0000000, attr), ABI_ERR_PARAM);
}

static void test_errors(void **state)
{
	paddr_t pool = glue_virt_to_phys(tcb(a)) & -(paddr_t)0x1000;
	word_t kip = space_of(tcb(a))->kip.base;
	size_t before = kmem_free_bytes();
	struct glue_mapping m;

	(void)state;
	/* Spaces. */
	assert_fails(map_one(id_of(9), VA, 12, 7, frames, 0), ABI_ERR_SPACE);
	assert_fails(map_one(NIL, VA, 12, 7, frames, 0), ABI_ERR_SPACE);
	assert_fails(map_one(ANY, VA, 12, 7, frames, 0), ABI_ERR_SPACE);
	assert_fails(map_one(a + 1, VA, 12, 7, frames, 0), ABI_ERR_SPACE);
	/* Fpages. */
	assert_fails(map_one(a, VA + 0x1000, 13, 7, frames, 0), ABI_ERR_PARAM);
	assert_fails(map_one(a, VA, 11, 7, frames, 0), ABI_ERR_PARAM);
	assert_fails(map_one(a, VA, 0, 7, frames, 0), ABI_ERR_PARAM);
	assert_fails(map_one(a, VA, 63, 7, frames, 0), ABI_ERR_PARAM);
	assert_fails(map_one(a, 0, GLUE_WORD_BITS, 7, frames, 0), ABI_ERR_PARAM);
	assert_fails(map_one(a, GLUE_USER_LAST + 1, 12, 7, frames, 0), ABI_ERR_PARAM);
	assert_fails(map_one(a, ~(word_t)0 << 12, 12, 7, frames, 0), ABI_ERR_PARAM);
	assert_fails(map_one(a, VA, 12, 7 | 8, frames, 0), ABI_ERR_PARAM);
	/* Physical memory: unaligned, out of the world, the kernel's. */
	assert_fails(map_one(a, VA, 16, 7, frames + 0x1000, 0), ABI_ERR_PARAM);
	assert_fails(map_one(a, VA, 12, 7, frames + 0x400, 0), ABI_ERR_PARAM);
	assert_fails(map_one(a, VA, 12, 7, pool, 0), ABI_ERR_PARAM);
	assert_fails(map_one(a, VA, 24, 7, pool & -(paddr_t)0x1000000, 0), ABI_ERR_PARAM);
	assert_fails(map_one(a, 0, 30, 7, 0, 0), ABI_ERR_PARAM);
	if (GLUE_WORD_BITS == 64)
		assert_fails(map_one(a, VA, 12, 7, GLUE_PHYS_LAST + 1, 0), ABI_ERR_PARAM);
	/* KIP and UTCBs. */
	assert_fails(map_one(a, kip, 12, 7, frames, 0), ABI_ERR_PARAM);
	assert_fails(unmap_one(a, kip + 0x1000, 12), ABI_ERR_PARAM);
	assert_fails(map_one(a, AREA_UTCB, 12, 7, frames, 0), ABI_ERR_PARAM);
	assert_fails(unmap_one(a, AREA_UTCB & -(word_t)0x1000000, 24), ABI_ERR_PARAM);
	/* Control. */
	item(0, descriptor(frames, 0), fpage(VA, 12, 7));
	assert_fails(CALL(ABI_SYS_MAP_CONTROL, a, MAP_MODIFY | 0x20), ABI_ERR_PARAM);
	assert_fails(CALL(ABI_SYS_MAP_CONTROL, a, MAP_MODIFY | 0x40), ABI_ERR_PARAM);
	assert_fails(CALL(ABI_SYS_MAP_CONTROL, a, MAP_MODIFY | MAP_MODIFY >> 2), ABI_ERR_PARAM);
	/* One wrong item among many: none takes effect. */
	for (unsigned i = 0; i < 10; i++)
		item(i, descriptor(frames, 0), fpage(VA + (word_t)i * 0x1000, 12, 7));
	item(9, descriptor(frames, 0), fpage(VA, 12, 7) | 8);
	assert_fails(control(a, MAP_MODIFY, 10), ABI_ERR_PARAM);
	assert_false(mapped(VA, &m));
	assert_int_equal(kmem_free_bytes(), before);
	/* Neither read nor modify: nothing happens. */
	item(0, descriptor(frames, 0), fpage(VA, 12, 7));
	assert_succeeds(control(a, 0, 1));
	assert_false(mapped(VA, &m));
	/* Privilege. */
	run(a);
	assert_fails(CALL(ABI_SYS_MAP_CONTROL, a, MAP_MODIFY), ABI_ERR_NO_PRIVILEGE);
	assert_fails(CALL(ABI_SYS_MAP_CONTROL, a, MAP_READ), ABI_ERR_NO_PRIVILEGE);
}

static void test_read(void **state)
{
	word_t value;

	(void)state;
	item(0, 0x77, fpage(VA, 12, 0));
	assert_succeeds(control(a, MAP_READ, 1));
	assert_int_equal(*mr(ROOT, 0), 0);
	assert_int_equal(*mr(ROOT, 1), 0);
	assert_succeeds(map_one(a, VA, 12, GLUE_R | GLUE_W, frames, ABI_ATTR_UNCACHED));
	item(0, 0, fpage(VA, 12, 0));
	assert_succeeds(control(a, MAP_READ, 1));
	assert_int_equal(*mr(ROOT, 0), descriptor(frames, ABI_ATTR_UNCACHED));
	assert_int_equal(*mr(ROOT, 1), GLUE_R | GLUE_W);
	/* Referenced bits. */
	assert_true(user_reads(VA, &value));
	item(0, 0, fpage(VA, 12, 0));
	assert_succeeds(control(a, MAP_READ, 1));
	assert_int_equal(*mr(ROOT, 1) >> 4, GLUE_R);
	assert_true(user_writes(VA, 1));
	/* Read comes before modify: unmapping tells what was there. */
	item(0, 0, fpage(VA, 12, 0));
	assert_succeeds(control(a, MAP_READ | MAP_MODIFY, 1));
	assert_int_equal(*mr(ROOT, 0), descriptor(frames, ABI_ATTR_UNCACHED));
	assert_int_equal(*mr(ROOT, 1) >> 4 & GLUE_W, GLUE_W);
	assert_false(user_reads(VA, &value));
	/* Remapping likewise. */
	assert_succeeds(map_one(a, VA, 12, GLUE_R, frames, ABI_ATTR_DEFAULT));
	item(0, descriptor(frames + 0x2000, 0), fpage(VA, 12, GLUE_W));
	assert_succeeds(control(a, MAP_READ | MAP_MODIFY, 1));
	assert_int_equal(*mr(ROOT, 0), descriptor(frames, ABI_ATTR_DEFAULT));
	assert_int_equal(*mr(ROOT, 1), GLUE_R);
}

/* A range of many pages: the union of their bits, and the first's address. */
static void test_read_a_range(void **state)
{
	word_t value;

	(void)state;
	for (unsigned i = 2; i < 16; i += 2)
		assert_succeeds(map_one(a, VA + (word_t)i * 0x1000, 12, GLUE_R | GLUE_W,
					frames + i * 0x1000, ABI_ATTR_DEFAULT));
	assert_true(user_reads(VA + 0x4000, &value));
	assert_true(user_writes(VA + 0x8000, 1));
	item(0, 0, fpage(VA, 16, 0));
	item(1, 0, fpage(VA + 0x2000, 13, 0));
	item(2, 0, fpage(VA + 0x4000, 12, 0));
	assert_succeeds(control(a, MAP_READ, 3));
	assert_int_equal(*mr(ROOT, 1) >> 4 & (GLUE_R | GLUE_W), GLUE_R | GLUE_W);
	assert_int_equal(*mr(ROOT, 2), descriptor(frames + 0x2000, ABI_ATTR_DEFAULT));
	assert_int_equal(*mr(ROOT, 3), GLUE_R | GLUE_W);
	assert_true(user_reads(VA + 0x4000, &value));
}

static void test_everything_away(void **state)
{
	struct glue_mapping m;
	size_t before = kmem_free_bytes();
	word_t value;

	(void)state;
	for (unsigned i = 0; i < 20; i++)
		assert_succeeds(
		    map_one(a, 0x1000000 + (word_t)i * 0x3101000, 12, GLUE_R, frames, 0));
	item(0, 0, ABI_FPAGE_COMPLETE_SIZE << ABI_FPAGE_SIZE_SHIFT);
	assert_succeeds(control(a, MAP_MODIFY, 1));
	for (unsigned i = 0; i < 20; i++)
		assert_false(mapped(0x1000000 + (word_t)i * 0x3101000, &m));
	assert_int_equal(kmem_free_bytes(), before);
	/* But for the areas. */
	run(a);
	assert_true(host_user_read(AREA_KIP, &value));
	assert_true(host_user_read(utcb_place(1, false), &value));
	run(ROOT);
	/* It can't be read or mapped. */
	item(0, 0, ABI_FPAGE_COMPLETE_SIZE << ABI_FPAGE_SIZE_SHIFT);
	assert_fails(control(a, MAP_READ, 1), ABI_ERR_PARAM);
	item(0, 0, ABI_FPAGE_COMPLETE_SIZE << ABI_FPAGE_SIZE_SHIFT | GLUE_R);
	assert_fails(control(a, MAP_MODIFY, 1), ABI_ERR_PARAM);
}

/* A call that is cut again and again does what it would have done at once. */
static void test_long_calls_are_cut(void **state)
{
	unsigned cuts = 0;
	struct glue_mapping m;
	word_t value;

	(void)state;
	for (unsigned i = 0; i < 64; i++)
		assert_succeeds(map_one(a, VA + (word_t)i * 0x3000, 12, GLUE_R | GLUE_W,
					frames + i * 0x1000, 0));
	assert_true(user_writes(VA + 20 * 0x3000, 1));
	assert_true(user_reads(VA + 21 * 0x3000, &value));
	glue_irq_mask(7, false);
	item(0, 0, fpage(VA, 28, 0));
	item(1, descriptor(frames, 0), fpage(VA + 0x1000, 12, GLUE_X));
	item(2, 0, fpage(VA, 20, 0));
	for (;; cuts++) {
		word_t ip = host_running->ip;

		host_irq_edge_at_poll(3, 7);
		CALL(ABI_SYS_MAP_CONTROL, a, MAP_READ | MAP_MODIFY | 2);
		if (host_running->ip != ip)
			break;
		assert_true(host_take_interrupt());
		glue_irq_mask(7, false);
		assert_running(ROOT);
	}
	assert_true(cuts > 10);
	assert_int_not_equal(tcb(ROOT)->g.ctx.r[1], 0);
	assert_int_equal(*mr(ROOT, 0), descriptor(frames, 0));
	assert_int_equal(*mr(ROOT, 1) >> 4 & (GLUE_R | GLUE_W), GLUE_R | GLUE_W);
	for (unsigned i = 0; i < 64; i++)
		assert_false(mapped(VA + (word_t)i * 0x3000, &m));
	assert_false(mapped(VA + 0x1000, &m)); /* the last item took it away again */
}

static void test_emptying_is_cut(void **state)
{
	unsigned cuts = 0;
	struct glue_mapping m;

	(void)state;
	for (unsigned i = 0; i < 40; i++)
		assert_succeeds(
		    map_one(a, 0x1000000 + (word_t)i * 0x2001000, 12, GLUE_R, frames, 0));
	glue_irq_mask(7, false);
	item(0, 0, ABI_FPAGE_COMPLETE_SIZE << ABI_FPAGE_SIZE_SHIFT);
	for (;; cuts++) {
		word_t ip = host_running->ip;

		host_irq_edge_at_poll(7, 7);
		CALL(ABI_SYS_MAP_CONTROL, a, MAP_MODIFY);
		if (host_running->ip != ip)
			break;
		assert_true(host_take_interrupt());
		glue_irq_mask(7, false);
	}
	assert_true(cuts > 3);
	for (unsigned i = 0; i < 40; i++)
		assert_false(mapped(0x1000000 + (word_t)i * 0x2001000, &m));
}

static const word_t cutting_line = (word_t)7 << ABI_TID_VERSION_BITS | ABI_IRQ_VERSION;

/* The root task's call is cut by an interrupt, and its handler runs, another root thread. */
static void cut_for_a_handler(void)
{
	word_t b = spawn(2, ROOT);

	assert_succeeds(thread_control(cutting_line, cutting_line, NIL, b, KEEP));
	assert_succeeds(schedule(b, KEEP, KEEP, PRIO_DEFAULT + 1));
	run(b);
	wait_for(cutting_line);
	assert_running(ROOT);
	for (unsigned i = 0; i < 4; i++)
		assert_succeeds(map_one(a, VA + i * 0x800000, 12, GLUE_R, frames, 0));
	item(0, 0, fpage(VA, 20, 0));
	item(1, 0, fpage(VA, 28, 0));
	host_irq_edge_at_poll(2, 7);
	control(a, MAP_MODIFY, 2);
	assert_int_not_equal(tcb(ROOT)->progress[0], 0);
	assert_true(host_take_interrupt());
	assert_running(b);
}

/* A call that was cut, and then given up because its thread was sent elsewhere, leaves
 * nothing to the next one. */
static void test_cut_and_given_up(void **state)
{
	struct glue_mapping m;

	(void)state;
	cut_for_a_handler();
	assert_succeeds(exregs(ROOT, ABI_XREG_IP, 0, 0x400100, 0, 0, 0));
	wait_for(cutting_line);
	assert_running(ROOT);
	assert_int_equal(host_running->ip, 0x400100);
	assert_succeeds(map_one(a, VA + 0x100000, 12, GLUE_R, frames, 0));
	assert_true(mapped(VA + 0x100000, &m));
}

/* A call that was cut, and whose space is gone when it goes on, leaves nothing either. */
static void test_cut_and_space_gone(void **state)
{
	(void)state;
	cut_for_a_handler();
	assert_succeeds(thread_control(a, NIL, NIL, NIL, KEEP));
	wait_for(cutting_line);
	assert_running(ROOT);
	assert_fails(control(a, MAP_MODIFY, 2), ABI_ERR_SPACE);
	assert_int_equal(tcb(ROOT)->progress[0], 0);
}

/* Issue the call, to be cut at the n-th look for interrupts. */
static void cut_call(word_t flags, unsigned poll)
{
	word_t ip = host_running->ip;

	glue_irq_mask(7, false);
	host_irq_edge_at_poll(poll, 7);
	control(a, flags, 1);
	assert_int_equal(host_running->ip, ip);
	assert_true(host_take_interrupt());
}

/* A read is cut, and then there is another page, the middle of which is where it goes on. */
static void test_cut_beside_a_large_page(void **state)
{
	struct glue_mapping m;
	unsigned large;
	word_t value;

	(void)state;
	for (large = 13; !(GLUE_PAGE_SIZES >> large & 1); large++)
		;
	for (unsigned i = 0; i < 4; i++)
		assert_succeeds(map_one(a, VA + (word_t)i * 0x1000, 12, GLUE_R, frames, 0));
	item(0, 0, fpage(VA, large, 0));
	cut_call(MAP_READ | MAP_MODIFY, 3); /* behind the second page */
	assert_false(mapped(VA + 0x1000, &m));
	assert_true(mapped(VA + 0x2000, &m));
	assert_true(space_map(space_of(tcb(a)), VA, large, frames, GLUE_R));
	cut_call(MAP_READ | MAP_MODIFY, 1);
	/* What is left of it is whole pages. */
	assert_true(mapped(VA + 0x1000, &m));
	assert_int_equal(m.log2, 12);
	assert_false(mapped(VA + 0x2000, &m));
	assert_succeeds(control(a, MAP_READ | MAP_MODIFY, 1));
	assert_false(mapped(VA + 0x1000, &m));

	/* Only read: it is cleared as a whole. */
	for (unsigned i = 0; i < 4; i++)
		assert_succeeds(map_one(a, VA + (word_t)i * 0x1000, 12, GLUE_R, frames, 0));
	item(0, 0, fpage(VA, large, 0));
	cut_call(MAP_READ, 3);
	assert_true(space_map(space_of(tcb(a)), VA, large, frames, GLUE_R));
	glue_tlb_flush(tcb(a)->g.space, VA, ((word_t)1 << large) - 1);
	assert_true(user_reads(VA, &value));
	assert_succeeds(control(a, MAP_READ, 1));
	assert_int_equal(*mr(ROOT, 1) >> 4, GLUE_R);
	for (word_t o = 0; o < (word_t)1 << large; o += 0x1000) {
		assert_true(mapped(VA + o, &m));
		assert_int_equal(m.log2, large);
		assert_int_equal(m.referenced, 0);
		assert_int_equal(m.pa, frames);
	}
}

static void test_ones_own_space(void **state)
{
	word_t value;

	(void)state;
	assert_succeeds(map_one(ROOT, VA, 12, GLUE_R | GLUE_W, frames, 0));
	assert_true(host_user_write(VA, 3));
	assert_succeeds(unmap_one(ROOT, VA, 12));
	assert_false(host_user_read(VA, &value));
}

static word_t io_page(word_t port, unsigned log2, unsigned rights)
{
	return port << 16 | (word_t)log2 << 10 | ABI_FPAGE_IO_SIZE << ABI_FPAGE_SIZE_SHIFT | rights;
}

static void test_ports(void **state)
{
	struct glue_space *as = tcb(a)->g.space;

	(void)state;
	item(0, 0, io_page(0x3f8, 3, GLUE_R | GLUE_W));
	assert_succeeds(control(a, MAP_MODIFY, 1));
	assert_false(glue_io_allowed(as, 0x3f7));
	assert_true(glue_io_allowed(as, 0x3f8) && glue_io_allowed(as, 0x3ff));
	assert_false(glue_io_allowed(as, 0x400));
	item(0, 0, io_page(0x3f8, 0, 0));
	assert_succeeds(control(a, MAP_READ, 1));
	assert_int_equal(*mr(ROOT, 1), GLUE_R | GLUE_W);
	item(0, 0, io_page(0x3fc, 2, 0));
	assert_succeeds(control(a, MAP_MODIFY | MAP_READ, 1));
	assert_true(glue_io_allowed(as, 0x3fb));
	assert_false(glue_io_allowed(as, 0x3fc));
	item(0, 0, io_page(0, 16, GLUE_R));
	assert_succeeds(control(a, MAP_MODIFY, 1));
	assert_true(glue_io_allowed(as, 0) && glue_io_allowed(as, 0xffff));
	/* Errors. */
	item(0, 0, io_page(0x3f9, 3, GLUE_R));
	assert_fails(control(a, MAP_MODIFY, 1), ABI_ERR_PARAM);
	item(0, 0, io_page(0, 17, GLUE_R));
	assert_fails(control(a, MAP_MODIFY, 1), ABI_ERR_PARAM);
	item(0, 0, io_page(0, 3, 8 | GLUE_R));
	assert_fails(control(a, MAP_MODIFY, 1), ABI_ERR_PARAM);
	if (GLUE_WORD_BITS == 64) {
		item(0, 0, io_page(0x10000, 3, GLUE_R));
		assert_fails(control(a, MAP_MODIFY, 1), ABI_ERR_PARAM);
	}
	item(0, 0, io_page(0x3f8, 3, GLUE_R));
	item(1, 0, 0);
	assert_fails(control(a, MAP_MODIFY, 2), ABI_ERR_PARAM); /* alone in its call */
	host_fail_alloc(1, true);
	item(0, 0, io_page(0x3f8, 3, GLUE_R));
	assert_fails(control(ROOT, MAP_MODIFY, 1), ABI_ERR_NO_MEM);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    MAP_TEST(test_map_and_unmap),
	    MAP_TEST(test_remap_and_downgrade),
	    MAP_TEST(test_items_in_order),
	    MAP_TEST(test_attributes),
	    MAP_TEST(test_errors),
	    MAP_TEST(test_read),
	    MAP_TEST(test_read_a_range),
	    MAP_TEST(test_everything_away),
	    MAP_TEST(test_long_calls_are_cut),
	    MAP_TEST(test_emptying_is_cut),
	    MAP_TEST(test_cut_and_space_gone),
	    MAP_TEST(test_cut_and_given_up),
	    MAP_TEST(test_cut_beside_a_large_page),
	    MAP_TEST(test_ones_own_space),
	    MAP_TEST(test_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
