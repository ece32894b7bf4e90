# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Run QEMU with the meter and print what is executed between two addresses of any system image.

  scripts/meter --elf kernel.elf --kernel 0xc0000000 --region ipc=k_ipc:k_ipc -- \\
      qemu-system-i386 -kernel kernel.elf -display none

Addresses are numbers, or names of symbols of --elf (which may be given several times). For each
region: how often it was passed, and of the pass in the middle the instructions, entries into the
kernel, and cache lines; then the stays in the kernel that its passes had. For this kernel's own
operations there is scripts/bench.
"""
import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from lib import meter, qemu
from lib.elf import Elf, ElfError
from lib.project import UserError, main_guard
from lib.report import table

SHOWN = 20


class Names:
    """The symbols of all files."""

    def __init__(self, files):
        try:
            self.all = [meter.Symbols(Elf(f)) for f in files]
        except (OSError, ElfError) as error:
            raise UserError(error) from None

    def address(self, text):
        try:
            return int(text, 0)
        except ValueError:
            for symbols in self.all:
                if text in symbols:
                    return symbols[text]
        raise UserError(f'"{text}" is neither a number nor a symbol of the --elf files')

    def name(self, address):
        names = [s.function_at(address) for s in self.all if s.covers(address)]
        return names[0] if names else f"{address:#x}"


def parse():
    parser = argparse.ArgumentParser(prog="scripts/meter", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--elf", action="append", default=[], metavar="FILE",
                        help="where names are looked up")
    parser.add_argument("--kernel", required=True, metavar="ADDRESS",
                        help="where the kernel's addresses begin")
    parser.add_argument("--region", action="append", required=True, metavar="NAME=START:STOP",
                        help="count from the execution of one address to that of the other")
    parser.add_argument("--timeout", type=float, default=60, metavar="SECONDS",
                        help="end QEMU after this time (default: 60)")
    parser.add_argument("qemu", nargs="+", metavar="QEMU", help="the command line, behind --")
    return parser.parse_args()


def regions(args, names):
    found = []
    for text in args.region:
        name, equals, rest = text.partition("=")
        start, colon, stop = rest.partition(":")
        if not (name and equals and colon) or ":" in name:
            raise UserError(f'--region "{text}": NAME=START:STOP is needed')
        found.append(f"region={name}:{names.address(start):#x}:{names.address(stop):#x}")
    return found


def run(args, names, out):
    plugin = ",".join([str(meter.build_plugin()), f"out={qemu.escape_comma(out)}",
                       f"kernel={names.address(args.kernel):#x}"] + regions(args, names))
    line = args.qemu + ["-plugin", plugin] + qemu.MEASURE_ARGS
    try:
        subprocess.run(line, timeout=args.timeout, check=False, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        raise UserError(qemu.find_qemu(line[0])) from None
    except subprocess.TimeoutExpired:
        print(f"meter: ended after {args.timeout:g} s", file=sys.stderr)
    lines = out.read_text(encoding="utf-8").splitlines() if out.is_file() else []
    passes = [json.loads(text) for text in lines if text.endswith("}")]
    if not passes:
        raise UserError("no region was passed; is its stop address ever executed after its start?")
    return passes


def main():
    args = parse()
    names = Names(args.elf)
    with tempfile.TemporaryDirectory(prefix="meter-") as directory:
        passes = run(args, names, Path(directory) / "passes.jsonl")
    keys = ("kernel", "user", "entries", "ilines64", "dlines64", "ilines32", "dlines32")
    rows, stays = [], Counter()
    for name in dict.fromkeys(p["region"] for p in passes):
        mine = sorted((p for p in passes if p["region"] == name),
                      key=lambda p: p["kernel"] + p["user"])
        rows.append([name, len(mine)] + [mine[len(mine) // 2][k] for k in keys])
        for p in mine:
            for values in p["stays"]:
                s = meter.Stay(*values)
                stays[name, names.name(s.source), names.name(s.entry), s.insn] += s.count
    print(table(["region", "passes", *keys], rows))
    print()
    print(table(["region", "from", "entry", "instructions", "times"],
                [[*key, count] for key, count in stays.most_common(SHOWN)]))
    return 0


if __name__ == "__main__":
    main_guard(main, "meter")
