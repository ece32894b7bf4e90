# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# port.cmake - the modelled machine on which the kernel's unit tests run.
set(PORT_NAME host)
set(PORT_SOURCES context.c cpu.c irq.c machine.c mmu.c tlb.c)
set(PORT_COMMON "")
if(COBNUT_COVERAGE)
	set(HOST_INSTRUMENT --coverage -fprofile-update=atomic)
	set(HOST_INSTRUMENT_LINK --coverage)
else()
	set(HOST_INSTRUMENT -fsanitize=address,undefined -fno-sanitize-recover=all
	    -fno-omit-frame-pointer)
	set(HOST_INSTRUMENT_LINK -fsanitize=address,undefined -static-libasan)
endif()
set(PORT_KERNEL_FLAGS -fno-builtin-printf ${HOST_INSTRUMENT})
set(PORT_LINK_FLAGS ${HOST_INSTRUMENT_LINK})
set(PORT_IMAGE none)
