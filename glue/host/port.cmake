# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# port.cmake - the modelled machine on which the unit tests of the kernel run.
set(PORT_NAME host)
set(PORT_SOURCES context.c cpu.c irq.c machine.c mmu.c tlb.c)
set(PORT_COMMON "")
set(PORT_IMAGE none)
