/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * exit.c - the ways out of a program.
 */
#include <l4/ipc.h>
#include <l4/thread.h>
#include <rt/exit.h>
#include <rt/stdio.h>

_Noreturn void rt_exit_ok(void)
{
	(void)L4_ThreadControl(L4_Myself(), L4_nilthread, L4_nilthread, L4_nilthread, L4_nilthread,
			       L4_nilthread, (void *)-1);
	/* Not privileged: all that is left is to do nothing more. */
	for (;;)
		(void)L4_WaitForever();
}

_Noreturn void rt_fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	printf("rt: ");
	vprintf(fmt, args);
	putchar('\n');
	va_end(args);
	L4_Set_ExceptionHandler(L4_nilthread);
	__builtin_trap();
}

_Noreturn void abort(void)
{
	rt_fail("aborted");
}
