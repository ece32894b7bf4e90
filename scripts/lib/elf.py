# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Read ELF files of 32 and 64 bits, of both byte orders (System V ABI, chapters 4 and 5)."""
import struct
from collections import namedtuple

MAGIC = b"\x7fELF"
PT_LOAD = 1
PF_X, PF_W, PF_R = 1, 2, 4
SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR = 1, 2, 4
SHT_SYMTAB = 2
SHN_UNDEF = 0
STB_LOCAL, STB_GLOBAL, STB_WEAK = 0, 1, 2
STT_NOTYPE, STT_OBJECT, STT_FUNC = 0, 1, 2
MACHINES = {3: "ia32", 8: "MIPS", 20: "PowerPC", 40: "ARM", 62: "x86-64", 183: "AArch64",
            243: "RISC-V"}

Segment = namedtuple("Segment", "type offset vaddr paddr filesz memsz flags align")
Section = namedtuple("Section", "name type flags addr offset size link entsize")
Symbol = namedtuple("Symbol", "name value size bind type section")


class ElfError(Exception):
    """The file is not a usable ELF file; the text says why."""


class Elf:
    """One ELF file, held in memory: `data` is its bytes."""

    def __init__(self, path):
        self.path = str(path)
        with open(path, "rb") as file:
            self.data = file.read()
        if self.data[:4] != MAGIC:
            raise ElfError(f"{path}: not an ELF file")
        if len(self.data) < 52 or self.data[4] not in (1, 2) or self.data[5] not in (1, 2):
            raise ElfError(f"{path}: damaged ELF header")
        self.bits = 32 * self.data[4]
        self.order = "<" if self.data[5] == 1 else ">"
        # Half words and words are the same in both classes; addresses and offsets ("P") not.
        self.header_format = self._format("HHIPPPIHHHHHH")
        if len(self.data) < 16 + struct.calcsize(self.header_format):
            raise ElfError(f"{path}: truncated ELF header")
        (self.type, self.machine, _, self.entry, self.phoff, self.shoff, self.flags, _,
         self.phentsize, self.phnum, self.shentsize, self.shnum,
         self.shstrndx) = struct.unpack_from(self.header_format, self.data, 16)
        self.segments = [self._segment(i) for i in range(self.phnum)]
        self._sections = None

    def _format(self, fields):
        return self.order + fields.replace("P", "I" if self.bits == 32 else "Q")

    def _unpack(self, fields, offset):
        fmt = self._format(fields)
        if offset + struct.calcsize(fmt) > len(self.data):
            raise ElfError(f"{self.path}: truncated ELF file")
        return struct.unpack_from(fmt, self.data, offset)

    @property
    def machine_name(self):
        name = MACHINES.get(self.machine, f"machine {self.machine}")
        return f"{name}, {self.bits} bits, {'little' if self.order == '<' else 'big'}-endian"

    def _segment(self, index):
        at = self.phoff + index * self.phentsize
        if self.bits == 32:
            kind, offset, vaddr, paddr, filesz, memsz, flags, align = self._unpack("IIIIIIII", at)
        else:
            kind, flags, offset, vaddr, paddr, filesz, memsz, align = self._unpack("IIQQQQQQ", at)
        return Segment(kind, offset, vaddr, paddr, filesz, memsz, flags, align)

    def pack_segment(self, s):
        """The bytes of a program header."""
        if self.bits == 32:
            return struct.pack(self._format("IIIIIIII"), s.type, s.offset, s.vaddr, s.paddr,
                               s.filesz, s.memsz, s.flags, s.align)
        return struct.pack(self._format("IIQQQQQQ"), s.type, s.flags, s.offset, s.vaddr,
                           s.paddr, s.filesz, s.memsz, s.align)

    def pack_header(self, **changes):
        """The ELF header's bytes, with fields (phoff, phnum, machine, entry) changed."""
        get = lambda name: changes.get(name, getattr(self, name))
        ehsize = 52 if self.bits == 32 else 64
        return self.data[:16] + struct.pack(
            self.header_format, self.type, get("machine"), 1, get("entry"), get("phoff"),
            self.shoff, self.flags, ehsize, self.phentsize, get("phnum"), self.shentsize,
            self.shnum, self.shstrndx)

    def _string(self, table, offset):
        start = table.offset + offset
        return self.data[start:self.data.index(b"\0", start)].decode()

    @property
    def sections(self):
        if self._sections is None:
            raw = [self._unpack("IIPPPPIIPP", self.shoff + i * self.shentsize)
                   for i in range(self.shnum)]
            found = [Section("", r[1], r[2], r[3], r[4], r[5], r[6], r[9]) for r in raw]
            if found:
                names = found[self.shstrndx]
                found = [s._replace(name=self._string(names, r[0])) for s, r in zip(found, raw)]
            self._sections = found
        return self._sections

    def symbols(self):
        """All named symbols of the symbol table."""
        for table in self.sections:
            if table.type != SHT_SYMTAB:
                continue
            strings = self.sections[table.link]
            for at in range(table.offset, table.offset + table.size, table.entsize):
                if self.bits == 32:
                    name, value, size, info, _, section = self._unpack("IIIBBH", at)
                else:
                    name, info, _, section, value, size = self._unpack("IBBHQQ", at)
                if name:
                    yield Symbol(self._string(strings, name), value, size, info >> 4, info & 15,
                                 section)

    def functions(self):
        """The code symbols: [(address, name)], sorted by address."""
        code = {i for i, s in enumerate(self.sections)
                if s.flags & SHF_EXECINSTR and s.flags & SHF_ALLOC}
        found = {}
        # Where two names share an address, a function's own wins over a bare label.
        for s in sorted(self.symbols(), key=lambda s: (s.type != STT_FUNC, s.bind == STB_LOCAL,
                                                       s.name)):
            # $a, $t, $d: what ARM's tools mark code and data with. Local labels have a dot.
            if s.section in code and s.type in (STT_NOTYPE, STT_FUNC) and \
               not s.name.startswith(("$", ".")):
                value = s.value
                if self.machine == 40 and s.type == STT_FUNC:
                    value &= ~1  # the low bit says Thumb
                found.setdefault(value, s.name)
        return sorted(found.items())

    def section_sizes(self):
        """Bytes of .text alone, of .data and of .bss."""
        sizes = {s.name: s.size for s in self.sections}
        return {name: sizes.get("." + name, 0) for name in ("text", "data", "bss")}
