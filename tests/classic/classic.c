/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * classic.c - a root task in the style of an operating-systems course: it finds memory in the
 * kernel interface page, starts a pager and a server as threads of its own, and a client in an
 * address space of the client's own, whose pages the pager maps as it touches them. The client
 * calls the server; the server's last answer is notified. Nothing but the L4 headers is used.
 */
#include <l4/bootinfo.h>
#include <l4/cache.h>
#include <l4/ipc.h>
#include <l4/kdebug.h>
#include <l4/kip.h>
#include <l4/map.h>
#include <l4/message.h>
#include <l4/misc.h>
#include <l4/schedule.h>
#include <l4/space.h>
#include <l4/thread.h>
#include <l4/types.h>

#define PAGE_BITS 12
#define PAGE_SIZE ((L4_Word_t)1 << PAGE_BITS)

#define STACK_WORDS 1024
#define HEAP_BASE   0x30000000ul /* of the client: nothing is there until it is touched */
#define HEAP_PAGES  8
#define CLIENT_UTCB 0x60000000ul
#define CLIENT_KIP  0x60100000ul

#define LABEL_ADD  0x10
#define LABEL_SUM  0x11
#define LABEL_DONE 0x12
#define DONE_BIT   0x4

/* A page fault's label is -2, above four bits for the access. */
#define IS_FAULT(tag) ((L4_SignedWord_t)(tag).raw >> 20 == -2)

#define STACK __attribute__((aligned(16)))
static L4_Word_t pager_stack[STACK_WORDS] STACK, server_stack[STACK_WORDS] STACK;
static L4_Word_t client_stack[STACK_WORDS] STACK;
static L4_ThreadId_t root, pager, server, client;
static void *kip;
static L4_Word_t next_frame, last_frame;
static volatile L4_Word_t faults;

static void print(const char *text)
{
	while (*text)
		L4_KDB_PrintChar(*text++);
}

static void fail(const char *what)
{
	print("classic: FAIL ");
	print(what);
	print("\n");
	for (;;)
		L4_WaitForever();
}

/* ---- memory ------------------------------------------------------------------------------ */

/* The largest piece of memory that is free, less what others of its descriptors take. */
static void find_memory(void)
{
	L4_Word_t best = 0;

	for (L4_Word_t i = 0; i < L4_NumMemoryDescriptors(kip); i++) {
		L4_MemoryDesc_t *m = L4_MemoryDesc(kip, i);

		if (L4_IsMemoryDescVirtual(m) || L4_MemoryDescType(m) != L4_ConventionalMemoryType)
			continue;
		/* The upper half of it: kernel and modules lie below. */
		if (L4_MemoryDescHigh(m) - L4_MemoryDescLow(m) > best) {
			best = L4_MemoryDescHigh(m) - L4_MemoryDescLow(m);
			next_frame = L4_MemoryDescLow(m) + best / 2;
			last_frame = L4_MemoryDescHigh(m);
		}
	}
	next_frame = (next_frame + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	if (best == 0)
		fail("no memory");
}

static L4_Word_t frame_alloc(void)
{
	L4_Word_t frame = next_frame;

	next_frame += PAGE_SIZE;
	if (next_frame > last_frame)
		fail("out of memory");
	return frame;
}

/* ---- threads ------------------------------------------------------------------------------- */

/* The nth thread, counted from the root task's first. */
static L4_ThreadId_t nth_thread(L4_Word_t n)
{
	return L4_GlobalId(L4_ThreadIdUserBase(kip) + n, 1);
}

static void start_here(L4_ThreadId_t id, L4_Word_t n, void (*entry)(void), L4_Word_t *stack)
{
	/* The root task's own UTCB is the first of its area. */
	L4_Word_t utcb = (L4_Word_t)__l4_utcb() + n * L4_UtcbSize(kip);

	if (!L4_ThreadControl(id, root, root, root, L4_anythread, L4_anythread, (void *)utcb))
		fail("ThreadControl");
	if (!L4_Set_Priority(id, 120))
		fail("Set_Priority");
	L4_Start_SpIp(id, (L4_Word_t)&stack[STACK_WORDS - 16], (L4_Word_t)entry);
}

/* ---- pager: a page for each fault -------------------------------------------------------------
 */

static void serve_fault(L4_ThreadId_t who, L4_Word_t address, L4_Word_t access)
{
	L4_Fpage_t page = L4_FpageLog2(address & ~(PAGE_SIZE - 1), PAGE_BITS);
	L4_PhysDesc_t phys;

	if (address >= HEAP_BASE && address < HEAP_BASE + HEAP_PAGES * PAGE_SIZE) {
		L4_Set_Rights(&page, L4_ReadWriteOnly);
		phys = L4_PhysDesc(frame_alloc(), L4_DefaultMemory);
	} else {
		/* The program itself, as the root task has it. */
		if (!L4_GetStatus(root, &page, &phys) || !(L4_Rights(page) & access))
			fail("a fault that nobody can serve");
		access = L4_Rights(page);
		page = L4_FpageLog2(address & ~(PAGE_SIZE - 1), PAGE_BITS);
		L4_Set_Rights(&page, access);
	}
	if (!L4_MapFpage(who, page, phys))
		fail("MapFpage");
	faults++;
}

static void pager_loop(void)
{
	L4_ThreadId_t who;
	L4_MsgTag_t tag = L4_Wait(&who);

	for (;;) {
		L4_Msg_t msg;

		if (L4_IpcFailed(tag))
			fail("the pager's Wait");
		L4_MsgStore(tag, &msg);
		if (!IS_FAULT(tag) || L4_UntypedWords(tag) != 2)
			fail("the pager got what is no fault");
		serve_fault(who, L4_MsgWord(&msg, 0), L4_MsgLabel(&msg) & 7);
		L4_MsgClear(&msg);
		L4_MsgLoad(&msg);
		tag = L4_ReplyWait(who, &who);
	}
}

/* ---- server: sums up ----------------------------------------------------------------------------
 */

static void server_loop(void)
{
	L4_Word_t sum = 0;
	L4_ThreadId_t from;
	L4_MsgTag_t tag = L4_Wait(&from);

	for (;;) {
		L4_Msg_t msg;

		L4_MsgStore(tag, &msg);
		switch (L4_MsgLabel(&msg)) {
		case LABEL_ADD:
			for (L4_Word_t i = 0; i < L4_UntypedWords(tag); i++)
				sum += L4_MsgWord(&msg, i);
			L4_MsgClear(&msg);
			break;
		case LABEL_SUM:
			L4_MsgClear(&msg);
			L4_MsgAppendWord(&msg, sum);
			break;
		default:
			L4_Notify(root, DONE_BIT);
			L4_MsgClear(&msg);
			break;
		}
		L4_MsgLoad(&msg);
		tag = L4_Reply_Wait(from, &from); /* its older name */
	}
}

/* ---- client: in a space of its own
 * ---------------------------------------------------------------- */

static L4_MsgTag_t client_call(L4_Word_t label, const L4_Word_t *words, L4_Word_t count,
			       L4_Msg_t *answer)
{
	L4_MsgTag_t tag;
	L4_Msg_t msg;

	L4_MsgClear(&msg);
	L4_Set_MsgLabel(&msg, label);
	for (L4_Word_t i = 0; i < count; i++)
		L4_MsgAppendWord(&msg, words[i]);
	L4_MsgLoad(&msg);
	tag = L4_Call(server);
	if (L4_IpcFailed(tag))
		fail("the client's Call");
	L4_MsgStore(tag, answer);
	return tag;
}

static void client_main(void)
{
	volatile L4_Word_t *heap = (volatile L4_Word_t *)HEAP_BASE;
	const L4_Word_t step = PAGE_SIZE / sizeof(*heap);
	L4_Word_t words[HEAP_PAGES], sum = 0;
	L4_Msg_t answer;

	for (L4_Word_t i = 0; i < HEAP_PAGES; i++)
		heap[i * step] = i * i + 1;
	for (L4_Word_t i = 0; i < HEAP_PAGES; i++) {
		words[i] = heap[i * step];
		sum += words[i];
	}
	client_call(LABEL_ADD, words, HEAP_PAGES, &answer);
	client_call(LABEL_ADD, words, 3, &answer);
	if (L4_UntypedWords(client_call(LABEL_SUM, words, 0, &answer)) != 1 ||
	    L4_MsgWord(&answer, 0) != sum + words[0] + words[1] + words[2])
		fail("the sum is wrong");
	client_call(LABEL_DONE, words, 0, &answer);
	L4_WaitForever();
}

static void start_client(void)
{
	L4_Word_t control;

	if (!L4_ThreadControl(client, client, root, L4_nilthread, L4_anythread, L4_anythread,
			      (void *)-1))
		fail("ThreadControl of the client");
	if (!L4_SpaceControl(client, 0, L4_FpageLog2(CLIENT_KIP, (int)L4_KipAreaSizeLog2(kip)),
			     L4_FpageLog2(CLIENT_UTCB, (int)L4_UtcbAreaSizeLog2(kip)), &control))
		fail("SpaceControl");
	if (!L4_ThreadControl(client, client, root, pager, L4_anythread, L4_anythread,
			      (void *)CLIENT_UTCB))
		fail("activating the client");
	/* The start message would be the pager's to send; this takes its place. */
	L4_Start_SpIp(client, (L4_Word_t)&client_stack[STACK_WORDS - 16], (L4_Word_t)client_main);
}

static void delete (L4_ThreadId_t id)
{
	if (!L4_ThreadControl(id, L4_nilthread, L4_nilthread, L4_nilthread, L4_anythread,
			      L4_anythread, (void *)-1))
		fail("deleting a thread");
}

int main(void)
{
	L4_Word_t bits;
	L4_MsgTag_t tag;

	kip = L4_GetKernelInterface();
	root = L4_Myself();
	find_memory();
	pager = nth_thread(1);
	server = nth_thread(2);
	client = nth_thread(3);
	L4_Accept(L4_NotifyMsgAcceptor);
	L4_Set_NotifyMask(DONE_BIT);
	start_here(pager, 1, pager_loop, pager_stack);
	start_here(server, 2, server_loop, server_stack);
	start_client();
	tag = L4_WaitNotify(&bits);
	if (L4_IpcFailed(tag) || bits != DONE_BIT)
		fail("WaitNotify");
	if (faults < HEAP_PAGES)
		fail("too few faults were served");
	delete (client);
	tag = L4_Send_Nonblocking(client);
	if (L4_IpcSucceeded(tag) || L4_ErrorCode() != (L4_ErrNonExist << 1 | L4_ErrSendPhase))
		fail("the client is still there");
	delete (server);
	delete (pager);
	print("classic: all is well\n");
	return 0;
}
