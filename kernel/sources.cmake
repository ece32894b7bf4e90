# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# sources.cmake - the files of the generic kernel.
set(CORE_SOURCES
    boot.c
    cache.c
    elf.c
    exregs.c
    fault.c
    fpage.c
    interrupt.c
    ipc.c
    kip.c
    kmem.c
    map.c
    mapshort.c
    misc.c
    notify.c
    phys.c
    plain.c
    printf.c
    sched.c
    schedule.c
    sendq.c
    space.c
    switch.c
    syscall.c
    thread.c
    threadctl.c
    tid.c
    debug/invariants.c
    debug/ksyms.c
    debug/panic.c)

# Those that are off every hot path: release builds compile them for size.
set(CORE_SMALL ${CORE_SOURCES})
list(REMOVE_ITEM CORE_SMALL mapshort.c plain.c switch.c)
