/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * start.c - from the start-up code to main and on to the end.
 */
#include <l4/bootinfo.h>
#include <l4/kip.h>
#include <rt/exit.h>

#define ARGS_MAX  16
#define ARGS_TEXT 256

int main(int argc, char **argv);
_Noreturn void __rt_start(void);

static char *argv[ARGS_MAX + 1];
static char text[ARGS_TEXT];

/* The command line of the root task: what the boot image gave the program that was loaded. */
static const char *command_line(void)
{
	const void *info = (const void *)L4_BootInfo(L4_GetKernelInterface());
	const L4_BootRec_t *r = L4_BootInfo_Valid(info) ? L4_BootInfo_FirstEntry(info) : NULL;

	for (; r; r = L4_BootRec_Next(r)) {
		if (L4_BootRec_Type(r) == L4_BootInfo_SimpleExec)
			return L4_SimpleExec_Cmdline(r);
	}
	return NULL;
}

/* Cut a copy of it into words; what doesn't fit is dropped. */
static int split(const char *line)
{
	int argc = 0;
	size_t i;

	for (i = 0; line && line[i] && i < sizeof(text) - 1; i++)
		text[i] = line[i];
	text[i] = '\0';
	for (char *p = text; argc < ARGS_MAX;) {
		while (*p == ' ')
			*p++ = '\0';
		if (!*p)
			break;
		argv[argc++] = p;
		while (*p && *p != ' ')
			p++;
	}
	argv[argc] = NULL;
	return argc;
}

_Noreturn void __rt_start(void)
{
	int result = main(split(command_line()), argv);

	if (result != 0)
		rt_fail("main returned %d", result);
	rt_exit_ok();
}
