# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Where things are in the source tree, what can be built, and how scripts speak to people."""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BOARDS = ROOT / "cmake" / "boards"
CONFIGS = ("debug", "release")


class UserError(Exception):
    """Something the user can put right; the text says what was wrong and what would be right."""


def main_guard(main, name=None):
    """Run a script's main(): errors of the user become one line, an interrupt no traceback."""
    try:
        sys.exit(main())
    except UserError as error:
        sys.exit(f"{name or Path(sys.argv[0]).name}: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


def presets():
    """The visible configure presets: {name: cache variables}."""
    file = json.loads((ROOT / "CMakePresets.json").read_text(encoding="utf-8"))
    return {p["name"]: p.get("cacheVariables", {}) for p in file["configurePresets"]
            if not p.get("hidden")}


def target_presets():
    """The presets of programs that boot: {(isa, config): name}, in the order of the file."""
    return {(v["COBNUT_ISA"], v["CMAKE_BUILD_TYPE"].lower()): name
            for name, v in presets().items() if v["COBNUT_ISA"] not in ("host", "null")}


def valid_boards():
    return sorted(p.stem for p in BOARDS.glob("*.json"))


def boards_of(isa):
    """The boards that run programs of the ISA; the port's own choice comes first."""
    found = [name for name in valid_boards()
             if isa in json.loads((BOARDS / f"{name}.json").read_text(encoding="utf-8"))["isas"]]
    chosen = None
    for base in (isa, isa.removesuffix("el")):
        port = ROOT / "arch" / base / "port.cmake"
        if port.is_file():
            match = re.search(r"PORT_DEFAULT_BOARD\s+(\w+)", port.read_text(encoding="utf-8"))
            chosen = match and match[1]
            break
    return sorted(found, key=lambda name: (name != chosen, name))


def default_board(isa):
    found = boards_of(isa)
    if not found:
        raise UserError(f"no file in cmake/boards says that it runs {isa}.")
    return found[0]


def check_isa(isa):
    valid = sorted({key[0] for key in target_presets()})
    if isa not in valid:
        raise UserError(f'unknown ISA "{isa}". Valid ISAs: {", ".join(valid)}.')


def default_config(isa):
    check_isa(isa)
    return next(config for i, config in target_presets() if i == isa)


def preset_of(isa, config):
    """The preset's name; an error that lists what there is, if there is none."""
    check_isa(isa)
    if config not in CONFIGS:
        raise UserError(f'unknown configuration "{config}". Valid: {", ".join(CONFIGS)}.')
    found = target_presets()
    if (isa, config) not in found:
        have = ", ".join(c for i, c in found if i == isa)
        raise UserError(f"there is no {config} preset for {isa}; it has: {have}.")
    return found[isa, config]


def build_dir(preset):
    return ROOT / "build" / preset


def configured_board(directory):
    """The board that a build directory is configured for; None: it is not configured."""
    path = directory / "config.json"
    if not path.is_file() or not (directory / "build.ninja").is_file():
        return None
    return json.loads(path.read_text(encoding="utf-8")).get("board")


def configure(preset, log=None, directory=None, defines=()):
    """Configure a build directory, unless that was done. True if it worked. What the tools print
    goes to the open file `log`, or to the terminal."""
    directory = directory or build_dir(preset)
    if (directory / "build.ninja").is_file():
        return True
    return run_tool(["cmake", "--preset", preset, "-B", str(directory), *defines], log) == 0


def build(directory, jobs, targets=(), log=None):
    """Build targets, or all there is. True if it worked."""
    line = ["cmake", "--build", str(directory), "--parallel", str(jobs)]
    for target in targets:
        line += ["--target", target]
    return run_tool(line, log) == 0


def configure_and_build(preset, jobs, targets=(), log=None):
    return configure(preset, log) and build(build_dir(preset), jobs, targets, log)


def run_tool(line, log=None):
    """The exit code of a tool run in the source tree; a clear error if there is no such tool."""
    out = {"stdout": log, "stderr": subprocess.STDOUT} if log else {}
    try:
        return subprocess.run(line, cwd=ROOT, check=False, **out).returncode
    except FileNotFoundError:
        raise UserError(f"{line[0]} not found in PATH; scripts/setup installs it") from None
