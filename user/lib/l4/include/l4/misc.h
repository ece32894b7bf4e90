/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/misc.h - what has no header of its own: control of processors (L4_ProcessorControl, in
 * syscalls.h) and the names of memory attributes (in map.h).
 */
#ifndef L4_MISC_H
#define L4_MISC_H

#include <l4/map.h>
#include <l4/syscalls.h>

#endif
