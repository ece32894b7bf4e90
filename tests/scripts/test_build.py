# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""What CMake and the scripts say to somebody who asks for what there is not."""
import os
import shutil
import unittest
from unittest import mock

from support import ROOT, SCRIPTS, ScriptTest

from lib import matrix, project

# Ports may have been added.
ISAS = sorted({isa for isa, _ in project.target_presets()})
COMPILERS = {"ia32": ("i686-linux-gnu-", "i686-elf-", "gcc-i686-linux-gnu"),
             "arm": ("arm-none-eabi-", "arm-linux-gnueabihf-", "gcc-arm-none-eabi"),
             "mips64": ("mips64-linux-gnuabi64-", "mips64-elf-", "gcc-mips64-linux-gnuabi64"),
             "mips64el": ("mips64el-linux-gnuabi64-", "mips64el-elf-",
                          "gcc-mips64el-linux-gnuabi64")}


class Configure(ScriptTest):
    def cmake(self, *args, env=None):
        return self.run_tool("cmake", "-S", ROOT, "-B", self.tmp / "build", "-G", "Ninja", *args,
                             env=env)

    def refused(self, args, *words, env=None):
        shutil.rmtree(self.tmp / "build", ignore_errors=True)
        code, text = self.cmake(*args, env=env)
        self.assertNotEqual(code, 0, text)
        self.assert_mentions(text, *words)

    def test_unknown_isa(self):
        self.refused(["-DCOBNUT_ISA=nosuch"], 'Unknown ISA "nosuch"',
                     ", ".join(sorted([*ISAS, "host", "null"])))
        self.refused([], 'Unknown ISA ""')

    def test_unknown_board(self):
        for isa in ("ia32", "arm", "mips64"):
            boards = ", ".join(sorted(project.boards_of(isa)))
            for wrong in ("nosuch", "virt" if isa != "arm" else "pc"):
                self.refused([f"-DCOBNUT_ISA={isa}", f"-DCOBNUT_BOARD={wrong}"],
                             f'Unknown board "{wrong}" for {isa}. Valid boards: {boards}.')

    def test_unknown_build_type(self):
        self.refused(["-DCOBNUT_ISA=arm", "-DCMAKE_BUILD_TYPE=Fast"], 'Unknown build type "Fast"',
                     "Debug, Release")

    def test_bad_option(self):
        self.refused(["-DCOBNUT_ISA=arm", "-DCOBNUT_MAX_THREADS=many"],
                     "COBNUT_MAX_THREADS=many: a positive number is needed")

    def test_missing_compiler(self):
        env = self.bare_path()
        for isa, (first, second, package) in COMPILERS.items():
            self.refused([f"-DCOBNUT_ISA={isa}"], f"No C compiler for {isa}", f"no {first}gcc in PATH",
                         f"no {second}gcc in PATH", f"apt-get install {package}", env=env)
        host = ROOT / "cmake" / "toolchains" / "host-32.cmake"
        self.refused(["-DCOBNUT_ISA=host", f"-DCMAKE_TOOLCHAIN_FILE={host}"],
                     "No C compiler for 32-bit host programs", "gcc-i686-linux-gnu", env=env)

    def test_missing_runtime_library(self):
        env = self.bare_path()
        self.fake_tool(env, "arm-none-eabi-gcc", "exit 1")
        self.refused(["-DCOBNUT_ISA=arm"], "lacks its runtime library", env=env)

    def test_compiler_for_another_machine(self):
        env = self.bare_path()
        for isa, machine in (("arm", "aarch64-elf"), ("arm", "armeb-none-eabi"),
                             ("ia32", "x86_64-linux-gnu"), ("mips64", "mips64el-elf"),
                             ("mips64el", "mips64-elf"), ("mips64", "mips-elf")):
            self.fake_tool(env, "other-gcc", "case $1 in -print*) echo /dev/null;; "
                           f"-dumpmachine) echo {machine};; *) exit 9;; esac")
            self.refused([f"-DCOBNUT_ISA={isa}", "-DCOBNUT_CROSS_PREFIX=other-"],
                         f"other-gcc makes programs for {machine}, not for {isa}", env=env)

    def test_prefix_of_ones_own_survives_a_second_run(self):
        args = ["-DCOBNUT_ISA=arm", "-DCOBNUT_CROSS_PREFIX=arm-none-eabi-"]
        for again in (args, [], ["-DCOBNUT_MAX_THREADS=64"]):
            code, text = self.cmake(*again)
            self.assertEqual(code, 0, text)
            cache = (self.tmp / "build" / "CMakeCache.txt").read_text()
            self.assertIn("COBNUT_CROSS_PREFIX:UNINITIALIZED=arm-none-eabi-", cache)
        config = (self.tmp / "build" / "include" / "config.h").read_text()
        self.assertIn("#define CONFIG_MAX_THREADS 64\n", config)

    def test_one_build_directory_for_one_isa(self):
        code, text = self.cmake("-DCOBNUT_ISA=arm")
        self.assertEqual(code, 0, text)
        code, text = self.cmake("-DCOBNUT_ISA=ia32")
        self.assertNotEqual(code, 0)
        self.assert_mentions(text, "was configured for arm", "Use another directory for ia32")

    def test_prefix_from_the_environment(self):
        self.refused(["-DCOBNUT_ISA=arm"], "no nosuch-gcc in PATH",
                     env=dict(os.environ, COBNUT_CROSS_PREFIX="nosuch-"))

    def test_iso_is_a_target_of_its_own(self):
        code, text = self.cmake("-DCOBNUT_ISA=ia32")
        self.assertEqual(code, 0, text)
        for target, wants_iso in (("image-root", False), ("image-root-iso", True),
                                  ("matrix", True), ("all", True)):
            code, text = self.run_tool("ninja", "-C", self.tmp / "build", "-t", "commands",
                                       target)
            self.assertEqual((code, "--format iso" in text), (0, wants_iso), text)
            self.assertEqual("--format multiboot" in text, target != "image-root-iso")


class Commands(ScriptTest):
    def refused(self, line, *words, env=None):
        code, text = self.run_tool(*line, env=env)
        self.assertNotEqual(code, 0, text)
        self.assert_mentions(text, *words)
        self.assertNotIn("Traceback", text)

    def test_unknown_preset(self):
        names = ["ia32-debug", "arm-release", "mips64el-release", "host-asan", "null"]
        self.refused(["cmake", "--preset", "nosuch"], "nosuch", *names)
        self.refused([SCRIPTS / "test", "--preset", "nosuch"], 'unknown preset "nosuch"', *names)

    def test_unknown_isa(self):
        for script in ("run", "matrix"):
            flag = ["--isa"] if script == "matrix" else []
            self.refused([SCRIPTS / script, *flag, "nosuch"], f'{script}: unknown ISA "nosuch"',
                         ", ".join(ISAS))

    def test_unknown_config(self):
        for line in (["run", "arm", "--config", "fast"], ["matrix", "--config", "fast"]):
            self.refused([SCRIPTS / line[0], *line[1:]], 'unknown configuration "fast"',
                         "debug, release")
        have = {("z80", "release"): "z80-release"}
        with mock.patch.object(project, "target_presets", lambda: have), \
             self.assertRaisesRegex(project.UserError, "no debug preset for z80; it has: release"):
            project.preset_of("z80", "debug")

    def test_unknown_board(self):
        for isa in ("ia32", "arm", "mips64"):
            boards = ", ".join(project.boards_of(isa))
            self.refused([SCRIPTS / "run", isa, "--board", "nosuch"],
                         f'unknown board "nosuch" for {isa}. Valid boards: {boards}.')

    def test_iso_where_there_is_none(self):
        self.refused([SCRIPTS / "run", "arm", "--iso", "--dry-run"], "can't boot a iso image")

    def test_bad_jobs(self):
        for script in ("matrix", "test"):
            self.refused([SCRIPTS / script, "--jobs", "0"], "at least 1 is needed")

    def test_dry_runs(self):
        code, text = self.run_tool(SCRIPTS / "matrix", "--dry-run")
        self.assertEqual(code, 0, text)
        lines = text.splitlines()
        booted = set(project.target_presets()) - set(matrix.ON_REQUEST)
        self.assertEqual(sum("-cdrom" in line for line in lines), 1)
        self.assertEqual(len(lines), len(booted) + 1, text)
        for line in lines:
            self.assertRegex(line, r"^qemu-system-\w+ .*-serial stdio$")
        code, text = self.run_tool(SCRIPTS / "run", "arm", "--dry-run", "--", "-d", "int")
        self.assertEqual(code, 0, text)
        self.assertRegex(text, "^qemu-system-arm .* -d int ")

    def test_setup(self):
        code, text = self.run_tool(SCRIPTS / "setup", "--nosuch")
        self.assertEqual(code, 2)
        self.assert_mentions(text, 'unknown argument "--nosuch"')
        code, text = self.run_tool(SCRIPTS / "setup", "--help")
        self.assertEqual((code, text[:6]), (0, "usage:"))

    def test_setup_names_and_installs_what_is_missing(self):
        env = self.bare_path(*"dpkg-query dpkg apt-get id".split())
        record = self.tmp / "record"
        # All packages are there but two, one of a foreign architecture.
        self.fake_tool(env, "dpkg-query", 'case "$4" in qemu-system-arm|libcmocka-dev:i386) exit 1;;'
                       ' esac; echo "ii "')
        self.fake_tool(env, "dpkg", f'echo dpkg "$@" >> {record}')
        self.fake_tool(env, "apt-get", f'echo apt-get "$@" >> {record}')
        self.fake_tool(env, "id", "echo 0")
        env["PATH"] += ":/bin:/usr/bin"
        code, text = self.run_tool(SCRIPTS / "setup", "--check", env=env)
        self.assertEqual(code, 1)
        self.assert_mentions(text, "missing: qemu-system-arm (ARM machine)")
        code, text = self.run_tool(SCRIPTS / "setup", "--dry-run", env=env)
        self.assertEqual(code, 0)
        self.assertNotIn("install", record.read_text())
        code, text = self.run_tool(SCRIPTS / "setup", env=env)
        self.assertEqual(code, 0, text)
        self.assert_mentions(record.read_text(), "dpkg --add-architecture i386",
                             "apt-get install -y -q --no-install-recommends libcmocka-dev:i386 "
                             "qemu-system-arm\n".strip())

    def test_setup_with_nothing_to_do(self):
        env = self.bare_path("dpkg-query", "apt-get")
        self.fake_tool(env, "dpkg-query", 'echo "ii "')
        self.fake_tool(env, "apt-get", "exit 9")
        code, text = self.run_tool(SCRIPTS / "setup", env=env)
        self.assertEqual((code, text), (0, "setup: everything is installed\n"))


if __name__ == "__main__":
    unittest.main()
