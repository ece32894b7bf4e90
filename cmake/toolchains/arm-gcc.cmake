# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# arm-gcc.cmake - GCC for ARM v7-A.
include(${CMAKE_CURRENT_LIST_DIR}/find.cmake)
cobnut_find_toolchain(ISA arm PACKAGE gcc-arm-none-eabi PROCESSOR armv7-a
		      MACHINE "^arm(v7[a-z]*)?-"
		      CANDIDATES arm-none-eabi- arm-linux-gnueabihf- arm-linux-gnueabi-)
