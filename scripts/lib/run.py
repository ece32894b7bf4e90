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
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from lib import qemu
from lib.project import (ROOT, UserError, boards_of, build, build_dir, configure,
                         configured_board, default_config, main_guard, preset_of, target_presets)

SOCKET_SECONDS = 10  # until QEMU has made it


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
    parser.add_argument("--board", help="a file in cmake/boards; default: what the build is "
                        "configured for, a new one for the port's choice")
    parser.add_argument("--image", default="root",
                        help="which image of the build to boot (default: root)")
    parser.add_argument("--iso", action="store_true", help="boot the GRUB CD (ia32)")
    parser.add_argument("--measure", action="store_true", help="let the guest's clock count "
                        "instructions, so that what the demonstration measures means something")
    parser.add_argument("--gdb", action="store_true", help="stop at the first instruction; run gdb")
    parser.add_argument("--dry-run", action="store_true",
                        help="print QEMU's command line (and gdb's) only")
    args = parser.parse_args(argv)
    args.extra = extra
    return args


def place(args):
    """Where to build, and how: (preset, build directory, CMake definitions)."""
    args.config = args.config or default_config(args.isa)
    preset = preset_of(args.isa, args.config)
    if not args.board:
        return preset, build_dir(preset), []
    valid = boards_of(args.isa)
    if args.board not in valid:
        raise UserError(f'unknown board "{args.board}" for {args.isa}. '
                        f'Valid boards: {", ".join(valid)}.')
    directory, defines = build_dir(preset), []
    if args.board != valid[0]:
        directory = build_dir(f"{preset}-{args.board}")
        defines = [f"-DCOBNUT_BOARD={args.board}"]
    found = configured_board(directory)
    if found not in (None, args.board):
        name = directory.relative_to(ROOT)
        raise UserError(f"{name} is configured for the board {found}, not {args.board}. Without "
                        f"--board it is run as it is; this changes it: cmake -B {name} "
                        f"-DCOBNUT_BOARD={args.board}")
    return preset, directory, defines


def image_names(directory):
    """The images that the build has, as CMake last wrote them down; None: it never ran."""
    path = directory / "images" / "names"
    return path.read_text(encoding="utf-8").split() if path.is_file() else None


def check_name(name, names):
    if name not in names:
        raise UserError(f'no image "{name}" in this build. It has: {", ".join(names)}.')


class Gdb:
    """A gdb, and what makes the emulator wait for it. They meet at a socket of their own, so that
    no other emulator is met."""

    def __init__(self, image, directory):
        self.socket = Path(tempfile.gettempdir()) / f"cobnut-gdb-{os.getpid()}"
        self.log = directory / "logs" / "gdb-console.log"
        self.qemu_args = ["-serial", f"file:{self.log}", "-monitor", "none", "-S",
                          "-gdb", f"unix:{self.socket},server=on,wait=off"]
        self.line = ["gdb-multiarch", "-q", "-x", str(ROOT / "scripts" / "gdb" / "cobnut.py"),
                     image["kernel"], "-ex", f"target remote {self.socket}"]

    def run(self, emulator):
        """Start the emulator, and gdb when it can be reached. gdb's exit code."""
        if not shutil.which(self.line[0]):
            raise UserError("gdb-multiarch not found in PATH. On Debian: apt-get install "
                            "gdb-multiarch (scripts/setup does it)")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        # The emulator must not get the Ctrl-C that is meant for gdb.
        with subprocess.Popen(emulator, stdin=subprocess.DEVNULL, start_new_session=True) as guest:
            try:
                self.await_socket(guest)
                print("+", shlex.join(self.line), flush=True)
                return subprocess.run(self.line, check=False).returncode
            finally:
                guest.kill()
                self.socket.unlink(missing_ok=True)

    def await_socket(self, guest):
        end = time.monotonic() + SOCKET_SECONDS
        while not self.socket.exists():
            if guest.poll() is not None:
                raise UserError(f"the emulator ended with exit code {guest.returncode}; see above")
            if time.monotonic() > end:
                raise UserError(f"the emulator has made no {self.socket} for gdb within "
                                f"{SOCKET_SECONDS} s")
            time.sleep(0.02)


def build_image(args, preset, directory, defines, name):
    """Configure and build what is needed for the image."""
    if not configure(preset, sys.stderr, directory, defines):
        raise UserError(f"configuring {preset} failed; see above")
    if name not in (image_names(directory) or []):
        # It may have been added since. Ninja runs CMake again where its files have changed.
        if not build(directory, 1, ["build.ninja"], sys.stderr):
            raise UserError(f"configuring {preset} failed; see above")
        check_name(name, image_names(directory) or [])
    if not build(directory, os.cpu_count(), [f"image-{name}"], sys.stderr):
        raise UserError(f"building {preset} failed; see above")


def main():
    args = parse(sys.argv[1:])
    preset, directory, defines = place(args)
    name = args.image + ("-iso" if args.iso else "")
    path = directory / "images" / f"{name}.json"
    image = qemu.expected_image(args.isa, args.config, directory,
                                args.board or configured_board(directory), args.image, args.iso)
    qemu.command_line(image)  # it may be one that the board can't boot
    if not args.dry_run:
        build_image(args, preset, directory, defines, name)
        image = qemu.load_image(path)
    elif image_names(directory):
        check_name(name, image_names(directory))
        made = qemu.load_image(path) if path.is_file() else {}
        if made.get("board") == image["board"]:
            image = made
    board = qemu.load_board(image["board"])
    line = qemu.command_line(image, args.extra, args.measure, board)
    gdb = Gdb(image, directory) if args.gdb else None
    line += gdb.qemu_args if gdb else ["-serial", "mon:stdio"]
    if args.dry_run:
        print(shlex.join(line))
        if gdb:
            print(shlex.join(gdb.line))
        return 0
    missing = qemu.find_qemu(line[0])
    if missing:
        raise UserError(missing)
    print("+", shlex.join(line), flush=True)
    if gdb:
        return gdb.run(line)
    code = subprocess.run(line, check=False).returncode
    if code == board["exit"]["ok"]:
        return 0
    # The emulator's 0 also means that the user ended it; it's no failure then.
    if code:
        print(f"run: the emulator ended with exit code {code} "
              f"({qemu.exit_name(board, code) or 'unknown'})", file=sys.stderr)
    return code


if __name__ == "__main__":
    main_guard(main, "run")
