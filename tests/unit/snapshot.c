/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * snapshot.c - see snapshot.h.
 */
#include "snapshot.h"

struct field {
	const char *name;
	size_t offset, size;
};

#define FIELD(type, name)                                                                          \
	{                                                                                          \
#name, offsetof(struct type, name), sizeof(((struct type *)0)->name)               \
	}

static const struct field tcb_fields[] = {
    FIELD(tcb, g.ctx.r),     FIELD(tcb, g.ctx.ip),     FIELD(tcb, g.ctx.sp),
    FIELD(tcb, g.ctx.flags), FIELD(tcb, g.ctx.tls),    FIELD(tcb, g.id),
    FIELD(tcb, g.accepts),   FIELD(tcb, g.prio),       FIELD(tcb, g.utcb),
    FIELD(tcb, g.space),     FIELD(tcb, g.sendq),      FIELD(tcb, g.partner),
    FIELD(tcb, g.waited),    FIELD(tcb, g.state),      FIELD(tcb, g.cont),
    FIELD(tcb, g.flags),     FIELD(tcb, g.unused),     FIELD(tcb, next),
    FIELD(tcb, prev),        FIELD(tcb, group),        FIELD(tcb, peer),
    FIELD(tcb, privileged),  FIELD(tcb, fault_access), FIELD(tcb, g.tag),
    FIELD(tcb, fault),       FIELD(tcb, scheduler),    FIELD(tcb, utcb_va),
    FIELD(tcb, slice),       FIELD(tcb, slice_left),   FIELD(tcb, quantum),
    FIELD(tcb, fpu),         FIELD(tcb, progress),
};
static const struct field utcb_fields[] = {
    FIELD(abi_utcb, my_id),       FIELD(abi_utcb, processor),
    FIELD(abi_utcb, handle),      FIELD(abi_utcb, pager),
    FIELD(abi_utcb, exc_handler), FIELD(abi_utcb, error),
    FIELD(abi_utcb, acceptor),    FIELD(abi_utcb, notify_mask),
    FIELD(abi_utcb, notify_bits), FIELD(abi_utcb, preempt_flags),
    FIELD(abi_utcb, preempt_ip),  FIELD(abi_utcb, preempted_ip),
    FIELD(abi_utcb, tls),         FIELD(abi_utcb, sysarg),
    FIELD(abi_utcb, reserved),    FIELD(abi_utcb, mr),
    FIELD(abi_utcb, reserved2),
};
static const struct field cpu_fields[] = {
    FIELD(cpu, g.current),     FIELD(cpu, g.barrier),     FIELD(cpu, g.threads),
    FIELD(cpu, g.threads_max), FIELD(cpu, fpu_owner),     FIELD(cpu, slice_end),
    FIELD(cpu, quantum_end),   FIELD(cpu, armed),         FIELD(cpu, g.front),
    FIELD(cpu, ring_top),      FIELD(cpu, ready_summary), FIELD(cpu, ready_map),
    FIELD(cpu, ready),
};

static const struct {
	const char *what;
	const struct field *field;
	size_t fields;
} kinds[] = {
    {"tcb", tcb_fields, sizeof(tcb_fields) / sizeof(tcb_fields[0])},
    {"utcb", utcb_fields, sizeof(utcb_fields) / sizeof(utcb_fields[0])},
    {"cpu", cpu_fields, sizeof(cpu_fields) / sizeof(cpu_fields[0])},
};

static void add(struct snapshot *s, const char *what, word_t id, void *at, size_t size)
{
	if (!at)
		return;
	assert_true(s->pieces < SNAPSHOT_PIECES && s->used + size <= SNAPSHOT_BYTES);
	s->piece[s->pieces++] = (struct snapshot_piece){at, size, s->used, what, id};
	memcpy(s->bytes + s->used, at, size);
	s->used += size;
}

static void take_machine(struct snapshot *s)
{
	uint64_t *fpu;

	s->timer = host_timer_deadline();
	s->fpu_on = host_user_fpu(0, &fpu);
}

void snapshot_again(struct snapshot *s, const struct snapshot *before)
{
	s->pieces = before->pieces;
	s->used = before->used;
	memcpy(s->piece, before->piece, before->pieces * sizeof(s->piece[0]));
	for (unsigned i = 0; i < s->pieces; i++)
		memcpy(s->bytes + s->piece[i].offset, s->piece[i].at, s->piece[i].size);
	take_machine(s);
}

void snapshot_take(struct snapshot *s)
{
	s->pieces = 0;
	s->used = 0;
	add(s, "cpu", 0, &k_cpus[0], sizeof(k_cpus[0]));
	add(s, "tcb", 0, &k_dummy, sizeof(k_dummy));
	add(s, "active context", 0, &host_active_ctx, sizeof(host_active_ctx));
	add(s, "active space", 0, &host_active_space, sizeof(host_active_space));
	for (word_t no = 0; no < tid_slots(); no++) {
		struct tcb *t = tid_at(no);

		if (t == &k_dummy)
			continue;
		add(s, "tcb", t->g.id, t, sizeof(*t));
		add(s, "utcb", t->g.id, t->g.utcb, sizeof(*t->g.utcb));
		add(s, "FPU registers", t->g.id, t->fpu, sizeof(*t->fpu));
		add(s, "space", t->g.id, t->g.space, sizeof(struct space));
	}
	take_machine(s);
}

void snapshot_restore(const struct snapshot *s)
{
	for (unsigned i = 0; i < s->pieces; i++)
		memcpy(s->piece[i].at, s->bytes + s->piece[i].offset, s->piece[i].size);
	if (host_timer_deadline() != s->timer)
		glue_timer_arm(s->timer);
	glue_fpu_enable(s->fpu_on);
}

/* The field of a piece that has this byte. */
static void describe(const struct snapshot_piece *p, size_t byte, char *text, size_t size)
{
	const char *name = "padding";
	size_t within = byte;

	for (unsigned k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		if (strcmp(kinds[k].what, p->what) != 0)
			continue;
		for (size_t i = 0; i < kinds[k].fields; i++) {
			const struct field *f = &kinds[k].field[i];

			if (byte >= f->offset && byte < f->offset + f->size) {
				name = f->name;
				within = byte - f->offset;
			}
		}
	}
	snprintf(text, size, "%s of thread %lx: %s, byte %zu", p->what, (unsigned long)p->id, name,
		 within);
}

static bool is_tcb(const struct snapshot_piece *p)
{
	return strcmp(p->what, "tcb") == 0;
}

/* Whether a thread's mark of being waited for is right in `b`, and take it out of both. */
static bool same_waited(uint8_t *a, uint8_t *b, bool loose)
{
	struct glue_thread *ta = (void *)a, *tb = (void *)b;
	bool was = ta->waited, is = tb->waited;

	ta->waited = tb->waited = 0;
	return loose ? is || !was : is == was;
}

bool snapshot_differ(const struct snapshot *a, const struct snapshot *b, bool loose, char *text,
		     size_t size)
{
	static union {
		uint8_t bytes[sizeof(struct cpu)];
		struct tcb align;
	} one, other;

	if (a->pieces != b->pieces || a->timer != b->timer || a->fpu_on != b->fpu_on) {
		snprintf(text, size, "threads, timer or the FPU's switch");
		return true;
	}
	for (unsigned i = 0; i < a->pieces; i++) {
		const struct snapshot_piece *p = &a->piece[i];

		assert_true(p->at == b->piece[i].at && p->size <= sizeof(one));
		memcpy(&one, a->bytes + p->offset, p->size);
		memcpy(&other, b->bytes + p->offset, p->size);
		if (is_tcb(p) && !same_waited(one.bytes, other.bytes, loose)) {
			describe(p, offsetof(struct tcb, g.waited), text, size);
			return true;
		}
		if (memcmp(&one, &other, p->size) == 0)
			continue;
		for (size_t n = 0;; n++)
			if (one.bytes[n] != other.bytes[n]) {
				describe(p, n, text, size);
				return true;
			}
	}
	return false;
}
