/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * prop_memory.c - what user mode sees of the page tables and of the TLB.
 */
#include <contract_arch.h>

#include "contract.h"

#define W sizeof(word_t)

/* The user reads / writes va and gets to the end. */
static bool reads(struct user *u, word_t va, word_t *value)
{
	bool ok = user_does(u, OP_READ, va, 0);

	*value = *user_arg(u, 4);
	return ok;
}

static bool writes(struct user *u, word_t va, word_t value)
{
	return user_does(u, OP_WRITE, va, value);
}

/* The user runs `op` on va, and that faults, with this access. */
static bool faults(struct user *u, enum user_op op, word_t va, unsigned access)
{
	struct event e;

	user_op(u, op, va, 1);
	e = user_run(u);
	return e.kind == EV_PAGEFAULT && e.ctx == &u->ctx && e.arg[0] == va && e.arg[1] == access;
}

static void flush_caches(void)
{
	word_t position = 0;
	unsigned steps = 0;

	do {
		position = glue_cache_all(position);
		CHECK(++steps < 100000);
	} while (position);
}

void prop_user_and_kernel_see_the_same(void)
{
	struct user u;
	paddr_t pa = frame(GLUE_PAGE_LOG2);
	word_t value;

	CHECK(user_init(&u) && pa);
	for (unsigned attr = 0; attr < GLUE_ATTRS; attr++) {
		word_t last = USER_DATA + GLUE_PAGE_SIZE - W;

		CHECK(map_now(&u.as, USER_DATA, pa, GLUE_PAGE_LOG2, GLUE_R | GLUE_W,
			      (enum glue_attr)attr));
		flush_caches();
		CHECK(writes(&u, last, 0x1234500 + attr));
		if (attr == GLUE_CACHED)
			CHECK_EQ(*frame_word(pa, GLUE_PAGE_SIZE - W), 0x1234500 + attr);
		CHECK(reads(&u, last, &value));
		CHECK_EQ(value, 0x1234500 + attr);
	}
	*frame_word(pa, 0) = 77;
	CHECK(map_now(&u.as, USER_DATA, pa, GLUE_PAGE_LOG2, GLUE_R, GLUE_CACHED));
	CHECK(reads(&u, USER_DATA, &value));
	CHECK_EQ(value, 77);
	user_fini(&u);
}

void prop_rights_are_enforced(void)
{
	static const uint32_t code[] = CONTRACT_RETURN_1;
	struct user u;
	paddr_t pa = frame(GLUE_PAGE_LOG2);
	word_t value;

	CHECK(user_init(&u) && pa);
	for (unsigned i = 0; i < sizeof(code) / sizeof(code[0]); i++)
		((volatile uint32_t *)glue_phys_to_virt(pa))[i] = code[i];
	CHECK(glue_cache(GLUE_CACHE_SYNC_I, pa, sizeof(code)));

	CHECK(faults(&u, OP_READ, USER_DATA, GLUE_R));
	CHECK(faults(&u, OP_WRITE, USER_DATA + 8, GLUE_W));
	for (unsigned prot = 1; prot <= GLUE_RWX; prot++) {
		struct glue_mapping m;

		CHECK(map_now(&u.as, USER_DATA, pa, GLUE_PAGE_LOG2, prot, GLUE_CACHED));
		CHECK(glue_lookup(&u.as, USER_DATA, &m));
		if (m.prot & GLUE_R)
			CHECK(reads(&u, USER_DATA, &value));
		else
			CHECK(faults(&u, OP_READ, USER_DATA, GLUE_R));
		if (m.prot & GLUE_W)
			CHECK(writes(&u, USER_DATA + 0x800, 1));
		else
			CHECK(faults(&u, OP_WRITE, USER_DATA + 0x800, GLUE_W));
		if (m.prot & GLUE_X) {
			CHECK(user_does(&u, OP_EXEC, USER_DATA, 0));
			CHECK_EQ(*user_arg(&u, 4), 1);
		} else {
			CHECK(faults(&u, OP_EXEC, USER_DATA, GLUE_X));
		}
	}
	user_fini(&u);
}

/* Far from all else, so that all tables but the root are made for a page and freed with it; those
 * of the one place then serve the other. */
void prop_tables_come_and_go(void)
{
	word_t at[2] = {GLUE_USER_LAST / 4 + 1, GLUE_USER_LAST / 2 + 1}, value;
	struct user u;

	CHECK(user_init(&u));
	for (unsigned turn = 0; turn < 4; turn++) {
		word_t here = at[turn % 2], there = at[!(turn % 2)];
		paddr_t pa = frame(GLUE_PAGE_LOG2);

		CHECK(pa);
		*frame_word(pa, 0) = turn;
		CHECK(faults(&u, OP_READ, here, GLUE_R));
		CHECK(map_quietly(&u.as, here, pa, GLUE_PAGE_LOG2, GLUE_R, GLUE_CACHED));
		CHECK(reads(&u, here, &value));
		CHECK_EQ(value, turn);
		CHECK(faults(&u, OP_READ, there, GLUE_R));
		CHECK(unmap_now(&u.as, here, GLUE_PAGE_LOG2));
	}
	user_fini(&u);
}

void prop_fault_is_retried(void)
{
	struct user u;
	paddr_t pa = frame(GLUE_PAGE_LOG2);
	struct event e;

	CHECK(user_init(&u) && pa);
	*frame_word(pa, 0) = 4711;
	CHECK(faults(&u, OP_READ, USER_DATA, GLUE_R));
	e = user_run(&u); /* again, for nothing has changed */
	CHECK_EQ(e.kind, EV_PAGEFAULT);
	CHECK(map_quietly(&u.as, USER_DATA, pa, GLUE_PAGE_LOG2, GLUE_R, GLUE_CACHED));
	e = user_run(&u);
	CHECK_EQ(e.kind, EV_SYSCALL);
	CHECK_EQ(*user_arg(&u, 4), 4711);
	/* A right that comes is used without a flush, or after one fault too many. */
	CHECK(faults(&u, OP_WRITE, USER_DATA, GLUE_W));
	CHECK(map_now(&u.as, USER_DATA, pa, GLUE_PAGE_LOG2, GLUE_R | GLUE_W, GLUE_CACHED));
	e = user_run(&u);
	CHECK_EQ(e.kind, EV_SYSCALL);
	CHECK_EQ(*frame_word(pa, 0), 1);
	user_fini(&u);
}

void prop_every_page_size_translates(void)
{
	struct user u;
	word_t value;

	CHECK(user_init(&u));
	for (unsigned log2 = GLUE_PAGE_LOG2; log2 <= 24; log2++) {
		word_t last = ((word_t)1 << log2) - W;
		paddr_t pa;

		if ((GLUE_PAGE_SIZES >> log2 & 1) == 0)
			continue;
		pa = frame(log2);
		CHECK(pa != 0);
		*frame_word(pa, 0) = log2;
		*frame_word(pa, (last + W) / 2) = log2 + 50;
		*frame_word(pa, last) = log2 + 100;
		CHECK(map_now(&u.as, USER_DATA, pa, log2, GLUE_R | GLUE_W, GLUE_CACHED));
		CHECK(reads(&u, USER_DATA, &value));
		CHECK_EQ(value, log2);
		CHECK(reads(&u, USER_DATA + (last + W) / 2, &value));
		CHECK_EQ(value, log2 + 50);
		CHECK(reads(&u, USER_DATA + last, &value));
		CHECK_EQ(value, log2 + 100);
		CHECK(faults(&u, OP_READ, USER_DATA + last + W, GLUE_R));
		CHECK(faults(&u, OP_READ, USER_DATA - W, GLUE_R));
		CHECK(writes(&u, USER_DATA + last, 5));
		CHECK_EQ(*frame_word(pa, last), 5);
		CHECK(unmap_now(&u.as, USER_DATA, log2));
		CHECK(faults(&u, OP_READ, USER_DATA + last, GLUE_R));
		CHECK(faults(&u, OP_WRITE, USER_DATA, GLUE_W));
	}
	user_fini(&u);
}

void prop_flush_forgets_unmapped_page(void)
{
	struct user u;
	paddr_t pa = frame(16);
	word_t value;

	CHECK(user_init(&u) && pa);
	CHECK(map_now(&u.as, USER_DATA, pa, 16, GLUE_R | GLUE_W, GLUE_CACHED));
	for (word_t o = 0; o < 0x10000; o += GLUE_PAGE_SIZE)
		CHECK(writes(&u, USER_DATA + o, o));
	CHECK(unmap_now(&u.as, USER_DATA + 0x3000, GLUE_PAGE_LOG2));
	CHECK(faults(&u, OP_READ, USER_DATA + 0x3000, GLUE_R));
	CHECK(faults(&u, OP_WRITE, USER_DATA + 0x3ff0, GLUE_W));
	CHECK(reads(&u, USER_DATA + 0x2000, &value));
	CHECK_EQ(value, 0x2000);
	CHECK(reads(&u, USER_DATA + 0x4000, &value));
	CHECK(unmap_now(&u.as, USER_DATA, 16));
	for (word_t o = 0; o < 0x10000; o += GLUE_PAGE_SIZE)
		CHECK(faults(&u, OP_READ, USER_DATA + o, GLUE_R));
	user_fini(&u);
}

void prop_flush_forgets_remapped_page(void)
{
	struct user u;
	paddr_t a = frame(GLUE_PAGE_LOG2), b = frame(GLUE_PAGE_LOG2);
	word_t value;

	CHECK(user_init(&u) && a && b);
	*frame_word(a, 0) = 1;
	*frame_word(b, 0) = 2;
	for (unsigned i = 0; i < 4; i++) {
		CHECK(
		    map_now(&u.as, USER_DATA, i & 1 ? b : a, GLUE_PAGE_LOG2, GLUE_R, GLUE_CACHED));
		CHECK(reads(&u, USER_DATA, &value));
		CHECK_EQ(value, i & 1 ? 2 : 1);
	}
	user_fini(&u);
}

void prop_flush_forgets_lost_rights(void)
{
	struct user u;
	paddr_t pa = frame(GLUE_PAGE_LOG2);
	word_t value;

	CHECK(user_init(&u) && pa);
	CHECK(map_now(&u.as, USER_DATA, pa, GLUE_PAGE_LOG2, GLUE_R | GLUE_W, GLUE_CACHED));
	CHECK(writes(&u, USER_DATA, 1));
	CHECK(map_now(&u.as, USER_DATA, pa, GLUE_PAGE_LOG2, GLUE_R, GLUE_CACHED));
	CHECK(faults(&u, OP_WRITE, USER_DATA, GLUE_W));
	CHECK(reads(&u, USER_DATA, &value));
	user_fini(&u);
}

void prop_flush_of_the_whole_space(void)
{
	struct user u;
	paddr_t pa = frame(GLUE_PAGE_LOG2);
	word_t value;

	CHECK(user_init(&u) && pa);
	for (unsigned i = 0; i < 8; i++)
		CHECK(map_now(&u.as, USER_DATA + i * 0x101000, pa, GLUE_PAGE_LOG2, GLUE_R,
			      GLUE_CACHED));
	for (unsigned i = 0; i < 8; i++)
		CHECK(reads(&u, USER_DATA + i * 0x101000, &value));
	for (unsigned i = 0; i < 8; i++)
		CHECK(map_quietly(&u.as, USER_DATA + i * 0x101000, 0, GLUE_PAGE_LOG2, 0,
				  GLUE_CACHED));
	glue_tlb_flush(&u.as, 0, GLUE_USER_LAST);
	for (unsigned i = 0; i < 8; i++)
		CHECK(faults(&u, OP_READ, USER_DATA + i * 0x101000, GLUE_R));
	CHECK(user_does(&u, OP_SYSCALL, 0, 0) == false); /* it reports first */
	user_fini(&u);
}

void prop_hole_in_a_large_page(void)
{
	struct user u;
	word_t value;

	CHECK(user_init(&u));
	for (unsigned log2 = GLUE_PAGE_LOG2 + 1; log2 <= 24; log2++) {
		word_t hole = (word_t)1 << (log2 - 1);
		paddr_t pa;

		if ((GLUE_PAGE_SIZES >> log2 & 1) == 0)
			continue;
		pa = frame(log2);
		CHECK(pa != 0);
		CHECK(map_now(&u.as, USER_DATA, pa, log2, GLUE_R | GLUE_W, GLUE_CACHED));
		for (word_t o = 0; o <= (word_t)1 << log2; o += (word_t)1 << (log2 - 2))
			if (o < (word_t)1 << log2)
				CHECK(writes(&u, USER_DATA + o, o + 1));
		/* What is still in the TLB for the large page must not serve for the hole. */
		CHECK(unmap_now(&u.as, USER_DATA + hole, GLUE_PAGE_LOG2));
		CHECK(faults(&u, OP_READ, USER_DATA + hole, GLUE_R));
		CHECK(faults(&u, OP_WRITE, USER_DATA + hole + GLUE_PAGE_SIZE - W, GLUE_W));
		CHECK(reads(&u, USER_DATA + hole + GLUE_PAGE_SIZE, &value));
		CHECK(reads(&u, USER_DATA + hole / 2, &value));
		CHECK_EQ(value, hole / 2 + 1);
		CHECK(reads(&u, USER_DATA, &value));
		CHECK_EQ(value, 1);
		CHECK(unmap_now(&u.as, USER_DATA, log2));
		CHECK(faults(&u, OP_READ, USER_DATA, GLUE_R));
	}
	user_fini(&u);
}

void prop_spaces_are_apart(void)
{
	struct user u, v;
	paddr_t a = frame(GLUE_PAGE_LOG2), b = frame(GLUE_PAGE_LOG2);
	word_t value;

	CHECK(user_init(&u) && user_init(&v) && a && b);
	CHECK(map_now(&u.as, USER_DATA, a, GLUE_PAGE_LOG2, GLUE_R | GLUE_W, GLUE_CACHED));
	CHECK(writes(&u, USER_DATA, 1));
	CHECK(faults(&v, OP_READ, USER_DATA, GLUE_R));
	CHECK(map_now(&v.as, USER_DATA, b, GLUE_PAGE_LOG2, GLUE_R | GLUE_W, GLUE_CACHED));
	CHECK(writes(&v, USER_DATA, 2));
	for (unsigned i = 0; i < 4; i++) {
		CHECK(reads(&u, USER_DATA, &value));
		CHECK_EQ(value, 1);
		CHECK(reads(&v, USER_DATA, &value));
		CHECK_EQ(value, 2);
	}
	/* A flush in one, which is not in force, concerns that one. */
	CHECK(unmap_now(&u.as, USER_DATA, GLUE_PAGE_LOG2));
	CHECK(reads(&v, USER_DATA, &value));
	CHECK(faults(&u, OP_READ, USER_DATA, GLUE_R));
	user_fini(&v);
	user_fini(&u);
}

void prop_space_reuse_sees_nothing_old(void)
{
	size_t before = pool_free();
	paddr_t pa = frame(GLUE_PAGE_LOG2);
	word_t value;

	CHECK(pa != 0);
	*frame_word(pa, 0) = 9;
	for (unsigned i = 0; i < 5; i++) {
		struct user u;

		CHECK(user_init(&u));
		CHECK(faults(&u, OP_READ, USER_DATA, GLUE_R));
		CHECK(map_now(&u.as, USER_DATA, pa, GLUE_PAGE_LOG2, GLUE_R, GLUE_CACHED));
		CHECK(reads(&u, USER_DATA, &value));
		user_fini(&u);
		CHECK_EQ(pool_free(), before);
	}
}

/* More spaces than any ISA has address-space ids, in turn, twice. */
void prop_many_spaces(void)
{
	enum { SPACES = 300 };
	static struct user u[SPACES];
	struct user first;
	word_t value;

	CHECK(user_init(&first));
	for (unsigned i = 0; i < SPACES; i++) {
		struct glue_mapping m;
		paddr_t pa = frame(GLUE_PAGE_LOG2);

		/* The snippets are shared, the arguments are not. */
		u[i] = (struct user){.args = frame(GLUE_PAGE_LOG2)};
		CHECK(pa && u[i].args && glue_lookup(&first.as, USER_CODE, &m));
		CHECK_EQ(glue_space_init(&u[i].as), GLUE_OK);
		CHECK(map_now(&u[i].as, USER_CODE, m.pa, GLUE_PAGE_LOG2, GLUE_R | GLUE_X,
			      GLUE_CACHED));
		CHECK(map_now(&u[i].as, USER_ARGS, u[i].args, GLUE_PAGE_LOG2, GLUE_R | GLUE_W,
			      GLUE_CACHED));
		CHECK(map_now(&u[i].as, USER_DATA, pa, GLUE_PAGE_LOG2, GLUE_R, GLUE_CACHED));
		*frame_word(pa, 0) = i + 1;
	}
	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < SPACES; i++) {
			CHECK(reads(&u[i], USER_DATA, &value));
			CHECK_EQ(value, i + 1);
		}
	for (unsigned i = 0; i < SPACES; i++)
		user_fini(&u[i]);
	CHECK(faults(&first, OP_READ, USER_DATA, GLUE_R));
	user_fini(&first);
}

/* A flush may give a space another address-space id, and so many of them lead to ids that had
 * other owners: what the TLB has of those is never met again. */
void prop_many_flushes(void)
{
	enum { FLUSHES = 300 }; /* more than any ISA has ids */
	struct user u, v;
	paddr_t a = frame(GLUE_PAGE_LOG2), b = frame(GLUE_PAGE_LOG2);
	word_t value;

	CHECK(user_init(&u) && user_init(&v) && a && b);
	CHECK(map_now(&u.as, USER_DATA, a, GLUE_PAGE_LOG2, GLUE_R, GLUE_CACHED));
	CHECK(map_now(&v.as, USER_DATA, b, GLUE_PAGE_LOG2, GLUE_R, GLUE_CACHED));
	*frame_word(a, 0) = 1;
	*frame_word(b, 0) = 2;
	for (unsigned n = 0; n < FLUSHES; n++) {
		CHECK(reads(&u, USER_DATA, &value));
		CHECK_EQ(value, 1);
		CHECK(reads(&v, USER_DATA, &value));
		CHECK_EQ(value, 2);
		for (unsigned i = 0; i < n; i++)
			glue_tlb_flush(&v.as, 0, ~(word_t)0);
		CHECK(reads(&v, USER_DATA, &value));
		CHECK_EQ(value, 2);
	}
	user_fini(&v);
	user_fini(&u);
}

static unsigned referenced(struct user *u)
{
	struct glue_mapping m;

	return glue_lookup(&u->as, USER_DATA, &m) ? m.referenced & (GLUE_R | GLUE_W) : 0xff;
}

void prop_referenced_bits_are_precise(void)
{
	struct user u;
	word_t value;

	CHECK(user_init(&u));
	for (unsigned log2 = GLUE_PAGE_LOG2; log2 <= 24; log2++) {
		word_t other = ((word_t)1 << log2) - W;
		paddr_t pa;

		if ((GLUE_PAGE_SIZES >> log2 & 1) == 0)
			continue;
		pa = frame(log2);
		CHECK(pa != 0);
		CHECK(map_now(&u.as, USER_DATA, pa, log2, GLUE_R | GLUE_W, GLUE_CACHED));
		for (unsigned i = 0; i < 2; i++) {
			CHECK_EQ(referenced(&u), 0);
			CHECK(reads(&u, USER_DATA + other, &value));
			CHECK_EQ(referenced(&u), GLUE_R);
			CHECK(reads(&u, USER_DATA, &value));
			CHECK_EQ(referenced(&u), GLUE_R);
			CHECK(writes(&u, USER_DATA + other, 1));
			CHECK_EQ(referenced(&u) & GLUE_W, GLUE_W);
			/* Mapped once more: not referenced yet. */
			CHECK(map_now(&u.as, USER_DATA, pa, log2, GLUE_R | GLUE_W, GLUE_CACHED));
		}
		/* A write comes first. */
		CHECK(writes(&u, USER_DATA, 1));
		CHECK_EQ(referenced(&u) & GLUE_W, GLUE_W);
		CHECK(unmap_now(&u.as, USER_DATA, log2));
	}
	user_fini(&u);
}

void prop_kernel_memory_is_out_of_reach(void)
{
	static volatile word_t secret = 0x5ec2e7;
	struct user u;
	const word_t places[] = {(word_t)&secret, (word_t)&contract_properties,
				 (word_t)&prop_kernel_memory_is_out_of_reach, GLUE_USER_LAST + 1,
				 ~(word_t)(W - 1)};

	CHECK(user_init(&u));
	for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		static const enum user_op ops[] = {OP_READ, OP_WRITE, OP_EXEC};
		word_t va = places[i] & ~(word_t)(W - 1);

		if (va <= GLUE_USER_LAST) /* a test program of the host */
			continue;
		for (unsigned op = 0; op < 3; op++) {
			struct event e;

			user_op(&u, ops[op], va, 1);
			e = user_run(&u);
			CHECK(e.kind == EV_PAGEFAULT || e.kind == EV_EXCEPTION);
			if (e.kind == EV_PAGEFAULT)
				CHECK_EQ(e.arg[0], va);
			CHECK_EQ(*user_arg(&u, 4), 0);
		}
	}
	CHECK_EQ(secret, 0x5ec2e7);
	user_fini(&u);
}

void prop_written_code_is_executed(void)
{
	static const uint32_t code[2][8] = {CONTRACT_RETURN_1, CONTRACT_RETURN_2};
	struct user u;
	paddr_t pa = frame(GLUE_PAGE_LOG2);

	CHECK(user_init(&u) && pa);
	CHECK(map_now(&u.as, USER_DATA, pa, GLUE_PAGE_LOG2, GLUE_R | GLUE_X, GLUE_CACHED));
	for (unsigned i = 0; i < 8; i++) {
		volatile uint32_t *p = glue_phys_to_virt(pa);

		for (unsigned k = 0; k < 8; k++)
			p[k] = code[i & 1][k];
		if (i % 3 == 0)
			flush_caches();
		else
			CHECK(glue_cache(GLUE_CACHE_SYNC_I, pa, sizeof(code[0])));
		CHECK(user_does(&u, OP_EXEC, USER_DATA, 0));
		CHECK_EQ(*user_arg(&u, 4), (i & 1) + 1);
	}
	/* The other operations lose nothing. */
	for (enum glue_cache_op op = GLUE_CACHE_CLEAN; op <= GLUE_CACHE_SYNC_I; op++)
		for (size_t len = 1; len <= GLUE_PAGE_SIZE; len = len * 3 + 1) {
			*frame_word(pa, 0x800) = len;
			if (op == GLUE_CACHE_INVAL)
				continue;
			if (!glue_cache(op, pa + 0x800, len > 0x800 ? 0x800 : len))
				flush_caches();
			CHECK_EQ(*frame_word(pa, 0x800), len);
		}
	user_fini(&u);
}
