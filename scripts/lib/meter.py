# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Count the kernel's instructions for one IPC, from one entry into the kernel to the next.

The root task's ping-pong runs under a TCG plugin (tests/bench/meter) that looks at every
instruction. From one execution of k_ipc's first instruction to the next, the kernel finishes
one IPC, returns to the partner, and is entered again: exactly what a one-way IPC costs, call
and reply_wait alternating. The plugin's figures must agree with the instructions that the root
task finds by the guest's clock in the same run, or nothing is reported.
"""
import argparse
import json
import os
import re
import shutil
import sys
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from lib import qemu
from lib.elf import Elf
from lib.project import (ROOT, UserError, build_dir, configure_and_build, main_guard, preset_of,
                         run_tool, target_presets)
from lib.report import table

ELF_ARM = 40  # bit 0 of a function's address: Thumb code
LIMITS = {"ia32": 150, "arm": 150, "mips64": 170, "mips64el": 170}  # for the C path
MIN_PASSES = 1500  # of one message length; the ping-pong does 1000 round trips
LINE = re.compile(r"\[ipc\] space=(\w+) words=(\d+) round_trip_insn=([\d.]+)")


def build_plugin():
    source = ROOT / "tests" / "bench" / "meter" / "meter.c"
    plugin = ROOT / "build" / "meter" / "meter.so"
    plugin.parent.mkdir(parents=True, exist_ok=True)
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not compiler:
        raise UserError("neither cc nor gcc found in PATH. On Debian: apt-get install gcc "
                        "(scripts/setup does it)")
    if run_tool([compiler, "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC",
                 "-fvisibility=hidden", "-o", str(plugin), str(source)]):
        raise UserError(f"{source} did not compile; see above")
    return plugin


def symbol(elf, name):
    for s in elf.symbols():
        if s.name == name:
            return s.value & ~1 if elf.machine == ELF_ARM else s.value
    raise UserError(f"{elf.path}: no symbol {name}; was it stripped?")


def lengths(passes):
    """The stretches of passes in which call and reply cost the same again and again:
    [(round trip kernel instructions, user instructions, number of passes)]."""
    pairs = [(a["kernel"] + b["kernel"], a["user"] + b["user"])
             for a, b in zip(passes[::1], passes[1::1])]
    runs = [(key, sum(1 for _ in run)) for key, run in groupby(pairs)]
    return [(kernel, user, count) for (kernel, user), count in runs if count >= MIN_PASSES]


def measure(isa, config, plugin):
    preset = preset_of(isa, config)
    directory = build_dir(preset)
    if not configure_and_build(preset, os.cpu_count(), ["image-root"], log=sys.stderr):
        raise UserError(f"building {preset} failed; see above")
    image = qemu.load_image(directory / "images" / "root.json")
    kernel = Elf(image["kernel"])
    entry = symbol(kernel, "k_ipc")
    base = symbol(kernel, "_text") >> 28 << 28
    out = directory / "logs" / "meter.jsonl"
    out.parent.mkdir(parents=True, exist_ok=True)
    extra = ["-plugin", f"{plugin},out={out},kernel={base:#x},region=ipc:{entry:#x}:{entry:#x}"]
    result = qemu.run(image, qemu.Criteria(expect=[r"^\[root\] all passed"], timeout=300),
                      log=directory / "logs" / "meter.log", extra=extra, measure=True)
    if result.status != qemu.PASS:
        last = "\n".join(result.last_lines())
        raise UserError(f"{preset}: {result.status}: {result.reason}\n{last}")
    by_clock = [(m[1], int(m[2]), float(m[3])) for m in LINE.finditer(result.output)]
    passes = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    by_plugin = lengths(passes)
    if not by_clock or len(by_clock) != len(by_plugin):
        raise UserError(f"{preset}: the guest timed {len(by_clock)} message lengths, the plugin "
                        f"saw {len(by_plugin)}")
    rows = []
    for (space, words, trip), (k, user, _) in zip(by_clock, by_plugin):
        # The guest's clock has a resolution of some instructions, over 1000 round trips.
        if abs(trip - k - user) > 1:
            raise UserError(f"{preset}: {space}, {words} words: {trip} instructions a round trip "
                            f"by the guest's clock, {k + user} by the plugin")
        rows.append({"isa": isa, "config": config, "space": space, "words": words,
                     "kernel": k / 2, "user": user / 2})
    return rows


def main():
    isas = sorted({isa for isa, config in target_presets()})
    parser = argparse.ArgumentParser(prog="scripts/meter", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("isa", metavar="ISA", nargs="*", help=f"default: {' '.join(isas)}")
    parser.add_argument("--config", default="release", help="debug or release (default: release)")
    parser.add_argument("--json", metavar="FILE", help="write the figures there, too")
    args = parser.parse_args()
    plugin = build_plugin()
    rows = []
    for isa in args.isa or isas:
        rows += measure(isa, args.config, plugin)
    print(table(["isa", "space", "words", "kernel, one way", "user, one way"],
                [(r["isa"], r["space"], r["words"], r["kernel"], r["user"]) for r in rows]))
    if args.json:
        Path(args.json).write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    over = [r for r in rows if args.config == "release" and r["words"] == 0 and
            r["kernel"] > LIMITS.get(r["isa"], float("inf"))]
    for r in over:
        print(f"meter: {r['isa']}, {r['space']}: {r['kernel']} kernel instructions; "
              f"at most {LIMITS[r['isa']]} are wanted", file=sys.stderr)
    return 1 if over else 0


if __name__ == "__main__":
    main_guard(main, "meter")
