# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Count what each operation of the kernel costs, in instructions and cache lines, on every ISA,
and set it beside the targets, what others published, and the committed baseline.

Builds the release kernels and boots user/bench in the emulator under tests/bench/meter. The
figures are counts, the same on every machine. In the output directory: bench.json, bench.md and
bench.html, a page that needs no network. docs/performance.md says what is counted.
"""
import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from lib import benchcycles, benchreasons, benchreport, benchrun, meter, qemu
from lib.benchdata import ISAS, TITLES
from lib.project import (ROOT, UserError, build_dir, check_isa, configure_and_build, default_board,
                         main_guard, preset_of)

BASELINE = ROOT / "tests" / "bench" / "baseline.json"
COMPARED = (benchrun.FEW, benchrun.CROWDED, benchcycles.METRIC)
WORSE = 0.01  # what may be: one per cent
KEY = ("isa", "op", "path", "space", "words", "metric")
ROW = KEY + ("value",) + benchrun.LINES


def paths_of(directory):
    """The images there are, by the path that their kernels go: with the port's fast path, if it
    has one, and without."""
    names = (directory / "images" / "names").read_text(encoding="utf-8").split()
    return {"fast": "bench", "c": "bench-c"} if "bench-c" in names else {"c": "bench"}


def output_of(*line):
    try:
        return subprocess.run(line, cwd=ROOT, capture_output=True, text=True,
                              check=False).stdout.strip()
    except FileNotFoundError:
        return ""


def compiler_version(directory):
    commands = json.loads((directory / "compile_commands.json").read_text(encoding="utf-8"))
    return output_of(shlex.split(commands[0]["command"])[0], "-dumpfullversion")


class Bench:
    def __init__(self, args):
        self.args = args
        self.start = time.monotonic()
        self.data = {"results": [], "sizes": [], "qemu": "", "gcc": "",
                     "commit": output_of("git", "describe", "--always", "--dirty")}
        self.notes = []
        self.profiles = []

    def progress(self, text):
        if not self.args.quiet:
            print(f"[{time.monotonic() - self.start:6.1f} s] {text}", file=sys.stderr, flush=True)

    def run(self):
        plugin = meter.build_plugin()
        for isa in self.args.isa:
            preset = preset_of(isa, "release")
            directory = self.args.build_dir or build_dir(preset)
            if not self.args.no_build:
                self.progress(f"{preset}: building")
                self.build(preset, directory)
            for path, image in paths_of(directory).items():
                self.progress(f"{isa}: measuring, {path} path")
                profiles = [] if self.args.profile else None
                rows, size, what = benchrun.measure(isa, path, image, plugin, directory,
                                                    self.args.timeout, profiles)
                self.profiles += [(isa, path, *p) for p in profiles or ()]
                self.data["results"] += rows
                self.data["sizes"].append(size)
                self.notes.append(f"{isa}, {path}: interrupts are off for at most " + ", ".join(
                    f"{insn} in {name}" for name, insn in what.items()))
            self.data["gcc"] = self.data["gcc"] or compiler_version(directory)
            board = qemu.load_board(default_board(isa))
            version = re.search(r"version (\S+)", output_of(board["qemu"]["binary"][isa],
                                                            "--version"))
            self.data["qemu"] = self.data["qemu"] or (version[1] if version else "")
        self.progress("done")

    def build(self, preset, directory):
        log = directory / "logs" / "bench.build.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with open(log, "w", encoding="utf-8") as file:
            # All images of the benchmark: with a fast path there are two.
            good = configure_and_build(preset, os.cpu_count(), ["bench-images"], log=file)
        if not good:
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
            raise UserError(f"building {preset} failed; the last lines of {log}:\n" +
                            "\n".join(f"    | {line}" for line in lines[-qemu.LAST_LINES:]))


def profile_text(profiles, ops):
    """A line for each stay in the kernel: how many instructions, and in which functions."""
    return "\n".join(
        f"{isa} {op} ({path} path, {space}, {words} words): {sum(n for _, n in functions)}\n    "
        + ", ".join(f"{name} {n}" for name, n in functions)
        for isa, path, op, space, words, functions in profiles if not ops or op in ops)


def read_json(path):
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
        return {tuple(r[k] for k in KEY): r for r in data["results"]}
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise UserError(f"{path}: not a bench.json: an object with the list \"results\", whose "
                        f"members have {', '.join(ROW)}") from None


def changes(old, new):
    """What differs by more than one per cent: ([worse], [better]) of texts."""
    worse, better = [], []
    for key, row in new.items():
        if key not in old or row["metric"] not in COMPARED:
            continue
        before, after = old[key]["value"], row["value"]
        text = (f"{row['isa']} {row['op']} ({row['path']} path, {row['space']}, {row['words']} "
                f"words, {row['metric']}): {before} -> {after}")
        if after > before * (1 + WORSE):
            worse.append(text)
        elif after < before * (1 - WORSE):
            better.append(text)
    return worse, better


def compare(old_file, new_file):
    worse, better = changes(read_json(old_file), read_json(new_file))
    for name, texts in (("worse", worse), ("better", better)):
        print(f"{len(texts)} {name} by more than 1 %")
        for text in texts:
            print(f"  {text}")
    return 1 if worse else 0


def kept(results):
    """Those results that the baseline is about: what the kernel's instructions are."""
    return [r for r in results if r["metric"] in (benchrun.FEW, benchrun.CROWDED)]


def gate(results, isas):
    """Hold the results against the baseline: the exit code."""
    baseline = {k: r for k, r in read_json(BASELINE).items() if k[0] in isas}
    new = {tuple(r[k] for k in KEY): r for r in results}
    worse, better = changes(baseline, new)
    gone = [" ".join(str(k) for k in key) for key in baseline if key not in new]
    added = [key for key in kept(results) if tuple(key[k] for k in KEY) not in baseline]
    for text in better:
        print(f"better: {text}")
    for text in worse:
        print(f"WORSE: {text}")
    for text in gone:
        print(f"GONE: {text}: the baseline has it, this run hasn't")
    if better or added:
        print(f"bench: {len(better)} figures are better than the baseline, {len(added)} are not "
              "in it. Keep them: scripts/bench --update-baseline")
    print(f"bench: {len(kept(results))} figures, {len(worse)} worse than the baseline by more "
          "than 1 %")
    return 1 if worse or gone else 0


def targets(data, reasons):
    """Each target is met, or the file says why not: the exit code."""
    without, stale = benchreasons.complaints(data, reasons)
    for text in stale:
        print(f"stale: {text}: the target is met; take the reason out of {reasons.path.name}")
    for text in without:
        print(f"MISS WITHOUT A REASON: {text}; {reasons.path.name} has to say why")
    print(f"bench: {len(benchreasons.misses(data))} figures miss their target, {len(without)} "
          "without a reason")
    return 1 if without else 0


def update_baseline(results, isas):
    others = [r for k, r in read_json(BASELINE).items() if k[0] not in isas] \
        if BASELINE.is_file() else []
    every = sorted(others + kept(results), key=lambda r: (ISAS.index(r["isa"]), r["path"]))
    lines = ",\n".join(json.dumps({k: r[k] for k in ROW}) for r in every)
    BASELINE.write_text(f'{{"results": [\n{lines}\n]}}\n', encoding="utf-8")
    print(f"{BASELINE.relative_to(ROOT)}: {len(every)} figures")


def from_log(args):
    """Reports of what a real machine has printed."""
    results, rate = benchcycles.rows(args.from_log, args.path, args.cycles_per_tick)
    data = {"results": results, "sizes": [], "qemu": "", "gcc": "",
            "commit": output_of("git", "describe", "--always", "--dirty")}
    reasons = benchreasons.Reasons()
    benchreport.write(Path(args.out), data, reasons)
    print(benchreport.text(data, reasons))
    print(f"in the known loop: {rate:.2f} instructions a cycle\n\nreports in {args.out}")
    return 0


def dry_run(isas):
    for isa in isas:
        preset = preset_of(isa, "release")
        print(f"cmake --preset {preset} && cmake --build --preset {preset} --target bench-images")
        image = qemu.expected_image(isa, "release", build_dir(preset), name="bench")
        image["cmdline"] = "kmem=48M"
        image["modules"] = [{"cmdline": "bench",
                             "file": str(build_dir(preset) / "programs" / "bench")}]
        print(shlex.join(qemu.command_line(image, ["-plugin", "build/meter/meter.so,..."],
                                           measure=True) + ["-serial", "stdio"]))


def parse():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--isa", action="append", metavar="ISA",
                        help=f"only this one; several: again, or with commas; of {', '.join(ISAS)}")
    parser.add_argument("--out", metavar="DIR", default=str(ROOT / "build" / "bench"),
                        help="where the reports go (default: build/bench)")
    parser.add_argument("--op", action="append", metavar="OP",
                        help="print only the costs of this operation; several: again, or with "
                        "commas (call,reply_wait); the reports have all")
    parser.add_argument("--profile", action="store_true",
                        help="print instead in which of the kernel's functions the instructions "
                        "are, in the order of execution, a line for each stay in the kernel")
    parser.add_argument("--compare", nargs=2, metavar=("A.json", "B.json"),
                        help="measure nothing: say what is worse or better in B than in A by more "
                        "than 1 %%; exit code 1 if something is worse")
    parser.add_argument("--gate", action="store_true",
                        help="fail if an operation is more than 1 %% worse than the baseline, or "
                        "misses its target without a reason in tests/bench/reasons.json")
    parser.add_argument("--update-baseline", action="store_true",
                        help="write the figures to tests/bench/baseline.json")
    parser.add_argument("--from-log", metavar="FILE",
                        help="measure nothing: FILE is what user/bench has printed on a real "
                        "machine; its times become the metric cycles")
    parser.add_argument("--path", choices=("fast", "c"), default="fast",
                        help="with --from-log: of the kernel that ran (default: fast)")
    parser.add_argument("--cycles-per-tick", type=float, metavar="N",
                        help="with --from-log: cycles of the processor in a tick of the clock that "
                        "the log names (default: 1 for the TSC)")
    parser.add_argument("--dry-run", action="store_true", help="print the commands only")
    parser.add_argument("--no-build", action="store_true", help="measure what is built")
    parser.add_argument("--build-dir", type=Path, metavar="DIR",
                        help="of the one ISA (default: that of its release preset)")
    parser.add_argument("--timeout", type=float, default=120, metavar="SECONDS",
                        help="for each boot (default: 120)")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    args = parser.parse_args()
    args.isa = [i for text in args.isa or ISAS for i in text.split(",")]
    for isa in args.isa:
        check_isa(isa)
    args.op = [o for text in args.op or () for o in text.split(",")]
    unknown = [o for o in args.op if o not in TITLES]
    if unknown:
        raise UserError(f'unknown operation "{unknown[0]}". Valid: {", ".join(TITLES)}.')
    if args.cycles_per_tick is not None and args.cycles_per_tick <= 0:
        raise UserError(f"--cycles-per-tick {args.cycles_per_tick:g}: a positive number is needed")
    if args.build_dir and len(args.isa) != 1:
        raise UserError("--build-dir: name the ISA that was built there: --isa ISA")
    return args


def main():
    args = parse()
    if args.compare:
        return compare(*args.compare)
    if args.from_log:
        return from_log(args)
    if args.dry_run:
        dry_run(args.isa)
        return 0
    bench = Bench(args)
    bench.run()
    if args.profile:
        print(profile_text(bench.profiles, args.op))
        return 0
    if args.update_baseline:
        update_baseline(bench.data["results"], args.isa)
        return 0
    reasons = benchreasons.Reasons()
    if args.gate:
        return gate(bench.data["results"], args.isa) | targets(bench.data, reasons)
    out = Path(args.out)
    benchreport.write(out, bench.data, reasons)
    print(benchreport.text(bench.data, reasons, args.op))
    if not args.op:
        print("\n".join(bench.notes))
    print(f"\nreports in {out}")
    return 0


if __name__ == "__main__":
    main_guard(main, "bench")
