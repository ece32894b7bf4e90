/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * descriptors.h - segment descriptors and task-state segments (SDM vol. 3A, 3.4.5 and 7.2.1).
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
	uint32_t io_base; /* I/O map base << 16; bit 0, the T flag, is 0 */
};

/* The one TSS of the running system, with the I/O map behind it, which ends in a byte of
 * ones (SDM vol. 1, 19.5.2). Entry 0 of the GDT, which the processor never reads, is the last
 * two words of the TSS: the IPC path pushes the UTCB's descriptor and the I/O map base in
 * one go. Defined in trap.S. */
struct main_tss {
	union {
		struct tss tss;
		struct {
			uint32_t registers[TSS_GDT / 4];
			struct descriptor gdt[GDT_ENTRIES];
		};
	};
	uint8_t io_map[IO_MAP_BYTES];
	uint8_t io_end;
};

extern struct main_tss main_tss;
extern struct tss df_tss;

/* High word of the descriptor of a user data segment of less than 1 MiB, base 0: present,
 * DPL 3, writable, 32-bit, limit in bytes; accessed, so that loading it writes nothing. */
#define UTCB_HIGH 0x0040f300u

/* The stack of the kernel. */
extern char _kernel_stack[], _kernel_stack_top[]; /* linker script */

#endif
