/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * fpu.c - what a thread's FPU starts with, and whether user mode may use it.
 */
#include <arch/cp0.h>
#include <arch/offsets.h>
#include <arch/port.h>

_Static_assert(offsetof(struct glue_fpu, fcsr) == FPU_FCSR, "arch/offsets.h");

/* All registers 0; FCSR 0: round to nearest, no exception enabled. */
void glue_fpu_init(struct glue_fpu *f)
{
	(void)f; /* as it is */
}

void glue_fpu_enable(bool on)
{
	if (on)
		mips_local.user_status |= STATUS_CU1;
	else
		mips_local.user_status &= ~(word_t)STATUS_CU1;
}
