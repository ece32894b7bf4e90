# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""The kernel's threads and queues, read from its data structures (kernel/include/kernel/tcb.h)."""
import gdb

from .machine import number, symbol, the_machine

STATES = {"TS_INACTIVE": "inactive", "TS_READY": "ready", "TS_SENDING": "sending",
          "TS_RECEIVING": "receiving", "TS_WAIT_NOTIFY": "wait notify", "TS_IRQ_IDLE": "irq idle",
          "TS_DYING": "dying"}
CONTS = {"CONT_IPC": "IPC", "CONT_START": "start message", "CONT_PAGEFAULT": "page fault",
         "CONT_EXCEPTION": "exception", "CONT_QUANTUM": "quantum expiry", "CONT_IRQ": "interrupt"}
# T_* of tcb.h: macros, which the debug information lacks.
FLAGS = {0x01: "halted", 0x02: "quantum", 0x04: "nosync", 0x08: "queued",
         0x10: "receive phase due", 0x20: "rest of a slice", 0x40: "slice lent"}
QUEUED = 0x08
# Members of struct glue_thread, with which the control block begins.
SHARED = ("partner", "waited", "state", "cont", "flags", "tag")


def _enumerators(tag, names):
    """Numbers of the enumeration as this kernel was built, to readable names."""
    return {f.enumval: names.get(f.name, f.name) for f in gdb.lookup_type(tag).fields()}


class Thread:
    """A copy of a thread control block."""

    def __init__(self, kernel, address):
        self.kernel = kernel
        self.address = address
        self.tcb = kernel.machine.value(address, "struct tcb")
        self.id = int(self.tcb["g"]["id"])
        self.prio = int(self.tcb["g"]["prio"])
        self.space = int(self.tcb["g"]["space"])

    def __getitem__(self, member):
        return int((self.tcb["g"] if member in SHARED else self.tcb)[member])

    @property
    def running(self):
        return self.address == self.kernel.current

    @property
    def state(self):
        if self.running:
            return "running"
        state = self.kernel.states[self["state"]]
        if state == "ready" and self["flags"] & 1:
            return "halted"
        return state

    @property
    def cont(self):
        return self.kernel.conts[self["cont"]]

    @property
    def flags(self):
        names = [name for bit, name in FLAGS.items() if self["flags"] & bit]
        return names + [name for name in ("waited", "privileged") if self[name]]

    @property
    def is_irq(self):
        return self.space == 0

    def ip_sp(self):
        """User instruction and stack pointer as of the last entry to the kernel."""
        ctx = self.tcb["g"]["ctx"]
        fields = {f.name for f in ctx.type.fields()}
        if "eip" in fields:
            return int(ctx["eip"]), int(ctx["esp"])
        if "pc" in fields:
            return int(ctx["pc"]), int(ctx["sp"])
        return int(ctx["r"][26]), int(ctx["r"][29])

    def utcb(self):
        address = int(self.tcb["g"]["utcb"])
        return self.kernel.machine.value(address, "struct abi_utcb") if address else None

    def ring(self):
        """This thread and those behind it in the ring that it heads."""
        at = self
        while True:
            yield at
            following = at["next"]
            if following in (self.address, 0):
                return
            at = Thread(self.kernel, following)

    def senders(self):
        """The threads that wait to send to this one, in order."""
        head = int(self.tcb["g"]["sendq"])
        while head:
            first = Thread(self.kernel, head)
            yield from first.ring()
            head = first["group"]


class Kernel:
    """Read afresh for each command: nothing is kept while the machine runs."""

    def __init__(self):
        self.machine = the_machine()
        self.states = _enumerators("enum thread_state", STATES)
        self.conts = _enumerators("enum thread_cont", CONTS)
        cpus = symbol("k_cpus")
        self.cpu = self.machine.value(cpus, "struct cpu")
        self.current = int(self.cpu["g"]["current"])
        self.table = int(self.cpu["g"]["threads"])
        self.slots = int(self.cpu["g"]["threads_max"])
        self.dummy = symbol("k_dummy")
        if self.table == 0:
            raise gdb.GdbError("the kernel has no threads yet: it has not booted so far")

    @property
    def version_bits(self):
        return 32 if self.machine.word_bits == 64 else 14

    def threads(self):
        step = 512
        for start in range(0, self.slots, step):
            count = min(step, self.slots - start)
            at = self.table + start * self.machine.word_bits // 8
            for address in self.machine.words(at, count):
                if address != self.dummy:
                    yield Thread(self, address)

    def thread(self, text):
        """The thread that an argument names: a number, an id, or nothing for the current."""
        if not text:
            if not self.current:
                raise gdb.GdbError("no thread is running; name one: an id, or a thread number")
            return Thread(self, self.current)
        value = number(text)
        slot = value >> self.version_bits or value
        if slot < self.slots:
            address = self.machine.word(self.table + slot * self.machine.word_bits // 8)
            if address != self.dummy:
                thread = Thread(self, address)
                if value in (slot, thread.id):
                    return thread
        known = ", ".join(f"{t.id:x}" for t in self.threads() if not t.is_irq)
        raise gdb.GdbError(f"no thread {text}. There are (hexadecimal): {known or 'none'}")

    def ready(self):
        """(priority, threads in order) from the highest priority down."""
        front = int(self.cpu["g"]["front"])
        first = [Thread(self, front)] if front else []
        for prio in range(255, -1, -1):
            head = int(self.cpu["ready"][prio])
            threads = list(Thread(self, head).ring()) if head else []
            if first and first[0].prio == prio:
                threads = first + threads
            if threads:
                yield prio, threads
