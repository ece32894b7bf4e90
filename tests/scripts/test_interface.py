# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""docs/interface.md says what the headers say: system calls, codes, layouts."""
import re
import subprocess
import unittest

from support import ROOT, ScriptTest

DOC = (ROOT / "docs/interface.md").read_text(encoding="utf-8")
ABI = ROOT / "kernel/include/l4/abi"
L4 = ROOT / "user/lib/l4"
MINUS = "−"


def read(path):
    return path.read_text(encoding="utf-8")


def section(title):
    """The text below a heading, up to the next of its level or above."""
    match = re.search(rf"^(#+) {re.escape(title)}.*?\n(.*?)(?=^#{{1,3}} |\Z)", DOC,
                      re.MULTILINE | re.DOTALL)
    if not match:
        raise AssertionError(f'docs/interface.md has no section "{title}"')
    return match[2]


def rows(text):
    """The cells of a table's rows, without the heading."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines
            if not re.match(r"^\|[-| ]+\|$", line)]


def fields_of(struct):
    """The members of a struct in kip.h: [(name, array size or None)]"""
    body = re.search(rf"struct {struct} \{{(.*?)\}};", read(ABI / "kip.h"), re.DOTALL)[1]
    body = re.sub(r"/\*.*?\*/", "", body, flags=re.DOTALL)
    found = []
    for line in re.findall(r"abi_word_t ([^;]+);", body):
        for name in line.split(","):
            found.append(re.fullmatch(r"\s*(\w+)(?:\[\w+\])?", name)[1])
    return found


class Interface(ScriptTest):
    def layout(self, struct):
        """{field: (first word, words)} as the compiler sees them."""
        fields = fields_of(struct)
        lines = "".join(f'printf("{f} %zu %zu\\n", offsetof(struct {struct}, {f}) / sizeof(long), '
                        f'sizeof(((struct {struct} *)0)->{f}) / sizeof(long));' for f in fields)
        source = self.tmp / "layout.c"
        source.write_text("#include <l4/abi/kip.h>\n#include <stddef.h>\n#include <stdio.h>\n"
                          f"int main(void) {{ {lines} return 0; }}\n", encoding="utf-8")
        subprocess.run(["gcc", "-I", str(ABI.parent.parent), str(source), "-o",
                        str(self.tmp / "layout")], check=True)
        out = subprocess.run([str(self.tmp / "layout")], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
        return {name: (int(at), int(n)) for name, at, n in map(str.split, out.splitlines())}

    def constants(self, text, prefix):
        return {name: int(value, 0) for name, value in
                re.findall(rf"#define ({prefix}\w*)\s+\(?(-?\w+)\)?", text)
                if re.fullmatch(r"-?(0x)?[0-9a-f]+", value)}

    def test_system_calls(self):
        numbers = self.constants(read(ABI / "const.h"), "ABI_SYS_")
        listed = re.findall(r"^SYSCALL\((\w+), (\w+), (\d+), (\d+)\)", read(ABI / "syscalls.def"),
                            re.MULTILINE)
        want = {numbers[nr]: (name.replace("_", ""), int(args), int(results))
                for nr, name, args, results in listed}
        want[numbers["ABI_SYS_IPC"]] = ("ipc", 3, 2)
        got = {}
        for name, number in re.findall(r"^### (\w+) \((\d+)\)", DOC, re.MULTILINE):
            text = section(f"{name} ({number})")
            results = re.search(r"→\s+\(([^)]*)\)", text)[1]
            explicit = re.search(r"\(([^()`]*)\)\s+→", text)
            args = explicit[1] if explicit else re.search(r"`L4_\w+\(([^)]*)\)`", text)[1]
            args = [a for a in args.split(",") if a.strip() and not a.strip().startswith("&")]
            got[int(number)] = (name.lower(), len(args),
                                len([r for r in results.split(",") if r.strip()]))
        self.assertEqual(got, want)
        self.assertEqual(numbers["ABI_SYS_COUNT"], len(want))

    def test_errors(self):
        text = section("Errors")
        tables = [dict((name.strip("`"), int(code)) for code, name, _ in rows(part)
                       if code.isdigit())
                  for part in text.split("An IPC fails")]
        const = self.constants(read(ABI / "const.h"), "ABI_")
        types = read(L4 / "include/l4/types.h")
        for kind, table in zip(("ABI_ERR_", "ABI_IPC_"), tables):
            meant = {name: const[abi] for name, abi in
                     re.findall(rf"#define (L4_Err\w+)\s+\(?({kind}\w+)\)?", types)}
            for other in ("L4_ErrTimeout", "L4_ErrSendPhase", "L4_ErrRecvPhase"):
                meant.pop(other, None)
            self.assertTrue(meant)
            self.assertEqual(table, meant)

    def test_utcb(self):
        names = {"MyGlobalId": "my_id", "ProcessorNo": "processor", "UserDefinedHandle": "handle",
                 "Pager": "pager", "ExceptionHandler": "exc_handler", "ErrorCode": "error",
                 "Acceptor": "acceptor", "NotifyMask": "notify_mask", "NotifyBits": "notify_bits",
                 "PreemptFlags": "preempt_flags", "PreemptCallbackIP": "preempt_ip",
                 "PreemptedIP": "preempted_ip", "thread-local words": "tls",
                 "system-call arguments and results from the fifth on": "sysarg",
                 "MR0 … MR63": "mr"}
        layout, seen, next_word = self.layout("abi_utcb"), set(), 0
        for cells in rows(section("Virtual registers: the UTCB")):
            match = re.fullmatch(r"(\d+)(?:–(\d+))?", cells[0])
            if not match:
                continue
            first, last = int(match[1]), int(match[2] or match[1])
            self.assertEqual(first, next_word, cells)
            next_word = last + 1
            if cells[1] in names:
                self.assertEqual(layout[names[cells[1]]], (first, last - first + 1), cells)
                seen.add(cells[1])
        self.assertEqual(seen, set(names))
        self.assertEqual(next_word, self.constants(read(ABI / "const.h"), "ABI_")["ABI_UTCB_WORDS"])

    def test_kip(self):
        table = [cells[:2] for cells in rows(section("The kernel interface page"))
                 if cells[0].isdigit()]
        self.assertEqual({name.strip("`"): (int(word), 1) for word, name in table
                          if name.startswith("`")}, self.layout("abi_kip"))

    def test_memory_types(self):
        const = self.constants(read(ABI / "kip.h"), "ABI_MEM_")
        text = section("The kernel interface page")
        for number, name in ((const["ABI_MEM_CONVENTIONAL"], "conventional"),
                             (const["ABI_MEM_RESERVED"], "reserved"),
                             (const["ABI_MEM_DEDICATED"], "dedicated"),
                             (const["ABI_MEM_SHARED"], "shared")):
            self.assertRegex(text, rf"\| {number} {name} \|")
        boot = const["ABI_MEM_BOOT"]
        self.assertIn(f"| {boot:#x}, {boot | const['ABI_MEM_BOOT_ROOT']:#x}, "
                      f"{boot | const['ABI_MEM_BOOT_MODULE']:#x} boot |", text)

    def test_protocols(self):
        const = self.constants(read(ABI / "const.h"), "ABI_PROTO_")
        names = {"interrupt": "INTERRUPT", "page fault": "PAGEFAULT", "quantum spent": "QUANTUM",
                 "system call": "SYSCALL", "exception": "EXCEPTION"}
        table = {cells[1]: int(cells[0].replace(MINUS, "-"))
                 for cells in rows(section("Messages of the kernel")) if cells[1] in names}
        self.assertEqual(table, {n: const[f"ABI_PROTO_{c}"] for n, c in names.items()})

    def test_states(self):
        const = self.constants(read(ABI / "const.h"), "ABI_STATE_")
        text = re.search(r"^States: (.*?)\. Errors", section("Schedule (4)"),
                         re.MULTILINE | re.DOTALL)[1]
        got = {int(n) for n in re.findall(r"(\d+) [a-z]", text)}
        # The others are not returned.
        self.assertEqual(got, set(const.values()) - {const["ABI_STATE_DEAD"],
                                                     const["ABI_STATE_SENDING"]})

    def test_exchange_registers(self):
        const = self.constants(read(ABI / "const.h"), "ABI_XREG_")
        bits = set()
        for cells in rows(section("ExchangeRegisters (3)")):
            bits |= {int(n) for n in re.findall(r"\d+", cells[0])}
        self.assertEqual(sum(1 << bit for bit in bits), const["ABI_XREG_KNOWN"])

    def test_exception_messages(self):
        table = rows(section("The exception message"))
        isas = dict(zip(("ia32", "arm", "mips64"), range(1, 4)))
        words = next(cells for cells in table if cells[0] == "words")
        for isa, column in isas.items():
            header = read(L4 / f"arch/{isa}/include/l4/arch/exception.h")
            const = self.constants(header, "L4_EXC_")
            self.assertEqual(int(words[column]), const["L4_EXC_WORDS"], isa)
            self.assertEqual([const[f"L4_EXC_{n}"] for n in ("IP", "SP", "FLAGS", "NUMBER",
                                                             "CODE")], [1, 2, 3, 4, 5])

    def test_registers(self):
        """The table of the binary interface against the assembler of the stubs."""
        table = {cells[0]: cells[1:] for cells in rows(section("Binary interface"))}
        arm, mips = (read(L4 / f"arch/{isa}/include/l4/arch/stubs.h") for isa in ("arm", "mips64"))
        for register, name in zip(table["to, from, tag"][1].split(", "), ("to", "from", "tag")):
            self.assertIn(f'{register} __asm__("{register}") = {name};', arm)
        for register, name in zip(table["to, from, tag"][2].split(", "), ("to", "from", "tag")):
            self.assertRegex(mips, rf'__asm__\("{re.escape(register.strip("`"))}"\) = {name};')


if __name__ == "__main__":
    unittest.main()
