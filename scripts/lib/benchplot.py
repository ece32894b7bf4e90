# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Plots of the benchmark's figures, as SVG inside the page."""
from html import escape

from .benchdata import ISAS

COLOURS = {"ia32": "#1f6fb4", "arm": "#d8661a", "mips64": "#2b9348", "mips64el": "#8e44ad"}
PARTS = (("kernel", "#1f6fb4"), ("stub", "#f2a541"), ("user", "#b8b8b8"))
WIDTH, HEIGHT = 520, 300
LEFT, RIGHT, TOP, BOTTOM = 58, 12, 34, 58


def nice(most):
    """A round number that is at least `most`, and a step that divides it."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if most <= 6 * step * factor:
                n = -(-most // (step * factor))
                return int(n * step * factor) or step * factor, step * factor
        step *= 10


class Plot:
    def __init__(self, title, most):
        self.most, step = nice(most)
        self.out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
                    f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">',
                    f'<text x="{LEFT}" y="18" font-weight="bold">{escape(title)}</text>']
        for value in range(0, self.most + 1, step):
            y = self.y(value)
            self.out.append(f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}" '
                            'stroke="#ddd"/>')
            self.text(LEFT - 6, y + 4, value, "end")

    def y(self, value):
        return round(HEIGHT - BOTTOM - value * (HEIGHT - BOTTOM - TOP) / self.most, 1)

    def text(self, x, y, value, anchor="middle"):
        self.out.append(f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(str(value))}</text>')

    def box(self, x, y, width, height, colour, title=""):
        height = max(0, round(height, 1))
        self.out.append(f'<rect x="{x}" y="{y}" width="{width}" height="{height}" '
                        f'fill="{colour}"><title>{escape(title)}</title></rect>')

    def legend(self, entries):
        x = LEFT
        for name, colour in entries:
            self.box(x, HEIGHT - 16, 10, 10, colour)
            self.text(x + 14, HEIGHT - 7, name, "start")
            x += 28 + 7 * len(name)

    def svg(self):
        return "\n".join(self.out + ["</svg>"])


def columns(data):
    return sorted({(r["isa"], r["path"]) for r in data["results"]},
                  key=lambda c: (ISAS.index(c[0]), c[1]))


def words_plot(data):
    """Words of the message against instructions: a line for each ISA and path."""
    lines = {}
    for r in data["results"]:
        if r["op"] == "call" and r["space"] == "inter" and r["metric"] == "insn":
            lines.setdefault((r["isa"], r["path"]), []).append((r["words"], r["value"]))
    plot = Plot("call between spaces: kernel instructions, by words",
                max((v for line in lines.values() for _, v in line), default=1))
    scale = (WIDTH - LEFT - RIGHT) / 64
    for words in (0, 8, 16, 32, 48, 63):
        plot.text(round(LEFT + words * scale, 1), HEIGHT - BOTTOM + 16, words)
    for isa, path in columns(data):
        dash = ' stroke-dasharray="5 3"' if path == "c" else ""
        wide = 5 if isa == "mips64" else 2  # the other byte order's line is often on top of it
        points = " ".join(f"{round(LEFT + w * scale, 1)},{plot.y(v)}"
                          for w, v in sorted(lines.get((isa, path), [])))
        plot.out.append(f'<polyline points="{points}" fill="none" stroke="{COLOURS[isa]}" '
                        f'stroke-width="{wide}"{dash}><title>{isa}, {path} path</title></polyline>')
    plot.text(WIDTH - RIGHT, HEIGHT - BOTTOM + 30, "dashed: C path", "end")
    plot.legend([(isa, COLOURS[isa]) for isa in dict.fromkeys(c[0] for c in columns(data))])
    return plot.svg()


def bars(plot, names, stacks):
    """A stack of (value, colour, title) for each name."""
    slot = (WIDTH - LEFT - RIGHT) / max(1, len(names))
    for i, (name, stack) in enumerate(zip(names, stacks)):
        x = round(LEFT + i * slot + slot * 0.18, 1)
        below = 0
        for value, colour, title in stack:
            top = plot.y(below + value)
            plot.box(x, top, round(slot * 0.64, 1), plot.y(below) - top, colour, title)
            below += value
        plot.text(round(x + slot * 0.32, 1), plot.y(below) - 4, f"{below:g}")
        for row, part in enumerate(name.split()):
            plot.text(round(x + slot * 0.32, 1), HEIGHT - BOTTOM + 14 + 13 * row, part)


def stack_plot(data):
    """Where the instructions of a call go: kernel, stub, the rest of the user's."""
    metrics = {"insn": "kernel", "insn_stub": "stub", "insn_user": "user"}
    found = {}
    for r in data["results"]:
        if r["space"] == "inter" and r["words"] == 0 and r["metric"] in metrics and \
           r["op"] == "call":
            found[r["isa"], r["path"], metrics[r["metric"]]] = r["value"]
    names = columns(data)
    stacks = [[(found.get((*c, part), 0), colour, f"{part}: {found.get((*c, part), 0)}")
               for part, colour in PARTS] for c in names]
    plot = Plot("call between spaces, one way, 0 words: instructions",
                max((sum(v for v, _, _ in s) for s in stacks), default=1))
    bars(plot, [" ".join(c) for c in names], stacks)
    plot.legend(PARTS)
    return plot.svg()


def lines_plot(data):
    """Cache lines of a round trip."""
    kinds = (("ilines64", "instructions", "#1f6fb4"), ("dlines64", "data", "#f2a541"))
    trips = {(r["isa"], r["path"]): r for r in data["results"] if r["op"] == "round_trip" and
             r["space"] == "inter" and r["metric"] == "insn"}
    names = [c for c in columns(data) if c in trips]
    stacks = [[(trips[c][key], colour, f"{name}: {trips[c][key]}") for key, name, colour in kinds]
              for c in names]
    plot = Plot("call and reply between spaces: kernel's cache lines of 64 bytes",
                max((sum(v for v, _, _ in s) for s in stacks), default=1))
    bars(plot, [" ".join(c) for c in names], stacks)
    plot.legend([(name, colour) for _, name, colour in kinds])
    return plot.svg()


def size_plot(data):
    kinds = (("text", "#1f6fb4"), ("data", "#2b9348"), ("bss", "#b8b8b8"))
    stacks = [[(s[key], colour, f"{key}: {s[key]}") for key, colour in kinds]
              for s in data["sizes"]]
    plot = Plot("the kernel's footprint: bytes",
                max((sum(v for v, _, _ in s) for s in stacks), default=1))
    bars(plot, [f"{s['isa']} {s['path']}" for s in data["sizes"]], stacks)
    plot.legend(kinds)
    return plot.svg()


def plots(data):
    return [words_plot(data), stack_plot(data), lines_plot(data), size_plot(data)]
