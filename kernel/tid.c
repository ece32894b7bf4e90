/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * tid.c - the table from thread numbers to threads.
 *
 * Every slot holds a pointer, empty ones to a dummy thread whose id is nil, so looking up
 * an id is a bounds check, a load and one comparison of the whole id, version included.
 */
#include <kernel/tcb.h>

struct tcb k_dummy;
word_t k_tid_end;

/* The table is one block of the pool, of at most 32 KiB. */
#define SLOTS          ((word_t)1 << GLUE_SLOTS_LOG2)
#define TID_TABLE_LOG2 (GLUE_SLOTS_LOG2 + (GLUE_WORD_BITS == 64 ? 3 : 2))
_Static_assert(CONFIG_MAX_THREADS <= SLOTS && TID_TABLE_LOG2 <= 15,
	       "MAX_THREADS: at most 8192 with 32-bit words, 4096 with 64-bit words");
_Static_assert(CONFIG_MAX_THREADS >= GLUE_IRQS + 128,
	       "MAX_THREADS: at least 128 more than there are interrupt lines");

bool tid_init(void)
{
	struct glue_cpu *cpu = &this_cpu()->g;

	cpu->threads = k_alloc(TID_TABLE_LOG2);
	if (!cpu->threads)
		return false;
	cpu->threads_max = tid_slots();
	k_tid_end = 0;
	k_dummy.g.state = TS_INACTIVE;
	k_dummy.utcb_va = NO_UTCB;
	for (word_t i = 0; i < SLOTS; i++)
		cpu->threads[i] = &k_dummy.g;
	return true;
}

struct tcb *tid_slot(word_t id)
{
	word_t no = tid_number(id);

	return likely(no < tid_slots()) ? tid_at(no) : &k_dummy;
}

struct tcb *tid_find(word_t id)
{
	struct tcb *t = tid_perhaps(id);

	return likely(t->g.id == id && id != ABI_NILTHREAD) ? t : NULL;
}

struct space *tid_space(word_t id)
{
	const struct tcb *t = tid_perhaps(id);

	/* An empty slot's thread has the id nil, and no space. */
	return t->g.id == id ? space_of(t) : NULL;
}

bool tid_valid_user(word_t id)
{
	word_t no = tid_number(id);

	return no >= k_user_base && no < tid_slots() && (id & ABI_TID_LOCAL_MASK);
}

bool tid_is_irq(word_t id)
{
	return tid_number(id) < GLUE_IRQS && (id & (tid_make(1, 0) - 1)) == ABI_IRQ_VERSION;
}
