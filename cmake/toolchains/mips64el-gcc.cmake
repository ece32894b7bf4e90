# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# mips64el-gcc.cmake - GCC for MIPS64, little-endian.
include(${CMAKE_CURRENT_LIST_DIR}/find.cmake)
cobnut_find_toolchain(ISA mips64el PACKAGE gcc-mips64el-linux-gnuabi64 PROCESSOR mips64el
		      MACHINE "^mips(isa)?64(r[0-9])?el-"
		      CANDIDATES mips64el-linux-gnuabi64- mips64el-elf- mips64el-unknown-elf-)
