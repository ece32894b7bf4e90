/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * steps.h - what each port's assembler file has for steps.c.
 *
 * Symbols besides these, for compare.py: steps_trap, the system call's instruction; steps_return,
 * the one behind it; and steps_seen, not far from there, where the stack pointer points to the
 * address of the thread's UTCB, and both have just been accessed: whoever reads memory by the
 * emulator's TLB finds them.
 */
#ifndef STEPS_H
#define STEPS_H

#include <l4/types.h>

/* IPC with a value of its own in every register that user mode can write and that is no argument:
 * `secret` and what follows it. Segment registers and flags are not as a compiler has them,
 * either. Returns the tag. */
L4_Word_t steps_ipc(L4_Word_t to, L4_Word_t from, L4_Word_t tag, L4_Word_t secret,
		    L4_Word_t *sender, void *utcb);

/* Use the FPU: values and control registers are not those that it starts with. */
void steps_use_fpu(void);

#endif
