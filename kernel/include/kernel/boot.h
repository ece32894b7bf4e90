/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * boot.h - what the parts of booting know of one another.
 */
#ifndef KERNEL_BOOT_H
#define KERNEL_BOOT_H

#include <kernel/kernel.h>

/* ---- sets of page frames (phys.c) --------------------------------------------- */

#define RANGES_MAX 64

struct range {
	word_t start, end; /* frame numbers; end: the first behind */
};

struct ranges {
	unsigned count;
	struct range r[RANGES_MAX]; /* ascending, apart from one another */
};

static inline word_t range_size(const struct range *r)
{
	return r->end - r->start;
}

/* Add [start, end), or remove it. A set that would need too many pieces gets smaller than it
 * should be, never larger; range_add says so by false. */
bool range_add(struct ranges *set, word_t start, word_t end);
void range_remove(struct ranges *set, word_t start, word_t end);

/* ---- the root task (elf.c) ----------------------------------------------------------- */

#define ELF_SEGMENTS_MAX 8

struct elf_segment {
	word_t va, size;      /* in memory: bytes, any alignment */
	const uint8_t *bytes; /* of which these are in the file; the rest is 0 */
	size_t file_size;
	unsigned prot;
};

struct elf_program {
	word_t entry;
	unsigned count;
	struct elf_segment segment[ELF_SEGMENTS_MAX];
};

/* Take the ELF file apart. Everything about it is checked that does not depend on where the
 * kernel's own areas are; what is wrong ends in boot_fail. */
void elf_read(struct elf_program *e, const void *file, size_t size);

/* Pages of a segment: the first, and the first one behind. */
static inline word_t segment_start(const struct elf_segment *s)
{
	return s->va & ~(GLUE_PAGE_SIZE - 1);
}

static inline word_t segment_end(const struct elf_segment *s)
{
	return (s->va + s->size + GLUE_PAGE_SIZE - 1) & ~(GLUE_PAGE_SIZE - 1);
}

/* ---- booting itself (boot.c, kip.c) -------------------------------------------------- */

/* memcpy, in memory that is given away: nothing else copies bytes. */
void boot_copy(void *dst, const void *src, size_t n);

struct boot_memory {
	struct ranges free;     /* RAM for the root task */
	struct ranges kernel;   /* image and pool */
	struct ranges device;   /* devices the kernel keeps for itself */
	struct ranges firmware; /* firmware's or loader's data */
	struct ranges modules;
	struct range root; /* frames of the root task's segments */
};

/* Say on the console what is wrong and what would be right, and stop. */
_Noreturn void boot_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Fill the KIP. */
void kip_build(const struct glue_boot_info *bi, const struct boot_memory *mem,
	       const struct elf_program *root, word_t utcb_area);

#endif
