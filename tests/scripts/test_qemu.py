# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""How scripts judge a guest, with a stand-in for the emulator."""
import json
import os
import subprocess
import time
import unittest
from pathlib import Path
from unittest import mock

from support import SCRIPTS, ScriptTest

from lib import qemu
from lib.project import UserError

# For each ISA the emulator's name and the exit code of success and of a panic.
MACHINES = {"ia32": ("pc", "qemu-system-i386", 33, 37),
            "arm": ("virt", "qemu-system-arm", 0, 2),
            "mips64": ("malta", "qemu-system-mips64", 0, 2),
            "mips64el": ("malta", "qemu-system-mips64el", 0, 2)}


def image_of(isa):
    board = MACHINES[isa][0]
    return {"name": "test", "isa": isa, "config": "debug", "board": board,
            "format": "multiboot" if isa == "ia32" else "archive", "kernel": "/k/kernel.elf",
            "image": None if isa == "ia32" else "/k/image.elf", "cmdline": "",
            "modules": [{"cmdline": "root a b", "file": "/k/root,x"}]}


def ended(pid):
    """No such process, or one that only waits for its parent to take note."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True


class Judge(unittest.TestCase):
    """Every way a guest can end."""

    def check(self, status, output, code, **criteria):
        for isa, (board, _, good, panic) in MACHINES.items():
            real = {"ok": good, "panic": panic}.get(code, code)
            got, reason = qemu.judge(output, real, qemu.load_board(board),
                                     qemu.Criteria(**criteria))
            self.assertEqual((status, status == qemu.PASS or bool(reason)), (got, True),
                             f"{isa}: {reason}")
        return reason

    def test_pass(self):
        self.check(qemu.PASS, "boot\nall passed\n", "ok", expect=["^all passed$"])

    def test_says_success_but_exits_wrong(self):
        reason = self.check(qemu.FAIL, "all passed\n", "panic", expect=["^all passed$"])
        self.assertIn("exit code 2 (panic); 0 (ok) is right", reason)

    def test_unknown_exit_code(self):
        self.check(qemu.FAIL, "all passed\n", 139, expect=["^all passed$"])
        self.check(qemu.FAIL, "all passed\n", -11, expect=["^all passed$"])

    def test_exits_well_but_says_nothing(self):
        self.check(qemu.FAIL, "boot\n", "ok", expect=["^all passed$"])

    def test_says_failure_and_success(self):
        self.check(qemu.FAIL, "FAIL x\nall passed\n", "ok", expect=["^all passed$"],
                   fail=["^FAIL.*"])

    def test_wrong_order(self):
        self.check(qemu.FAIL, "two\none\n", "ok", expect=["one", "two"])

    def test_hangs(self):
        self.check(qemu.TIMEOUT, "boot\n", None, expect=["^all passed$"])

    def test_hangs_after_success(self):
        self.check(qemu.TIMEOUT, "all passed\n", None, expect=["^all passed$"])

    def test_expected_panic(self):
        self.check(qemu.PASS, "panic: x\n", "panic", expect=["^panic"], exit="panic")
        self.check(qemu.FAIL, "panic: x\n", "ok", expect=["^panic"], exit="panic")


class Runner(ScriptTest):
    def run_fake(self, isa, script, timeout=20, **criteria):
        env = self.bare_path()
        self.fake_tool(env, MACHINES[isa][1], script)
        with mock.patch.dict(os.environ, env):
            return qemu.run(image_of(isa), qemu.Criteria(timeout=timeout, **criteria),
                            log=self.tmp / "log")

    def test_pass(self):
        for isa, (_, _, good, _) in MACHINES.items():
            result = self.run_fake(isa, f"echo hello; exit {good}", expect=["hello"])
            self.assertEqual(result.status, qemu.PASS, result.reason)
            self.assertEqual((self.tmp / "log").read_text(), "hello\n")

    def test_hang_is_ended_and_shows_its_last_lines(self):
        for isa in MACHINES:
            start = time.monotonic()
            result = self.run_fake(
                isa, "i=0; while [ $i -lt 50 ]; do i=$((i+1)); echo line $i; done; exec cat /dev/zero"
                     " > /dev/null", timeout=1, expect=["never"])
            self.assertLess(time.monotonic() - start, 15)
            self.assertEqual(result.status, qemu.TIMEOUT)
            self.assertEqual(result.last_lines(), [f"line {i}" for i in range(31, 51)])

    def test_children_of_a_hanging_emulator_end_with_it(self):
        self.run_fake("arm", f"sh -c 'echo $$ > {self.tmp}/pid; exec cat /dev/zero >/dev/null' &\n"
                      "exec cat /dev/zero >/dev/null", timeout=1, expect=["never"])
        self.wait_until(lambda: ended(int((self.tmp / "pid").read_text())))

    def test_emulator_ends_when_the_script_is_killed(self):
        env = self.bare_path()
        self.fake_tool(env, "qemu-system-arm", f"echo $$ > {self.tmp}/pid; exec cat /dev/zero"
                       " > /dev/null")
        image = self.tmp / "image.json"
        image.write_text(json.dumps(image_of("arm")))
        script = subprocess.Popen([SCRIPTS / "boot_test", "--expect", "x", str(image)], env=env,
                                  stdout=subprocess.DEVNULL)
        pid = self.tmp / "pid"
        self.wait_until(lambda: pid.exists() and pid.read_text().endswith("\n"))
        script.kill()
        script.wait()
        self.wait_until(lambda: ended(int(pid.read_text())))

    def wait_until(self, condition):
        for _ in range(200):
            if condition():
                return
            time.sleep(0.1)
        self.fail("it did not happen")

    def test_missing_emulator(self):
        for isa, (_, binary, _, _) in MACHINES.items():
            with mock.patch.dict(os.environ, self.bare_path()):
                result = qemu.run(image_of(isa), qemu.Criteria(expect=["x"]))
            self.assertEqual(result.status, qemu.NOT_RUN)
            self.assert_mentions(result.reason, binary, "apt-get install qemu-system-")

    def test_boot_test_exit_codes(self):
        for isa, (_, binary, good, panic) in MACHINES.items():
            image = self.tmp / "image.json"
            image.write_text(json.dumps(image_of(isa)))
            env = self.bare_path()
            for script, code, word in ((f"echo yes; exit {good}", 0, "pass"),
                                       (f"echo yes; exit {panic}", 1, "FAIL"),
                                       ("echo one; exec sleep 30", 3, "timeout"), (None, 77, "not run")):
                if script:
                    self.fake_tool(env, binary, script)
                else:
                    os.unlink(self.tmp / "tools" / binary)
                self.assert_boot_test(env, image, code, word)

    def assert_boot_test(self, env, image, code, word):
        if word == "timeout":
            env = dict(env, PATH=env["PATH"] + ":/bin:/usr/bin")
        got, text = self.run_tool(SCRIPTS / "boot_test", "--expect", "yes", "--timeout", "1", image,
                                  env=env)
        self.assertEqual(got, code, text)
        self.assertIn(f"{word}: ", text)
        if word == "timeout":
            self.assertIn("  | one", text)


class CommandLine(unittest.TestCase):
    def test_multiboot_modules_keep_their_arguments(self):
        line = qemu.command_line(image_of("ia32"))
        self.assertEqual(line[line.index("-initrd") + 1], "/k/root,,x a b")
        self.assertNotIn("-append", line)

    def test_no_modules(self):
        line = qemu.command_line(dict(image_of("ia32"), modules=[]))
        self.assertNotIn("-initrd", line)

    def test_extra_and_measure(self):
        line = qemu.command_line(image_of("arm"), ["-d", "int"], measure=True)
        self.assertEqual(line[-2:], ["-d", "int"])
        self.assertIn("shift=0,sleep=off", line)

    def test_wrong_board_and_format(self):
        for change in ({"board": "nosuch"}, {"board": "malta"}, {"format": "iso"}):
            with self.assertRaises(UserError):
                qemu.command_line(dict(image_of("arm"), **change))


if __name__ == "__main__":
    unittest.main()
