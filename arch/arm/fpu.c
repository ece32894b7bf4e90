/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * fpu.c - the FPU state of a new thread. fpu.S has what touches the unit itself.
 */
#include <glue/glue.h>

#include <arch/offsets.h>

_Static_assert(offsetof(struct glue_fpu, d) == 0, "fpu.S");
_Static_assert(offsetof(struct glue_fpu, fpscr) == FPU_FPSCR, "arch/offsets.h");

void glue_fpu_init(struct glue_fpu *f)
{
	*f = (struct glue_fpu){.fpscr = 0};
}
