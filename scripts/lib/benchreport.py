# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""The benchmark's reports: tables for the terminal and in Markdown, and one HTML page."""
import html
import json

from . import benchcycles, benchplot, benchreasons
from .benchdata import (CROWD, CYCLES, CYCLES_HEADER, CYCLES_SOURCE, FLAT, ISAS, LINE_TARGET,
                        PEER_FIGURES, PEER_LINES, PEER_TEXT, PEERS, PUBLISHED_SIZES, SIZE_TARGETS,
                        TITLES, target)
from .project import UserError
from .report import table

MET, MISS = "met", "MISS"


def verdict(value, most):
    return "" if most is None else MET if value <= most else MISS


def flat(row, crowded):
    """How much the operation costs more, or less, among 4,000 threads and 500 spaces."""
    change = benchreasons.flatness(row, crowded)
    if change is None:
        return ""
    return f"{change:+.1%}" + (f" {MISS}" if abs(change) > FLAT else "")


def cost_table(data):
    crowded = benchreasons.in_a_crowd(data)
    stored = {benchreasons.place(r): r["value"]
              for r in data["results"] if r["metric"] == "bytes_stored"}
    header = ["isa", "operation", "space", "words", "path", "instructions", "target", "",
              "I64", "D64", "I32", "D32", "stored", "when crowded"]
    order = list(TITLES)
    rows = sorted((r for r in data["results"] if r["metric"] == "insn"),
                  key=lambda r: (order.index(r["op"]), r["space"], r["words"],
                                 ISAS.index(r["isa"]), r["path"]))
    return header, [[r["isa"], r["op"], r["space"], r["words"], r["path"], r["value"],
                     target(r) if target(r) is not None else "",
                     verdict(r["value"], target(r)), r["ilines64"], r["dlines64"], r["ilines32"],
                     r["dlines32"],
                     stored.get(benchreasons.place(r), ""), flat(r, crowded)] for r in rows]


def line_table(data):
    trips = [r for r in data["results"] if r["op"] == "round_trip" and r["space"] == "inter" and
             r["metric"] == "insn"]
    return (["isa", "path", "I lines of 64", "", "D lines of 64", "", "target"],
            [[r["isa"], r["path"], r["ilines64"], verdict(r["ilines64"], LINE_TARGET),
              r["dlines64"], verdict(r["dlines64"], LINE_TARGET), LINE_TARGET] for r in trips])


def peer_table(data):
    """Instructions beside those of other kernels, the dearer space of each operation."""
    columns = sorted({(r["isa"], r["path"]) for r in data["results"]},
                     key=lambda c: (ISAS.index(c[0]), c[1]))
    values = {}
    for r in data["results"]:
        if r["metric"] == "insn" and r["words"] == 0:
            key = (r["op"], r["isa"], r["path"])
            values[key] = max(values.get(key, 0), r["value"])
    header = ["operation"] + [f"{isa} {path}" for isa, path in columns] + list(PEERS)
    return header, [[TITLES[op]] + [values.get((op, *c), "-") for c in columns] + list(figures)
                    for op, figures in PEER_FIGURES.items() if values]


def size_table(data):
    header = ["isa", "path", "text", "", "data", "bss", "total", "", "resident", "thread", "",
              "+ UTCB", "empty space", ""]
    return header, [[s["isa"], s["path"], s["text"], verdict(s["text"], SIZE_TARGETS["text"]),
                     s["data"], s["bss"], s["total"], verdict(s["total"], SIZE_TARGETS["total"]),
                     s["resident"], s["thread"], verdict(s["thread"], SIZE_TARGETS["thread"]),
                     s["utcb"], s["space"], verdict(s["space"], SIZE_TARGETS["space"])]
                    for s in data["sizes"]]


def crowd(data):
    """How many there are in the crowd: on an ISA with many interrupt lines, whose numbers are
    threads' numbers, fewer than the program wanted."""
    isas = {}
    for s in data["sizes"]:
        isas.setdefault((s["crowd_threads"], s["crowd_spaces"]), {})[s["isa"]] = True
    return "; ".join(f"{threads:,} threads in {spaces:,} spaces ({', '.join(names)})" +
                     ("" if threads >= CROWD else ", as many as there are numbers for")
                     for (threads, spaces), names in sorted(isas.items(), reverse=True)) or \
        "not measured"


def sections(data, reasons):
    """[(title, explanation, header, rows)], those that have rows."""
    every = [
        ("On a real machine: CYCLES",
         "Measured by the program itself, with its own instructions in user mode; the unit is what "
         "the last column says.", *benchcycles.table(data)),
        ("Kernel instructions and cache lines for one operation, one way",
         "I64, D64: lines of 64 bytes the kernel touches, instructions and data; I32, D32: of 32. "
         "Stored: bytes that the kernel stores, zeroed memory among them. When crowded: "
         f"{crowd(data)}.", *cost_table(data)),
        ("Cache lines of the kernel for a call and its reply, between spaces",
         f"Others, instructions and data: {PEER_LINES}.", *line_table(data)),
        ("Beside other kernels: instructions",
         "The others' figures: L4Ka::Pistachio and seL4 (16-dev), counted with the same "
         "instrument, one instruction each; unit: kernel instructions.", *peer_table(data)),
        ("Published IPC of L4Ka::Pistachio, one way: CYCLES",
         f"Source: {CYCLES_SOURCE}. Cycles of real processors are another unit than instructions: "
         "the two are not to be subtracted.", list(CYCLES_HEADER), [list(r) for r in CYCLES]),
        ("Sizes, bytes", "total: text, data and bss, without the pool; resident: the same with the "
         "constants and symbols, all that stays in memory after booting; thread: kernel memory of "
         f"one, beside its UTCB; space: of an empty one. Others' text: {PEER_TEXT}.",
         *size_table(data)),
        ("Published kernel memory of L4Ka::Pistachio: thousands of bytes",
         f"Source: {CYCLES_SOURCE}. Compiled with GCC; of releases and configurations that are not "
         "these.", ["architecture", "text", "total"],
         [list(r) for r in PUBLISHED_SIZES] if data["sizes"] else []),
        ("Targets that are missed, and why",
         "The figures of one operation on one ISA together: how many, or which message; from the "
         "lowest to the highest, and their targets.", *miss_table(data, reasons)),
    ]
    return [section for section in every if section[3]]


def miss_table(data, reasons):
    return (["figure", "isa", "paths", "figures", "is", "target", "reason"],
            benchreasons.table(data, reasons))


def about(data):
    emulator = f"QEMU {data['qemu']}" if data["qemu"] else "a real machine"
    return f"{emulator}, GCC {data['gcc'] or 'not known'}, {data['commit']}"


def text(data, reasons, ops=()):
    """For the terminal: everything, or only what some operations cost."""
    if ops:
        header, rows = cost_table(data)
        return table(header, [r for r in rows if r[1] in ops])
    out = []
    for title, explanation, header, rows in sections(data, reasons):
        out += [title, explanation, "", table(header, rows), ""]
    count = len(list(benchreasons.figures(data)))
    missed = len(benchreasons.misses(data))
    without, stale = benchreasons.complaints(data, reasons)
    if count:
        out.append(f"{count} figures have a target: {count - missed} meet it, {missed} miss it, "
                   f"{len(without)} of them without a reason")
    out += [f"  NO REASON: {text}" for text in without]
    out += [f"  stale reason, the target is met: {text}" for text in stale]
    return "\n".join(out + [about(data)])


def markdown(data, reasons):
    out = ["# Benchmark", "", about(data), ""]
    for title, explanation, header, rows in sections(data, reasons):
        out += [f"## {title}", "", explanation, "", table(header, rows, markdown=True), ""]
    return "\n".join(out)


STYLE = """
body { font: 15px/1.45 sans-serif; color: #222; background: #fff; margin: 2em auto; max-width: 75em;
  padding: 0 1em }
table { border-collapse: collapse; margin: 1em 0; font-size: 13px }
th, td { border-bottom: 1px solid #ddd; padding: 2px 9px; text-align: right; white-space: nowrap }
th:nth-child(-n+2), td:nth-child(-n+2) { text-align: left }
th { border-bottom: 2px solid #888 }
.miss { color: #b00020; font-weight: bold } .met { color: #1b7a35 }
.plots { display: flex; flex-wrap: wrap; gap: 1.5em }
td.text { text-align: left; white-space: normal; min-width: 30em }
.wide { overflow-x: auto } svg text { font: 12px sans-serif; fill: #222 }
"""


def html_table(header, rows):
    def cell(value):
        kind = "miss" if str(value).endswith(MISS) else "met" if value == MET else \
            "text" if len(str(value)) > 50 else ""
        return f"<td{f' class={chr(34)}{kind}{chr(34)}' if kind else ''}>" \
               f"{html.escape(str(value))}</td>"
    out = ["<div class=\"wide\"><table><tr>"]
    out += [f"<th>{html.escape(h)}</th>" for h in header]
    out.append("</tr>")
    out += ["<tr>" + "".join(cell(v) for v in row) + "</tr>" for row in rows]
    return "\n".join(out + ["</table></div>"])


def page(data, reasons):
    out = ["<!DOCTYPE html>", "<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\"><head>",
           "<meta charset=\"utf-8\"/>", "<title>Cobnut: benchmark</title>",
           f"<style>{STYLE}</style></head><body>", "<h1>Cobnut: benchmark</h1>",
           f"<p>{html.escape(about(data))}</p>", "<div class=\"plots\">"]
    if any(r["metric"] == "insn" for r in data["results"]):
        out += benchplot.plots(data)
    out.append("</div>")
    for title, explanation, header, rows in sections(data, reasons):
        out += [f"<h2>{html.escape(title)}</h2>", f"<p>{html.escape(explanation)}</p>",
                html_table(header, rows)]
    return "\n".join(out + ["</body></html>", ""])


def write(out, data, reasons):
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{out}: {error.strerror}; name a directory for the reports") from None
    rows = ",\n".join("  " + json.dumps(r) for r in data["results"])
    size = ",\n".join("  " + json.dumps(s) for s in data["sizes"])
    rest = ",\n".join(f" {json.dumps(k)}: {json.dumps(data[k])}" for k in ("qemu", "gcc", "commit"))
    (out / "bench.json").write_text(
        f'{{"results": [\n{rows}\n ],\n "sizes": [\n{size}\n ],\n{rest}}}\n', encoding="utf-8")
    (out / "bench.md").write_text(markdown(data, reasons), encoding="utf-8")
    (out / "bench.html").write_text(page(data, reasons), encoding="utf-8")
