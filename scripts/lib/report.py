# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Reports: tables for people, JUnit XML for machines."""
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from .qemu import FAIL, NOT_RUN, PASS, TIMEOUT


@dataclass
class Case:
    """One test in a report. `status` is one of the four states of qemu.py."""
    suite: str
    name: str
    status: str
    seconds: float = 0.0
    reason: str = ""
    output: str = ""


def xml_text(text):
    """`text` without the characters that XML 1.0 has no way to write."""
    return re.sub(r"[^\t\n\x20-\ud7ff\ue000-\ufffd]", "?", text)


def write_junit(path, cases):
    """Write the cases to a JUnit file. What was not run is an error: nobody left it out."""
    root = ET.Element("testsuites")
    for suite in dict.fromkeys(case.suite for case in cases):
        members = [case for case in cases if case.suite == suite]
        element = ET.SubElement(root, "testsuite", {
            "name": suite, "tests": str(len(members)),
            "errors": str(sum(c.status == NOT_RUN for c in members)),
            "failures": str(sum(c.status in (FAIL, TIMEOUT) for c in members)),
            "skipped": "0",
            "time": f"{sum(c.seconds for c in members):.3f}"})
        for case in members:
            test = ET.SubElement(element, "testcase", {
                "classname": suite, "name": case.name, "time": f"{case.seconds:.3f}"})
            if case.status == NOT_RUN:
                ET.SubElement(test, "error", {"type": case.status, "message": xml_text(case.reason)})
            elif case.status != PASS:
                ET.SubElement(test, "failure", {"type": case.status,
                                                "message": xml_text(case.reason)})
            if case.output and case.status != PASS:
                ET.SubElement(test, "system-out").text = xml_text(case.output)
    tree = ET.ElementTree(root)
    ET.indent(tree)
    path.parent.mkdir(parents=True, exist_ok=True)
    tree.write(path, encoding="utf-8", xml_declaration=True)


def table(header, rows, markdown=False):
    """A table as text; columns of numbers are aligned to the right."""
    rows = [[str(cell) for cell in row] for row in rows]
    width = [max(len(row[i]) for row in [header] + rows) for i in range(len(header))]
    number = [all(re.fullmatch(r"[-0-9.]+", row[i]) for row in rows) for i in range(len(header))]

    def line(cells):
        cells = [c.rjust(w) if n else c.ljust(w) for c, w, n in zip(cells, width, number)]
        return "| " + " | ".join(cells) + " |" if markdown else "  ".join(cells).rstrip()

    if markdown:
        rule = "|" + "|".join("-" * (w + 1) + (":" if n else "-")
                              for w, n in zip(width, number)) + "|"
    else:
        rule = "  ".join("-" * w for w in width)
    return "\n".join([line(header), rule] + [line(row) for row in rows])
