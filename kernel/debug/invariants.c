/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * invariants.c - what is always true between two events, checked after each of them that gets to
 * the core: the port's own IPC path has no check.
 *
 * On a target, each check looks at the ready queue's bitmaps, the running thread, the next few of
 * all threads and the next few mappings, so that its cost is the same however many there are. Host
 * builds look at everything, and so can count: what is in queues against what says it is in one.
 */
#include <kernel/kernel.h>
#include <kernel/kmem.h>

#if CONFIG_DEBUG

#define EVERYTHING  __STDC_HOSTED__
#define PART        16   /* slots of the thread table at a time, and mappings */
#define POOL_PERIOD 1024 /* events between two checks of the pool */

#define CHECK(t, x) ((x) ? (void)0 : fail(t, #x))

static _Noreturn void fail(const struct tcb *t, const char *what)
{
	if (t)
		k_panic(NULL, "invariant broken: thread %lx (state %u, cont %u, flags %x): %s",
			(unsigned long)t->g.id, t->g.state, t->g.cont, t->g.flags, what);
	k_panic(NULL, "invariant broken: %s", what);
}

/* An object that the table of threads knows. */
static bool exists(const struct tcb *t)
{
	word_t no = tid_number(t->g.state == TS_DYING ? t->g.partner : t->g.id);

	return no < tid_slots() && tid_at(no) == t;
}

static void check_ring(const struct tcb *t)
{
	CHECK(t, t->next->prev == t && t->prev->next == t);
	CHECK(t, exists(t->next) && exists(t->prev));
	CHECK(t, t->next->g.prio == t->g.prio);
}

static void check_ready(const struct tcb *t, const struct cpu *cpu)
{
	if (t->g.state != TS_READY || t->g.flags & T_HALTED || cpu->g.current == &t->g) {
		CHECK(t, !(t->g.flags & T_QUEUED));
		return;
	}
	CHECK(t, t->g.flags & T_QUEUED);
	if (t == front_of(cpu))
		return;
	CHECK(t, cpu->ready[t->g.prio] != NULL);
	CHECK(t, t->next->g.flags & T_QUEUED);
	check_ring(t);
}

static void check_sender(const struct tcb *t)
{
	const struct tcb *head;

	CHECK(t, t->peer != NULL && exists(t->peer));
	CHECK(t, t->next->g.state == TS_SENDING && t->next->peer == t->peer);
	check_ring(t);
	for (head = sendq_first(t->peer); head && head->g.prio != t->g.prio; head = head->group)
		CHECK(t, !head->group || head->group->g.prio < head->g.prio);
	CHECK(t, head != NULL);
}

static void check_utcb(const struct tcb *t)
{
	const struct space *sp = space_of(t);
	word_t page = t->utcb_va & ~(GLUE_PAGE_SIZE - 1);
	char *alias = (char *)t->g.utcb - (t->utcb_va - page);
	struct glue_mapping m;

	CHECK(t, piece_has(&sp->utcbs, t->utcb_va));
	CHECK(t, glue_lookup(&sp->g, page, &m));
	CHECK(t, m.log2 == GLUE_PAGE_LOG2 && m.pa == glue_virt_to_phys(alias));
	CHECK(t, *k_counter(alias) >> ((t->utcb_va - page) >> ABI_UTCB_LOG2) & 1);
	CHECK(t, sp->utcb_page != page || sp->utcb_alias == alias);
}

/* What users get to see at va, if anything, is nothing of the kernel's but the KIP, which they
 * can't write, and pages with UTCBs. Where to go on. */
static word_t check_mapping(const struct space *sp, word_t va)
{
	struct glue_mapping m;
	bool mapped = glue_lookup(&sp->g, va, &m);
	word_t rest = ((word_t)1 << m.log2) - 1;

	if (mapped) {
		if (piece_has(&sp->kip, va)) {
			CHECK(NULL, m.pa - glue_virt_to_phys(k_kip) == (va & ~rest) - sp->kip.base);
			CHECK(NULL, rest <= sp->kip.rest && !(m.prot & GLUE_W));
		} else if (piece_has(&sp->utcbs, va)) {
			CHECK(NULL, m.log2 == GLUE_PAGE_LOG2);
			CHECK(NULL, *k_counter(glue_phys_to_virt(m.pa)) != 0);
		} else {
			CHECK(NULL, phys_mappable(frame_of(m.pa), frame_of(m.pa + rest)));
		}
	}
	return (va | rest) + 1;
}

/* The next `n` mappings, or pieces without, of all spaces with active threads. */
static void check_mappings(word_t n)
{
	static word_t slot, va;

	for (; n > 0; n--) {
		if (slot < tid_slots() && tid_at(slot)->g.utcb && va <= GLUE_USER_LAST) {
			va = check_mapping(space_of(tid_at(slot)), va);
		} else {
			va = 0;
			slot = slot + 1 < tid_slots() ? slot + 1 : 0;
		}
	}
}

/* All of them, if there may be new ones. */
static void check_all_mappings(void)
{
	static word_t quiet;
	const struct space *last = NULL;

	if (k_map_quiet && quiet == k_map_quiet)
		return;
	quiet = space_quiet();
	for (word_t slot = 0; slot < tid_slots(); slot++) {
		const struct tcb *t = tid_at(slot);

		if (!t->g.utcb || space_of(t) == last)
			continue;
		last = space_of(t);
		for (word_t va = 0; va <= GLUE_USER_LAST;)
			va = check_mapping(last, va);
	}
}

static word_t accepts(const struct tcb *t)
{
	if (t->g.state != TS_RECEIVING || t->g.cont != CONT_IPC ||
	    t->g.flags & (T_HALTED | T_NOSYNC | T_QUANTUM) || !glue_ctx_plain(&t->g.ctx))
		return ABI_NILTHREAD;
	return t->g.partner;
}

/* `status` of a thread that is nothing but receiving. */
static uint32_t status_receiving(void)
{
	return (struct glue_thread){.state = GLUE_STATE_RECEIVING}.status;
}

/* Who waits for an interrupt thread is its handler, and the line may ask for service: the short way
 * of an interrupt looks at `accepts` alone. */
static void check_handler(const struct tcb *t)
{
	const struct tcb *irq = tid_slot(t->g.accepts);

	CHECK(t, irq->g.id == t->g.accepts && irq->g.partner == t->g.id);
	CHECK(t, irq->g.state == TS_IRQ_IDLE);
}

static void check_thread(const struct tcb *t, const struct cpu *cpu)
{
	CHECK(t, exists(t));
	CHECK(t, t->g.accepts == accepts(t));
	CHECK(t, t->g.accepts == ABI_NILTHREAD || t->g.status == status_receiving());
	if (tid_is_irq(t->g.accepts))
		check_handler(t);
	CHECK(t, !(t->g.flags & T_REST) || t->g.flags & T_QUEUED || t->g.state == TS_DYING);
	CHECK(t, !(t->g.flags & T_LENT) || (t == front_of(cpu) && !(t->g.flags & T_REST)));
	CHECK(t, t->g.prio <= PRIO_MAX);
	CHECK(t, (t->g.state == TS_DYING) == (t->g.id == ABI_NILTHREAD));
	check_ready(t, cpu);
	if (t->g.state == TS_SENDING)
		check_sender(t);
	if (t->g.utcb)
		check_utcb(t);
	else
		CHECK(t,
		      t->g.state == TS_INACTIVE || t->g.state == TS_DYING || tid_is_irq(t->g.id));
}

static void check_cpu(const struct cpu *cpu)
{
	const struct tcb *cur = (const struct tcb *)cpu->g.current, *front = front_of(cpu);
	bool lent = front && front->g.flags & T_LENT;
	sword_t top = -1;

	for (unsigned prio = 0; prio <= PRIO_MAX; prio++) {
		CHECK(NULL, (cpu->ready_map[prio / 32] >> prio % 32 & 1) == !!cpu->ready[prio]);
		if (cpu->ready[prio])
			top = (sword_t)prio;
	}
	for (unsigned i = 0; i < 8; i++)
		CHECK(NULL, (cpu->ready_summary >> i & 1) == !!cpu->ready_map[i]);
	CHECK(NULL, cpu->ring_top == (top < 0 ? 0 : (word_t)top));
	if (front) {
		CHECK(front, exists(front) && front->g.flags & T_QUEUED);
		CHECK(front, !lent || (cur && cur->g.prio > front->g.prio));
		CHECK(front, front->g.prio >= cpu->ring_top);
		top = (sword_t)front->g.prio + lent;
	}
	CHECK(NULL, ready_top(cpu) == (top < 0 ? 0 : (word_t)top));
	if (cur) {
		CHECK(cur, exists(cur));
		CHECK(cur, cur->g.state == TS_READY && !(cur->g.flags & (T_HALTED | T_QUEUED)));
		/* Its priority may be below others' after a ThreadSwitch to it. */
	} else {
		/* Or idle for a moment, for an interrupt: see sched_block. */
		CHECK(NULL, top < 0 || glue_irq_pending());
	}
	if (cpu->fpu_owner)
		CHECK(cpu->fpu_owner, exists(cpu->fpu_owner) && cpu->fpu_owner->fpu);
}

/* How many threads are in a ring, all of them with the flag or state they should have. */
static size_t ring_length(const struct tcb *head, const struct tcb *receiver)
{
	const struct tcb *t = head;
	size_t n = 0;

	if (!head)
		return 0;
	do {
		if (receiver)
			CHECK(t, t->g.state == TS_SENDING && t->peer == receiver);
		else
			CHECK(t, t->g.flags & T_QUEUED);
		t = t->next;
		n++;
	} while (t != head);
	return n;
}

/* As many threads are in queues as say that they are in one. */
static void check_counts(const struct cpu *cpu)
{
	size_t queued = cpu->g.front != NULL, sending = 0;

	for (unsigned prio = 0; prio <= PRIO_MAX; prio++)
		queued += ring_length(cpu->ready[prio], NULL);
	for (word_t i = 0; i < tid_slots(); i++) {
		const struct tcb *t = tid_at(i);

		if (t == &k_dummy)
			continue;
		for (const struct tcb *h = sendq_first(t); h; h = h->group)
			sending += ring_length(h, t);
		queued -= (t->g.flags & T_QUEUED) != 0;
		sending -= t->g.state == TS_SENDING;
	}
	CHECK(NULL, queued == 0);
	CHECK(NULL, sending == 0);
}

void debug_check(void)
{
	static word_t next;
	static unsigned events;
	const struct cpu *cpu = this_cpu();

	check_cpu(cpu);
	if (cpu->g.current)
		check_thread((const struct tcb *)cpu->g.current, cpu);
	CHECK(NULL, k_dummy.g.id == ABI_NILTHREAD && k_dummy.g.accepts == ABI_NILTHREAD);
	for (word_t n = EVERYTHING ? tid_slots() : PART; n > 0; n--) {
		next = next + 1 < tid_slots() ? next + 1 : 0;
		if (tid_at(next) != &k_dummy)
			check_thread(tid_at(next), cpu);
	}
	if (EVERYTHING) {
		check_counts(cpu);
		check_all_mappings();
	} else {
		check_mappings(PART);
	}
	if (EVERYTHING || events++ % POOL_PERIOD == 0)
		kmem_check();
}
#endif
