# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# port.cmake - ARM v7-A with the virtualization-era features: Cortex-A7, A15, A17.
set(PORT_NAME arm)
set(PORT_SOURCES
    boot.S entry.S fastpath.S copy.S fpu.S
    boot.c context.c trap.c space.c asid.c mmu.c cache.c fpu.c cpu.c gic.c timer.c console.c)
set(PORT_SMALL boot.c cache.c console.c cpu.c mmu.c)
set(PORT_HAS_FASTPATH ON)
set(PORT_COMMON archive.c noports.c string.c string_boot.c backtrace.c)
# Cortex-A7, A15 and A17 have the same instructions; the A7's tuning saves registers by push and
# pop, which is shorter. Thumb: three quarters of the size, for about as many instructions.
set(PORT_KERNEL_FLAGS -mcpu=cortex-a7 -mthumb -mfloat-abi=soft)
set(PORT_LINK_FLAGS "")
set(PORT_LINKER_SCRIPT kernel.lds.in)
# The compiler is not to make FPU users of all threads, by copying or vectorising with its registers.
# A program that computes with floating point adds -mfloat-abi=softfp, which fits these libraries.
set(PORT_USER_FLAGS -mcpu=cortex-a7 -marm -mfpu=vfpv4 -mfloat-abi=soft)
set(PORT_USER_LINK_FLAGS "")
set(PORT_USER_SOURCES start.S)
set(PORT_DEFAULT_BOARD virt)
set(PORT_IMAGE archive)
set(PORT_TEXT_LIMIT 20480)
