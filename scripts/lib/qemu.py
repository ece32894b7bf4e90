# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Run a boot image in QEMU, as its board's JSON file says, and judge how it ended."""
import ctypes
import json
import os
import re
import selectors
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from .project import BOARDS, UserError, default_board, valid_boards

# The four states of a test, the same in every report.
PASS, FAIL, TIMEOUT, NOT_RUN = "pass", "FAIL", "timeout", "not run"

# One instruction is one nanosecond of the guest's time, on every host alike.
MEASURE_ARGS = ["-icount", "shift=0,sleep=off", "-rtc", "clock=vm"]

PACKAGES = {"qemu-system-i386": "qemu-system-x86", "qemu-system-x86_64": "qemu-system-x86",
            "qemu-system-arm": "qemu-system-arm"}

LAST_LINES = 20

PR_SET_PDEATHSIG = 1  # prctl(2)
_libc = ctypes.CDLL(None)

_guests = set()  # those running now, so that an interrupted script can end its own
_guests_lock = threading.Lock()


def package_of(binary):
    return PACKAGES.get(binary, "qemu-system-mips" if "mips" in binary else "qemu-system-misc")


def load_board(name):
    path = BOARDS / f"{name}.json"
    if not path.is_file():
        raise UserError(f'unknown board "{name}". Valid boards: {", ".join(valid_boards())}.')
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise UserError(f"{path}: not valid JSON: {error}") from None


def load_image(path):
    """The description of an image, as scripts/mkimage wrote it."""
    path = Path(path)
    if not path.is_file():
        raise UserError(f"{path}: no such image; build it first: cmake --build --preset <preset>")
    return json.loads(path.read_text(encoding="utf-8"))


def expected_image(isa, config, directory, board=None, name="root", iso=False):
    """What the description of an image will be once it is built."""
    board = board or default_board(isa)
    multiboot = "multiboot" in load_board(board)["qemu"]["boot"]
    image = directory / "images" / (f"{name}-iso.iso" if iso else f"{name}.elf")
    return {"name": name, "isa": isa, "config": config, "board": board,
            "format": "iso" if iso else "multiboot" if multiboot else "archive",
            "kernel": str(directory / "kernel.elf"), "image": str(image), "cmdline": "",
            "modules": [{"cmdline": "root", "file": str(directory / "programs" / "root")}]}


def escape_comma(text):
    """A comma inside an option's value, as QEMU wants it."""
    return str(text).replace(",", ",,")


def command_line(image, extra=(), measure=False, board=None):
    """QEMU's command line for an image, but for where the serial line goes."""
    board = board or load_board(image["board"])
    isa = image["isa"]
    qemu = board["qemu"]
    if isa not in qemu["binary"]:
        raise UserError(f'board {board["name"]} does not run {isa}; it runs '
                        f'{", ".join(qemu["binary"])}.')
    if image["format"] not in qemu["boot"]:
        raise UserError(f'board {board["name"]} can\'t boot a {image["format"]} image; it boots '
                        f'{", ".join(qemu["boot"])}.')
    modules = ",".join(" ".join([escape_comma(m["file"])] + m["cmdline"].split(" ")[1:])
                       for m in image["modules"])
    values = {"cpu": board["cpu"][isa], "ram_mib": int(board["memory"]["RAM_SIZE"], 0) >> 20,
              "kernel": image["kernel"], "image": image["image"], "cmdline": image["cmdline"],
              "modules": modules}
    line = [qemu["binary"][isa]]
    args = qemu["args"] + qemu["boot"][image["format"]]
    for at, arg in enumerate(args):
        # An option whose only value is empty (no command line, no modules) is left out.
        following = args[at + 1] if at + 1 < len(args) else ""
        if re.fullmatch(r"\{\w+\}", following) and values[following[1:-1]] in ("", None):
            continue
        if re.fullmatch(r"\{\w+\}", arg) and values[arg[1:-1]] in ("", None):
            continue
        line.append(arg.format(**values))
    return line + (MEASURE_ARGS if measure else []) + list(extra)


def find_qemu(binary):
    """None if the emulator is installed; what to do if it is not."""
    if shutil.which(binary):
        return None
    return (f"{binary} not found in PATH. On Debian: apt-get install {package_of(binary)} "
            "(scripts/setup does it)")


@dataclass
class Criteria:
    """How a guest has to end. `exit` is a member of the board's exit codes, or "timeout"."""
    expect: list = field(default_factory=list)
    fail: list = field(default_factory=list)
    exit: str = "ok"
    timeout: float = 60


@dataclass
class Result:
    status: str
    reason: str
    seconds: float
    output: str
    exit_code: int = None

    def last_lines(self, count=LAST_LINES):
        return self.output.rstrip("\n").split("\n")[-count:] if self.output.strip() else []


def run(image, criteria, log=None, extra=(), measure=False, on_line=None):
    """Boot `image`; write what the guest prints to the file `log` while it runs, and give each
    complete line to `on_line`."""
    board = load_board(image["board"])
    line = command_line(image, extra, measure, board) + ["-serial", "stdio", "-monitor", "none"]
    missing = find_qemu(line[0])
    if missing:
        return Result(NOT_RUN, missing, 0.0, "")
    start = time.monotonic()
    # A process group of its own, so that an interrupt from the keyboard reaches only us, and we
    # end it in order. If we are killed ourselves, the kernel ends it.
    with subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, start_new_session=True,
                          preexec_fn=_die_with_parent) as guest:
        with _guests_lock:
            _guests.add(guest)
        try:
            output, timed_out = _collect(guest, start + criteria.timeout, log, on_line)
            if not timed_out:
                try:
                    guest.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    timed_out = True  # it closed its output, and lives
        finally:
            _end(guest)
            with _guests_lock:
                _guests.discard(guest)
    seconds = time.monotonic() - start
    code = None if timed_out else guest.returncode
    status, reason = judge(output, code, board, criteria)
    return Result(status, reason, seconds, output, code)


def _die_with_parent():
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _end(guest):
    if guest.poll() is None:
        os.killpg(guest.pid, signal.SIGKILL)
        guest.wait()


def stop_all():
    """End every guest that this process has started."""
    with _guests_lock:
        for guest in _guests:
            _end(guest)


def _collect(guest, deadline, log, on_line):
    """Read what the guest prints until it ends or the deadline passes."""
    text = ""
    shown = 0
    timed_out = False
    if log:
        Path(log).parent.mkdir(parents=True, exist_ok=True)
    with selectors.DefaultSelector() as selector, \
         open(log or os.devnull, "w", encoding="utf-8") as file:
        selector.register(guest.stdout, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                timed_out = True
                break
            if not selector.select(left):
                continue
            piece = os.read(guest.stdout.fileno(), 65536)
            if not piece:
                break
            piece = piece.decode("utf-8", "replace").replace("\r", "")
            text += piece
            file.write(piece)
            file.flush()
            while on_line and "\n" in text[shown:]:
                end = text.index("\n", shown)
                on_line(text[shown:end])
                shown = end + 1
    return text, timed_out


def exit_name(board, code):
    """What the board's JSON calls an exit code of the emulator."""
    for name, value in board["exit"].items():
        if value == code:
            return name
    return None


def judge(output, code, board, criteria):
    """(status, reason) of a guest that printed `output` and whose emulator ended with `code`
    (None: it had to be ended)."""
    for regex in criteria.fail:
        match = re.search(regex, output, re.MULTILINE)
        if match:
            return FAIL, f"the guest printed \"{match.group(0)}\""
    at = 0
    missing = None
    for regex in criteria.expect:
        match = re.compile(regex, re.MULTILINE).search(output, at)
        if not match:
            missing = regex
            break
        at = match.end()
    if code is None:
        if criteria.exit == "timeout" and not missing:
            return PASS, "still running, as expected"
        return TIMEOUT, f"still running after {criteria.timeout:g} s" + \
            (f"; waited for /{missing}/" if missing else "")
    if missing:
        return FAIL, f"the guest ended (exit code {code}) without printing /{missing}/"
    name = exit_name(board, code)
    if name != criteria.exit:
        wanted = board["exit"].get(criteria.exit, criteria.exit)
        return FAIL, (f"the emulator ended with exit code {code} ({name or 'unknown'}); "
                      f"{wanted} ({criteria.exit}) is right")
    return PASS, ""
