# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""NMIs at each instruction of the IPC system call, and the demonstration must not notice.

usage: test_nmi.py IMAGE.json        exit code 77: gdb or QEMU is not installed
"""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests/gdb")]
import session  # noqa: E402
from lib import qemu  # noqa: E402

TIME = 120
ALL_PASSED = 33
LEAST = 150  # instructions of a call and a reply, of ways out, and of the entry of interrupts


def run(image):
    """What gdb and the guest printed, and the emulator's exit code."""
    with session.stopped(image) as guest:
        printed, _ = guest.debug(Path(__file__).with_name("nmi_steps.py"), image["kernel"], TIME,
                                 {})
        try:
            code = guest.process.wait(10)
        except subprocess.TimeoutExpired:
            code = None
        return printed, guest.printed(), code


def main():
    image = qemu.load_image(sys.argv[1])
    missing = session.missing(image, session.GDB)
    if missing:
        print(f"skipped: {missing}")
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
    if len(missing) > 4:  # behind sti there is none: it comes with the instruction after
        faults.append(f"no NMI was taken at {' '.join(missing)}")
    if not faults:
        print(f"nmi: {len(sent)} NMIs, at {len(set(sent))} instructions")
        return 0
    print(printed, console, *faults, sep="\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
