# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Step through the IPCs of tests/steps/steps.c on two kernels, and compare what user mode sees.

The first kernel has the port's hand-written IPC path, the second has not. After each instruction
in user mode all of its registers must be the same, and where a system call returns also the
thread's UTCB. What a system call leaves in a register is a result, the thread's own value, 0, or
what it knows, so nothing of the sender's or of the kernel's. And the hand-written path must have
been taken by all the IPCs that it is for.

Exit code: 0 all of this holds, 1 it doesn't, 2 bad arguments, 77 not run (the emulator is
missing).
"""
import argparse
import sys
from itertools import zip_longest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "gdb"), str(HERE.parent.parent / "scripts")]
import session
from gdbstub import Stub, StubError
from lib import meter, qemu
from lib.elf import Elf
from lib.project import main_guard

UTCB_WORDS, UTCB_MR = 128, 32
MESSAGE_WORDS = 63  # the bits of a tag that say how many
KERNEL_STEPS = 400  # after so many, a path that hasn't called k_ipc or k_ipc_to is left alone
TIME = 85  # seconds, for each kernel


class Port:
    """What user mode has of registers.

    general: those that a system call could leave something in; results: those of them that have a
    result; places: what else may be in one, by the name of the register that has the same; old:
    those that may have a value of the thread's own from an earlier system call;
    fixed: what is in others behind a system call; others: what is to be compared besides;
    single: and must be asked for one by one, where a system call returns; undefined: those that
    need not be the same on both kernels; alone: its path takes messages alone; knows: where those
    may have the thread's id, that and 1, its number, 1, the number of the message's words, that in
    bytes, also of those behind the 32nd, these words, and the results."""

    def __init__(self, pc, sp, general, results, places, fixed, others, single=(), old=(),
                 undefined=(), knows=False, alone=True):
        self.pc, self.sp, self.general, self.results = pc, sp, general, results
        self.places, self.fixed, self.single, self.old = places, fixed, single, old
        self.undefined, self.knows, self.alone = undefined, knows, alone
        self.compared = set([pc, sp, *general, *fixed, *others])


PORTS = {
    "ia32": Port("eip", "esp", "eax ecx edx ebx ebp esi edi".split(), ("eax", "ebx"),
                 {"ecx": "esp", "edx": "eip"},
                 # Flat segments, and the UTCB's; flags as of a 0: IF, ZF, PF.
                 {"cs": 0x23, "ss": 0x2b, "ds": 0x2b, "es": 0x2b, "gs": 0x0b, "eflags": 0x246},
                 ["fs", "fs_base", "gs_base", "cr0", "fctrl", "fstat", "ftag", "mxcsr"] +
                 [f"st{n}" for n in range(8)] + [f"xmm{n}" for n in range(8)]),
    "arm": Port("pc", "sp", [f"r{n}" for n in range(13)] + ["lr", "cpsr"], ("r0", "r1"), {}, {},
                [], ("fpscr", "fpexc", "d0", "TPIDRURW", "TPIDRURO")),
    "mips64": Port("pc", "r29", [f"r{n}" for n in range(1, 32) if n not in (28, 29)] +
                   ["hi", "lo"], ("r2", "r3"), {"r31": "pc"}, {"r0": 0},
                   ["r28", "status", "fcr31"] + [f"f{n}" for n in range(32)],
                   old=("r4", "r5"), undefined=[f"r{n}" for n in range(1, 28) if n not in (2, 3)],
                   knows=True),
}
PORTS["mips64el"] = PORTS["mips64"]


class Trace:
    """What happened on one kernel: states [(what, {register: value})] in user mode, and faults."""

    def __init__(self, image):
        self.image = image
        self.port = PORTS[image["isa"]]
        kernel, program = Elf(image["kernel"]), Elf(image["modules"][0]["file"])
        self.kernel, self.program = meter.Symbols(kernel), meter.Symbols(program)
        self.base = meter.kernel_base(self.kernel)
        self.ids = (1 << kernel.bits) - 2  # anythread and waitnotify, the arguments
        self.k_ipc = {self.kernel[name] for name in ("k_ipc", "k_ipc_to") if name in self.kernel}
        self.states, self.faults = [], []
        self.ipcs = self.fast = 0
        self.entries = {}  # stack pointer: registers at the thread's last system call
        self.elf = kernel

    def record(self, socket):
        self.stub = Stub(socket, self.elf, TIME)
        try:
            self.stub.run_to(self.program["steps_begin"])
            self.follow()
            self.plain, alone = (self.stub.value(self.stub.memory(self.program[name], 4))
                                 for name in ("steps_plain", "steps_alone"))
            self.plain += alone if self.port.alone else 0
        finally:
            self.stub.close()

    def look(self):
        regs = self.stub.registers(self.port.compared)
        return regs, regs[self.port.pc]

    def follow(self):
        """Step by step, as long as it takes."""
        trap, ret, seen, end = (self.program[f"steps_{name}"]
                                for name in ("trap", "return", "seen", "end"))
        regs, pc = self.look()
        while True:
            if pc >= self.base:
                pc, regs, called = self.through_kernel(last)
                if last == trap:
                    self.ipcs += 1
                    self.fast += not called
                if pc == ret:
                    regs.update((name, self.stub.register(name)) for name in self.port.single)
                    arrived = regs
            if pc == seen:
                # The debugger reads only what the TLB holds: the thread has used both pages.
                self.returned(arrived)
                regs["UTCB"] = self.stub.memory(self.stub.word(regs[self.port.sp]),
                                                UTCB_WORDS * self.stub.bits // 8).hex()
            self.states.append((f"{pc:#x}", regs))
            if pc == end:
                return
            if pc == trap:
                self.entries[regs[self.port.sp]] = regs
                self.sender = regs
            before, last = {name: regs[name] for name in self.port.compared}, pc
            while regs == before or regs is self.states[-1][1]:
                self.stub.step()  # it may end without having done anything
                regs, pc = self.look()

    def through_kernel(self, last):
        """Until user mode: (pc, registers, whether it came by k_ipc or k_ipc_to). Step by step, to
        see that, and then at once: to behind a system call, or back to where the kernel was
        entered."""
        for _ in range(KERNEL_STEPS):
            regs, pc = self.look()
            if pc < self.base:
                return pc, regs, False
            if pc in self.k_ipc:
                break
            self.stub.step()
        called = pc in self.k_ipc
        self.stub.run_to(*{self.program["steps_return"], last})
        regs, pc = self.look()
        return pc, regs, called

    def returned(self, regs):
        """A system call returns: what it leaves in registers."""
        port, sp = self.port, regs[self.port.sp]
        own = self.entries.get(sp)
        known = self.known(regs) if port.knows else ()
        for name in port.general:
            value = regs[name]
            if name in port.results or value in (0, regs.get(port.places.get(name))):
                continue
            if name in port.undefined and value in known:
                continue
            if own and name not in port.old:
                if value != own[name]:
                    self.fault(regs, f"{name} is {value:#x}, neither 0 nor its own {own[name]:#x}")
            elif value < self.ids and (value >= self.base or value in self.sender.values()):
                # The ids are everybody's: one of an earlier call may be there.
                self.fault(regs, f"{name} is {value:#x}, of the kernel's or the sender's")
        for name, value in port.fixed.items():
            if regs[name] != value:
                self.fault(regs, f"{name} is {regs[name]:#x} instead of {value:#x}")

    def known(self, regs):
        """See Port.knows. The thread has the address of its UTCB on the stack."""
        size, utcb = self.stub.bits // 8, self.stub.word(regs[self.port.sp])
        words = [self.stub.word(utcb + size * n) for n in range(UTCB_WORDS)]
        tag, sender = (regs[name] for name in self.port.results)
        count, own = tag & MESSAGE_WORDS, words[0]
        return {own, own + 1, own >> self.stub.bits // 2, 1, count, count * size, (count - 32) * size,
                tag, sender,
                *words[UTCB_MR + 1:UTCB_MR + 1 + count]}

    def fault(self, regs, text):
        if len(self.faults) < 10:
            self.faults.append(f"{self.image['name']}, IPC {self.ipcs}, at "
                               f"{regs[self.port.pc]:#x}, stack {regs[self.port.sp]:#x}: {text}")


def record(image, log):
    trace = Trace(image)
    with session.stopped(image, log) as guest:
        try:
            trace.record(guest.socket)
        except StubError as error:
            last = guest.printed().splitlines()[-qemu.LAST_LINES:]
            trace.faults.append(f"{image['name']}: {error}; the guest's last lines:\n" +
                                "\n".join(f"  | {text}" for text in last))
    return trace


def first_difference(one, other):
    for at, pair in enumerate(zip_longest(one.states, other.states, fillvalue=("the end", {}))):
        (place, regs), (other_place, other_regs) = pair
        if place != other_place:
            return f"step {at}: at {place} and at {other_place}"
        different = [f"{name} {show(regs[name])} and {show(other_regs.get(name, 0))}"
                     for name in regs if regs[name] != other_regs.get(name) and
                     name not in one.port.undefined]
        if different:
            return f"step {at}, at {place}: " + ", ".join(different)
    return None


def show(value):
    return value if isinstance(value, str) else f"{value:#x}"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("images", nargs=2, metavar="IMAGE",
                        help="images/NAME.json in a build directory: with the hand-written path, "
                        "and without")
    parser.add_argument("--log", default="steps.log",
                        help="file for what the guests print; .0 and .1 are appended")
    args = parser.parse_args()
    traces = []
    for at, path in enumerate(args.images):
        image = qemu.load_image(path)
        missing = session.missing(image)
        if missing:
            print(f"not run: {missing}")
            return 77
        log = Path(f"{args.log}.{at}")
        log.parent.mkdir(parents=True, exist_ok=True)
        traces.append(record(image, log))
    fast, plain = traces
    faults = fast.faults + plain.faults
    if not faults:
        different = first_difference(fast, plain)
        if different:
            faults.append(f"not the same: {different}")
        if fast.fast < fast.plain or not fast.plain:
            faults.append(f"{fast.fast} IPCs took the hand-written path; it is for at least "
                          f"{fast.plain} of them")
        if plain.fast:
            faults.append(f"{plain.fast} IPCs did not come to k_ipc without such a path")
    print(f"{fast.ipcs} IPCs, {fast.fast} by the hand-written path; {len(fast.states)} states of "
          f"user mode, {len(plain.states)} without it", *faults, sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    main_guard(main, "compare")
