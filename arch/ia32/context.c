/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * context.c - user register frames: initial values, access, exception messages, switching.
 *
 * A thread in the IPC system call has no registers but IP, SP and the results: `resume` is
 * 0, and edi, esi, ebp, ecx, edx and eflags of the frame are leftovers of its last trap.
 * cs and ss were pushed by the processor, or set here, and are never from the user.
 */
#include <glue/glue.h>
#include <l4/abi/const.h>
#include <arch/layout.h>

#include "cpu.h"
#include "descriptors.h"
#include "paging.h"
#include "port.h"

#define AT(type, member, offset)                                                                   \
	_Static_assert(offsetof(struct type, member) == (offset), #type "." #member)
#define OFFSET_IS(member, offset) AT(glue_ctx, member, offset)
OFFSET_IS(edi, CTX_FRAME);
OFFSET_IS(resume, CTX_RESUME);
OFFSET_IS(ebx, CTX_EBX);
OFFSET_IS(eax, CTX_EAX);
OFFSET_IS(vector, CTX_VECTOR);
OFFSET_IS(eip, CTX_EIP);
OFFSET_IS(cs, CTX_CS);
OFFSET_IS(esp, CTX_ESP);
OFFSET_IS(utcb_low, CTX_END);
OFFSET_IS(utcb_low, CTX_UTCB_LOW);
OFFSET_IS(utcb_high, CTX_UTCB_HIGH);
AT(glue_thread, ctx, 0);
AT(glue_thread, id, THREAD_ID);
AT(glue_thread, accepts, THREAD_ACCEPTS);
AT(glue_thread, prio, THREAD_PRIO);
AT(glue_thread, utcb, THREAD_UTCB);
AT(glue_thread, space, THREAD_SPACE);
AT(glue_thread, sendq, THREAD_SENDQ);
AT(glue_thread, partner, THREAD_PARTNER);
AT(glue_thread, waited, THREAD_WAITED);
AT(glue_thread, status, THREAD_STATUS);
AT(glue_thread, state, THREAD_STATUS);
AT(glue_thread, flags, THREAD_FLAGS);
AT(glue_thread, tag, THREAD_TAG);
AT(glue_cpu, current, CPU_CURRENT);
AT(glue_cpu, barrier, CPU_BARRIER);
AT(glue_cpu, threads, CPU_THREADS);
AT(glue_cpu, threads_max, CPU_THREADS_MAX);
AT(glue_cpu, front, CPU_FRONT);
AT(glue_space, cr3, SPACE_CR3);
AT(glue_space, gs, SPACE_CR3 + 4);
AT(glue_space, io_base, SPACE_IO);
AT(main_tss, tss.esp0, TSS_ESP0);
AT(main_tss, gdt, TSS_GDT);
AT(main_tss, tss.io_base, TSS_GDT + (SEL_UTCB & ~7) - 4);
_Static_assert(sizeof(struct main_tss) == MAIN_TSS_SIZE, "main_tss");

/* CF PF AF ZF SF TF DF OF: what a user may set. IF is always on; IOPL, NT, VM, RF and AC
 * never (SDM vol. 1, 3.4.3). */
#define EFLAGS_USER 0x00000dd5u

static word_t sanitised_flags(word_t user)
{
	return (user & EFLAGS_USER) | EFLAGS_FIXED | EFLAGS_IF;
}

/* Resume by iret, with the registers that sysexit would have left. */
static void make_full(struct glue_ctx *c)
{
	if (c->resume)
		return;
	c->resume = 1;
	c->edi = c->esi = c->ebp = 0;
	c->edx = c->eip;
	c->ecx = c->esp;
	c->eflags = EFLAGS_FIXED | EFLAGS_IF;
}

static void set_utcb(struct glue_ctx *c, word_t base)
{
	c->utcb_low = (ABI_UTCB_WORDS * sizeof(word_t) - 1) | base << 16;
	c->utcb_high = UTCB_HIGH | (base & 0xff000000) | (base >> 16 & 0xff);
}

static word_t get_utcb(const struct glue_ctx *c)
{
	return c->utcb_low >> 16 | (c->utcb_high & 0xff) << 16 | (c->utcb_high & 0xff000000);
}

void glue_ctx_init(struct glue_ctx *c, word_t ip, word_t sp, word_t tls)
{
	c->resume = 1;
	c->edi = c->esi = c->ebp = c->ebx = c->edx = c->ecx = c->eax = 0;
	c->eip = ip;
	c->cs = SEL_USER_CS;
	c->eflags = EFLAGS_FIXED | EFLAGS_IF;
	c->esp = sp;
	c->ss = SEL_USER_DS;
	set_utcb(c, tls);
}

word_t glue_ctx_get(const struct glue_ctx *c, enum glue_reg r)
{
	switch (r) {
	case GLUE_IP:
		return c->eip;
	case GLUE_SP:
		return c->esp;
	case GLUE_FLAGS:
		return c->resume ? c->eflags & EFLAGS_USER : 0;
	case GLUE_TLS:
		return get_utcb(c);
	}
	return 0;
}

/* No value of eip or esp is harmful: iret and sysexit take any, user mode then faults. */
void glue_ctx_set(struct glue_ctx *c, enum glue_reg r, word_t user)
{
	switch (r) {
	case GLUE_IP:
		c->eip = user;
		break;
	case GLUE_SP:
		c->esp = user;
		break;
	case GLUE_FLAGS:
		make_full(c);
		c->eflags = sanitised_flags(user);
		break;
	case GLUE_TLS:
		set_utcb(c, user);
		break;
	}
}

void glue_ctx_copy(struct glue_ctx *dst, const struct glue_ctx *src)
{
	word_t low = dst->utcb_low, high = dst->utcb_high;

	*dst = *src;
	dst->utcb_low = low;
	dst->utcb_high = high;
}

void glue_ctx_restart(struct glue_ctx *c)
{
	c->eip -= SYSCALL_INSN;
}

word_t glue_arg(const struct glue_ctx *c, unsigned i)
{
	switch (i) {
	case 0:
		return c->ecx;
	case 1:
		return c->edx;
	case 2:
		return c->esi;
	default:
		return c->edi;
	}
}

void glue_ret(struct glue_ctx *c, unsigned i, word_t v)
{
	switch (i) {
	case 0:
		c->ecx = v;
		break;
	case 1:
		c->edx = v;
		break;
	case 2:
		c->esi = v;
		break;
	default:
		c->edi = v;
		break;
	}
}

void glue_ipc_ret(struct glue_ctx *c, word_t tag, word_t from)
{
	c->eax = tag;
	c->ebx = from;
}

unsigned glue_exc_store(const struct glue_ctx *c, word_t *mr, word_t number, word_t code)
{
	bool full = c->resume;

	mr[0] = c->eip;
	mr[1] = c->esp;
	mr[2] = glue_ctx_get(c, GLUE_FLAGS);
	mr[3] = number;
	mr[4] = code;
	mr[5] = c->eax;
	mr[6] = full ? c->ecx : c->esp;
	mr[7] = full ? c->edx : c->eip;
	mr[8] = c->ebx;
	mr[9] = full ? c->ebp : 0;
	mr[10] = full ? c->esi : 0;
	mr[11] = full ? c->edi : 0;
	return GLUE_EXC_WORDS;
}

/* Where the words of an exception message go in the frame; 0: nowhere. */
#define TO(member) offsetof(struct glue_ctx, member)
static const uint8_t exc_words[GLUE_EXC_WORDS] = {TO(eip), TO(esp), TO(eflags), 0,
						  0,       TO(eax), TO(ecx),    TO(edx),
						  TO(ebx), TO(ebp), TO(esi),    TO(edi)};

void glue_exc_load(struct glue_ctx *c, const word_t *mr, unsigned n)
{
	make_full(c);
	if (n > GLUE_EXC_WORDS)
		n = GLUE_EXC_WORDS;
	for (unsigned i = 0; i < n; i++) {
		word_t v = *(const volatile word_t *)&mr[i];

		if (exc_words[i] == TO(eflags))
			v = sanitised_flags(v);
		if (exc_words[i] != 0)
			*(word_t *)((char *)c + exc_words[i]) = v;
	}
}

/* fs belongs to no one; it must not carry a value from thread to thread. ds and es are the
 * flat segment after every trap. Inline: on the IPC path. */
inline void glue_activate(struct glue_ctx *next, struct glue_space *as)
{
	main_tss.tss.esp0 = (word_t)next + CTX_END;
	main_tss.gdt[SEL_UTCB / 8] = (struct descriptor){next->utcb_low, next->utcb_high};
	__asm__ volatile("movl %0, %%gs\n\tmovl %1, %%fs"
			 :
			 : "r"(SEL_UTCB), "r"(SEL_USER_DS)
			 : "memory");
	if (as != active_space) {
		active_space = as;
		main_tss.tss.io_base = as->io_base;
		write_cr3(as->cr3);
	}
}

/* The TSS may keep its I/O map: nothing runs in user mode until a space is in force again. */
void glue_space_leave(void)
{
	active_space = NULL;
	write_cr3((word_t)kernel_dir - KERNEL_BASE);
}

/* The fast path looks at `resume` itself. */
bool glue_ctx_plain(const struct glue_ctx *c)
{
	(void)c;
	return true;
}
