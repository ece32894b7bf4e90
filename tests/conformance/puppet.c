/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * puppet.c - threads all of whose registers a case gives and sees.
 */
#include <l4/arch/exception.h>

#include "puppet.h"

#define EXC_REGS (L4_EXC_CODE + 1)

/* Not a pattern of message registers. */
static word_t fill(const struct puppet *p, unsigned i)
{
	return pattern(1000 + p->w->seed, i);
}

static void op_puppet(struct worker *w)
{
	for (int i = 1; i < ABI_MRS; i++)
		L4_LoadMR(i, pattern(w->seed, (unsigned)i));
	L4_Set_ExceptionHandler(__L4_VALUE(L4_ThreadId_t, w->arg[0]));
	((void (*)(void))arch_regs_trap_ip)();
}

/* ---- given ------------------------------------------------------------------------------- */

void puppet_fill(struct puppet *p)
{
	CHECK(arch_regs_count <= PUPPET_REGS, "too many registers");
	for (unsigned i = 0; i < arch_regs_count; i++)
		p->reg[i] = fill(p, i);
	p->flags = arch_flags_free;
}

struct puppet puppet_new(const char *name, struct space *sp, unsigned prio)
{
	struct puppet p = {.name = name, .w = worker_new(sp, prio), .trap = arch_regs_trap_ip};

	p.w->arg[0] = L4_Myself().raw;
	start(p.w, op_puppet);
	settle();
	CHECK(puppet_stopped(&p), "%s does not trap", name);
	p.sp = p.seen_sp;
	puppet_fill(&p);
	return p;
}

static void give(struct puppet *p, const char *ip, const char *trap)
{
	p->ip = ip;
	p->trap = trap;
}

void puppet_ipc(struct puppet *p, L4_ThreadId_t to, L4_ThreadId_t from, word_t tag)
{
	const struct arch_registers *r = &arch_registers;

	if (r->ipc_number >= 0)
		p->reg[r->ipc_number] = ABI_SYS_IPC + ((tag & r->ipc_flags) ^ r->ipc_plain);
	if (r->ipc_ip >= 0)
		p->reg[r->ipc_ip] = (word_t)arch_ipc_end;
	if (r->ipc_sp >= 0)
		p->reg[r->ipc_sp] = p->sp;
	p->reg[r->ipc_arg[0]] = to.raw;
	p->reg[r->ipc_arg[1]] = from.raw;
	p->reg[r->ipc_arg[2]] = tag;
	give(p, arch_ipc, arch_ipc_end);
}

void puppet_call(struct puppet *p, word_t number, word_t a0, word_t a1, word_t a2, word_t a3)
{
	const struct arch_registers *r = &arch_registers;
	const word_t arg[] = {a0, a1, a2, a3};

	p->reg[r->call_number] = r->call_rotated ? number >> r->call_rotated |
						       number << (ABI_WORD_BITS - r->call_rotated)
						 : number;
	for (unsigned i = 0; i < 4; i++)
		p->reg[r->call_arg[i]] = arg[i];
	if (r->call_ip >= 0)
		p->reg[r->call_ip] = (word_t)arch_call_end;
	give(p, arch_call, arch_call_end);
}

void puppet_load(struct puppet *p, word_t address)
{
	p->reg[arch_registers.load] = address;
	give(p, arch_load, arch_load_end);
}

void puppet_spin(struct puppet *p)
{
	give(p, arch_spin, NULL);
}

void puppet_trap(struct puppet *p)
{
	give(p, arch_regs_trap_ip, arch_regs_trap_ip);
}

/* All its registers, to the message registers. */
static void load(const struct puppet *p, const char *ip)
{
	L4_LoadMR(L4_EXC_IP, (word_t)ip);
	L4_LoadMR(L4_EXC_SP, p->sp);
	L4_LoadMR(L4_EXC_FLAGS, p->flags);
	L4_LoadMRs(EXC_REGS, (int)arch_regs_count, p->reg);
}

void puppet_replace(struct puppet *p)
{
	load(p, p->trap);
	L4_Copy_mrs_to_regs(p->w->id);
}

void puppet_go(struct puppet *p)
{
	load(p, p->ip);
	L4_Set_MsgTag(__L4_VALUE(L4_MsgTag_t, TAG(0, L4_EXC_CODE + arch_regs_count, 0)));
	CHECK(L4_IpcSucceeded(L4_Reply(p->w->id)), "%s is not stopped: ErrorCode %lx", p->name,
	      L4_ErrorCode());
}

void puppet_run(struct puppet *p)
{
	puppet_go(p);
	settle();
}

/* ---- seen ------------------------------------------------------------------------------------
 */

static void take(struct puppet *p, L4_MsgTag_t tag)
{
	check_eq("protocol of a puppet's message", (word_t)L4_Protocol(tag),
		 (word_t)L4_ProtocolException);
	check_eq("its words", L4_UntypedWords(tag), L4_EXC_CODE + arch_regs_count);
	L4_StoreMR(L4_EXC_IP, &p->seen_ip);
	L4_StoreMR(L4_EXC_SP, &p->seen_sp);
	L4_StoreMR(L4_EXC_FLAGS, &p->seen_flags);
	L4_StoreMRs(EXC_REGS, (int)arch_regs_count, p->seen);
	CHECK(p->seen_ip == (word_t)p->trap, "%s trapped at %lx; %lx is right", p->name, p->seen_ip,
	      (word_t)p->trap);
	CHECK(p->sp == 0 || p->seen_sp == p->sp, "SP of %s is %lx; %lx is right", p->name,
	      p->seen_sp, p->sp);
}

bool puppet_stopped(struct puppet *p)
{
	L4_MsgTag_t tag = L4_Receive_Nonblocking(p->w->id);

	if (L4_IpcFailed(tag))
		return false;
	take(p, tag);
	return true;
}

void puppet_wait(struct puppet *p)
{
	L4_MsgTag_t tag = L4_Receive(p->w->id);

	CHECK(L4_IpcSucceeded(tag), "waiting for %s: ErrorCode %lx", p->name, L4_ErrorCode());
	take(p, tag);
}

volatile struct abi_utcb *puppet_utcb(const struct puppet *p)
{
	CHECK(p->w->space == &root_space, "the UTCB of %s is in another space", p->name);
	return utcb_place(&root_space, p->w->id);
}

/* ---- judging -----------------------------------------------------------------------------------
 */

static void check_reg(const struct puppet *p, unsigned i, word_t want)
{
	CHECK(p->seen[i] == want, "register %u of %s: %lx; %lx is right", i, p->name, p->seen[i],
	      want);
}

/* What the thread knows after an IPC with this tag: see leaves_known. The words are the pattern of
 * some worker's message registers; that of its other registers is never the same. */
static bool known(const struct puppet *p, word_t v, word_t tag)
{
	word_t id = p->w->id.raw;

	if (v == id || v == id + 1 || v == id >> ABI_TID_VERSION_BITS || v == 1)
		return true;
	for (unsigned seed = 0; seed < 1000; seed++)
		for (unsigned k = 1; k <= (tag & ABI_TAG_U_MASK); k++)
			if (v == pattern(seed, k))
				return true;
	return false;
}

/* Register i is no result, and `preserved` says which are preserved. `tag` is that of an IPC. */
static void check_rest(const struct puppet *p, unsigned i, word_t preserved, unsigned results,
		       const word_t *result, const word_t *tag)
{
	word_t v = p->seen[i];

	if (preserved >> i & 1) {
		check_reg(p, i, p->reg[i]);
		return;
	}
	for (unsigned k = 0; k < results; k++)
		if (v == result[k])
			return;
	if (tag && arch_registers.leaves_known && known(p, v, *tag))
		return;
	CHECK(v == 0 || v == p->reg[i] || v == p->seen_ip || v == p->seen_sp,
	      "register %u of %s has %lx, which is not its own", i, p->name, v);
}

static void check_results(const struct puppet *p, unsigned results, const word_t *result,
			  const uint8_t *reg, word_t preserved, const word_t *tag)
{
	for (unsigned i = 0; i < arch_regs_count; i++) {
		unsigned k = 0;

		while (k < results && reg[k] != i)
			k++;
		if (k < results)
			check_reg(p, i, result[k]);
		else
			check_rest(p, i, preserved, results, result, tag);
	}
}

void puppet_check_ipc(const struct puppet *p, word_t tag, word_t from)
{
	const word_t result[] = {tag, from};

	check_results(p, 2, result, arch_registers.ipc_result, arch_registers.ipc_preserved, &tag);
}

void puppet_check_replaced(struct puppet *p, word_t tag, word_t from)
{
	p->reg[arch_registers.ipc_result[0]] = tag;
	p->reg[arch_registers.ipc_result[1]] = from;
	puppet_check_same(p, -1);
}

void puppet_check_call(const struct puppet *p, unsigned results, const word_t *result)
{
	check_results(p, results, result, arch_registers.call_result, arch_registers.call_preserved,
		      NULL);
}

void puppet_check_same(const struct puppet *p, int but)
{
	for (unsigned i = 0; i < arch_regs_count; i++)
		if ((int)i != but)
			check_reg(p, i, p->reg[i]);
	check_eq("flags", p->seen_flags & arch_flags_free, p->flags & arch_flags_free);
}

void puppet_unspin(struct puppet *p)
{
	p->trap = arch_regs_trap_ip;
	__L4_ExReg(p->w->id, L4_ExReg_ip, 0, (word_t)p->trap, 0);
	settle();
	CHECK(puppet_stopped(p), "%s does not trap", p->name);
	puppet_check_same(p, -1);
}
