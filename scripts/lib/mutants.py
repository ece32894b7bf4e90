# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""The changes that scripts/mutate makes: in a file of kernel/, what is there once, and what is
put in its place. Spaces and line ends don't matter. Keep the places small: they have to be kept
right when the kernel changes (tests/scripts/test_mutate.py sees that they are).

The fourth field, where there is one, says why nothing notices the change.
"""


class Mutant:
    def __init__(self, number, file, old, new, why=""):
        self.number, self.file, self.old, self.new, self.why = number, file, old, new, why

    def __str__(self):
        flat = (" ".join(text.split()) for text in (self.old, self.new or "nothing"))
        return f"{self.number:3} {self.file}: " + " -> ".join(flat)


def _of(file, *changes):
    return [(file, *change) for change in changes]


_LIST = (
    _of("ipc.c",
        ("t->g.utcb->error = ABI_IPC_ERROR(code, phase);",
         "t->g.utcb->error = ABI_IPC_ERROR(code, 0);"),
        ("!ipc_receptive(dest, t->g.id) || dest->g.cont != CONT_IPC",
         "!ipc_receptive(dest, t->g.id)"),
        ("from->g.tag & ~(word_t)ABI_TAG_FLAGS, from->g.id);", "from->g.tag, from->g.id);"),
        ("phase = ABI_IPC_SEND_PHASE;", ""),
        ("p->g.state == TS_SENDING && p->peer == t", "p->g.state == TS_SENDING"),
        ("(!p->g.space && p->g.partner != t->g.id)", "false"),
        ("ipc_acceptor(t) & ABI_ACCEPT_NOTIFY ? notify_pending(t) : 0", "notify_pending(t)"),
        ("if (dest == cur) return ipc_not_sent(cur, ABI_IPC_NON_EXIST);", ""),
        ("unlikely(dest->g.flags & T_NOSYNC)", "false"),
        ("unlikely(cur->g.tag & ABI_TAG_RESERVED)", "false"),
        ("if (dest->g.cont == CONT_IPC) { if", "if (true) { if"),
        ("unlikely(s->g.tag & ABI_TAG_RESERVED)", "false"),
        ("dest->g.utcb && ipc_acceptor(dest) & ABI_ACCEPT_NOSYNC", "false"),
        ("nosync = ipc_acceptor(t) & ABI_ACCEPT_NOSYNC;", "nosync = 0;"),
        ("if (!(cur->g.tag & ABI_TAG_SBLOCK))", "if (false)"),
        ("dest->g.cont == CONT_START && words > 2", "false"),
        ("(t->g.flags & ~T_NOSYNC)", "t->g.flags"),
        ("!(cur->g.tag & ABI_TAG_RBLOCK) || !ipc_blocks", "!ipc_blocks"),
        ("dest->g.cont > CONT_NO_ANSWER", "dest->g.cont >= CONT_NO_ANSWER"),
        ("dest->g.id != to || dest == t || !dest->g.space", "dest->g.id != to || dest == t"),
        ("(T_HALTED | T_NOSYNC | T_QUANTUM)", "(T_HALTED | T_QUANTUM)"),
        ("p->g.waited = 1;", ""),
        ("s->g.flags |= T_RECEIVE;", ""),
        ("if (s->g.partner == ABI_NILTHREAD)", "if (false)")) +
    _of("include/kernel/ipc.h",
        ("cur->g.sendq ||", "false ||")) +
    _of("plain.c",
        ("dest->g.id != to ||", "false ||"),
        ("dest->g.prio < this_cpu()->g.barrier", "false")) +
    _of("switch.c",
        ("cur->g.prio < cpu->g.barrier ||", "false ||"),
        ("cpu->g.front || woken->g.flags ||", "woken->g.flags ||"),
        ("cpu->g.barrier = cur->g.prio + 1;", "cpu->g.barrier = cur->g.prio;"),
        ("GLUE_FLAGS_LENT || cpu", "(T_QUEUED | T_REST) || cpu"),
        ("cur->g.utcb->preempt_flags & ABI_PREEMPT_CALLBACK", "false"),
        ("if (unlikely(end / TIME_NEVER))", "if (false)"),
        ("t->g.partner != cur->g.id ||", "false ||"),
        ("!(cur->g.tag & ABI_TAG_RBLOCK) ||", "false ||"),
        ("cur->g.accepts = from;", ""),
        ("woken->g.prio >= this_cpu()->g.barrier", "true"),
        ("cur->g.prio >= ready_top(cpu)", "cur->g.prio > ready_top(cpu)"),
        ("prio != cpu->g.barrier ||", "false ||"),
        ("cur->g.prio <= cpu->g.barrier ||", "false ||"),
        ("cpu->g.front || now < cpu->slice_end", "now < cpu->slice_end"),
        ("|| now < cpu->slice_end", "")) +
    _of("notify.c",
        ("utcb->notify_bits &= ~bits;", "utcb->notify_bits = 0;"),
        ("bits = utcb->notify_bits | cur", "bits = cur"),
        ("!utcb || !(utcb->acceptor & ABI_ACCEPT_NOTIFY)", "!utcb"),
        ("to->g.partner != (word_t)ABI_ANYTHREAD)))", "false)))"),
        ("if (!(ipc_acceptor(t) & ABI_ACCEPT_NOTIFY)) {", "if (false) {"),
        ("if (bits) return notify_deliver(t, bits);", ""),
        ("code = ABI_IPC_NOT_ACCEPTED;", "code = ABI_IPC_NO_PARTNER;")) +
    _of("sendq.c",
        ("(*at)->g.prio > prio", "(*at)->g.prio >= prio"),
        ("next->group = sender->group;", ";")) +
    _of("thread.c",
        ("cancel(t, ABI_IPC_NON_EXIST);", "cancel(t, ABI_IPC_CANCELED);"),
        ("cancel(s, ABI_IPC_CANCELED);", "cancel(s, ABI_IPC_NON_EXIST);"),
        ("space_utcb_detach(space_of(t), t->utcb_va, t->g.utcb);", ""),
        ("if (halted == (t->g.flags & T_HALTED)) return;", ""),
        ("sched_settle(); t->g.flags =", "t->g.flags ="),
        ("(t->g.flags ^ T_HALTED) & ~T_REST", "t->g.flags ^ T_HALTED")) +
    _of("threadctl.c",
        ("((sys_arg(cur, 4) + 1) | (sys_arg(cur, 5) + 1)) <= 1;", "sys_arg(cur, 4) + 1 <= 1;"),
        ("!exists(cur, sys_arg(cur, 2))", "sys_arg(cur, 2) == ABI_NILTHREAD"),
        (": t->g.state != TS_INACTIVE", ": false"),
        ("va == NO_UTCB ? pager != ABI_NILTHREAD : !sp", "va == NO_UTCB && pager != ABI_NILTHREAD"),
        ("tid_space(sys_arg(cur, 1)) != sp", "false"),
        ("sys_arg(cur, 3) != ABI_NILTHREAD && !t->g.utcb", "false"),
        ("if (!same && !dying) return", "if (false) return")) +
    _of("exregs.c",
        ("t->g.utcb && (cur->g.space == t->g.space ||", "t->g.utcb && (true ||"),
        ("cur->g.space == t->g.space ||", "false ||"),
        ("if (control & ~known)", "if (false)"),
        ("t->g.state == TS_INACTIVE ||", "false ||"),
        ("if (control & (ABI_XREG_COPY | ABI_XREG_FROM_MRS | ABI_XREG_IP))", "if (false)"),
        ("glue_ctx_copy(&old, &t->g.ctx);", "glue_ctx_copy(&old, &cur->g.ctx);"),
        ("[TS_WAIT_NOTIFY] = ABI_XREG_RECV,", "")) +
    _of("schedule.c",
        ("prio > PRIO_MAX", "prio > PRIO_MAX + 1"),
        ("if (!t || !t->g.space) return ABI_ERR_THREAD;", "if (!t) return ABI_ERR_THREAD;"),
        ("!scheduler || scheduler->g.space != cur->g.space", "!scheduler"),
        ("+ ((word_t)us % SCHED_TICK_US != 0)", ""),
        ("processor >= CONFIG_CPUS", "processor > CONFIG_CPUS"),
        ("sched_settle(); ready_remove(dest);", "ready_remove(dest);"),
        ("dest->g.flags &= ~T_REST; if",
         "dest->g.flags &= ~T_REST; ready_add_tail(dest); sched_yield_cpu(); "
         "return SYS_SCHEDULED; if"),
        ("dest->g.flags &= ~T_REST;", "")) +
    _of("sched.c",
        ("t->quantum = cpu->quantum_end - glue_clock();", ""),
        ("t->g.prio + at_head > front->g.prio", "false"),
        ("(flags & ~(word_t)ABI_PREEMPT_CALLBACK) | ABI_PREEMPT_SIGNALLED",
         "flags | ABI_PREEMPT_SIGNALLED"),
        ("if (at_head)", "if (!at_head)"),
        ("cur->slice_left = cpu->slice_end - glue_clock();", ""),
        ("cur->g.flags |= T_REST;", ""),
        ("front->slice_left = cpu->slice_end - now;", ""),
        ("cpu->slice_end = now + cur->slice;", ""),
        ("cpu->slice_end = now + cur->slice; set_top(cpu); sched_arm(cpu);",
         "cpu->slice_end = now + cur->slice; set_top(cpu);"),
        ("sched_settle(); cpu->g.front = NULL;", "cpu->g.front = NULL;"),
        ("front->g.prio + ((front->g.flags & T_LENT) != 0)", "front->g.prio"),
        ("sched_settle(); ready_remove(t);", "ready_remove(t);"),
        ("set_top(cpu); sched_arm(cpu);", "sched_arm(cpu);"),
        ("sched_settle(); for (;;) {", "for (;;) {"),
        ("sched_settle(); leave_special(cpu, t);", "leave_special(cpu, t);"),
        ("sched_settle(); left = sched_slice_to_come(t);", "left = sched_slice_to_come(t);"),
        ("left = this_cpu()->slice_end - glue_clock();", ""),
        ("if (cpu->ready[prio] == t)", "if (false)"),
        ("(int64_t)left < (int64_t)least ? least : left", "left")) +
    _of("fault.c",
        ("mr[2] = glue_ctx_get(&t->g.ctx, GLUE_IP);", "mr[2] = t->fault[0];"),
        ("if (cpu->fpu_owner) glue_fpu_save", "if (false) glue_fpu_save"),
        ("proto = ABI_PROTO_SYSCALL;", ";")) +
    _of("map.c",
        ("c->at |= u.page.referenced << AT_REF_SHIFT;", ""),
        ("phys_mappable(first, first | p.rest >> GLUE_PAGE_LOG2)", "true"),
        ("pieces_overlap(&p, &c->sp->areas[i])", "false"),
        ("!(desc & desc_zeros(p.rest))", "true"),
        ("if (!(c->control & MODIFY) || !fpage_rights(fpage)) return true;", "return true;"),
        ("if (!kmem_has(c->note >> NOTE_TABLES_SHIFT, GLUE_TABLE_LOG2))", "if (false)"),
        ("!decode(c, desc, fpage)", "!decode(c, desc, fpage) && !(c->at & AT_EFFECT)")) +
    _of("mapshort.c",
        ("phys_mappable(first, first | p.rest >> GLUE_PAGE_LOG2)", "true"),
        ("pieces_overlap(&p, &sp->kip)", "false"),
        ("pieces_overlap(&p, &sp->utcbs)", "false"),
        ("!is_user(p.base)", "false"),
        ("desc & desc_zeros(p.rest)", "false"),
        ("p.base & p.rest", "false"),
        ("k_map_quiet = 0;", "")) +
    _of("space.c",
        ("if (*used & utcb_bit(va))", "if (false)"),
        ("if (sp->utcb_page == va)", "if (false)"),
        ("if (sys_arg(cur, 1))", "if (false)"),
        ("piece_has(&sp->utcbs, va)", "true")) +
    _of("fpage.c",
        ("!(fp & fpage_zeros(p->rest)) &&", "true &&")) +
    _of("cache.c",
        ("!is_user(last) || !glue_lookup", "!glue_lookup",
         "equivalent here: where user memory ends, a space has no translations"),
        ("items > (op == ABI_CACHE_FLUSH_ALL ? 0 : ABI_CACHE_MAX_ITEMS)", "false"),
        ("len == 0 || start <= last ?", "true ?")) +
    _of("interrupt.c",
        ("if (irq->g.partner != t->g.id)", "if (false)"),
        ("handler->g.accepts != (word_t)ABI_ANYTHREAD", "false"),
        ("likely(t->g.state == TS_IRQ_IDLE)", "true",
         "A line that isn't idle is masked, and asks for nothing but by a fault of its controller."),
        ("!h || !h->g.utcb", "!h"),
        ("t->g.flags &= ~T_HALTED;", "")) +
    _of("tid.c",
        ("(id & ABI_TID_LOCAL_MASK)", "true"))
)

MUTANTS = [Mutant(number, *mutant) for number, mutant in enumerate(_LIST, 1)]
