# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""scripts/bench with figures that are made up: reports, comparison, the gate, disagreement."""
import copy
import json
import re
import unittest
import xml.etree.ElementTree as ET
from contextlib import redirect_stdout
from io import StringIO
from unittest import mock

from support import ROOT, SCRIPTS, ScriptTest

from lib import bench, benchreasons, benchreport, benchrun
from lib.benchdata import CYCLES_SOURCE, PEERS
from lib.project import UserError

FIELDS = ["isa", "op", "path", "space", "words", "metric", "value", "ilines64", "dlines64",
          "ilines32", "dlines32"]


def row(isa, op, value, path="fast", space="inter", words=0, metric="insn"):
    return dict(zip(FIELDS, (isa, op, path, space, words, metric, value, 6, 7, 9, 11)))


def made_up():
    results = []
    for isa, path, cost in (("ia32", "fast", 50), ("ia32", "c", 160), ("arm", "fast", 56)):
        for words in (0, 8, 63):
            results.append(row(isa, "call", cost + words, path, words=words))
        results += [row(isa, "round_trip", 2 * cost, path), row(isa, "tick", 85, path),
                    row(isa, "call", 12, path, metric="insn_stub"),
                    row(isa, "call", 7.5, path, metric="insn_user"),
                    row(isa, "tick", 86, path, metric="insn_crowded")]
    sizes = [{"isa": "ia32", "path": "fast", "text": 20481, "data": 16, "bss": 4096,
              "total": 30000, "resident": 40000, "thread": 512, "utcb": 512, "space": 8192,
              "crowd_threads": 3757, "crowd_spaces": 500}]
    return {"results": results, "sizes": sizes, "qemu": "7.2", "gcc": "12.2", "commit": "<&>"}


# What made_up() misses: calls on ia32's C path and with words, ARM's, a tick in a crowd, text.
WHY = [{"figures": ["call"], "isa": ["ia32"], "path": ["c"], "reason": "ia32 is slow."},
       {"figures": ["call"], "isa": ["arm"], "path": ["fast"], "reason": "ARM is slow."},
       {"figures": ["crowded tick"], "reason": "Crowds are slow."},
       {"figures": ["size text"], "isa": ["ia32"], "path": ["fast"], "reason": "ia32 is large."}]


class ReasonsTest(ScriptTest):
    def reasons(self, entries):
        (self.tmp / "reasons.json").write_text(json.dumps({"reasons": entries}))
        return benchreasons.Reasons(self.tmp / "reasons.json")


class Reasons(ReasonsTest):
    def complaints(self, entries):
        return benchreasons.complaints(made_up(), self.reasons(entries))

    def test_all(self):
        self.assertEqual(self.complaints(WHY), ([], []))

    def test_every_kind_of_miss(self):
        """Without its reason each of them is told: costs, crowds, sizes."""
        for at, said in enumerate(("ia32 call (c path, inter, 0 words): 160, target 150",
                                   "arm call (fast path, inter, 0 words): 56, target 55",
                                   "ia32 crowded tick (fast path, inter, 0 words): 1.2%, target "
                                   "1.0%", "ia32 size text (fast path, bytes): 20481, target "
                                   "20480")):
            without, stale = self.complaints(WHY[:at] + WHY[at + 1:])
            self.assertIn(said, without)
            self.assertEqual(stale, [])

    def test_lines(self):
        data = made_up()
        for row_ in data["results"]:
            if row_["op"] == "round_trip":
                row_.update(ilines64=9, dlines64=8)
        without, _ = benchreasons.complaints(data, self.reasons(WHY))
        self.assertEqual(without, [f"{isa} round_trip I64 ({path} path, inter, 0 words): 9, target "
                                   "8" for isa, path in (("ia32", "fast"), ("ia32", "c"),
                                                         ("arm", "fast"))])

    def test_stale(self):
        """Only of what was measured: not here on MIPS64, and so not everywhere."""
        more = [{"figures": ["size total", "round_trip D64"], "isa": ["ia32", "mips64"],
                 "path": ["fast"], "reason": "It was."},
                {"figures": ["tick"], "isa": ["arm"], "reason": "It was."},
                {"figures": ["notify"], "reason": "It was."}]
        without, stale = self.complaints(WHY + more)
        self.assertEqual(without, [])
        expected = ["size total, ia32", "round_trip D64, ia32", "tick, arm"]
        self.assertEqual(stale, expected)
        data = made_up()
        data["results"].append(row("mips64", "notify", 1))
        _, stale = benchreasons.complaints(data, self.reasons(WHY + more))
        self.assertEqual(set(stale) - set(expected), {
            "size total, mips64", "round_trip D64, mips64", "notify, ia32/arm/mips64"})

    def test_gate(self):
        for entries, code, said in ((WHY, 0, "0 without a reason"),
                                    (WHY[1:], 1, "MISS WITHOUT A REASON: ia32 call (c path"),
                                    (WHY + [{"figures": ["tick"], "isa": ["ia32"],
                                             "reason": "It was."}], 0,
                                     "stale: tick, ia32: the target is met")):
            with redirect_stdout(StringIO()) as out:
                self.assertEqual(bench.targets(made_up(), self.reasons(entries)), code)
            self.assertIn(said, out.getvalue())

    def test_bad_file(self):
        good = {"figures": ["call"], "reason": "So."}
        for entry, said in (({**good, "isa": ["vax"]}, 'unknown isa "vax". Valid: ia32, arm, mips'),
                            ({**good, "figures": ["cal"]}, 'unknown figure "cal". Valid: call'),
                            ({**good, "path": ["slow"]}, 'unknown path "slow". Valid: fast, c'),
                            ({**good, "because": ""}, 'unknown member "because"'),
                            ({**good, "reason": " "}, "no reason for call"),
                            ({"reason": "So."}, "not a table of reasons")):
            with self.assertRaises(UserError) as error:
                self.reasons([entry])
            self.assert_mentions(str(error.exception), said)
        with self.assertRaises(UserError) as error:
            self.reasons([good, {**good, "isa": ["arm"]}])
        self.assertIn("two reasons for call, arm, fast path", str(error.exception))

    def test_committed(self):
        """The file in the tree can be read, and has no figures in its sentences, which would be
        wrong with the next change."""
        for key, why in benchreasons.Reasons().by_key.items():
            self.assertNotRegex(why, r"(?<![A-Za-z0-9])\d{2,}(?! bits)", f"{key}: {why}")
            self.assertRegex(why, r"^[A-Z].*\.$")


class Reports(ReasonsTest):
    def test_text(self):
        text = benchreport.text(made_up(), self.reasons(WHY[1:]))
        self.assertRegex(text, r"ia32 +call +inter +0 +fast +50 +55 +met +6 +7 +9 +11")
        self.assertRegex(text, r"ia32 +call +inter +0 +c +160 +150 +MISS")
        self.assertRegex(text, r"ia32 +tick .* 85 +85 +met .*\+1\.2% MISS")
        self.assertRegex(text, r"ia32 +fast +20481 +MISS +16 +4096 +30000 +met +40000 +512 +met")
        self.assertRegex(text, r"call +arm +fast +\d+ +56 to 119 +55 to 86 +ARM is slow\.")
        self.assertRegex(text, r"call +ia32 +c +inter, 0 words +160 +150 +NO REASON IS GIVEN")
        self.assertIn("1 of them without a reason", text)
        self.assertRegex(text, r"MIPS-64 +61 +100")
        self.assertIn("When crowded: 3,757 threads in 500 spaces (ia32), as many as there are "
                      "numbers for.", text)
        self.assertIn("NO REASON: ia32 call (c path, inter, 0 words): 160, target 150", text)
        for word in (*PEERS, CYCLES_SOURCE, "CYCLES", "unit: kernel instructions"):
            self.assertIn(word, text)

    def test_files(self):
        benchreport.write(self.tmp / "out", made_up(), self.reasons(WHY))
        data = json.loads((self.tmp / "out" / "bench.json").read_text())
        self.assertEqual(data, made_up())
        self.assertEqual(list(data["results"][0]), FIELDS)
        self.assertEqual(list(data), ["results", "sizes", "qemu", "gcc", "commit"])
        report = (self.tmp / "out" / "bench.md").read_text()
        self.assertIn("| ia32 | tick ", report)
        self.assertIn("ARM is slow.", report)

    def test_page(self):
        """Well-formed, with plots inside that show the figures, and nothing from elsewhere."""
        benchreport.write(self.tmp, made_up(), self.reasons(WHY))
        text = (self.tmp / "bench.html").read_text()
        page = ET.fromstring(text)
        self.assertIn("<&>", "".join(page.itertext()))
        self.assertIn("ARM is slow.", "".join(page.itertext()))
        svg = "{http://www.w3.org/2000/svg}"
        plots = list(page.iter(f"{svg}svg"))
        self.assertEqual(len(plots), 4)
        self.assertEqual(len(list(plots[0].iter(f"{svg}polyline"))), 3)
        self.assertEqual(len(list(plots[1].iter(f"{svg}rect"))), 3 * 3 + 3)
        self.assertNotRegex(re.sub(r'xmlns="[^"]*"', "", text),
                            r"https?:|src=|href=|@import|url\(|<script")
        # A line's height is its figure's: 50 + 63 of 250 is not where 160 + 63 is.
        ends = [line.get("points").split()[-1] for line in plots[0].iter(f"{svg}polyline")]
        self.assertEqual(len(set(ends)), 3)


class Compare(ScriptTest):
    def files(self, change):
        data = made_up()
        (self.tmp / "a.json").write_text(json.dumps(data))
        change(data["results"])
        (self.tmp / "b.json").write_text(json.dumps(data))
        return self.run_tool(SCRIPTS / "bench", "--compare", self.tmp / "a.json",
                             self.tmp / "b.json")

    def test_same(self):
        code, text = self.files(lambda rows: None)
        self.assertEqual((code, text), (0, "0 worse by more than 1 %\n0 better by more than 1 %\n"))

    def test_worse_and_better(self):
        def change(rows):
            rows[0]["value"] += 1
            rows[-3]["value"] = 1000  # a stub: no cost of the kernel
            rows[4]["value"] -= 1
        code, text = self.files(change)
        self.assertEqual(code, 1)
        self.assert_mentions(text, "1 worse", "ia32 call (fast path, inter, 0 words, insn): 50 -> "
                             "51", "1 better", "ia32 tick (fast path, inter, 0 words, insn): 85")

    def test_bad_input(self):
        (self.tmp / "bad.json").write_text("{}")
        for args, words in (
                (("--compare", self.tmp / "no.json", self.tmp / "no.json"), ("no.json: No such",)),
                (("--compare", self.tmp / "bad.json", self.tmp / "bad.json"),
                 ("not a bench.json", '"results"')),
                (("--isa", "vax"), ('unknown ISA "vax"', "ia32, mips64, mips64el")),
                (("--op", "nop"), ('unknown operation "nop"', "reply_wait")),
                (("--build-dir", "x"), ("--isa ISA",))):
            code, text = self.run_tool(SCRIPTS / "bench", *args)
            self.assertNotEqual(code, 0)
            self.assert_mentions(text, "bench: ", *words)
            self.assertNotIn("Traceback", text)

    def test_dry_run(self):
        code, text = self.run_tool(SCRIPTS / "bench", "--dry-run", "--isa", "arm,mips64el")
        self.assertEqual(code, 0, text)
        self.assert_mentions(text, "cmake --preset arm-release", "qemu-system-arm", "-plugin",
                             "qemu-system-mips64el", "-icount")
        self.assertNotIn("ia32", text)


LOG = """
cobnut 0.1.0 {isa} release
[bench] started
[bench] group=nothing space=intra words=0 threads=1 spaces=1 rounds=1 ticks=40
[bench] clock={clock}
[bench] loop instructions=200000
[bench] group=loop space=intra words=0 threads=1 spaces=1 rounds=1 ticks=100040
[bench] memory thread=256 utcb=512 space=4160
[bench] group=call space=inter words=8 threads=2 spaces=2 rounds=100 ticks=100040
[bench] group=tick space=intra words=0 threads=2 spaces=2 rounds=10 ticks=77
[bench] group=thread_switch space=intra words=0 threads=2 spaces=2 rounds=100 ticks=60040
[bench] group=call space=inter words=8 threads=4000 spaces=500 rounds=100 ticks=999999
[bench] done
"""


class Docs(ScriptTest):
    """docs/performance.md takes the fast path of two ISAs apart: the parts are the whole, as the
    baseline has it."""

    def test_tables(self):
        text = (ROOT / "docs" / "performance.md").read_text()
        baseline = json.loads((ROOT / "tests" / "bench" / "baseline.json").read_text())["results"]
        for isa, begins in (("arm", "## The fast path\n"), ("ia32", "## The fast path on ia32")):
            part = text[text.index(begins):]
            part = part[:part.index("\n## ", 5)]
            counts = [int(n) for n in re.findall(r"^\| (\d+) \|", part, re.MULTILINE)]
            cost = next(r["value"] for r in baseline if r["isa"] == isa and r["path"] == "fast" and
                        r["op"] == "call" and r["space"] == "inter" and r["words"] == 0 and
                        r["metric"] == "insn")
            self.assertEqual(sum(counts), cost, f"the lines of {isa}'s table")


class Cycles(ScriptTest):
    """What a real machine has printed."""

    def from_log(self, text, *more):
        (self.tmp / "log").write_text(text)
        return self.run_tool(SCRIPTS / "bench", "--from-log", self.tmp / "log", "--out",
                             self.tmp / "out", *more)

    def test_tsc(self):
        code, text = self.from_log(LOG.format(isa="ia32", clock="TSC").replace("\n", "\r\n"))
        self.assertEqual(code, 0, text)
        self.assertRegex(text, r"ia32 +call +inter +8 +fast +500\.0 +a call or its reply")
        self.assertIn("in the known loop: 2.00 instructions a cycle", text)
        self.assertNotIn("figures have a target", text)
        data = json.loads((self.tmp / "out" / "bench.json").read_text())
        self.assertEqual(list(data), ["results", "sizes", "qemu", "gcc", "commit"])
        self.assertEqual([(r["op"], r["metric"], r["value"]) for r in data["results"]],
                         [("call", "cycles", 500), ("thread_switch", "cycles", 300)])
        self.assertEqual(list(data["results"][0]), FIELDS)
        ET.fromstring((self.tmp / "out" / "bench.html").read_text())

    def test_slow_clock(self):
        log = LOG.format(isa="mips64", clock="Count")
        code, text = self.from_log(log)
        self.assertNotEqual(code, 0)
        self.assert_mentions(text, "the clock is Count", "--cycles-per-tick N")
        code, text = self.from_log(log, "--cycles-per-tick", "4", "--path", "c")
        self.assertEqual(code, 0, text)
        self.assertRegex(text, r"mips64 +call +inter +8 +c +2000\.0")
        self.assertIn("0.50 instructions a cycle", text)

    def test_bad_input(self):
        good = LOG.format(isa="ia32", clock="TSC")
        for text, said in ((good.replace("ia32", "vax"), "which ISA"),
                           (good.replace("[bench] done", ""), "not the whole"),
                           (good.replace("group=nothing", "group=x"), "not the whole"),
                           (good.replace("rounds=100", "rounds=?"), "a damaged line"),
                           (good.replace("loop instructions", "loop"), "loop of known length"),
                           (good.replace("ticks=100040", "ticks=200040"), "an emulator's clock")):
            code, out = self.from_log(text)
            self.assertNotEqual(code, 0, said)
            self.assert_mentions(out, "bench: ", said)
            self.assertNotIn("Traceback", out)
        code, out = self.from_log(good, "--cycles-per-tick", "0")
        self.assertNotEqual(code, 0)
        self.assertIn("a positive number is needed", out)


class Gate(ScriptTest):
    def gate(self, change):
        data = made_up()["results"]
        new = copy.deepcopy(data)
        change(new)
        with mock.patch.object(bench, "BASELINE", self.tmp / "baseline.json"), \
             mock.patch.object(bench, "ROOT", self.tmp), redirect_stdout(StringIO()) as out:
            bench.update_baseline(data, ["ia32", "arm"])
            code = bench.gate(new, ["ia32", "arm"])
        return code, out.getvalue()

    def test_same(self):
        code, text = self.gate(lambda rows: None)
        self.assertEqual(code, 0, text)
        self.assertNotIn("--update-baseline", text)

    def test_worse(self):
        code, text = self.gate(lambda rows: rows[0].update(value=51))
        self.assertEqual(code, 1)
        self.assert_mentions(text, "WORSE: ia32 call (fast path, inter, 0 words, insn): 50 -> 51")

    def test_within_one_per_cent(self):
        code, text = self.gate(lambda rows: rows[2].update(value=rows[2]["value"] + 1))
        self.assertEqual((code, rows_of(text)), (0, []))

    def test_better_asks(self):
        code, text = self.gate(lambda rows: rows[0].update(value=49))
        self.assertEqual(code, 0)
        self.assert_mentions(text, "better: ia32 call", "scripts/bench --update-baseline")

    def test_gone(self):
        code, text = self.gate(lambda rows: rows.pop(0))
        self.assertEqual(code, 1)
        self.assert_mentions(text, "GONE: ia32 call fast inter 0 insn")


def rows_of(text):
    return [line for line in text.splitlines() if line.startswith(("WORSE", "GONE", "better"))]


class Instruments(ScriptTest):
    """The guest's clock against the meter."""

    def regions(self, call_ticks=5000, loop=200000, loop_ticks=200010, lines=3):
        text = [f"[bench] group={g} space=intra words=0 threads=2 spaces=2 rounds=1 ticks={t}"
                for g, t in (("nothing", 10), ("loop", loop_ticks), ("call", call_ticks))][:lines]
        text.insert(1, "[bench] loop instructions=200000")
        passes = [{"kernel": k, "user": u, "stays": []}
                  for k, u in ((0, 8), (0, loop + 10), (4000, 998))]
        return benchrun.Regions("ia32", "\n".join(text), passes)

    def test_agree(self):
        self.assertEqual(self.regions().per_tick, 1)
        self.assertEqual(len(self.regions(5002).pairs), 3)

    def test_disagree(self):
        for more, words in (({"call_ticks": 4990}, ("call, intra", "+10 more")),
                            ({"call_ticks": 5010}, ("call, intra", "-10 more")),
                            ({"loop": 100000}, ("100002 instructions in a loop of 200000",)),
                            ({"loop": 200100}, ("in a loop of 200000",)),
                            ({"loop_ticks": 150000}, ("a whole number was expected",)),
                            ({"lines": 2}, ("reports 2 regions, the meter saw 3",))):
            with self.assertRaises(UserError) as error:
                self.regions(**more)
            self.assert_mentions(str(error.exception), *words)


if __name__ == "__main__":
    unittest.main()
