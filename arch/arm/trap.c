/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * trap.c - which upcall an exception becomes.
 */
#include <arch/cp15.h>
#include <arch/port.h>
#include <arch/psr.h>
#include <arch/trap.h>

/* Fault status, DFSR and IFSR in the short-descriptor format (DDI 0406C, B3.13.3). */
#define FSR_WRITE             0x800
#define FSR_STATUS(fsr)       (((fsr)&0xf) | ((fsr) >> 6 & 0x10))
#define FSR_ALIGNMENT         0x01
#define FSR_DEBUG             0x02
#define FSR_ACCESS_SECTION    0x03
#define FSR_TRANSLATE_SECTION 0x05
#define FSR_ACCESS_PAGE       0x06
#define FSR_TRANSLATE_PAGE    0x07
#define FSR_EXTERNAL          0x08
#define FSR_WALK_SECTION      0x0c
#define FSR_PERMIT_SECTION    0x0d
#define FSR_WALK_PAGE         0x0e
#define FSR_PERMIT_PAGE       0x0f
#define FSR_ASYNC_EXTERNAL    0x16

word_t arm_trap_sp;

/* `c` stands four bytes before the preferred return address, in either state. */
struct glue_ctx *arm_undefined(struct glue_ctx *c, word_t fpexc)
{
	if (c->cpsr & PSR_T)
		c->pc += 2;
	if (!(fpexc & FPEXC_EN) && arm_uses_fpu(c))
		return k_fpu(c);
	return k_exception(c, ARM_EXC_UNDEFINED, 0);
}

static struct glue_ctx *memory_abort(struct glue_ctx *c, word_t fsr, word_t va, unsigned access)
{
	switch (FSR_STATUS(fsr)) {
	case FSR_ACCESS_SECTION:
	case FSR_ACCESS_PAGE:
	case FSR_PERMIT_SECTION:
	case FSR_PERMIT_PAGE:
		if (arm_absorb_fault(arm_space(), va, access))
			return c;
		return k_pagefault(c, va, access);
	case FSR_TRANSLATE_SECTION:
	case FSR_TRANSLATE_PAGE:
		return k_pagefault(c, va, access);
	case FSR_ALIGNMENT:
		return k_exception(c, ARM_EXC_ALIGNMENT, va);
	case FSR_DEBUG:
		return k_exception(c, ARM_EXC_BREAKPOINT, 0);
	case FSR_EXTERNAL:
	case FSR_WALK_SECTION:
	case FSR_WALK_PAGE:
		return k_exception(c, ARM_EXC_BUS, va);
	case FSR_ASYNC_EXTERNAL:
		return k_exception(c, ARM_EXC_BUS_ASYNC, 0);
	default:
		return k_exception(c, ARM_EXC_ABORT, fsr);
	}
}

struct glue_ctx *arm_prefetch_abort(struct glue_ctx *c)
{
	return memory_abort(c, read_ifsr(), read_ifar(), GLUE_X);
}

struct glue_ctx *arm_data_abort(struct glue_ctx *c)
{
	word_t fsr = read_dfsr();

	return memory_abort(c, fsr, read_dfar(), fsr & FSR_WRITE ? GLUE_W : GLUE_R);
}

/* A data abort just below the stack, in the read-only pages of the image: it is full. */
static bool stack_overflow(const struct glue_ctx *c, word_t va)
{
	return va < (word_t)_erodata && c->sp < (word_t)_erodata + GLUE_PAGE_SIZE / 4;
}

static _Noreturn void kernel_data_abort(const struct glue_ctx *c, word_t fsr, word_t va)
{
	if (stack_overflow(c, va))
		k_panic(c, "kernel stack overflow at %lx", (unsigned long)c->pc);
	if (FSR_STATUS(fsr) == FSR_EXTERNAL && va - KERNEL_BASE < CONFIG_RAM_SIZE)
		k_panic(c, "no memory at %llx: the board was built for %u MiB",
			(unsigned long long)glue_virt_to_phys((void *)va),
			(unsigned)(CONFIG_RAM_SIZE >> 20));
	k_panic(c, "data abort in the kernel: address %lx, status %lx", (unsigned long)va,
		(unsigned long)fsr);
}

void arm_kernel_trap(const struct glue_ctx *c, unsigned kind)
{
	static const char *const what[] = {
	    [TRAP_RESET] = "jump to the reset vector",
	    [TRAP_UNDEFINED] = "undefined instruction",
	    [TRAP_HYP] = "hypervisor trap",
	    [TRAP_FIQ] = "FIQ",
	};

	if (arm_trap_sp != 0)
		glue_halt(GLUE_HALT_PANIC); /* while reporting the first one */
	arm_trap_sp = c->sp;

	if (kind == TRAP_DATA)
		kernel_data_abort(c, read_dfsr(), read_dfar());
	if (kind == TRAP_PREFETCH)
		k_panic(c, "prefetch abort in the kernel: address %lx, status %lx",
			(unsigned long)read_ifar(), (unsigned long)read_ifsr());
	k_panic(c, "%s in the kernel", what[kind]);
}
