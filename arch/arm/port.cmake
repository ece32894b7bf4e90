# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# port.cmake - ARM v7-A with the virtualization-era features: Cortex-A7, A15, A17.
set(PORT_NAME arm)
set(PORT_SOURCES
    boot.S entry.S fastpath.S copy.S fpu.S
    boot.c context.c trap.c space.c asid.c mmu.c cache.c fpu.c cpu.c gic.c timer.c console.c)
set(PORT_SMALL boot.c cache.c console.c cpu.c mmu.c)
# Small, it is fewer instructions, too; the others are fewer if they are larger.
set(PORT_SMALL_CORE switch.c)
set(PORT_FAST_CORE fault.c ipc.c kmem.c space.c thread.c threadctl.c tid.c)
set(PORT_HAS_FASTPATH ON)
set(PORT_COMMON archive.c noports.c string.c string_boot.c backtrace.c)
# Thumb: three quarters of the size, for about as many instructions. Cortex-A7, A15 and A17 have the
# same instructions. The tuning is what makes the code short: registers are saved by push and pop, a
# constant is loaded by one instruction, not made by two, and what follows a `&&` is not computed before
# it is asked for.
set(PORT_KERNEL_FLAGS -mcpu=cortex-a7 -mtune=cortex-m4 -mthumb -mfloat-abi=soft)
# Passes of the compiler that cost more instructions than they save, each found by measuring. In
# Thumb state what depends on a condition is behind an IT instruction, which is one more, while a
# branch on zero is none (cbz): so no branch is turned into conditions. Files in ARM state would have
# neither, and come out longer in all respects. No assembler that calls C wants r4 back.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
	list(APPEND PORT_KERNEL_FLAGS -fno-if-conversion -fno-if-conversion2 -fno-tree-ch -fno-tree-pre
	     -fno-ssa-phiopt -fcall-used-r4)
	# The plain path in C has glue_activate inlined, which takes a higher limit.
	set_source_files_properties(${PROJECT_SOURCE_DIR}/kernel/plain.c PROPERTIES
	    COMPILE_OPTIONS -finline-limit=100)
endif()
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
