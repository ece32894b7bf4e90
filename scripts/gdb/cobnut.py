# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Commands for gdb that know the kernel's structures: help cobnut.

Loaded by scripts/run ISA --gdb, or by hand: gdb-multiarch -x scripts/gdb/cobnut.py kernel.elf
"""
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

import cobnut_gdb.commands  # noqa: E402
