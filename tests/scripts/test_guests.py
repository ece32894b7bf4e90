# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Guests that end badly, in the real emulator: scripts/boot_test must not be fooled.
The environment's COBNUT_BUILD_DIR names the build directory."""
import os
import re
import unittest
from pathlib import Path

from support import SCRIPTS, ScriptTest


class Guests(ScriptTest):
    def boot(self, name, *args, env=None):
        image = Path(os.environ["COBNUT_BUILD_DIR"]) / "images" / f"{name}.json"
        return self.run_tool(SCRIPTS / "boot_test", *args, image, env=env)

    def test_hangs(self):
        code, text = self.boot("guest-hang", "--expect", "all passed", "--timeout", "8")
        self.assertEqual(code, 3, text)
        self.assert_mentions(text, "timeout: guest-hang", "still running after 8 s",
                             "waited for /all passed/")
        shown = re.findall(r"^  \| guest: line (\d+)$", text, re.MULTILINE)
        self.assertEqual([int(n) for n in shown], list(range(11, 31)))

    def test_panics(self):
        for name in ("guest-crash", "guest-trap"):
            code, text = self.boot(name, "--expect", "guest: ", "--timeout", "60")
            self.assertEqual(code, 1, text)
            self.assert_mentions(text, f"FAIL: {name}", "(panic);", "(ok) is right")

    def test_says_success_but_exits_wrong(self):
        code, text = self.boot("guest-liar", "--expect", "all passed", "--timeout", "60")
        self.assertEqual(code, 1, text)
        self.assert_mentions(text, "FAIL: guest-liar", "(panic);", "(ok) is right")

    def test_says_nothing_of_what_is_expected(self):
        code, text = self.boot("guest-ok", "--expect", "guest: other", "--timeout", "60")
        self.assertEqual(code, 1, text)
        self.assert_mentions(text, "without printing /guest: other/")

    def test_missing_emulator(self):
        code, text = self.boot("guest-ok", "--expect", "guest: ok", env=self.bare_path())
        self.assertEqual(code, 77, text)
        self.assert_mentions(text, "not run: ", "not found in PATH", "apt-get install qemu-system-")

    def test_missing_image(self):
        code, text = self.boot("nosuch", "--expect", "x")
        self.assertEqual(code, 1)
        self.assert_mentions(text, "nosuch.json: no such image; build it first")


if __name__ == "__main__":
    unittest.main()
