# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""What user/bench measured on a real machine: its console log becomes rows of bench.json with the
metric "cycles".

There is no meter on a real machine, so the unit is a step of the program, with its instructions in
user mode: STEPS says what one is. The empty step is subtracted.
"""
import re
from pathlib import Path

from .benchdata import ISAS
from .benchrun import LINES, value
from .project import UserError

METRIC = "cycles"

# Region: (operation, how many of them a step has, what is measured). The others are no operation.
STEPS = {
    "call": ("call", 2, "a call or its reply: half a round trip"),
    "round_trip": ("round_trip", 1, "the first round trip behind other work"),
    "send": ("send", 1, "a send, and the receiver waits again"),
    "send_noswitch": ("send_noswitch", 1, "a send, and the receiver's turn to wait again"),
    "nil_ipc": ("nil_ipc", 1, "an IPC without both phases"),
    "notify": ("notify", 1, "a notification, and the receiver waits again"),
    "notify_nobody": ("notify_nobody", 1, "a notification that nobody waits for"),
    "page_fault": ("page_fault", 1, "a page fault and the pager's reply"),
    "exception": ("exception", 1, "an exception and the handler's reply"),
    "interrupt": ("interrupt", 1, "an interrupt, its handler, and the acknowledgement"),
    "thread_switch": ("thread_switch", 2, "a yield to an equal"),
    "map": ("map", 1, "a page mapped and unmapped"),
    "map_range": ("map_range", 1, "four pages mapped and unmapped"),
    "tlb_refill": ("tlb_refill", 1, "a page touched that the TLB doesn't hold"),
    "thread": ("thread_create", 1, "a thread made and deleted"),
    "space": ("space_create", 1, "a space with a thread made and deleted"),
}
EMULATED = 0.01  # so exactly an instruction a cycle is nothing but an emulator


def read(path):
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").replace("\r", "")
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from None


def isa_of(path, text):
    match = re.search(r"^cobnut \S+ (\S+) ", text, re.MULTILINE)
    if not match or match[1] not in ISAS:
        raise UserError(f"{path}: no kernel says here which ISA it is of, by a line such as "
                        f"\"cobnut 0.1.0 ia32 release\"; the ISAs are {', '.join(ISAS)}")
    return match[1]


def regions(path, text):
    """The guest's lines: [(group, space, words, threads, rounds, ticks)]."""
    found = []
    for line in text.splitlines():
        if line.startswith("[bench] group="):
            try:
                found.append((value(line, "group"), value(line, "space"),
                              *(int(value(line, k))
                                for k in ("words", "threads", "rounds", "ticks"))))
            except (TypeError, ValueError):
                raise UserError(f"{path}: a damaged line: {line}") from None
    if not found or found[0][0] != "nothing" or "[bench] done" not in text:
        raise UserError(f"{path}: not the whole of what the program bench prints, from its first "
                        "region, \"nothing\", to \"[bench] done\"")
    return found


def per_tick(path, text, given):
    """Cycles in a tick of the guest's clock."""
    clock = value(text, "clock")
    if given:
        return given
    if clock == "TSC":
        return 1
    raise UserError(f"{path}: the clock is {clock or 'not named'}, which is no cycle counter; say "
                    "how many cycles a tick is: --cycles-per-tick N")


def rows(path, kernel_path="fast", given=None):
    """(rows of bench.json, instructions a cycle in the known loop) from a console log."""
    text = read(path)
    isa = isa_of(path, text)
    found = regions(path, text)
    scale = per_tick(path, text, given)
    empty = found[0][5]
    results = []
    for group, space, words, threads, rounds, ticks in found:
        if group not in STEPS or threads > 2:
            continue
        op, parts, _ = STEPS[group]
        cycles = max(0, ticks - empty) * scale / (rounds * parts)
        results.append({"isa": isa, "op": op, "path": kernel_path, "space": space,
                        "words": words, "metric": METRIC, "value": round(cycles, 1),
                        **dict.fromkeys(LINES, 0)})
    instructions = int(value(text, "instructions") or 0)
    loop = next((r[5] - empty for r in found if r[0] == "loop"), 0)
    if not instructions or loop <= 0:
        raise UserError(f"{path}: nothing of the loop of known length")
    rate = instructions / (loop * scale)
    if abs(rate - 1) < EMULATED:
        raise UserError(f"{path}: each instruction of the known loop takes one tick: that is an "
                        "emulator's clock. Its figures come from scripts/bench without --from-log")
    return results, rate


def table(data):
    meaning = {op: text for op, _, text in STEPS.values()}
    return (["isa", "operation", "space", "words", "path", "cycles", "of what"],
            [[r["isa"], r["op"], r["space"], r["words"], r["path"], r["value"], meaning[r["op"]]]
             for r in data["results"] if r["metric"] == METRIC])
