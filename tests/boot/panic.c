/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * panic.c - in the place of the kernel's core: a kernel that breaks in the way its command line
 * says. It must name the functions it came through, show registers, and end the emulator.
 */
#include <glue/glue.h>

/* Not inlined, not cloned, no tail calls: each has its line in the backtrace. */
#define LINK __attribute__((noipa))

struct glue_cpu k_cpus[1];

static volatile unsigned depth;
static volatile bool endless = true;
/* No port maps the first page for the kernel. */
static volatile word_t *volatile unmapped = (volatile word_t *)0x10;

static LINK void panic_innermost(const char *how)
{
	k_panic(NULL, "as asked: %s", how);
}

static LINK void trap_innermost(void)
{
	depth++;
	*unmapped = 1;
	depth++;
}

/* Use the stack up. */
static LINK unsigned stack_innermost(unsigned n)
{
	volatile char page[512];

	page[n % sizeof(page)] = (char)n;
	depth = n;
	return !endless ? 0 : stack_innermost(n + 1) + (unsigned char)page[n % sizeof(page)];
}

static LINK void panic_middle(const char *how)
{
	if (how[0] == 't')
		trap_innermost();
	if (how[0] == 's')
		depth = stack_innermost(0);
	panic_innermost(how);
	depth++;
}

static LINK void panic_outer(const char *how)
{
	panic_middle(how);
	depth++;
}

/* The last word of the command line: a boot loader may have put the kernel's name before. */
static const char *last_word(const char *text)
{
	const char *word = text;

	for (; *text; text++) {
		if (text[0] == ' ' && text[1] != '\0')
			word = text + 1;
	}
	return word;
}

struct glue_ctx *k_boot(const struct glue_boot_info *bi)
{
	panic_outer(last_word(bi->cmdline));
	return NULL;
}

/* Nothing runs in user mode, so nothing comes from there. */

struct glue_ctx *k_ipc(struct glue_ctx *c, word_t to, word_t from, word_t tag)
{
	k_panic(c, "k_ipc(%lx, %lx, %lx)", (unsigned long)to, (unsigned long)from,
		(unsigned long)tag);
}

struct glue_ctx *k_syscall(struct glue_ctx *c, word_t nr)
{
	k_panic(c, "k_syscall(%lx)", (unsigned long)nr);
}

struct glue_ctx *k_pagefault(struct glue_ctx *c, word_t va, unsigned access)
{
	k_panic(c, "k_pagefault(%lx, %u)", (unsigned long)va, access);
}

struct glue_ctx *k_exception(struct glue_ctx *c, word_t number, word_t code)
{
	k_panic(c, "k_exception(%lx, %lx)", (unsigned long)number, (unsigned long)code);
}

struct glue_ctx *k_interrupt(struct glue_ctx *c)
{
	k_panic(c, "k_interrupt");
}

struct glue_ctx *k_fpu(struct glue_ctx *c)
{
	k_panic(c, "k_fpu");
}
