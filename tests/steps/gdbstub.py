# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""The emulator's debugging interface without a debugger: gdb's remote serial protocol, as far as
stepping and looking needs it (gdb's manual, appendix "GDB Remote Serial Protocol")."""
import re
import socket
import time


class StubError(Exception):
    """The emulator did not answer as it should, or has gone; the text says what."""


# What the emulator sends for MIPS, which it has no description of, and for i386, of which its
# description is wrong: name and bytes of each.
MIPS = [(f"r{n}", 8) for n in range(32)] + \
    [(name, 8) for name in ("status", "lo", "hi", "badvaddr", "cause", "pc")] + \
    [(f"f{n}", 8) for n in range(32)] + [("fcr31", 8)]
I386 = [(name, 4) for name in "eax ecx edx ebx esp ebp esi edi eip eflags cs ss ds es fs gs "
        "fs_base gs_base k_gs_base cr0 cr2 cr3 cr4 cr8 efer".split()] + \
    [(f"st{n}", 10) for n in range(8)] + \
    [(name, 4) for name in "fctrl fstat ftag fiseg fioff foseg fooff fop".split()] + \
    [(f"xmm{n}", 16) for n in range(8)] + [("mxcsr", 4)]
FIXED = {3: I386, 8: MIPS}  # by the ELF file's machine


class Stub:
    """A guest that is stopped whenever nothing is being done to it."""

    def __init__(self, path, elf, timeout=60):
        self.order, self.bits = elf.order, elf.bits
        self.deadline = time.monotonic() + timeout
        self.socket = self._connect(path)
        self.pending = b""
        self._send(b"QStartNoAckMode")
        self._receive()
        self.socket.sendall(b"+")
        fixed = FIXED.get(elf.machine)
        self.layout = [(name, number, size) for number, (name, size) in enumerate(fixed)] \
            if fixed else self._described()  # [(name, number, bytes)]

    def _connect(self, path):
        """As soon as the emulator listens."""
        while time.monotonic() < self.deadline:
            s = socket.socket(socket.AF_UNIX)
            try:
                s.connect(str(path))
                return s
            except OSError:
                s.close()
                time.sleep(0.02)
        raise StubError("the emulator does not listen")

    def close(self):
        self.socket.close()

    def _send(self, text):
        self.socket.sendall(b"$%s#%02x" % (text, sum(text) & 0xff))

    def _receive(self):
        while True:
            match = re.search(rb"\$([^#]*)#..", self.pending, re.S)
            if match:
                self.pending = self.pending[match.end():]
                return match[1]
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise StubError("no answer in time")
            self.socket.settimeout(left)
            try:
                piece = self.socket.recv(65536)
            except TimeoutError:
                continue
            if not piece:
                raise StubError("the emulator has gone")
            self.pending += piece

    def ask(self, text):
        self._send(text.encode())
        answer = self._receive()
        if answer.startswith(b"E"):
            raise StubError(f"{text}: error {answer[1:].decode()}")
        return answer

    # ---- registers -------------------------------------------------------------------------

    def _file(self, name):
        text, more = b"", b"m"
        while more == b"m":
            part = self.ask(f"qXfer:features:read:{name}:{len(text):x},ffb")
            more, text = part[:1], text + part[1:]
        return text.decode()

    def _described(self):
        """The registers in the order of their numbers, as the emulator's XML files have them."""
        self.ask("qSupported")
        found, number = [], 0
        for file in re.findall(r'include href="([^"]+)"', self._file("target.xml")):
            for reg in re.findall(r"<reg [^>]*>", self._file(file)):
                fields = dict(re.findall(r'(\w+)="([^"]*)"', reg))
                number = int(fields.get("regnum", number))
                found.append((fields["name"], number, int(fields["bitsize"]) // 8))
                number += 1
        return found

    def value(self, data):
        return int.from_bytes(data, "little" if self.order == "<" else "big")

    def registers(self, names):
        """{name: value}, as far as one question tells."""
        data = bytes.fromhex(self.ask("g").decode())
        values, at = {}, 0
        for name, _, size in self.layout:
            if at + size > len(data):
                break
            if name in names:
                values[name] = self.value(data[at:at + size])
            at += size
        return values

    def register(self, name):
        number = next(number for n, number, _ in self.layout if n == name)
        return self.value(bytes.fromhex(self.ask(f"p{number:x}").decode()))

    def memory(self, address, size):
        return bytes.fromhex(self.ask(f"m{address:x},{size:x}").decode())

    def word(self, address):
        return self.value(self.memory(address, self.bits // 8))

    # ---- running -----------------------------------------------------------------------------

    def step(self):
        """One instruction; no interrupt is taken meanwhile."""
        answer = self.ask("s")
        if answer[:1] not in (b"T", b"S"):
            raise StubError(f"a step ended with {answer.decode()}")

    def run_to(self, *addresses):
        """Go on until one of the addresses is to be executed."""
        for a in addresses:
            self.ask(f"Z1,{a:x},4")
        answer = self.ask("c")
        for a in addresses:
            self.ask(f"z1,{a:x},4")
        if answer[:1] not in (b"T", b"S"):
            raise StubError(f"the guest ended: {answer.decode()}")
