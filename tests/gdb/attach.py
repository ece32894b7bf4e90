# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Inside gdb: connect to the emulator that session.py started."""
import time

import gdb


def connect(socket):
    for name in ("pagination off", "confirm off", "width 0"):
        gdb.execute(f"set {name}")
    for _ in range(100):  # until the emulator listens
        try:
            gdb.execute(f"target remote {socket}", to_string=True)
            return
        except gdb.error:
            time.sleep(0.1)
    raise AssertionError("the emulator does not listen")
