/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * panic.c - the end of a kernel that is broken: say why, and where.
 */
#include <glue/glue.h>
#include <kernel/print.h>

#include "ksyms.h"

/* The last function that begins at or before pc, or NULL. */
static const struct ksym *find_symbol(word_t pc)
{
	const struct ksym *found = NULL;

	for (word_t i = 0; i < k_symtab_count && k_symtab[i].addr <= pc; i++)
		found = &k_symtab[i];
	return found;
}

/* `pc` and the function that `in` belongs to. */
static void print_place(word_t pc, word_t in)
{
	const struct ksym *sym = find_symbol(in);

	k_printf("cobnut:   %lx", (unsigned long)pc);
	if (sym)
		k_printf(" %s+0x%lx", sym->name, (unsigned long)(pc - sym->addr));
	k_printf("\n");
}

/* A return address may lie behind the last instruction of its function. */
static void print_return(word_t pc)
{
	print_place(pc, pc - 1);
}

void k_panic(const struct glue_ctx *c, const char *fmt, ...)
{
	static unsigned depth;
	va_list args;

	/* Each step below may trap itself: the second time through leaves out what the first
	 * didn't survive, and the third prints nothing. */
	if (depth++ < 2) {
		k_printf("\ncobnut: panic: ");
		va_start(args, fmt);
		k_vprintf(fmt, args);
		va_end(args);
		k_printf("\n");
	}
	if (depth == 1) {
		glue_dump(c);
		if (c)
			print_place(glue_ctx_get(c, GLUE_IP), glue_ctx_get(c, GLUE_IP));
		glue_backtrace(print_return);
	}
	glue_halt(GLUE_HALT_PANIC);
}
