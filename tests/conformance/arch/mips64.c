/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * mips64.c - what the cases need to know about MIPS64.
 */
#include <l4/arch/exception.h>

#include "../arch.h"

#define DECLARE(label)                                                                             \
	void arch_##label(void);                                                                   \
	extern const char arch_##label##_at[], arch_##label##_end[];

DECLARE(undefined)
DECLARE(breakpoint)
DECLARE(trap)
DECLARE(privileged)
DECLARE(unaligned_load)
DECLARE(unaligned_store)
DECLARE(overflow)
DECLARE(slot)
DECLARE(unaligned_double)
DECLARE(wide_overflow)
DECLARE(slot_trap)
DECLARE(slot_unaligned)
DECLARE(slot_overflow)
DECLARE(fpu)
DECLARE(syscall)

#define FAULT(text, label, nr)                                                                     \
	{                                                                                          \
		text, arch_##label, arch_##label##_at, arch_##label##_end, L4_ProtocolException,   \
		    nr                                                                             \
	}

const struct arch_exception arch_exceptions[] = {
    FAULT("reserved instruction", undefined, L4_MIPS_RESERVED),
    FAULT("breakpoint", breakpoint, L4_MIPS_BREAK),
    FAULT("trap instruction", trap, L4_MIPS_TRAP),
    FAULT("privileged instruction", privileged, L4_MIPS_COPROCESSOR),
    FAULT("unaligned load", unaligned_load, L4_MIPS_ADDRESS_LOAD),
    FAULT("unaligned store", unaligned_store, L4_MIPS_ADDRESS_STORE),
    FAULT("overflow", overflow, L4_MIPS_OVERFLOW),
    FAULT("breakpoint in a delay slot", slot, L4_MIPS_BREAK),
    {"unknown system call", arch_syscall, arch_syscall_end, arch_syscall_end, L4_ProtocolSyscall,
     12345},
    FAULT("unaligned load of 64 bits", unaligned_double, L4_MIPS_ADDRESS_LOAD),
    FAULT("overflow of 64 bits", wide_overflow, L4_MIPS_OVERFLOW),
    FAULT("trap in a delay slot", slot_trap, L4_MIPS_TRAP),
    FAULT("unaligned load in a delay slot", slot_unaligned, L4_MIPS_ADDRESS_LOAD),
    FAULT("overflow in the slot of a likely branch", slot_overflow, L4_MIPS_OVERFLOW),
    FAULT("FPU exception", fpu, L4_MIPS_FPU),
};
const unsigned arch_exception_count = ARRAY_SIZE(arch_exceptions);

const unsigned arch_regs_count = 29; /* $1-$25, $30, $31, hi, lo */
const word_t arch_regs_fixed = 0;

/* $1-$25 are 0-24, $30 and $31 are 25 and 26. */
#define PRESERVED (1ul << 25)

const struct arch_registers arch_registers = {
    .ipc_number = 3,
    .ipc_ip = 26,
    .ipc_sp = -1,
    .call_ip = 26,
    .ipc_arg = {4, 5, 1},
    .ipc_result = {1, 2},
    .call_number = 3,
    .call_arg = {4, 5, 6, 7},
    .call_result = {1, 2, 3, 4},
    .load = 1,
    .ipc_preserved = PRESERVED,
    .call_preserved = PRESERVED,
    .ipc_flags = ABI_TAG_RESERVED | ABI_TAG_NOTIFY | ABI_TAG_RBLOCK,
    .ipc_plain = ABI_TAG_RBLOCK,
    .leaves_known = true,
};

const word_t arch_flags_free = 0;
const word_t arch_flags_forbidden = ~(word_t)L4_EXC_FLAG_DELAY_SLOT;

const unsigned arch_fpu_words = 64;
const word_t arch_fpu_control_new = 0;
const word_t arch_fpu_control_other = 0x0180007d; /* to zero, all flags set (MD00083, 5.7) */

const bool arch_has_ports = false;

void arch_op_port_read(struct worker *w)
{
	(void)w;
}
