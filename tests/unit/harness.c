/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * harness.c - see harness.h.
 */
#include "harness.h"

/* ---- booting ------------------------------------------------------------------------------ */

const struct elf_spec good_elf = {
    .entry = 0x400010,
    .segments = 2,
    .segment =
	{
	    {.va = 0x400000,
	     .size = 0x800,
	     .file_size = 0x800,
	     .offset = 0x1000,
	     .flags = 5,
	     .type = 1},
	    {.va = 0x500000,
	     .size = 0x2345,
	     .file_size = 0x123,
	     .offset = 0x2000,
	     .flags = 6,
	     .type = 1},
	},
};

struct glue_boot_info boot_info;

/* Put `bytes` of a number at *at, in the machine's byte order, and step over it. */
static void put(uint8_t **at, uint64_t value, unsigned bytes)
{
	memcpy(*at, &value, bytes); /* the modelled machine is little-endian, as its hosts */
	*at += bytes;
}

/* System V ABI, chapter 4: the header and the program headers behind it. */
size_t make_elf(void *file, const struct elf_spec *spec)
{
	const unsigned word = sizeof(word_t);
	uint8_t *at = file;

	memset(file, 0, ELF_MAX);
	put(&at, 0x464c457f, 4);
	put(&at, word / 4, 1);
	put(&at, 1, 1);
	put(&at, 1, 1);
	at += 9;
	put(&at, 2, 2); /* ET_EXEC */
	put(&at, GLUE_ELF_MACHINE, 2);
	put(&at, 1, 4);
	put(&at, spec->entry, word);
	put(&at, word == 8 ? 64 : 52, word); /* phoff */
	put(&at, 0, word);
	put(&at, 0, 4);
	put(&at, word == 8 ? 64 : 52, 2);
	put(&at, word == 8 ? 56 : 32, 2); /* phentsize */
	put(&at, spec->segments, 2);
	put(&at, 0, 6);
	for (unsigned i = 0; i < spec->segments; i++) {
		put(&at, spec->segment[i].type, 4);
		if (word == 8)
			put(&at, spec->segment[i].flags, 4);
		put(&at, spec->segment[i].offset, word);
		put(&at, spec->segment[i].va, word);
		put(&at, spec->segment[i].va, word);
		put(&at, spec->segment[i].file_size, word);
		put(&at, spec->segment[i].size, word);
		if (word == 4)
			put(&at, spec->segment[i].flags, 4);
		put(&at, GLUE_PAGE_SIZE, word);
	}
	/* Something to recognise in the segments. */
	for (unsigned i = 0x1000; i < ELF_MAX; i++)
		((uint8_t *)file)[i] = (uint8_t)(i / 7);
	return ELF_MAX;
}

void boot_prepare(void)
{
	paddr_t module = host_frame(15);

	memset(&boot_info, 0, sizeof(boot_info));
	boot_info.cmdline = "";
	boot_info.mem[0] =
	    (struct glue_boot_mem){HOST_RAM_START, GLUE_DIRECT_LAST + 1, GLUE_MEM_RAM};
	boot_info.mems = 1;
	boot_info.module[0] = (struct glue_boot_module){
	    .start = module,
	    .size = make_elf(glue_phys_to_virt(module), &good_elf),
	    .cmdline = "root one two",
	};
	boot_info.modules = 1;
	/* What of the kernel's own data boot takes to be zero. */
	memset(k_cpus, 0, sizeof(k_cpus));
}

static void on_host_fail(const char *message)
{
	fail_msg("%s", message);
}

void boot(void)
{
	host_reset();
	host_on_fail = on_host_fail;
	boot_prepare();
	assert_non_null(host_resume(k_boot(&boot_info)));
	assert_running(ROOT);
	assert_succeeds(schedule(ROOT, KEEP, KEEP, PRIO_DEFAULT));
}

int boot_setup(void **state)
{
	(void)state;
	boot();
	return 0;
}

int boot_teardown(void **state)
{
	(void)state;
	host_fail_alloc(0, false);
	debug_check();
	return 0;
}

/* ---- threads ------------------------------------------------------------------------------ */

word_t id_of(unsigned n)
{
	return tid_make(k_user_base + n, 1);
}

struct tcb *tcb(word_t id)
{
	struct tcb *t = tid_find(id);

	if (t == NULL)
		fail_msg("there is no thread %lx", (unsigned long)id);
	return t;
}

word_t running(void)
{
	return host_running ? tcb_of_ctx(host_running)->g.id : NIL;
}

word_t utcb_place(unsigned n, bool root)
{
	word_t base = root ? k_root_space->utcbs.base : AREA_UTCB;

	return base + n * UTCB_BYTES;
}

word_t fpage(word_t base, unsigned log2, unsigned rights)
{
	return base | (word_t)log2 << ABI_FPAGE_SIZE_SHIFT | rights;
}

word_t create(unsigned n, word_t space)
{
	word_t id = id_of(n);

	assert_int_equal(thread_control(id, space, ROOT, NIL, KEEP), 1);
	return id;
}

word_t spawn_waiting(unsigned n, word_t space)
{
	word_t id = create(n, space);
	bool in_root = tcb(space)->g.space == tcb(ROOT)->g.space;

	if (space == id)
		assert_succeeds(space_control(id, fpage(AREA_KIP, ABI_KIP_AREA_LOG2, 0),
					      fpage(AREA_UTCB, AREA_LOG2, 0)));
	assert_int_equal(thread_control(id, id, NIL, ROOT, utcb_place(n, in_root)), 1);
	assert_state(id, TS_RECEIVING);
	return id;
}

bool space_map(struct space *sp, word_t va, unsigned log2, paddr_t pa, unsigned prot)
{
	struct glue_range r = {.va = va, .last = va + (((word_t)1 << log2) - 1)};

	r.page = (struct glue_mapping){pa, fpage_page(log2), prot, 0, GLUE_CACHED};
	while (r.va <= r.last)
		if (glue_map(&sp->g, &r) != GLUE_OK)
			return false;
	return true;
}

word_t spawn(unsigned n, word_t space)
{
	word_t id = spawn_waiting(n, space);

	*mr(ROOT, 1) = 0x400000 + n * 0x100;
	*mr(ROOT, 2) = 0x600000 + n * 0x100;
	ipc(id, NIL, U(2) | SBLOCK);
	assert_running(ROOT);
	assert_int_equal(tag_of(ROOT), 0);
	assert_state(id, TS_READY);
	return id;
}

void run(word_t id)
{
	if (running() == id)
		return;
	assert_true(tcb(id)->g.flags & T_QUEUED);
	CALL(ABI_SYS_THREAD_SWITCH, id);
	assert_running(id);
}

/* ---- what the running thread does ----------------------------------------------------------- */

word_t call(word_t nr, const word_t *args, unsigned n)
{
	struct glue_ctx *caller = host_running;
	word_t a[4] = {0}, id = running();

	assert_non_null(caller);
	for (unsigned i = 0; i < n; i++) {
		if (i < 4)
			a[i] = args[i];
		else
			tcb_of_ctx(caller)->g.utcb->sysarg[i - 4] = args[i];
	}
	host_syscall(nr, a[0], a[1], a[2], a[3]);
	return tid_find(id) ? caller->r[1] : 0; /* it may have deleted itself */
}

word_t thread_control(word_t dest, word_t space, word_t scheduler, word_t pager, word_t utcb)
{
	return CALL(ABI_SYS_THREAD_CONTROL, dest, space, scheduler, pager, NIL, NIL, utcb);
}

word_t space_control(word_t space, word_t kip, word_t utcb)
{
	return CALL(ABI_SYS_SPACE_CONTROL, space, 0, kip, utcb);
}

word_t schedule(word_t dest, word_t slice, word_t quantum, word_t prio)
{
	return CALL(ABI_SYS_SCHEDULE, dest, slice, quantum, KEEP, prio);
}

word_t exregs(word_t dest, word_t control, word_t sp, word_t ip, word_t flags, word_t handle,
	      word_t pager)
{
	return CALL(ABI_SYS_EXCHANGE_REGS, dest, control, sp, ip, flags, handle, pager);
}

word_t map_one(word_t space, word_t va, unsigned log2, unsigned rights, paddr_t pa, unsigned attr)
{
	*mr(running(), 0) = (word_t)(pa >> ABI_FPAGE_BASE_SHIFT) << ABI_PHYS_ATTR_BITS | attr;
	*mr(running(), 1) = fpage(va, log2, rights);
	return CALL(ABI_SYS_MAP_CONTROL, space, MAP_MODIFY);
}

word_t unmap_one(word_t space, word_t va, unsigned log2)
{
	return map_one(space, va, log2, 0, 0, 0);
}

word_t remove_thread(word_t id)
{
	word_t me = running(), result;

	for (;;) {
		word_t ip = host_running->ip;

		result = thread_control(id, NIL, NIL, NIL, KEEP);
		if (running() != me || host_running->ip != ip)
			return result;
		assert_true(host_take_interrupt());
	}
}

void ipc(word_t to, word_t from, word_t tag)
{
	host_ipc(to, from, tag);
}

void wait_for(word_t from)
{
	ipc(NIL, from, RBLOCK);
}

void page_fault(word_t va, unsigned access)
{
	assert_non_null(host_running);
	host_resume(k_pagefault(host_running, va, access));
}

void exception(word_t number, word_t code)
{
	assert_non_null(host_running);
	host_resume(k_exception(host_running, number, code));
}

/* ---- what came of it --------------------------------------------------------------------------
 */

word_t tag_of(word_t id)
{
	return tcb(id)->g.ctx.r[1];
}

word_t from_of(word_t id)
{
	return tcb(id)->g.ctx.r[2];
}

volatile word_t *mr(word_t id, unsigned i)
{
	return &tcb(id)->g.utcb->mr[i];
}

word_t error_of(word_t id)
{
	return tcb(id)->g.utcb->error;
}
