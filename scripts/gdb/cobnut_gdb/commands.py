# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""The commands: cobnut threads, ready, ipc, space."""
import gdb

from .kernel import QUEUED, Kernel
from .tables import merged

ANYTHREAD, WAITNOTIFY = -1, -2
MAX_MRS_SHOWN = 63


def signed(value, bits):
    return value - (1 << bits) if value >> (bits - 1) else value


def name_of(kernel, thread_id):
    special = {0: "nil", ANYTHREAD: "any", WAITNOTIFY: "waitnotify"}
    return special.get(signed(thread_id, kernel.machine.word_bits), f"{thread_id:x}")


def waits_for(kernel, t):
    """What a blocked thread waits for, in words."""
    if t.state == "sending":
        peer = int(t.tcb["peer"])
        for other in kernel.threads():
            if other.address == peer:
                return f"to send its {t.cont} to {other.id:x}"
        return "to send to a thread that is not in the table"
    if t.state == "receiving":
        return f"for {name_of(kernel, t['partner'])} ({t.cont})"
    return ""


class Cobnut(gdb.Command):
    """What the Cobnut kernel knows: its threads, queues and address spaces.

A thread is named by its id or its number (gdb expressions, 0x for hexadecimal); without a
name, the running one is meant."""

    def __init__(self):
        super().__init__("cobnut", gdb.COMMAND_STATUS, prefix=True)


class Threads(gdb.Command):
    """List all threads: cobnut threads [all]

With `all`, interrupt threads that have no handler as well. IP is that of the last entry to
the kernel, so not up to date for the running thread."""

    def __init__(self):
        super().__init__("cobnut threads", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        kernel = Kernel()
        digits = kernel.machine.word_bits // 4
        print(f"{'id':>{digits}} {'prio':>4} {'state':12} {'space':>{digits}} {'ip':>{digits}} "
              "waits")
        for t in kernel.threads():
            if t.is_irq and t.state == "irq idle" and argument != "all":
                continue
            ip = f"{t.ip_sp()[0]:x}" if not t.is_irq else "-"
            space = f"{t.space:x}" if not t.is_irq else "-"
            print(f"{t.id:{digits}x} {t.prio:4} {t.state:12} {space:>{digits}} {ip:>{digits}} "
                  f"{waits_for(kernel, t)}".rstrip())


class Ready(gdb.Command):
    """List the ready queues, from the highest priority down: cobnut ready

The running thread is in none. Disagreement of the queues with the bitmap or with the threads'
own flags is shown: it is a bug of the kernel."""

    def __init__(self):
        super().__init__("cobnut ready", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        kernel = Kernel()
        current = kernel.thread("") if kernel.current else None
        print(f"running: {f'{current.id:x}, priority {current.prio}' if current else 'nothing'}")
        rows = list(kernel.ready())
        for prio, threads in rows:
            wrong = [t for t in threads
                     if t.state != "ready" or t.prio != prio or not t["flags"] & QUEUED]
            print(f"{prio:3}: {' '.join(f'{t.id:x}' for t in threads)}"
                  + "".join(f"  BAD: {t.id:x} is {t.state}, priority {t.prio}" for t in wrong))
        if not rows:
            print("all queues are empty")
        top = int(kernel.cpu["g"]["barrier"]) & 0xff
        if top != (rows[0][0] if rows else 0):
            print(f"BAD: the kernel takes {top} for the highest priority that is ready")
        for prio in range(256):
            bit = int(kernel.cpu["ready_map"][prio // 32]) >> prio % 32 & 1
            if bit != bool(int(kernel.cpu["ready"][prio])):
                print(f"BAD: the bitmap has {bit} for priority {prio}")


class Ipc(gdb.Command):
    """Show the IPC state of a thread: cobnut ipc [THREAD]

State, partner, flags, the message in its UTCB, notification bits, and who waits to send to
it."""

    def __init__(self):
        super().__init__("cobnut ipc", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        kernel = Kernel()
        t = kernel.thread(argument)
        print(f"thread {t.id:x}: {t.state} {waits_for(kernel, t)}".rstrip())
        print(f"  flags: {', '.join(t.flags) or 'none'}; tcb at {t.address:#x}")
        print("  takes a plain message from: "
              f"{name_of(kernel, int(t.tcb['g']['accepts']))}")
        utcb = t.utcb()
        if utcb is not None:
            self.show_utcb(kernel, t, utcb)
        senders = list(t.senders())
        print(f"  senders: {' '.join(f'{s.id:x}' for s in senders) or 'none'}")

    @staticmethod
    def show_utcb(kernel, t, utcb):
        print(f"  utcb at {t['utcb_va']:#x}: pager {name_of(kernel, int(utcb['pager']))}, "
              f"exception handler {name_of(kernel, int(utcb['exc_handler']))}, "
              f"error {int(utcb['error'])}")
        print(f"  notification: bits {int(utcb['notify_bits']):#x}, mask "
              f"{int(utcb['notify_mask']):#x}, acceptor {int(utcb['acceptor']):#x}")
        tag = t["tag"] if t.state == "sending" else int(utcb["mr"][0])
        words = min(tag & 0x3f, MAX_MRS_SHOWN)
        label = signed(tag >> 16, kernel.machine.word_bits - 16)
        print(f"  tag {tag:#x}: label {label}, {words} words")
        for i in range(1, words + 1):
            print(f"    mr{i:<2} {int(utcb['mr'][i]):#x}")


class Space(gdb.Command):
    """Show what the address space of a thread maps: cobnut space [THREAD]

Virtual range, physical address, rights, referenced bits, attribute, and the hardware pages it
is made of."""

    def __init__(self):
        super().__init__("cobnut space", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        kernel = Kernel()
        t = kernel.thread(argument)
        if t.is_irq:
            raise gdb.GdbError(f"{t.id:x} is an interrupt thread, which has no space")
        space = kernel.machine.value(t.space, "struct space")
        digits = kernel.machine.word_bits // 4
        print(f"space of {t.id:x} at {t.space:#x}: {int(space['threads'])} threads, KIP area "
              f"{int(space['kip']['base']):#x}, UTCB area {int(space['utcbs']['base']):#x}")
        pages = 0
        for page, count in merged(kernel.machine, space["g"]):
            last = page.va + count * page.size - 1
            print(f"{page.va:0{digits}x}-{last:0{digits}x} -> {page.pa:09x} {page.rights} "
                  f"{page.referenced:3} {page.attribute:8} {count} x {page.size >> 10} KiB")
            pages += count
        print(f"{pages} pages")


Cobnut()
Threads()
Ready()
Ipc()
Space()
