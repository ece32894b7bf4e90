# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Run user/bench under the meter, and make figures of what both say.

The guest prints a line for each region, with the ticks of its own clock that it took; the meter
counts instructions. Both must agree on every region, or there are no figures.
"""
import json
import re
from collections import defaultdict
from itertools import groupby
from statistics import median_low

from . import meter, qemu
from .elf import SHF_ALLOC, SHF_EXECINSTR, SHF_WRITE, Elf
from .project import UserError

LINES = ("ilines64", "dlines64", "ilines32", "dlines32")
# Metrics: kernel instructions, the same in a crowd, bytes that the kernel stores.
FEW, CROWDED, STORED = "insn", "insn_crowded", "bytes_stored"
REFILL = "mips_refill"
RANGE_PAGES = 4
SHOWN = 6  # of what keeps interrupts off
# Operations that begin wherever the thread happens to be, and so are known by their group.
ASYNCHRONOUS = ("interrupt", "tick")
LOOP_SLACK = 16  # instructions around the known loop: calling it, and returning


def value(line, key):
    match = re.search(rf"\b{key}=(\S+)", line)
    return match[1] if match else None


class Regions:
    """What guest and meter say of each region: [(fields of the guest's line, pass)]."""

    def __init__(self, isa, output, passes):
        self.isa = isa
        lines = [line for line in output.splitlines() if line.startswith("[bench] group=")]
        if not lines or len(lines) != len(passes):
            raise UserError(f"{isa}: the guest reports {len(lines)} regions, the meter saw "
                            f"{len(passes)}")
        self.pairs = []
        for line, one in zip(lines, passes):
            fields = {k: value(line, k) for k in ("group", "space")}
            fields.update({k: int(value(line, k))
                           for k in ("words", "threads", "spaces", "rounds", "ticks")})
            self.pairs.append((fields, one))
        self.check(int(value(output, "instructions")))

    def check(self, loop):
        """The two instruments against each other, and against a loop of known length."""
        (_, nothing), (_, known) = self.pairs[:2]
        counted = known["user"] - nothing["user"]
        if not loop <= counted <= loop + LOOP_SLACK:
            raise UserError(f"{self.isa}: the meter counts {counted} instructions in a loop of "
                            f"{loop}")
        per_tick = counted / max(1, self.pairs[1][0]["ticks"] - self.pairs[0][0]["ticks"])
        self.per_tick = round(per_tick)
        if abs(per_tick - self.per_tick) > 0.01 * per_tick:
            raise UserError(f"{self.isa}: {per_tick:.3f} instructions are a tick of the guest's "
                            "clock; a whole number was expected")
        base = self.difference(*self.pairs[0])
        for fields, one in self.pairs:
            # Either reading of the clock is up to a tick too small.
            wrong = self.difference(fields, one) - base
            if abs(wrong) > 2 * self.per_tick:
                raise UserError(
                    f"{self.isa}: {fields['group']}, {fields['space']}, {fields['words']} words: "
                    f"{one['kernel'] + one['user']} instructions by the meter, "
                    f"{wrong:+d} more than by the guest's clock")

    def difference(self, fields, one):
        """Instructions counted, less those that the guest's clock shows. An instruction whose
        access to memory faults is seen by the meter each time, by the clock when it is done."""
        repeated = sum(s.count * s.repeated for s in one["stays"])
        return one["kernel"] + one["user"] - repeated - fields["ticks"] * self.per_tick


def middle_of(stays):
    """Of stays that are the same operation at the same place the one that is shown."""
    values = [s.insn for s in stays for _ in range(s.count)]
    return next(s for s in stays if s.insn == median_low(values))


def site_cost(stays):
    """{value, stored, lines} of such stays."""
    middle = middle_of(stays)
    return {"value": middle.insn, "stored": middle.stored,
            **{k: getattr(middle, k) for k in LINES}}


def add_up(costs):
    return {k: sum(c[k] for c in costs) for k in ("value", "stored", *LINES)}


def operations(fields, one, names):
    """{operation: the stays of each place that it enters the kernel from} of a region. `names`
    tells a stay's (function, entry point)."""
    sites = defaultdict(list)
    for stay in one["stays"]:
        function, entry = names(stay)
        if entry == REFILL:
            if fields["group"] == "tlb_refill":
                sites["tlb_refill", 0].append(stay)
            elif function == "op_page_fault":
                sites["page_fault", stay.source, entry].append(stay)
        elif function.startswith("op_"):
            sites[function[3:], stay.source, entry].append(stay)
        elif fields["group"] in ASYNCHRONOUS:
            sites[fields["group"], 0].append(stay)
    by_op = defaultdict(list)
    for key, stays in sites.items():
        # What happens now and then, such as a refill on the way, is not the operation.
        if key[0] == "tlb_refill" or 2 * sum(s.count for s in stays) > fields["rounds"]:
            by_op[key[0]].append(stays)
    return by_op


def derived(found):
    """Replace ranges of pages by each further page."""
    for range_op, op in (("map_range", "map"), ("unmap_range", "unmap")):
        for key in [k for k in found if k[0] == range_op]:
            one = found[(op,) + key[1:]]
            cost = found[key]
            cost["value"] = round((cost["value"] - one["value"]) / (RANGE_PAGES - 1), 1)
            cost["stored"] = round((cost["stored"] - one["stored"]) / (RANGE_PAGES - 1), 1)
            for k in LINES:
                cost[k] = max(0, cost[k] - one[k])


def figures(isa, path, regions, names):
    """The rows of bench.json, and what kept interrupts off longest."""
    found, rows = {}, []
    others = []
    longest = defaultdict(int)
    for fields, one in regions.pairs[2:]:
        metric = FEW if fields["threads"] <= 2 else CROWDED
        key = (fields["space"], fields["words"], metric)
        longest[fields["group"]] = max(longest[fields["group"]], one["longest"][0])
        if fields["group"].startswith("irqs_off"):
            continue
        if fields["group"] == "round_trip":
            found["round_trip", *key] = {
                "value": one["kernel"], "stored": sum(s.count * s.stored for s in one["stays"]),
                **{k: one[k] for k in LINES}}
            continue
        if fields["group"] == "call" and metric == FEW:
            ways = 2 * fields["rounds"]
            for name, count in (("insn_stub", one["stub"]),
                                ("insn_user", one["user"] - one["stub"])):
                others.append(("call", fields["space"], fields["words"], name,
                              round(count / ways, 1)))
        for op, places in operations(fields, one, names).items():
            found.setdefault((op, *key), add_up([site_cost(stays) for stays in places]))
    derived(found)
    empty = dict.fromkeys(LINES, 0)
    for (op, space, words, metric), cost in found.items():
        if metric == FEW:
            others.append((op, space, words, STORED, cost["stored"]))
        del cost["stored"]
        rows.append({"isa": isa, "op": op, "path": path, "space": space, "words": words,
                     "metric": metric, **cost})
    for op, space, words, metric, count in others:
        rows.append({"isa": isa, "op": op, "path": path, "space": space, "words": words,
                     "metric": metric, "value": count, **empty})
    rows.append({"isa": isa, "op": "irqs_off", "path": path, "space": "inter", "words": 0,
                 "metric": FEW, "value": max(longest.values()), **empty})
    dearest = sorted(longest.items(), key=lambda item: -item[1])[:SHOWN]
    return rows, {group.removeprefix("irqs_off:"): insn for group, insn in dearest}


def profile(regions, names, in_kernel, traces):
    """Where an operation's instructions are: [(operation, space, words, [(function,
    instructions)])], the functions in the order of their execution, for each stay that belongs to
    it."""
    seen, found = set(), []
    for fields, one in regions.pairs[2:]:
        for op, places in operations(fields, one, names).items():
            key = (op, fields["space"], fields["words"])
            if fields["threads"] > 2 or key in seen:
                continue
            seen.add(key)
            for stay in map(middle_of, places):
                at = traces[stay.source, stay.entry, stay.exit, stay.insn]
                functions = groupby(map(in_kernel.function_at, at))
                found.append((*key, [(name, len(list(pcs))) for name, pcs in functions]))
    return found


def sizes(isa, path, kernel, output, regions):
    one = kernel.section_sizes()
    stay = [s for s in kernel.sections
            if s.flags & SHF_ALLOC and not s.name.startswith(".init")]
    return {"isa": isa, "path": path, **one, "resident": sum(s.size for s in stay),
            "total": sum(s.size for s in stay if s.flags & (SHF_WRITE | SHF_EXECINSTR)),
            "crowd_threads": max(fields["threads"] for fields, _ in regions.pairs),
            "crowd_spaces": max(fields["spaces"] for fields, _ in regions.pairs),
            "thread": int(value(output, "thread")), "utcb": int(value(output, "utcb")),
            "space": int(re.search(r"^\[bench\] memory .*space=(\d+)", output, re.MULTILINE)[1])}


class BenchStay(meter.Stay):
    """A stay that also knows how many instructions before it are executed once more."""
    repeated = 0


def measure(isa, path, name, plugin, directory, timeout=120, profiles=None):
    """(rows, sizes, {what kept interrupts off longest: how long}) of an image in a build
    directory, whose kernel goes the path `path`. To `profiles`, if it is a list, is added where
    the instructions are."""
    image = qemu.load_image(directory / "images" / f"{name}.json")
    kernel, program = Elf(image["kernel"]), Elf(directory / "programs" / "bench")
    in_kernel, in_program = meter.Symbols(kernel), meter.Symbols(program)
    ops = [s for s in program.symbols() if s.name.startswith("op_")]
    first = min(s.value & ~1 for s in ops)
    last = max(s.value + s.size for s in ops)
    trace = directory / "logs" / f"{name}.trace" if profiles is not None else None
    nm = json.loads((directory / "objects.json").read_text(encoding="utf-8"))["nm"]
    output, passes = meter.run(
        image, plugin, directory / "logs" / name,
        {"step": (in_program["bench_begin"], in_program["bench_end"])},
        meter.kernel_base(in_kernel), stubs=(first, last),
        points=meter.looks(kernel, re.sub("nm$", "addr2line", nm)), trace=trace,
        criteria=qemu.Criteria([r"^\[bench\] done"], [r"^rt: .*", r"^cobnut: panic.*"], "ok",
                               timeout),
        log=directory / "logs" / f"{name}.log")

    def names(stay):
        return in_program.function_at(stay.source), in_kernel.function_at(stay.entry)

    for one in passes:
        one["stays"] = [BenchStay(*s) for s in one["stays"]]
        for s in one["stays"]:
            function, entry = names(s)
            s.repeated = int(function == "op_page_fault")
            if entry == REFILL:  # two: in the delay slot of a branch
                s.repeated = {s.source: 1, s.source - 4: 2}.get(s.exit, s.repeated)
    regions = Regions(isa, output, passes)
    rows, what = figures(isa, path, regions, names)
    if trace:
        profiles += profile(regions, names, in_kernel, meter.read_trace(trace))
    return rows, sizes(isa, path, kernel, output, regions), what
