# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Which figures miss their target, and why: tests/bench/reasons.json.

The file has a list "reasons" of objects: "figures", a list of what misses its target; "reason", one
sentence; and, unless it holds everywhere, "isa" and "path", lists. mips64 is both byte orders. A
figure is the name of an operation, for its instructions; with "crowded " before it, for how much
they differ in a crowd; "round_trip I64" and "round_trip D64", cache lines; or a size: "size text",
"size total", "size thread", "size space".
"""
import json
from collections import namedtuple

from .benchdata import (FLAT, ISAS, LINE_TARGET, SIZE_TARGETS, TITLES, family, target)
from .project import ROOT, UserError

FILE = ROOT / "tests" / "bench" / "reasons.json"
FAMILIES = tuple(dict.fromkeys(family(isa) for isa in ISAS))
PATHS = ("fast", "c")
FIGURES = tuple(TITLES) + tuple(f"crowded {op}" for op in TITLES) + \
    ("round_trip I64", "round_trip D64") + tuple(f"size {name}" for name in SIZE_TARGETS)

# A figure that has a target. `where`: which message; `most`: the target.
Figure = namedtuple("Figure", "isa path name where value most")


def flatness(row, crowded):
    """How much dearer an operation is in a crowd, as a part of its cost; None: not measured."""
    full = crowded.get(place(row))
    if full is None:
        return None
    return (full - row["value"]) / row["value"] if row["value"] else 0


def place(row):
    return tuple(row[k] for k in ("isa", "op", "path", "space", "words"))


def in_a_crowd(data):
    return {place(r): r["value"] for r in data["results"] if r["metric"] == "insn_crowded"}


def figures(data):
    """All figures that have a target."""
    crowded = in_a_crowd(data)
    for r in data["results"]:
        if r["metric"] != "insn":
            continue
        where = f"{r['space']}, {r['words']} words"
        if target(r) is not None:
            yield Figure(r["isa"], r["path"], r["op"], where, r["value"], target(r))
        change = flatness(r, crowded)
        if change is not None:
            yield Figure(r["isa"], r["path"], f"crowded {r['op']}", where, abs(change), FLAT)
        if r["op"] == "round_trip" and r["space"] == "inter":
            for lines in ("I64", "D64"):
                yield Figure(r["isa"], r["path"], f"round_trip {lines}", where,
                             r[f"{lines[0].lower()}lines64"], LINE_TARGET)
    for s in data["sizes"]:
        for name, most in SIZE_TARGETS.items():
            yield Figure(s["isa"], s["path"], f"size {name}", "bytes", s[name], most)


def misses(data):
    return [f for f in figures(data) if f.value > f.most]


class Reasons:
    """The reasons in a file, checked."""

    def __init__(self, path=FILE):
        self.path = path
        try:
            entries = json.loads(path.read_text(encoding="utf-8"))["reasons"]
            self.by_key = {}  # (figure, family, path): reason
            self.entries = entries
            for entry in entries:
                self._add(entry)
        except OSError as error:
            raise UserError(f"{path}: {error.strerror}") from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UserError(f"{path}: not a table of reasons: {error!r}") from None

    def _add(self, entry):
        unknown = set(entry) - {"figures", "reason", "isa", "path"}
        for name, value, valid in (("member", unknown, ("figures", "reason", "isa", "path")),
                                   ("figure", set(entry["figures"]) - set(FIGURES), FIGURES),
                                   ("isa", set(entry.get("isa", ())) - set(FAMILIES), FAMILIES),
                                   ("path", set(entry.get("path", ())) - set(PATHS), PATHS)):
            if value:
                raise UserError(f'{self.path}: unknown {name} "{sorted(value)[0]}". Valid: '
                                f'{", ".join(valid)}.')
        if not entry["reason"].strip():
            raise UserError(f"{self.path}: no reason for {', '.join(entry['figures'])}")
        for figure in entry["figures"]:
            for isa in entry.get("isa", FAMILIES):
                for path in entry.get("path", PATHS):
                    if (figure, isa, path) in self.by_key:
                        raise UserError(f"{self.path}: two reasons for {figure}, {isa}, {path} "
                                        "path")
                    self.by_key[figure, isa, path] = entry["reason"]

    def of(self, miss):
        """Why a figure misses its target, or None."""
        return self.by_key.get((miss.name, family(miss.isa), miss.path))

    def stale(self, data):
        """What has a reason, was measured and misses nothing: on an ISA that the file names, or
        anywhere, where it names none."""
        measured = {family(r["isa"]) for r in data["results"] if r["metric"] == "insn"}
        missed = {(f.name, family(f.isa), f.path) for f in misses(data)}
        found = []
        for entry in self.entries:
            groups = [[isa] for isa in entry["isa"]] if "isa" in entry else [FAMILIES]
            found += [f"{figure}, {'/'.join(isas)}" for figure in entry["figures"]
                      for isas in groups if measured.issuperset(isas) and
                      not any((figure, isa, path) in missed for isa in isas
                              for path in entry.get("path", PATHS))]
        return found


def show(value):
    return f"{value:.1%}" if isinstance(value, float) and value < 1 else f"{value:g}"


def span(values):
    low, high = min(values), max(values)
    return show(low) if low == high else f"{show(low)} to {show(high)}"


def table(data, reasons):
    """[[figure, ISA and paths, messages, values, targets, reason]]: the misses, those of one
    operation on one ISA together."""
    groups = {}
    for miss in misses(data):
        groups.setdefault((miss.name, miss.isa, reasons.of(miss)), []).append(miss)
    order = {name: at for at, name in enumerate(FIGURES)}
    rows = []
    for (name, isa, why), group in sorted(groups.items(),
                                          key=lambda g: (order[g[0][0]], ISAS.index(g[0][1]))):
        paths = [p for p in PATHS if any(m.path == p for m in group)]
        places = list(dict.fromkeys(m.where for m in group))
        rows.append([name, isa, ", ".join(paths), len(group) if len(places) > 1 else places[0],
                     span([m.value for m in group]), span([m.most for m in group]),
                     why or "NO REASON IS GIVEN"])
    return rows


def complaints(data, reasons):
    """(misses without a reason, reasons that are stale), as texts."""
    without = [f"{m.isa} {m.name} ({m.path} path, {m.where}): {show(m.value)}, target "
               f"{show(m.most)}" for m in misses(data) if not reasons.of(m)]
    return without, reasons.stale(data)
