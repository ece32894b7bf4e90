/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * differential.c - a root task that makes IPC of all kinds at random, and prints a checksum of
 * everything that came of it: run on two kernels, it must print the same.
 *
 * The workers, half of them in a second space, share all memory, so the checksum also depends on
 * who runs after whom. The first thread has the lowest priority: it runs when all of them are
 * blocked, and does something about it. Nothing depends on time, and so a run depends on nothing
 * but the seed.
 *
 * differential <number of IPCs> [<seed>]
 */
#include <l4/ipc.h>
#include <l4/kip.h>
#include <l4/protocol.h>
#include <l4/schedule.h>
#include <l4/space.h>
#include <l4/thread.h>
#include <rt/memory.h>
#include <rt/stdio.h>
#include <rt/string.h>
#include <rt/thread.h>

#define WORKERS    8
#define STACK_SIZE 0x1000
#define MARKS      10 /* checksums that are printed on the way */
#define PRIO_LOW   10
#define PRIOS      4 /* the workers' priorities */

/* From program.lds. */
extern char _text[], _etext[], _rodata[], _erodata[], _end[];

struct worker {
	L4_ThreadId_t id, last; /* last: who sent it a message, to be answered; or nilthread */
	uint32_t random;
	bool halted;
};

/* What an IPC can come to. Each must happen, or the run is no test. */
enum outcome {
	SENT,
	CALLED,
	RECEIVED,
	NOTIFIED,
	ERRORS, /* + error code << 1 | phase */
	OUTCOMES = ERRORS + 16
};
static const struct {
	enum outcome outcome;
	const char *name;
} expected[] = {
    {SENT, "sent"},
    {CALLED, "answered calls"},
    {RECEIVED, "received"},
    {NOTIFIED, "notified"},
    {ERRORS + ABI_IPC_ERROR(ABI_IPC_NO_PARTNER, ABI_IPC_SEND_PHASE), "no partner, sending"},
    {ERRORS + ABI_IPC_ERROR(ABI_IPC_NO_PARTNER, ABI_IPC_RECV_PHASE), "no partner, receiving"},
    {ERRORS + ABI_IPC_ERROR(ABI_IPC_NON_EXIST, ABI_IPC_SEND_PHASE), "no such thread, sending"},
    {ERRORS + ABI_IPC_ERROR(ABI_IPC_NON_EXIST, ABI_IPC_RECV_PHASE), "no such thread, receiving"},
    {ERRORS + ABI_IPC_ERROR(ABI_IPC_CANCELED, ABI_IPC_SEND_PHASE), "cancelled, sending"},
    {ERRORS + ABI_IPC_ERROR(ABI_IPC_CANCELED, ABI_IPC_RECV_PHASE), "cancelled, receiving"},
    {ERRORS + ABI_IPC_ERROR(ABI_IPC_MSG_OVERFLOW, ABI_IPC_SEND_PHASE), "overflow, sending"},
    {ERRORS + ABI_IPC_ERROR(ABI_IPC_MSG_OVERFLOW, ABI_IPC_RECV_PHASE), "overflow, receiving"},
    {ERRORS + ABI_IPC_ERROR(ABI_IPC_NOT_ACCEPTED, ABI_IPC_SEND_PHASE), "not accepted, sending"},
    {ERRORS + ABI_IPC_ERROR(ABI_IPC_NOT_ACCEPTED, ABI_IPC_RECV_PHASE), "not accepted, receiving"},
};
#define EXPECTED (sizeof(expected) / sizeof(expected[0]))

static struct worker workers[WORKERS], director;
static char stacks[WORKERS][STACK_SIZE] __attribute__((aligned(64)));
static L4_ThreadId_t odd[10]; /* ids that are no worker's */
static unsigned limit, ipcs, counts[OUTCOMES];
static L4_Word_t sum, marks[MARKS];

/* ---- chance and checksum ----------------------------------------------------------------- */

/* xorshift32 */
static uint32_t next(struct worker *w)
{
	uint32_t x = w->random;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	w->random = x;
	return x;
}

static uint32_t below(struct worker *w, uint32_t n)
{
	return (uint32_t)((uint64_t)next(w) * n >> 32);
}

static bool one_in(struct worker *w, uint32_t n)
{
	return below(w, n) == 0;
}

static void fold(L4_Word_t word)
{
	sum = (sum ^ word) * (L4_Word_t)0x9e3779b1u;
}

/* ---- an IPC at random -------------------------------------------------------------------- */

static L4_ThreadId_t some_worker(struct worker *w)
{
	return workers[below(w, WORKERS)].id;
}

static L4_ThreadId_t someone(struct worker *w)
{
	return one_in(w, 3) ? odd[below(w, sizeof(odd) / sizeof(odd[0]))] : some_worker(w);
}

static L4_MsgTag_t random_tag(struct worker *w)
{
	uint32_t r = next(w);
	L4_Word_t label = (L4_Word_t)r << 16, words = r >> 26;

	if (r & 0x300)
		return __L4_VALUE(L4_MsgTag_t, label | (r & 0x400 ? words : words & 7));
	return __L4_VALUE(L4_MsgTag_t, label);
}

/* Who is sent to, who is received from, and how. */
static L4_MsgTag_t choose(struct worker *w, L4_ThreadId_t *to, L4_ThreadId_t *from)
{
	L4_MsgTag_t tag = random_tag(w);
	uint32_t how = below(w, 16);

	*to = *from = some_worker(w);
	if (how < 10) {
		*to = w->last;
		*from = L4_anythread;
		tag.raw |= ABI_TAG_RBLOCK;
		if (one_in(w, 4))
			tag.raw |= ABI_TAG_SBLOCK;
	} else if (how < 13) {
		tag.raw |= ABI_TAG_RBLOCK | ABI_TAG_SBLOCK;
	} else if (how < 14) {
		*from = L4_nilthread;
		tag.raw |= ABI_TAG_SBLOCK;
	} else {
		*to = someone(w);
		*from = one_in(w, 3) ? *to : someone(w);
		tag.raw |= next(w) & (ABI_TAG_RBLOCK | ABI_TAG_SBLOCK);
		if (one_in(w, 8))
			tag.raw |= ABI_TAG_NOTIFY;
	}
	if (one_in(w, 64))
		tag.raw |= next(w) & (ABI_TAG_RESERVED | (ABI_TAG_FLAGS & ~0xe000u));
	return tag;
}

static void prepare(struct worker *w, struct abi_utcb *utcb)
{
	for (unsigned i = 0; i < 4; i++)
		utcb->mr[1 + below(w, ABI_MRS - 1)] = (L4_Word_t)next(w) * 0x01000193u;
	if (one_in(w, 4)) {
		utcb->acceptor = next(w) & ABI_ACCEPT_NOTIFY;
		if (one_in(w, 16))
			utcb->acceptor |= ABI_ACCEPT_NOSYNC;
		utcb->notify_mask = one_in(w, 4) ? 0 : next(w);
	}
}

static void count(L4_MsgTag_t tag, L4_ThreadId_t to, L4_ThreadId_t from, L4_ThreadId_t sender,
		  const struct abi_utcb *utcb)
{
	if (L4_IpcFailed(tag))
		counts[ERRORS + (utcb->error & 15)]++;
	else if (L4_IsNilThread(from))
		counts[SENT]++;
	else if (L4_IsNilThread(sender))
		counts[NOTIFIED]++;
	else if (L4_IsThreadEqual(to, from))
		counts[CALLED]++;
	else
		counts[RECEIVED]++;
}

static void step(struct worker *w)
{
	struct abi_utcb *utcb = __l4_utcb();
	L4_ThreadId_t to, from, sender;
	L4_MsgTag_t tag = choose(w, &to, &from);

	prepare(w, utcb);
	w->last = L4_nilthread;
	if (++ipcs % (limit / MARKS) == 0 && ipcs <= limit)
		marks[ipcs / (limit / MARKS) - 1] = sum;

	tag = L4_Ipc(to, from, tag, &sender);

	count(tag, to, from, sender, utcb);
	fold((L4_Word_t)(w - workers));
	fold(tag.raw);
	fold(sender.raw);
	fold(L4_IpcFailed(tag) ? utcb->error : 0);
	fold(utcb->notify_bits);
	for (unsigned i = 1; i < ABI_MRS; i++)
		fold(utcb->mr[i]);
	sum ^= sum >> (ABI_WORD_BITS / 2 - 1);
	if (L4_IpcSucceeded(tag))
		w->last = sender;
}

static void work(void)
{
	struct worker *w = &workers[L4_UserDefinedHandle()];

	while (ipcs < limit)
		step(w);
	for (;;)
		(void)L4_WaitForever();
}

/* ---- the first thread, when all workers are blocked --------------------------------------- */

static void act(struct worker *w)
{
	L4_MsgTag_t tag = L4_Niltag;

	switch (below(&director, 12)) {
	case 0:
		w->halted = true;
		L4_Stop_Thread(w->id);
		break;
	case 1:
		for (unsigned i = 0; i < WORKERS; i++) {
			if (workers[i].halted)
				__L4_ExReg(workers[i].id, L4_ExReg_Resume, 0, 0, 0);
			workers[i].halted = false;
		}
		break;
	case 2:
		fold(L4_Set_Priority(w->id, PRIO_LOW + below(&director, PRIOS)));
		break;
	case 3:
		tag = L4_Notify(w->id, next(&director));
		break;
	case 4:
	case 5:
	case 6:
	case 7:
		L4_Set_MsgTag(random_tag(&director));
		tag = L4_Send_Nonblocking(w->id);
		break;
	default:
		__L4_ExReg(w->id, L4_ExReg_AbortIPC, 0, 0, 0);
		break;
	}
	fold(tag.raw);
}

/* Print the checksums that were taken since the last time. */
static void report(unsigned *printed)
{
	for (; *printed < MARKS && ipcs >= (*printed + 1) * (limit / MARKS); (*printed)++)
		printf("differential: %u IPCs, checksum %lx\n", (*printed + 1) * (limit / MARKS),
		       marks[*printed]);
}

static unsigned run(void)
{
	unsigned printed = 0, missing = 0;

	while (ipcs < limit) {
		act(&workers[below(&director, WORKERS)]);
		report(&printed);
	}
	for (unsigned i = 0; i < EXPECTED; i++) {
		unsigned n = counts[expected[i].outcome];

		printf("differential: %u %s\n", n, expected[i].name);
		missing += n == 0;
	}
	printf("differential: %u IPCs in all, checksum %lx\n", ipcs, sum);
	for (unsigned i = 0; i < WORKERS; i++)
		rt_thread_delete(workers[i].id);
	return missing;
}

/* ---- the workers' spaces ------------------------------------------------------------------- */

/* Map the root task's pages in [from, to) at the same addresses of another space. */
static bool share(L4_ThreadId_t space, const char *from, const char *to, L4_Word_t rights)
{
	uintptr_t page = (uintptr_t)from & ~(uintptr_t)(RT_PAGE_SIZE - 1);

	for (; page < (uintptr_t)to; page += RT_PAGE_SIZE) {
		L4_Fpage_t f = L4_FpageLog2(page, RT_PAGE_LOG2);
		uint64_t frame = rt_frame_of((const void *)page);

		if (!L4_MapFpage(space, L4_FpageAddRights(f, rights),
				 L4_PhysDesc(frame, L4_DefaultMemory)))
			return false;
	}
	return true;
}

static bool share_program(L4_ThreadId_t space)
{
	return share(space, _text, _etext, L4_ReadeXecOnly) &&
	       share(space, _rodata, _erodata, L4_Readable) &&
	       share(space, _erodata + RT_PAGE_SIZE - 1, _end, L4_ReadWriteOnly);
}

static bool start_workers(uint32_t seed)
{
	static struct rt_space other;
	bool ok = true;

	rt_space_prepare(&other);
	for (unsigned i = 0; i < WORKERS && ok; i++) {
		struct worker *w = &workers[i];
		bool first = L4_IsNilThread(other.id);

		w->random = seed + 0x9e3779b9u * (i + 1);
		w->random |= w->random == 0;
		w->id = rt_thread_create(i % 2 ? &other : &rt_root_space, PRIO_LOW + i % PRIOS);
		ok = !L4_IsNilThread(w->id) && (i % 2 == 0 || !first || share_program(other.id));
	}
	for (unsigned i = 0; i < WORKERS && ok; i++)
		ok = rt_thread_start(workers[i].id, L4_nilthread, work, stacks[i + 1], i);
	return ok;
}

static void choose_odd_ids(const void *kip)
{
	L4_ThreadId_t w = workers[0].id;
	const L4_ThreadId_t ids[] = {
	    L4_nilthread,
	    L4_anythread,
	    L4_waitnotify,
	    L4_Myself(),
	    L4_GlobalId(L4_ThreadNo(w), L4_Version(w) + 2),
	    L4_GlobalId(L4_ThreadNo(w), ABI_TID_LOCAL_MASK + 1),
	    L4_GlobalId(L4_ThreadIdUserBase(kip) + 2 * WORKERS, 1),
	    L4_GlobalId(~(L4_Word_t)0 >> 1, 1),
	    L4_GlobalId(L4_ThreadIdUserBase(kip) - 1, ABI_IRQ_VERSION),
	    L4_GlobalId(L4_ThreadNo(w), 0),
	};

	_Static_assert(sizeof(ids) == sizeof(odd), "as many as there is room for");
	memcpy(odd, ids, sizeof(ids));
}

static unsigned number(const char *text)
{
	unsigned n = 0;

	for (; *text >= '0' && *text <= '9'; text++)
		n = n * 10 + (unsigned)(*text - '0');
	return *text ? 0 : n;
}

int main(int argc, char **argv)
{
	const void *kip = L4_KernelInterface(NULL, NULL, NULL);
	uint32_t seed = argc > 2 ? number(argv[2]) : 1;
	unsigned missing;

	limit = argc > 1 ? number(argv[1]) : 0;
	if (limit < MARKS || seed == 0) {
		printf("differential: usage: differential <number of IPCs> [<seed>]\n");
		return 2;
	}
	rt_memory_init(kip);
	rt_thread_init(kip);
	director.random = seed;
	(void)L4_Set_Timeslice(L4_Myself(), 0, 0);
	if (!start_workers(seed)) {
		printf("differential: no workers: error %lu\n", L4_ErrorCode());
		return 1;
	}
	choose_odd_ids(kip);
	(void)L4_Set_Priority(L4_Myself(), 1);
	missing = run();
	if (missing)
		printf("differential: %u kinds of results never came\n", missing);
	return missing != 0;
}
