/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * fpu.c - the FPU state of a new thread, and which undefined instructions are uses of the
 * FPU while it is off. fpu.S has what touches the unit itself.
 */
#include <arch/cp15.h>
#include <arch/offsets.h>
#include <arch/port.h>
#include <arch/psr.h>

_Static_assert(offsetof(struct glue_fpu, d) == 0, "fpu.S");
_Static_assert(offsetof(struct glue_fpu, fpscr) == FPU_FPSCR, "arch/offsets.h");

void glue_fpu_init(struct glue_fpu *f)
{
	(void)f; /* all registers 0, and FPSCR: as it is */
}

#define PAR_FAILED 1 /* PAR.F (DDI 0406C, B4.1.112) */

/* Coprocessors 10 and 11 are VFP's. */
static bool is_vfp(word_t insn)
{
	return (insn >> 9 & 7) == 5;
}

/* DDI 0406C, A5.1, A5.6, A7.5 - A7.9. */
static bool is_fpu_arm(word_t insn)
{
	if (insn >> 28 == 0xf) /* Advanced SIMD: data processing, load and store */
		return insn >> 25 == 0x79 || (insn & 0xff100000) == 0xf4000000;
	return (insn >> 26 & 3) == 3 && (insn >> 24 & 0xf) != 0xf && is_vfp(insn);
}

/* A6.3, the same with the first halfword above. */
static bool is_fpu_thumb(word_t insn)
{
	if ((insn & 0xef000000) == 0xef000000 || (insn & 0xff100000) == 0xf9000000)
		return true;
	return insn >> 26 == 0x3b && is_vfp(insn);
}

/* Where the kernel reads what the program that is running has at `va`, by its own alias of the
 * frame, to the end of the page; NULL if that is not known. The processor, which has just executed
 * it, is asked for the address: user mode, a read. */
static const volatile void *running(word_t va)
{
	word_t pa;

	write_ats1cur(va);
	isb();
	pa = read_par();
	if (pa & PAR_FAILED)
		return NULL;
	pa = (pa & ~(GLUE_PAGE_SIZE - 1)) | (va & (GLUE_PAGE_SIZE - 1));
	if (pa - CONFIG_RAM_START >= CONFIG_RAM_SIZE)
		return NULL;
	return glue_phys_to_virt(pa);
}

/* Not known is a yes: with the unit on, the instruction traps once more, if at all. */
bool arm_uses_fpu(const struct glue_ctx *c)
{
	const volatile void *insn = running(c->pc);
	word_t first;

	if (insn == NULL)
		return true;
	if (!(c->cpsr & PSR_T))
		return is_fpu_arm(*(const volatile uint32_t *)insn);
	first = *(const volatile uint16_t *)insn;
	insn = running(c->pc + 2); /* perhaps on another page */
	return insn == NULL || is_fpu_thumb(first << 16 | *(const volatile uint16_t *)insn);
}
