# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# port.cmake - what the build needs to know about ia32; cmake/port.cmake explains the variables.
set(PORT_NAME ia32)
set(PORT_SOURCES arith64.c boot.S boot.c console.c context.c cpu.c cpu_check.c descriptors.c
    fastpath.S fpu.c io.c irq.c multiboot.c paging.c space.c timer.c trap.S trap.c)
# For a few bytes, page faults, exceptions and interrupts are shorter.
set(PORT_FAST_CORE fault.c interrupt.c)
set(PORT_HAS_FASTPATH ON)
set(PORT_SMALL boot.c console.c cpu.c cpu_check.c descriptors.c fpu.c io.c multiboot.c paging.c
    trap.c)
set(PORT_COMMON backtrace.c i8259.c ns16550.c string.c string_boot.c)
# Registers for arguments; no padding; of the functions called from several places, only those that
# say so are inlined. No register is preserved by a call, but ebp, which the compiler won't give up:
# nothing above the upcalls has a value in one, and below them it knows what a function leaves alone.
set(PORT_KERNEL_FLAGS -march=pentium3 -mregparm=3 -mgeneral-regs-only -mpreferred-stack-boundary=2
    -mtune=generic -falign-functions=1 -falign-jumps=1 -falign-loops=1 -falign-labels=1
    -fomit-frame-pointer -fcf-protection=none -fno-inline-functions
    -fcall-used-ebx -fcall-used-esi -fcall-used-edi -fno-tree-ch -fno-tree-dominator-opts)
# The compiler thinks of calling these only after link-time optimisation has removed them.
set_source_files_properties(${PROJECT_SOURCE_DIR}/arch/ia32/arith64.c PROPERTIES
    COMPILE_OPTIONS "-fno-lto;$<$<CONFIG:Release>:-Os>")
set(PORT_LINKER_SCRIPT kernel.lds.in)
set(PORT_LINK_FLAGS "")
set(PORT_USER_FLAGS -march=pentium3 -fcf-protection=none)
set(PORT_USER_LINK_FLAGS "")
set(PORT_USER_SOURCES start.S)
set(PORT_DEFAULT_BOARD pc)
set(PORT_IMAGE multiboot)
set(PORT_TEXT_LIMIT 20480)
