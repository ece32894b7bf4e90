/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * common/archive.h - the boot modules of machines without a boot loader that knows
 * modules: a cpio archive in the kernel's image, made by scripts/mkimage.
 *
 * The archive is of the "newc" kind. A member's name is the module's whole command line,
 * padded with zero bytes so that the data begin at a page. The member ".cmdline" holds the
 * kernel's own command line.
 */
#ifndef COMMON_ARCHIVE_H
#define COMMON_ARCHIVE_H

#include <glue/boot.h>

#define ARCHIVE_ALIGN 0x10000 /* the archive starts at this boundary behind the kernel */

/* Enter the members of the archive at kernel address `base`, of which at most `limit`
 * bytes exist, into `bi`: modules, command line, and a memory entry for the whole; and
 * the text of what is wrong with it, if anything. No archive there: nothing changes. */
void archive_parse(const void *base, size_t limit, struct glue_boot_info *bi);

#endif
