/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * abi/kip.h - layout of the kernel interface page, which every space sees read-only
 * in its KIP area, and of the boot information behind it.
 */
#ifndef L4_ABI_KIP_H
#define L4_ABI_KIP_H
#include <stdint.h>
#include "const.h"

typedef uintptr_t abi_word_t;

#define ABI_KIP_MAGIC   0x4be6344cul /* 'L', '4', 230, 'K' in little-endian order */
#define ABI_BOOT_MAGIC  0x14b0021dul
#define ABI_MEM_DESCS_MAX 64

/* Memory descriptor types (low four bits of `low`; bit 9: virtual, not physical). */
#define ABI_MEM_UNDEFINED    0
#define ABI_MEM_CONVENTIONAL 1 /* RAM, free for the root task to hand out */
#define ABI_MEM_RESERVED     2 /* the kernel's own: can't be mapped */
#define ABI_MEM_DEDICATED    3 /* devices the kernel keeps for itself: can't be mapped */
#define ABI_MEM_SHARED       4 /* available to all, device memory */
#define ABI_MEM_BOOT         0xe /* loaded at boot: root task image and modules */
#define ABI_MEM_ARCH         0xf
#define ABI_MEM_VIRTUAL      0x200
/* Sub-type in bits 4-7 for ABI_MEM_BOOT. */
#define ABI_MEM_BOOT_ROOT    0x10 /* frames of the root task's segments */
#define ABI_MEM_BOOT_MODULE  0x20 /* a boot module, see the boot records */

/* `low`: start address (1 KiB granules, bits 10 and up) | flags and type;
 * `high`: last address with the low ten bits read as ones. */
struct abi_mem_desc {
	abi_word_t low, high;
};

struct abi_kip {
	abi_word_t magic;
	abi_word_t api_version;
	abi_word_t api_flags;       /* bit 0: big-endian; bit 1: 64-bit words */
	abi_word_t kernel_id;
	abi_word_t kip_area_log2;
	abi_word_t utcb_align_log2;
	abi_word_t utcb_size;       /* bytes */
	abi_word_t utcb_area_log2;  /* smallest UTCB area */
	abi_word_t page_size_mask;  /* bit n: pages of 2^n bytes */
	abi_word_t page_rights;     /* rwx that can be told apart */
	abi_word_t message_registers;
	abi_word_t processors;
	abi_word_t thread_user_base;   /* first user thread number: the root task's */
	abi_word_t thread_system_base; /* first number that is not an interrupt line's */
	abi_word_t thread_bits;        /* valid bits of a thread number */
	abi_word_t clock_khz;          /* scheduling clock */
	abi_word_t sched_precision_us; /* smallest slice; also the unit slices are rounded to */
	abi_word_t user_last;          /* last user address */
	abi_word_t root_utcb_area;     /* fpage */
	abi_word_t boot_info;          /* offset in bytes from the KIP to struct abi_boot_info */
	abi_word_t mem_descs;          /* offset in bytes to the descriptors */
	abi_word_t mem_desc_count;
	abi_word_t version_string;     /* offset; zero-terminated */
	abi_word_t features;           /* offset; zero-terminated strings, an empty one ends */
	abi_word_t kmem_free;          /* bytes free in the kernel's pool; changes all the time */
	abi_word_t kmem_total;
};

/* Boot records: all offsets count bytes from the record itself. */
#define ABI_BOOT_MODULE      1 /* data */
#define ABI_BOOT_SIMPLE_EXEC 2 /* the root task */
struct abi_boot_rec {
	abi_word_t type;
	abi_word_t version;
	abi_word_t next;     /* offset of the next record; 0 in the last */
	abi_word_t start;    /* physical address */
	abi_word_t size;     /* bytes */
	abi_word_t cmdline;  /* offset of the name and arguments, zero-terminated */
	abi_word_t text_start, text_size, data_start, data_size, entry; /* SIMPLE_EXEC only */
};
struct abi_boot_info {
	abi_word_t magic;
	abi_word_t version;
	abi_word_t size;     /* of the whole structure, bytes */
	abi_word_t first;    /* offset from this structure to the first record; 0: none */
	abi_word_t count;
};

/* The UTCB by name; the indices are in const.h. */
struct abi_utcb {
	abi_word_t my_id, processor, handle, pager, exc_handler, error, acceptor;
	abi_word_t notify_mask, notify_bits;
	abi_word_t preempt_flags, preempt_ip, preempted_ip;
	abi_word_t tls[ABI_UTCB_TLS_WORDS];
	abi_word_t sysarg[ABI_UTCB_SYSARG_WORDS];
	abi_word_t reserved[8];
	abi_word_t mr[ABI_MRS];
	abi_word_t reserved2[32];
};
#endif
