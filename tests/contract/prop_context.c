/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * prop_context.c - contexts as data: reading, writing, copying, exception messages.
 */
#include <contract_arch.h>

#include "contract.h"

#define IP  ((word_t)0x00401000)
#define SP  ((word_t)0x00502000)
#define TLS ((word_t)0x00600800)

static const word_t hostile[] = {
    0,
    ~(word_t)0,
    (word_t)1 << (GLUE_WORD_BITS - 1),
    1,
    2,
    3,
    0xff,
    0x100,
    0x200,
    0x3000,
    0x4000,
    0x20000,
    0x40000,
    0xffff0000,
    0x5a5a5a5a,
    (word_t)0xa5a5a5a5,
    GLUE_USER_LAST,
    GLUE_USER_LAST + 1,
    ~(word_t)3,
    0x10,
    0x1f,
    0x20,
    0x1000000,
};

#define HOSTILE (sizeof(hostile) / sizeof(hostile[0]))

static void start(struct glue_ctx *c, word_t ip, word_t sp, word_t tls)
{
	for (size_t i = 0; i < sizeof(*c); i++)
		((unsigned char *)c)[i] = 0xa5; /* what the memory's last owner left */
	glue_ctx_init(c, ip, sp, tls);
}

void prop_context_starts_clean(void)
{
	struct glue_ctx c;
	word_t mr[GLUE_EXC_WORDS];
	unsigned n;

	start(&c, IP, SP, TLS);
	CHECK_EQ(glue_ctx_get(&c, GLUE_IP), IP);
	CHECK_EQ(glue_ctx_get(&c, GLUE_SP), SP);
	CHECK_EQ(glue_ctx_get(&c, GLUE_TLS), TLS);
	n = glue_exc_store(&c, mr, 7, 9);
	CHECK_EQ(n, GLUE_EXC_WORDS);
	CHECK_EQ(mr[3], 7);
	CHECK_EQ(mr[4], 9);
	for (unsigned i = 5; i < n; i++)
		CHECK_EQ(mr[i], 0);
}

void prop_context_set_and_get_agree(void)
{
	static const word_t good[] = {0x1000, 0x00400100,
				      0x12345678 & GLUE_USER_LAST & ~(word_t)15};
	struct glue_ctx c;

	start(&c, IP, SP, TLS);
	for (unsigned i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		glue_ctx_set(&c, GLUE_IP, good[i]);
		glue_ctx_set(&c, GLUE_SP, good[i] + 0x100);
		CHECK_EQ(glue_ctx_get(&c, GLUE_IP), good[i]);
		CHECK_EQ(glue_ctx_get(&c, GLUE_SP), good[i] + 0x100);
		CHECK_EQ(glue_ctx_get(&c, GLUE_TLS), TLS);
		glue_ctx_set(&c, GLUE_TLS, TLS + 0x400);
		CHECK_EQ(glue_ctx_get(&c, GLUE_TLS), TLS + 0x400);
		glue_ctx_set(&c, GLUE_TLS, TLS);
	}
}

void prop_context_set_is_idempotent(void)
{
	static const enum glue_reg regs[] = {GLUE_IP, GLUE_SP, GLUE_FLAGS};
	struct glue_ctx c;

	for (unsigned i = 0; i < HOSTILE; i++)
		for (unsigned r = 0; r < 3; r++) {
			word_t got;

			start(&c, IP, SP, TLS);
			glue_ctx_set(&c, regs[r], hostile[i]);
			got = glue_ctx_get(&c, regs[r]);
			glue_ctx_set(&c, regs[r], got);
			CHECK_EQ(glue_ctx_get(&c, regs[r]), got);
			/* The others stay. */
			if (regs[r] != GLUE_IP)
				CHECK_EQ(glue_ctx_get(&c, GLUE_IP), IP);
			if (regs[r] != GLUE_SP)
				CHECK_EQ(glue_ctx_get(&c, GLUE_SP), SP);
			CHECK_EQ(glue_ctx_get(&c, GLUE_TLS), TLS);
		}
}

/* Of flags that user mode asks for, those are kept that are its own to choose. */
void prop_context_keeps_the_flags_that_are_users(void)
{
	static const struct {
		word_t ip_bits, asked, kept;
	} flags[] = CONTRACT_FLAGS;

	for (unsigned i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		struct glue_ctx c;
		word_t mr[GLUE_EXC_WORDS] = {IP + flags[i].ip_bits, SP, flags[i].asked};

		start(&c, IP + flags[i].ip_bits, SP, TLS);
		glue_ctx_set(&c, GLUE_FLAGS, flags[i].asked);
		CHECK_EQ(glue_ctx_get(&c, GLUE_FLAGS), flags[i].kept);
		start(&c, IP, SP, TLS);
		glue_exc_load(&c, mr, 3);
		CHECK_EQ(glue_ctx_get(&c, GLUE_FLAGS), flags[i].kept);
	}
}

/* Distinct values for all registers of an exception message. */
static void fill_message(word_t *mr, word_t seed)
{
	mr[0] = IP + 0x40;
	mr[1] = SP - 0x40;
	mr[2] = 0;
	for (unsigned i = 3; i < GLUE_EXC_WORDS; i++)
		mr[i] = seed + i * 0x101;
}

void prop_context_copy_keeps_tls(void)
{
	struct glue_ctx a, b;
	word_t in[GLUE_EXC_WORDS], out[GLUE_EXC_WORDS];

	start(&a, IP, SP, TLS);
	fill_message(in, 0x7000);
	glue_exc_load(&a, in, GLUE_EXC_WORDS);
	start(&b, 0x1000, 0x2000, TLS + 0x1000);
	glue_ctx_copy(&b, &a);
	CHECK_EQ(glue_ctx_get(&b, GLUE_TLS), TLS + 0x1000);
	glue_exc_store(&a, in, 0, 0);
	glue_exc_store(&b, out, 0, 0);
	for (unsigned i = 0; i < GLUE_EXC_WORDS; i++)
		CHECK_EQ(out[i], in[i]);
}

void prop_exception_message_round_trip(void)
{
	struct glue_ctx c;
	word_t in[GLUE_EXC_WORDS], out[GLUE_EXC_WORDS];

	start(&c, IP, SP, TLS);
	fill_message(in, 0x1000);
	glue_exc_load(&c, in, GLUE_EXC_WORDS);
	CHECK_EQ(glue_exc_store(&c, out, 21, 22), GLUE_EXC_WORDS);
	CHECK_EQ(out[0], in[0]);
	CHECK_EQ(out[1], in[1]);
	CHECK_EQ(out[3], 21);
	CHECK_EQ(out[4], 22);
	for (unsigned i = 5; i < GLUE_EXC_WORDS; i++)
		CHECK_EQ(out[i], in[i]);
	/* What a handler reads it may send back unchanged. */
	glue_exc_load(&c, out, GLUE_EXC_WORDS);
	glue_exc_store(&c, in, 21, 22);
	for (unsigned i = 0; i < GLUE_EXC_WORDS; i++)
		CHECK_EQ(in[i], out[i]);
}

void prop_exception_message_may_be_short(void)
{
	struct glue_ctx c;
	word_t first[GLUE_EXC_WORDS], before[GLUE_EXC_WORDS], in[GLUE_EXC_WORDS],
	    out[GLUE_EXC_WORDS];

	fill_message(first, 0x1000);
	fill_message(in, 0x8000);
	in[0] += 0x80;
	in[1] += 0x80;
	for (unsigned n = 0; n <= GLUE_EXC_WORDS; n++) {
		start(&c, IP, SP, TLS);
		glue_exc_load(&c, first, GLUE_EXC_WORDS);
		glue_exc_store(&c, before, 0, 0);
		glue_exc_load(&c, in, n);
		glue_exc_store(&c, out, 0, 0);
		for (unsigned i = 0; i < GLUE_EXC_WORDS; i++)
			if (i < 2 || i > 4)
				CHECK_EQ(out[i], i < n ? in[i] : before[i]);
	}
	/* A longer message than there are registers can't be: 63 words of which these come first.
	 */
	CHECK(GLUE_EXC_WORDS <= 63);
}

void prop_copy_words_is_exact(void)
{
	static word_t src[66], dst[66];

	for (unsigned n = 1; n <= 63; n++) {
		for (unsigned i = 0; i < 66; i++) {
			src[i] = 0x1000 + i;
			dst[i] = 0x2000 + i;
		}
		glue_copy_words(dst + 1, src + 1, n);
		for (unsigned i = 0; i < 66; i++) {
			CHECK_EQ(src[i], 0x1000 + i);
			CHECK_EQ(dst[i], i >= 1 && i <= n ? src[i] : 0x2000 + i);
		}
	}
}
