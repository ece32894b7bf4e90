/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * host_user.c - the user mode of the modelled machine: an interpreter of the snippets. An
 * instruction is a word: INSN | op << 8 | step, each op having STEPS of them, or INSN_RETURN
 * | result.
 */
#include <contract_arch.h>
#include <host/host.h>

#include "contract.h"

#define STEPS       8
#define INSN        0x10000u
#define INSN_RETURN 0x20000u
#define MAX_CYCLES  10000000u /* of a snippet, before something is thought to be wrong */

#define EXC_UNDEFINED  1
#define EXC_PRIVILEGED 2
#define EXC_ALIGNMENT  3

/* r[14]: where a function returns to. */
#define LINK 14

#define ROW(op)                                                                                    \
	INSN | (op) << 8, INSN | (op) << 8 | 1, INSN | (op) << 8 | 2, INSN | (op) << 8 | 3,        \
	    INSN | (op) << 8 | 4, INSN | (op) << 8 | 5, INSN | (op) << 8 | 6, INSN | (op) << 8 | 7

const uint32_t contract_user_code[] = {ROW(0),  ROW(1),  ROW(2),  ROW(3),  ROW(4),
				       ROW(5),  ROW(6),  ROW(7),  ROW(8),  ROW(9),
				       ROW(10), ROW(11), ROW(12), ROW(13), ROW(14)};
_Static_assert(sizeof(contract_user_code) == OPS * STEPS * 4, "a row for each op");

const uint32_t contract_user_size = sizeof(contract_user_code);

#define AT(op) ((op)*STEPS * 4)
const uint32_t contract_user_offsets[OPS] = {AT(0),  AT(1),  AT(2),  AT(3),  AT(4),
					     AT(5),  AT(6),  AT(7),  AT(8),  AT(9),
					     AT(10), AT(11), AT(12), AT(13), AT(14)};

static struct event fault(struct glue_ctx *c, word_t va, unsigned access)
{
	return (struct event){EV_PAGEFAULT, c, {va, access, 0}};
}

static struct event syscall(struct glue_ctx *c, word_t nr, const word_t *args)
{
	c->r[0] = nr;
	for (unsigned i = 0; i < 4; i++)
		c->r[1 + i] = args[i];
	return (struct event){EV_SYSCALL, c, {nr, 0, 0}};
}

static void fill(struct glue_ctx *c, unsigned from)
{
	for (unsigned i = from; i < HOST_REGS; i++)
		c->r[i] = PATTERN + i;
}

static word_t lost(const struct glue_ctx *c, unsigned from)
{
	word_t n = 0;

	for (unsigned i = from; i < HOST_REGS; i++)
		n += c->r[i] != PATTERN + i;
	return n;
}

/* The eight words at SP: arguments in, results out. */
static bool load_args(struct glue_ctx *c, word_t *d)
{
	for (unsigned i = 0; i < 8; i++)
		if (!host_user_read(c->sp + i * sizeof(word_t), &d[i]))
			return false;
	return true;
}

static bool store_result(struct glue_ctx *c, unsigned i, word_t value)
{
	return host_user_write(c->sp + i * sizeof(word_t), value);
}

/* What an instruction did. */
enum outcome { NEXT, STAY, EVENT };

/* Step `step` of `op`, but for the last. NEXT: go on with the next. */
static enum outcome execute(struct glue_ctx *c, enum user_op op, unsigned step, const word_t *d,
			    struct event *e)
{
	word_t value = 0;
	uint64_t *fpu;

	switch (op) {
	case OP_READ:
		if (!host_user_read(d[0], &value)) {
			*e = fault(c, d[0], GLUE_R);
			return EVENT;
		}
		store_result(c, 4, value);
		return NEXT;
	case OP_WRITE:
	case OP_DEVICE:
		if (!host_user_write(d[0], d[1])) {
			*e = fault(c, d[0], GLUE_W);
			return EVENT;
		}
		if (op == OP_DEVICE)
			host_irq_level(CONTRACT_IRQ, d[1] == CONTRACT_DEVICE_UP);
		return NEXT;
	case OP_EXEC:
		if (step == 0) {
			c->r[LINK] = c->ip + 4;
			c->ip = d[0];
			return STAY;
		}
		store_result(c, 4, c->r[1]);
		return NEXT;
	case OP_SPIN:
		store_result(c, 4, d[4] + 1);
		return STAY;
	case OP_SYSCALL:
		if (step == 0) {
			*e = syscall(c, NR_REPORT, d);
			c->ip += HOST_SYSCALL_SIZE;
			return EVENT;
		}
		for (unsigned i = 0; i < 4; i++)
			store_result(c, 4 + i, c->r[1 + i]);
		return NEXT;
	case OP_IPC:
		if (step == 0) {
			*e = (struct event){EV_IPC, c, {d[0], d[1], d[2]}};
			c->ip += HOST_SYSCALL_SIZE;
			return EVENT;
		}
		store_result(c, 4, c->r[1]);
		store_result(c, 5, c->r[2]);
		return NEXT;
	case OP_KEEP_CALL:
		if (step == 0) {
			fill(c, 5);
			*e = syscall(c, NR_REPORT, d);
			c->ip += HOST_SYSCALL_SIZE;
			return EVENT;
		}
		store_result(c, 4, lost(c, 5));
		return NEXT;
	case OP_KEEP_TRAP:
		if (step == 0) {
			fill(c, 0);
			c->ip += 4;
			return STAY;
		}
		if (!host_user_read(d[0], &value)) {
			*e = fault(c, d[0], GLUE_R);
			return EVENT;
		}
		if (value == 0)
			return STAY;
		store_result(c, 4, lost(c, 0));
		return NEXT;
	case OP_UNDEFINED:
		*e = (struct event){EV_EXCEPTION, c, {EXC_UNDEFINED, 0, 0}};
		return EVENT;
	case OP_PRIVILEGED:
		*e = (struct event){EV_EXCEPTION, c, {EXC_PRIVILEGED, 0, 0}};
		return EVENT;
	case OP_FPU_SET:
	case OP_FPU_GET:
		if (!host_user_fpu(0, &fpu)) {
			*e = (struct event){EV_FPU, c, {0, 0, 0}};
			return EVENT;
		}
		if (op == OP_FPU_SET)
			*fpu = d[0];
		else
			store_result(c, 4, (word_t)*fpu);
		return NEXT;
	case OP_TLS:
		store_result(c, 4, c->tls);
		return NEXT;
	case OP_EXCLUSIVE:
		/* This machine has no such instructions: the store never happens. */
		if (step == 0) {
			*e = syscall(c, NR_REPORT, d);
			c->ip += HOST_SYSCALL_SIZE;
			return EVENT;
		}
		return NEXT;
	case OPS:
		break;
	}
	host_fail("snippet %u, step %u", (unsigned)op, step);
}

/* The step of each op in which it ends. */
static unsigned last_step(enum user_op op)
{
	switch (op) {
	case OP_EXEC:
	case OP_SYSCALL:
	case OP_IPC:
	case OP_KEEP_CALL:
	case OP_KEEP_TRAP:
	case OP_EXCLUSIVE:
		return 2;
	default:
		return 1;
	}
}

struct event run_user(struct glue_ctx *c, struct glue_space *as)
{
	glue_activate(c, as);
	host_resume(c);
	for (unsigned cycles = 0; cycles < MAX_CYCLES; cycles++) {
		word_t d[8];
		uint32_t insn;
		enum user_op op;
		unsigned step;
		struct event e;

		if (glue_irq_pending())
			return (struct event){EV_INTERRUPT, c, {0, 0, 0}};
		host_clock_advance(1);
		if (!host_user_exec(c->ip, &insn))
			return fault(c, c->ip, GLUE_X);
		if (insn & INSN_RETURN) {
			c->r[1] = insn & 0xffff;
			c->ip = c->r[LINK];
			continue;
		}
		op = (enum user_op)(insn >> 8 & 0xff);
		step = insn & 0xff;
		if ((insn & INSN) == 0 || op >= OPS || step > last_step(op))
			return (struct event){EV_EXCEPTION, c, {EXC_UNDEFINED, 0, 0}};
		if (c->sp % sizeof(word_t) != 0)
			return (struct event){EV_EXCEPTION, c, {EXC_ALIGNMENT, 0, 0}};
		if (!load_args(c, d))
			return fault(c, c->sp, GLUE_R);
		if (step == last_step(op)) {
			e = syscall(c, NR_DONE, d);
			c->ip += HOST_SYSCALL_SIZE;
			return e;
		}
		switch (execute(c, op, step, d, &e)) {
		case NEXT:
			c->ip += 4;
			break;
		case STAY:
			break;
		case EVENT:
			return e;
		}
	}
	host_fail("a snippet runs for ever at %lx", (unsigned long)c->ip);
}

struct event run_idle(void)
{
	host_resume(NULL);
	if (!glue_irq_pending()) {
		if (host_timer_deadline() == GLUE_TIMER_OFF)
			host_fail("idle for ever");
		host_clock_advance(host_timer_deadline() - glue_clock());
	}
	return (struct event){EV_INTERRUPT, NULL, {0, 0, 0}};
}

void contract_pass_time(uint64_t until)
{
	if (until > glue_clock())
		host_clock_advance(until - glue_clock());
}
