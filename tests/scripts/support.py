# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""What the tests of the scripts share."""
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPTS = ROOT / "scripts"
sys.path.insert(0, str(SCRIPTS))

# All that the scripts and CMake need of a system, without a cross compiler or an emulator.
TOOLS = ("sh cmake ninja python3 git dirname sed id dpkg-query dpkg apt-get gcc cc as ld ar ranlib "
         "nm objcopy objdump readelf strip uname env cat grep").split()


class ScriptTest(unittest.TestCase):
    """A test with a directory of its own, which is gone afterwards."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="cobnut-test-")
        self.addCleanup(directory.cleanup)
        self.tmp = Path(directory.name)

    def run_tool(self, *line, env=None, cwd=ROOT, timeout=120):
        """(exit code, everything it printed)"""
        done = subprocess.run([str(word) for word in line], cwd=cwd, env=env, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              stdin=subprocess.DEVNULL, timeout=timeout, check=False)
        return done.returncode, done.stdout

    def bare_path(self, *but):
        """An environment whose PATH has TOOLS and nothing else; less those in `but`."""
        tools = self.tmp / "tools"
        tools.mkdir(exist_ok=True)
        for name in TOOLS:
            found = sys.executable if name == "python3" else shutil.which(name)
            if found and name not in but and not (tools / name).exists():
                (tools / name).symlink_to(found)
        return dict(os.environ, PATH=str(tools))

    def fake_tool(self, env, name, script):
        """Put an sh script into the environment's PATH under a tool's name."""
        path = Path(env["PATH"].split(":")[0]) / name
        path.write_text("#!/bin/sh\n" + script, encoding="utf-8")
        path.chmod(0o755)

    def assert_mentions(self, text, *words):
        flat = " ".join(text.split())
        for word in words:
            self.assertIn(word, flat)


def make_elf(machine=40, order="<", bits=32, flags=5, symbols=()):
    """A small ELF program: one segment of 64 bytes, in one section, .text, with symbols."""
    word = "I" if bits == 32 else "Q"
    ehsize, phentsize, shentsize = (52, 32, 40) if bits == 32 else (64, 56, 64)
    base = 0x10000
    code = bytes(range(64))
    code_at = ehsize + phentsize
    names = b"\0.text\0.symtab\0.strtab\0"
    strings = b"\0" + b"".join(name.encode() + b"\0" for name, _ in symbols)
    table = bytes(16 if bits == 32 else 24)
    at = 1
    for name, value in symbols:
        info, section = 0x12, 1  # a global function in .text
        table += struct.pack(order + "IIIBBH", at, value, 4, info, 0, section) if bits == 32 else \
            struct.pack(order + "IBBHQQ", at, info, 0, section, value, 4)
        at += len(name) + 1
    table_at = code_at + len(code)
    strings_at = table_at + len(table)
    names_at = strings_at + len(strings)
    shoff = names_at + len(names)

    ident = b"\x7fELF" + bytes([bits // 32, 1 if order == "<" else 2, 1]) + bytes(9)
    header = ident + struct.pack(order + f"HHI{word}{word}{word}IHHHHHH", 2, machine, 1, base,
                                 ehsize, shoff, 0, ehsize, phentsize, 1, shentsize, 5, 4)
    if bits == 32:
        segment = struct.pack(order + "IIIIIIII", 1, code_at, base, base, 64, 64, flags, 4)
    else:
        segment = struct.pack(order + "IIQQQQQQ", 1, flags, code_at, base, base, 64, 64, 4)

    def section(name, kind, sflags, addr, offset, size, link=0, entsize=0):
        return struct.pack(order + f"II{word}{word}{word}{word}II{word}{word}", name, kind, sflags,
                           addr, offset, size, link, 0, 1, entsize)

    sections = section(0, 0, 0, 0, 0, 0) + section(1, 1, 6, base, code_at, 64) + \
        section(7, 2, 0, 0, table_at, len(table), 3, 16 if bits == 32 else 24) + \
        section(15, 3, 0, 0, strings_at, len(strings)) + \
        section(15, 3, 0, 0, names_at, len(names))
    return header + segment + code + table + strings + names + sections
