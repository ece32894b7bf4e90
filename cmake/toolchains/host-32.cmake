# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# host-32.cmake - 32-bit programs that run on the (x86-64) host, for tests with 32-bit words.
find_program(COBNUT_CC_host_32 NAMES i686-linux-gnu-gcc)
mark_as_advanced(COBNUT_CC_host_32)
if(NOT COBNUT_CC_host_32)
	message(FATAL_ERROR "No C compiler for 32-bit host programs. Tried:\n"
		"  i686-linux-gnu-gcc: not in PATH\n"
		"On Debian, the package gcc-i686-linux-gnu has it: apt-get install "
		"gcc-i686-linux-gnu libcmocka-dev:i386 (scripts/setup does it).")
endif()
set(CMAKE_C_COMPILER "${COBNUT_CC_host_32}")
set(CMAKE_ASM_COMPILER "${COBNUT_CC_host_32}")
set(CMAKE_LIBRARY_ARCHITECTURE i386-linux-gnu)
