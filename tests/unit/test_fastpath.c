/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_fastpath.c - the fast path as glue/fastpath.h has it, against the kernel: in random
 * states, what the model does where it takes an IPC is just what the kernel does, by its general
 * path and by its plain one; and the plain path is taken where the model takes the IPC, and
 * nowhere else. What the model has of the answer to a page fault and of a notification that nobody
 * waits for, which the kernel's plain path doesn't take, is also what the kernel does.
 *
 * The states come from system calls, faults, interrupts and what user level may write to its
 * UTCB. The random IPCs are of those that a fast path is made for, and of all others.
 */
#include "fastpath_model.h"
#include "fastpath_seen.h"
#include "ipc_paths.h"
#include "snapshot.h"

#define THREADS    14
#define SPACES     3 /* threads 1 ... SPACES are the first of a space each */
#define IRQ        7
#define PRIO_LEAST 95
#define WORLDS     110
#define EVENTS     1500

#define CHECK_PERIOD 8 /* IPCs that the model refuses, between two checks of the invariants */

#define KNOWN_PERIOD 4 /* IPCs, between two that are also done by k_ipc_to */

enum seen {
#define X(name, text) SEEN_##name,
	FORMS(X) SEEN_FORMS,
	REFUSALS(X) SEEN_COUNT
#undef X
};
static const char *const seen_name[SEEN_COUNT] = {
#define X(name, text) [SEEN_##name] = text,
    FORMS(X) REFUSALS(X)
#undef X
};

static struct {
	unsigned ipcs, accepted, known;
	unsigned seen[SEEN_COUNT];
	unsigned red[MODEL_PARTS]; /* cases in which the model without it was wrong */
} count;

static uint32_t seed;

static unsigned rnd(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return (unsigned)((uint64_t)seed * n >> 32);
}

static word_t rnd_word(void)
{
	return (word_t)rnd(~0u) << (GLUE_WORD_BITS / 2) ^ rnd(~0u);
}

/* ---- one IPC, in all ways ------------------------------------------------------------------ */

static struct snapshot before, by_model, by_kernel;

static void see(enum seen what, bool is)
{
	count.seen[what] += is;
}

static void see_accepted(enum model_way way, const struct tcb *cur, const struct tcb *dest,
			 word_t from, word_t tag)
{
	unsigned words = tag & ABI_TAG_U_MASK;
	bool is_call = from == dest->g.id;
	const struct cpu *cpu = this_cpu();

	see(way == MODEL_MESSAGE ? words ? SEEN_MESSAGE_WORDS : SEEN_MESSAGE
	    : is_call            ? words ? SEEN_CALL_WORDS : SEEN_CALL
	    : words              ? SEEN_REPLY_WORDS
				 : SEEN_REPLY,
	    true);
	see(cur->g.space == dest->g.space ? SEEN_INTRA : SEEN_INTER, true);
	see(dest->g.partner == ANY ? SEEN_TO_ANY : SEEN_TO_CLOSED, true);
	see(SEEN_NOTIFIED, !is_call && cur->g.utcb->acceptor & ABI_ACCEPT_NOTIFY);
	see(SEEN_HIGHER, dest->g.prio > cur->g.prio);
	see(SEEN_LOWER, dest->g.prio < cur->g.prio);
	see(SEEN_SLICED, cpu->slice_end != TIME_NEVER);
	see(SEEN_FPU_OTHER, cpu->fpu_owner && cpu->fpu_owner != cur && cpu->fpu_owner != dest);
	see(SEEN_MOST_WORDS, words == ABI_MRS - 1);
	see(SEEN_ODD_TAG, tag & ABI_TAG_FLAGS & ~(BLOCK | NOTIFY));
}

static void see_refused(const struct tcb *cur, word_t to, word_t from)
{
	const struct tcb *dest = tid_find(to);
	const struct cpu *cpu = this_cpu();
	bool takes;

	see(SEEN_NIL_TO, to == NIL);
	see(SEEN_TO_SELF, dest == cur);
	see(SEEN_TO_STALE, !dest && tid_valid_user(to));
	see(SEEN_TO_ODD, to == ANY || to == WAITN);
	if (!dest)
		return;
	takes = dest->g.accepts == cur->g.id || dest->g.accepts == ANY;
	see(SEEN_TO_IRQ, !dest->g.space);
	see(SEEN_TO_BUSY, dest->g.state == TS_READY);
	see(SEEN_TO_HALTED, dest->g.flags & T_HALTED && dest->g.state == TS_RECEIVING);
	see(SEEN_TO_INACTIVE, dest->g.state == TS_INACTIVE);
	see(SEEN_TO_SENDER, dest->g.state == TS_SENDING);
	see(SEEN_TO_NOTIFIED, dest->g.state == TS_WAIT_NOTIFY);
	see(SEEN_TO_FAULTING, dest->g.state == TS_RECEIVING && dest->g.cont == CONT_PAGEFAULT);
	see(SEEN_TO_NOSYNC, dest->g.state == TS_RECEIVING && dest->g.flags & T_NOSYNC);
	see(SEEN_TO_QUANTUM, dest->g.state == TS_RECEIVING && dest->g.flags & T_QUANTUM);
	see(SEEN_TO_LOW, takes && dest->g.prio < ready_top(cpu));
	see(SEEN_FPU_ON, takes && cpu->g.barrier & SPECIAL_FPU);
	see(SEEN_QUANTUM, takes && cpu->g.barrier & SPECIAL_QUANTUM);
	see(SEEN_SENDERS, takes && from == ANY && cur->g.sendq);
	see(SEEN_PENDING, takes && from == ANY && cur->g.utcb->acceptor & ABI_ACCEPT_NOTIFY &&
			      notify_pending(cur));
}

/* What the model does is left in by_model; the state is as before. */
static struct glue_ctx *try_model(enum model_way way, word_t to, word_t from, word_t tag,
				  enum model_part left_out)
{
	struct glue_ctx *next = model_effect(way, to, from, tag, left_out);

	snapshot_again(&by_model, &before);
	snapshot_restore(&before);
	return next;
}

/* The model takes it: the general path and the model without one effect, at random. */
static void in_other_ways(enum model_way way, struct glue_ctx *c, word_t to, word_t from,
			  word_t tag)
{
	enum model_part effect =
	    MODEL_WAKE_TERMS_END + 1 + rnd(MODEL_PARTS - MODEL_WAKE_TERMS_END - 1);
	struct glue_ctx *next;
	char text[200];

	next = general_k_ipc(c, to, from, tag);
	snapshot_again(&by_kernel, &before);
	snapshot_restore(&before);
	assert_ptr_equal(next, try_model(way, to, from, tag, MODEL_WHOLE));
	if (snapshot_differ(&by_kernel, &by_model, true, text, sizeof(text)))
		fail_msg("to %lx, from %lx, tag %lx: the model differs from the general path: %s",
			 (unsigned long)to, (unsigned long)from, (unsigned long)tag, text);

	try_model(way, to, from, tag, effect);
	count.red[effect] += snapshot_differ(&by_kernel, &by_model, true, text, sizeof(text));
}

/* Where the port knows the partner, k_ipc_to does what k_ipc does. */
static void in_a_known_way(struct glue_ctx *c, word_t to, word_t from, word_t tag)
{
	struct tcb *dest = tid_find(to);
	struct glue_ctx *next;
	char text[200];

	if (!dest)
		return;
	next = general_k_ipc(c, to, from, tag);
	snapshot_again(&by_kernel, &before);
	snapshot_restore(&before);
	tcb_of_ctx(c)->g.partner = from;
	tcb_of_ctx(c)->g.tag = tag;
	assert_ptr_equal(next, k_ipc_to(c, &dest->g));
	snapshot_again(&by_model, &before);
	snapshot_restore(&before);
	if (snapshot_differ(&by_kernel, &by_model, false, text, sizeof(text)))
		fail_msg("to %lx, from %lx, tag %lx: k_ipc_to differs from k_ipc: %s",
			 (unsigned long)to, (unsigned long)from, (unsigned long)tag, text);
	count.known++;
}

/* Of what the path takes besides: without words and with some. */
static const enum seen seen_kind[MODEL_KINDS][2] = {
    [MODEL_ANSWERS] = {SEEN_ANSWER, SEEN_ANSWER_WORDS},
    [MODEL_NOTES] = {SEEN_NOTED, SEEN_NOTED},
    [MODEL_WAKES] = {SEEN_WOKEN, SEEN_WOKEN},
};

/* An IPC of this kind, or nearly: the model of it against the general path, whole and without a
 * term. */
static void besides(enum model_kinds which, struct glue_ctx *c, word_t to, word_t from, word_t tag)
{
	const struct model_kind *kind = &model_kinds[which];
	bool taken = kind->takes(to, from, tag, MODEL_WHOLE), differ;
	enum model_part part = kind->first + rnd(kind->end - kind->first);
	struct glue_ctx *next, *model_next;
	char text[200];

	if (!taken && !kind->takes(to, from, tag, part))
		return;
	next = general_k_ipc(c, to, from, tag);
	snapshot_again(&by_kernel, &before);
	snapshot_restore(&before);
	model_next = kind->effect(to);
	if (model_next == c) /* where it means nothing */
		tcb_of_ctx(c)->g.partner = from;
	snapshot_again(&by_model, &before);
	snapshot_restore(&before);
	differ =
	    next != model_next || snapshot_differ(&by_kernel, &by_model, true, text, sizeof(text));
	if (!taken) {
		count.red[part] += differ;
		return;
	}
	if (differ)
		fail_msg(
		    "to %lx, from %lx, tag %lx: the model of what is taken besides differs: %s",
		    (unsigned long)to, (unsigned long)from, (unsigned long)tag, text);
	see(seen_kind[which][(tag & ABI_TAG_U_MASK) != 0], true);
}

/* One of the terms that are all that keeps the model from taking this IPC, or MODEL_WHOLE. */
static enum model_part reason(word_t to, word_t from, word_t tag)
{
	enum model_part found = MODEL_WHOLE;
	unsigned n = 0;

	for (enum model_part p = MODEL_WHOLE + 1; p < MODEL_TERMS_END; p++)
		if (model_takes(to, from, tag, p) && rnd(++n) == 0)
			found = p;
	return found;
}

/* The model takes it: not so without one of the alternatives. */
static void try_alternatives(enum model_way way, word_t to, word_t from, word_t tag)
{
	for (enum model_part p = MODEL_TERMS_END + 1; p < MODEL_ALTERNATIVES_END; p++)
		count.red[p] += model_takes(to, from, tag, p) != way;
}

static void one_ipc(word_t to, word_t from, word_t tag)
{
	struct glue_ctx *c = host_running, *next, *model_next = NULL;
	const struct tcb *cur = tcb_of_ctx(c);
	unsigned plain_before = plain_taken;
	enum model_part lacking = MODEL_WHOLE;
	enum model_way way;
	bool taken;
	char text[200];

	/* What the trap does. */
	memcpy(c->r, (const word_t[]){ABI_SYS_IPC, to, from, tag}, 4 * sizeof(word_t));
	c->ip += HOST_SYSCALL_SIZE;
	/* What the general path notes, and means nothing in a thread that isn't in an IPC. */
	tcb_of_ctx(c)->g.tag = tag;
	if (from == NIL)
		tcb_of_ctx(c)->g.partner = from;
	snapshot_take(&before);

	way = model_takes(to, from, tag, MODEL_WHOLE);
	taken = way != MODEL_REFUSES;
	if (!taken) {
		lacking = reason(to, from, tag);
		snapshot_again(&by_model, &before);
		if (snapshot_differ(&before, &by_model, false, text, sizeof(text)))
			fail_msg("refusing has changed something: %s", text);
	}
	count.ipcs++;
	count.accepted += taken;
	if (count.ipcs % KNOWN_PERIOD == 0)
		in_a_known_way(c, to, from, tag);
	for (enum model_kinds kind = 0; kind < MODEL_KINDS; kind++)
		besides(kind, c, to, from, tag);
	if (taken) {
		see_accepted(way, cur, tcb(to), from, tag);
		try_alternatives(way, to, from, tag);
		in_other_ways(way, c, to, from, tag);
		model_next = try_model(way, to, from, tag, MODEL_WHOLE);
	} else {
		see_refused(cur, to, from);
		if (lacking)
			model_next =
			    try_model(model_takes(to, from, tag, lacking), to, from, tag, lacking);
	}

	next = plain_k_ipc(c, to, from, tag);
	if ((plain_taken != plain_before) != (way == MODEL_EXCHANGE))
		fail_msg("to %lx, from %lx, tag %lx: the kernel's plain path is %staken, the model "
			 "would %stake it",
			 (unsigned long)to, (unsigned long)from, (unsigned long)tag,
			 taken ? "not " : "", way == MODEL_EXCHANGE ? "" : "not ");
	if (model_next) {
		bool differ;

		snapshot_again(&by_kernel, &before);
		differ = next != model_next ||
			 snapshot_differ(&by_kernel, &by_model, !taken, text, sizeof(text));
		if (taken && differ)
			fail_msg("to %lx, from %lx, tag %lx: the model differs: %s",
				 (unsigned long)to, (unsigned long)from, (unsigned long)tag, text);
		if (!taken)
			count.red[lacking] += differ;
	}
	host_resume(next);
	if (taken || count.ipcs % CHECK_PERIOD == 0)
		debug_check();
}

/* ---- states and IPCs at random ----------------------------------------------------------------
 */

static word_t some_thread(void)
{
	return id_of(rnd(THREADS));
}

static word_t some_id(void)
{
	static const word_t odd[] = {ABI_NILTHREAD, (word_t)ABI_ANYTHREAD, (word_t)ABI_WAITNOTIFY};

	switch (rnd(16)) {
	case 0:
		return odd[rnd(3)];
	case 1:
		return tid_make(rnd(2) ? IRQ : rnd(GLUE_IRQS), 1 + rnd(2));
	case 2:
		return tid_make(k_user_base + rnd(THREADS), 2 + rnd(2));
	case 3:
		return running();
	case 4: /* around the end of the table, and anywhere */
		return rnd(2) ? tid_make(tid_slots() - 1 + rnd(3), 1) : rnd_word();
	default:
		return some_thread();
	}
}

/* A thread that waits for the running one's answer to a page fault, now and then another's; or for
 * its message; or nearly its id; or nobody, if none does; and now and then any id. */
static word_t some_partner(void)
{
	unsigned first = rnd(THREADS);
	word_t me = running();

	if (rnd(12) == 0)
		return some_id();
	for (unsigned i = 0; i < 2 * THREADS; i++) {
		const struct tcb *t = tid_find(id_of((first + i) % THREADS));
		bool faulted = t && t->g.cont == CONT_PAGEFAULT;

		if (!t || t->g.id == me)
			continue;
		if (i < THREADS ? faulted && (t->g.partner == me || rnd(4) == 0)
				: t->g.accepts == me || t->g.accepts == ANY ||
				      (t->g.state == TS_WAIT_NOTIFY && rnd(3) == 0))
			return rnd(24) ? t->g.id : t->g.id ^ 3;
	}
	return rnd(6) ? NIL : some_id();
}

static word_t some_tag(void)
{
	word_t tag = rnd_word() & ~(word_t)(ABI_TAG_FLAGS | ABI_TAG_COUNT_MASK);

	if (rnd(5) == 0)
		return rnd_word();
	if (rnd(3))
		tag |= rnd(8) ? rnd(ABI_MRS) : ABI_MRS - 1;
	if (rnd(12))
		tag |= RBLOCK;
	if (rnd(5) == 0)
		tag |= SBLOCK;
	if (rnd(8) == 0)
		tag |= NOTIFY;
	if (rnd(12) == 0)
		tag |= (word_t)1 << (6 + rnd(6));
	if (rnd(12) == 0)
		tag |= 0x1000;
	return tag;
}

static void write_utcb(struct abi_utcb *utcb)
{
	for (unsigned i = 0; i < 4; i++)
		utcb->mr[rnd(ABI_MRS)] = rnd_word();
	utcb->mr[ABI_MRS - 1] = rnd_word();
	if (rnd(6))
		return;
	utcb->preempt_flags = rnd(4) ? 0 : rnd_word();
	utcb->acceptor = rnd(2) ? ABI_ACCEPT_NOTIFY : rnd(2) ? rnd(8) : rnd_word();
	if (rnd(4))
		utcb->acceptor &= ~(word_t)ABI_ACCEPT_NOSYNC;
	utcb->notify_mask = rnd(2) ? rnd_word() : (word_t)1 << rnd(GLUE_WORD_BITS);
	utcb->notify_bits = rnd(2) ? 0 : rnd(2) ? rnd_word() : (word_t)1 << rnd(GLUE_WORD_BITS);
	utcb->pager = utcb->exc_handler = some_thread();
}

static void some_ipc(bool is_root)
{
	word_t to = rnd(12) ? some_partner() : NIL, from, tag = some_tag();
	bool faulted = tid_slot(to)->g.cont == CONT_PAGEFAULT;

	from = to != NIL && rnd(faulted ? 5 : 2) == 0 ? to
	       : rnd(8)                               ? ANY
	       : rnd(2)                               ? some_id()
						      : WAITN;
	if (is_root && !faulted && rnd(3)) { /* not for long away from what it has to do */
		tag &= ~BLOCK;
		from = rnd(2) ? NIL : from;
	}
	one_ipc(to, rnd(tag & NOTIFY ? 2 : 5) == 0 ? NIL : from, tag);
}

/* By root. */
static void manage(void)
{
	unsigned n = 1 + rnd(THREADS - 1);
	word_t id = id_of(n), space = n <= SPACES ? id : rnd(2) ? ROOT : id_of(1 + rnd(SPACES));
	bool in_root;

	switch (rnd(4)) {
	case 0: /* another version of a thread's id, or no thread; perhaps inactive */
		if (n > SPACES)
			thread_control(id, NIL, NIL, NIL, KEEP);
		return;
	case 1:
		thread_control(tid_make(IRQ, 1), tid_make(IRQ, 1), NIL, some_thread(), KEEP);
		return;
	default:
		break;
	}
	thread_control(id, space, ROOT, NIL, KEEP);
	if (running() != ROOT || !tid_find(id) || rnd(4) == 0)
		return;
	if (space == id)
		space_control(id, fpage(AREA_KIP, ABI_KIP_AREA_LOG2, 0),
			      fpage(AREA_UTCB, AREA_LOG2, 0));
	if (running() != ROOT)
		return;
	in_root = tcb(id)->g.space == tcb(ROOT)->g.space;
	thread_control(id, id, NIL, some_thread(), utcb_place(n, in_root));
	if (running() == ROOT)
		ipc(id, NIL, U(2));
}

/* Something goes on in the kernel that isn't an IPC of the running thread's. */
static void other_event(void)
{
	word_t me = running(), dest = some_thread();

	switch (rnd(me == ROOT ? 12 : 9)) {
	case 0:
		CALL(ABI_SYS_THREAD_SWITCH, some_id());
		break;
	case 1:
		schedule(dest,
			 rnd(2)   ? KEEP
			 : rnd(3) ? rnd(20000)
				  : 0,
			 rnd(4) || dest == ROOT ? KEEP
			 : rnd(2)               ? 0
						: rnd(30000),
			 rnd(2) ? KEEP : PRIO_LEAST + rnd(10));
		break;
	case 2:
	case 3: /* end an IPC, or halt, or go on */
		exregs(dest,
		       (rnd(2) ? ABI_XREG_RECV | ABI_XREG_SEND : ABI_XREG_H_WRITE) |
			   (rnd(3) || dest == ROOT ? 0 : ABI_XREG_HALTED),
		       0, 0, 0, 0, NIL);
		break;
	case 4:
		if (me != ROOT)
			page_fault(0x7000, GLUE_R);
		break;
	case 5:
		if (me != ROOT)
			exception(rnd(20), 0);
		break;
	case 6:
		host_resume(k_fpu(host_running));
		break;
	case 7:
		host_clock_advance(us_to_ticks(rnd(12000)));
		if (rnd(2))
			host_irq_edge(IRQ);
		host_take_interrupt();
		break;
	case 8:
		ipc(dest, NIL, NOTIFY);
		break;
	default:
		manage();
		break;
	}
}

/* All threads wait: the IPC of one of them ends. */
static void wake_somebody(void)
{
	struct tcb *t;

	if (host_take_interrupt())
		return;
	do
		t = tid_find(rnd(4) ? some_thread() : ROOT);
	while (!t || (t->g.state != TS_RECEIVING && t->g.state != TS_SENDING &&
		      t->g.state != TS_WAIT_NOTIFY));
	ipc_cancel(t, ABI_IPC_CANCELED, true);
	sched_wake(t);
	host_resume(sched_continue());
}

static void one_world(unsigned number)
{
	boot();
	seed = number * 2654435761u + 1;
	glue_irq_mask(IRQ, false);
	for (unsigned n = 1; n < THREADS; n++)
		spawn(n, n <= SPACES ? id_of(n) : n % 4 ? id_of(n % 4) : ROOT);
	assert_succeeds(schedule(ROOT, KEEP, KEEP, PRIO_MAX));
	for (unsigned n = 1; n < THREADS; n++)
		if (rnd(2)) /* the others stay equals */
			assert_succeeds(schedule(id_of(n), KEEP, KEEP, PRIO_LEAST + rnd(10)));
	assert_succeeds(schedule(ROOT, KEEP, KEEP, PRIO_LEAST));
	for (unsigned i = 0; i < EVENTS; i++) {
		if (running() == NIL) {
			wake_somebody();
			continue;
		}
		write_utcb(tcb(running())->g.utcb);
		if (running() == ROOT)
			tcb(ROOT)->g.utcb->pager = tcb(ROOT)->g.utcb->exc_handler = id_of(1);
		if (rnd(4))
			some_ipc(running() == ROOT);
		else
			other_event();
	}
}

/* ---- what must have been --------------------------------------------------------------------- */

#define LEAST_ACCEPTED 3000
#define LEAST_FORM     300 /* of calls and of replies, with words and without */
#define LEAST_SEEN     15

static void test_fastpath_model(void **state)
{
	unsigned missing = 0;

	(void)state;
	memset(&count, 0, sizeof(count));
	for (unsigned i = 0; i < WORLDS; i++)
		one_world(i);
	print_message("%u IPCs, %u taken by the model, %u to a known partner\n", count.ipcs,
		      count.accepted, count.known);
	for (unsigned i = 0; i < SEEN_COUNT; i++) {
		if (i == SEEN_FORMS)
			continue;
		print_message("  %s: %u %s\n", i < SEEN_FORMS ? "taken" : "refused", count.seen[i],
			      seen_name[i]);
		missing += count.seen[i] < (i <= SEEN_MESSAGE_WORDS ? LEAST_FORM : LEAST_SEEN);
	}
	assert_true(count.accepted >= LEAST_ACCEPTED && count.known >= LEAST_ACCEPTED);
	assert_int_equal(missing, 0);
}

/* The comparison above finds every part of the model that is missing: each was left out now and
 * then, and the rest did something else than the kernel, or took less. */
static void test_fastpath_model_needs_each_part(void **state)
{
	unsigned unnoticed = 0;

	(void)state;
	for (enum model_part p = MODEL_WHOLE + 1; p < MODEL_PARTS; p++) {
		if (p == MODEL_TERMS_END || p == MODEL_ALTERNATIVES_END ||
		    p == MODEL_ANSWER_TERMS_END || p == MODEL_NOTE_TERMS_END ||
		    p == MODEL_WAKE_TERMS_END)
			continue;
		print_message("  without \"%s\": wrong %u times\n", model_part_name[p],
			      count.red[p]);
		unnoticed += count.red[p] == 0;
	}
	assert_int_equal(unnoticed, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    KERNEL_TEST(test_fastpath_model),
	    KERNEL_TEST(test_fastpath_model_needs_each_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
