/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * exregs_all.c - XRG-2nn and up: ExchangeRegisters with every combination of control's bits, on
 * the caller itself and on a thread in each state. What is right is computed from what the
 * bits mean, one after the other; both threads' registers are seen by traps (puppet.h).
 */
#include <l4/arch/exception.h>

#include "puppet.h"
#include "suites.h"

#define EXC_REGS (L4_EXC_CODE + 1)
#define MESSAGE  TAG(0x71, 0, 0)

/* What the caller gives. */
#define NEW_SP     0x12340ul
#define NEW_HANDLE 0x777ul
#define MR_SP      0x23450ul

enum state { ITSELF, RECEIVES, SENDS, TRAPPED, READY, STATES };

static const char *const state_names[STATES] = {
    "itself",
    "a thread that waits to receive",
    "a thread that waits to send",
    "a thread in an exception",
    "a ready thread",
};

/* The rows have these bits, the combinations of the others are tried in each. */
static const word_t row_bits[] = {L4_ExReg_Halt, L4_ExReg_CopyRegs, L4_ExReg_MRsToRegs,
				  L4_ExReg_RegsToMRs, L4_ExReg_AbortIPC};
static const char *const row_names[] = {"halt", "copy", "load", "store", "abort"};
static const word_t inner_bits[] = {L4_ExReg_sp, L4_ExReg_ip, L4_ExReg_flags, L4_ExReg_user,
				    L4_ExReg_pager};
#define ROWS  (1u << ARRAY_SIZE(row_bits))
#define INNER (1u << ARRAY_SIZE(inner_bits))

static word_t combine(const word_t *bits, unsigned set)
{
	word_t control = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(row_bits); i++)
		if (set >> i & 1)
			control |= bits[i];
	return control;
}

/* The caller, the destination (maybe the same), and a thread to copy from, which is another one,
 * the caller, or the destination itself. */
static struct puppet caller, other, source;

enum copied { FROM_ANOTHER, FROM_CALLER, FROM_DEST, COPIED };

/* ---- what is there before ---------------------------------------------------------------- */

struct file {
	word_t ip, sp, flags, reg[PUPPET_REGS];
	word_t exact; /* registers that must be just that */
	bool flags_known;
	word_t handle, pager, bits;
};

static struct file file_of(const struct puppet *p, enum state state)
{
	struct file f = {.sp = p->sp, .flags = p->flags, .exact = ALL_ONES, .flags_known = true};
	volatile struct abi_utcb *utcb = puppet_utcb(p);

	memcpy(f.reg, p->reg, sizeof(f.reg));
	f.handle = utcb->handle;
	f.pager = utcb->pager;
	switch (state) {
	case ITSELF:
		f.ip = (word_t)arch_call_end;
		f.exact = arch_registers.call_preserved;
		break;
	case RECEIVES:
	case SENDS:
		f.ip = (word_t)arch_ipc_end;
		f.exact = arch_registers.ipc_preserved;
		f.flags_known = false;
		f.bits = state == SENDS ? ABI_XREG_SEND : ABI_XREG_RECV;
		break;
	case TRAPPED:
		f.ip = (word_t)arch_regs_trap_ip;
		f.bits = ABI_XREG_SEND; /* to a handler that does not receive */
		break;
	default:
		f.ip = (word_t)arch_spin;
		break;
	}
	return f;
}

/* Bring `other` into its state. */
static void prepare(struct puppet *p, enum state state)
{
	puppet_fill(p);
	switch (state) {
	case RECEIVES:
		puppet_ipc(p, L4_nilthread, caller.w->id, R_BLOCK);
		break;
	case SENDS:
		puppet_ipc(p, caller.w->id, L4_nilthread, MESSAGE | S_BLOCK);
		break;
	case READY:
		CHECK(L4_Set_Priority(p->w->id, PRIO_SPIN), "error %lu", L4_ErrorCode());
		puppet_spin(p);
		break;
	case TRAPPED:
		puppet_trap(p);
		break;
	default:
		return;
	}
	puppet_utcb(p)->exc_handler = state == TRAPPED ? source.w->id.raw : L4_Myself().raw;
	puppet_run(p);
	puppet_utcb(p)->exc_handler = L4_Myself().raw;
	CHECK(!puppet_stopped(p), "the destination is not in its state");
}

/* ---- the rules ---------------------------------------------------------------------------------
 */

static void load_mrs(struct file *f)
{
	volatile struct abi_utcb *utcb = puppet_utcb(&caller);

	f->ip = utcb->mr[L4_EXC_IP];
	f->sp = utcb->mr[L4_EXC_SP];
	f->flags = utcb->mr[L4_EXC_FLAGS];
	f->flags_known = true;
	f->exact = ALL_ONES;
	for (unsigned i = 0; i < arch_regs_count; i++)
		f->reg[i] = utcb->mr[EXC_REGS + i];
}

static void overlay(struct file *f, const uint8_t *reg, unsigned n, const word_t *value)
{
	for (unsigned i = 0; i < n; i++) {
		f->reg[reg[i]] = value[i];
		f->exact |= (word_t)1 << reg[i];
	}
}

/* What `f` is after the call. */
static void rule(struct file *f, word_t control, enum state state, enum copied copied)
{
	static const word_t canceled[] = {ABI_TAG_ERROR, ABI_NILTHREAD};

	if (control & L4_ExReg_AbortIPC && (state == RECEIVES || state == SENDS))
		overlay(f, arch_registers.ipc_result, 2, canceled);
	if (copied == FROM_CALLER && state == ITSELF)
		copied = FROM_DEST;
	if (control & L4_ExReg_CopyRegs && copied != FROM_DEST) {
		struct file s =
		    copied == FROM_CALLER ? file_of(&caller, ITSELF) : file_of(&source, TRAPPED);

		s.handle = f->handle;
		s.pager = f->pager;
		*f = s;
	}
	if (control & L4_ExReg_MRsToRegs)
		load_mrs(f);
	if (control & L4_ExReg_sp)
		f->sp = NEW_SP;
	if (control & L4_ExReg_ip)
		f->ip = (word_t)arch_stop;
	if (control & L4_ExReg_flags) {
		f->flags = arch_flags_free;
		f->flags_known = true;
	}
	if (control & L4_ExReg_user)
		f->handle = NEW_HANDLE;
	if (control & L4_ExReg_pager)
		f->pager = caller.w->id.raw;
}

/* ---- comparing
 * -----------------------------------------------------------------------------------
 */

static void expect(struct puppet *p, const struct file *f)
{
	p->trap = (const char *)f->ip;
	p->sp = f->sp;
}

static void compare(struct puppet *p, const struct file *f)
{
	CHECK(puppet_stopped(p), "%s did not get to its trap (state %lu)", p->name,
	      state_of(p->w->id));
	for (unsigned i = 0; i < arch_regs_count; i++) {
		word_t v = p->seen[i];
		bool own = v == 0 || v == f->reg[i] || v == p->seen_ip || v == p->seen_sp;

		CHECK(f->exact >> i & 1 ? v == f->reg[i] : own,
		      "register %u of %s: %lx; %lx is right", i, p->name, v, f->reg[i]);
	}
	if (f->flags_known)
		check_eq("flags", p->seen_flags & arch_flags_free, f->flags & arch_flags_free);
	check_eq("handle", puppet_utcb(p)->handle, f->handle);
	check_eq("pager", puppet_utcb(p)->pager, f->pager);
}

/* What was stored to the caller's message registers, or that nothing was. */
static void compare_mrs(const struct file *old, const word_t *before, word_t control)
{
	volatile struct abi_utcb *utcb = puppet_utcb(&caller);
	unsigned first = control & L4_ExReg_RegsToMRs ? EXC_REGS + arch_regs_count : 1;

	for (unsigned i = first; i < ABI_MRS; i++)
		check_eq("a message register of the caller", utcb->mr[i], before[i]);
	if (first == 1)
		return;
	check_eq("stored IP", utcb->mr[L4_EXC_IP], old->ip);
	check_eq("stored SP", utcb->mr[L4_EXC_SP], old->sp);
	if (old->flags_known)
		check_eq("stored flags", utcb->mr[L4_EXC_FLAGS] & arch_flags_free,
			 old->flags & arch_flags_free);
	for (unsigned i = 0; i < arch_regs_count; i++)
		if (old->exact >> i & 1)
			check_eq("a stored register", utcb->mr[EXC_REGS + i], old->reg[i]);
}

static void set_arguments(void)
{
	volatile struct abi_utcb *utcb = puppet_utcb(&caller);

	utcb->sysarg[0] = arch_flags_free;
	utcb->sysarg[1] = NEW_HANDLE;
	utcb->sysarg[2] = caller.w->id.raw;
	for (unsigned i = 0; i < ABI_MRS; i++)
		utcb->mr[i] = pattern(6000, i);
	utcb->mr[L4_EXC_IP] = (word_t)arch_load_end;
	utcb->mr[L4_EXC_SP] = MR_SP;
	utcb->mr[L4_EXC_FLAGS] = 0;
}

static void check_old(const struct file *old)
{
	volatile struct abi_utcb *utcb = puppet_utcb(&caller);

	if (old->flags_known)
		check_eq("old flags", utcb->sysarg[0] & arch_flags_free,
			 old->flags & arch_flags_free);
	check_eq("old handle", utcb->sysarg[1], old->handle);
	check_eq("old pager", utcb->sysarg[2], old->pager);
}

/* The destination is not the caller: end what it is in. */
static void release(struct puppet *p, struct file *f, word_t control, enum state state)
{
	static const word_t sent[] = {0, ABI_NILTHREAD};
	const word_t received[] = {MESSAGE, caller.w->id.raw};

	if (control & L4_ExReg_AbortIPC)
		state = state == READY ? READY : ITSELF; /* in no IPC */
	switch (state) {
	case RECEIVES:
		puppet_ipc(&caller, p->w->id, L4_nilthread, MESSAGE);
		overlay(f, arch_registers.ipc_result, 2, received);
		break;
	case SENDS:
		puppet_ipc(&caller, L4_nilthread, p->w->id, 0);
		overlay(f, arch_registers.ipc_result, 2, sent);
		break;
	case TRAPPED: /* it goes on at its IP */
		__L4_ExReg(p->w->id, L4_ExReg_AbortIPC, 0, 0, 0);
		settle();
		return;
	case READY:
		if (f->ip == (word_t)arch_spin) {
			f->ip = (word_t)arch_stop;
			p->trap = arch_stop;
			__L4_ExReg(p->w->id, L4_ExReg_ip, 0, f->ip, 0);
		}
		CHECK(L4_Set_Priority(p->w->id, PRIO_WORKER), "error %lu", L4_ErrorCode());
		settle();
		return;
	default:
		return;
	}
	puppet_run(&caller);
	CHECK(puppet_stopped(&caller), "the caller's IPC blocks");
}

static void play(enum state state, word_t control, enum copied copied)
{
	struct puppet *p = state == ITSELF ? &caller : &other;
	L4_ThreadId_t from = copied == FROM_ANOTHER  ? source.w->id
			     : copied == FROM_CALLER ? caller.w->id
						     : p->w->id;
	word_t caller_sp = caller.sp, other_sp = other.sp, before[ABI_MRS];
	struct file f, old;
	L4_ThreadState_t was;

	prepare(p, state);
	puppet_fill(&caller);
	set_arguments();
	for (unsigned i = 0; i < ABI_MRS; i++)
		before[i] = puppet_utcb(&caller)->mr[i];
	puppet_call(&caller, ABI_SYS_EXCHANGE_REGS, p->w->id.raw,
		    control | L4_ExReg_Deliver | L4_ExReg_SrcThread(from), NEW_SP,
		    (word_t)arch_stop);
	old = f = file_of(p, state);
	rule(&f, control, state, copied);
	if (state == ITSELF) {
		const word_t result[] = {p->w->id.raw, old.bits, old.sp, old.ip};

		overlay(&f, arch_registers.call_result, 4, result);
	}
	puppet_go(&caller);
	expect(p, &f);
	settle();

	if (state != ITSELF) {
		const word_t result[] = {p->w->id.raw, old.bits, old.sp, old.ip};

		CHECK(puppet_stopped(&caller), "the call does not return");
		puppet_check_call(&caller, 4, result);
	}
	check_old(&old);
	compare_mrs(&old, before, control);
	if (control & L4_ExReg_Halt) {
		CHECK(!puppet_stopped(p), "a halted thread ran");
		was = L4_Stop(p->w->id);
		CHECK(L4_ThreadWasHalted(was), "it is not halted: %lx", was.raw);
		__L4_ExReg(p->w->id, L4_ExReg_Resume, 0, 0, 0);
		settle();
	}
	if (state != ITSELF)
		release(p, &f, control, state);
	compare(p, &f);
	caller.sp = caller_sp;
	other.sp = other_sp;
	puppet_utcb(p)->pager = old.pager;
}

/* ---- rows --------------------------------------------------------------------------------------
 */

static void run_row(unsigned row)
{
	word_t control = combine(row_bits, row % ROWS);
	char text[48];

	caller = puppet_new("the caller", &root_space, PRIO_WORKER);
	other = puppet_new("the destination", &root_space, PRIO_WORKER);
	source = puppet_new("the source", &root_space, PRIO_WORKER);
	puppet_trap(&source);
	source.flags = 0;
	puppet_run(&source);
	CHECK(puppet_stopped(&source), "the source does not trap");
	for (unsigned i = 0; i < INNER; i++) {
		word_t all = control | combine(inner_bits, i);

		for (unsigned copied = 0; copied < COPIED; copied++) {
			if (copied && !(control & L4_ExReg_CopyRegs && (i == 0 || i + 1 == INNER)))
				continue;
			snprintf(text, sizeof(text), "control %lx, source %u", all, copied);
			context(text);
			play(row / ROWS, all, copied);
		}
	}
}

static void title_row(unsigned row, char *buf, size_t size)
{
	size_t n = (size_t)snprintf(buf, size, "on %s:", state_names[row / ROWS]);

	for (unsigned i = 0; i < ARRAY_SIZE(row_bits); i++)
		if (row % ROWS >> i & 1)
			n += (size_t)snprintf(buf + n, size - n, " %s", row_names[i]);
	(void)snprintf(buf + n, size - n, "%s",
		       row % ROWS ? "" : " neither halt nor abort nor copy");
}

SUITE_ROWS(suite_exregs_all, "XRG", 200, STATES *ROWS, run_row, title_row);
