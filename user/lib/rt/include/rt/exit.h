/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * rt/exit.h - how a root task ends. There is no system call for it: a root task that has
 * deleted its last thread has ended well, one that the kernel had to halt has failed.
 */
#ifndef RT_EXIT_H
#define RT_EXIT_H

#ifdef __cplusplus
#define RT_NORETURN [[noreturn]]
extern "C" {
#else
#define RT_NORETURN _Noreturn
#endif

/* Delete the calling thread. In the root task's last thread: the system ends with success. */
RT_NORETURN void rt_exit_ok(void);

/* Print "rt: <text>", then trap with no exception handler. In the root task's first thread: the
 * system ends with failure. */
RT_NORETURN void rt_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* rt_fail without a reason. */
RT_NORETURN void abort(void);

#ifdef __cplusplus
}
#endif
#endif
