/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_map_model.c - MapControl against a model that is one word per page: random batches of
 * items of all sizes that overlap in every way, cut by interrupts and short of memory.
 */
#include "harness.h"

#define WINDOW_LOG2 24
#define WINDOW      ((word_t)0x40000000)
#define PAGES       (1u << (WINDOW_LOG2 - GLUE_PAGE_LOG2))
#define FRAMES      (HOST_RAM_START + 0x1000000)
#define FRAME_PAGES 2048
#define ITEMS_MAX   8
#define ROUNDS      2000
#define IRQ         7

static uint32_t model[PAGES]; /* frame number << 3 | rights; 0: nothing */

static unsigned any(unsigned n)
{
	return (unsigned)rand() % n;
}

static word_t descriptor(unsigned frame)
{
	return (word_t)((FRAMES + (paddr_t)frame * GLUE_PAGE_SIZE) >> ABI_FPAGE_BASE_SHIFT)
	       << ABI_PHYS_ATTR_BITS;
}

static void arm_interrupt(void)
{
	glue_irq_mask(IRQ, false);
	host_irq_edge_at_poll(1 + any(6), IRQ);
}

/* What the items read before they take effect. */
struct expected {
	word_t descriptor, rights;
};

/* Random items into the message registers, and their effects into `after`. */
static void make_items(unsigned n, uint32_t *after, struct expected *expected)
{
	for (unsigned i = 0; i < n; i++) {
		unsigned log2 = GLUE_PAGE_LOG2 + (any(3) ? any(12) : 0);
		unsigned pages = 1u << (log2 - GLUE_PAGE_LOG2);
		unsigned page = any(PAGES) & -pages, frame = any(FRAME_PAGES) & -pages;
		unsigned rights = any(3) ? 1 + any(GLUE_RWX) : 0;

		*mr(ROOT, 2 * i) = descriptor(frame);
		*mr(ROOT, 2 * i + 1) = fpage(WINDOW + page * GLUE_PAGE_SIZE, log2, rights);
		expected[i].descriptor = after[page] ? descriptor(after[page] >> 3) : 0;
		expected[i].rights = after[page] & GLUE_RWX;
		for (unsigned p = 0; p < pages; p++)
			after[page + p] = rights ? (frame + p) << 3 | rights : 0;
	}
}

/* Something else in the message registers of an item: any descriptor, an fpage somewhere in
 * the window, often misaligned. */
static void spoil_item(unsigned i)
{
	if (any(2))
		*mr(ROOT, 2 * i) = (word_t)rand() * 0x10001;
	else
		*mr(ROOT, 2 * i + 1) =
		    fpage(WINDOW + any(PAGES) * GLUE_PAGE_SIZE, GLUE_PAGE_LOG2 + any(13), any(16));
}

/* Make the call, again whenever it was cut; `spoil`: another thread writes to the message
 * registers meanwhile. Returns how often it was cut. */
static unsigned call_until_done(word_t control, bool interrupts, bool spoil)
{
	unsigned cuts = 0;

	for (;; cuts++) {
		word_t ip = host_running->ip;

		if (interrupts)
			arm_interrupt();
		CALL(ABI_SYS_MAP_CONTROL, ROOT, control);
		(void)host_take_interrupt();
		assert_running(ROOT);
		if (host_running->ip != ip)
			return cuts;
		host_fail_alloc(0, false);
		if (spoil)
			spoil_item(any(ITEMS_MAX));
	}
}

static void check_model(void)
{
	for (unsigned page = any(16); page < PAGES; page += 1 + any(64)) {
		word_t va = WINDOW + page * GLUE_PAGE_SIZE;
		struct glue_mapping m;

		assert_int_equal(glue_lookup(&k_root_space->g, va, &m), model[page] != 0);
		if (!model[page])
			continue;
		assert_int_equal(m.prot, model[page] & GLUE_RWX);
		assert_int_equal(m.pa + (va & (((word_t)1 << m.log2) - 1)),
				 FRAMES + (paddr_t)(model[page] >> 3) * GLUE_PAGE_SIZE);
	}
}

static void empty_window(void)
{
	*mr(ROOT, 0) = 0;
	*mr(ROOT, 1) = fpage(WINDOW, WINDOW_LOG2, 0);
	(void)call_until_done(MAP_MODIFY, false, false);
	assert_int_not_equal(tcb(ROOT)->g.ctx.r[1], 0);
	memset(model, 0, sizeof(model));
}

static void one_round(bool interrupts, unsigned *cuts, unsigned *failed)
{
	static uint32_t after[PAGES];
	struct expected expected[ITEMS_MAX];
	unsigned n = 1 + any(ITEMS_MAX);
	bool read = any(4) == 0;

	memcpy(after, model, sizeof(after));
	make_items(n, after, expected);
	/* What a call that was cut reads may be from before it or from between. */
	if (!read && any(8) == 0)
		host_fail_alloc(1 + any(4), any(2));
	*cuts += call_until_done(MAP_MODIFY | (read ? MAP_READ : 0) | (n - 1),
				 interrupts && any(3) == 0, false);
	host_fail_alloc(0, false);
	if (!tcb(ROOT)->g.ctx.r[1]) {
		assert_int_equal(error_of(ROOT), ABI_ERR_NO_MEM);
		++*failed;
	} else {
		memcpy(model, after, sizeof(model));
		for (unsigned i = 0; read && i < n; i++) {
			assert_int_equal(*mr(ROOT, 2 * i), expected[i].descriptor);
			assert_int_equal(*mr(ROOT, 2 * i + 1) & GLUE_RWX, expected[i].rights);
		}
	}
	check_model();
}

static void rounds(bool interrupts)
{
	size_t free = kmem_free_bytes();
	unsigned cuts = 0, failed = 0;

	memset(model, 0, sizeof(model));
	for (unsigned i = 0; i < ROUNDS; i++)
		one_round(interrupts, &cuts, &failed);
	assert_true(failed > ROUNDS / 100);
	assert_true(interrupts ? cuts > ROUNDS / 10 : cuts == 0);
	empty_window();
	assert_int_equal(kmem_free_bytes(), free);
}

static void test_against_the_model(void **state)
{
	(void)state;
	srand(1);
	rounds(false);
}

static void test_cut_against_the_model(void **state)
{
	(void)state;
	srand(2);
	rounds(true);
}

/* Whatever becomes of the message registers while a call is cut: no precondition of the
 * contract is broken, and nothing leaks. */
static void test_items_that_change(void **state)
{
	static uint32_t ignored[PAGES];
	struct expected expected[ITEMS_MAX];
	size_t free = kmem_free_bytes();
	unsigned cuts = 0;

	(void)state;
	srand(3);
	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned n = 1 + any(ITEMS_MAX);

		make_items(n, ignored, expected);
		cuts += call_until_done(MAP_MODIFY | (any(2) ? MAP_READ : 0) | (n - 1), true, true);
		if (i % 16 == 0) {
			empty_window();
			assert_int_equal(kmem_free_bytes(), free);
		}
	}
	assert_true(cuts > ROUNDS / 10);
}

/* One item by itself, and with a nil one behind it, which takes the long way: whatever is in it,
 * all that can be seen afterwards is the same. */
static void test_short_and_long_way(void **state)
{
	const word_t a = spawn(1, id_of(1)), b = spawn(2, id_of(2));
	const word_t places[] = {WINDOW, AREA_KIP, AREA_UTCB, GLUE_USER_LAST + 1, 0};
	paddr_t pool = glue_virt_to_phys(tcb(a));
	const paddr_t frames[] = {FRAMES, FRAMES, pool, GLUE_PHYS_LAST + 1, 0};
	unsigned fine = 0, wrong = 0;

	(void)state;
	srand(4);
	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned log2 = GLUE_PAGE_LOG2 + any(any(4) ? 6 : 12);
		word_t va = places[any(3) ? 0 : any(5)] + any(64) * GLUE_PAGE_SIZE - 0x20000;
		paddr_t pa = frames[any(3) ? 0 : any(5)] + any(64) * GLUE_PAGE_SIZE - 0x20000;
		word_t page, desc, result, error;

		if (any(8)) {
			va &= -((word_t)1 << log2);
			pa &= -((paddr_t)1 << log2);
		}
		page = fpage(va, log2, any(GLUE_RWX + 1));
		desc = (word_t)(pa >> ABI_FPAGE_BASE_SHIFT) << ABI_PHYS_ATTR_BITS | any(4);
		if (any(8) == 0)
			page ^= (word_t)1 << any(GLUE_WORD_BITS);
		if (any(8) == 0)
			desc ^= (word_t)1 << any(GLUE_WORD_BITS);
		if ((page >> ABI_FPAGE_SIZE_SHIFT & 0x3f) == ABI_FPAGE_IO_SIZE)
			continue; /* these are alone in their call */
		*mr(ROOT, 0) = desc;
		*mr(ROOT, 1) = page;
		*mr(ROOT, 2) = *mr(ROOT, 3) = 0;
		result = CALL(ABI_SYS_MAP_CONTROL, a, MAP_MODIFY);
		error = result ? 0 : error_of(ROOT);
		assert_int_equal(CALL(ABI_SYS_MAP_CONTROL, b, MAP_MODIFY | 1), result);
		assert_int_equal(result ? 0 : error_of(ROOT), error);
		fine += result != 0;
		wrong += result == 0;
		for (va = 0; i % 16 == 0 && va <= GLUE_USER_LAST;) {
			struct glue_mapping m = {.prot = 0}, n = {.prot = 0};
			bool there = glue_lookup(&space_of(tcb(a))->g, va, &m);

			assert_int_equal(glue_lookup(&space_of(tcb(b))->g, va, &n), there);
			assert_int_equal(m.log2, n.log2);
			if (there && !piece_has(&space_of(tcb(a))->utcbs, va))
				assert_memory_equal(&m, &n, sizeof(m));
			va = (va | (((word_t)1 << m.log2) - 1)) + 1;
			if (!va)
				break;
		}
	}
	assert_true(fine > ROUNDS / 4 && wrong > ROUNDS / 8);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    KERNEL_TEST(test_against_the_model),
	    KERNEL_TEST(test_cut_against_the_model),
	    KERNEL_TEST(test_items_that_change),
	    KERNEL_TEST(test_short_and_long_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
