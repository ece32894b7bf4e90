/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch.h - what an instruction set supplies: arch/<isa>.S and arch/<isa>.c.
 */
#ifndef CONF_ARCH_H
#define CONF_ARCH_H

#include "conf.h"

/* ---- code that can be copied --------------------------------------------------------------- */

/* Machine code of a function that returns ARCH_ANSWER. */
#define ARCH_ANSWER 0x2a
extern const char arch_answer[], arch_answer_end[];

/* ---- exceptions ---------------------------------------------------------------------------- */

/* An instruction that raises an exception. */
struct arch_exception {
	const char *name;
	void (*raise)(void);  /* executes it and returns */
	const char *reported; /* the IP in the message */
	const char *resume;   /* where to go on, behind it */
	long protocol;
	word_t number; /* of the exception; of a system-call trap: the system call */
};

extern const struct arch_exception arch_exceptions[];
extern const unsigned arch_exception_count;

/* Load the general registers of the exception message from in[], raise an exception, and
 * store them to out[]. Some have other uses: those with a bit in arch_regs_fixed are neither
 * loaded nor stored. arch_regs_trap_ip is the instruction, arch_regs_trap_end behind it. */
void arch_regs_trap(const word_t *in, word_t *out);
extern const char arch_regs_trap_ip[], arch_regs_trap_end[];
extern const unsigned arch_regs_count; /* general registers in an exception message */
extern const word_t arch_regs_fixed;

/* ---- system calls by hand ------------------------------------------------------------------ */

/* An instruction, and at <name>_end one that raises an exception: the IPC system call, any
 * other, and loading the word at the address in register `load` into the same register. */
extern const char arch_ipc[], arch_ipc_end[];
extern const char arch_call[], arch_call_end[];
extern const char arch_load[], arch_load_end[];

/* One that raises an exception, and one that branches to itself. */
extern const char arch_stop[], arch_spin[];

/* The registers of system calls, by their numbers in the exception message. */
struct arch_registers {
	int8_t ipc_number;     /* -1: IPC has no number */
	int8_t ipc_ip, ipc_sp; /* where to return to; -1: the processor notes it */
	int8_t call_ip;        /* the same for the others */
	uint8_t ipc_arg[3], ipc_result[2];
	uint8_t call_number, call_arg[4], call_result[4];
	uint8_t call_rotated; /* the number is rotated right by so many bits */
	uint8_t load;
	word_t ipc_preserved, call_preserved; /* sets of register numbers */
	word_t ipc_flags, ipc_plain;          /* the number is (tag & ipc_flags) ^ ipc_plain */
	bool leaves_known; /* after an IPC registers may have what the thread knows: its id, the
			    * number in it, the id + 1, 1, and the words of the message */
};
extern const struct arch_registers arch_registers;

/* Flags that user level may change freely, and some that it must not. */
extern const word_t arch_flags_free, arch_flags_forbidden;

/* ---- FPU --------------------------------------------------------------------------------------
 */

#define ARCH_FPU_MAX 64 /* words of 32 bits */
extern const unsigned arch_fpu_words;
void arch_fpu_load(const uint32_t *values);
void arch_fpu_store(uint32_t *values);
/* The control register, or the registers in one word: this thread's; that of a new thread; and
 * one that rounds differently, with flags set. */
word_t arch_fpu_control(void);
void arch_fpu_set_control(word_t value);
extern const word_t arch_fpu_control_new, arch_fpu_control_other;

/* ---- I/O ports
 * ----------------------------------------------------------------------------------- */

extern const bool arch_has_ports;
/* Read the port arg[0]. */
void arch_op_port_read(struct worker *w);

#endif
