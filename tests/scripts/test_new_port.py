# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""scripts/new_port: the new port builds at once, and bad names are refused."""
import shutil
import unittest

from support import ROOT, ScriptTest


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

    def test_bad_names(self):
        for name in ("Z80", "8051", "a-b", "x", "../x", "", "null", "host", "arm"):
            code, text = self.new_port(name)
            self.assertNotEqual(code, 0, name)
            self.assertNotIn("Traceback", text)
        self.assertFalse((self.tree / "arch" / "Z80").exists())


if __name__ == "__main__":
    unittest.main()
