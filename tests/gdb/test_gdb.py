# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Boot an image stopped, and run checks.py in a gdb that is connected to it.

usage: test_gdb.py IMAGE.json        exit code 77: gdb or QEMU is not installed
"""
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


def main():
    image = qemu.load_image(sys.argv[1])
    line = qemu.command_line(image)
    for program, package in ((line[0], qemu.package_of(line[0])), (GDB, GDB)):
        if not shutil.which(program):
            print(f"skipped: {program} not found in PATH. On Debian: apt-get install {package}")
            return 77
    with tempfile.TemporaryDirectory() as directory:
        socket = Path(directory) / "gdb"
        console = Path(directory) / "console"
        line += ["-serial", f"file:{console}", "-monitor", "none", "-S",
                 "-gdb", f"unix:{socket},server=on,wait=off"]
        debugger = [GDB, "-q", "-nx", "-batch", "-x", str(ROOT / "scripts/gdb/cobnut.py"),
                    "-ex", f"python ROOT_TASK, SOCKET = {image['modules'][0]['file']!r}, "
                    f"{str(socket)!r}", "-x", str(Path(__file__).with_name("checks.py")),
                    image["kernel"]]
        with subprocess.Popen(line, stdin=subprocess.DEVNULL) as guest:
            try:
                result = subprocess.run(debugger, capture_output=True, text=True, timeout=TIME,
                                        check=False, stdin=subprocess.DEVNULL)
            except subprocess.TimeoutExpired as late:
                print(f"gdb: no end within {TIME} s\n{(late.stdout or b'').decode()}")
                return 1
            finally:
                guest.kill()
        print(result.stdout, result.stderr, sep="")
        if "gdb: all checks passed" in result.stdout and result.returncode == 0:
            return 0
        print("gdb: FAIL; the guest's console:\n" +
              (console.read_text(errors="replace") if console.is_file() else ""))
        return 1


if __name__ == "__main__":
    sys.exit(main())
