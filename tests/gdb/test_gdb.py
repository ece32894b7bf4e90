# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Boot an image stopped, and run checks.py in a gdb that is connected to it.

usage: test_gdb.py IMAGE.json        exit code 77: gdb or QEMU is not installed
"""
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import session  # noqa: E402
from lib import qemu  # noqa: E402

TIME = 120


def main():
    image = qemu.load_image(sys.argv[1])
    missing = session.missing(image, session.GDB)
    if missing:
        print(f"skipped: {missing}")
        return 77
    with session.stopped(image) as guest:
        printed, code = guest.debug(Path(__file__).with_name("checks.py"), image["kernel"], TIME,
                                    {"ROOT_TASK": image["modules"][0]["file"]},
                                    [ROOT / "scripts/gdb/cobnut.py"])
        print(printed)
        if "gdb: all checks passed" in printed and code == 0:
            return 0
        print("gdb: FAIL; the guest's console:\n" + guest.printed())
        return 1


if __name__ == "__main__":
    sys.exit(main())
