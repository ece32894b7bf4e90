/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * cpu.c - stopping, and reporting what state the processor is in.
 */
#include <common/backtrace.h>

#include <arch/cp15.h>
#include <arch/port.h>
#include <arch/psr.h>

unsigned glue_cpu_id(void)
{
	return 0; /* boot.S parks all CPUs but the first */
}

#if CONFIG_EXIT_SEMIHOSTING
/* SYS_EXIT_EXTENDED of the semihosting interface ("Semihosting for AArch32 and AArch64",
 * 7.8): ends the emulator with an exit code. Emulators take it from privileged modes only. */
#ifdef __thumb__
#define SEMIHOSTING "0xab"
#else
#define SEMIHOSTING "0x123456"
#endif
#define SYS_EXIT_EXTENDED       0x20
#define ADP_STOPPED_APPLICATION 0x20026

static void leave_emulator(enum glue_halt_why why)
{
	const word_t block[2] = {ADP_STOPPED_APPLICATION, (word_t)why};
	register word_t op __asm__("r0") = SYS_EXIT_EXTENDED;
	register const word_t *arg __asm__("r1") = block;

	__asm__ volatile("svc #" SEMIHOSTING : "+r"(op) : "r"(arg) : "lr", "memory");
}
#else
static void leave_emulator(enum glue_halt_why why)
{
	(void)why;
}
#endif

void glue_halt(enum glue_halt_why why)
{
	/* Without an emulator that listens, the exit call is a system call of the kernel. */
	write_vbar((word_t)arm_halt_vectors);
	isb();
	leave_emulator(why);
	for (;;)
		__asm__ volatile("wfi");
}

static void dump_registers(const struct glue_ctx *c)
{
	for (unsigned i = 0; i < 13; i++)
		k_printf("r%2u %08lx%s", i, (unsigned long)c->r[i], i % 4 == 3 ? "\n" : "  ");
	k_printf("sp  %08lx  lr  %08lx  pc  %08lx\n", (unsigned long)c->sp, (unsigned long)c->lr,
		 (unsigned long)c->pc);
	k_printf("cpsr %08lx\n", (unsigned long)c->cpsr);
}

void glue_dump(const struct glue_ctx *c)
{
	word_t sp, cpsr;

	if (c != NULL) {
		dump_registers(c);
	} else {
		__asm__ volatile("mov %0, sp\n\tmrs %1, cpsr" : "=r"(sp), "=r"(cpsr));
		k_printf("sp  %08lx  cpsr %08lx\n", (unsigned long)sp, (unsigned long)cpsr);
	}
	k_printf("sctlr %08lx  ttbr0 %08lx  contextidr %08lx\n", (unsigned long)read_sctlr(),
		 (unsigned long)read_ttbr0(), (unsigned long)read_contextidr());
	k_printf("dfsr %08lx  dfar %08lx  ifsr %08lx  ifar %08lx\n", (unsigned long)read_dfsr(),
		 (unsigned long)read_dfar(), (unsigned long)read_ifsr(),
		 (unsigned long)read_ifar());
}

/* A trap in the kernel is reported on a stack of its own: then the one to look at is where
 * it happened; all of it if that is not on the stack, as after an overflow. */
void glue_backtrace(void (*found)(word_t pc))
{
	const word_t top = (word_t)_kernel_stack_top, bottom = top - STACK_SIZE;
	word_t sp = arm_trap_sp;

	if (sp == 0)
		__asm__ volatile("mov %0, sp" : "=r"(sp));
	if (sp < bottom || sp > top)
		sp = bottom;
	backtrace_scan(found, sp, top);
}
