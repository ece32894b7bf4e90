/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * elf.c - the root task's ELF file (System V ABI, chapters 4 and 5), which is not trusted:
 * every number in it is checked before it is used.
 */
#include <kernel/boot.h>

#define EI_CLASS  4
#define EI_DATA   5
#define ET_EXEC   2
#define PT_LOAD   1
#define PT_INTERP 3
#define PF_X      1
#define PF_W      2
#define PF_R      4

#define CLASS_HERE (GLUE_WORD_BITS / 32) /* ELFCLASS32 is 1, ELFCLASS64 2 */
#define DATA_HERE  (GLUE_BIG_ENDIAN + 1) /* ELFDATA2LSB is 1, ELFDATA2MSB 2 */

struct elf_header {
	uint8_t ident[16];
	uint16_t type, machine;
	uint32_t version;
	word_t entry, phoff, shoff;
	uint32_t flags;
	uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

/* A program header; the flags stand elsewhere where words have 64 bits. */
struct elf_phdr {
	uint32_t type;
#if GLUE_WORD_BITS == 64
	uint32_t flags;
#endif
	word_t offset, vaddr, paddr, filesz, memsz;
#if GLUE_WORD_BITS == 32
	uint32_t flags;
#endif
	word_t align;
};

_Static_assert(sizeof(struct elf_header) == (GLUE_WORD_BITS == 64 ? 64 : 52) &&
		   sizeof(struct elf_phdr) == (GLUE_WORD_BITS == 64 ? 56 : 32),
	       "layouts of the System V ABI");

GLUE_INIT static const char *class_name(unsigned class)
{
	return class == 1 ? "32-bit" : class == 2 ? "64-bit" : "unknown class";
}

GLUE_INIT static const char *data_name(unsigned data)
{
	return data == 1 ? "little-endian" : data == 2 ? "big-endian" : "unknown byte order";
}

GLUE_INIT static void check_header(const struct elf_header *h, size_t size)
{
	if (h->ident[0] != 0x7f || h->ident[1] != 'E' || h->ident[2] != 'L' || h->ident[3] != 'F')
		boot_fail("root task: not an ELF file");
	if (h->ident[EI_CLASS] != CLASS_HERE || h->ident[EI_DATA] != DATA_HERE)
		boot_fail("root task: ELF file is %s %s, this kernel needs %s %s",
			  class_name(h->ident[EI_CLASS]), data_name(h->ident[EI_DATA]),
			  class_name(CLASS_HERE), data_name(DATA_HERE));
	if (h->machine != GLUE_ELF_MACHINE)
		boot_fail("root task: ELF file for machine %u, this kernel needs %u (%s)",
			  h->machine, GLUE_ELF_MACHINE, GLUE_ARCH_NAME);
	if (h->type != ET_EXEC)
		boot_fail("root task: ELF type %u, must be 2 (executable, linked statically to "
			  "fixed addresses)",
			  h->type);
	if (h->phentsize != sizeof(struct elf_phdr))
		boot_fail("root task: program headers of %u bytes, must be %u", h->phentsize,
			  (unsigned)sizeof(struct elf_phdr));
	if (h->phoff > size || h->phnum > (size - h->phoff) / sizeof(struct elf_phdr))
		boot_fail("root task: truncated: %u program headers at %lu, the file has %lu bytes",
			  h->phnum, (unsigned long)h->phoff, (unsigned long)size);
}

GLUE_INIT static void check_segment(unsigned n, const struct elf_phdr *p, size_t size)
{
	if (p->offset > size || p->filesz > size - p->offset)
		boot_fail("root task: truncated: segment %u has %lu bytes at %lu, the file has %lu",
			  n, (unsigned long)p->filesz, (unsigned long)p->offset,
			  (unsigned long)size);
	if (p->filesz > p->memsz)
		boot_fail("root task: segment %u: larger in the file than in memory", n);
	if (p->vaddr > GLUE_USER_LAST || p->memsz - 1 > GLUE_USER_LAST - p->vaddr)
		boot_fail("root task: segment %u: %lx + %lx is not all user memory, which ends at "
			  "%lx",
			  n, (unsigned long)p->vaddr, (unsigned long)p->memsz,
			  (unsigned long)GLUE_USER_LAST);
	if (p->flags & PF_W && p->flags & PF_X)
		boot_fail("root task: segment %u at %lx is writable and executable; link code and "
			  "data to separate segments",
			  n, (unsigned long)p->vaddr);
}

GLUE_INIT static void add_segment(struct elf_program *e, unsigned n, const struct elf_phdr *p,
				  const uint8_t *file)
{
	struct elf_segment *s = &e->segment[e->count];

	if (e->count == ELF_SEGMENTS_MAX)
		boot_fail("root task: more than %u segments to load", ELF_SEGMENTS_MAX);
	*s = (struct elf_segment){
	    .va = p->vaddr,
	    .size = p->memsz,
	    .bytes = file + p->offset,
	    .file_size = p->filesz,
	    .prot = (p->flags & PF_R ? GLUE_R : 0) | (p->flags & PF_W ? GLUE_W : 0) |
		    (p->flags & PF_X ? GLUE_X : 0),
	};
	if (!s->prot)
		boot_fail("root task: segment %u at %lx gives no rights", n,
			  (unsigned long)p->vaddr);
	for (unsigned i = 0; i < e->count; i++)
		if (segment_start(s) < segment_end(&e->segment[i]) &&
		    segment_start(&e->segment[i]) < segment_end(s))
			boot_fail("root task: segments at %lx and %lx overlap, or share a page",
				  (unsigned long)e->segment[i].va, (unsigned long)s->va);
	e->count++;
}

GLUE_INIT static void check_entry(const struct elf_program *e)
{
	for (unsigned i = 0; i < e->count; i++) {
		const struct elf_segment *s = &e->segment[i];

		if (s->prot & GLUE_X && e->entry - s->va < s->size)
			return;
	}
	boot_fail("root task: entry point %lx is in no executable segment",
		  (unsigned long)e->entry);
}

GLUE_INIT void elf_read(struct elf_program *e, const void *file, size_t size)
{
	struct elf_header h;
	struct elf_phdr p;

	if (size < sizeof(h))
		boot_fail("root task: not an ELF file: %lu bytes", (unsigned long)size);
	boot_copy(&h, file, sizeof(h));
	check_header(&h, size);
	e->entry = h.entry;
	e->count = 0;
	for (unsigned n = 0; n < h.phnum; n++) {
		boot_copy(&p, (const uint8_t *)file + h.phoff + n * sizeof(p), sizeof(p));
		if (p.type == PT_INTERP)
			boot_fail("root task: linked dynamically; link it statically");
		if (p.type != PT_LOAD || !p.memsz)
			continue;
		check_segment(n, &p, size);
		add_segment(e, n, &p, file);
	}
	check_entry(e);
}
