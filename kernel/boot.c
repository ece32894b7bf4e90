/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * boot.c - from what the port found in memory to a running root task.
 */
#include <kernel/boot.h>
#include <kernel/kmem.h>
#include <kernel/print.h>

/* Less than this is not worth starting with, unless kmem= asks for it. */
#define POOL_MIN ((size_t)1 << 20)

/* The root task's areas lie at the end of user memory. */
#define ROOT_KIP  (GLUE_USER_LAST + 1 - ((word_t)16 << 20))
#define ROOT_UTCB (GLUE_USER_LAST + 1 - ((word_t)8 << 20))

struct abi_kip *k_kip;

static struct boot_memory memory;

void boot_fail(const char *fmt, ...)
{
	va_list args;

	k_printf("cobnut: boot: ");
	va_start(args, fmt);
	k_vprintf(fmt, args);
	va_end(args);
	k_printf("\n");
	glue_halt(GLUE_HALT_PANIC);
}

/* ---- the kernel's command line ------------------------------------------------------- */

/* The text behind "name=" in the command line, or NULL. */
static const char *option(const char *cmdline, const char *name)
{
	for (const char *p = cmdline; *p; p++) {
		unsigned i = 0;

		while (name[i] && p[i] == name[i])
			i++;
		if (!name[i] && p[i] == '=' && (p == cmdline || p[-1] == ' '))
			return p + i + 1;
	}
	return NULL;
}

/* The size that an option gives: digits, and K, M or G. */
static bool option_size(const char *cmdline, const char *name, uint64_t *size)
{
	const char *p = option(cmdline, name);
	unsigned shift;

	if (!p)
		return false;
	*size = 0;
	for (; *p >= '0' && *p <= '9' && *size < (uint64_t)1 << 40; p++)
		*size = *size * 10 + (unsigned)(*p - '0');
	shift = *p == 'K' ? 10 : *p == 'M' ? 20 : *p == 'G' ? 30 : 0;
	if (shift)
		p++;
	if (!*size || (*p && *p != ' ') || *size >> (60 - shift))
		boot_fail("command line: %s= needs a size: a number, and K, M or G", name);
	*size <<= shift;
	return true;
}

/* ---- which memory there is ----------------------------------------------------------- */

static paddr_t page_down(paddr_t pa)
{
	return pa & ~((paddr_t)GLUE_PAGE_SIZE - 1);
}

static paddr_t page_up(paddr_t pa)
{
	return pa > (paddr_t)-GLUE_PAGE_SIZE ? page_down(pa) : page_down(pa + GLUE_PAGE_SIZE - 1);
}

static struct ranges *memory_of_type(enum glue_mem_type type)
{
	switch (type) {
	case GLUE_MEM_RAM:
		return &memory.free;
	case GLUE_MEM_KERNEL:
		return &memory.kernel;
	case GLUE_MEM_DEVICE:
		return &memory.device;
	default:
		return &memory.firmware;
	}
}

static void read_map(const struct glue_boot_info *bi)
{
	if (bi->mems_cut)
		k_printf("cobnut: boot: memory map: more than %u entries, the rest is not used\n",
			 GLUE_BOOT_MEMS);
	for (unsigned i = 0; i < bi->mems; i++) {
		const struct glue_boot_mem *m = &bi->mem[i];

		if (m->end < m->start)
			k_printf("cobnut: boot: memory map: entry %u ends (%llx) before it begins "
				 "(%llx), not used\n",
				 i, (unsigned long long)m->end, (unsigned long long)m->start);
		else if (m->type == GLUE_MEM_RAM)
			(void)range_add(&memory.free, page_up(m->start), page_down(m->end));
		else if (m->start != m->end)
			(void)range_add(memory_of_type(m->type), page_down(m->start),
					page_up(m->end));
	}
}

static void read_modules(const struct glue_boot_info *bi)
{
	for (unsigned i = 0; i < bi->modules; i++) {
		const struct glue_boot_module *m = &bi->module[i];

		if (m->start > GLUE_DIRECT_LAST || m->size > GLUE_DIRECT_LAST - m->start + 1)
			boot_fail("module %u (%s) at %llx, %lu bytes: out of the kernel's reach", i,
				  m->cmdline, (unsigned long long)m->start, (unsigned long)m->size);
		if (m->size &&
		    !range_add(&memory.modules, page_down(m->start), page_up(m->start + m->size)))
			boot_fail("the modules lie in more than %u places", RANGES_MAX);
	}
}

/* Leave the first `size` bytes of what is RAM. */
static void limit_ram(uint64_t size)
{
	for (unsigned i = 0; i < memory.free.count; i++) {
		struct range *r = &memory.free.r[i];

		if (size < r->end - r->start)
			r->end = r->start + page_down(size);
		size -= r->end - r->start;
		if (r->start == r->end) {
			memory.free.count = i;
			break;
		}
	}
}

static void remove_all(struct ranges *from, const struct ranges *what)
{
	for (unsigned i = 0; i < what->count; i++)
		range_remove(from, what->r[i].start, what->r[i].end);
}

static void find_memory(const struct glue_boot_info *bi)
{
	uint64_t limit;

	read_map(bi);
	read_modules(bi);
	if (option_size(bi->cmdline, "mem", &limit))
		limit_ram(limit);
	remove_all(&memory.free, &memory.kernel);
	remove_all(&memory.free, &memory.device);
	remove_all(&memory.free, &memory.firmware);
	remove_all(&memory.free, &memory.modules);
}

/* The part of a free range that the kernel reaches. */
static struct range reachable(const struct range *r)
{
	struct range part = *r;

	if (part.end > GLUE_DIRECT_LAST)
		part.end = page_down(GLUE_DIRECT_LAST + 1);
	if (part.start > part.end)
		part.start = part.end;
	return part;
}

/* ---- the pool ------------------------------------------------------------------------ */

static paddr_t size_of(const struct range *r)
{
	return r->end - r->start;
}

static struct range largest_free(paddr_t *total)
{
	struct range best = {0, 0};

	*total = 0;
	for (unsigned i = 0; i < memory.free.count; i++) {
		struct range part = reachable(&memory.free.r[i]);

		*total += size_of(&part);
		if (size_of(&part) > size_of(&best))
			best = part;
	}
	return best;
}

static void make_pool(const char *cmdline)
{
	paddr_t total;
	struct range best = largest_free(&total);
	uint64_t size;

	if (!option_size(cmdline, "kmem", &size)) {
		size = CONFIG_KMEM_SIZE;
		if (size > total / 4)
			size = total / 4;
		if (size < POOL_MIN)
			size = POOL_MIN;
	}
	size = page_up(size);
	if (size_of(&best) <= size)
		boot_fail("no memory: the kernel's pool needs %llu KiB and the root task some, the "
			  "largest free piece of RAM has %llu KiB",
			  (unsigned long long)size >> 10, (unsigned long long)size_of(&best) >> 10);
	best.start = best.end - size;
	range_remove(&memory.free, best.start, best.end);
	(void)range_add(&memory.kernel, best.start, best.end);
	kmem_init(glue_phys_to_virt(best.start), (char *)glue_phys_to_virt(best.start) + size);
	for (unsigned i = 0; i < memory.kernel.count; i++)
		phys_reserve(memory.kernel.r[i].start, memory.kernel.r[i].end);
	for (unsigned i = 0; i < memory.device.count; i++)
		phys_reserve(memory.device.r[i].start, memory.device.r[i].end);
}

/* ---- the root task ------------------------------------------------------------------- */

static void check_areas_free(const struct elf_program *e)
{
	for (unsigned i = 0; i < e->count; i++) {
		word_t start = segment_start(&e->segment[i]), end = segment_end(&e->segment[i]);

		if ((start < ROOT_KIP + ((word_t)1 << ABI_KIP_AREA_LOG2) && end > ROOT_KIP) ||
		    (start < ROOT_UTCB + ((word_t)1 << ABI_ROOT_UTCB_AREA_LOG2) && end > ROOT_UTCB))
			boot_fail("root task: segment at %lx overlaps the kernel interface page at "
				  "%lx or the UTCBs at %lx",
				  (unsigned long)start, (unsigned long)ROOT_KIP,
				  (unsigned long)ROOT_UTCB);
	}
}

/* Frames for all segments, one behind the other. */
static struct range root_frames(const struct elf_program *e)
{
	paddr_t size = 0, total;
	struct range best = largest_free(&total);

	for (unsigned i = 0; i < e->count; i++)
		size += segment_end(&e->segment[i]) - segment_start(&e->segment[i]);
	for (unsigned i = 0; i < memory.free.count; i++) {
		struct range part = reachable(&memory.free.r[i]);

		if (size_of(&part) < size)
			continue;
		part.end = part.start + size;
		range_remove(&memory.free, part.start, part.end);
		return part;
	}
	boot_fail("no memory: the root task needs %llu KiB in one piece, the largest free one has "
		  "%llu KiB",
		  (unsigned long long)size >> 10, (unsigned long long)size_of(&best) >> 10);
}

/* Map [va, va + size) to pa in the largest aligned pieces. */
static void map_segment(word_t va, paddr_t pa, word_t size, unsigned prot)
{
	while (size) {
		unsigned log2 = GLUE_PAGE_LOG2;

		while (log2 < 30 && !((va | pa) >> log2 & 1) && (word_t)2 << log2 <= size)
			log2++;
		if (glue_prepare(&k_root_space->g, va, log2, true) != GLUE_OK)
			boot_fail("no memory: the pool is too small for the root task's page "
				  "tables; kmem= makes it larger");
		glue_map(&k_root_space->g, va, pa, log2, prot, GLUE_CACHED);
		va += (word_t)1 << log2;
		pa += (paddr_t)1 << log2;
		size -= (word_t)1 << log2;
	}
}

static void load_root(const struct elf_program *e)
{
	paddr_t pa;

	check_areas_free(e);
	memory.root = root_frames(e);
	pa = memory.root.start;
	for (unsigned i = 0; i < e->count; i++) {
		const struct elf_segment *s = &e->segment[i];
		word_t start = segment_start(s), size = segment_end(s) - start;
		char *frames = glue_phys_to_virt(pa);

		__builtin_memset(frames, 0, size);
		__builtin_memcpy(frames + (s->va - start), s->bytes, s->file_size);
		if (s->prot & GLUE_X)
			glue_cache(GLUE_CACHE_SYNC_I, (word_t)frames, size, false);
		map_segment(start, pa, size, s->prot);
		pa += size;
	}
}

static void make_root_space(void)
{
	k_kip = k_alloc(ABI_KIP_AREA_LOG2);
	k_root_space = space_create();
	if (!k_kip || !k_root_space ||
	    space_set_areas(k_root_space, ROOT_KIP | ABI_KIP_AREA_LOG2 << ABI_FPAGE_SIZE_SHIFT,
			    ROOT_UTCB | ABI_ROOT_UTCB_AREA_LOG2 << ABI_FPAGE_SIZE_SHIFT) != ABI_OK)
		boot_fail("no memory: the kernel's pool is too small for the root task's space; "
			  "kmem= makes it larger");
}

struct glue_ctx *k_boot(const struct glue_boot_info *bi)
{
	struct elf_program root;

	k_printf("cobnut %s %s %s\n", CONFIG_VERSION, GLUE_ARCH_NAME, CONFIG_BUILD);
	if (bi->error)
		boot_fail("%s", bi->error);
	__builtin_memset(&memory, 0, sizeof(memory));
	find_memory(bi);
	if (!bi->modules)
		boot_fail("no root task in the boot image");
	if (bi->modules_cut)
		k_printf("cobnut: boot: more than %u modules, the rest is not used\n",
			 GLUE_BOOT_MODULES);
	elf_read(&root, glue_phys_to_virt(bi->module[0].start), bi->module[0].size);
	make_pool(bi->cmdline);
	sched_init();
	if (!tid_init())
		boot_fail("no memory: the kernel's pool is too small for the table of threads; "
			  "kmem= makes it larger");
	make_root_space();
	load_root(&root);
	kip_build(bi, &memory, &root, ROOT_UTCB | ABI_ROOT_UTCB_AREA_LOG2 << ABI_FPAGE_SIZE_SHIFT);
	if (!thread_boot(k_root_space, root.entry, ROOT_UTCB))
		boot_fail("no memory: the kernel's pool is too small for the root task's thread; "
			  "kmem= makes it larger");
	return sched_block();
}
