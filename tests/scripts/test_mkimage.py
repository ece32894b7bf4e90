# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""scripts/mkimage: what it makes, and what it refuses."""
import json
import unittest

from support import SCRIPTS, ScriptTest, make_elf

from lib.elf import Elf, ElfError

# Machine, byte order and word size of each ISA.
ISAS = {"ia32": (3, "<", 32), "arm": (40, "<", 32), "mips64": (8, ">", 64),
        "mips64el": (8, "<", 64)}


class MkImage(ScriptTest):
    def mkimage(self, *args, **files):
        for name, data in files.items():
            (self.tmp / name).write_bytes(data)
        return self.run_tool(SCRIPTS / "mkimage", "--kernel", "kernel", "--output", "out.json",
                             *args, cwd=self.tmp)

    def kernel(self, isa):
        machine, order, bits = ISAS[isa]
        return make_elf(machine, order, bits, symbols=[("_end", 0x10040)])

    def test_archive(self):
        for isa, (machine, order, bits) in ISAS.items():
            root = make_elf(machine, order, bits)
            code, text = self.mkimage("--format", "archive", "--cmdline", "mem=4M", "--module",
                                      "root a=b=root", "--module", "other=other",
                                      kernel=self.kernel(isa), root=root, other=b"12345")
            self.assertEqual(code, 0, text)
            image = Elf(self.tmp / "out.elf")
            self.assertEqual(len(image.segments), 2)
            last = image.segments[-1]
            self.assertEqual((last.vaddr, last.paddr), (0x20000, 0x20000))
            members = read_cpio(image.data[last.offset:last.offset + last.filesz])
            self.assertEqual([(n, d) for n, d, _ in members],
                             [(".cmdline", b"mem=4M"), ("root a=b", root), ("other", b"12345")])
            self.assertEqual([at % 4096 for _, _, at in members], [0, 0, 0])
            described = json.loads((self.tmp / "out.json").read_text())
            self.assertEqual([m["cmdline"] for m in described["modules"]], ["root a=b", "other"])

    def test_no_root(self):
        code, text = self.mkimage("--format", "archive", kernel=self.kernel("arm"))
        self.assertNotEqual(code, 0)
        self.assert_mentions(text, "mkimage: no module: an image needs a root task")

    def test_refused_roots(self):
        for isa, (machine, order, bits) in ISAS.items():
            other = "ia32" if isa == "arm" else "arm"
            good = make_elf(machine, order, bits)
            for root, word in ((good[:100], "truncated"),
                               (good[:130], "truncated"),
                               (make_elf(*ISAS[other]), "is a program for"),
                               (make_elf(machine, order, bits, flags=7),
                                "both writable and executable"),
                               (b"hello", "not an ELF file"), (b"", "not an ELF file")):
                code, text = self.mkimage("--format", "archive", "--module", "root=root",
                                          kernel=self.kernel(isa), root=root)
                self.assertNotEqual(code, 0, text)
                self.assert_mentions(text, "mkimage: ", word)
                self.assertNotIn("Traceback", text)

    def test_wrong_byte_order(self):
        code, text = self.mkimage("--format", "archive", "--module", "root=root",
                                  kernel=self.kernel("mips64"), root=make_elf(*ISAS["mips64el"]))
        self.assertNotEqual(code, 0)
        self.assert_mentions(text, "MIPS, 64 bits, little-endian", "MIPS, 64 bits, big-endian")

    def test_bad_arguments(self):
        for module in ("root", "=root", "root=nosuch"):
            code, text = self.mkimage("--format", "archive", "--module", module,
                                      kernel=self.kernel("arm"), root=make_elf())
            self.assertNotEqual(code, 0)
            self.assertNotIn("Traceback", text)
        code, text = self.mkimage("--format", "archive", "--module", "root=root",
                                  kernel=make_elf(), root=make_elf())
        self.assertNotEqual(code, 0)
        self.assert_mentions(text, "no symbol _end")


class ReadElf(ScriptTest):
    def test_symbols(self):
        for machine, order, bits in ISAS.values():
            path = self.tmp / "x"
            path.write_bytes(make_elf(machine, order, bits,
                                      symbols=[("b", 0x10020), ("a", 0x10000), ("$a", 0x10000)]))
            self.assertEqual(Elf(path).functions(), [(0x10000, "a"), (0x10020, "b")])
            self.assertEqual(Elf(path).section_sizes(), {"text": 64, "data": 0, "bss": 0})

    def test_damage_is_an_error_never_a_crash(self):
        good = make_elf(symbols=[("a", 0x10000)])
        path = self.tmp / "x"
        for end in range(0, len(good), 3):
            path.write_bytes(good[:end])
            try:
                Elf(path).functions()
            except ElfError as error:
                self.assertIn(str(path), str(error))


def read_cpio(data):
    """The members of a newc archive up to its trailer: [(name, data, offset of the data)]."""
    members = []
    at = 0
    while True:
        assert data[at:at + 6] == b"070701"
        fields = [int(data[at + 6 + 8 * i:at + 14 + 8 * i], 16) for i in range(13)]
        size, namesize = fields[6], fields[11]
        name = data[at + 110:at + 110 + namesize].split(b"\0")[0].decode()
        start = at + 110 + namesize + (-(at + 110 + namesize)) % 4
        if name == "TRAILER!!!":
            return members
        members.append((name, data[start:start + size], start))
        at = start + size + (-(start + size)) % 4


if __name__ == "__main__":
    unittest.main()
