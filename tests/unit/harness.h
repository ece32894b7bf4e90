/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * harness.h - a whole kernel on the modelled machine, for tests that are its user mode.
 *
 * boot() starts a root task of which nothing is ever executed: the test acts for whatever
 * thread runs, by the system calls and faults that its code would make, and looks at what
 * the kernel does. The kernel checks its invariants after each of these events.
 */
#ifndef UNIT_HARNESS_H
#define UNIT_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <host/host.h>
#include <kernel/kernel.h>
#include <kernel/kmem.h>

/* ---- booting ---------------------------------------------------------------------------- */

/* An ELF file as the root task may have it, made by make_elf. */
#define ELF_MAX      0x4000u
#define ELF_SEGMENTS 10

struct elf_spec {
	word_t entry;
	unsigned segments;
	struct {
		word_t va, size, file_size, offset;
		unsigned flags; /* 1 X, 2 W, 4 R, as in ELF */
		unsigned type;
	} segment[ELF_SEGMENTS];
};

extern const struct elf_spec good_elf;

/* Write the file to `at`; returns its size. */
size_t make_elf(void *at, const struct elf_spec *spec);

/* What k_boot will be told: RAM, and a root task made from good_elf. After host_reset. */
extern struct glue_boot_info boot_info;
void boot_prepare(void);

/* Power on, boot, root is running, at the priority of all threads. */
void boot(void);

/* For cmocka: boot before each test, and look for what should not be after it. */
int boot_setup(void **state);
int boot_teardown(void **state);
#define KERNEL_TEST(f) cmocka_unit_test_setup_teardown(f, boot_setup, boot_teardown)

/* ---- threads ---------------------------------------------------------------------------- */

#define NIL   ((word_t)ABI_NILTHREAD)
#define ANY   ((word_t)ABI_ANYTHREAD)
#define WAITN ((word_t)ABI_WAITNOTIFY)
#define KEEP  (~(word_t)0)
#define ROOT  tid_make(k_user_base, 1)

#define UTCB_BYTES ((word_t)1 << ABI_UTCB_LOG2)

/* Map 2^log2 bytes at va to pa, behind the kernel's back. False: no memory. */
bool space_map(struct space *sp, word_t va, unsigned log2, paddr_t pa, unsigned prot);

/* Areas of the spaces that spawn makes. */
#define AREA_KIP  ((word_t)0x20000000)
#define AREA_UTCB ((word_t)0x10000000)
#define AREA_LOG2 18

/* Id of user thread n (0 is the root task's), version 1. */
word_t id_of(unsigned n);

/* The thread with this id, which must exist. */
struct tcb *tcb(word_t id);

/* Id of the running thread; 0: idle. */
word_t running(void);

/* An address for the UTCB of thread n, in the root task's area or in one of AREA_UTCB. */
word_t utcb_place(unsigned n, bool root);

word_t fpage(word_t base, unsigned log2, unsigned rights);

/* Make thread n, by the running thread, which must be root: in the space of thread `space`,
 * or in a new one (space == its own id); started, ready to run, its pager and scheduler root.
 * Returns its id. */
word_t spawn(unsigned n, word_t space);

/* The same, not started: waiting for its start message. */
word_t spawn_waiting(unsigned n, word_t space);

/* The same, not even active. */
word_t create(unsigned n, word_t space);

/* Let `id`, which is ready, run: the running thread switches to it. */
void run(word_t id);

/* ---- what the running thread does --------------------------------------------------------- */

/* System call with its arguments; returns result 0 (0 if the caller is no more). */
word_t call(word_t nr, const word_t *args, unsigned n);
#define CALL(nr, ...)                                                                              \
	call(nr, (const word_t[]){__VA_ARGS__},                                                    \
	     sizeof((const word_t[]){__VA_ARGS__}) / sizeof(word_t))

/* The calls by name, redirectors left out. */
word_t thread_control(word_t dest, word_t space, word_t scheduler, word_t pager, word_t utcb);
word_t space_control(word_t space, word_t kip, word_t utcb);
word_t schedule(word_t dest, word_t slice, word_t quantum, word_t prio);
word_t exregs(word_t dest, word_t control, word_t sp, word_t ip, word_t flags, word_t handle,
	      word_t pager);
word_t map_one(word_t space, word_t va, unsigned log2, unsigned rights, paddr_t pa, unsigned attr);
word_t unmap_one(word_t space, word_t va, unsigned log2);

/* Delete thread `id`, going on whenever that is cut. */
word_t remove_thread(word_t id);

#define MAP_READ   ((word_t)1 << ABI_MAP_READ_BIT)
#define MAP_MODIFY ((word_t)1 << ABI_MAP_MODIFY_BIT)

/* IPC. */
#define U(n)     ((word_t)(n))
#define SBLOCK   ((word_t)ABI_TAG_SBLOCK)
#define RBLOCK   ((word_t)ABI_TAG_RBLOCK)
#define BLOCK    (SBLOCK | RBLOCK)
#define NOTIFY   ((word_t)ABI_TAG_NOTIFY)
#define LABEL(l) ((word_t)(l) << ABI_TAG_LABEL_SHIFT)
void ipc(word_t to, word_t from, word_t tag);
void wait_for(word_t from); /* blocking receive */

void page_fault(word_t va, unsigned access);
void exception(word_t number, word_t code);

/* ---- what came of it ------------------------------------------------------------------------ */

/* Results of the last IPC of a thread. */
word_t tag_of(word_t id);
word_t from_of(word_t id);
volatile word_t *mr(word_t id, unsigned i);

/* Error code that a thread's UTCB holds. */
word_t error_of(word_t id);

/* The thread's IPC ended with this error. */
#define assert_ipc_error(id, code, phase)                                                          \
	do {                                                                                       \
		assert_int_equal(tag_of(id), ABI_TAG_ERROR);                                       \
		assert_int_equal(error_of(id), ABI_IPC_ERROR(code, phase));                        \
	} while (0)

/* The system call just made by the running thread failed with this code. */
#define assert_fails(expr, code)                                                                   \
	do {                                                                                       \
		assert_int_equal(expr, 0);                                                         \
		assert_int_equal(error_of(running()), code);                                       \
	} while (0)

#define assert_succeeds(expr) assert_int_not_equal(expr, 0)
#define assert_state(id, s)   assert_int_equal(tcb(id)->g.state, s)
#define assert_running(id)    assert_int_equal(running(), id)

/* The console says so. */
#define assert_console(text) assert_non_null(strstr(host_console(), text))

#endif
