/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * cpu.c - the processor, the debug console, the FPU.
 */
#include <arch/port.h>

unsigned glue_cpu_id(void)
{
	return 0;
}

/* Asked in long loops: read the controller, not the clock. */
bool glue_irq_pending(void)
{
	return false;
}

/* A panic prints through these three: write them first. */

void glue_putc(char ch)
{
}

void glue_dump(const struct glue_ctx *c)
{
}

void glue_backtrace(void (*found)(word_t pc))
{
}

/* Lazy switching: user mode's first use of a unit that is off must trap to k_fpu. A state that
 * is all zeros may not be a valid one: set control words here. */
void glue_fpu_init(struct glue_fpu *f)
{
}

void glue_fpu_save(struct glue_fpu *f)
{
	NOT_YET();
}

void glue_fpu_load(const struct glue_fpu *f)
{
	NOT_YET();
}

void glue_fpu_enable(bool on)
{
	NOT_YET();
}

/* Worth some lines of assembler, with several words at a time. */
void glue_copy_words(word_t *dst, const word_t *src, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		dst[i] = src[i];
}
