/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * rt/assert.h - assertions, in all builds.
 */
#ifndef RT_ASSERT_H
#define RT_ASSERT_H

#include <rt/exit.h>

#define assert(x) ((x) ? (void)0 : rt_fail("%s:%d: %s", __FILE__, __LINE__, #x))

#endif
