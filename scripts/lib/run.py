# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Build Cobnut for an ISA and boot it in the emulator, with the console on the terminal.

Ctrl-A X ends the emulator, Ctrl-A C switches to its monitor and back.
With --gdb, gdb starts here and the guest's console goes to build/<preset>/logs/gdb-console.log.
"""
import argparse
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from lib import qemu
from lib.project import (ROOT, UserError, boards_of, build, build_dir, configure, default_config,
                         main_guard, preset_of, target_presets)

GDB_PORT = 1234


def parse(argv):
    extra = []
    if "--" in argv:
        at = argv.index("--")
        argv, extra = argv[:at], argv[at + 1:]
    parser = argparse.ArgumentParser(
        prog="scripts/run", description=__doc__, epilog="Arguments after -- go to QEMU.",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("isa", metavar="ISA",
                        help=", ".join(dict.fromkeys(isa for isa, config in target_presets())))
    parser.add_argument("--config", help="debug or release; default: the first that there is")
    parser.add_argument("--board", help="a file in cmake/boards; default: the port's")
    parser.add_argument("--image", default="root",
                        help="which image of the build to boot (default: root)")
    parser.add_argument("--iso", action="store_true", help="boot the GRUB CD (ia32)")
    parser.add_argument("--gdb", action="store_true", help="stop at the first instruction; run gdb")
    parser.add_argument("--dry-run", action="store_true", help="print QEMU's command line only")
    args = parser.parse_args(argv)
    args.extra = extra
    return args


def image_path(args):
    """Where the image is, and how to build it: (path, build directory, CMake definitions)."""
    args.config = args.config or default_config(args.isa)
    preset = preset_of(args.isa, args.config)
    directory, defines = build_dir(preset), []
    if args.board:
        valid = boards_of(args.isa)
        if args.board not in valid:
            raise UserError(f'unknown board "{args.board}" for {args.isa}. '
                            f'Valid boards: {", ".join(valid)}.')
        if args.board != valid[0]:
            directory = build_dir(f"{preset}-{args.board}")
            defines = [f"-DCOBNUT_BOARD={args.board}"]
    name = args.image + ("-iso" if args.iso else "")
    return directory / "images" / f"{name}.json", preset, directory, defines


def start_gdb(line, image, directory):
    gdb = shutil.which("gdb-multiarch")
    if not gdb:
        raise UserError("gdb-multiarch not found in PATH. On Debian: apt-get install "
                        "gdb-multiarch (scripts/setup does it)")
    log = directory / "logs" / "gdb-console.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    line += ["-serial", f"file:{log}", "-monitor", "none", "-S", "-gdb", f"tcp::{GDB_PORT}"]
    debugger = [gdb, "-q", "-x", str(ROOT / "scripts" / "gdb" / "cobnut.py"), image["kernel"],
                "-ex", f"target remote localhost:{GDB_PORT}"]
    print("+", shlex.join(debugger), flush=True)
    # The emulator must not get the Ctrl-C that is meant for gdb.
    with subprocess.Popen(line, stdin=subprocess.DEVNULL, start_new_session=True) as guest:
        try:
            return subprocess.run(debugger, check=False).returncode
        finally:
            guest.kill()


def main():
    args = parse(sys.argv[1:])
    path, preset, directory, defines = image_path(args)
    if args.dry_run:
        image = qemu.load_image(path) if path.is_file() else \
            qemu.expected_image(args.isa, args.config, directory, args.board, args.image, args.iso)
        print(shlex.join(qemu.command_line(image, args.extra) + ["-serial", "mon:stdio"]))
        return 0
    if not configure(preset, sys.stderr, directory, defines):
        raise UserError(f"configuring {preset} failed; see above")
    names = (directory / "images" / "names").read_text(encoding="utf-8").split()
    if args.image not in names:
        raise UserError(f'no image "{args.image}" in this build. It has: {", ".join(names)}.')
    if not build(directory, os.cpu_count(), [f"image-{args.image}"], sys.stderr):
        raise UserError(f"building {preset} failed; see above")
    image = qemu.load_image(path)
    board = qemu.load_board(image["board"])
    line = qemu.command_line(image, args.extra, board=board)
    missing = qemu.find_qemu(line[0])
    if missing:
        raise UserError(missing)
    print("+", shlex.join(line), flush=True)
    if args.gdb:
        return start_gdb(line, image, directory)
    code = subprocess.run(line + ["-serial", "mon:stdio"], check=False).returncode
    if code == board["exit"]["ok"]:
        return 0
    # The emulator's 0 also means that the user ended it; it's no failure then.
    if code:
        print(f"run: the emulator ended with exit code {code} "
              f"({qemu.exit_name(board, code) or 'unknown'})", file=sys.stderr)
    return code


if __name__ == "__main__":
    main_guard(main, "run")
