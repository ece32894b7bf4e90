# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# ia32-gcc.cmake - GCC for 32-bit x86.
include(${CMAKE_CURRENT_LIST_DIR}/find.cmake)
cobnut_find_toolchain(ISA ia32 PACKAGE gcc-i686-linux-gnu PROCESSOR i686
		      MACHINE "^(i[3-7]86-|x86_64-.* -m32)"
		      CANDIDATES i686-linux-gnu- i686-elf- i386-elf- "x86_64-linux-gnu- -m32")
