/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * branch.c - where a branch goes, for the instruction in its delay slot that the kernel
 * completes: a system call. Encodings: MIPS64 Architecture for Programmers II (MD00087),
 * "Instruction Bit Encodings".
 */
#include <arch/port.h>

#define OPCODE(i) ((i) >> 26)
#define RS(i)     ((i) >> 21 & 31)
#define RT(i)     ((i) >> 16 & 31)
#define FUNCT(i)  ((i)&63)

enum {
	OP_SPECIAL = 0,
	OP_REGIMM = 1,
	OP_J = 2,
	OP_JAL = 3,
	OP_BEQ = 4,
	OP_BNE = 5,
	OP_BLEZ = 6,
	OP_BGTZ = 7,
	OP_COP1 = 17,
	OP_BEQL = 20,
	OP_BNEL = 21,
	OP_BLEZL = 22,
	OP_BGTZL = 23
};
enum { FUNCT_JR = 8, FUNCT_JALR = 9 };
enum { RS_BC1 = 8 };

/* REGIMM's rt: bit 0 chooses >= 0 rather than < 0, bit 1 is "likely", bit 4 "and link". */
#define REGIMM_GE            0x01
#define REGIMM_IS_BRANCH(rt) (((rt)&0x0c) == 0)

/* BC1: a condition code in bits 18-20, which is FCSR's bit 23, or 24 and up. */
#define BC1_TRUE(i) ((i) >> 16 & 1)
#define BC1_CODE(i) ((i) >> 18 & 7)

static bool fpu_condition(unsigned code)
{
	return mips_fpu_fcsr() >> (code == 0 ? 23 : 24 + code) & 1;
}

/* A "likely" branch executes its delay slot only if it is taken, so the plain condition holds
 * for it as well. */
static bool conditional(const struct glue_ctx *c, uint32_t insn, bool *taken)
{
	sword_t rs = (sword_t)c->r[RS(insn)], rt = (sword_t)c->r[RT(insn)];

	/* The place of $0 is lent, see glue_types.h. */
	if (RS(insn) == 0)
		rs = 0;
	if (RT(insn) == 0)
		rt = 0;
	switch (OPCODE(insn)) {
	case OP_REGIMM:
		*taken = (rs >= 0) == (RT(insn) & REGIMM_GE);
		return REGIMM_IS_BRANCH(RT(insn));
	case OP_BEQ:
	case OP_BEQL:
		*taken = rs == rt;
		return true;
	case OP_BNE:
	case OP_BNEL:
		*taken = rs != rt;
		return true;
	case OP_BLEZ:
	case OP_BLEZL:
		*taken = rs <= 0;
		return true;
	case OP_BGTZ:
	case OP_BGTZL:
		*taken = rs > 0;
		return true;
	case OP_COP1:
		if (RS(insn) != RS_BC1)
			return false;
		*taken = fpu_condition(BC1_CODE(insn)) == BC1_TRUE(insn);
		return true;
	}
	return false;
}

bool mips_branch_target(const struct glue_ctx *c, word_t pc, uint32_t insn, word_t *target)
{
	bool taken;

	switch (OPCODE(insn)) {
	case OP_SPECIAL:
		*target = RS(insn) == 0 ? 0 : c->r[RS(insn)];
		return FUNCT(insn) == FUNCT_JR || FUNCT(insn) == FUNCT_JALR;
	case OP_J:
	case OP_JAL:
		*target = ((pc + 4) & ~(word_t)0x0fffffff) | (word_t)(insn & 0x03ffffff) << 2;
		return true;
	}
	if (!conditional(c, insn, &taken))
		return false;
	*target = pc + (taken ? 4 + (word_t)((sword_t)(int16_t)insn * 4) : 8);
	return true;
}
