/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ia32.c - what the cases need to know about ia32.
 */
#include <l4/arch/exception.h>

#include "../arch.h"

#define DECLARE(label)                                                                             \
	void arch_##label(void);                                                                   \
	extern const char arch_##label##_at[], arch_##label##_end[];

DECLARE(undefined)
DECLARE(breakpoint)
DECLARE(halt)
DECLARE(disable)
DECLARE(control)
DECLARE(vector)
DECLARE(port)
DECLARE(divide)
DECLARE(overflow)
DECLARE(bound)
DECLARE(selector)
DECLARE(fpu)
DECLARE(misaligned)
DECLARE(step)
DECLARE(syscall)

/* A fault is reported at the instruction, a trap behind it. */
#define FAULT(text, label, nr)                                                                     \
	{                                                                                          \
		text, arch_##label, arch_##label##_at, arch_##label##_end, L4_ProtocolException,   \
		    nr                                                                             \
	}
#define TRAP(text, label, nr)                                                                      \
	{                                                                                          \
		text, arch_##label, arch_##label##_end, arch_##label##_end, L4_ProtocolException,  \
		    nr                                                                             \
	}

const struct arch_exception arch_exceptions[] = {
    FAULT("divide", divide, L4_IA32_DIVIDE),
    TRAP("breakpoint", breakpoint, L4_IA32_BREAKPOINT),
    TRAP("overflow", overflow, L4_IA32_OVERFLOW),
    FAULT("bound", bound, L4_IA32_BOUND),
    FAULT("undefined instruction", undefined, L4_IA32_UNDEFINED),
    FAULT("hlt", halt, L4_IA32_PROTECTION),
    FAULT("cli", disable, L4_IA32_PROTECTION),
    FAULT("control register", control, L4_IA32_PROTECTION),
    FAULT("interrupt vector of the kernel", vector, L4_IA32_PROTECTION),
    FAULT("I/O port", port, L4_IA32_PROTECTION),
    FAULT("selector of the kernel", selector, L4_IA32_PROTECTION),
    FAULT("FPU exception", fpu, L4_IA32_FPU),
    /* QEMU 7.2 raises no SIMD exceptions (#XM). */
    FAULT("misaligned SSE operand", misaligned, L4_IA32_PROTECTION),
    TRAP("single step", step, L4_IA32_DEBUG),
    {"unknown system call", arch_syscall, arch_syscall_end, arch_syscall_end, L4_ProtocolSyscall,
     12345},
};
const unsigned arch_exception_count = ARRAY_SIZE(arch_exceptions);

const unsigned arch_regs_count = 7;
const word_t arch_regs_fixed = 0;

enum { EAX, ECX, EDX, EBX, EBP, ESI, EDI };

const struct arch_registers arch_registers = {
    .ipc_number = -1,
    .ipc_ip = EDI,
    .ipc_sp = EBP,
    .call_ip = -1,
    .ipc_arg = {EBX, ESI, EAX},
    .ipc_result = {EAX, EBX},
    .call_number = EAX,
    .call_arg = {ECX, EDX, ESI, EDI},
    .call_result = {ECX, EDX, ESI, EDI},
    .load = EAX,
    .ipc_preserved = 0,
    .call_preserved = 1 << EAX | 1 << EBX | 1 << EBP,
};

const word_t arch_flags_free = 0x8d5;         /* CF PF AF ZF SF OF */
const word_t arch_flags_forbidden = 0x1b7000; /* IOPL NT RF VM AC VIF VIP */

const unsigned arch_fpu_words = 32;
/* All exceptions masked (SDM vol. 1, 8.1.5 and 10.2.3); and rounding to zero, all flags set. */
const word_t arch_fpu_control_new = 0x037f1f80, arch_fpu_control_other = 0x0f7f7fbf;

const bool arch_has_ports = true;

void arch_op_port_read(struct worker *w)
{
	uint8_t value;

	__asm__ volatile("inb %w1, %0" : "=a"(value) : "Nd"((uint16_t)w->arg[0]));
	w->result[0] = value;
}
