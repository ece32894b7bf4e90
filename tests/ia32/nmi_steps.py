# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Run inside gdb by test_nmi.py: in the middle of the demonstration's ping-pong between spaces,
let an NMI hit the first instruction of the IPC system call, in the next one the second
instruction, and so on to the last: for calls and for replies, which alternate. Where the system
call returns to, interrupts must be on each time. Before that the same on the ways out of the
kernel's C code, and into it by an interrupt, which must come there again the next time."""
import traceback

import gdb
from attach import connect

WARM_UP = 100  # system calls between spaces before the first NMI
NO_PORTS = 0xffff0000  # the TSS's I/O map base, where the running space has no ports
IO_BASE = 100  # of main_tss
KERNEL = 0xc0000000
EFLAGS_IF = 0x200
SYSEXIT = 0x350f


def value(expression):
    return int(gdb.parse_and_eval(expression)) & 0xffffffff


def check_tss():
    io_base = value(f"*(unsigned *)((char *)&main_tss + {IO_BASE})")
    if io_base != NO_PORTS:
        raise AssertionError(f"the I/O map base is {io_base:#x}")


def go_on(where, what):
    """Continue, and stop at one of these addresses."""
    gdb.execute("continue", to_string=True)
    if value("$pc") not in where:
        raise AssertionError(f"{what}: stopped at {value('$pc'):#x}")


def repeat_sti(pc, at):
    """An NMI between sti and sysexit must lead to the former, with interrupts still off."""
    sti = gdb.Breakpoint(f"*{pc - 1}", type=gdb.BP_HARDWARE_BREAKPOINT)
    go_on({pc - 1}, at)
    if value("$eflags") & EFLAGS_IF:
        raise AssertionError(f"{at}: interrupts are on in front of sti")
    sti.delete()


def walk():
    """One NMI for each instruction; how many there were."""
    switch = gdb.Breakpoint("*other_space", type=gdb.BP_HARDWARE_BREAKPOINT)
    switch.ignore_count = WARM_UP
    gdb.execute("continue", to_string=True)
    switch.delete()
    entry = gdb.Breakpoint("ia32_sysenter", type=gdb.BP_HARDWARE_BREAKPOINT)
    sysenter = value("(unsigned)&ia32_sysenter")
    returns = set()  # user addresses, one of the call's and one of the reply's
    for _ in range(4):
        go_on({sysenter}, "system call")
        returns.add(value("$edi"))
    hit = 0
    steps, both = 0, 0  # `both`: the last two walks of that length were over before
    while both < 2:
        for _ in range(2):
            if steps:
                gdb.execute(f"stepi {steps}", to_string=True)
            if value("$pc") < KERNEL:
                both += 1
            else:
                both = 0
                pc = value("$pc")
                at = f"NMI at {pc:08x}"
                print(at)
                gdb.execute("monitor nmi", to_string=True)
                hit += 1
                if value(f"*(unsigned short *){pc}") == SYSEXIT:
                    repeat_sti(pc, at)
                back = [gdb.Breakpoint(f"*{pc}", type=gdb.BP_HARDWARE_BREAKPOINT)
                        for pc in returns]
                go_on(returns, at)
                if not value("$eflags") & EFLAGS_IF:
                    raise AssertionError(f"{at}: interrupts are off in user mode")
                for breakpoint in back:
                    breakpoint.delete()
            go_on({sysenter}, "system call")
            check_tss()
        steps += 1
    entry.delete()
    return hit


def walk_way(begin, steps, times, warm_up):
    """An NMI on each of `times` ways from there, behind the first `warm_up`, each time one
    instruction further, up to as many."""
    way = gdb.Breakpoint(f"*{begin}", type=gdb.BP_HARDWARE_BREAKPOINT)
    way.ignore_count = warm_up
    first = value(f"(unsigned)&{begin}")
    hit = 0
    for i in range(times):
        go_on({first}, f"at {begin}")
        if i % steps:
            gdb.execute(f"stepi {i % steps}", to_string=True)
        if value("$pc") >= KERNEL:
            print(f"NMI at {value('$pc'):08x}")
            gdb.execute("monitor nmi", to_string=True)
            hit += 1
    way.delete()
    return hit


try:
    connect(SOCKET)
    hits = walk_way("ia32_resume", 16, 48, WARM_UP) + walk()
    print(f"nmi: {hits + walk_way('interrupt', 16, 32, 0)} NMIs")
    gdb.execute("continue", to_string=True)
except gdb.error as error:  # the emulator has gone: the demonstration is over
    print(f"nmi: {error}")
except Exception:  # pylint: disable=broad-except
    traceback.print_exc()
gdb.execute("quit")
