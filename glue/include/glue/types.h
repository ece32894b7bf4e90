/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * glue/types.h - the types that both sides of the contract use.
 */
#ifndef GLUE_TYPES_H
#define GLUE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uintptr_t word_t;
typedef intptr_t sword_t;
typedef uint64_t paddr_t;

#include <arch/glue_types.h>

/* The last physical address that a mapping can name. A port that knows more says so. */
#ifndef GLUE_PHYS_LAST
#define GLUE_PHYS_LAST ((paddr_t)0xffffffff)
#endif

#define MUSTUSE __attribute__((warn_unused_result))

/* Code that nobody calls once k_boot has returned. A port may give its memory away, as
 * GLUE_MEM_BOOT; one that doesn't need not know of the section. */
#define GLUE_INIT __attribute__((section(".text.init")))

/* Likewise of variables that are 0 at first. The two dots keep the section apart from those that a
 * compiler makes. */
#define GLUE_INIT_BSS __attribute__((section(".bss..init")))

enum glue_err {
	GLUE_OK,
	GLUE_ENOMEM, /* the kernel's pool is exhausted; nothing changed */
	GLUE_EINVAL, /* an argument the hardware can't honour; nothing changed */
	GLUE_ENOSYS  /* this port has no such thing; nothing changed */
};

/* Rights and attributes of a mapping. X, W, R have the interface's values. */
enum glue_prot { GLUE_X = 1, GLUE_W = 2, GLUE_R = 4, GLUE_RWX = 7 };
enum glue_attr { GLUE_CACHED, GLUE_UNCACHED, GLUE_WC, GLUE_DEVICE, GLUE_ATTRS };

#endif
