# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""The meter on a program that is known to the last instruction: tests/bench/known.
The environment's COBNUT_BUILD_DIR names the build directory."""
import os
import unittest
from pathlib import Path

from support import SCRIPTS, ScriptTest

from lib import meter, qemu
from lib.elf import Elf

ROUNDS = 10


class Meter(ScriptTest):
    @classmethod
    def setUpClass(cls):
        build = Path(os.environ["COBNUT_BUILD_DIR"])
        cls.image = qemu.load_image(build / "images" / "known.json")
        cls.symbols = meter.Symbols(Elf(build / "programs" / "known"))
        cls.plugin = meter.build_plugin()

    def measure(self, regions, **more):
        s = self.symbols
        named = {name: (s[a], s[b]) for name, (a, b) in regions.items()}
        return meter.run(self.image, self.plugin, self.tmp / "known", named, s["known_high"],
                         criteria=qemu.Criteria([r"^\[known\] done"], timeout=60), **more)

    def test_counts(self):
        s = self.symbols
        output, passes = self.measure({"all": ("known_begin", "known_end")},
                                      points=[s["known_point"]],
                                      stubs=(s["known_begin"], s["known_end"]))
        self.assertIn("[known] done", output)
        self.assertEqual([p["region"] for p in passes], ["all"] * 3)
        one = passes[2]
        self.assertEqual(one["user"], s["known_user"])
        self.assertEqual(one["stub"], s["known_user"])
        self.assertEqual(one["kernel"], ROUNDS * s["known_stay"])
        self.assertEqual(one["entries"], ROUNDS)
        self.assertEqual([one[k] for k in ("ilines64", "dlines64", "ilines32", "dlines32")],
                         [2, 3, 2, 3])
        rest = s["known_stay"] - s["known_first"]
        self.assertEqual(one["longest"][0], max(s["known_first"], rest))
        self.assertEqual(one["longest"][1:], [s["known_high"], s["known_point"]])
        self.assertEqual(one["last"][:2], [rest, s["known_point"]])
        self.assertEqual(len(one["stays"]), 1, one["stays"])
        stay = one["stays"][0]
        self.assertEqual((stay.count, stay.entry, stay.insn, stay.stored),
                         (ROUNDS, s["known_high"], s["known_stay"], 4))
        self.assertEqual((stay.ilines64, stay.dlines64, stay.ilines32, stay.dlines32),
                         (2, 3, 2, 3))
        for address in (stay.source, stay.exit):
            self.assertTrue(s["known_begin"] <= address < s["known_end"])
        self.assertLess(stay.source, stay.exit)

    def test_trace(self):
        """The instructions of a stay, whatever else the first run was disturbed by."""
        s = self.symbols
        trace = self.tmp / "trace"
        _, passes = self.measure({"all": ("known_begin", "known_end")}, trace=trace)
        stay = passes[2]["stays"][0]
        pcs = meter.read_trace(trace)[stay.source, stay.entry, stay.exit, s["known_stay"]]
        self.assertEqual(len(pcs), s["known_stay"])
        self.assertEqual(pcs[0], s["known_high"])
        self.assertEqual(pcs[s["known_first"] - 1], s["known_point"])
        self.assertEqual(len(trace.read_text().splitlines()), sum(len(p["stays"]) for p in passes))

    def test_regions(self):
        """Passes in the order in which they ended; a pass from one address to itself. The first
        run may be disturbed, so it is the second one's that are looked at."""
        _, passes = self.measure({"stay": ("known_high", "known_point"),
                                  "round": ("known_high", "known_high")})
        passes = passes[-(2 * ROUNDS - 1):]
        stays = [p for p in passes if p["region"] == "stay"]
        rounds = [p for p in passes if p["region"] == "round"]
        self.assertEqual((len(stays), len(rounds)), (ROUNDS, ROUNDS - 1))
        for p in stays:
            self.assertEqual((p["kernel"], p["user"]), (self.symbols["known_first"] - 1, 0))
        for p in rounds:
            self.assertEqual(p["kernel"], self.symbols["known_stay"])
            self.assertEqual(p["user"], (self.symbols["known_user"] - 1) // ROUNDS)
        self.assertEqual([p["region"] for p in passes[:3]], ["stay", "round", "stay"])

    def tool(self, *args, line=None):
        elf = Path(os.environ["COBNUT_BUILD_DIR"]) / "programs" / "known"
        return self.run_tool(SCRIPTS / "meter", "--elf", elf, *args, "--",
                             *(line or [*qemu.command_line(self.image), "-serial", "null",
                                        "-monitor", "none"]))

    def test_tool(self):
        code, text = self.tool("--kernel", "known_high", "--region", "x=known_begin:known_end")
        self.assertEqual(code, 0, text)
        s = self.symbols
        self.assertRegex(text, rf"x +3 +{ROUNDS * s['known_stay']} +{s['known_user']} +{ROUNDS} ")
        self.assertRegex(text, rf"x +\w+ +known_high +{s['known_stay']} +\d+")

    def test_tool_bad_input(self):
        for args, line, said in (
                (("known_high", "x=known_begin:nothere"), None, '"nothere" is neither a number'),
                (("0", "x"), None, "NAME=START:STOP is needed"),
                (("0", "x=1:2"), None, "no region was passed"),
                (("0", "x=1:2"), ["qemu-system-vax"], "qemu-system-vax not found in PATH")):
            code, text = self.tool("--kernel", args[0], "--region", args[1], line=line)
            self.assertEqual(code, 1)
            self.assert_mentions(text, "meter: ", said)
            self.assertNotIn("Traceback", text)

    def test_bad_arguments(self):
        for bad, said in (({"region": "x"}, "bad argument"), ({}, "at least one region=")):
            extra = [f"{k}={v}" for k, v in bad.items()]
            code, text = self.run_tool(
                *qemu.command_line(self.image), "-serial", "null", "-monitor", "none", "-plugin",
                ",".join([str(self.plugin), f"out={self.tmp / 'x'}", *extra]), timeout=30)
            self.assertNotEqual(code, 0)
            self.assert_mentions(text, "meter: ", said)


if __name__ == "__main__":
    unittest.main()
