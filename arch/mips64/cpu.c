/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * cpu.c - stopping, and reporting what state the processor is in.
 */
#include <common/backtrace.h>

#include <arch/cp0.h>
#include <arch/offsets.h>
#include <arch/port.h>

unsigned glue_cpu_id(void)
{
	return 0;
}

#if CONFIG_EXIT_SEMIHOSTING
/* The exit call of the Unified Hosting Interface (MD01069): ends the emulator with an
 * exit code. Without an emulator that listens, SDBBP goes to the firmware's debug vector, and
 * ends there or in mips_debug_mode. */
#define UHI_EXIT 1

static void leave_emulator(enum glue_halt_why why)
{
	__asm__ volatile("move $25, %0\n\tmove $4, %1\n\tsdbbp 1"
			 :
			 : "r"((word_t)UHI_EXIT), "r"((word_t)why)
			 : "$2", "$4", "$25", "memory");
}
#else
static void leave_emulator(enum glue_halt_why why)
{
	(void)why;
}
#endif

void glue_halt(enum glue_halt_why why)
{
	write_status(read_status() & ~STATUS_IE);
	ehb();
	leave_emulator(why);
	for (;;)
		__asm__ volatile("wait");
}

/* "st" is the state. */
static const char names[CTX_REGS][3] = {"st", "at", "v0", "v1", "a0", "a1", "a2", "a3", "a4",
					"a5", "a6", "a7", "t0", "t1", "t2", "t3", "s0", "s1",
					"s2", "s3", "s4", "s5", "s6", "s7", "t8", "t9", "fp",
					"ra", "hi", "lo", "pc", "gp", "sp"};

void glue_dump(const struct glue_ctx *c)
{
	word_t sp;

	if (c != NULL) {
		for (unsigned i = 0; i < CTX_REGS; i++)
			k_printf(&"\n%s %016lx  "[i % 4 != 0], names[i], (unsigned long)c -> r[i]);
	} else {
		__asm__ volatile("move %0, $29" : "=r"(sp));
		k_printf("sp %016lx  ra %016lx", (unsigned long)sp,
			 (unsigned long)__builtin_return_address(0));
	}
	k_printf("\nstatus %08x  cause %08x  epc %016lx\nbadvaddr %016lx  entryhi %016lx\n",
		 (unsigned)read_status(), (unsigned)read_cause(), (unsigned long)read_epc(),
		 (unsigned long)read_badvaddr(), (unsigned long)read_entryhi());
}

/* Two addresses lead to the stack: the mapped one, and while booting that in the image. A trap
 * in the kernel is reported on a stack of its own: then the one to look at is where it
 * happened; all of it if that is not on the stack, as after an overflow. */
void glue_backtrace(void (*found)(word_t pc))
{
	word_t top = (word_t)_kernel_stack_top, sp = mips_trap_sp;

	if (sp == 0)
		__asm__ volatile("move %0, $29" : "=r"(sp));
	if (sp < top - STACK_SIZE || sp > top) {
		top = (word_t)LOCAL_BASE;
		if (sp < (word_t)STACK_BASE || sp > top)
			sp = (word_t)STACK_BASE;
	}
	backtrace_scan(found, sp, top);
}
