# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""The benchmark's gate on a real kernel: in a copy of the tree, an instruction more in the port's
IPC path, and it must name what has become dearer. The environment's COBNUT_BUILD_DIR, COBNUT_ISA
and COBNUT_PORT say what is built here."""
import json
import os
import re
import shutil
import subprocess
import unittest
from pathlib import Path

from support import ROOT, ScriptTest

BUILD, ISA = Path(os.environ["COBNUT_BUILD_DIR"]), os.environ["COBNUT_ISA"]
# Behind this no test is left: what is added there is executed whenever the path is taken.
MARK = re.compile(r"point of no return\.[^\n]*\*/\n", re.IGNORECASE)


class Gate(ScriptTest):
    def setUp(self):
        super().setUp()
        self.tree = self.tmp / "tree"
        names = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z", "-co",
                                "--exclude-standard"], check=True, stdout=subprocess.PIPE)
        for name in filter(None, names.stdout.decode().split("\0")):
            if (ROOT / name).is_file():
                (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.tree / name)
        # The plugin that was built for this tree will do.
        plugin = ROOT / "build" / "meter" / "meter.so"
        if plugin.is_file():
            copy = self.tree / "build" / "meter" / "meter.so"
            copy.parent.mkdir(parents=True)
            shutil.copy(plugin, copy)

    def bench(self, directory, option):
        return self.run_tool(self.tree / "scripts" / "bench", "--no-build", "--quiet", "--isa", ISA,
                             "--build-dir", directory, option, cwd=self.tree, timeout=240)

    def tool(self, *line):
        code, text = self.run_tool(*line, cwd=self.tree, timeout=240)
        self.assertEqual(code, 0, text)

    def test_an_instruction_more(self):
        code, text = self.bench(BUILD, "--update-baseline")
        self.assertEqual(code, 0, text)
        code, text = self.bench(BUILD, "--gate")
        self.assertEqual(code, 0, text)

        baseline = json.loads((self.tree / "tests/bench/baseline.json").read_text())["results"]
        cost = next(r["value"] for r in baseline if r["isa"] == ISA and r["op"] == "call" and
                    r["path"] == "fast" and r["space"] == "inter" and r["words"] == 0)
        more = cost // 100 + 1  # the fewest that are more than one per cent
        path = self.tree / "arch" / os.environ["COBNUT_PORT"] / "fastpath.S"
        source = path.read_text(encoding="utf-8")
        self.assertEqual(len(MARK.findall(source)), 1, "one point of no return in fastpath.S")
        path.write_text(MARK.sub(lambda m: m[0] + "\tnop\n" * more, source), encoding="utf-8")

        self.tool("cmake", "--preset", f"{ISA}-release", "-B", "dearer")
        self.tool("cmake", "--build", "dearer", "-j2", "--target", "bench-images")
        code, text = self.bench(self.tree / "dearer", "--gate")
        self.assertEqual(code, 1, text)
        self.assert_mentions(text, f"WORSE: {ISA} call (fast path, inter, 0 words, insn): {cost} "
                                   f"-> {cost + more}")
        self.assertNotRegex(text, r"WORSE: \w+ \w+ \(c path")


if __name__ == "__main__":
    unittest.main()
