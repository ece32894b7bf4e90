# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# port.cmake - MIPS64 release 2 with a TLB and a 64-bit FPU, big- or little-endian, on Malta.
set(PORT_NAME mips64)
set(PORT_SOURCES
    boot.S vectors.S fastpath.S copy.S fpu.S
    boot.c cache.c console.c context.c cpu.c fpu.c irq.c space.c timer.c tlb.c trap.c)
# Off every hot path.
set(PORT_SMALL boot.c cache.c console.c fpu.c tlb.c cpu.c irq.c space.c timer.c trap.c)
set(PORT_SMALL_CORE mapshort.c switch.c)
set(PORT_HAS_FASTPATH ON)
set(PORT_COMMON archive.c backtrace.c i8259.c ns16550.c noports.c string.c string_boot.c)
# In the kernel $28 is the small-data pointer, which nearly all variables are within reach of (-G);
# vectors.S loads it. What another file defines may come from assembler, in any section; with
# link-time optimisation that are the symbol table and nothing else.
set(PORT_KERNEL_FLAGS -mabi=64 -march=mips64r2 -mno-abicalls -fno-pic -msym32 -G8192
    -mno-extern-sdata -msoft-float -fdata-sections -DQUICK_ACK=0)
# What the compiler's own choices cost in size, each found by measuring: branches are dearer than
# the instructions that avoid them, and a constant kept in a register is one to save. Release 2 still
# has the branches whose delay slot is skipped where they are not taken, and a slot that holds the
# target's first instruction is not empty. Nothing above C needs a preserved register, as a system
# call gives up all; with half of them to be had by every function, fewer are saved.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
	list(APPEND PORT_KERNEL_FLAGS -mbranch-likely -mbranch-cost=10 -mno-check-zero-division
	     -fno-move-loop-invariants -fno-shrink-wrap
	     -fno-guess-branch-probability -freorder-blocks-algorithm=simple -fno-ssa-phiopt
	     -fno-tree-sink -fno-ipa-pure-const -mmemcpy -fno-thread-jumps
	     -fno-tree-dominator-opts -fno-align-functions -fno-align-loops -fno-align-jumps
	     -fno-align-labels -fno-tree-tail-merge -fno-ipa-sra -fipa-pta -fcall-used-s4 -fcall-used-s5
	     -fcall-used-s6 -fcall-used-s7 -finline-limit=10
	     --param=max-inline-insns-size=2 -fno-tree-phiprop -fno-delete-null-pointer-checks
	     -fira-region=all)
endif()
set(PORT_LINK_FLAGS "")
# No position-independent code and no small data: user mode finds its UTCB by $28.
set(PORT_LINKER_SCRIPT kernel.lds.in)
set(PORT_USER_FLAGS -mabi=64 -march=mips64r2 -mno-abicalls -fno-pic -msym32 -G0 -mhard-float)
set(PORT_USER_LINK_FLAGS "")
set(PORT_USER_SOURCES start.S)
set(PORT_DEFAULT_BOARD malta)
set(PORT_IMAGE archive)
