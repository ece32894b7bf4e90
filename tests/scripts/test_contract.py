# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""scripts/check_contract is red where it should be: for each rule, sources that break it."""
import json
import shutil
import unittest
from unittest import mock

from support import ROOT, ScriptTest

from lib.project import UserError


def load_script():
    """scripts/check_contract as a module."""
    from importlib.machinery import SourceFileLoader
    from importlib.util import module_from_spec, spec_from_loader
    loader = SourceFileLoader("check_contract", str(ROOT / "scripts" / "check_contract"))
    module = module_from_spec(spec_from_loader("check_contract", loader))
    loader.exec_module(module)
    return module


CONTRACT = """
needs glue_one
needs glue_two
upcall k_up
shared k_data
runtime memcpy
linker _end
compiler __u?divdi3
"""

CORE = """
int glue_one(void); int glue_two(void); int k_up(void); int internal(void);
int k_data; extern char _end[]; void *memcpy(void *, const void *, unsigned long);
int internal(void) { return _end[0]; }
int k_up(void) { return glue_one() + glue_two() + (memcpy(_end, _end, k_up()) != 0); }
"""

PORT = """
int k_up(void); int glue_one(void); int glue_two(void); int helper(void);
extern int k_data; int helper(void) { return k_up() + k_data; }
int glue_one(void) { return helper(); }
int glue_two(void) { return 2; }
"""


class Symbols(ScriptTest):
    def check(self, core=CORE, port=PORT, contract=CONTRACT, config="debug"):
        """What is found: [text]."""
        script = load_script()
        for name, text in (("core", core), ("port", port)):
            (self.tmp / f"{name}.c").write_text(text)
            code, out = self.run_tool("gcc", "-c", "-ffreestanding", "-O1", "-w", "-o",
                                      self.tmp / f"{name}.o", self.tmp / f"{name}.c")
            self.assertEqual(code, 0, out)
        (self.tmp / "contract.syms").write_text(contract)
        (self.tmp / "objects.json").write_text(json.dumps({
            "port_name": "test", "config": config, "nm": "nm",
            "core": [str(self.tmp / "core.o")], "port": [str(self.tmp / "port.o")]}))
        findings = Recorder()
        script.check_build(self.tmp, script.Contract(self.tmp / "contract.syms"), findings)
        return findings.texts

    def assert_found(self, word, **changes):
        texts = self.check(**changes)
        self.assertEqual(len(texts), 1, texts)
        self.assertIn(word, texts[0])

    def test_green(self):
        self.assertEqual(self.check(), [])

    def test_port_calls_past_the_contract(self):
        self.assert_found("uses internal, which is not an upcall; it is the generic kernel's own",
                          port=PORT + "int internal(void); int glue_three_(void);"
                          "int past(void) { return internal(); }")

    def test_port_calls_what_nobody_has(self):
        self.assert_found("uses printf", port=PORT + "int printf(); int p(void) { return printf(); }")

    def test_port_lacks_a_piece(self):
        self.assert_found("does not define glue_two",
                          port=PORT.replace("int glue_two(void) { return 2; }", ""))

    def test_port_defines_the_kernels(self):
        self.assert_found("defines k_mine", port=PORT + "int k_mine(void) { return 1; }")

    def test_core_needs_more(self):
        self.assert_found("core.o uses glue_three, which contract.syms does not list",
                          core=CORE + "int glue_three(void); int t(void) { return glue_three(); }")

    def test_core_needs_less(self):
        changes = {"core": CORE.replace("+ glue_two()", "")}
        self.assert_found("lists glue_two as needed", **changes)
        self.assertEqual(self.check(config="release", **changes), [])

    def test_core_defines_the_ports(self):
        self.assert_found("defines glue_x", core=CORE + "int glue_x(void) { return 1; }")

    def test_core_lacks_an_upcall(self):
        texts = self.check(contract=CONTRACT + "upcall k_more\n")
        self.assertEqual(len(texts), 1)
        self.assertIn("does not define k_more, which ports use", texts[0])

    def test_damaged_list(self):
        with self.assertRaises(UserError):
            self.check(contract=CONTRACT + "wants glue_one\n")


HEADER = "/* SPDX-License-Identifier: BSD-2-Clause\n * SPDX-FileCopyrightText: 2026 x\n */\n"


class Sources(ScriptTest):
    def findings(self, name, text, header=HEADER):
        script = load_script()
        script.ROOT = self.tmp
        path = self.tmp / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(header + text)
        findings = Recorder()
        script.check_file(name, findings)
        return findings.texts

    def assert_found(self, name, text, word, **how):
        texts = self.findings(name, text, **how)
        self.assertEqual(len(texts), 1, texts)
        self.assertIn(word, texts[0])

    def test_kernel(self):
        self.assertEqual(self.findings("kernel/a.c", "#include <glue/glue.h>\n"
                                       "#include <kernel/tcb.h>\n/* arm the timer */\n"), [])
        self.assert_found("kernel/a.c", "#include <arch/x.h>\n", "kernel/a.c:4: includes <arch/x.h>")
        self.assert_found("kernel/a.c", "#include <common/x.h>\n", "includes <common/x.h>")
        self.assert_found("kernel/a.c", '#include "../arch/x.h"\n', "out of another layer")
        for text in ("/* on MIPS64 */", "int x86;", "/* on ARM */", "/* an IA-32 */"):
            self.assert_found("kernel/a.c", text + "\n", "kernel/a.c:4: names an ISA")
        self.assertIn("names an ISA: __arm__",
                      " ".join(self.findings("kernel/a.c", "#ifdef __arm__\n#endif\n")))
        self.assert_found("kernel/a.c", "#if CONFIG_ISA\n#endif\n", "depends on the ISA")

    def test_ports(self):
        for directory in ("arch/z80", "glue/null", "glue/common"):
            self.assertEqual(self.findings(f"{directory}/a.c", "#include <glue/glue.h>\n"), [])
            self.assert_found(f"{directory}/a.c", "#include <kernel/tcb.h>\n",
                              "includes <kernel/tcb.h>, which is not for its layer")

    def test_user(self):
        for header in ("kernel/tcb.h", "glue/glue.h", "arch/x.h"):
            self.assert_found("user/a/a.c", f"#include <{header}>\n", f"includes <{header}>")

    def test_size_and_licence(self):
        self.assert_found("user/a.c", "\n" * 600, "603 lines; 600 is the most")
        self.assert_found("cmake/x.cmake", "# nothing\n", "no SPDX", header="")

    def test_files_are_found_without_git(self):
        script = load_script()
        with_git = script.source_files()
        with mock.patch.object(script.shutil, "which", lambda _: None):
            without = script.source_files()
        self.assertIn("kernel/ipc.c", without)
        self.assertFalse({n for n in with_git if script.is_source(n)} - set(without))

    def test_list_and_headers(self):
        script = load_script()
        script.ROOT = self.tmp
        shutil.copytree(ROOT / "glue" / "include", self.tmp / "glue" / "include")
        (self.tmp / "glue" / "include" / "glue" / "more.h").write_text(
            "/* glue_comment() */\nvoid glue_new(int x);\nvoid k_new(void);\n")
        findings = Recorder()
        script.check_headers(script.Contract(ROOT / "glue" / "contract.syms"), findings)
        self.assertEqual([t.split(",")[0] for t in findings.texts],
                         ["glue/contract.syms: does not list glue_new",
                          "glue/contract.syms: does not list k_new"])

    def test_list_of_constants(self):
        script = load_script()
        script.ROOT = self.tmp
        headers = self.tmp / "glue" / "include" / "glue"
        shutil.copytree(ROOT / "glue" / "include" / "glue", headers)
        kernel = self.tmp / "kernel"
        kernel.mkdir()

        def found(text):
            findings = Recorder()
            kernel.joinpath("a.c").write_text(text)
            script.check_constants(findings)
            return findings.texts

        glue = (headers / "glue.h").read_text()
        names = script.re.findall(r"^ \*.* (GLUE_\w+)  ", glue, script.re.MULTILINE)
        self.assertIn("GLUE_TABLE_LOG2", names)
        all_used = "/* GLUE_COMMENT */ int x = GLUE_OK + " + " + ".join(names)
        self.assertEqual(found(all_used + ";\n"), [])
        self.assertEqual(found(all_used + " + GLUE_MORE;\n"), [
            "glue/include/glue/glue.h: does not list GLUE_MORE, which kernel/a.c uses"])
        self.assertEqual(found(all_used.replace(" + GLUE_TABLE_LOG2", "") + ";\n"), [
            "glue/include/glue/glue.h: lists GLUE_TABLE_LOG2, which the kernel does not use"])


class Recorder:
    def __init__(self):
        self.texts = []

    def add(self, where, text):
        self.texts.append(f"{where}: {text}")


if __name__ == "__main__":
    unittest.main()
