/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * fpu.c - the x87, MMX and SSE registers, by FXSAVE and FXRSTOR (SDM vol. 1, 10.5).
 */
#include <glue/glue.h>

#include "cpu.h"
#include "port.h"

_Static_assert(sizeof(struct glue_fpu) == 512, "FXSAVE image");

#define FCW_INIT     0x037f /* as after FNINIT: all exceptions masked, extended precision */
#define MXCSR_INIT   0x1f80 /* all exceptions masked */
#define MXCSR_LEGACY 0xffbf /* bits that exist where the image gives no mask */

static uint32_t mxcsr_mask;

GLUE_INIT void fpu_init(void)
{
	struct glue_fpu image;

	glue_fpu_enable(true);
	__asm__ volatile("fninit\n\tfxsave %0" : "=m"(image));
	mxcsr_mask = image.mxcsr_mask ? image.mxcsr_mask : MXCSR_LEGACY;
	glue_fpu_enable(false);
}

void glue_fpu_init(struct glue_fpu *f)
{
	f->fcw = FCW_INIT;
	f->mxcsr = MXCSR_INIT;
}

void glue_fpu_save(struct glue_fpu *f)
{
	__asm__ volatile("fxsave %0" : "=m"(*f));
}

/* Some processors restore the last instruction's pointers only when an exception is pending
 * (AMD64 APM vol. 2, 11.4.4): the load of a constant leaves ours there, not those of the
 * thread before. FNCLEX first, since the other two would raise that thread's exceptions. */
static void load(const struct glue_fpu *f)
{
	static const uint32_t zero;

	__asm__ volatile("fnclex\n\temms\n\tfildl %1\n\tfxrstor %0" : : "m"(*f), "m"(zero));
}

void glue_fpu_load(const struct glue_fpu *f)
{
	if (f->mxcsr & ~mxcsr_mask) {
		/* FXRSTOR would fault. */
		struct glue_fpu safe = *f;

		safe.mxcsr &= mxcsr_mask;
		load(&safe);
		return;
	}
	load(f);
}

void glue_fpu_enable(bool on)
{
	if (on)
		__asm__ volatile("clts" : : : "memory");
	else
		write_cr0(CR0_KERNEL | CR0_TS);
}
