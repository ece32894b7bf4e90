# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""The benchmark's page in a browser, COBNUT_CHROMIUM: figures of all ISAs that are made up, laid
out by headless Chromium, and measured there."""
import json
import os
import re
import unittest
from html import unescape

from support import ScriptTest

from lib import benchreasons, benchreport
from lib.benchdata import ISAS, TITLES

FIELDS = ("isa", "op", "path", "space", "words", "metric", "value", "ilines64", "dlines64",
          "ilines32", "dlines32")

# In the page: what is where it should not be, and what it needs from elsewhere.
MEASURE = """
<pre id="measured"></pre><script>
const faults = [];
const box = e => e.getBoundingClientRect();
const name = e => e.tagName + ' "' + e.textContent.slice(0, 30) + '"';
if (document.documentElement.scrollWidth > innerWidth)
  faults.push("the page is wider than the window");
for (const svg of document.querySelectorAll("svg")) {
  const whole = box(svg), texts = [...svg.querySelectorAll("text")];
  for (const e of svg.querySelectorAll("text, rect, line, polyline")) {
    const b = box(e);
    if (b.left < whole.left - 1 || b.right > whole.right + 1 || b.top < whole.top - 1 ||
        b.bottom > whole.bottom + 1)
      faults.push(svg.getAttribute("aria-label") + ": " + name(e) + " is cut off");
  }
  texts.forEach((e, i) => texts.slice(i + 1).forEach(f => {
    const a = box(e), b = box(f);
    if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3)
      faults.push(svg.getAttribute("aria-label") + ": " + name(e) + " is over " + name(f));
  }));
}
for (const e of document.querySelectorAll("td, th"))
  if (e.scrollWidth > e.clientWidth + 1)
    faults.push(name(e) + " is wider than its column");
const colours = [...new Set([...document.querySelectorAll("td.miss")].map(
  e => getComputedStyle(e).color))];
document.getElementById("measured").textContent = JSON.stringify({
  faults, colours, plots: document.querySelectorAll("svg").length,
  heights: [...document.querySelectorAll("svg, table")].map(e => Math.round(box(e).height)),
  loaded: performance.getEntriesByType("resource").length,
  headings: [...document.querySelectorAll("h2")].map(e => e.textContent)});
</script>
"""


def made_up():
    """As large as it gets: all ISAs, both paths, all operations; long names, six-digit numbers."""
    results, sizes = [], []
    for scale, isa in enumerate(ISAS, 1):
        for path in ("fast", "c"):
            cost = 1000 * scale if path == "c" else 50 * scale
            rows = [(op, 0, "insn", cost * (200 if op == "irqs_off" else 1)) for op in TITLES]
            rows += [("call", words, "insn", cost + words) for words in (4, 8, 16, 32, 63)]
            rows += [("call", 0, "insn_stub", 12), ("call", 0, "insn_user", 7.5),
                     ("tick", 0, "insn_crowded", cost * 1.5)]
            results += [dict(zip(FIELDS, (isa, op, path, "inter", words, metric, value, 10, 20,
                                          15, 35))) for op, words, metric, value in rows]
            sizes.append({"isa": isa, "path": path, "text": 20000 + 1500 * scale, "data": 4128,
                          "bss": 30000, "total": 56000, "resident": 61000, "thread": 512,
                          "utcb": 1024, "space": 9000, "crowd_threads": 4000,
                          "crowd_spaces": 500})
    return {"results": results, "sizes": sizes, "qemu": "7.2.22", "gcc": "12.2.0",
            "commit": "v0.1-123-gabcdef0-dirty"}


class Page(ScriptTest):
    def look(self, data, width, break_it=lambda text: text):
        (self.tmp / "reasons.json").write_text(json.dumps({"reasons": [
            {"figures": list(benchreasons.FIGURES), "reason": "It takes " + "a lot of " * 30 +
             "work."}]}))
        benchreport.write(self.tmp, data, benchreasons.Reasons(self.tmp / "reasons.json"))
        page = self.tmp / "bench.html"
        text = page.read_text(encoding="utf-8")
        self.assertNotIn("<script", text)
        # To a browser it is HTML, not XHTML: a script in it may have < and &.
        page.write_text(break_it(text).replace("</body>", MEASURE + "</body>"), encoding="utf-8")
        _, out = self.run_tool(
            os.environ["COBNUT_CHROMIUM"], "--headless", "--no-sandbox", "--disable-gpu",
            f"--user-data-dir={self.tmp / 'profile'}", f"--window-size={width},900",
            "--dump-dom", f"file://{page}", timeout=60)
        found = re.search(r'<pre id="measured">(\{.*?\})</pre>', out, re.S)
        self.assertTrue(found, out[-1000:])
        return json.loads(unescape(found[1]))

    def test_layout(self):
        for width in (1400, 700):
            seen = self.look(made_up(), width)
            self.assertEqual(seen["faults"], [], f"{width} pixels wide")
            self.assertEqual(seen["plots"], 4)
            self.assertGreater(min(seen["heights"]), 50)
            self.assertEqual(seen["loaded"], 0)
            self.assertEqual(seen["colours"], ["rgb(176, 0, 32)"])
            self.assertIn("Targets that are missed, and why", seen["headings"])

    def test_faults_are_seen(self):
        """A page that is wrong in each of these ways is not accepted."""
        for old, new, said in ((".wide { overflow-x: auto }", "", "wider than the window"),
                               ("font: 12px", "font: 30px", " is over "),
                               ('text-anchor="end">dashed', 'text-anchor="start">dashed',
                                "is cut off")):
            seen = self.look(made_up(), 1000, lambda text, a=old, b=new: text.replace(a, b))
            self.assertTrue(any(said in fault for fault in seen["faults"]), f"{new}: {seen}")


if __name__ == "__main__":
    unittest.main()
