/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * panic.c - in the place of the kernel's core: a kernel that breaks in the way its command line
 * says. It must name the functions it came through, show registers, and end the emulator. Most
 * ways are forbidden only once booting is over: they are tried when a thread has faulted.
 */
#if __has_include(<contract_arch.h>)
#include <contract_arch.h>
#else /* a port without that piece has no test that needs it */
#define CONTRACT_RETURN_1                                                                          \
	{                                                                                          \
		0                                                                                  \
	}
#endif
#include <glue/glue.h>
#include <kernel/kmem.h>

/* Not inlined, not cloned, no tail calls: each has its line in the backtrace. */
#define LINK __attribute__((noipa))

struct glue_cpu k_cpus[1];

static volatile unsigned depth;
static volatile bool endless = true;
/* No port maps the first page for the kernel. */
static volatile word_t *volatile unmapped = (volatile word_t *)0x10;

static LINK void panic_innermost(const char *how)
{
	k_panic(NULL, "as asked: %s", how);
}

static LINK void trap_innermost(void)
{
	depth++;
	*unmapped = 1;
	depth++;
}

/* Use the stack up. */
static LINK unsigned stack_innermost(unsigned n)
{
	volatile char page[512];

	page[n % sizeof(page)] = (char)n;
	depth = n;
	return !endless ? 0 : stack_innermost(n + 1) + (unsigned char)page[n % sizeof(page)];
}

/* What is not to be written ... */
static const word_t constant = 1;
/* ... and what is not to be executed by the kernel: instructions that return, as data, in memory
 * behind the image, in pages of a user's, and what only booting needed. */
static uint32_t jump_code[] = CONTRACT_RETURN_1;
static word_t ram_code;
#define USER_SMALL ((word_t)0x10000000)
#define USER_LARGE ((word_t)0x20000000)
#define LARGE_LOG2 (31 - __builtin_clz((unsigned)GLUE_PAGE_SIZES))
static uint8_t user_page[GLUE_PAGE_SIZE] __attribute__((aligned(GLUE_PAGE_SIZE)));

GLUE_INIT LINK static void boot_code(void)
{
	depth++;
}

static LINK void write_innermost(word_t address)
{
	depth++;
	*(volatile word_t *)address = 0;
	depth++;
}

static LINK void jump_innermost(word_t address)
{
	depth++;
	((void (*)(void))address)();
	depth++;
}

static bool is(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

static word_t large_offset(void)
{
	return (word_t)glue_virt_to_phys(user_page) & ((1ul << LARGE_LOG2) - 1);
}

static LINK void panic_middle(const char *how)
{
	if (is(how, "trap"))
		trap_innermost();
	if (is(how, "stack"))
		depth = stack_innermost(0);
	if (is(how, "text"))
		write_innermost((word_t)&panic_middle);
	if (is(how, "constant"))
		write_innermost((word_t)&constant);
	if (is(how, "data"))
		jump_innermost((word_t)jump_code);
	if (is(how, "ram"))
		jump_innermost(ram_code);
	if (is(how, "small"))
		jump_innermost(USER_SMALL);
	if (is(how, "large"))
		jump_innermost(USER_LARGE + large_offset());
	if (is(how, "init"))
		jump_innermost((word_t)boot_code);
	panic_innermost(how);
	depth++;
}

static LINK void panic_outer(const char *how)
{
	panic_middle(how);
	depth++;
}

/* The last word of the command line: a boot loader may have put the kernel's name before. */
static const char *last_word(const char *text)
{
	const char *word = text;

	for (; *text; text++) {
		if (text[0] == ' ' && text[1] != '\0')
			word = text + 1;
	}
	return word;
}

/* ---- a thread that executes a page, in all ways in which it is mapped, and then faults --------
 */

static uint8_t pool[1 << 17] __attribute__((aligned(1 << 14)));
static struct glue_space space;
static struct glue_ctx thread;
static const char *asked;

static void put_code(void *to)
{
	for (size_t i = 0; i < sizeof(jump_code); i++)
		((uint8_t *)to)[i] = ((const uint8_t *)jump_code)[i];
	if (!glue_cache(GLUE_CACHE_SYNC_I, glue_virt_to_phys(to), sizeof(jump_code)))
		k_panic(NULL, "no code can be put at %lx", (unsigned long)to);
}

static void map_user(word_t va, unsigned log2)
{
	paddr_t pa = glue_virt_to_phys(user_page) & -((paddr_t)1 << log2);
	struct glue_range r = {.va = va, .last = va + (((word_t)1 << log2) - 1)};

	r.page = (struct glue_mapping){.pa = pa, .log2 = log2, .prot = GLUE_R | GLUE_X};
	while (r.va <= r.last)
		if (glue_map(&space, &r) != GLUE_OK)
			k_panic(NULL, "no memory for page tables");
}

struct glue_ctx *k_boot(const struct glue_boot_info *bi)
{
	uint8_t *direct;

	asked = last_word(bi->cmdline);
	if (is(asked, "panic") || is(asked, "trap"))
		panic_outer(asked);

	for (unsigned i = 0; i < bi->mems; i++)
		if (bi->mem[i].type == GLUE_MEM_RAM && bi->mem[i].end - 1 <= GLUE_DIRECT_LAST)
			ram_code = (word_t)glue_phys_to_virt(bi->mem[i].end - GLUE_PAGE_SIZE);
	put_code((void *)ram_code);
	put_code(user_page);
	direct = glue_phys_to_virt(glue_virt_to_phys(pool));
	kmem_init(direct, direct + sizeof(pool));
	if (glue_space_init(&space) != GLUE_OK)
		k_panic(NULL, "no memory for a space");
	map_user(USER_SMALL, GLUE_PAGE_LOG2);
	map_user(USER_LARGE, LARGE_LOG2);
	glue_ctx_init(&thread, USER_SMALL, 0, 0);
	k_cpus[0].current = (struct glue_thread *)&thread;
	glue_activate(&thread, &space);
	return &thread;
}

/* It returns to 0, or has no stack to return by; once for each of the two mappings. */
struct glue_ctx *k_pagefault(struct glue_ctx *c, word_t va, unsigned access)
{
	static bool again;

	(void)access;
	if (va != 0)
		k_panic(c, "page fault of the thread at %lx", (unsigned long)va);
	if (again)
		panic_outer(asked);
	again = true;
	glue_ctx_set(c, GLUE_IP, USER_LARGE + large_offset());
	return c;
}

/* Nothing else comes from user mode. */

struct glue_ctx *k_ipc(struct glue_ctx *c, word_t to, word_t from, word_t tag)
{
	k_panic(c, "k_ipc(%lx, %lx, %lx)", (unsigned long)to, (unsigned long)from,
		(unsigned long)tag);
}

struct glue_ctx *k_ipc_to(struct glue_ctx *c, struct glue_thread *dest)
{
	k_panic(c, "k_ipc_to(%lx)", (unsigned long)dest->id);
}

struct glue_ctx *k_syscall(struct glue_ctx *c, word_t nr)
{
	k_panic(c, "k_syscall(%lx)", (unsigned long)nr);
}

struct glue_ctx *k_exception(struct glue_ctx *c, word_t number, word_t code)
{
	k_panic(c, "k_exception(%lx, %lx)", (unsigned long)number, (unsigned long)code);
}

struct glue_ctx *k_interrupt(struct glue_ctx *c)
{
	k_panic(c, "k_interrupt");
}

struct glue_ctx *k_fpu(struct glue_ctx *c)
{
	k_panic(c, "k_fpu");
}
