/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * rt/thread.h - for a root task: threads in its own space and in others.
 */
#ifndef RT_THREAD_H
#define RT_THREAD_H

#include <l4/types.h>
#include <stdbool.h>

/* Threads that this runtime can have at a time, in all spaces together. */
#define RT_THREADS 64

/* An address space. */
struct rt_space {
	L4_ThreadId_t id; /* of one of its threads; nilthread: it has none, and isn't there */
	L4_Fpage_t kip_area;
	L4_Fpage_t utcb_area;
	unsigned threads;
};

/* The root task's own. */
extern struct rt_space rt_root_space;

/* Where a space that this runtime makes has its kernel interface page and its UTCBs: its owner
 * keeps the addresses below RT_SPACE_AREAS for itself. */
#define RT_SPACE_AREAS 0x60000000ul

/* Learn about the root task's space. Once, before all else here. */
void rt_thread_init(const void *kip);

/* An address space, which comes into being with its first thread. */
void rt_space_prepare(struct rt_space *space);

/* A new thread in `space`, with priority `prio` and an infinite time slice, waiting to be
 * started by the caller. nilthread: L4_ErrorCode() says why not. */
L4_ThreadId_t rt_thread_create(struct rt_space *space, unsigned prio);

/* Let a new thread execute `entry`, which must not return, on the stack below address
 * `stack`, both of its own space. It finds `arg` in L4_UserDefinedHandle(). False: there is
 * no such thread, or it has been started. */
bool rt_thread_start(L4_ThreadId_t thread, L4_ThreadId_t pager, void (*entry)(void),
		     const void *stack, L4_Word_t arg);

/* Both of these for a thread in the root task's space, with a stack of 2^RT_STACK_LOG2 bytes. */
#define RT_STACK_LOG2 14
L4_ThreadId_t rt_thread_spawn(unsigned prio, void (*entry)(void), L4_Word_t arg);

/* Delete a thread made by rt_thread_create or rt_thread_spawn; with the last one of a space
 * goes the space. */
void rt_thread_delete(L4_ThreadId_t thread);

#endif
