/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ipc_paths_plain.c - see ipc_paths.h.
 */
#define IPC_PATH(name) plain_##name
#include "ipc_paths.h"

unsigned plain_taken;

/* The end of the plain path, and of no other. */
#define sched_plain(next) (plain_taken++, sched_plain(next))

#undef FASTPATH
#define FASTPATH 0
#include "../../kernel/plain.c"
