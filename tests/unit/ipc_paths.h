/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ipc_paths.h - kernel/plain.c twice more, beside the one in the kernel: as a kernel has it without
 * a port's fast path, which also tells whether its plain path was taken; and as one with a port's
 * fast path has it, where all that comes goes the general way.
 *
 * ipc_paths_*.c define IPC_PATH(name) and include kernel/plain.c behind this.
 */
#ifndef UNIT_IPC_PATHS_H
#define UNIT_IPC_PATHS_H

#include <kernel/kernel.h>

/* k_ipc of each. */
struct glue_ctx *plain_k_ipc(struct glue_ctx *c, word_t to, word_t from, word_t tag);
struct glue_ctx *general_k_ipc(struct glue_ctx *c, word_t to, word_t from, word_t tag);

extern unsigned plain_taken; /* how often plain_k_ipc took the plain path */

#ifdef IPC_PATH
#define k_ipc IPC_PATH(k_ipc)

/* The test does it, but not each time: it takes longer than all else. */
#undef debug_check
#define debug_check() ((void)0)
#endif
#endif
