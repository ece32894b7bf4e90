# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""NMIs at each instruction of the IPC system call, and the demonstration must not notice.

usage: test_nmi.py IMAGE.json        exit code 77: gdb or QEMU is not installed
"""
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from lib import qemu  # noqa: E402

GDB = "gdb-multiarch"
TIME = 120
ALL_PASSED = 33
LEAST = 90  # instructions of a call and a reply


def run(image):
    """What gdb and the guest printed, and the emulator's exit code."""
    with tempfile.TemporaryDirectory() as directory:
        socket, console = Path(directory) / "gdb", Path(directory) / "console"
        line = qemu.command_line(image) + [
            "-serial", f"file:{console}", "-monitor", "none", "-S",
            "-gdb", f"unix:{socket},server=on,wait=off"]
        debugger = [GDB, "-q", "-nx", "-batch", "-ex", f"python SOCKET = {str(socket)!r}",
                    "-x", str(Path(__file__).with_name("nmi_steps.py")), image["kernel"]]
        with subprocess.Popen(line, stdin=subprocess.DEVNULL) as guest:
            try:
                result = subprocess.run(debugger, capture_output=True, text=True, timeout=TIME,
                                        check=False, stdin=subprocess.DEVNULL)
                printed, code = result.stdout + result.stderr, guest.wait(10)
            except subprocess.TimeoutExpired as late:
                printed, code = f"{late}\n{late.stdout}", None
            finally:
                guest.kill()
        return printed, console.read_text(errors="replace") if console.is_file() else "", code


def main():
    image = qemu.load_image(sys.argv[1])
    binary = qemu.command_line(image)[0]
    for program, package in ((binary, qemu.package_of(binary)), (GDB, GDB)):
        if not shutil.which(program):
            print(f"skipped: {program} not found in PATH. On Debian: apt-get install {package}")
            return 77
    printed, console, code = run(image)
    sent = re.findall(r"^NMI at ([0-9a-f]+)", printed, re.M)
    taken = re.findall(r"NMI in kernel mode at ([0-9a-f]+)", console)
    faults = []
    if code != ALL_PASSED:
        faults.append(f"the emulator ended with exit code {code}; {ALL_PASSED} is right")
    if len(sent) < LEAST or f"nmi: {len(sent)} NMIs" not in printed:
        faults.append(f"{len(sent)} NMIs were sent, all of at least {LEAST} are right")
    missing = [at for at in sorted(set(sent)) if at not in taken]
    if len(missing) > 2:  # behind sti there is none: it comes with the instruction after
        faults.append(f"no NMI was taken at {' '.join(missing)}")
    if not faults:
        print(f"nmi: {len(sent)} NMIs, at {len(set(sent))} instructions")
        return 0
    print(printed, console, *faults, sep="\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
