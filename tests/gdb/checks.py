# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""Run inside gdb by test_gdb.py: stop the demonstration in its second address space, and compare
what the commands print with what must be so then."""
import re
import traceback

import gdb
from attach import connect
from cobnut_gdb.kernel import Kernel
from cobnut_gdb.machine import Mips64


def output(command):
    text = gdb.execute(command, to_string=True)
    print(f"(gdb) {command}\n{text}")
    return text


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def too_early():
    """Before the kernel has booted there is a message, not a stack trace."""
    try:
        gdb.execute("cobnut threads", to_string=True)
    except gdb.error as error:
        check("has not booted" in str(error), f"before boot: {error}")
        return
    raise AssertionError("there are threads before the kernel has booted")


def user_mode():
    return int(gdb.parse_and_eval("(unsigned long)$pc")) < 0x1000000


def in_the_second_space():
    """The second space's thread is at its first instruction. Its pager waits for page faults,
    the first thread for the end. The processor is in user mode, where it could not read
    the kernel's memory itself."""
    gdb.execute(f"add-symbol-file {ROOT_TASK}", to_string=True)
    # For MIPS gdb looks at the code around, which isn't mapped yet: it is to take the file's.
    gdb.execute("set trust-readonly-sections on")
    gdb.execute("tbreak touch", to_string=True)
    gdb.execute("continue", to_string=True)
    gdb.execute("set trust-readonly-sections off")
    check(user_mode(), "the breakpoint is not in user mode")
    kernel = Kernel()
    threads = [t for t in kernel.threads() if not t.is_irq]
    root = next(t for t in threads if "privileged" in t.flags)
    running = kernel.thread("")

    listed = output("cobnut threads")
    for t in threads:
        check(f"{t.id:x} " in listed, f"thread {t.id:x} is not in the list")
    check(running.running and running.space != root.space, "the wrong thread runs")
    check(len(re.findall(r" running ", listed)) == 1, "not one thread is running")
    check(len(re.findall(r" receiving .*for any \(IPC\)$", listed, re.M)) >= 1,
          "no pager waits for anybody")

    ready = output("cobnut ready")
    check(f"running: {running.id:x}" in ready, "the running thread")
    check("BAD" not in ready, "the ready queues disagree")

    ipc = output(f"cobnut ipc {root.id:#x}")
    check(re.search(r"takes a plain message from: \S+", ipc), "no partner")
    check(re.search(r"tag 0x[0-9a-f]+: label -?\d+, \d+ words", ipc), "no tag")
    check(f"utcb at {root['utcb_va']:#x}" in ipc, "the UTCB's address")

    mapped = output(f"cobnut space {root.id:#x}")
    check(re.search(r"^0*400000-\S+ -> [0-9a-f]+ r-x R\S* +cached ", mapped, re.M),
          "the root task's code is not mapped to read and execute, and used")
    check(re.search(r" rwx? R?W| rw. RW", mapped), "nothing is written")
    own = output("cobnut space")
    check(mapped != own and "pages" in own, "both spaces map the same")
    return root


def arguments(root):
    """Bad arguments are told from good ones, with the good ones named."""
    for bad in ("ipc 0xfffff", "space 1", f"ipc {root.id + 1:#x}"):
        try:
            output(f"cobnut {bad}")
        except gdb.error as error:
            check("There are" in str(error) or "interrupt thread" in str(error) or
                  "no thread" in str(error), f"{bad}: {error}")
            print("error:", error)
            continue
        raise AssertionError(f"cobnut {bad} is accepted")
    number = root.id >> Kernel().version_bits
    check(output(f"cobnut ipc {number}") == output(f"cobnut ipc {root.id:#x}"),
          "a thread's number and its id are not the same thread")


def in_the_kernel():
    """The next page fault, at its very beginning: nothing has changed."""
    before = output("cobnut threads")
    if isinstance(Kernel().machine, Mips64):
        # gdb steps by breakpoints there, and so over traps.
        gdb.execute("tbreak *mips_general", to_string=True)
        gdb.execute("continue", to_string=True)
    for _ in range(1000):
        if not user_mode():
            break
        gdb.execute("stepi", to_string=True)
    check(not user_mode(), "no page fault within 1000 instructions")
    check(output("cobnut threads") == before, "threads differ as seen from the kernel")


def run():
    connect(SOCKET)
    too_early()
    root = in_the_second_space()
    arguments(root)
    in_the_kernel()
    print("gdb: all checks passed")


try:
    run()
except Exception:  # gdb would go on, and end with 0
    traceback.print_exc()
    gdb.execute("kill")
    gdb.execute("quit 1")
gdb.execute("kill")
