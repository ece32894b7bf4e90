/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * hostile.h - a root task that attacks the kernel as only one ISA lets it: with its flags and
 * privileged instructions, in its odd places. Each attack has its thread, the director being
 * pager and exception handler of all, and must end as said. tests/<isa> has the attacks.
 */
#ifndef HOSTILE_H
#define HOSTILE_H

#include <l4/arch/exception.h>
#include <l4/ipc.h>
#include <l4/protocol.h>
#include <l4/space.h>
#include <l4/thread.h>
#include <rt/memory.h>
#include <rt/stdio.h>
#include <rt/string.h>
#include <rt/thread.h>
#include <stdbool.h>

#define PRIO     100
#define UNMAPPED 0x20000000ul /* nothing is there */

enum end {
	RETURNS, /* with 0; after launch_reply() with `code` */
	TRAPS,   /* exception `number` with `code` at `ip` */
	RESUMES, /* the same; goes on where register `port.next_mr` says, and returns 0 */
	FAULTS,  /* page fault at address `code`, access `number` */
	SERVED   /* the same; gets a page of zeros there, tries again, and returns 0 */
};

struct attack {
	const char *name;
	void (*run)(void); /* returns a word; declared without, as it is a label in a table */
	enum end end;
	L4_Word_t number, code;
	const char *ip;  /* NULL: not checked */
	L4_Word_t flags; /* in the message of an exception: those in `port.flags_checked` */
};

/* What a port supplies. */
struct hostile_port {
	const struct attack *attacks;
	unsigned count;
	unsigned next_mr; /* message register of where to go on after RESUMES */
	L4_Word_t flags_checked;
	void (*before_resume)(void); /* NULL: nothing to do */
	void (*more)(void);          /* attacks that are not in the table */
};

extern const struct hostile_port port;

/* The thread that plays the director. */
extern L4_ThreadId_t director;

/* Count a check; if it is not good, say so: the format takes a and b. */
void judge(bool good, const char *name, const char *fmt, L4_Word_t a, L4_Word_t b);

/* The parts of launch(): the attacking thread's first message; judging an exception and what
 * was returned; and going on after an exception with a message of the director's making. */
L4_ThreadId_t attack_begin(const struct attack *a, L4_MsgTag_t *tag);
void judge_trap(const struct attack *a, L4_MsgTag_t tag);
void judge_return(const struct attack *a, L4_MsgTag_t tag, L4_Word_t result);
L4_MsgTag_t attack_answer(L4_ThreadId_t thread, unsigned words);

/* An answer to an exception: where the thread is to go, and with what. */
struct reply {
	const char *name;
	const void *ip;
	L4_Word_t sp; /* 0: its own */
	L4_Word_t flags;
};

/* Answer the exception of `a` with this, and the same again by ExchangeRegisters: what the
 * thread does then must be as `then` says, which may return, trap or fault. */
void launch_reply(const struct attack *a, const struct reply *r, const struct attack *then);

/* All of an attack. */
void launch(const struct attack *a);

/* The `size` bytes of code at `code`, which end in a system call, as the last thing below `top`,
 * the end of user memory: the call returns to the first byte above. */
void launch_at_the_top(const void *code, L4_Word_t size, L4_Word_t top);

#endif
