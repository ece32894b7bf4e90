/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * context.c - user registers as data. Only the choice of registers and the sanitising of flags
 * and addresses differ from port to port.
 */
#include <common/string.h>

#include <arch/port.h>

#define HEAD 5 /* words of an exception message before the general registers */

void glue_ctx_init(struct glue_ctx *c, word_t ip, word_t sp, word_t tls)
{
	*c = (struct glue_ctx){0};
	glue_ctx_set(c, GLUE_IP, ip);
	glue_ctx_set(c, GLUE_SP, sp);
	glue_ctx_set(c, GLUE_FLAGS, 0);
	glue_ctx_set(c, GLUE_TLS, tls);
}

word_t glue_ctx_get(const struct glue_ctx *c, enum glue_reg r)
{
	switch (r) {
	case GLUE_IP:
		return c->ip;
	case GLUE_SP:
		return c->sp;
	case GLUE_FLAGS:
		return c->flags & NULL_FLAGS_USER;
	default:
		return c->tls;
	}
}

/* Every value that comes from user mode and has power over the processor comes through here. */
void glue_ctx_set(struct glue_ctx *c, enum glue_reg r, word_t user)
{
	switch (r) {
	case GLUE_IP:
		c->ip = user;
		break;
	case GLUE_SP:
		c->sp = user;
		break;
	case GLUE_FLAGS:
		c->flags = user & NULL_FLAGS_USER;
		break;
	default:
		c->tls = user;
	}
}

void glue_ctx_copy(struct glue_ctx *dst, const struct glue_ctx *src)
{
	word_t tls = dst->tls;

	*dst = *src;
	dst->tls = tls;
}

/* The instruction is behind; the arguments are where they were, as no result was written. */
void glue_ctx_restart(struct glue_ctx *c)
{
	c->ip -= NULL_SYSCALL_SIZE;
}

word_t glue_arg(const struct glue_ctx *c, unsigned i)
{
	return c->r[1 + i];
}

void glue_ret(struct glue_ctx *c, unsigned i, word_t v)
{
	c->r[1 + i] = v;
}

void glue_ipc_ret(struct glue_ctx *c, word_t tag, word_t from)
{
	c->r[1] = tag;
	c->r[2] = from;
}

unsigned glue_exc_store(const struct glue_ctx *c, word_t *mr, word_t number, word_t code)
{
	mr[0] = c->ip;
	mr[1] = c->sp;
	mr[2] = glue_ctx_get(c, GLUE_FLAGS);
	mr[3] = number;
	mr[4] = code;
	memcpy(mr + HEAD, c->r, sizeof(c->r));
	return GLUE_EXC_WORDS;
}

void glue_exc_load(struct glue_ctx *c, const word_t *mr, unsigned n)
{
	static const enum glue_reg head[] = {GLUE_IP, GLUE_SP, GLUE_FLAGS};

	for (unsigned i = 0; i < 3 && i < n; i++)
		glue_ctx_set(c, head[i], mr[i]);
	for (unsigned i = HEAD; i < GLUE_EXC_WORDS && i < n; i++)
		c->r[i - HEAD] = mr[i];
}

/* If there is a fast path (glue/fastpath.h) that resumes only what entered the kernel in the same
 * way. */
bool glue_ctx_plain(const struct glue_ctx *c)
{
	(void)c;
	return true;
}

/* Note where the next entry from user mode saves (the address of `next`), load the register by
 * which user mode finds its UTCB, put the tables of `as` in force if they are not, and clear
 * exclusive monitors and the like. On the path of every IPC: a handful of instructions. */
void glue_activate(struct glue_ctx *next, struct glue_space *as)
{
	NOT_YET();
}
