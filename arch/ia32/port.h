/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * port.h - what the port's files have in common.
 */
#ifndef IA32_PORT_H
#define IA32_PORT_H

#include <glue/glue.h>

/* ---- boot: in the order of the calls ----------------------------------------------------- */
void cpu_check(void); /* returns if the processor has all the kernel needs */
void console_init(void);
void descriptors_init(void);
void cpu_init(void); /* control registers, SYSENTER */
void irq_init(void);
void timer_init(void);
void fpu_init(void);
void multiboot_read(struct glue_boot_info *bi, word_t magic, paddr_t info);

/* ---- what cpu_init found ------------------------------------------------------------------- */
extern bool cpu_has_clflush, cpu_has_smap;

/* ---- spaces and contexts ------------------------------------------------------------------ */

/* The space in force; NULL: only the kernel's own tables are. Defined in fastpath.S. */
extern struct glue_space *active_space;

/* ---- I/O ports ------------------------------------------------------------------------------ */

/* I/O map base, << 16, that lies behind the TSS's limit: no port is allowed. */
#define IO_BASE_NONE 0xffff0000u

/* A #GP of the thread that runs in active_space. True: it may have been for an I/O port
 * that the space may use; the TSS has the space's ports now, and the instruction is to be
 * tried again. */
bool io_fault(void);

/* The space has no ports any more. */
void io_fini(struct glue_space *as);

/* ---- interrupts and traps --------------------------------------------------------------- */

/* Behind the stub of the vector of the interrupt that was taken and not yet claimed; NULL: none.
 * Set by trap.S. */
extern const char *irq_stub;
extern const char ia32_stubs[];

struct glue_ctx *trap_user(struct glue_ctx *c);
void trap_double_fault(void);

/* Local APIC. */
void apic_init(void);
void apic_eoi(void);
bool apic_timer_pending(void);

/* The timer's interrupt has come; true: its deadline has passed. */
bool timer_expired(void);

#endif
