# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""scripts/run in build directories that are made up, with stand-ins for QEMU and gdb."""
import contextlib
import io
import json
import os
import shlex
import sys
import unittest
from unittest import mock

from support import ScriptTest

from lib import run
from lib.project import UserError


class Run(ScriptTest):
    def setUp(self):
        super().setUp()
        for module, name, value in ((run, "ROOT", self.tmp),
                                    (run, "build_dir", lambda preset: self.tmp / preset),
                                    (run, "boards_of", lambda isa: ["virt", "virt7"])):
            patch = mock.patch.object(module, name, value)
            patch.start()
            self.addCleanup(patch.stop)

    def configured(self, preset, board, names=("root",)):
        """A build directory as CMake leaves it."""
        directory = self.tmp / preset
        (directory / "images").mkdir(parents=True)
        (directory / "build.ninja").touch()
        (directory / "config.json").write_text(json.dumps({"board": board}))
        self.name_images(directory, *names)
        return directory

    @staticmethod
    def name_images(directory, *names):
        (directory / "images" / "names").write_text("\n".join(names) + "\n")

    def dry_run(self, *args):
        """The words of each line printed."""
        out = io.StringIO()
        with mock.patch.object(sys, "argv", ["run", "--dry-run", *args]), \
             contextlib.redirect_stdout(out):
            self.assertEqual(run.main(), 0)
        return [shlex.split(line) for line in out.getvalue().splitlines()]

    def refused(self, text, call, *args):
        with self.assertRaises(UserError) as caught:
            call(*args)
        self.assertIn(text, str(caught.exception))

    # ---- dry runs -------------------------------------------------------------------------

    def test_dry_run(self):
        line, = self.dry_run("arm")
        self.assertEqual((line[0], line[-2:]), ("qemu-system-arm", ["-serial", "mon:stdio"]))
        self.assertNotIn("-icount", line)
        self.assertIn("-icount", self.dry_run("arm", "--measure")[0])

    def test_dry_run_with_gdb(self):
        qemu, gdb = self.dry_run("arm", "--gdb", "--", "-d", "int")
        self.assertIn("-S", qemu)
        self.assertIn("int", qemu)
        self.assertNotIn("mon:stdio", qemu)
        where = qemu[qemu.index("-gdb") + 1]
        path = where.removeprefix("unix:").removesuffix(",server=on,wait=off")
        self.assertEqual((gdb[0], gdb[-1]), ("gdb-multiarch", f"target remote {path}"))

    def test_dry_run_of_what_there_is_not(self):
        self.dry_run("arm", "--image", "nosuch")  # who knows: there is no build
        self.configured("arm-debug", "virt", ["root", "bench"])
        self.refused('no image "nosuch" in this build. It has: root, bench.', self.dry_run, "arm",
                     "--image", "nosuch")
        self.dry_run("arm", "--image", "bench")

    # ---- boards ---------------------------------------------------------------------------

    def test_board_of_the_build(self):
        self.configured("arm-debug", "virt7")
        self.refused("arm-debug is configured for the board virt7, not virt.", self.dry_run, "arm",
                     "--board", "virt")
        with mock.patch.object(run.qemu, "load_board", self.load_board):
            line, = self.dry_run("arm")
            self.assertIn("cortex-a7", line)
            line, = self.dry_run("arm", "--board", "virt7")
            self.assertIn("cortex-a7", line)
            self.assertTrue(any("arm-debug-virt7" in word for word in line))
            self.configured("arm-release", "virt")
            line, = self.dry_run("arm", "--config", "release", "--board", "virt")
            self.assertIn("cortex-a15", line)

    real_load_board = staticmethod(run.qemu.load_board)

    def load_board(self, name):
        board = self.real_load_board("virt")
        return dict(board, name=name, cpu={"arm": "cortex-a7"}) if name == "virt7" else board

    # ---- images ---------------------------------------------------------------------------

    def build_image(self, name, directory, build):
        built = []
        with mock.patch.object(run, "configure", lambda *_: True), \
             mock.patch.object(run, "build", lambda _d, _j, targets, _l: built.append(targets[0]) or
                               build(targets[0])):
            run.build_image(None, "arm-debug", directory, [], name)
        return built

    def test_image_that_has_been_added(self):
        directory = self.configured("arm-debug", "virt")

        def build(target):
            if target == "build.ninja":
                self.name_images(directory, "root", "hello")
            return True

        self.assertEqual(self.build_image("root", directory, build), ["image-root"])
        self.assertEqual(self.build_image("hello", directory, build), ["build.ninja", "image-hello"])
        self.refused('no image "nosuch" in this build. It has: root, hello.', self.build_image,
                     "nosuch", directory, build)
        self.refused("configuring arm-debug failed", self.build_image, "nosuch", directory,
                     lambda _: False)
        self.refused("building arm-debug failed", self.build_image, "hello", directory,
                     lambda _: False)

    # ---- gdb ------------------------------------------------------------------------------

    def run_gdb(self, emulator):
        """gdb's exit code and what it was called with; `emulator` is an sh script. $1: socket."""
        env = self.bare_path()
        self.fake_tool(env, "gdb-multiarch", f'echo "$@" >{self.tmp}/gdb; exit 7')
        gdb = run.Gdb({"kernel": "kernel.elf"}, self.tmp)
        with mock.patch.dict(os.environ, PATH=env["PATH"] + ":/bin:/usr/bin"), \
             contextlib.redirect_stdout(io.StringIO()):
            code = gdb.run(["sh", "-c", emulator, "sh", str(gdb.socket)])
        self.assertFalse(gdb.socket.exists())
        return code, (self.tmp / "gdb").read_text()

    def test_gdb_starts_when_the_emulator_is_there(self):
        code, args = self.run_gdb('sleep 0.2; : >"$1"; exec sleep 60')
        self.assertEqual(code, 7)
        self.assertIn(f"target remote {run.Gdb({'kernel': ''}, self.tmp).socket}", args)

    def test_emulator_that_ends(self):
        self.refused("the emulator ended with exit code 3", self.run_gdb, "exit 3")
        self.assertFalse((self.tmp / "gdb").exists())

    def test_emulator_that_does_nothing(self):
        with mock.patch.object(run, "SOCKET_SECONDS", 0.2):
            self.refused("for gdb within 0.2 s", self.run_gdb, "exec sleep 60")


if __name__ == "__main__":
    unittest.main()
