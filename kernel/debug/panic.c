/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * panic.c - the end of a kernel that is broken: say why, and where.
 */
#include <glue/glue.h>
#include <kernel/print.h>

#include "ksyms.h"

/* `pc` and the function that `in` belongs to. */
static void print_place(word_t pc, word_t in)
{
	const struct ksym *next = k_symtab, *end = k_symtab + k_symtab_count;

	/* To behind the last one that begins at or before it. */
	while (next < end && next->addr <= in)
		next++;
	if (next != k_symtab)
		k_printf("cobnut:   %lx %s+0x%lx\n", (unsigned long)pc, next[-1].name,
			 (unsigned long)(pc - next[-1].addr));
	else
		k_printf("cobnut:   %lx\n", (unsigned long)pc);
}

/* A return address may lie behind the last instruction of its function. */
static void print_return(word_t pc)
{
	print_place(pc, pc - 1);
}

void k_panic(const struct glue_ctx *c, const char *fmt, ...)
{
	static unsigned depth;
	unsigned outer = depth++;
	va_list args;

	/* Each step below may trap itself: the second time through leaves out what the first
	 * didn't survive, and the third prints nothing. */
	if (outer < 2) {
		k_printf("\ncobnut: panic: ");
		va_start(args, fmt);
		k_vprintf(fmt, args);
		va_end(args);
		k_printf("\n");
	}
	if (!outer) {
		glue_dump(c);
		if (c)
			print_place(glue_ctx_get(c, GLUE_IP), glue_ctx_get(c, GLUE_IP));
		glue_backtrace(print_return);
	}
	glue_halt(GLUE_HALT_PANIC);
}
