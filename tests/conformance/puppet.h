/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * puppet.h - threads all of whose registers a case gives and sees. A puppet is stopped in an
 * exception whose handler is the case: the answer loads its registers and sends it to some
 * instruction, and behind that is one that traps again.
 */
#ifndef CONF_PUPPET_H
#define CONF_PUPPET_H

#include "arch.h"

#define PUPPET_REGS 32

struct puppet {
	struct worker *w;
	const char *name;
	/* Given: registers in the order of the exception message. */
	word_t reg[PUPPET_REGS], flags;
	word_t sp;
	const char *ip, *trap; /* where it begins, and where it is to trap again */
	/* Seen. */
	word_t seen[PUPPET_REGS], seen_ip, seen_sp, seen_flags;
};

/* A new one in `sp`, stopped. Its message registers are the patterns of its worker's seed, its
 * registers other patterns. */
struct puppet puppet_new(const char *name, struct space *sp, unsigned prio);

/* Fill its registers with patterns again. */
void puppet_fill(struct puppet *p);

/* Set its registers for IPC, for another system call, for loading the word at an address into
 * the address's register, or for spinning; puppet_go() then lets it. */
void puppet_ipc(struct puppet *p, L4_ThreadId_t to, L4_ThreadId_t from, word_t tag);
void puppet_call(struct puppet *p, word_t number, word_t a0, word_t a1, word_t a2, word_t a3);
void puppet_load(struct puppet *p, word_t address);
void puppet_spin(struct puppet *p);
void puppet_trap(struct puppet *p);

/* It runs as soon as the case blocks; with settle(), puppet_run(). */
void puppet_go(struct puppet *p);
void puppet_run(struct puppet *p);

/* Whether it has trapped again; what its registers are is seen then, and checked to be its own
 * trap. */
bool puppet_stopped(struct puppet *p);

/* Wait for that. */
void puppet_wait(struct puppet *p);

/* A puppet in the root task's space: its virtual registers. */
volatile struct abi_utcb *puppet_utcb(const struct puppet *p);

/* Check what a puppet sees after an IPC with this result: registers that are preserved are as
 * given; the others are as given, or 0, or its IP, SP or results. */
void puppet_check_ipc(const struct puppet *p, word_t tag, word_t from);

/* Replace all registers of a puppet in an IPC, which goes on, by those given now; and check that it
 * sees just these, but for the results of that IPC. */
void puppet_replace(struct puppet *p);
void puppet_check_replaced(struct puppet *p, word_t tag, word_t from);

/* The same after another system call with `results` results. */
void puppet_check_call(const struct puppet *p, unsigned results, const word_t *result);

/* Send one that spins to a trap, and check that its registers are all as given. */
void puppet_unspin(struct puppet *p);

/* Registers are all as given, but for register number `but` (-1: none). */
void puppet_check_same(const struct puppet *p, int but);

#endif
