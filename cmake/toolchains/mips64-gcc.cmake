# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# mips64-gcc.cmake - GCC for MIPS64, big-endian.
include(${CMAKE_CURRENT_LIST_DIR}/find.cmake)
cobnut_find_toolchain(ISA mips64 PACKAGE gcc-mips64-linux-gnuabi64 PROCESSOR mips64
		      MACHINE "^mips(isa)?64(r[0-9])?-"
		      CANDIDATES mips64-linux-gnuabi64- mips64-elf- mips64-unknown-elf-)
