/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * common/archive.c - reading the boot archive. Nothing in it is trusted: every length is
 * checked against what is left before it is used.
 *
 * The format is the "new ASCII format" of cpio(5): a header of 110 characters, of which
 * 104 are thirteen numbers of eight hexadecimal digits; the name; the data. The name and
 * the data each end with zero bytes up to a multiple of four from the archive's start.
 */
#include <glue/space.h>

#include <common/archive.h>
#include <common/string.h>

#define MAGIC         "070701"
#define MAGIC_LEN     6
#define FIELD_LEN     8
#define HEADER_LEN    110
#define TRAILER       "TRAILER!!!"
#define KERNEL_MEMBER ".cmdline"

#define MODE_TYPE    0170000
#define MODE_REGULAR 0100000

enum field { FIELD_MODE = 1, FIELD_FILE_SIZE = 6, FIELD_NAME_SIZE = 11 };

struct member {
	const char *name;
	uint32_t mode;
	const uint8_t *data;
	uint32_t size;
};

GLUE_INIT_BSS static char kernel_cmdline[256];

GLUE_INIT static size_t align4(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

GLUE_INIT static bool read_field(const uint8_t *header, enum field field, uint32_t *value)
{
	const uint8_t *digit = header + MAGIC_LEN + field * FIELD_LEN;
	uint32_t v = 0;

	for (unsigned i = 0; i < FIELD_LEN; i++) {
		unsigned ch = digit[i];

		if (ch >= '0' && ch <= '9')
			ch -= '0';
		else if (ch >= 'A' && ch <= 'F')
			ch -= 'A' - 10;
		else if (ch >= 'a' && ch <= 'f')
			ch -= 'a' - 10;
		else
			return false;
		v = v << 4 | ch;
	}
	*value = v;
	return true;
}

GLUE_INIT static bool has_magic(const uint8_t *p, size_t left)
{
	return left >= HEADER_LEN && strncmp((const char *)p, MAGIC, MAGIC_LEN) == 0;
}

/* Read the member at offset *at and move *at behind it. Returns what is wrong, or NULL. */
GLUE_INIT static const char *next_member(const uint8_t *base, size_t limit, size_t *at,
					 struct member *m)
{
	const uint8_t *header = base + *at;
	uint32_t name_size;
	size_t left = limit - *at, skip;

	if (!has_magic(header, left))
		return "boot archive: no member header (070701) where one is due: truncated?";
	if (!read_field(header, FIELD_MODE, &m->mode) ||
	    !read_field(header, FIELD_FILE_SIZE, &m->size) ||
	    !read_field(header, FIELD_NAME_SIZE, &name_size))
		return "boot archive: a number in a member header is not hexadecimal";

	left -= HEADER_LEN;
	if (name_size == 0 || name_size > left)
		return "boot archive: a member's name is empty or reaches behind the memory";
	m->name = (const char *)header + HEADER_LEN;
	if (m->name[name_size - 1] != '\0')
		return "boot archive: a member's name does not end with a zero byte";

	skip = align4(*at + HEADER_LEN + name_size);
	if (skip > limit || m->size > limit - skip)
		return "boot archive: a member's data reach behind the memory: truncated?";
	m->data = base + skip;
	skip = align4(skip + m->size);
	*at = skip < limit ? skip : limit;
	return NULL;
}

GLUE_INIT static const char *take_kernel_cmdline(const struct member *m, struct glue_boot_info *bi)
{
	size_t n = m->size;

	while (n > 0 && (m->data[n - 1] == '\n' || m->data[n - 1] == '\0'))
		n--;
	if (n >= sizeof kernel_cmdline)
		return "boot archive: the kernel's command line is longer than 255 characters";
	kernel_cmdline[n] = '\0';
	while (n-- > 0)
		kernel_cmdline[n] = m->data[n];
	bi->cmdline = kernel_cmdline;
	return NULL;
}

GLUE_INIT static const char *take_module(const struct member *m, struct glue_boot_info *bi)
{
	if ((uintptr_t)m->data % GLUE_PAGE_SIZE != 0)
		return "boot archive: a module is not page-aligned: make it with scripts/mkimage";
	if (bi->modules == GLUE_BOOT_MODULES) {
		bi->modules_cut = true;
		return NULL;
	}
	bi->module[bi->modules++] = (struct glue_boot_module){
	    .start = glue_virt_to_phys(m->data),
	    .size = m->size,
	    .cmdline = m->name,
	};
	return NULL;
}

GLUE_INIT static const char *take_members(const uint8_t *base, size_t limit, size_t *at,
					  struct glue_boot_info *bi)
{
	for (;;) {
		struct member m;
		const char *error = next_member(base, limit, at, &m);

		if (error != NULL)
			return error;
		if (strcmp(m.name, TRAILER) == 0)
			return NULL;
		if (strcmp(m.name, KERNEL_MEMBER) == 0)
			error = take_kernel_cmdline(&m, bi);
		else if ((m.mode & MODE_TYPE) == MODE_REGULAR)
			error = take_module(&m, bi);
		if (error != NULL)
			return error;
	}
}

GLUE_INIT void archive_parse(const void *base, size_t limit, struct glue_boot_info *bi)
{
	size_t end = 0;

	if (!has_magic(base, limit))
		return;
	bi->error = take_members(base, limit, &end, bi);

	/* The modules' command lines stay in the archive for ever. */
	if (bi->mems == GLUE_BOOT_MEMS) {
		bi->mems_cut = true;
		return;
	}
	bi->mem[bi->mems++] = (struct glue_boot_mem){
	    .start = glue_virt_to_phys(base),
	    .end = glue_virt_to_phys(base) + end,
	    .type = GLUE_MEM_BOOT,
	};
}
