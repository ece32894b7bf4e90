/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * context.c - user contexts as data: what entry.S saved and will load, what user level may
 * read and write of it, and the registers of system calls.
 *
 * An instruction pointer, as user level sees and gives it, is an interworking address: bit 0
 * says Thumb, as for the bx instruction. So a function's address is right as it is, and a
 * handler may give back what it was given. The flags are without the T bit.
 *
 * System calls: r0 is the number, rotated (arch/trap.h), r1-r4 arguments 0-3; results 0-3 are in
 * r0-r3. IPC: r1-r3 are to, from and tag; the result is the tag in r0 and the sender in r1.
 */
#include <glue/glue.h>

#include <arch/offsets.h>
#include <arch/psr.h>

_Static_assert(offsetof(struct glue_ctx, sp) == CTX_SP, "arch/offsets.h");
_Static_assert(offsetof(struct glue_ctx, lr) == CTX_LR, "arch/offsets.h");
_Static_assert(offsetof(struct glue_ctx, pc) == CTX_PC, "arch/offsets.h");
_Static_assert(offsetof(struct glue_ctx, cpsr) == CTX_CPSR, "arch/offsets.h");
_Static_assert(offsetof(struct glue_ctx, tls) == CTX_TLS, "arch/offsets.h");
_Static_assert(sizeof(struct glue_ctx) == CTX_SIZE, "arch/offsets.h");
_Static_assert(offsetof(struct glue_ctx, lr) + sizeof(word_t) == CTX_PC, "stmdb and srs meet");

#define THREAD(field, offset)                                                                      \
	_Static_assert(offsetof(struct glue_thread, field) == (offset), "arch/offsets.h")
THREAD(ctx, 0);
THREAD(id, TH_ID);
THREAD(accepts, TH_ACCEPTS);
THREAD(prio, TH_PRIO);
THREAD(utcb, TH_UTCB);
THREAD(space, TH_SPACE);
THREAD(sendq, TH_SENDQ);
THREAD(partner, TH_PARTNER);
THREAD(waited, TH_WAITED);
THREAD(status, TH_STATUS);
THREAD(state, TH_STATE);
THREAD(flags, TH_FLAGS);
THREAD(tag, TH_TAG);
_Static_assert(offsetof(struct glue_cpu, current) == 0, "arch/offsets.h");
_Static_assert(offsetof(struct glue_cpu, barrier) == CPU_BARRIER, "arch/offsets.h");
_Static_assert(offsetof(struct glue_cpu, threads) == CPU_THREADS, "arch/offsets.h");
_Static_assert(offsetof(struct glue_cpu, threads_max) == CPU_THREADS_MAX, "arch/offsets.h");
_Static_assert(offsetof(struct glue_cpu, front) == CPU_FRONT, "arch/offsets.h");

/* Flags that user level may write as it likes; it sees them, and the IT state. */
#define FLAGS_FREE  (PSR_N | PSR_Z | PSR_C | PSR_V | PSR_Q | PSR_GE | PSR_E)
#define FLAGS_SHOWN (FLAGS_FREE | PSR_IT)

/* ITSTATE, eight bits, from where the PSR keeps it (B1.3.3), and back. */
static unsigned it_get(word_t psr)
{
	return (psr & PSR_IT_HIGH) >> 8 | (psr & PSR_IT_LOW) >> 25;
}

static word_t it_bits(unsigned it)
{
	return (word_t)(it & 0xfc) << 8 | (word_t)(it & 3) << 25;
}

/* ITSTATE means something in Thumb state, with a condition other than "always" or "never" and
 * an instruction left (A2.5.2); anything else is unpredictable and becomes 0. */
static word_t sane_it(word_t psr)
{
	unsigned it = it_get(psr);

	if (!(psr & PSR_T) || (it & 0x0f) == 0 || it >> 5 == 7)
		return 0;
	return psr & PSR_IT;
}

static void set_flags(struct glue_ctx *c, word_t user)
{
	word_t psr = (user & (FLAGS_FREE | PSR_IT)) | (c->cpsr & PSR_T);

	c->cpsr = PSR_USER | (psr & ~PSR_IT) | sane_it(psr);
}

static void set_ip(struct glue_ctx *c, word_t user)
{
	c->cpsr &= ~(PSR_T | PSR_IT);
	if (user & 1) {
		c->cpsr |= PSR_T;
		c->pc = user & ~(word_t)1;
	} else {
		c->pc = user & ~(word_t)3;
	}
}

static word_t get_ip(const struct glue_ctx *c)
{
	return c->pc | (c->cpsr & PSR_T ? 1 : 0);
}

void glue_ctx_init(struct glue_ctx *c, word_t ip, word_t sp, word_t tls)
{
	glue_clear(c->r, offsetof(struct glue_ctx, cpsr));
	c->cpsr = PSR_USER;
	c->sp = sp;
	c->tls = tls;
	set_ip(c, ip);
}

word_t glue_ctx_get(const struct glue_ctx *c, enum glue_reg r)
{
	switch (r) {
	case GLUE_IP:
		return get_ip(c);
	case GLUE_SP:
		return c->sp;
	case GLUE_FLAGS:
		return c->cpsr & FLAGS_SHOWN;
	case GLUE_TLS:
		return c->tls;
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
		c->sp = user;
		break;
	case GLUE_FLAGS:
		set_flags(c, user);
		break;
	case GLUE_TLS:
		c->tls = user;
		break;
	}
}

void glue_ctx_copy(struct glue_ctx *dst, const struct glue_ctx *src)
{
	glue_copy_words(dst->r, src->r, offsetof(struct glue_ctx, tls) / sizeof(word_t));
}

/* Whether the condition `cond`, whose lowest bit is clear, holds (A8.3.1). */
static bool condition_holds(unsigned cond, word_t psr)
{
	bool n = psr & PSR_N, z = psr & PSR_Z, c = psr & PSR_C, v = psr & PSR_V;

	switch (cond >> 1) {
	case 0:
		return z;
	case 1:
		return c;
	case 2:
		return n;
	case 3:
		return v;
	case 4:
		return c && !z;
	case 5:
		return n == v;
	case 6:
		return n == v && !z;
	}
	return true;
}

void glue_ctx_restart(struct glue_ctx *c)
{
	unsigned it = it_get(c->cpsr);

	if (!(c->cpsr & PSR_T)) {
		c->pc -= 4;
		return;
	}
	c->pc -= 2;
	/* In the middle of an IT block the state is the next instruction's: shift it back. The
	 * bit that was shifted out is the one with which svc's condition holds, since it did. */
	if (it != 0) {
		unsigned base = it >> 5 << 1;

		it = base << 4 | (it & 0x1f) >> 1 | (condition_holds(base, c->cpsr) ? 0 : 0x10);
		c->cpsr = (c->cpsr & ~PSR_IT) | it_bits(it);
	}
}

word_t glue_arg(const struct glue_ctx *c, unsigned i)
{
	return c->r[1 + i];
}

void glue_ret(struct glue_ctx *c, unsigned i, word_t v)
{
	c->r[i] = v;
}

void glue_ipc_ret(struct glue_ctx *c, word_t tag, word_t from)
{
	c->r[0] = tag;
	c->r[1] = from;
}

/* The exception message: IP, SP, flags, number, code, r0-r12, lr. */
enum { EXC_IP, EXC_SP, EXC_FLAGS, EXC_NUMBER, EXC_CODE, EXC_R0, EXC_LR = EXC_R0 + 13 };
_Static_assert(EXC_LR + 1 == GLUE_EXC_WORDS, "length of the exception message");

/* r0-r12 and lr; sp, between them, is left out. */
static inline void store_general(word_t *mr, const struct glue_ctx *c)
{
	const word_t *from = c->r;

	__asm__ volatile("ldmia	%1!, {r3, r4, r5, r6, r8, r9, r10}\n"
			 "stmia	%0!, {r3, r4, r5, r6, r8, r9, r10}\n"
			 "ldmia	%1, {r3, r4, r5, r6, r8, r9, r10, r12}\n"
			 "stmia	%0, {r3, r4, r5, r6, r8, r9, r12}"
			 : "+r"(mr), "+r"(from)
			 :
			 : "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r12", "memory");
}

unsigned glue_exc_store(const struct glue_ctx *c, word_t *mr, word_t number, word_t code)
{
	mr[EXC_IP] = get_ip(c);
	mr[EXC_SP] = c->sp;
	mr[EXC_FLAGS] = c->cpsr & FLAGS_SHOWN;
	mr[EXC_NUMBER] = number;
	mr[EXC_CODE] = code;
	store_general(&mr[EXC_R0], c);
	return GLUE_EXC_WORDS;
}

void glue_exc_load(struct glue_ctx *c, const word_t *user_mr, unsigned n)
{
	const volatile word_t *mr = user_mr; /* may change: one read each */

	if (n > EXC_IP)
		set_ip(c, mr[EXC_IP]);
	if (n > EXC_SP)
		c->sp = mr[EXC_SP];
	if (n > EXC_FLAGS)
		set_flags(c, mr[EXC_FLAGS]);
	if (n > EXC_R0)
		glue_copy_words(c->r, &user_mr[EXC_R0], n < EXC_LR ? n - EXC_R0 : 13);
	if (n > EXC_LR)
		c->lr = mr[EXC_LR];
}

/* The fast path resumes all contexts alike. */
bool glue_ctx_plain(const struct glue_ctx *c)
{
	(void)c;
	return true;
}
