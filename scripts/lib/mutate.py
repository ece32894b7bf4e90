# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Break the kernel in one place at a time, and see whether a test notices.

scripts/lib/mutants.py lists the changes. The working tree is copied to a directory of its own;
there, for each mutant, the kernel is changed, built and run: the conformance suite, until the
first case that fails, and if it notices nothing, the unit tests on the host. A mutant that
survives both shows a rule that nothing tests, unless mutants.py says why it can't be noticed.

WHICH: numbers of mutants, or names of their files (ipc.c); default: all. Exit code: 0 at least
90 % were killed and mutants.py explains each that was not, 1 otherwise.
"""
import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from lib import mutants, qemu
from lib.project import ROOT, UserError, main_guard, target_presets

SIGNS = ("[case] fail", "panic", "root task died", "rt: ")
ENGINES = ("target", "host")
HOST_PRESET = "host-asan"
WANTED = 90  # percent


def pattern(text):
    """A regex of the text, however its words are spaced."""
    return re.compile(r"\s*".join(re.escape(word) for word in re.findall(r"\w+|\S", text)))


def mutated(mutant, tree=ROOT):
    """The changed text of the mutant's file; an error unless it has the place just once."""
    path = tree / "kernel" / mutant.file
    if not path.is_file():
        raise UserError(f"mutant {mutant.number}: there is no kernel/{mutant.file}; correct "
                        "scripts/lib/mutants.py")
    text = path.read_text(encoding="utf-8")
    found = list(pattern(mutant.old).finditer(text))
    if len(found) != 1:
        raise UserError(f"mutant {mutant.number}: kernel/{mutant.file} has this {len(found)} times "
                        f"instead of once; correct scripts/lib/mutants.py:\n    {mutant.old}")
    return text[:found[0].start()] + mutant.new + text[found[0].end():]


class Tree:
    """A copy of the sources with build directories for both engines."""

    def __init__(self, path, args):
        self.path, self.args = path, args
        names = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z", "-co",
                                "--exclude-standard"], check=True, stdout=subprocess.PIPE)
        for name in filter(None, names.stdout.decode().split("\0")):
            if (ROOT / name).is_file():
                (path / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, path / name)

    def tool(self, *line):
        try:
            return subprocess.run(line, cwd=self.path, check=False, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL).returncode == 0
        except FileNotFoundError:
            raise UserError(f"{line[0]} not found in PATH; scripts/setup installs it") from None

    def build(self, engine):
        preset = self.args.preset if engine == "target" else HOST_PRESET
        directory = f"build/{engine}"
        if not (self.path / directory / "build.ninja").exists() and not self.tool(
                "cmake", "--preset", preset, "-B", directory, "-DCOBNUT_WERROR=OFF"):
            raise UserError(f"the preset {preset} can't be configured")
        target = ["--target", "image-conformance"] if engine == "target" else []
        return self.tool("cmake", "--build", directory, "-j2", *target)

    def target(self):
        """Why the conformance suite is not content, or None."""
        image = qemu.load_image(self.path / "build/target/images/conformance.json")
        line = qemu.command_line(image, measure=True) + ["-serial", "stdio", "-monitor", "none"]
        case, start = "boot", time.monotonic()
        with subprocess.Popen(["timeout", "-s", "KILL", str(self.args.timeout)] + line, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, errors="replace") as guest:
            try:
                for text in guest.stdout:
                    if text.startswith("[case] run "):
                        case = text.split()[2]
                    if any(sign in text for sign in SIGNS):
                        return f"{case}: {text.strip()[:150]}"
                    if text.startswith("[conformance] cases="):
                        return None
            finally:
                guest.terminate()
        hangs = time.monotonic() - start >= self.args.timeout - 1
        return f"{case}: {'hangs' if hangs else 'the emulator ended'}"

    def host(self):
        """The unit test that fails, or None."""
        done = subprocess.run(["ctest", "--test-dir", "build/host", "-j2", "-L", "unit",
                               "--stop-on-failure", "--timeout", str(self.args.timeout)],
                              cwd=self.path, check=False, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        failed = re.search(r"Test +#\d+: (\S+) .*\*\*\*", done.stdout)
        if done.returncode == 0:
            return None
        return failed[1] if failed else "the unit tests"

    def check(self, mutant):
        """What kills the mutant, or None."""
        path = self.path / "kernel" / mutant.file
        original = path.read_text(encoding="utf-8")
        path.write_text(mutated(mutant, self.path), encoding="utf-8")
        try:
            for engine in self.args.engine:
                if not self.build(engine):
                    return f"{engine}: does not build"
                why = getattr(self, engine)()
                if why:
                    return f"{engine}: {why}"
            return None
        finally:
            path.write_text(original, encoding="utf-8")


def select(which):
    files = {m.file for m in mutants.MUTANTS}
    for word in which:
        if word.isdigit() and not 1 <= int(word) <= len(mutants.MUTANTS):
            raise UserError(f"there is no mutant {word}; they are 1 to {len(mutants.MUTANTS)}")
        if not word.isdigit() and word not in files:
            raise UserError(f'no mutant is of a file "{word}". Files: {", ".join(sorted(files))}.')
    return [m for m in mutants.MUTANTS if not which or str(m.number) in which or m.file in which]


def parse():
    targets = list(target_presets().values())
    parser = argparse.ArgumentParser(prog="scripts/mutate", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", metavar="WHICH", nargs="*")
    parser.add_argument("--preset", default="ia32-release",
                        help="of the conformance suite (default: ia32-release)")
    parser.add_argument("--engine", action="append", help="only one of target, host")
    parser.add_argument("--timeout", type=int, default=60, metavar="SECONDS",
                        help="for one run of the suite, or one unit test (default: 60)")
    parser.add_argument("--dry-run", action="store_true",
                        help="only list the mutants, and see that each can be made")
    args = parser.parse_args()
    if args.preset not in targets:
        raise UserError(f'"{args.preset}" is no preset with a conformance suite. Valid presets: '
                        f'{", ".join(targets)}.')
    for engine in args.engine or ():
        if engine not in ENGINES:
            raise UserError(f'unknown engine "{engine}". Valid: {", ".join(ENGINES)}.')
    if args.timeout < 1:
        raise UserError(f"--timeout {args.timeout}: at least 1 is needed")
    args.engine = args.engine or list(ENGINES)
    args.which = select(args.which)
    return args


def main():
    args = parse()
    for mutant in args.which:
        mutated(mutant)
    if args.dry_run:
        for mutant in args.which:
            print(mutant)
        return 0
    alive = []
    with tempfile.TemporaryDirectory(prefix="cobnut-mutate-") as directory:
        tree = Tree(Path(directory), args)
        for engine in args.engine:
            if not tree.build(engine):
                raise UserError(f"the unchanged tree does not build for the {engine}")
            why = getattr(tree, engine)()
            if why:
                raise UserError(f"the unchanged tree fails: {why}")
        for count, mutant in enumerate(args.which, 1):
            why = tree.check(mutant)
            if not why:
                alive.append(mutant)
            print(f"[{count}/{len(args.which)}] {mutant}\n    "
                  + (f"killed by {why}" if why else f"SURVIVED ({mutant.why or 'unexplained'})"),
                  flush=True)
    killed = len(args.which) - len(alive)
    print(f"{killed} of {len(args.which)} mutants killed, {killed * 100 // len(args.which)} %")
    for mutant in alive:
        print(f"survived: {mutant}: {mutant.why or 'unexplained'}")
    return 1 if killed * 100 < WANTED * len(args.which) or any(not m.why for m in alive) else 0


if __name__ == "__main__":
    main_guard(main, "mutate")
