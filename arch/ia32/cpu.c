/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * cpu.c - the processor: control registers, stopping, register dumps, caches, copying.
 */
#include <glue/glue.h>
#include <arch/layout.h>
#include <common/backtrace.h>
#include <config.h>

#include "cpu.h"
#include "cpuid.h"
#include "descriptors.h"
#include "paging.h"
#include "port.h"

#define CACHE_LINE 32 /* bytes, or any smaller step */

extern const char ia32_sysenter[];

static bool has_clflush, has_smap;

/* What isn't in every processor the kernel runs on, but makes it safer: the kernel never
 * touches user pages by their user addresses, and has no need to tell users where its
 * tables are (SDM vol. 3A, 2.5). */
GLUE_INIT static word_t optional_cr4(void)
{
	struct cpuid r;

	if (cpuid(0).eax < CPUID_LEAF_STRUCTURED)
		return 0;
	r = cpuid(CPUID_LEAF_STRUCTURED);
	has_smap = r.ebx & CPUID_7_EBX_SMAP;
	return (r.ebx & CPUID_7_EBX_SMEP ? CR4_SMEP : 0) | (has_smap ? CR4_SMAP : 0) |
	       (r.ecx & CPUID_7_ECX_UMIP ? CR4_UMIP : 0);
}

GLUE_INIT void cpu_init(void)
{
	has_clflush = cpuid(1).edx & CPUID_1_EDX_CLFSH;
	write_cr0(CR0_KERNEL | CR0_TS);
	write_cr4(CR4_PSE | CR4_PGE | CR4_OSFXSR | CR4_OSXMMEXCPT | optional_cr4());
	__asm__ volatile("movl %0, %%dr7" : : "r"(0)); /* no breakpoints */
	wrmsr(MSR_SYSENTER_CS, SEL_KERNEL_CS);
	wrmsr(MSR_SYSENTER_ESP, (word_t)_kernel_stack_top);
	wrmsr(MSR_SYSENTER_EIP, (word_t)ia32_sysenter);
}

unsigned glue_cpu_id(void)
{
	return 0;
}

_Noreturn void glue_halt(enum glue_halt_why why)
{
#if CONFIG_EXIT_ISA_DEBUG
	/* QEMU ends with 2 * value + 1. */
	static const uint8_t value[] = {
	    [GLUE_HALT_OK] = 0x10, [GLUE_HALT_TEST_FAIL] = 0x11, [GLUE_HALT_PANIC] = 0x12};

	outl(CONFIG_EXIT_PORT, value[why]);
#else
	(void)why;
#endif
	for (;;)
		__asm__ volatile("cli\n\thlt");
}

static void dump_system(void)
{
	k_printf("cr0 %08x cr2 %08x cr3 %08x cr4 %08x\n", read_cr0(), read_cr2(), read_cr3(),
		 read_cr4());
}

void glue_dump(const struct glue_ctx *c)
{
	word_t sp, flags;

	if (c == NULL) {
		__asm__ volatile("movl %%esp, %0\n\tpushfl\n\tpopl %1" : "=&r"(sp), "=r"(flags));
		k_printf("esp %08x eflags %08x\n", sp, flags);
		dump_system();
	} else if (c->cs & 3 && !c->resume) {
		k_printf("eip %08x in the IPC system call, esp %08x eax %08x ebx %08x\n", c->eip,
			 c->esp, c->eax, c->ebx);
	} else {
		k_printf("eip %08x cs  %04x     eflags %08x vector %u error %x\n"
			 "esp %08x ss  %04x     ebp %08x\n"
			 "eax %08x ebx %08x ecx %08x edx %08x esi %08x edi %08x\n",
			 c->eip, c->cs, c->eflags, c->vector, c->error, c->esp, c->ss, c->ebp,
			 c->eax, c->ebx, c->ecx, c->edx, c->esi, c->edi);
		if (!(c->cs & 3))
			dump_system();
	}
}

void glue_backtrace(void (*found)(word_t pc))
{
	word_t sp = (word_t)__builtin_frame_address(0);

	/* In a double fault, what the kernel did is on the stack it can't use any more. */
	if (sp < (word_t)_kernel_stack || sp >= (word_t)_kernel_stack_top)
		sp = main_tss.tss.esp;
	if (sp < (word_t)_kernel_stack)
		sp = (word_t)_kernel_stack;
	backtrace_scan(found, sp, (word_t)_kernel_stack_top);
}

/* Caches are coherent among themselves and with devices, and the return from the kernel
 * serialises (SDM vol. 3A, 8.1.3): only memory that is used with another attribute as well
 * needs any of this. */
bool glue_cache(enum glue_cache_op op, paddr_t pa, size_t len)
{
	word_t va = (word_t)glue_phys_to_virt(pa), end = va + len;

	if (op == GLUE_CACHE_SYNC_I)
		return true;
	if (!has_clflush || pa > GLUE_DIRECT_LAST || !paging_maps(va))
		return false;
	for (va &= -(word_t)CACHE_LINE; va < end; va += CACHE_LINE)
		__asm__ volatile("clflush (%0)" : : "r"(va) : "memory");
	return true;
}

/* One instruction. */
word_t glue_cache_all(word_t position)
{
	(void)position;
	__asm__ volatile("wbinvd" : : : "memory");
	return 0;
}

void glue_copy_words(word_t *dst, const word_t *src, unsigned n)
{
	rep_movsl(dst, src, n);
}
