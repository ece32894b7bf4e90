/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arm.c - what the cases need to know about ARM v7-A.
 */
#include <l4/arch/exception.h>

#include "../arch.h"

#define DECLARE(label)                                                                             \
	void arch_##label(void);                                                                   \
	extern const char arch_##label##_at[], arch_##label##_end[];

DECLARE(undefined)
DECLARE(privileged)
DECLARE(breakpoint)
DECLARE(hypervisor_call)
DECLARE(unaligned)
DECLARE(multiple)
DECLARE(thumb_undefined)
DECLARE(thumb_breakpoint)
DECLARE(thumb_syscall)
DECLARE(syscall)
DECLARE(low_syscall)
DECLARE(more_syscall)

const struct arch_exception arch_exceptions[] = {
    {"undefined instruction", arch_undefined, arch_undefined_at, arch_undefined_end,
     L4_ProtocolException, L4_ARM_UNDEFINED},
    {"privileged instruction", arch_privileged, arch_privileged_at, arch_privileged_end,
     L4_ProtocolException, L4_ARM_UNDEFINED},
    {"breakpoint", arch_breakpoint, arch_breakpoint_at, arch_breakpoint_end, L4_ProtocolException,
     L4_ARM_BREAKPOINT},
    {"hypervisor call", arch_hypervisor_call, arch_hypervisor_call_at, arch_hypervisor_call_end,
     L4_ProtocolException, L4_ARM_UNDEFINED},
    {"unaligned exclusive load", arch_unaligned, arch_unaligned_at, arch_unaligned_end,
     L4_ProtocolException, L4_ARM_ALIGNMENT},
    {"unknown system call", arch_syscall, arch_syscall_end, arch_syscall_end, L4_ProtocolSyscall,
     12345 << 8},
    {"system call, in the lowest bits", arch_low_syscall, arch_low_syscall_end,
     arch_low_syscall_end, L4_ProtocolSyscall, ABI_SYS_THREAD_SWITCH << 8},
    {"system call, with more bits", arch_more_syscall, arch_more_syscall_end, arch_more_syscall_end,
     L4_ProtocolSyscall, ABI_SYS_THREAD_SWITCH | 1 << 30},
    {"unaligned multiple load", arch_multiple, arch_multiple_at, arch_multiple_end,
     L4_ProtocolException, L4_ARM_ALIGNMENT},
    {"undefined instruction, Thumb", arch_thumb_undefined, arch_thumb_undefined_at,
     arch_thumb_undefined_end, L4_ProtocolException, L4_ARM_UNDEFINED},
    {"breakpoint, Thumb", arch_thumb_breakpoint, arch_thumb_breakpoint_at,
     arch_thumb_breakpoint_end, L4_ProtocolException, L4_ARM_BREAKPOINT},
    {"unknown system call, Thumb", arch_thumb_syscall, arch_thumb_syscall_end,
     arch_thumb_syscall_end, L4_ProtocolSyscall, 12345 << 8},
    /* The FPU's exceptions don't trap (DDI 0406C, A2.7.4: VFPv4), and division by zero is 0. */
};
const unsigned arch_exception_count = ARRAY_SIZE(arch_exceptions);

const unsigned arch_regs_count = 14; /* r0-r12, lr */
const word_t arch_regs_fixed = 0;

const struct arch_registers arch_registers = {
    .ipc_number = 0,
    .ipc_ip = -1,
    .ipc_sp = -1,
    .call_ip = -1,
    .ipc_arg = {1, 2, 3},
    .ipc_result = {0, 1},
    .call_number = 0,
    .call_rotated = 8,
    .call_arg = {1, 2, 3, 4},
    .call_result = {0, 1, 2, 3},
    .load = 0,
    .ipc_preserved = 0x3ffc,
    .call_preserved = 0x3ff0,
};

const word_t arch_flags_free = 0xf8000000;      /* N Z C V Q */
const word_t arch_flags_forbidden = 0x000001df; /* A I F, mode */

const unsigned arch_fpu_words = 64;
const word_t arch_fpu_control_new = 0;
const word_t arch_fpu_control_other = 0xf3c0001f; /* to zero, all flags set (DDI 0406C, B4.1.58) */

const bool arch_has_ports = false;

void arch_op_port_read(struct worker *w)
{
	(void)w;
}
