/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * steps.c - a root task that makes the same few IPCs each time, for compare.py to step through:
 * calls and replies of several lengths, within a space and to another one, to threads of lower
 * and of higher priority, with flags and acceptors of all kinds; and some that no fast path takes.
 */
#include "steps.h"

#include <l4/ipc.h>
#include <l4/kip.h>
#include <l4/schedule.h>
#include <rt/memory.h>
#include <rt/stdio.h>

#include "../../user/bench/bench.h"

#define PRIO_CLIENT ((PRIO_LOW + PRIO_HIGH) / 2)
#define RB          ABI_TAG_RBLOCK
#define SB          ABI_TAG_SBLOCK
#define SECRETS     ((L4_Word_t)1 << 8) /* between two IPCs of a thread */
#if ABI_WORD_BITS == 64
#define SECRET(n) (0x5ec2e7a9f00b0000 + (L4_Word_t)(n)*0x1000000)
#else
#define SECRET(n) (0x5ec20000 + (L4_Word_t)(n)*0x1000000)
#endif

enum receive {
	CALL,       /* from the partner */
	REPLY_WAIT, /* from anybody */
	NOTHING     /* no receive phase */
};

struct step {
	uint8_t words;
	enum receive receive;
	L4_Word_t flags;
	uint8_t plain; /* how many of the two ways a fast path has to take */
	bool alone;    /* preempted by the partner: one that has this has to take it */
	uint8_t acceptor;
	uint8_t mask, bits; /* of notification */
	bool fpu, nobody;
};

static const struct step steps[] = {
    {.words = 0, .receive = CALL, .flags = RB | SB, .plain = 2},
    {.words = 0, .receive = REPLY_WAIT, .flags = RB, .plain = 2},
    {.words = 1, .receive = CALL, .flags = RB | SB, .plain = 2},
    {.words = 3, .receive = REPLY_WAIT, .flags = RB, .plain = 2},
    {.words = 8, .receive = CALL, .flags = RB, .plain = 2},
    {.words = 15, .receive = CALL, .flags = RB | SB, .plain = 2},
    {.words = 63, .receive = CALL, .flags = RB | SB, .plain = 2},
    {.words = 62, .receive = REPLY_WAIT, .flags = RB | SB, .plain = 2},
    {.words = 32, .receive = CALL, .flags = RB | SB, .plain = 2},
    {.words = 33, .receive = CALL, .flags = RB | SB, .plain = 2},
    {.words = 2, .receive = CALL, .flags = RB | SB, .plain = 2, .acceptor = ABI_ACCEPT_NOTIFY},
    {.words = 0,
     .receive = REPLY_WAIT,
     .flags = RB,
     .plain = 2,
     .acceptor = ABI_ACCEPT_NOTIFY,
     .mask = 6,
     .bits = 9},
    {.words = 0, .receive = REPLY_WAIT, .flags = RB, .plain = 2, .mask = 6, .bits = 2},
    {.words = 1,
     .receive = CALL,
     .flags = RB,
     .plain = 2,
     .acceptor = ABI_ACCEPT_NOTIFY,
     .mask = 6,
     .bits = 2},
    /* And what is left to the C path. */
    {.words = 1,
     .receive = REPLY_WAIT,
     .flags = RB,
     .acceptor = ABI_ACCEPT_NOTIFY,
     .mask = 6,
     .bits = 2},
    {.words = 4, .receive = NOTHING, .alone = true},
    {.words = 0, .receive = NOTHING, .flags = SB, .alone = true},
    {.words = 63, .receive = NOTHING, .acceptor = ABI_ACCEPT_NOSYNC, .alone = true},
    {.words = 2, .receive = CALL, .flags = RB, .nobody = true},
    {.words = 1, .receive = NOTHING, .flags = ABI_TAG_NOTIFY},
    {.words = 2, .receive = CALL, .flags = RB | ABI_TAG_RESERVED},
    {.words = 5, .receive = CALL, .flags = RB | SB, .plain = 1, .fpu = true},
    {.words = 0, .receive = CALL, .flags = RB | SB, .plain = 2},
};
#define STEPS (sizeof(steps) / sizeof(steps[0]))

static L4_ThreadId_t nobody;

/* How many IPCs a fast path had to take, and how many messages alone one of those; compare.py reads
 * them. */
unsigned steps_plain, steps_alone;

/* The marks of what is compared. */
void steps_begin(void);
void steps_end(void);

__attribute__((noipa)) void steps_begin(void)
{
}

__attribute__((noipa)) void steps_end(void)
{
}

/* Answers whatever it gets with as much. It may be in a space without the program's variables. */
static _Noreturn void serve(void)
{
	L4_Word_t secret = SECRET(2 + L4_UserDefinedHandle()), tag = RB, to = ABI_NILTHREAD;

	for (;;) {
		tag = steps_ipc(to, (L4_Word_t)ABI_ANYTHREAD, tag, secret, &to, __l4_utcb());
		secret += SECRETS;
		if (tag & ABI_TAG_ERROR)
			to = ABI_NILTHREAD;
		tag = (tag & ~(L4_Word_t)ABI_TAG_FLAGS) | RB;
	}
}

static void take_step(const struct step *s, L4_ThreadId_t server, L4_Word_t secret)
{
	struct abi_utcb *utcb = __l4_utcb();
	L4_Word_t to = s->nobody ? nobody.raw : server.raw, sender;
	const L4_Word_t from[] = {
	    [CALL] = to, [REPLY_WAIT] = (L4_Word_t)ABI_ANYTHREAD, [NOTHING] = ABI_NILTHREAD};

	utcb->acceptor = s->acceptor;
	utcb->notify_mask = s->mask;
	utcb->notify_bits = s->bits;
	if (s->fpu)
		steps_use_fpu();
	(void)steps_ipc(to, from[s->receive], s->flags | s->words | secret << 16, secret, &sender,
			utcb);
	steps_plain += s->plain;
}

/* Messages alone to a server of higher priority. */
static void alone_steps(L4_ThreadId_t server, L4_Word_t secret)
{
	for (unsigned i = 0; i < STEPS; i++)
		if (steps[i].alone) {
			take_step(&steps[i], server, secret += SECRETS);
			steps_alone++;
		}
}

static void all_steps(L4_ThreadId_t server, L4_Word_t secret)
{
	for (unsigned i = 0; i < STEPS; i++)
		take_step(&steps[i], server, secret += SECRETS);
}

int main(void)
{
	void *kip = L4_GetKernelInterface();
	struct abi_utcb *utcb = __l4_utcb();
	L4_ThreadId_t intra, inter, higher;

	rt_memory_init(kip);
	rt_thread_init(kip);
	nobody = id_number(0);
	(void)L4_Set_Timeslice(L4_Myself(), 0, 0);
	(void)L4_Set_Priority(L4_Myself(), PRIO_CLIENT);
	intra = peer_new(false, PRIO_LOW, L4_nilthread, serve, 0);
	inter = peer_new(true, PRIO_HIGH, L4_nilthread, serve, 1);
	higher = peer_new(false, PRIO_HIGH, L4_nilthread, serve, 2);
	/* Until both wait: the one of low priority, too. */
	(void)L4_Set_Priority(intra, PRIO_HIGH);
	L4_Yield();
	(void)L4_Set_Priority(intra, PRIO_LOW);
	for (unsigned i = 1; i < ABI_MRS; i++)
		utcb->mr[i] = (L4_Word_t)i * (L4_Word_t)0x9e3779b97f4a7c15;
	printf("[steps] started\n");
	steps_begin();
	all_steps(intra, SECRET(0));
	all_steps(inter, SECRET(1));
	alone_steps(inter, SECRET(5));
	alone_steps(higher, SECRET(6));
	steps_end();
	printf("[steps] done\n");
	return 0;
}
