/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * support.c - frames, spaces and user programs for the properties.
 */
#include <kernel/kmem.h>
#include <l4/abi/kip.h>

#include "contract.h"

/* ---- memory ------------------------------------------------------------------------------ */

static paddr_t frames_start, frames_end, frames_next;

void contract_frames_init(paddr_t start, paddr_t end)
{
	frames_start = frames_next = start;
	frames_end = end;
}

void frames_reset(void)
{
	frames_next = frames_start;
}

paddr_t frame(unsigned log2)
{
	paddr_t size = (paddr_t)1 << log2;
	paddr_t pa = (frames_next + size - 1) & -size;
	uint64_t *p, *end;

	if (pa + size > frames_end || pa + size < pa)
		return 0;
	frames_next = pa + size;
	p = glue_phys_to_virt(pa);
	end = p + size / sizeof(*p);
	while (p < end)
		*p++ = 0;
	return pa;
}

volatile word_t *frame_word(paddr_t pa, word_t offset)
{
	return (volatile word_t *)((char *)glue_phys_to_virt(pa) + offset);
}

size_t pool_free(void)
{
	return kmem_free_bytes();
}

bool map_quietly(struct glue_space *as, word_t va, paddr_t pa, unsigned log2, unsigned prot,
		 enum glue_attr attr)
{
	struct glue_range r = range_of(va, log2, prot);

	r.page.pa = pa;
	r.page.attr = attr;
	while (r.va <= r.last)
		if (glue_map(as, &r) != GLUE_OK)
			return false;
	return true;
}

struct glue_range range_of(word_t va, unsigned log2, unsigned prot)
{
	struct glue_range r = {.va = va, .last = va + (((word_t)1 << log2) - 1)};
	word_t fit = (word_t)GLUE_PAGE_SIZES & (((word_t)2 << log2) - 1);

	r.page.log2 = (unsigned)(GLUE_WORD_BITS - 1 - __builtin_clzl(fit));
	r.page.prot = prot;
	return r;
}

bool map_now(struct glue_space *as, word_t va, paddr_t pa, unsigned log2, unsigned prot,
	     enum glue_attr attr)
{
	static bool short_way;
	word_t rest = ((word_t)1 << log2) - 1;
	bool ok;

	short_way = !short_way; /* each in turn, where both can be had */
	if (short_way && log2 <= GLUE_PUT_LOG2 &&
	    glue_put(as, va, rest, (word_t)(pa >> GLUE_PAGE_LOG2), prot, attr))
		return true;
	ok = map_quietly(as, va, pa, log2, prot, attr);
	glue_tlb_flush(as, va, rest);
	return ok;
}

bool unmap_now(struct glue_space *as, word_t va, unsigned log2)
{
	return map_now(as, va, 0, log2, 0, GLUE_CACHED);
}

void fini_now(struct glue_space *as)
{
	glue_space_leave();
	while (!glue_space_fini(as))
		;
}

/* ---- user mode ------------------------------------------------------------------------------ */

bool user_init(struct user *u)
{
	paddr_t code = frame(GLUE_PAGE_LOG2), utcb = frame(GLUE_PAGE_LOG2);
	uint32_t *copy;

	*u = (struct user){.args = frame(GLUE_PAGE_LOG2)};
	if (!code || !utcb || !u->args || contract_user_size > GLUE_PAGE_SIZE ||
	    glue_space_init(&u->as) != GLUE_OK)
		return false;
	copy = glue_phys_to_virt(code);
	for (size_t i = 0; i < contract_user_size / sizeof(*copy); i++)
		copy[i] = contract_user_code[i];
	if (!glue_cache(GLUE_CACHE_SYNC_I, code, contract_user_size))
		return false;
	/* A UTCB holds its own address: see OP_TLS. */
	*frame_word(utcb, offsetof(struct abi_utcb, reserved)) = USER_UTCB;
	return map_now(&u->as, USER_CODE, code, GLUE_PAGE_LOG2, GLUE_R | GLUE_X, GLUE_CACHED) &&
	       map_now(&u->as, USER_ARGS, u->args, GLUE_PAGE_LOG2, GLUE_R | GLUE_W, GLUE_CACHED) &&
	       map_now(&u->as, USER_UTCB, utcb, GLUE_PAGE_LOG2, GLUE_R | GLUE_W, GLUE_CACHED);
}

void user_fini(struct user *u)
{
	fini_now(&u->as);
}

word_t user_op_address(enum user_op op)
{
	return USER_CODE + contract_user_offsets[op];
}

volatile word_t *user_arg(struct user *u, unsigned i)
{
	return frame_word(u->args, i * sizeof(word_t));
}

void user_op(struct user *u, enum user_op op, word_t a, word_t b)
{
	*user_arg(u, 0) = a;
	*user_arg(u, 1) = b;
	for (unsigned i = 2; i < 8; i++)
		*user_arg(u, i) = 0;
	glue_ctx_init(&u->ctx, user_op_address(op), USER_ARGS, USER_UTCB);
}

struct event user_run(struct user *u)
{
	return run_user(&u->ctx, &u->as);
}

bool user_does(struct user *u, enum user_op op, word_t a, word_t b)
{
	struct event e;

	user_op(u, op, a, b);
	e = user_run(u);
	return e.kind == EV_SYSCALL && e.arg[0] == NR_DONE;
}
