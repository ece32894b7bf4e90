# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""A guest that stands still until a debugger tells it otherwise: what the tests with gdb and those
that speak its protocol share."""
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from lib import qemu

GDB = "gdb-multiarch"


class Guest:
    """An emulator that waits for a debugger at `socket`. `console`: the file of what the guest
    prints."""

    def __init__(self, process, socket, console):
        self.process, self.socket, self.console = process, socket, console

    def printed(self):
        return self.console.read_text(errors="replace") if self.console.is_file() else ""

    def debug(self, script, elf, seconds, values, before=()):
        """Run a Python script inside gdb: (what it printed, its exit code, or None if it had to
        be ended). `values`: variables of the script, besides SOCKET."""
        python = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); " + "; ".join(
            f"{name} = {value!r}" for name, value in dict(values, SOCKET=str(self.socket)).items())
        line = [GDB, "-q", "-nx", "-batch", *(word for b in before for word in ("-x", str(b))),
                "-ex", f"python {python}", "-x", str(script), elf]
        try:
            done = subprocess.run(line, capture_output=True, text=True, timeout=seconds,
                                  check=False, stdin=subprocess.DEVNULL)
            return done.stdout + done.stderr, done.returncode
        except subprocess.TimeoutExpired as late:
            return f"gdb: no end within {seconds} s\n{(late.stdout or b'').decode()}", None


@contextmanager
def stopped(image, console=None):
    """Boot an image as far as its first instruction: a Guest. It ends with the block."""
    with tempfile.TemporaryDirectory() as directory:
        socket = Path(directory) / "gdb"
        console = console or Path(directory) / "console"
        line = qemu.command_line(image) + [
            "-serial", f"file:{console}", "-monitor", "none", "-S",
            "-gdb", f"unix:{socket},server=on,wait=off"]
        with subprocess.Popen(line, stdin=subprocess.DEVNULL) as process:
            try:
                yield Guest(process, socket, console)
            finally:
                process.kill()


def missing(image, *programs):
    """Why a test can't be run, or None."""
    binary = qemu.command_line(image)[0]
    for program, package in ((binary, qemu.package_of(binary)), *((p, p) for p in programs)):
        if not shutil.which(program):
            return f"{program} not found in PATH. On Debian: apt-get install {package}"
    return None
