# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""docs/testing.md names tests that exist."""
import re
import unittest

from support import ROOT

TESTS = ROOT / "tests"
SUFFIXES = ("", ".c", ".h", ".S", ".py", ".def", ".txt", ".list")


def table():
    """[(number, attack, the names in backticks)] of the table of attacks"""
    text = (ROOT / "docs/testing.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| (\d+) \| (.*?) \| (.*) \|$", text, re.MULTILINE)
    return [(int(number), attack, re.findall(r"`([^`]+)`", tests))
            for number, attack, tests in found]


def words():
    """Every word of the tests' sources."""
    found = set()
    for path in TESTS.rglob("*"):
        if path.is_file() and path.suffix in SUFFIXES and path.name != "test_testing.py":
            found |= set(re.findall(r"[\w-]+", path.read_text(encoding="utf-8", errors="replace")))
    return found


class Testing(unittest.TestCase):
    def test_attacks(self):
        rows, known = table(), words()
        cases = set(re.findall(r"^([A-Z]{3}-\d+) ", (TESTS / "conformance/cases.list").read_text(
            encoding="utf-8"), re.MULTILINE))
        self.assertEqual([number for number, _, _ in rows], list(range(1, 36)))
        for number, attack, names in rows:
            self.assertTrue(names, f"{number}: {attack}")
            for name in names:
                with self.subTest(attack=number, name=name):
                    if re.fullmatch(r"[A-Z]{3}-\d+", name):
                        self.assertIn(name, cases)
                    elif name.startswith("tests/"):
                        self.assertTrue((ROOT / name).exists())
                    elif name.endswith(".def"):
                        self.assertTrue(list(TESTS.rglob(name)))
                    elif name.endswith(("_", "-")):  # the beginning of some
                        self.assertTrue(any(word.startswith(name) for word in known))
                    else:
                        self.assertIn(name, known)


if __name__ == "__main__":
    unittest.main()
