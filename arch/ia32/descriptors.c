/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * descriptors.c - GDT, IDT, the task-state segments.
 *
 * The kernel's code segment ends with the kernel's text, so that nothing behind it (data,
 * and all of physical memory but the first MiB) can be executed in kernel mode. SYSENTER
 * loads a flat code segment instead, whatever the GDT says; the IPC path pays no far jump
 * to come back under the limit.
 */
#include <glue/glue.h>
#include <arch/layout.h>

#include "cpu.h"
#include "descriptors.h"
#include "paging.h"
#include "port.h"

extern const char _etext[];                                                  /* linker script */
extern const char ia32_stubs[], ia32_syscall[], ia32_nmi[], ia32_spurious[]; /* trap.S */
extern char ia32_spare_stack_top[];

/* Type and attribute bits of a descriptor's high word; the limit counts pages. */
#define SEG_CODE  0x00c09b00u /* readable, accessed, present, 32-bit */
#define SEG_DATA  0x00c09300u /* writable, accessed, present, 32-bit */
#define SEG_TSS   0x00008900u /* available 32-bit TSS, present; the limit counts bytes */
#define SEG_DPL3  0x00006000u
#define GATE_TASK 0x00008500u
#define GATE_INT  0x00008e00u /* interrupt gate, 32-bit, present: clears IF */

#define FLAT 0xfffffu

struct tss df_tss;

static struct descriptor idt[VEC_SYSCALL + 1];

GLUE_INIT static struct descriptor segment(word_t base, word_t limit, uint32_t type)
{
	return (struct descriptor){
	    .low = (limit & 0xffff) | base << 16,
	    .high = (limit & 0xf0000) | (base & 0xff000000) | (base >> 16 & 0xff) | type,
	};
}

GLUE_INIT static struct descriptor gate(const char *target, uint32_t type)
{
	return (struct descriptor){
	    .low = ((word_t)target & 0xffff) | SEL_KERNEL_CS << 16,
	    .high = ((word_t)target & 0xffff0000) | type,
	};
}

struct pseudo_descriptor {
	uint16_t unused, limit; /* the limit is at an odd word so that the base is aligned */
	void *base;
};

GLUE_INIT static void load_gdt(void)
{
	struct pseudo_descriptor p = {.limit = sizeof main_tss.gdt - 1, .base = main_tss.gdt};

	__asm__ volatile("lgdt %0\n\t"
			 "ljmp %1, $1f\n"
			 "1:\tmovl %2, %%ss\n\t"
			 "movl %3, %%ds\n\t"
			 "movl %3, %%es\n\t"
			 "movl %3, %%fs\n\t"
			 "movl %3, %%gs\n\t"
			 "lldt %w4\n\t"
			 "ltr %w5"
			 :
			 : "m"(p.limit), "i"(SEL_KERNEL_CS), "r"(SEL_KERNEL_SS), "r"(SEL_USER_DS),
			   "r"(0), "r"(SEL_TSS), "m"(p)
			 : "memory");
}

GLUE_INIT static void load_idt(void)
{
	struct pseudo_descriptor p = {.limit = sizeof idt - 1, .base = idt};

	__asm__ volatile("lidt %0" : : "m"(p.limit), "m"(p));
}

GLUE_INIT void descriptors_init(void)
{
	struct descriptor *gdt = main_tss.gdt;

	gdt[SEL_KERNEL_CS / 8] = segment(0, ((word_t)_etext - 1) >> GLUE_PAGE_LOG2, SEG_CODE);
	gdt[SEL_KERNEL_SS / 8] = segment(0, FLAT, SEG_DATA);
	gdt[SEL_USER_CS / 8] = segment(0, FLAT, SEG_CODE | SEG_DPL3);
	gdt[SEL_USER_DS / 8] = segment(0, FLAT, SEG_DATA | SEG_DPL3);
	gdt[SEL_UTCB / 8] = (struct descriptor){.low = 0, .high = UTCB_HIGH};
	gdt[SEL_TSS / 8] = segment((word_t)&main_tss, sizeof main_tss - 1, SEG_TSS);
	gdt[SEL_DF_TSS / 8] = segment((word_t)&df_tss, sizeof df_tss - 1, SEG_TSS);

	main_tss.tss.ss0 = SEL_KERNEL_SS;
	main_tss.tss.io_base = IO_BASE_NONE;
	main_tss.io_end = 0xff;

	/* A double fault means that the kernel's stack can't take a frame any more: its
	 * handler is a task, with a stack and registers of its own. */
	df_tss = (struct tss){
	    .cr3 = (word_t)kernel_dir - KERNEL_BASE,
	    .eip = (word_t)trap_double_fault,
	    .eflags = EFLAGS_FIXED,
	    .esp = (word_t)ia32_spare_stack_top,
	    .cs = SEL_KERNEL_CS,
	    .ss = SEL_KERNEL_SS,
	    .ds = SEL_USER_DS,
	    .es = SEL_USER_DS,
	    .io_base = IO_BASE_NONE,
	};

	for (unsigned v = 0; v < VEC_STUBS; v++) {
		bool user = v == VEC_BP || v == VEC_OF;

		idt[v] = gate(ia32_stubs + (v << STUB_SHIFT), GATE_INT | (user ? SEG_DPL3 : 0));
	}
	idt[VEC_NMI] = gate(ia32_nmi, GATE_INT);
	idt[VEC_DF] = (struct descriptor){.low = SEL_DF_TSS << 16, .high = GATE_TASK};
	idt[VEC_SPURIOUS] = gate(ia32_spurious, GATE_INT);
	idt[VEC_SYSCALL] = gate(ia32_syscall, GATE_INT | SEG_DPL3);
	load_gdt();
	load_idt();
}
