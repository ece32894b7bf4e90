/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * descriptors.h - segment descriptors, task-state segments and the first thing on the kernel
 * stack (SDM vol. 3A, 3.4.5, 5.8 and 7.2.1).
 */
#ifndef IA32_DESCRIPTORS_H
#define IA32_DESCRIPTORS_H

#include <glue/types.h>
#include <arch/layout.h>

struct descriptor {
	uint32_t low, high;
};

struct tss {
	uint32_t link, esp0, ss0, esp1, ss1, esp2, ss2, cr3, eip, eflags;
	uint32_t eax, ecx, edx, ebx, esp, ebp, esi, edi;
	uint32_t es, cs, ss, ds, fs, gs, ldt;
	uint16_t trap, io_base;
};

#define IO_MAP_BYTES 8192

/* The one TSS of the running system, with the I/O map behind it, which ends in a byte of
 * ones (SDM vol. 1, 19.5.2). */
struct main_tss {
	struct tss tss;
	uint8_t io_map[IO_MAP_BYTES];
	uint8_t io_end;
};

extern struct descriptor gdt[GDT_ENTRIES];
extern struct main_tss main_tss;
extern struct tss df_tss;

/* High word of the descriptor of a user data segment of less than 1 MiB, base 0: present,
 * DPL 3, writable, 32-bit, limit in bytes; accessed, so that loading it writes nothing. */
#define UTCB_HIGH 0x0040f300u

/* The stack of the kernel. The word at its top, which is never popped, is the context that
 * the next system call by sysenter saves to. */
extern char _kernel_stack[], _kernel_stack_top[]; /* linker script */
extern struct glue_ctx *current_context;

#endif
