# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""A build, installed, serves a project outside the tree, which builds and boots a program.
The environment's COBNUT_BUILD_DIR names the build directory."""
import json
import os
import unittest
from pathlib import Path

from support import ROOT, ScriptTest


class Install(ScriptTest):
    def setUp(self):
        super().setUp()
        self.build = Path(os.environ["COBNUT_BUILD_DIR"])
        self.config = json.loads((self.build / "config.json").read_text())
        self.prefix = self.tmp / "prefix"
        self.work("cmake", "--install", self.build, "--prefix", self.prefix)

    def work(self, *line):
        code, text = self.run_tool(*line)
        self.assertEqual(code, 0, text)
        return text

    def configure(self, *args):
        toolchain = self.prefix / "lib" / "cmake" / "Cobnut" / "toolchains" / \
            f"{self.config['isa']}-gcc.cmake"
        return self.run_tool("cmake", "-S", ROOT / "tests" / "install", "-B", self.tmp / "out",
                             "-G", "Ninja", f"-DCMAKE_TOOLCHAIN_FILE={toolchain}",
                             f"-DCobnut_DIR={self.prefix / 'lib' / 'cmake' / 'Cobnut'}", *args)

    def test_outside_project(self):
        code, text = self.configure()
        self.assertEqual(code, 0, text)
        self.work("cmake", "--build", self.tmp / "out")
        self.work("ctest", "--test-dir", self.tmp / "out", "--no-tests=error",
                  "--output-on-failure")

    def test_unknown_kit(self):
        code, text = self.configure("-DCOBNUT_KIT=nosuch")
        self.assertNotEqual(code, 0)
        kit = "-".join(self.config[key] for key in ("isa", "board", "build"))
        self.assert_mentions(text, f'no kit "nosuch"; set COBNUT_KIT to one of those installed: {kit}')


if __name__ == "__main__":
    unittest.main()
