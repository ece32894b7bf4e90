/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ipc_paths.h - kernel/ipc.c twice more, beside the one in the kernel: as a kernel has it without
 * a port's fast path, which also tells whether its plain path was taken; and as one with a port's
 * fast path has it, where all that comes goes the general way.
 *
 * ipc_paths_*.c define IPC_PATH(name) and include kernel/ipc.c behind this.
 */
#ifndef UNIT_IPC_PATHS_H
#define UNIT_IPC_PATHS_H

#include <kernel/kernel.h>

/* k_ipc of each. */
struct glue_ctx *plain_k_ipc(struct glue_ctx *c, word_t to, word_t from, word_t tag);
struct glue_ctx *general_k_ipc(struct glue_ctx *c, word_t to, word_t from, word_t tag);

extern unsigned plain_taken; /* how often plain_k_ipc took the plain path */

#ifdef IPC_PATH
#define ipc_fail           IPC_PATH(ipc_fail)
#define ipc_update_accepts IPC_PATH(ipc_update_accepts)
#define ipc_wait           IPC_PATH(ipc_wait)
#define ipc_receptive      IPC_PATH(ipc_receptive)
#define ipc_deliver        IPC_PATH(ipc_deliver)
#define ipc_cancel         IPC_PATH(ipc_cancel)
#define ipc_kernel_call    IPC_PATH(ipc_kernel_call)
#define ipc_receive        IPC_PATH(ipc_receive)
#define ipc_receive_due    IPC_PATH(ipc_receive_due)
#define k_ipc              IPC_PATH(k_ipc)

/* Declared under these names, too. */
void ipc_fail(struct tcb *t, unsigned code, unsigned phase);
void ipc_update_accepts(struct tcb *t);
void ipc_wait(struct tcb *t, word_t partner, enum thread_cont cont);
bool ipc_receptive(const struct tcb *t, word_t sender, bool plain);
void ipc_deliver(struct tcb *from, struct tcb *to, word_t tag);
void ipc_cancel(struct tcb *t, unsigned code, bool halt);
struct tcb *ipc_kernel_call(struct tcb *t, word_t to, enum thread_cont cont);
bool ipc_receive(struct tcb *t, word_t from, word_t tag);
bool ipc_receive_due(struct tcb *t);

/* The test does it, but not each time: it takes longer than all else. */
#undef debug_check
#define debug_check() ((void)0)
#endif
#endif
