# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# port.cmake - what the build needs to know about null; cmake/port.cmake explains the variables.
# A skeleton: it compiles and links the generic kernel, with the host's own compiler as long as
# there is no cmake/toolchains/null-gcc.cmake, and boots nothing.
set(PORT_NAME null)
set(PORT_SOURCES boot.c context.c cpu.c irq.c space.c)
set(PORT_COMMON string.c string_boot.c)
# Functions that only panic don't use their arguments: drop the option with the last of them.
set(PORT_KERNEL_FLAGS -Wno-unused-parameter)
# With a kernel.lds.in: PORT_LINKER_SCRIPT. With start-up code and stubs in
# user/lib/l4/arch/null: PORT_USER_SOURCES, PORT_USER_FLAGS, and `archive` instead of `none`.
set(PORT_IMAGE none)
set(PORT_DEFAULT_BOARD null)
