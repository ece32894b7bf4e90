/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/kdebug.h - the kernel's debug console.
 */
#ifndef L4_KDEBUG_H
#define L4_KDEBUG_H

#include <l4/types.h>
#include <l4/vregs.h>

/* Write one character. Anyone; in a kernel configured without the console system call it is
 * the exception L4_ProtocolSyscall. */
L4_INLINE void L4_KDB_PrintChar(int ch)
{
	abi_word_t r[4] = {(abi_word_t)ch, 0, 0, 0};

	__l4_syscall(ABI_SYS_CONSOLE, r);
}

/* Write a line. Programs call it where something is wrong; the kernel has no debugger that it
 * could enter, so it returns. */
L4_INLINE void L4_KDB_Enter(const char *text)
{
	while (*text)
		L4_KDB_PrintChar(*text++);
	L4_KDB_PrintChar('\n');
}

#endif
