# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""User page tables of each ISA, as (address, physical address, size, rights, referenced,
attribute) in order of addresses. The formats are those of arch/<isa>/space.c."""

from collections import namedtuple

Page = namedtuple("Page", "va pa size rights referenced attribute")


def _ia32_page(va, entry, size):
    writable = "rwx" if entry & 0x002 else "r-x"
    seen = ("R" if entry & 0x020 else "-") + ("W" if entry & 0x040 else "-")
    attribute = ("cached", "wc", "uncached", "device")[entry >> 3 & 3]
    return Page(va, entry & 0xfffff000 & -size, size, writable, seen, attribute)


def ia32(machine, space):
    directory = machine.words(int(space["dir"]), 0xc0000000 >> 22)
    for i, entry in enumerate(directory):
        if entry & 0x081 == 0x081:
            yield _ia32_page(i << 22, entry, 1 << 22)
        elif entry & 0x001:
            for k, leaf in enumerate(machine.words((entry & 0xfffff000) + 0xc0000000, 1024)):
                if leaf:
                    yield _ia32_page(i << 22 | k << 12, leaf, 1 << 12)


# Places of AF, AP[2], XN, TEX[1] and TEX[2] in the three kinds of entries.
_ARM_SECTION = (10, 15, 4, 13, 14, 20)
_ARM_LARGE = (4, 9, 15, 13, 14, 16)
_ARM_SMALL = (4, 9, 0, 7, 8, 12)


def _arm_page(va, entry, kind):
    accessed, read_only, never_exec, may_write, may_exec, log2 = kind
    rights = "r" + ("w" if entry >> may_write & 1 else "-") + ("x" if entry >> may_exec & 1 else "-")
    seen = ("R" if entry >> accessed & 1 else "-") + ("-" if entry >> read_only & 1 else "W") + \
        ("-" if entry >> never_exec & 1 else "X")
    attribute = ("cached", "uncached", "wc", "device")[entry >> 2 & 3]
    return Page(va, entry & -(1 << log2) & 0xffffffff, 1 << log2, rights, seen, attribute)


def arm(machine, space):
    for i, entry in enumerate(machine.words(int(space["l1"]), 2048)):
        if entry & 3 == 1:
            leaves = machine.words((entry & 0xfffffc00) + machine.offset, 256)
            for k, leaf in enumerate(leaves):
                if leaf == 0 or (not leaf & 2 and k % 16):
                    continue  # the first of the 16 entries of a large page stands for all
                yield _arm_page(i << 20 | k << 12, leaf, _ARM_SMALL if leaf & 2 else _ARM_LARGE)
        elif entry:
            yield _arm_page(i << 20, entry, _ARM_SECTION)


_BIAS = 0x8000


def _mips64_page(va, entry):
    size = (entry >> 32 & 0x1fffe000) + 0x2000 if entry >> 63 else 1 << 12
    rights = "rwx" if entry & 0x40000000 else "r-x"
    seen = ("R" if entry & 2 else "-") + ("W" if entry & 4 else "-")
    attribute = ("cached", "uncached", "wc", "device")[entry >> 61 & 3]
    return Page(va, (entry & 0x3fffffc0) << 6, size, rights, seen, attribute)


def mips64(machine, space):
    def tables(address):
        return enumerate(machine.words(address, 1024))

    for i, mid in tables(int(space["root"]) - _BIAS):
        if mid == 0:
            continue
        for j, leaf in tables(mid - _BIAS):
            if leaf == 0:
                continue
            for k, entry in tables(leaf - _BIAS):
                va = i << 32 | j << 22 | k << 12
                if entry:
                    page = _mips64_page(va, entry)
                    if va % page.size == 0:
                        yield page


WALKERS = {"Ia32": ia32, "Arm": arm, "Mips64": mips64}


def merged(machine, space):
    """Runs of pages that are alike and follow each other in both address spaces, as (first
    page, number of them)."""
    run, count = None, 0
    for page in WALKERS[type(machine).__name__](machine, space):
        if run and page[2:] == run[2:] and page.va == run.va + count * run.size and \
                page.pa == run.pa + count * run.size:
            count += 1
            continue
        if run:
            yield run, count
        run, count = page, 1
    if run:
        yield run, count
