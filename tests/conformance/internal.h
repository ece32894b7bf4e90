/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * internal.h - between the parts of the framework; not for cases.
 */
#ifndef CONF_INTERNAL_H
#define CONF_INTERNAL_H

#include "conf.h"

/* Learn about the machine; start the threads that tell when all is quiet. Once. */
void world_init(void);

/* As settle(), for the supervisor: the case has stopped or blocks, too. */
void settle_all(void);

/* Undo what a case did: delete its threads, free its memory, let go of its interrupts. */
void world_clean(void);

/* End the suite's own threads. */
void world_end(void);

/* Halt them all: the case is over, and none may keep the supervisor from running. */
void workers_stop(void);
void workers_reset(void);

/* A new thread for a case, running `entry`. */
void case_start(void (*entry)(void));

/* The running case's thread. */
extern L4_ThreadId_t case_thread;

/* Send the start message to a thread that waits for the caller's, with handle `arg`, and
 * leave it without a pager. */
void thread_start(L4_ThreadId_t id, void (*entry)(void), word_t stack_top, word_t arg);

#endif
