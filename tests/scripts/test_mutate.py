# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""The mutants that scripts/mutate has: each can be made of the kernel as it is."""
import unittest
from unittest import mock

from support import ROOT, SCRIPTS, ScriptTest

from lib import mutants, mutate
from lib.project import UserError


class Mutants(ScriptTest):
    def test_each_place_is_there_once(self):
        for mutant in mutants.MUTANTS:
            with self.subTest(mutant=str(mutant)):
                original = (ROOT / "kernel" / mutant.file).read_text(encoding="utf-8")
                self.assertNotEqual(mutate.mutated(mutant), original)

    def test_there_are_enough(self):
        self.assertGreaterEqual(len(mutants.MUTANTS), 60)
        self.assertEqual(len({(m.file, m.old, m.new) for m in mutants.MUTANTS}),
                         len(mutants.MUTANTS))

    def test_a_place_that_is_gone_is_named(self):
        for file, old, times in (("ipc.c", "no such text", "0 times"), ("ipc.c", "if (", "times"),
                                 ("nosuch.c", "x", "no kernel/nosuch.c")):
            with self.assertRaisesRegex(UserError, f"mutant 7: .*{times}"):
                mutate.mutated(mutants.Mutant(7, file, old, ""))

    def test_spaces_do_not_matter(self):
        self.assertTrue(mutate.pattern("if (a &&\n\tb)").search("if ( a && b )"))
        self.assertFalse(mutate.pattern("return x").search("return y"))


class Arguments(ScriptTest):
    def refused(self, *args_and_words):
        code, text = self.run_tool(SCRIPTS / "mutate", *args_and_words[0])
        self.assertNotEqual(code, 0, text)
        self.assert_mentions(text, *args_and_words[1:])
        self.assertNotIn("Traceback", text)

    def test_wrong_arguments(self):
        self.refused(["999"], "there is no mutant 999")
        self.refused(["nosuch.c"], 'no mutant is of a file "nosuch.c"', "ipc.c")
        self.refused(["--preset", "null"], '"null" is no preset', "ia32-release")
        self.refused(["--engine", "moon"], 'unknown engine "moon"', "target, host")
        self.refused(["--timeout", "0"], "at least 1 is needed")

    def test_dry_run(self):
        code, text = self.run_tool(SCRIPTS / "mutate", "--dry-run", "1", "tid.c")
        self.assertEqual(code, 0, text)
        chosen = [m for m in mutants.MUTANTS if m.number == 1 or m.file == "tid.c"]
        self.assertEqual(text.splitlines(), [str(m) for m in chosen])

    def test_the_verdict(self):
        def run(survives, why):
            made = [mutants.Mutant(n, "ipc.c", "x", "y", why) for n in range(1, 21)]
            args = mock.Mock(which=made, engine=[], dry_run=False)
            with mock.patch.object(mutate, "parse", lambda: args), \
                 mock.patch.object(mutate, "mutated"), mock.patch.object(mutate, "Tree") as tree, \
                 mock.patch("builtins.print"):
                tree.return_value.check = lambda m: None if m.number <= survives else "test"
                return mutate.main()
        self.assertEqual(run(0, ""), 0)
        self.assertEqual(run(2, "equivalent"), 0)
        self.assertEqual(run(2, ""), 1)
        self.assertEqual(run(3, "equivalent"), 1)


if __name__ == "__main__":
    unittest.main()
