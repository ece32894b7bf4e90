/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * multiboot.c - the boot loader's information becomes the kernel's (Multiboot Specification
 * 0.6.96, section 3.3). The loader is trusted to be a boot loader, not to be without bugs:
 * whatever lies outside the direct map, or doesn't end, is an error in words.
 */
#include <glue/glue.h>
#include <arch/layout.h>

#include "paging.h"
#include "port.h"

#define LOADER_MAGIC 0x2badb002

#define INFO_MEMORY  0x001u
#define INFO_CMDLINE 0x004u
#define INFO_MODULES 0x008u
#define INFO_MMAP    0x040u

struct mb_info {
	uint32_t flags, mem_lower, mem_upper, boot_device, cmdline, mods_count, mods_addr;
	uint32_t syms[4], mmap_length, mmap_addr;
};

struct mb_module {
	uint32_t start, end, cmdline, reserved;
};

struct mb_mmap {
	uint32_t size; /* of the rest */
	uint32_t base_low, base_high, length_low, length_high, type;
};

#define MMAP_RAM 1

#define KIB          1024u
#define MIB          (1024u * KIB)
#define BIOS_DATA    0x1000u /* interrupt vectors and BIOS variables; address 0 */
#define APIC_START   0xfee00000u
#define IO_APIC_BASE 0xfec00000u        /* could send any interrupt, so it is not for users */
#define ADDRESS_END  ((paddr_t)1 << 32) /* without PAE */

/* A command line longer than this is taken for garbage. */
#define CMDLINE_MAX 4096u

extern const char _einit[], _boot_bss[], _end[]; /* linker script */

GLUE_INIT static void add_memory(struct glue_boot_info *bi, paddr_t start, paddr_t end,
				 enum glue_mem_type type)
{
	if (end > ADDRESS_END)
		end = ADDRESS_END;
	if (start >= end)
		return;
	if (bi->mems == GLUE_BOOT_MEMS) {
		bi->mems_cut = true;
		return;
	}
	bi->mem[bi->mems++] = (struct glue_boot_mem){start, end, type};
}

/* Kernel address of `size` bytes of the loader's, or NULL. */
GLUE_INIT static const void *loader_data(uint32_t pa, size_t size)
{
	if (pa == 0 || pa > GLUE_DIRECT_LAST || size > GLUE_DIRECT_LAST - pa)
		return NULL;
	return glue_phys_to_virt(pa);
}

GLUE_INIT static void read_mmap(struct glue_boot_info *bi, uint32_t pa, uint32_t length)
{
	const char *p = loader_data(pa, length);

	if (p == NULL) {
		bi->error = "the boot loader's memory map is out of reach";
		return;
	}
	for (const char *end = p + length; (size_t)(end - p) >= sizeof(struct mb_mmap);) {
		const struct mb_mmap *m = (const struct mb_mmap *)p;
		paddr_t start = m->base_low | (paddr_t)m->base_high << 32;
		paddr_t size = m->length_low | (paddr_t)m->length_high << 32;

		if (size > UINT64_MAX - start)
			size = UINT64_MAX - start;
		add_memory(bi, start, start + size,
			   m->type == MMAP_RAM ? GLUE_MEM_RAM : GLUE_MEM_BOOT);
		if (m->size < sizeof *m - sizeof m->size ||
		    m->size > (size_t)(end - p) - sizeof m->size)
			break;
		p += m->size + sizeof m->size;
	}
}

GLUE_INIT static void read_memory(struct glue_boot_info *bi, const struct mb_info *mb)
{
	if (mb->flags & INFO_MMAP) {
		read_mmap(bi, mb->mmap_addr, mb->mmap_length);
	} else if (mb->flags & INFO_MEMORY) {
		add_memory(bi, 0, (paddr_t)mb->mem_lower * KIB, GLUE_MEM_RAM);
		add_memory(bi, MIB, MIB + (paddr_t)mb->mem_upper * KIB, GLUE_MEM_RAM);
	} else {
		bi->error = "the boot loader does not say how much memory there is";
	}
}

/* The string's length with its end, or 0. */
GLUE_INIT static size_t string_size(const char *s)
{
	for (size_t n = 0; n < CMDLINE_MAX; n++)
		if (s[n] == '\0')
			return n + 1;
	return 0;
}

/* The first and last byte of the strings that the kernel keeps. */
struct span {
	uint32_t first, last;
};

GLUE_INIT static const char *read_string(struct glue_boot_info *bi, struct span *kept, uint32_t pa)
{
	const char *s = loader_data(pa, CMDLINE_MAX);
	size_t size = s != NULL ? string_size(s) : 0;

	if (size == 0) {
		bi->error = "a command line from the boot loader is out of reach or has no end";
		return "";
	}
	if (pa < kept->first)
		kept->first = pa;
	if (pa + size - 1 > kept->last)
		kept->last = pa + (uint32_t)size - 1;
	return s;
}

/* QEMU gives the file with its directories, GRUB what the user wrote: the name of a module
 * is the last part of it. */
GLUE_INIT static const char *without_directories(const char *s)
{
	const char *name = s;

	for (; *s != '\0' && *s != ' '; s++)
		if (*s == '/')
			name = s + 1;
	return name;
}

GLUE_INIT static void read_modules(struct glue_boot_info *bi, struct span *kept,
				   const struct mb_info *mb)
{
	const struct mb_module *m = NULL;
	uint32_t n = mb->mods_count;

	if (n > GLUE_BOOT_MODULES) {
		n = GLUE_BOOT_MODULES;
		bi->modules_cut = true;
	}
	if (n > 0)
		m = loader_data(mb->mods_addr, n * sizeof *m);
	if (n > 0 && m == NULL) {
		bi->error = "the boot loader's list of modules is out of reach";
		return;
	}
	for (; n > 0; n--, m++) {
		if (m->end < m->start || m->end - 1 > GLUE_DIRECT_LAST) {
			bi->error = "a boot module is out of reach of the kernel (above 1020 MiB)";
			return;
		}
		if (m->start & (GLUE_PAGE_SIZE - 1)) {
			bi->error = "the boot loader put a module off a page boundary";
			return;
		}
		bi->module[bi->modules++] = (struct glue_boot_module){
		    .start = m->start,
		    .size = m->end - m->start,
		    .cmdline =
			m->cmdline ? without_directories(read_string(bi, kept, m->cmdline)) : "",
		};
	}
}

/* The end of all that the kernel may look at. */
GLUE_INIT static paddr_t memory_end(const struct glue_boot_info *bi)
{
	paddr_t end = 0;

	for (unsigned i = 0; i < bi->mems; i++)
		if (bi->mem[i].type == GLUE_MEM_RAM && bi->mem[i].end > end)
			end = bi->mem[i].end;
	for (unsigned i = 0; i < bi->modules; i++)
		if (bi->module[i].start + bi->module[i].size > end)
			end = bi->module[i].start + bi->module[i].size;
	return end;
}

GLUE_INIT void multiboot_read(struct glue_boot_info *bi, word_t magic, paddr_t info)
{
	const struct mb_info *mb = loader_data((uint32_t)info, sizeof *mb);
	struct span kept = {UINT32_MAX, 0};

	bi->cmdline = "";
	if (magic != LOADER_MAGIC || mb == NULL) {
		bi->error = "not started by a Multiboot loader";
		return;
	}
	/* What is certain goes first, and is not cut off by a long map. */
	add_memory(bi, KERNEL_PHYS, glue_virt_to_phys(_einit), GLUE_MEM_BOOT);
	add_memory(bi, glue_virt_to_phys(_einit), glue_virt_to_phys(_boot_bss), GLUE_MEM_KERNEL);
	add_memory(bi, glue_virt_to_phys(_boot_bss), glue_virt_to_phys(_end), GLUE_MEM_BOOT);
	add_memory(bi, APIC_START, APIC_START + GLUE_PAGE_SIZE, GLUE_MEM_DEVICE);
	add_memory(bi, IO_APIC_BASE, IO_APIC_BASE + GLUE_PAGE_SIZE, GLUE_MEM_DEVICE);
	add_memory(bi, 0, BIOS_DATA, GLUE_MEM_BOOT);
	if (mb->flags & INFO_CMDLINE)
		bi->cmdline = read_string(bi, &kept, mb->cmdline);
	if (mb->flags & INFO_MODULES)
		read_modules(bi, &kept, mb);
	if (kept.last > kept.first)
		add_memory(bi, kept.first, (paddr_t)kept.last + 1, GLUE_MEM_KERNEL);
	read_memory(bi, mb);
	paging_trim(memory_end(bi));
}
