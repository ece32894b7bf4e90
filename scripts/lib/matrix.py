# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Build Cobnut for every ISA and configuration, boot each in the emulator, print the boot matrix
and compare IPC across the ISAs.

Installs missing packages first (scripts/setup). Exit code 0 only if every row passed. In the
output directory: matrix.md, matrix.json, junit.xml, and logs/ with the builds' output and the
guests' consoles.
"""
import argparse
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from lib import qemu, report
from lib.elf import Elf
from lib.project import (CONFIGS, ROOT, UserError, build_dir, check_isa, configure_and_build,
                         configured_board, default_board, main_guard, preset_of, target_presets)

# Booted only where asked for: the two byte orders share all code, and scripts/test runs this one.
ON_REQUEST = [("mips64el", "debug")]
# What the root task prints when all that it shows has worked.
EXPECT = [r"^\[root\] all passed"]
FAIL = [r"^\[root\] FAIL.*", r"^cobnut: panic.*"]
# Every boot but the CD's measures IPC; a root task that measured nothing has not done its job.
EXPECT_IPC = [r"^\[ipc\] space=intra words=0 ", r"^\[ipc\] space=inter words=0 "]
IPC_LINE = re.compile(r"^\[ipc\] space=(?P<space>intra|inter) words=(?P<words>\d+) "
                      r"round_trip_insn=(?P<round_trip>[\d.]+) one_way=(?P<one_way>[\d.]+) "
                      r"calib=(?P<calib>[\d.]+)", re.MULTILINE)


@dataclass
class Row:
    """One line of the matrix: an ISA and configuration on a board, booted once."""
    isa: str
    config: str
    board: str
    image: str = "root"
    status: str = qemu.NOT_RUN
    seconds: float = 0.0
    reason: str = ""
    output: str = ""
    ipc: list = field(default_factory=list)

    @property
    def name(self):
        return f"{self.isa} {self.config} {self.board}"

    @property
    def iso(self):
        return self.image.endswith("-iso")


class Matrix:
    def __init__(self, args):
        self.args = args
        self.out = Path(args.out)
        self.start = time.monotonic()
        self.lock = threading.Lock()
        self.stopped = False
        self.groups = {}  # preset: its rows, the CD's last
        iso_config = "release" if "release" in args.config else args.config[-1]
        for isa, config in wanted(args):
            preset = preset_of(isa, config)
            board = configured_board(build_dir(preset)) or default_board(isa)
            rows = self.groups[preset] = [Row(isa, config, board)]
            if "iso" in qemu.load_board(board)["qemu"]["boot"] and config == iso_config:
                rows.append(Row(isa, config, f"{board}-iso", "root-iso"))
        self.sizes = []

    @property
    def rows(self):
        every = [row for rows in self.groups.values() for row in rows]
        return sorted(every, key=lambda row: row.iso)

    def progress(self, text):
        with self.lock:
            print(f"[{time.monotonic() - self.start:6.1f} s] {text}", flush=True)

    def run(self):
        jobs = self.args.jobs
        workers = max(1, min(jobs, len(self.groups)))
        with ThreadPoolExecutor(workers) as pool:
            futures = [pool.submit(self.run_preset, preset, rows, max(1, jobs // workers))
                       for preset, rows in self.groups.items()]
            try:
                for future in futures:
                    future.result()
            except BaseException:
                self.stopped = True
                pool.shutdown(wait=False, cancel_futures=True)
                qemu.stop_all()
                raise

    def run_preset(self, preset, rows, jobs):
        log = self.out / "logs" / f"{preset}.build.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        self.progress(f"{preset}: building")
        with open(log, "w", encoding="utf-8") as file:
            built = configure_and_build(preset, jobs, targets=["matrix"], log=file)
        if not built:
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
            for row in rows:
                row.status, row.reason = qemu.FAIL, f"the build failed; see {log}"
                row.output = "\n".join(lines[-qemu.LAST_LINES:])
            self.progress(f"{preset}: the build FAILED; the last lines of {log}:\n" +
                          "\n".join(f"    | {line}" for line in lines[-qemu.LAST_LINES:]))
            return
        sizes = Elf(build_dir(preset) / "kernel.elf").section_sizes()
        self.sizes.append({"isa": rows[0].isa, "config": rows[0].config, **sizes})
        for row in rows:
            if not self.stopped:
                self.boot(preset, row)

    def boot(self, preset, row):
        try:
            image = qemu.load_image(build_dir(preset) / "images" / f"{row.image}.json")
        except UserError:  # a new port
            row.reason = f"{row.isa} boots no image yet"
            self.progress(f"{row.name}: {row.status}: {row.reason}")
            return
        row.board = image["board"] + ("-iso" if row.iso else "")
        self.progress(f"{row.name}: booting")
        criteria = qemu.Criteria(([] if row.iso else EXPECT_IPC) + EXPECT, FAIL, "ok",
                                 self.args.timeout)
        log = self.out / "logs" / f"{row.name.replace(' ', '-')}.log"
        result = qemu.run(image, criteria, log, measure=not row.iso)
        row.status, row.seconds, row.reason = result.status, result.seconds, result.reason
        row.output = result.output
        if not row.iso and result.status == qemu.PASS:
            row.ipc = [{"isa": row.isa, "config": row.config, "space": m["space"],
                        "words": int(m["words"]), "metric": "insn",
                        "one_way": float(m["one_way"])}
                       for m in IPC_LINE.finditer(result.output)]
        text = f"{row.name}: {row.status} ({row.seconds:.1f} s)"
        if row.status != qemu.PASS:
            text += f": {row.reason}; the last lines of {log}:\n"
            text += "\n".join(f"    | {line}" for line in result.last_lines())
        self.progress(text)

    # ---- reports ------------------------------------------------------------------------

    def tables(self, markdown):
        heading = "## " if markdown else ""
        out = [f"{heading}Boot matrix", "", report.table(
            ["isa", "config", "board", "status", "seconds"],
            [[r.isa, r.config, r.board, r.status, f"{r.seconds:.1f}"] for r in self.rows],
            markdown), ""]
        columns = [(r.isa, r.config) for r in self.rows if r.ipc]
        figures = {(i["isa"], i["config"], i["space"], i["words"]): i["one_way"]
                   for r in self.rows for i in r.ipc}
        if figures:
            lines = sorted({key[2:] for key in figures}, key=lambda k: (k[0] != "intra", k[1]))
            out += [f"{heading}IPC, one way: instructions of kernel and user together, half a "
                    "round trip", "", report.table(
                        ["space", "words"] + [" ".join(c) for c in columns],
                        [[space, words] + [figures.get((*c, space, words), "-") for c in columns]
                         for space, words in lines], markdown), ""]
        if self.sizes:
            out += [f"{heading}Kernel size, bytes (text: .text alone)", "", report.table(
                ["isa", "config", "text", "data", "bss"],
                [[s[k] for k in ("isa", "config", "text", "data", "bss")]
                 for s in self.sorted_sizes()], markdown), ""]
        return "\n".join(out)

    def sorted_sizes(self):
        order = list(self.groups)
        return sorted(self.sizes, key=lambda s: order.index(preset_of(s["isa"], s["config"])))

    def write(self):
        self.out.mkdir(parents=True, exist_ok=True)
        data = {"rows": [{"isa": r.isa, "config": r.config, "board": r.board, "status": r.status,
                          "seconds": round(r.seconds, 2)} for r in self.rows],
                "ipc": [i for r in self.rows for i in r.ipc], "sizes": self.sorted_sizes()}
        (self.out / "matrix.json").write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
        (self.out / "matrix.md").write_text(self.tables(markdown=True), encoding="utf-8")
        report.write_junit(self.out / "junit.xml", [
            report.Case("matrix", r.name, r.status, r.seconds, r.reason, r.output)
            for r in self.rows])


def wanted(args):
    found = [key for key in target_presets() if key[0] in args.isa and key[1] in args.config and
             (args.chosen or key not in ON_REQUEST)]
    if not found:
        raise UserError(f"no preset for {', '.join(args.isa)} with {', '.join(args.config)}")
    return found


def dry_run(matrix):
    for preset, rows in matrix.groups.items():
        for row in rows:
            image = qemu.expected_image(row.isa, row.config, build_dir(preset),
                                        row.board.removesuffix("-iso"), iso=row.iso)
            print(shlex.join(qemu.command_line(image, measure=not row.iso) + ["-serial", "stdio"]))


def install_missing():
    setup = ROOT / "scripts" / "setup"
    if subprocess.run([setup, "--check"], check=False).returncode == 0:
        return
    print("Installing what is missing (scripts/setup):", flush=True)
    if subprocess.run([setup], check=False).returncode:
        print("scripts/setup failed; going on with what there is", flush=True)


def parse():
    every = list(dict.fromkeys(key[0] for key in target_presets()))
    parser = argparse.ArgumentParser(prog="scripts/matrix", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--isa", action="append", help=f"only this one; one of {', '.join(every)}; "
                        "may be given several times")
    parser.add_argument("--config", action="append", help="only this one: debug or release")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N",
                        help="builds and boots at the same time (default: the processors)")
    parser.add_argument("--out", default=str(ROOT / "build" / "matrix"), metavar="DIR",
                        help="for the reports and logs (default: build/matrix)")
    parser.add_argument("--timeout", type=float, default=120, metavar="SECONDS",
                        help="for one boot (default: 120)")
    parser.add_argument("--no-setup", action="store_true", help="install nothing")
    parser.add_argument("--dry-run", action="store_true", help="print QEMU's command lines only")
    args = parser.parse_args()
    args.chosen = bool(args.isa or args.config)
    # Both options also take a list with commas.
    args.isa = [i for text in args.isa or every for i in text.split(",")]
    args.config = [c for text in args.config or CONFIGS for c in text.split(",")]
    for isa in args.isa:
        check_isa(isa)
    for config in args.config:
        if config not in CONFIGS:
            raise UserError(f'unknown configuration "{config}". Valid: {", ".join(CONFIGS)}.')
    if args.jobs < 1:
        raise UserError(f"--jobs {args.jobs}: at least 1 is needed")
    return args


def main():
    args = parse()
    matrix = Matrix(args)
    if args.dry_run:
        dry_run(matrix)
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if not args.no_setup:
        install_missing()
    matrix.run()
    matrix.write()
    print("\n" + matrix.tables(markdown=False))
    bad = [row for row in matrix.rows if row.status != qemu.PASS]
    print(f"{len(matrix.rows) - len(bad)} of {len(matrix.rows)} passed; "
          f"reports in {matrix.out}")
    return 1 if bad else 0


if __name__ == "__main__":
    main_guard(main, "matrix")
