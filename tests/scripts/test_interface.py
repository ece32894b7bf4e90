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
ISAS = ("ia32", "arm", "mips64")


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


def spread(names):
    """["$16", "$17", "$18"] of "$16–$18"."""
    match = re.fullmatch(r"(\D+)(\d+)–\D+(\d+)", names)
    if not match:
        return [names]
    return [f"{match[1]}{n}" for n in range(int(match[2]), int(match[3]) + 1)]


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
            self.assertEqual(len(self.order(isa)), const["L4_EXC_WORDS"] - const["L4_EXC_CODE"], isa)
            self.assertEqual([const[f"L4_EXC_{n}"] for n in ("IP", "SP", "FLAGS", "NUMBER",
                                                             "CODE")], [1, 2, 3, 4, 5])

    # ---- registers: the text, the stubs, and what the conformance suite sees the kernel do

    def order(self, isa):
        """The general registers of the exception message, in its order."""
        cells = next(c for c in rows(section("The exception message")) if c[0] == "6 …")
        text = cells[1 + ISAS.index(isa)].replace("`", "")
        names = []
        for part in re.split(r",? ", text) if isa == "ia32" else text.split(", "):
            names += spread(part)
        return names

    def by_hand(self, isa):
        """struct arch_registers of the conformance suite, with registers' names: {field: names}"""
        text, order = read(ROOT / f"tests/conformance/arch/{isa}.c"), self.order(isa)
        body = re.search(r"arch_registers = \{(.*?)\n\};", text, re.DOTALL)[1]
        enum = re.search(r"enum \{ (EAX[^}]*) \};", text)
        names = {n: i for i, n in enumerate(enum[1].split(", "))} if enum else {}
        names["PRESERVED"] = 1 << 25
        if isa == "mips64":
            self.assertIn("#define PRESERVED (1ul << 25)", text)
        fields = {}
        for field, value in re.findall(r"\.(\w+) = ([^=]*?),\n", body + "\n"):
            if field in ("ipc_flags", "ipc_plain", "leaves_known", "call_rotated"):
                continue
            value = re.sub(r"\b[A-Z]+\b", lambda m: str(names[m[0]]), value.strip("{}"))
            numbers = [eval(v, {"__builtins__": {}}) for v in value.split(",")]
            if field.endswith("_preserved"):
                fields[field] = {n for i, n in enumerate(order) if numbers[0] >> i & 1}
            else:
                fields[field] = [order[n] if n >= 0 else None for n in numbers]
        return fields

    def binary_interface(self, isa):
        """The rows of the text's table for one ISA: [(what, text)], two of them "preserved"."""
        column = 1 + ISAS.index(isa)
        return [(cells[0], cells[column].replace("`", ""))
                for cells in rows(section("Binary interface"))]

    def check_preserved(self, isa, text, results, got):
        order = self.order(isa)
        if text == "all others":
            want = set(order) - set(results)
        elif text == "nothing else":
            want = set()
        else:
            want = {name for part in text.split(", ") for name in spread(part)} & set(order)
        self.assertEqual(got, want, f"{isa}: {text}")

    def test_registers_of_system_calls(self):
        for isa in ISAS:
            got, table = self.by_hand(isa), self.binary_interface(isa)
            text, preserved = dict(table), [t for what, t in table if what == "preserved"]
            args = text["to, from, tag"].split("; ")
            self.assertEqual(args[0].split(", "), got["ipc_arg"], isa)
            if len(args) > 1:
                match = re.fullmatch(r"(\S+): where to go on(?:, (\w+): its stack pointer)?",
                                     args[1])
                self.assertEqual([match[1], match[2]], got["ipc_ip"] + got["ipc_sp"], isa)
            else:
                self.assertEqual(got["ipc_ip"] + got["ipc_sp"], [None, None], isa)
            if got["ipc_number"][0]:
                self.assertIn(f"{got['ipc_number'][0]} = 0", text["IPC"], isa)
            self.assertEqual(text["results tag, sender"].split(", "), got["ipc_result"], isa)
            self.check_preserved(isa, preserved[0], got["ipc_result"], got["ipc_preserved"])
            self.assertIn(f"{got['call_number'][0]} = number", text["other calls"], isa)
            for what, field in (("arguments 0–3", "call_arg"), ("results 0–3", "call_result")):
                words = [n for part in text[what].split(", ") for n in spread(part)]
                self.assertEqual(words, got[field], isa)
            self.check_preserved(isa, preserved[1], got["call_result"], got["call_preserved"])

    def test_stubs_of_ia32(self):
        names = dict(zip("abcdSD", ("eax", "ebx", "ecx", "edx", "esi", "edi")))
        text, got = read(L4 / "arch/ia32/include/l4/arch/stubs.h"), self.by_hand("ia32")
        ipc, call = re.findall(r"static inline \w+ __l4_(?:ipc|syscall)\(.*?\n\}", text, re.DOTALL)
        used = {what: names[letter] for letter, what in re.findall(r'"\+(\w)"\(([^)]+)\)', ipc)}
        self.assertEqual([used["to"], used["from"], used["tag"]], got["ipc_arg"])
        self.assertIn(f"movl $1f, %%{got['ipc_ip'][0]}\\n", ipc)
        self.assertIn(f"movl %%esp, %%{got['ipc_sp'][0]}\\n", ipc)
        self.assertIn("*from_out = to;\n\treturn tag;", ipc)
        self.assertEqual([used["tag"], used["to"]], got["ipc_result"])
        lost = set(re.search(r': ((?:"e\w+", )+)"memory"', ipc)[1].replace('"', "").split(", "))
        self.assertEqual((lost - {""}) | set(used.values()),
                         set(self.order("ia32")) - set(got["ipc_sp"]), "what IPC may change")
        regs = [names[letter] for letter in re.findall(r'"\+(\w)"\(r\[\d\]\)', call)]
        self.assertEqual(regs, got["call_arg"])
        self.assertEqual(regs, got["call_result"])
        self.assertIn(f'"{got["call_number"][0][1]}"(nr)', call)

    def test_stubs_of_arm(self):
        text, got = read(L4 / "arch/arm/include/l4/arch/stubs.h"), self.by_hand("arm")
        for register, name in zip(got["ipc_arg"], ("to", "from", "tag")):
            self.assertIn(f'{register} __asm__("{register}") = {name};', text)
        self.assertIn("*from_out = {1};\n\treturn {0};".format(*got["ipc_result"]), text)
        self.assertIn("ldmia %0, {{{0}-{3}}}".format(*got["call_arg"]), text)
        self.assertIn("stmia %0, {{{0}-{3}}}".format(*got["call_result"]), text)
        suite = read(ROOT / "tests/conformance/arch/arm.c")
        bits = int(re.search(r"\.call_rotated = (\d+),", suite)[1])
        self.assertIn(f'"r"(nr << {32 - bits} | nr >> {bits})', text)
        calls = dict(self.binary_interface("arm"))["other calls"]
        self.assertIn(f"r0 = number << {32 - bits}", calls)

    def test_stubs_of_mips64(self):
        text, got = read(L4 / "arch/mips64/include/l4/arch/stubs.h"), self.by_hand("mips64")
        ipc, call = re.findall(r"static inline \w+ __l4_(?:ipc|syscall)\(.*?\n\}", text, re.DOTALL)
        for register, name in zip(got["ipc_arg"], ("to", "from", "tag")):
            self.assertRegex(ipc, rf'__asm__\("{re.escape(register)}"\) = {name};')
        self.assertIn("tag = r{0};\n\t*from_out = r{1};".format(
            *(n.strip("$") for n in got["ipc_result"])), ipc)
        for i, register in enumerate(got["call_arg"]):
            self.assertRegex(call, rf'__asm__\("{re.escape(register)}"\) = r\[{i}\];')
        for i, register in enumerate(got["call_result"]):
            self.assertRegex(call, rf"(r\[{i}\]|result) = r{register.strip('$')};")
        clobbers = re.search(r"L4_MIPS_CLOBBERS.*?\n(.*?)\n\n", text, re.DOTALL)[1]
        changed = set(re.findall(r'"([^"]+)"', clobbers)) - {"memory"}
        changed |= set(re.findall(r'__asm__\("([^"]+)"\)', call))
        self.assertEqual(changed, set(self.order("mips64")) - got["call_preserved"])

    # ---- rights

    def test_rights(self):
        """Which calls are for privileged threads alone, in the text and in the kernel."""
        kernel = "".join(read(path) for path in sorted((ROOT / "kernel").glob("*.c")))
        bodies = {}
        handler = (r"^(?:NOINLINE )?(?:unsigned sys|struct glue_ctx \*call)_(\w+)"
                   r"\(struct tcb \*cur\)\n\{(.*?)^\}")
        for name, body in re.findall(handler, kernel, re.MULTILINE | re.DOTALL):
            bodies[name] = bodies.get(name, "") + body
        listed = re.findall(r"^SYSCALL\((\w+), (\w+), \d+, \d+\)", read(ABI / "syscalls.def"),
                            re.MULTILINE)
        want = set()
        for _, name in listed:
            self.assertIn(name, bodies, f"neither sys_{name} nor call_{name} was found")
            if re.search(r"if \((?:unlikely\()?!cur->privileged\)?\)\s+return "
                         r"(?:sys_end\(cur, )?ABI_ERR_NO_PRIVILEGE\)?;|return cur->privileged \? [^;]* : "
                         r"ABI_ERR_NO_PRIVILEGE;", bodies[name]):
                want.add(name.replace("_", ""))
        rights = {name.lower(): who for name, who in
                  re.findall(r"^### (\w+) \(\d+\) — (.*)$", DOC, re.MULTILINE)}
        self.assertEqual(set(rights), {n.replace("_", "") for _, n in listed} | {"ipc"})
        self.assertEqual({n for n, who in rights.items() if who == "privileged"}, want)
        for name in want:
            title = next(t for t in re.findall(r"^### (\w+ \(\d+\)) — ", DOC, re.MULTILINE)
                         if t.lower().startswith(name + " "))
            self.assertIn("NoPrivilege", section(title), title)


if __name__ == "__main__":
    unittest.main()
