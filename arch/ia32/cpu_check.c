/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * cpu_check.c - whether this processor can run the kernel, asked before anything is used
 * that an old one doesn't have. Compiled for a 486, and does its own printing.
 */
#include <config.h>

#include "cpu.h"
#include "cpuid.h"
#include "port.h"

#define OLD GLUE_INIT __attribute__((target("arch=i486"), noinline))

#define EFLAGS_ID 0x200000u /* can be toggled: there is CPUID */

#define UART_LSR      5
#define UART_LSR_ROOM 0x20

static const struct {
	uint32_t bit;
	const char *name;
} needed[] = {
    {CPUID_1_EDX_FPU, "an FPU"},
    {CPUID_1_EDX_PSE, "4 MiB pages (PSE)"},
    {CPUID_1_EDX_TSC, "a time-stamp counter (TSC)"},
    {CPUID_1_EDX_MSR, "model-specific registers (MSR)"},
    {CPUID_1_EDX_APIC, "a local APIC"},
    {CPUID_1_EDX_SEP, "SYSENTER (SEP)"},
    {CPUID_1_EDX_PGE, "global pages (PGE)"},
    {CPUID_1_EDX_CMOV, "conditional moves (CMOV)"},
    {CPUID_1_EDX_PAT, "page attributes (PAT)"},
    {CPUID_1_EDX_FXSR, "FXSAVE (FXSR)"},
    {CPUID_1_EDX_SSE, "SSE"},
};

OLD static void print(const char *s)
{
	for (; *s != '\0'; s++) {
		for (unsigned i = 0; i < 10000; i++)
			if (inb(CONFIG_UART_BASE + UART_LSR) & UART_LSR_ROOM)
				break;
		outb(CONFIG_UART_BASE, (uint8_t)*s);
	}
}

OLD static bool has_cpuid(void)
{
	word_t before, after;

	__asm__ volatile("pushfl\n\t"
			 "popl %0\n\t"
			 "movl %0, %1\n\t"
			 "xorl %2, %1\n\t"
			 "pushl %1\n\t"
			 "popfl\n\t"
			 "pushfl\n\t"
			 "popl %1\n\t"
			 "pushl %0\n\t"
			 "popfl"
			 : "=&r"(before), "=&r"(after)
			 : "i"(EFLAGS_ID));
	return ((before ^ after) & EFLAGS_ID) != 0;
}

OLD void cpu_check(void)
{
	uint32_t features = has_cpuid() ? cpuid(1).edx : 0;
	bool good = true;

	/* The first Pentium Pros claim SYSENTER and don't have it (SDM vol. 2B). */
	if (features & CPUID_1_EDX_SEP && (cpuid(1).eax & 0x0fff) < 0x633 &&
	    (cpuid(1).eax & 0x0f00) == 0x600)
		features &= ~CPUID_1_EDX_SEP;
	for (unsigned i = 0; i < sizeof needed / sizeof needed[0]; i++) {
		if (features & needed[i].bit)
			continue;
		print(good ? "cobnut: boot: this processor lacks " : ", ");
		print(needed[i].name);
		good = false;
	}
	if (good)
		return;
	print("; a Pentium III or later is needed\r\n");
	glue_halt(GLUE_HALT_PANIC);
}
