# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""What README.md and docs/ name is there, and what users have to know of is named."""
import re
import unittest

from support import ROOT

from lib import project

DOCUMENTS = {path.name: path.read_text(encoding="utf-8")
             for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))}


def code(text):
    """The words and lines that are set as code."""
    return re.findall(r"`([^`\n]+)`", text) + re.findall(r"^    (\S.*)$", text, re.MULTILINE)


class Documents(unittest.TestCase):
    def each(self, regex):
        """(document, match) of everything in code that looks like this."""
        found = [(name, match[1]) for name, text in DOCUMENTS.items() for piece in code(text)
                 for match in re.finditer(regex, piece)]
        self.assertTrue(found)
        return found

    def test_paths(self):
        top = "|".join(sorted(p.name for p in ROOT.iterdir() if p.is_dir() and p.name != "build"
                              and not p.name.startswith(".")))
        for name, path in self.each(rf"(?<![\w/<>-])((?:{top})/[\w./<>*-]*)"):
            # A reader makes these.
            if re.search("<|NAME|riscv64|hello", path):
                continue
            with self.subTest(document=name, path=path):
                found = [d for d in (ROOT, ROOT / "glue" / "include")
                         if list(d.glob(path.rstrip("./")))]
                self.assertTrue(found, "there is no such file")

    def test_links(self):
        for name, text in DOCUMENTS.items():
            base = ROOT if name == "README.md" else ROOT / "docs"
            for target in re.findall(r"\]\((?!http)([^)#]+)", text):
                with self.subTest(document=name, link=target):
                    self.assertTrue((base / target).exists())

    def test_cmake_functions(self):
        defined = {m for path in [*(ROOT / "cmake").glob("*.cmake")] for m in
                   re.findall(r"^(?:function|macro)\((\w+)", path.read_text(encoding="utf-8"),
                              re.MULTILINE)}
        package = (ROOT / "cmake" / "CobnutConfig.cmake").read_text(encoding="utf-8")
        for name, function in self.each(r"\b((?:cobnut_)?add_\w+)(?=\(|$)"):
            with self.subTest(document=name, function=function):
                self.assertIn(function, defined)
                self.assertIn(f"{function}()", package)

    def test_presets(self):
        table = re.findall(r"^\| (`[\w-]+`(?:, `[\w-]+`)*) \|", DOCUMENTS["README.md"], re.MULTILINE)
        named = {preset for row in table for preset in re.findall(r"`([\w-]+)`", row)}
        self.assertTrue(named)
        self.assertEqual(named - set(project.presets()), set())

    def test_options_of_the_kernel(self):
        source = (ROOT / "kernel" / "boot.c").read_text(encoding="utf-8")
        options = set(re.findall(r'\boption\w*\([^,)]+, "(\w+)"', source))
        self.assertTrue(options)
        table = set(re.findall(r"^\| `(\w+)=` \|", DOCUMENTS["interface.md"], re.MULTILINE))
        self.assertEqual(table, options)

    def test_steps_of_a_port(self):
        """Files in the table of steps are those of at least one finished port."""
        ports = [p for p in (ROOT / "arch").iterdir() if p.is_dir()]
        rows = re.findall(r"^\| \d+\. [^|]*\|([^|]*)\|", DOCUMENTS["porting.md"], re.MULTILINE)
        self.assertEqual(len(rows), 10)
        for row in rows:
            for isas, name in re.findall(
                    r"((?:\b(?:ia32|arm|mips64)\b(?: and )?)*) ?`([\w/.]+\.[chS])`", row):
                named = re.findall(r"ia32|arm|mips64", isas) or None
                with self.subTest(isas=isas, file=name):
                    have = [p for p in ports if (p / name).exists()]
                    self.assertTrue(have or (ROOT / name).exists() or
                                    (ROOT / "glue" / "include" / name).exists())
                    for isa in named or ():
                        self.assertIn(isa, [p.name for p in have])


if __name__ == "__main__":
    unittest.main()
