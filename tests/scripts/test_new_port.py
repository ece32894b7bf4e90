# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""scripts/new_port: the new port builds at once, and grows piece by piece; bad names are refused."""
import json
import shutil
import sys
import unittest

from support import ROOT, ScriptTest


# What docs/porting.md lets a port have one after the other: (piece, as it is called there; changes
# of port.cmake; tests that there are with it and not before).
PIECES = [
    (None, {"PORT_IMAGE none": "PORT_IMAGE archive"},
     {"boot-kernel-panic", "boot-kernel-stack", "boot-kernel-trap", "boot-refuses-no-root"}),
    ("tests/contract/arch/<isa>", {}, {"contract"}),
    ("user/lib/l4/arch/<isa>", {"PORT_IMAGE": "PORT_USER_SOURCES start.S)\nset(PORT_IMAGE"},
     {"boot-guest", "boot-crash", "boot-refuses-truncated", "boot-classic", "scripts-guests",
      "user-headers-c11-O2"}),
    ("user/root/arch/<isa>.S", {}, {"boot-root", "scripts-install"}),
    ("tests/conformance/arch/<isa>.*", {}, {"conformance", "conformance-list"}),
    ("tests/bench/known/<isa>.S", {}, {"scripts-meter"}),
    ("scripts/gdb/cobnut_gdb", {}, {"gdb"}),
]


class NewPort(ScriptTest):
    def setUp(self):
        super().setUp()
        self.tree = self.tmp / "tree"
        shutil.copytree(ROOT, self.tree, ignore=shutil.ignore_patterns("build", ".git"))

    def new_port(self, name):
        return self.run_tool(self.tree / "scripts" / "new_port", name, cwd=self.tree)

    def work(self, *line):
        code, text = self.run_tool(*line, cwd=self.tree)
        self.assertEqual(code, 0, text)
        return text

    def test_new_port_builds_and_keeps_to_the_contract(self):
        code, text = self.new_port("z80")
        self.assertEqual(code, 0, text)
        self.assert_mentions(text, "arch/z80/", "cmake/boards/z80.json", "docs/porting.md")
        self.assertIn("z80-release", self.work("cmake", "--list-presets"))
        for preset in ("z80-debug", "z80-release"):
            self.work("cmake", "--preset", preset)
            self.work("cmake", "--build", "--preset", preset)
            self.work("ctest", "--preset", preset, "--no-tests=error")
        _, text = self.run_tool("scripts/check_contract", "--sources", cwd=self.tree)
        self.assertIn("check_contract: ", text)
        self.assertNotIn("z80", text)
        self.assertIn('"isa" : "z80"', (self.tree / "build/z80-debug/config.json").read_text())
        for path in (self.tree / "arch" / "z80").rglob("*.*"):
            self.assertNotIn("glue/null", path.read_text())

        code, text = self.new_port("z80")
        self.assertNotEqual(code, 0)
        self.assert_mentions(text, "arch/z80 exists already")
        code, text = self.run_tool(self.tree / "scripts" / "matrix", "--isa", "z80", "--no-setup",
                                   cwd=self.tree)
        self.assertEqual(code, 1, text)
        self.assert_mentions(text, "not run", "boots no image yet")

    def add(self, piece):
        """Give the new port a piece: here ia32's."""
        if piece == "scripts/gdb/cobnut_gdb":
            path = self.tree / "scripts" / "gdb" / "cobnut_gdb" / "machine.py"
            path.write_text(path.read_text() + "\n\nclass Z80(Machine):\n    pass\n")
        elif piece.endswith(".*"):
            for suffix in (".c", ".S"):
                self.add(piece[:-2] + suffix)
        else:
            source, target = (self.tree / piece.replace("<isa>", isa) for isa in ("ia32", "z80"))
            (shutil.copytree if source.is_dir() else shutil.copy)(source, target)

    def names_of_tests(self, preset="z80-debug"):
        """The names of the tests of a port that is just configured."""
        self.work("cmake", "--preset", preset)
        listed = json.loads(self.work("ctest", "--preset", preset, "--show-only=json-v1"))
        return {test["name"] for test in listed["tests"]}

    def test_every_piece_adds_its_tests(self):
        code, text = self.new_port("z80")
        self.assertEqual(code, 0, text)
        port, text = self.tree / "arch/z80/port.cmake", (ROOT / "docs/porting.md").read_text()
        have = self.names_of_tests()
        self.assertEqual(have, {"contract-symbols"})
        for piece, changes, added in PIECES:
            self.assertIn(f"`{piece}" if piece else "`PORT_IMAGE`", text)
            if piece:
                self.add(piece)
            for old, new in changes.items():
                port.write_text(port.read_text().replace(f"set({old}", f"set({new}"))
            now = self.names_of_tests()
            self.assertLessEqual(have | added, now)
            self.assertFalse(added & have)
            for _, _, later in PIECES[[p[0] for p in PIECES].index(piece) + 1:]:
                self.assertFalse(later & now, piece)
            have = now

        self.assertNotIn("bench", self.names_of_tests("z80-release"))
        baseline = self.tree / "tests" / "bench" / "baseline.json"
        baseline.write_text(baseline.read_text().replace('"isa": "ia32"', '"isa": "z80"', 1))
        self.assertIn("bench", self.names_of_tests("z80-release"))

    def test_scripts_with_a_port_more(self):
        code, text = self.new_port("z80")
        self.assertEqual(code, 0, text)
        code, text = self.run_tool(
            sys.executable, "-m", "unittest", "test_matrix", "test_run", "test_build.Commands",
            "test_build.Configure.test_unknown_isa",
            "test_build.Configure.test_unknown_board", cwd=self.tree / "tests" / "scripts")
        self.assertEqual(code, 0, text)

    def test_bad_names(self):
        for name in ("Z80", "8051", "a-b", "x", "../x", "", "null", "host", "arm"):
            code, text = self.new_port(name)
            self.assertNotEqual(code, 0, name)
            self.assertNotIn("Traceback", text)
        self.assertFalse((self.tree / "arch" / "Z80").exists())


if __name__ == "__main__":
    unittest.main()
