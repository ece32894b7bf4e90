/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * context.c - user contexts of the modelled machine, and entering the kernel with one.
 */
#include <string.h>
#include "internal.h"

struct glue_ctx *host_active_ctx, *host_running;
struct glue_space *host_active_space;

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
		return c->flags & HOST_FLAGS_USER;
	case GLUE_TLS:
		return c->tls;
	}
	host_fail("glue_ctx_get: register %u", (unsigned)r);
}

void glue_ctx_set(struct glue_ctx *c, enum glue_reg r, word_t user)
{
	switch (r) {
	case GLUE_IP:
		c->ip = user & ~(word_t)3; /* instructions are 4 bytes, aligned */
		return;
	case GLUE_SP:
		c->sp = user;
		return;
	case GLUE_FLAGS:
		c->flags = (user & HOST_FLAGS_USER) | HOST_FLAGS_MUST;
		return;
	case GLUE_TLS:
		c->tls = user;
		return;
	}
	host_fail("glue_ctx_set: register %u", (unsigned)r);
}

void glue_ctx_copy(struct glue_ctx *dst, const struct glue_ctx *src)
{
	word_t tls = dst->tls;

	*dst = *src;
	dst->tls = tls;
}

void glue_ctx_restart(struct glue_ctx *c)
{
	c->ip -= HOST_SYSCALL_SIZE;
}

word_t glue_arg(const struct glue_ctx *c, unsigned i)
{
	REQUIRE(i < 4);
	return c->r[1 + i];
}

void glue_ret(struct glue_ctx *c, unsigned i, word_t v)
{
	REQUIRE(i < 4);
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
	mr[2] = c->flags & HOST_FLAGS_USER;
	mr[3] = number;
	mr[4] = code;
	memcpy(&mr[5], c->r, sizeof(c->r));
	return GLUE_EXC_WORDS;
}

void glue_exc_load(struct glue_ctx *c, const word_t *mr, unsigned n)
{
	static const enum glue_reg special[] = {GLUE_IP, GLUE_SP, GLUE_FLAGS};

	for (unsigned i = 0; i < 3 && i < n; i++)
		glue_ctx_set(c, special[i], ((const volatile word_t *)mr)[i]);
	for (unsigned i = 5; i < GLUE_EXC_WORDS && i < n; i++)
		c->r[i - 5] = mr[i];
}

void glue_activate(struct glue_ctx *next, struct glue_space *as)
{
	REQUIRE(next != NULL && as != NULL && as->root != NULL);
	host_active_ctx = next;
	host_active_space = as;
}

void glue_space_leave(void)
{
	host_active_space = NULL;
}

struct glue_ctx *host_resume(struct glue_ctx *c)
{
	host_running = c;
	if (c == NULL)
		return NULL;
	if (c != host_active_ctx)
		host_fail("context %p resumed, but %p was activated", (void *)c,
			  (void *)host_active_ctx);
	if (host_active_space == NULL)
		host_fail("context %p resumed without an address space", (void *)c);
	if ((c->flags & ~(word_t)HOST_FLAGS_USER) != HOST_FLAGS_MUST)
		host_fail("context %p resumed with flags %lx", (void *)c, (unsigned long)c->flags);
	if ((c->ip & 3) != 0)
		host_fail("context %p resumed at %lx", (void *)c, (unsigned long)c->ip);
	return c;
}

/* The context that traps: the running one. */
static struct glue_ctx *trap(void)
{
	if (host_running == NULL)
		host_fail("a trap from user mode while nothing runs");
	return host_running;
}

struct glue_ctx *host_syscall(word_t nr, word_t a0, word_t a1, word_t a2, word_t a3)
{
	struct glue_ctx *c = trap();
	const word_t r[] = {nr, a0, a1, a2, a3};

	memcpy(c->r, r, sizeof(r));
	c->ip += HOST_SYSCALL_SIZE;
	return host_resume(k_syscall(c, nr));
}

struct glue_ctx *host_ipc(word_t to, word_t from, word_t tag)
{
	struct glue_ctx *c = trap();
	const word_t r[] = {0, to, from, tag};

	memcpy(c->r, r, sizeof(r));
	c->ip += HOST_SYSCALL_SIZE;
	return host_resume(k_ipc(c, to, from, tag));
}

bool glue_ctx_plain(const struct glue_ctx *c)
{
	(void)c;
	return true;
}
