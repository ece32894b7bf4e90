/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * glue/fastpath.h - the part of the kernel's state that a port's hand-written IPC path may
 * read and write. The kernel's own structures begin with these, so there is one truth, and
 * the path needs no internal header.
 *
 * A port with GLUE_HAS_FASTPATH enters it on the IPC system call and either completes the
 * IPC, with exactly the effect of k_ipc, or changes nothing and calls k_ipc.
 */
#ifndef GLUE_FASTPATH_H
#define GLUE_FASTPATH_H

#include <glue/types.h>

/* First part of a thread's control block. */
struct glue_thread {
	struct glue_ctx ctx;
	word_t id;                /* global id; 0 in the dummy that fills empty slots */
	word_t accepts;           /* whose plain IPC would be delivered at once: an id,
				   * ABI_ANYTHREAD, or ABI_NILTHREAD for nobody's */
	word_t prio;
	struct abi_utcb *utcb;    /* kernel alias */
	struct glue_space *space;
	struct glue_thread *sendq; /* first sender waiting for this thread, or NULL */
};

/* First part of a CPU's state. */
struct glue_cpu {
	struct glue_thread *current;
	sword_t top_prio;         /* highest priority in the ready queue, or -1 */
	word_t special;           /* not 0: something the plain path must not bypass (FPU on,
				   * finite quantum running) */
};

#endif
