/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * context.c - user contexts as data: what vectors.S saved and will load, what user level may
 * read and write of it, and the registers of system calls.
 *
 * System calls: $4 is the number, $5-$8 arguments 0-3; results 0-3 are in $2-$5. IPC: $5 and
 * $6 are to and from; the tag, and the result's, is in $2, the sender in $3.
 *
 * No part of a context goes to the Status register, so there is nothing in it that could give
 * privilege. The flags have one bit, which can't be written: CAUSE_BD, the instruction that
 * trapped is in the delay slot of the branch that the IP refers to.
 */
#include <arch/cp0.h>
#include <arch/offsets.h>
#include <arch/port.h>

#include <glue/fastpath.h>

_Static_assert(offsetof(struct glue_ctx, r) == 0, "arch/offsets.h");
_Static_assert(sizeof(struct glue_ctx) == CTX_SIZE, "arch/offsets.h");
_Static_assert(CTX_GP + 1 == CTX_SP && CTX_SP + 1 == CTX_REGS, "glue_ctx_copy");
_Static_assert(offsetof(struct glue_thread, id) == THREAD_ID, "arch/offsets.h");
_Static_assert(offsetof(struct glue_thread, accepts) == THREAD_ACCEPTS, "arch/offsets.h");
_Static_assert(offsetof(struct glue_thread, prio) == THREAD_PRIO, "arch/offsets.h");
_Static_assert(offsetof(struct glue_thread, utcb) == THREAD_UTCB, "arch/offsets.h");
_Static_assert(offsetof(struct glue_thread, space) == THREAD_SPACE, "arch/offsets.h");
_Static_assert(offsetof(struct glue_thread, sendq) == THREAD_SENDQ, "arch/offsets.h");
_Static_assert(offsetof(struct glue_thread, partner) == THREAD_PARTNER, "arch/offsets.h");
_Static_assert(offsetof(struct glue_thread, waited) == THREAD_WAITED, "arch/offsets.h");
_Static_assert(offsetof(struct glue_thread, state) == THREAD_STATE, "arch/offsets.h");
_Static_assert(offsetof(struct glue_thread, status) == THREAD_STATUS, "arch/offsets.h");
_Static_assert(offsetof(struct glue_thread, tag) == THREAD_TAG, "arch/offsets.h");
_Static_assert(offsetof(struct glue_thread, cont) == THREAD_STATE + 1, "STATUS_FAULTED");
_Static_assert(offsetof(struct glue_thread, flags) == THREAD_FLAGS, "arch/offsets.h");
_Static_assert(GLUE_SLOTS_LOG2 == SLOTS_LOG2, "arch/offsets.h");
_Static_assert(offsetof(struct glue_cpu, current) == 0, "arch/offsets.h");
_Static_assert(offsetof(struct glue_cpu, barrier) == 8, "arch/offsets.h");
_Static_assert(offsetof(struct glue_cpu, threads) == 16, "arch/offsets.h");
_Static_assert(offsetof(struct glue_cpu, front) == 32, "arch/offsets.h");

enum { RESULT0 = 2, ARG0 = 5 };

/* Bit 0 would choose another instruction set on processors that have one. */
static void set_ip(struct glue_ctx *c, word_t user)
{
	c->r[CTX_PC] = user & ~(word_t)3;
	c->r[CTX_STATE] &= CAUSE_BD - 1; /* and the copies of it above, of no meaning: one ext */
}

static word_t get_flags(const struct glue_ctx *c)
{
	return c->r[CTX_STATE] & CAUSE_BD;
}

void glue_ctx_init(struct glue_ctx *c, word_t ip, word_t sp, word_t tls)
{
	word_t *r = &c->r[1];

	/* Not by glue_clear: the caller then is one that calls no function. */
	do {
		r[0] = r[1] = r[2] = r[3] = r[4] = r[5] = r[6] = r[7] = 0;
		r += 8;
	} while (r != &c->r[CTX_REGS]);
	c->r[CTX_STATE] = CTX_FULL;
	c->r[CTX_SP] = sp;
	c->r[CTX_GP] = tls;
	set_ip(c, ip);
}

word_t glue_ctx_get(const struct glue_ctx *c, enum glue_reg r)
{
	switch (r) {
	case GLUE_IP:
		return c->r[CTX_PC];
	case GLUE_SP:
		return c->r[CTX_SP];
	case GLUE_FLAGS:
		return get_flags(c);
	case GLUE_TLS:
		return c->r[CTX_GP];
	}
	return 0;
}

void glue_ctx_set(struct glue_ctx *c, enum glue_reg r, word_t user)
{
	switch (r) {
	case GLUE_IP:
		set_ip(c, user);
		break;
	case GLUE_SP:
		c->r[CTX_SP] = user;
		break;
	case GLUE_FLAGS:
		break;
	case GLUE_TLS:
		c->r[CTX_GP] = user;
		break;
	}
}

void glue_ctx_copy(struct glue_ctx *dst, const struct glue_ctx *src)
{
	glue_copy_words(dst->r, src->r, CTX_GP);
	dst->r[CTX_SP] = src->r[CTX_SP];
}

/* The registers that the call needs are saved; the others were not user mode's to rely on. EPC
 * and Cause are still those of the call: nothing else can have trapped. */
void glue_ctx_restart(struct glue_ctx *c)
{
	c->r[CTX_RA] = c->r[CTX_PC];
	c->r[CTX_PC] = read_epc() + (read_cause() & CAUSE_BD ? 4 : 0);
	c->r[CTX_STATE] = CTX_FULL;
}

word_t glue_arg(const struct glue_ctx *c, unsigned i)
{
	return c->r[ARG0 + i];
}

void glue_ret(struct glue_ctx *c, unsigned i, word_t v)
{
	c->r[RESULT0 + i] = v;
}

void glue_ipc_ret(struct glue_ctx *c, word_t tag, word_t from)
{
	c->r[RESULT0] = tag;
	c->r[RESULT0 + 1] = from;
}

bool glue_ctx_plain(const struct glue_ctx *c)
{
	return c->r[CTX_STATE] == 0;
}

/* The exception message: IP, SP, flags, number, code, $1-$25, $30, $31, hi, lo. */
enum { EXC_IP, EXC_SP, EXC_FLAGS, EXC_NUMBER, EXC_CODE, EXC_R1, EXC_WORDS = GLUE_EXC_WORDS };

_Static_assert(EXC_WORDS == EXC_R1 + CTX_LO, "from $1 to lo a context has the message's order");

unsigned glue_exc_store(const struct glue_ctx *c, word_t *mr, word_t number, word_t code)
{
	const word_t *r = &c->r[1];

	mr[EXC_IP] = c->r[CTX_PC];
	mr[EXC_SP] = c->r[CTX_SP];
	mr[EXC_FLAGS] = get_flags(c);
	mr[EXC_NUMBER] = number;
	mr[EXC_CODE] = code;
	/* Not by glue_copy_words: the compiler knows what registers are free across this. */
	mr[EXC_R1] = r[0];
	for (const word_t *end = r + 29; ++r != end; mr += 7) {
		mr[EXC_R1 + 1] = r[0];
		mr[EXC_R1 + 2] = *++r;
		mr[EXC_R1 + 3] = *++r;
		mr[EXC_R1 + 4] = *++r;
		mr[EXC_R1 + 5] = *++r;
		mr[EXC_R1 + 6] = *++r;
		mr[EXC_R1 + 7] = *++r;
	}
	return EXC_WORDS;
}

__attribute__((noinline)) void glue_exc_load(struct glue_ctx *c, const word_t *user_mr, unsigned n)
{
	const volatile word_t *mr = user_mr; /* may change: one read each */

	if (n > EXC_IP)
		set_ip(c, mr[EXC_IP]);
	c->r[CTX_STATE] |= CTX_FULL;
	if (n > EXC_SP)
		c->r[CTX_SP] = mr[EXC_SP];
	if (n > EXC_WORDS)
		n = EXC_WORDS;
	if (n > EXC_R1)
		glue_copy_words(&c->r[1], &user_mr[EXC_R1], n - EXC_R1);
}
