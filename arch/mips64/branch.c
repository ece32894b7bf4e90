/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * branch.c - where a branch goes, for the instruction in its delay slot that the kernel
 * completes: a system call. Encodings: MIPS64 Architecture for Programmers II (MD00087),
 * "Instruction Bit Encodings".
 */
#include <arch/offsets.h>
#include <arch/port.h>

#define OPCODE(i) ((i) >> 26)
#define RS(i)     ((i) >> 21 & 31)
#define RT(i)     ((i) >> 16 & 31)
#define FUNCT(i)  ((i)&63)

enum {
	OP_SPECIAL = 0,
	OP_REGIMM = 1,
	OP_J = 2, /* or 3, which links */
	OP_BEQ = 4,
	OP_COP1 = 17
};
enum { FUNCT_JR = 8 }; /* or 9, which links */
enum { RS_BC1 = 8 };

/* BEQ, BNE, BLEZ and BGTZ follow one another: bit 0 inverts, bit 1 chooses <= 0 rather than the
 * two registers' being equal, bit 4 is "likely". */
#define OP_LEZ           0x02
#define OP_IS_BRANCH(op) (((op) & ~0x13u) == OP_BEQ)

/* REGIMM's rt: bit 0 chooses >= 0 rather than < 0, bit 1 is "likely", bit 4 "and link". */
#define REGIMM_IS_BRANCH(rt) (((rt)&0x0c) == 0)

/* BC1: bit 0 of rt is "true"; a condition code in bits 18-20, which is FCSR's bit 23, or 24
 * and up. */
#define BC1_CODE(i) ((i) >> 18 & 7)

/* The place of $0 is lent, see glue_types.h. */
static sword_t gpr(const struct glue_ctx *c, unsigned r)
{
	sword_t value = (sword_t)c->r[r];

	return r == 0 ? 0 : value;
}

/* Of the running thread, which owns the FPU. */
static unsigned fpu_condition(unsigned code)
{
	uint32_t fcsr;

	__asm__ volatile(".set push\n\t.set hardfloat\n\tcfc1 %0, $31\n\t.set pop" : "=r"(fcsr));
	return fcsr >> (code == 0 ? 23 : 24 + code);
}

/* A "likely" branch executes its delay slot only if it is taken, so the plain condition holds
 * for it as well. */
__attribute__((noinline)) bool mips_branch(struct glue_ctx *c, uint32_t insn)
{
	word_t *pc = &c->r[CTX_PC];
	unsigned op = OPCODE(insn);
	sword_t rs = gpr(c, RS(insn));
	unsigned taken; /* in bit 0 */

	if (op == OP_SPECIAL) {
		*pc = (word_t)rs;
		return (FUNCT(insn) & ~1u) == FUNCT_JR;
	}
	if ((op & ~1u) == OP_J) {
		*pc = ((*pc + 4) & ~(word_t)0x0fffffff) | (word_t)(insn & 0x03ffffff) << 2;
		return true;
	}
	if (OP_IS_BRANCH(op)) {
		taken = op & OP_LEZ ? rs <= 0 : rs == gpr(c, RT(insn));
		taken ^= op;
	} else if (op == OP_REGIMM && REGIMM_IS_BRANCH(RT(insn))) {
		taken = (rs < 0) ^ RT(insn);
	} else if (op == OP_COP1 && RS(insn) == RS_BC1) {
		taken = fpu_condition(BC1_CODE(insn)) ^ ~RT(insn);
	} else {
		return false;
	}
	*pc += taken & 1 ? 4 + (word_t)((sword_t)(int16_t)insn * 4) : 8;
	return true;
}
