# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# flags.cmake - compiler and linker options that are the same for every ISA.
include_guard(GLOBAL)

option(COBNUT_WERROR "a compiler warning is an error" ON)
option(COBNUT_COVERAGE "host builds: count executed lines for gcovr" OFF)

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_C_FLAGS_DEBUG "-Og -g")
set(CMAKE_C_FLAGS_RELEASE "-O2 -g")
set(CMAKE_ASM_FLAGS_DEBUG "-g")
set(CMAKE_ASM_FLAGS_RELEASE "-g")

set(COBNUT_WARNINGS -Wall -Wextra -Wshadow -Wundef -Wvla -Wpointer-arith -Wwrite-strings
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes> $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>
    $<$<COMPILE_LANGUAGE:C>:-Wold-style-definition>)
if(COBNUT_WERROR)
	list(APPEND COBNUT_WARNINGS -Werror)
endif()

# Paths in assertions do not depend on where the source is.
set(COBNUT_COMMON_FLAGS ${COBNUT_WARNINGS} -fno-common -fno-strict-aliasing
    -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=)

# Code that runs without an operating system below it: the kernel, and user programs.
set(COBNUT_FREESTANDING -ffreestanding -fno-pic -fno-pie -fno-stack-protector
    -fno-asynchronous-unwind-tables)

# The kernel is optimised as a whole in release builds, so that calls across the contract cost
# nothing; fat objects, so that nm and check_contract see the symbols.
set(COBNUT_KERNEL_LTO $<$<CONFIG:Release>:-flto> $<$<CONFIG:Release>:-ffat-lto-objects>
    $<$<CONFIG:Release>:-ffunction-sections>)

set(COBNUT_LINK -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-z,noexecstack
    -Wl,-z,max-page-size=4096 -Wl,--fatal-warnings)
