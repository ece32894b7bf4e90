/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * boot.c - the first instructions, and the last.
 *
 * A real port sets up its stack and page tables in assembler, finds out what memory and which
 * modules there are, and enters user mode with the context that k_boot returns.
 */
#include <arch/port.h>

_Noreturn void _start(void);

__attribute__((used)) void _start(void)
{
	static const struct glue_boot_info nothing = {.cmdline = ""};

	(void)k_boot(&nothing);
	glue_halt(GLUE_HALT_OK);
}

_Noreturn void glue_halt(enum glue_halt_why why)
{
	for (;;)
		; /* a board with an exit code leaves the emulator here */
}
