/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * glue/cpu.h - the processor itself: stopping it, the debug console, the FPU, copying.
 */
#ifndef GLUE_CPU_H
#define GLUE_CPU_H

#include <glue/types.h>

enum glue_halt_why {
	GLUE_HALT_OK,        /* the system ended as it should: emulator exit code 0 */
	GLUE_HALT_TEST_FAIL, /* a test inside the kernel failed */
	GLUE_HALT_PANIC      /* the kernel can't go on */
};

/* Stop the machine for good. On a board whose emulator has an exit code, leave it with
 * 0 for GLUE_HALT_OK and with a different non-zero code for each of the others; on any
 * other board loop in the deepest sleep with interrupts off. Any state of the kernel. */
_Noreturn void glue_halt(enum glue_halt_why why);

/* Number of the executing CPU, 0 ... CONFIG_CPUS - 1. Interrupts on or off. */
unsigned glue_cpu_id(void);

/* True if an enabled interrupt (line or timer) is pending and would be taken were
 * interrupts on. The preemption points of long operations ask this. */
bool glue_irq_pending(void);

/* Write one character to the debug console, polling; a port adds the CR its terminal
 * wants. Bounded: gives up after a port-specific number of polls. Any state. */
void glue_putc(char ch);

/* Print, by k_printf, the registers of `c` (user or kernel frame); of the CPU as it is
 * now where `c` is NULL. Any state of the kernel, panics included. */
void glue_dump(const struct glue_ctx *c);

/* Call `found` with the return addresses of the current kernel stack, innermost first, some
 * dozens at most. Best effort: a word on the stack that only looks like a return address may be
 * among them. Never faults. */
void glue_backtrace(void (*found)(word_t pc));

/* ---- FPU / SIMD --------------------------------------------------------------------
 * The kernel switches lazily: the unit is off unless the running thread owns its
 * contents; the first use raises k_fpu. */

/* Make `f`, which is zeroed, the state a new thread starts with. The unit is off. */
void glue_fpu_init(struct glue_fpu *f);

/* Store the unit's registers to `f`. The unit is on. */
void glue_fpu_save(struct glue_fpu *f);

/* Load the unit's registers from `f`. The unit is on. Whatever `f` holds must be safe. */
void glue_fpu_load(const struct glue_fpu *f);

/* Let user mode (and the two functions above) use the unit, or make it trap. */
void glue_fpu_enable(bool on);

/* ---- memory ----------------------------------------------------------------------- */

/* Copy `n` words (1 ... 63) from `src` to `dst`, both word-aligned kernel aliases of two
 * UTCBs that don't overlap. Exactly n words are read and written. */
void glue_copy_words(word_t *dst, const word_t *src, unsigned n);

/* Write zeros to the `n` bytes from `from` on, which is word-aligned; n is a multiple of 16 words,
 * and not 0. */
void glue_clear(void *from, size_t n);

#endif
