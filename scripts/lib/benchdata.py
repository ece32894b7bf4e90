# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""What the benchmark's figures are set beside: the targets, and what others published."""

ISAS = ("ia32", "arm", "mips64", "mips64el")

# Kernel instructions at most: of every ISA, or of ia32, ARM and MIPS64.
TARGETS = {
    "page_fault": 200, "page_fault_reply": 150, "exception": 220, "exception_reply": 220,
    "notify": 130, "notify_nobody": 90, "interrupt": 130, "interrupt_ack": 130, "tick": 85,
    "thread_switch": 110, "nil_ipc": 40, "map": 220, "map_range": 20, "unmap": 220,
    "tlb_refill": 16, "thread_create": 350, "thread_delete": 250, "space_create": 3000,
    "space_delete": 2000, "irqs_off": 3000,
}
IPC_TARGETS = {"fast": {"ia32": 55, "arm": 55, "mips64": 70},
               "c": {"ia32": 150, "arm": 150, "mips64": 170}}
# Instructions for each message word, on the fast path.
WORD_TARGETS = {"ia32": 1, "arm": 0.5, "mips64": 2}
CROWD = 4000  # threads at least, for the figures in a crowd
FLAT = 0.01  # how much dearer an operation may be among 4,000 threads and 500 spaces, or cheaper
LINE_TARGET = 8  # of 64 bytes, instructions and data each, both ways of a round trip
SIZE_TARGETS = {"text": 20 * 1024, "total": 48 * 1024, "thread": 512, "space": 8192}

TITLES = {
    "call": "call, one way", "reply_wait": "reply and wait, one way",
    "round_trip": "call and reply, both ways", "send": "send to a waiting thread, which runs",
    "send_noswitch": "send to a waiting thread, the sender goes on",
    "wait": "wait, nothing is pending", "receive_queued": "receive from a queued sender, in a call",
    "nil_ipc": "cheapest system call (nil IPC)",
    "notify": "notify a waiting thread of higher priority, with the switch",
    "notify_nobody": "notify, nobody waits", "wait_notify": "wait for notification",
    "page_fault": "page fault to pager running", "page_fault_reply": "reply to resumed",
    "exception": "exception to handler running",
    "exception_reply": "reply that sets the IP, to resumed",
    "interrupt": "interrupt to its handler running",
    "interrupt_ack": "acknowledge and wait again", "tick": "tick, no switch",
    "thread_switch": "yield to an equal", "map": "map one page",
    "map_range": "map: each further page", "unmap": "unmap one page",
    "unmap_range": "unmap: each further page", "tlb_refill": "TLB refill",
    "thread_create": "thread: create and activate", "thread_delete": "thread: delete",
    "thread_delete_used": "thread: delete one that is waited for",
    "space_create": "space: create, SpaceControl, activate", "space_delete": "space: delete empty",
    "irqs_off": "longest stretch with interrupts off",
}

# Kernel instructions of other kernels, counted by the same instrument: see docs/performance.md.
PEERS = ("L4Ka ia32", "L4Ka MIPS64", "seL4 ia32", "seL4 ARM")
PEER_FIGURES = {
    "call": ("67 asm, 198 C++", "93 asm, 232 C++", "225 fast, 951 slow", "167 fast, 673 slow"),
    "page_fault": (278, 662, 719, 526), "page_fault_reply": (155, 540, 874, 607),
    "exception": (381, 392, 712, 509), "exception_reply": (341, 374, 891, 622),
    "notify": ("233 (send)", 279, 639, 452), "notify_nobody": ("-", "-", 436, 288),
    "interrupt": (135, 293, 443, 298), "interrupt_ack": (184, 348, 1033, 670),
    "tick": (88, 212, 137, 103), "thread_switch": (146, 174, 355, 252),
    "nil_ipc": (40, "94-136", 107, 172), "map": (582, 2066, 912, 512),
    "map_range": (370, 498, "-", "-"), "unmap": (701, 1188, 693, 452),
    "tlb_refill": ("-", 854, "-", "-"), "thread_create": (354, 893, "~4480", "~3320"),
    "thread_delete": (215, 248, 3416, 2535), "space_create": ("34k", "46k", "-", "-"),
    "space_delete": ("69k", "33k", "-", "-"), "irqs_off": ("147k", "110k", "11k", "13k"),
}

# L4Ka::Pistachio's published IPC, one way, in CYCLES: another unit than everything above.
CYCLES_SOURCE = "COMP9242 2006, lecture \"Microkernels and L4\""
CYCLES_HEADER = ("architecture", "port", "C++ intra", "C++ inter", "optimised intra",
                 "optimised inter")
CYCLES = (
    ("Pentium 3", "UKa", "180", "367", "113", "305"),
    ("Pentium 3, small spaces", "UKa", "", "", "", "213"),
    ("Pentium 4", "UKa", "385", "983", "196", "416"),
    ("Itanium 2", "UKa/NICTA", "508", "508", "36", "36"),
    ("Itanium 2, cross CPU", "UKa", "7419", "7410", "-", "-"),
    ("MIPS64", "NICTA/UNSW", "276", "276", "109", "109"),
    ("MIPS64, cross CPU", "NICTA/UNSW", "3238", "3238", "690", "690"),
    ("PowerPC-64", "NICTA/UNSW", "330", "518", "200 (V2 asm)", "200 (guess)"),
    ("Alpha 21264", "NICTA/UNSW", "440", "642", "~70 (V2 asm)", "~70"),
    ("ARM/XScale", "NICTA/UNSW", "340", "340", "151", "151"),
)

# L4Ka::Pistachio's published kernel memory, thousands of bytes: text, total. From the same source.
PUBLISHED_SIZES = (("x86", 52, 98), ("Itanium", 173, 417), ("ARM", 55, 117), ("PPC-32", 41, 135),
                   ("PPC-64", 60, 205), ("MIPS-64", 61, 100))
PEER_TEXT = "42 to 64 KiB (L4Ka::Pistachio), 47 to 56 KiB (seL4)"
PEER_LINES = "seL4: 28 to 32 and 17 to 18; L4's classic figure: 10 to 14 and 8"


def family(isa):
    return isa.removesuffix("el")


def target(row):
    """What a result may be at most; None: it has no target."""
    op, words = row["op"], row["words"]
    if row["metric"] != "insn":
        return None
    if op in ("call", "reply_wait"):
        base = IPC_TARGETS[row["path"]].get(family(row["isa"]))
        if words == 0 or row["path"] == "fast":
            return base + int(words * WORD_TARGETS[family(row["isa"])])
        return None
    if op == "send":
        return IPC_TARGETS["fast"].get(family(row["isa"])) if row["path"] == "fast" else None
    if op == "tlb_refill" and family(row["isa"]) != "mips64":
        return None
    return TARGETS.get(op)
