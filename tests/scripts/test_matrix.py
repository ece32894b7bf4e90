# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""The reports of scripts/matrix and scripts/test, with builds and boots that are made up."""
import json
import unittest
import xml.etree.ElementTree as ET
from argparse import Namespace
from unittest import mock

from support import ScriptTest

from lib import alltests, matrix, project, qemu, report
from lib.project import CONFIGS

# Those of the finished ports, however many more there are.
ISAS = ["ia32", "arm", "mips64", "mips64el"]
PRESETS = {(isa, config): f"{isa}-{config}" for isa in ISAS for config in CONFIGS}

REAL_LOAD_BOARD = qemu.load_board
VIRT = REAL_LOAD_BOARD("virt")

CONSOLE = """cobnut 0.1.0 arm release
[ipc] space=intra words=0 round_trip_insn=250.0 one_way=125.0 calib=0.062500
[ipc] space=inter words=0 round_trip_insn=260.4 one_way=130.2 calib=0.062500
[ipc] space=inter words=63 round_trip_insn=500.0 one_way=250.0 calib=0.062500
[root] all passed
cobnut: root task ended
"""


class Elf:
    def __init__(self, _path):
        pass

    def section_sizes(self):
        return {"text": 20000, "data": 64, "bss": 4096}


class Matrix(ScriptTest):
    def run_matrix(self, boots, builds=True, isa=None, config=CONFIGS, boards=lambda _: None):
        """A whole run, in which booting (isa, config, format) ends as `boots` says; else well.
        `boards` says which board a build directory is configured for."""
        args = Namespace(out=str(self.tmp / "out"), jobs=2, timeout=5, config=list(config),
                         isa=isa or ISAS, chosen=isa is not None)

        def load_board(name):
            return VIRT if name == "virt7" else REAL_LOAD_BOARD(name)

        def build(*_args, log, **_more):
            log.write("one\nmain.c:1: error\n")
            return builds

        def boot(image, *_args, measure, **_more):
            self.assertEqual(measure, image["format"] != "iso")
            return boots.get((image["isa"], image["config"], image["format"]),
                             qemu.Result(qemu.PASS, "", 1.25, CONSOLE, 0))

        def load(path):
            preset = path.parent.parent.name
            name = preset.rsplit("-", 1)
            return {"isa": name[0], "config": name[1], "board": boards(path.parent.parent) or
                    project.default_board(name[0]),
                    "format": "iso" if path.stem.endswith("-iso") else "other"}

        with mock.patch.object(qemu, "run", boot), \
             mock.patch.object(qemu, "load_image", load), \
             mock.patch.object(qemu, "load_board", load_board), \
             mock.patch.object(matrix, "configure_and_build", build), \
             mock.patch.object(matrix, "configured_board", boards), \
             mock.patch.object(matrix, "target_presets", lambda: PRESETS), \
             mock.patch.object(project, "target_presets", lambda: PRESETS), \
             mock.patch.object(matrix, "Elf", Elf), mock.patch("builtins.print"):
            made = matrix.Matrix(args)
            self.made_before = [Namespace(**vars(row)) for row in made.rows]
            made.run()
            made.write()
        self.data = json.loads((self.tmp / "out" / "matrix.json").read_text())
        return made

    def test_all_pass(self):
        made = self.run_matrix({})
        self.assertEqual([(r["isa"], r["config"], r["board"]) for r in self.data["rows"]], [
            ("ia32", "debug", "pc"), ("ia32", "release", "pc"), ("arm", "debug", "virt"),
            ("arm", "release", "virt"), ("mips64", "debug", "malta"),
            ("mips64", "release", "malta"), ("mips64el", "release", "malta"),
            ("ia32", "release", "pc-iso")])
        self.assertEqual({r["status"] for r in self.data["rows"]}, {"pass"})
        self.assertEqual(len(self.data["ipc"]), 7 * 3)
        self.assertEqual(self.data["ipc"][1], {"isa": "ia32", "config": "debug", "space": "inter",
                                               "words": 0, "metric": "insn", "one_way": 130.2})
        self.assertEqual(self.data["sizes"][6], {"isa": "mips64el", "config": "release",
                                                 "text": 20000, "data": 64, "bss": 4096})
        text = made.tables(markdown=False)
        for part in ("Boot matrix", "pc-iso", "IPC, one way", "130.2", "Kernel size"):
            self.assertIn(part, text)
        self.assertIn("| inter |    63 |", (self.tmp / "out" / "matrix.md").read_text())

    def test_four_states(self):
        self.run_matrix({
            ("arm", "debug", "other"): qemu.Result(qemu.FAIL, "because", 1, "x\x00\x1b[0m", 2),
            ("arm", "release", "other"): qemu.Result(qemu.TIMEOUT, "waited", 5, "slow"),
            ("ia32", "debug", "other"): qemu.Result(qemu.NOT_RUN, "no emulator", 0, "")})
        status = {(r["isa"], r["config"]): r["status"] for r in self.data["rows"]}
        self.assertEqual([status["arm", "debug"], status["arm", "release"],
                          status["ia32", "debug"], status["mips64", "debug"]],
                         ["FAIL", "timeout", "not run", "pass"])
        self.assertEqual({i["isa"] for i in self.data["ipc"]}, {"ia32", "mips64", "mips64el"})
        suite = ET.parse(self.tmp / "out" / "junit.xml").getroot()[0]
        self.assertEqual([suite.get(k) for k in ("tests", "failures", "errors", "skipped")],
                         ["8", "2", "1", "0"])
        self.assertEqual([(e.get("type"), e.get("message")) for e in suite.iter("error")],
                         [("not run", "no emulator")])

    def test_failed_build(self):
        self.run_matrix({}, builds=False)
        self.assertEqual({r["status"] for r in self.data["rows"]}, {"FAIL"})
        self.assertEqual((self.data["ipc"], self.data["sizes"]), ([], []))
        case = ET.parse(self.tmp / "out" / "junit.xml").getroot()[0][0]
        self.assertRegex(case.find("failure").get("message"), "^the build failed; see /.*")
        self.assertIn("main.c:1: error", case.findtext("system-out"))

    def test_board_that_the_build_has(self):
        made = self.run_matrix({}, isa=["arm"], boards=lambda d: "virt7" if d.name == "arm-debug"
                               else None)
        self.assertEqual([(r["config"], r["board"]) for r in self.data["rows"]],
                         [("debug", "virt7"), ("release", "virt")])
        self.assertEqual([row.board for row in self.made_before], ["virt7", "virt"])
        with mock.patch("builtins.print") as shown, \
             mock.patch.object(qemu, "load_board", lambda name: dict(VIRT, name=name)), \
             mock.patch.object(qemu, "command_line", lambda image, **_: [image["board"]]):
            matrix.dry_run(made)
        # The build has configured anew.
        answers = iter([None, "virt7"])
        self.run_matrix({}, isa=["arm"], config=["debug"], boards=lambda _: next(answers))
        self.assertEqual([r["board"] for r in self.data["rows"]], ["virt7"])
        self.assertEqual([c.args[0].split()[0] for c in shown.mock_calls], ["virt7", "virt"])

    def test_selection(self):
        self.run_matrix({}, isa=["ia32"], config=["debug"])
        self.assertEqual([r["board"] for r in self.data["rows"]], ["pc", "pc-iso"])
        self.run_matrix({}, isa=["mips64el"])
        self.assertEqual([r["config"] for r in self.data["rows"]], ["debug", "release"])


class Ctest(unittest.TestCase):
    LINES = {
        " 1/12 Test  #1: unit-sched .......................   Passed    0.01 sec":
            ("unit-sched", qemu.PASS),
        " 2/12 Test  #2: boot-root ...***Failed    3.20 sec": ("boot-root", qemu.FAIL),
        "10/12 Test #10: boot-hang ........***Timeout  60.02 sec": ("boot-hang", qemu.TIMEOUT),
        " 3/12 Test  #3: x .................***Exception: SegFault  0.12 sec": ("x", qemu.FAIL),
        " 4/12 Test  #4: y ................***Not Run   0.00 sec": ("y", qemu.NOT_RUN),
        " 5/12 Test  #5: z ................***Skipped   0.00 sec": ("z", qemu.NOT_RUN),
        " 6/12 Test  #6: c ..........Subprocess aborted***Exception:   0.10 sec": ("c", qemu.FAIL),
    }

    def test_lines(self):
        for line, (name, status) in self.LINES.items():
            match = alltests.CTEST_LINE.match(line)
            self.assertTrue(match, line)
            self.assertEqual((match["name"], alltests.status_of(match["how"])), (name, status))


class Table(unittest.TestCase):
    def test_alignment(self):
        self.assertEqual(report.table(["name", "n"], [["a", 1], ["bcdef", 22.5]]).split("\n"),
                         ["name      n", "-----  ----", "a         1", "bcdef  22.5"])
        self.assertEqual(report.table(["a"], [], markdown=True), "| a |\n|--:|")


if __name__ == "__main__":
    unittest.main()
