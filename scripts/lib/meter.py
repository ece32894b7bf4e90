# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""The meter: run a system image under the TCG plugin tests/bench/meter and read what it counted.

Of the image it needs the addresses that a region begins and ends at, and where the kernel
begins; nothing in it is special to this kernel but the name of the function that looks for a
pending interrupt, and an image without one is measured as well.
"""
import json
import os
import shutil
import subprocess
from bisect import bisect_right
from collections import namedtuple

from . import qemu
from .elf import PT_LOAD, STT_FUNC
from .project import ROOT, UserError, run_tool

ELF_ARM = 40
LOOK = "glue_irq_pending"

# One kind of stay in the kernel, and how often there was one: see meter.c.
Stay = namedtuple("Stay", "count source entry exit insn ilines64 dlines64 ilines32 dlines32 stored")


def build_plugin():
    """The plugin's path, compiled if it isn't there or is older than its sources."""
    sources = sorted((ROOT / "tests" / "bench" / "meter").glob("*.[ch]"))
    plugin = ROOT / "build" / "meter" / "meter.so"
    if plugin.is_file() and plugin.stat().st_mtime > max(s.stat().st_mtime for s in sources):
        return plugin
    plugin.parent.mkdir(parents=True, exist_ok=True)
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not compiler:
        raise UserError("neither cc nor gcc found in PATH. On Debian: apt-get install gcc "
                        "(scripts/setup does it)")
    new = plugin.with_suffix(f".{os.getpid()}.so")  # several may be at it at a time
    if run_tool([compiler, "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC",
                 "-fvisibility=hidden", "-o", str(new)] +
                [str(s) for s in sources if s.suffix == ".c"]):
        raise UserError(f"{sources[0].parent}: the plugin did not compile; see above")
    new.replace(plugin)
    return plugin


class Symbols:
    """Addresses by names, and the other way round."""

    def __init__(self, elf):
        self.path = elf.path
        # Bit 0 of a function's address says Thumb.
        self.values = {s.name: s.value & ~1 if elf.machine == ELF_ARM and s.type == STT_FUNC
                       else s.value for s in elf.symbols()}
        self.ranges = [(s.vaddr, s.vaddr + s.memsz) for s in elf.segments if s.type == PT_LOAD]
        functions = elf.functions()
        self.starts = [a for a, _ in functions]
        self.names = [n for _, n in functions]

    def __getitem__(self, name):
        if name not in self.values:
            raise UserError(f"{self.path}: no symbol {name}; was it stripped?")
        return self.values[name]

    def __contains__(self, name):
        return name in self.values

    def covers(self, address):
        """Whether the file has code or data at an address."""
        return any(a <= address < b for a, b in self.ranges)

    def function_at(self, address):
        """The name of the function that an address is in, or "?"."""
        at = bisect_right(self.starts, address)
        return self.names[at - 1] if at else "?"


def kernel_base(symbols):
    """Where kernel addresses begin: no user program is in the kernel's 256 MiB or above."""
    return symbols["_text"] >> 28 << 28


def looks(elf, addr2line):
    """The addresses of the kernel's code, as far as it belongs to LOOK, also where the compiler
    has put that function into others: what the debug information says of each address."""
    text = next(s for s in elf.sections if s.name == ".text")
    step = 1 if elf.machine == 3 else 2 if elf.machine == ELF_ARM else 4
    addresses = range(text.addr, text.addr + text.size, step)
    done = subprocess.run([addr2line, "-a", "-i", "-f", "-e", elf.path], text=True, check=False,
                          input="".join(f"{a:#x}\n" for a in addresses), capture_output=True)
    if done.returncode:
        raise UserError(f"{addr2line} failed: {done.stderr.strip()}")
    found = []
    address = None
    for line in done.stdout.splitlines():
        if line.startswith("0x"):
            address = int(line, 16)
        elif line == LOOK and (not found or found[-1] != address):
            found.append(address)
    return found


def read_trace(path):
    """What `run` has traced: {(source, entry, exit, insn): [addresses]} of each kind of stay."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {tuple(values[:4]): values[4:] for values in lines}


def run(image, plugin, out, regions, base, *, stubs=None, points=(), trace=None, criteria=None,
        log=None, timeout=120):
    """Boot an image under the meter: (what it printed, the passes of the regions). `regions` is
    {name: (start, stop)}, `base` where the kernel begins; `out` a path without suffix for the
    plugin's files, `trace` a file for read_trace."""
    out.parent.mkdir(parents=True, exist_ok=True)
    result_file = out.with_suffix(".jsonl")
    arguments = [f"{plugin}", f"out={result_file}", f"kernel={base:#x}"]
    arguments += [f"region={name}:{a:#x}:{b:#x}" for name, (a, b) in regions.items()]
    if stubs:
        arguments.append(f"stubs={stubs[0]:#x}:{stubs[1]:#x}")
    if points:
        points_file = out.with_suffix(".points")
        points_file.write_text("".join(f"{p:#x}\n" for p in points), encoding="utf-8")
        arguments.append(f"points={points_file}")
    if trace:
        arguments.append(f"trace={trace}")
    result_file.unlink(missing_ok=True)
    result = qemu.run(image, criteria or qemu.Criteria(timeout=timeout), log=log,
                      extra=["-plugin", ",".join(qemu.escape_comma(a) for a in arguments)],
                      measure=True)
    if result.status != qemu.PASS:
        last = "\n".join(f"    | {line}" for line in result.last_lines())
        raise UserError(f"{image['isa']}: {result.status}: {result.reason}; the guest's last "
                        f"lines:\n{last}")
    passes = [json.loads(line)
              for line in result_file.read_text(encoding="utf-8").splitlines()]
    for one in passes:
        one["stays"] = [Stay(*values) for values in one["stays"]]
    return result.output, passes
