/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * glue/boot.h - what a port tells the kernel at boot.
 */
#ifndef GLUE_BOOT_H
#define GLUE_BOOT_H

#include <glue/types.h>

enum glue_mem_type {
	GLUE_MEM_RAM,    /* usable memory; may overlap the others, which win */
	GLUE_MEM_KERNEL, /* the kernel's image and boot data it still needs: never mappable */
	GLUE_MEM_DEVICE, /* device registers the kernel keeps for itself: never mappable */
	GLUE_MEM_BOOT    /* firmware's or loader's data, and what booting leaves of the image */
};

#define GLUE_BOOT_MEMS    32
#define GLUE_BOOT_MODULES 112

struct glue_boot_mem {
	paddr_t start, end; /* end: first address behind; any alignment */
	enum glue_mem_type type;
};

struct glue_boot_module {
	paddr_t start;       /* page-aligned, below GLUE_DIRECT_LAST */
	size_t size;         /* bytes */
	const char *cmdline; /* name and arguments; kernel address, lasts for ever */
};

/* Entry 0 of the modules is the root task. The modules need no memory entry of their own. */
struct glue_boot_info {
	const char *cmdline; /* of the kernel; never NULL */
	const char *error;   /* not NULL: what was wrong with the boot image, in words */
	unsigned mems, modules;
	bool mems_cut, modules_cut; /* there were more than fit */
	struct glue_boot_mem mem[GLUE_BOOT_MEMS];
	struct glue_boot_module module[GLUE_BOOT_MODULES];
};

#endif
