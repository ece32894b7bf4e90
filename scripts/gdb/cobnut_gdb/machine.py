# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""The kernel's memory, whatever the processor is doing.

gdb reads memory as the processor would. In user mode that fails for the kernel's addresses on
some machines, so everything here is read by physical address, which QEMU offers
("Qqemu.PhyMemMode"); where the debugger at the other end is not QEMU, by virtual address.
"""
import struct

import gdb


def number(expression):
    return int(gdb.parse_and_eval(expression)) & 0xffffffffffffffff


def symbol(name):
    """The address of a symbol of the kernel."""
    return number(f"(unsigned long)&{name}")


class Machine:
    """An instruction set: where the kernel sees physical memory."""

    word_bits = 32

    def __init__(self):
        self.big_endian = "big" in gdb.execute("show endian", to_string=True)
        self.physical_mode = None

    def physical(self, address):
        """The physical address behind a kernel address."""
        raise NotImplementedError

    # ---- reading ---------------------------------------------------------------------------

    def read(self, address, size):
        if self.physical_mode is None:
            reply = gdb.execute("maintenance packet Qqemu.PhyMemMode:1", to_string=True)
            self.physical_mode = "OK" in reply
            self._mode(0)
        if not self.physical_mode:
            return bytes(gdb.selected_inferior().read_memory(address, size))
        self._mode(1)
        try:
            return bytes(gdb.selected_inferior().read_memory(self.physical(address), size))
        except gdb.MemoryError as error:
            raise gdb.GdbError(f"no memory at kernel address {address:#x}") from error
        finally:
            self._mode(0)

    @staticmethod
    def _mode(on):
        gdb.execute(f"maintenance packet Qqemu.PhyMemMode:{on}", to_string=True)

    def words(self, address, count, size=None):
        size = size or self.word_bits // 8
        code = {4: "I", 8: "Q"}[size]
        data = self.read(address, count * size)
        return struct.unpack((">" if self.big_endian else "<") + code * count, data)

    def word(self, address):
        return self.words(address, 1)[0]

    def string(self, address, limit=256):
        return self.read(address, limit).split(b"\0")[0].decode("ascii", "replace")

    def value(self, address, type_name):
        """The object at a kernel address, all of it copied: its members need no more reading."""
        kind = gdb.lookup_type(type_name)
        return gdb.Value(self.read(address, kind.sizeof), kind)


class Ia32(Machine):
    def physical(self, address):
        return address - 0xc0000000


class Arm(Machine):
    def __init__(self):
        super().__init__()
        self.offset = symbol("_start") - symbol("_start_phys")

    def physical(self, address):
        return address - self.offset


class Mips64(Machine):
    word_bits = 64

    def physical(self, address):
        if address >= 0xffffffff80000000:
            return address & 0x1fffffff  # ckseg0, ckseg1
        return address & 0x07ffffffffffffff  # xkphys


def the_machine():
    name = gdb.selected_inferior().architecture().name() if hasattr(
        gdb.selected_inferior(), "architecture") else gdb.execute("show architecture",
                                                                  to_string=True)
    for part, kind in (("mips", Mips64), ("arm", Arm), ("i386", Ia32)):
        if part in name:
            return kind()
    raise gdb.GdbError(f"no Cobnut kernel is known for {name}; load kernel.elf of an ia32, ARM "
                       "or MIPS64 build first")
