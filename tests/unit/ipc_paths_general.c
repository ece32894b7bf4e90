/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ipc_paths_general.c - see ipc_paths.h.
 */
#define IPC_PATH(name) general_##name
#include "ipc_paths.h"

#undef FASTPATH
#define FASTPATH 1
#include "../../kernel/plain.c"
