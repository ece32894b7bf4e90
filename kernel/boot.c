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

GLUE_INIT_BSS static struct boot_memory memory;

/* Physical addresses from here on have no frame number, or no use. */
#define FRAMES_END ((paddr_t)1 << (GLUE_WORD_BITS == 64 ? 63 : 32 + GLUE_PAGE_LOG2 - 1))

GLUE_INIT static unsigned long frames_kib(word_t frames)
{
	return (unsigned long)frames << (GLUE_PAGE_LOG2 - 10);
}

GLUE_INIT void boot_fail(const char *fmt, ...)
{
	va_list args;

	k_printf("cobnut: boot: ");
	va_start(args, fmt);
	k_vprintf(fmt, args);
	va_end(args);
	k_printf("\n");
	glue_halt(GLUE_HALT_PANIC);
}

GLUE_INIT __attribute__((optimize("no-tree-loop-distribute-patterns"))) void
boot_copy(void *dst, const void *src, size_t n)
{
	char *to = dst;
	const char *from = src;

	while (n-- > 0)
		*to++ = *from++;
}

/* ---- the kernel's command line ------------------------------------------------------- */

/* The text behind "name=" in the command line, or NULL. */
GLUE_INIT static const char *option(const char *cmdline, const char *name)
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
GLUE_INIT static bool option_size(const char *cmdline, const char *name, uint64_t *size)
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

/* The frame that pa is in, and the first one that begins at or after it. */
GLUE_INIT static word_t frame_down(paddr_t pa)
{
	return frame_of(pa < FRAMES_END ? pa : FRAMES_END);
}

GLUE_INIT static word_t frame_up(paddr_t pa)
{
	return frame_down(pa) + ((pa & (GLUE_PAGE_SIZE - 1)) != 0);
}

GLUE_INIT static struct ranges *memory_of_type(enum glue_mem_type type)
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

GLUE_INIT static void read_map(const struct glue_boot_info *bi)
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
			(void)range_add(&memory.free, frame_up(m->start), frame_down(m->end));
		else if (m->start != m->end)
			(void)range_add(memory_of_type(m->type), frame_down(m->start),
					frame_up(m->end));
	}
}

GLUE_INIT static void read_modules(const struct glue_boot_info *bi)
{
	for (unsigned i = 0; i < bi->modules; i++) {
		const struct glue_boot_module *m = &bi->module[i];

		if (m->start > GLUE_DIRECT_LAST || m->size > GLUE_DIRECT_LAST - m->start + 1)
			boot_fail("module %u (%s) at %llx, %lu bytes: out of the kernel's reach", i,
				  m->cmdline, (unsigned long long)m->start, (unsigned long)m->size);
		if (m->size &&
		    !range_add(&memory.modules, frame_down(m->start), frame_up(m->start + m->size)))
			boot_fail("the modules lie in more than %u places", RANGES_MAX);
	}
}

/* Leave the first `size` bytes of what is RAM. */
GLUE_INIT static void limit_ram(uint64_t size)
{
	word_t left = frame_down(size);

	for (unsigned i = 0; i < memory.free.count; i++) {
		struct range *r = &memory.free.r[i];

		if (left < range_size(r))
			r->end = r->start + left;
		left -= range_size(r);
		if (r->start == r->end) {
			memory.free.count = i;
			break;
		}
	}
}

GLUE_INIT static void remove_all(struct ranges *from, const struct ranges *what)
{
	for (unsigned i = 0; i < what->count; i++)
		range_remove(from, what->r[i].start, what->r[i].end);
}

GLUE_INIT static void find_memory(const struct glue_boot_info *bi)
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
GLUE_INIT static struct range reachable(const struct range *r)
{
	const word_t end = frame_of(GLUE_DIRECT_LAST) + 1;
	struct range part = *r;

	if (part.end > end)
		part.end = end;
	if (part.start > part.end)
		part.start = part.end;
	return part;
}

/* ---- the pool ------------------------------------------------------------------------ */

GLUE_INIT static struct range largest_free(word_t *total)
{
	struct range best = {0, 0};

	*total = 0;
	for (unsigned i = 0; i < memory.free.count; i++) {
		struct range part = reachable(&memory.free.r[i]);

		*total += range_size(&part);
		if (range_size(&part) > range_size(&best))
			best = part;
	}
	return best;
}

GLUE_INIT static void reserve(const struct ranges *set)
{
	for (unsigned i = 0; i < set->count; i++)
		phys_reserve(frame_address(set->r[i].start), frame_address(set->r[i].end));
}

GLUE_INIT static void make_pool(const char *cmdline)
{
	word_t total, frames;
	struct range best = largest_free(&total);
	uint64_t size;
	char *start;

	if (!option_size(cmdline, "kmem", &size)) {
		size = CONFIG_KMEM_SIZE;
		if (size > frame_address(total / 4))
			size = frame_address(total / 4);
		if (size < POOL_MIN)
			size = POOL_MIN;
	}
	frames = frame_up(size);
	if (range_size(&best) <= frames)
		boot_fail("no memory: the kernel's pool needs %lu KiB and the root task some, the "
			  "largest free piece of RAM has %lu KiB",
			  frames_kib(frames), frames_kib(range_size(&best)));
	best.start = best.end - frames;
	range_remove(&memory.free, best.start, best.end);
	(void)range_add(&memory.kernel, best.start, best.end);
	start = glue_phys_to_virt(frame_address(best.start));
	kmem_init(start, start + (frames << GLUE_PAGE_LOG2));
	phys_init();
	reserve(&memory.kernel);
	reserve(&memory.device);
}

/* ---- the root task ------------------------------------------------------------------- */

GLUE_INIT static void check_areas_free(const struct elf_program *e)
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
GLUE_INIT static struct range root_frames(const struct elf_program *e)
{
	word_t frames = 0, total;
	struct range best = largest_free(&total);

	for (unsigned i = 0; i < e->count; i++)
		frames +=
		    (segment_end(&e->segment[i]) - segment_start(&e->segment[i])) >> GLUE_PAGE_LOG2;
	for (unsigned i = 0; i < memory.free.count; i++) {
		struct range part = reachable(&memory.free.r[i]);

		if (range_size(&part) < frames)
			continue;
		part.end = part.start + frames;
		range_remove(&memory.free, part.start, part.end);
		return part;
	}
	boot_fail("no memory: the root task needs %lu KiB in one piece, the largest free one has "
		  "%lu KiB",
		  frames_kib(frames), frames_kib(range_size(&best)));
}

/* Map [va, va + size) to pa in the largest aligned pieces. */
GLUE_INIT static void map_segment(word_t va, paddr_t pa, word_t size, unsigned prot)
{
	while (size) {
		unsigned log2 = GLUE_PAGE_LOG2;
		struct glue_range r = {.va = va};

		while (log2 < 30 && !((va | pa) >> log2 & 1) && (word_t)2 << log2 <= size)
			log2++;
		r.last = va + (((word_t)1 << log2) - 1);
		r.page = (struct glue_mapping){pa, fpage_page(log2), prot, 0, GLUE_CACHED};
		while (r.va <= r.last)
			if (glue_map(&k_root_space->g, &r) != GLUE_OK)
				boot_fail("no memory: the pool is too small for the root task's "
					  "page tables; kmem= makes it larger");
		va += (word_t)1 << log2;
		pa += (paddr_t)1 << log2;
		size -= (word_t)1 << log2;
	}
}

GLUE_INIT static void load_root(const struct elf_program *e)
{
	paddr_t pa;

	check_areas_free(e);
	memory.root = root_frames(e);
	pa = frame_address(memory.root.start);
	for (unsigned i = 0; i < e->count; i++) {
		const struct elf_segment *s = &e->segment[i];
		word_t start = segment_start(s), size = segment_end(s) - start;
		char *frames = glue_phys_to_virt(pa);

		if (size)
			glue_clear(frames, size);
		boot_copy(frames + (s->va - start), s->bytes, s->file_size);
		if (s->prot & GLUE_X)
			(void)glue_cache(GLUE_CACHE_SYNC_I, pa, size);
		map_segment(start, pa, size, s->prot);
		pa += size;
	}
}

GLUE_INIT static void make_root_space(void)
{
	unsigned err = ABI_ERR_NO_MEM;
	word_t next = 0;

	k_kip = k_alloc(ABI_KIP_AREA_LOG2);
	k_root_space = space_create();
	if (k_kip && k_root_space)
		do
			err = space_set_areas(
			    k_root_space, ROOT_KIP | ABI_KIP_AREA_LOG2 << ABI_FPAGE_SIZE_SHIFT,
			    ROOT_UTCB | ABI_ROOT_UTCB_AREA_LOG2 << ABI_FPAGE_SIZE_SHIFT, &next);
		while (err == SYS_AGAIN);
	if (err != ABI_OK)
		boot_fail("no memory: the kernel's pool is too small for the root task's space; "
			  "kmem= makes it larger");
}

GLUE_INIT struct glue_ctx *k_boot(const struct glue_boot_info *bi)
{
	struct elf_program root;

	k_printf("cobnut %s %s %s\n", CONFIG_VERSION, GLUE_ARCH_NAME, CONFIG_BUILD);
	if (bi->error)
		boot_fail("%s", bi->error);
	memory.free.count = memory.kernel.count = memory.device.count = 0;
	memory.firmware.count = memory.modules.count = 0;
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
