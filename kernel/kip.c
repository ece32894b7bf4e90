/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * kip.c - the kernel interface page, and behind it, in the same area: strings, memory
 * descriptors, boot records. Written once, at boot.
 */
#include <kernel/boot.h>
#include <kernel/kmem.h>

#define KIP_BYTES ((size_t)1 << ABI_KIP_AREA_LOG2)

/* Offset of the first byte of the area that is not used. */
GLUE_INIT_BSS static size_t used;

/* Place `size` bytes. NULL: the area is full. */
GLUE_INIT static void *place(size_t size)
{
	void *p = (char *)k_kip + used;

	if (size > KIP_BYTES - used)
		return NULL;
	used += (size + sizeof(word_t) - 1) & ~(sizeof(word_t) - 1);
	return p;
}

GLUE_INIT static word_t offset_of(const void *p)
{
	return (word_t)p - (word_t)k_kip;
}

/* ---- strings: they come first, and fit ----------------------------------------------- */

/* The version string and the features; a literal with its 0 each, an empty one at the end. */
GLUE_INIT static void put_strings(void)
{
	static const char version[] = "Cobnut " CONFIG_VERSION;
	static const char features[] = GLUE_ARCH_NAME "\0" CONFIG_BUILD "\0notify\0";
	void *p = place(sizeof(version));

	boot_copy(p, version, sizeof(version));
	k_kip->version_string = offset_of(p);
	p = place(sizeof(features));
	boot_copy(p, features, sizeof(features));
	k_kip->features = offset_of(p);
}

/* ---- memory descriptors: where two overlap, the later holds -------------------------- */

GLUE_INIT static void put_descriptor(word_t start, word_t end, unsigned type)
{
	const word_t frames = ~(word_t)0 >> GLUE_PAGE_LOG2; /* that a word can name, less one */
	struct abi_mem_desc *d;

	if (end > frames + 1)
		end = frames + 1;
	if (start >= end)
		return;
	if (k_kip->mem_desc_count == ABI_MEM_DESCS_MAX) {
		k_printf("cobnut: boot: no room for a descriptor of memory %llx-%llx\n",
			 (unsigned long long)frame_address(start),
			 (unsigned long long)frame_address(end) - 1);
		return;
	}
	d = (struct abi_mem_desc *)((char *)k_kip + k_kip->mem_descs) + k_kip->mem_desc_count++;
	d->low = start << GLUE_PAGE_LOG2 | type;
	d->high = (end << GLUE_PAGE_LOG2) - 1;
}

GLUE_INIT static void put_descriptors(const struct ranges *set, unsigned type)
{
	for (unsigned i = 0; i < set->count; i++)
		put_descriptor(set->r[i].start, set->r[i].end, type);
}

GLUE_INIT static void put_memory(const struct boot_memory *mem)
{
	k_kip->mem_descs = offset_of(place(ABI_MEM_DESCS_MAX * sizeof(struct abi_mem_desc)));
	put_descriptor(0, frame_of(GLUE_USER_LAST) + 1, ABI_MEM_VIRTUAL | ABI_MEM_CONVENTIONAL);
	/* Whatever nobody knows of may be a device. */
	put_descriptor(0, frame_of(GLUE_PHYS_LAST) + 1, ABI_MEM_SHARED);
	put_descriptors(&mem->free, ABI_MEM_CONVENTIONAL);
	put_descriptors(&mem->firmware, ABI_MEM_BOOT);
	put_descriptors(&mem->modules, ABI_MEM_BOOT | ABI_MEM_BOOT_MODULE);
	put_descriptor(mem->root.start, mem->root.end, ABI_MEM_BOOT | ABI_MEM_BOOT_ROOT);
	put_descriptors(&mem->kernel, ABI_MEM_RESERVED);
	put_descriptors(&mem->device, ABI_MEM_DEDICATED);
}

/* ---- boot records -------------------------------------------------------------------- */

GLUE_INIT static const struct elf_segment *segment_with(const struct elf_program *e, unsigned prot)
{
	for (unsigned i = 0; i < e->count; i++)
		if (e->segment[i].prot & prot)
			return &e->segment[i];
	return NULL;
}

GLUE_INIT static void describe_root(struct abi_boot_rec *r, const struct elf_program *root)
{
	const struct elf_segment *text = segment_with(root, GLUE_X);
	const struct elf_segment *data = segment_with(root, GLUE_W);

	r->type = ABI_BOOT_SIMPLE_EXEC;
	r->entry = root->entry;
	r->text_start = text->va; /* the entry point is in one */
	r->text_size = text->size;
	if (data) {
		r->data_start = data->va;
		r->data_size = data->size;
	}
}

GLUE_INIT static struct abi_boot_rec *put_record(const struct glue_boot_module *m)
{
	size_t length = 0, start = used;
	struct abi_boot_rec *r = place(sizeof(*r));
	char *text;

	while (m->cmdline[length] && length < KIP_BYTES)
		length++;
	text = r ? place(length + 1) : NULL;
	if (!text) {
		used = start;
		return NULL;
	}
	boot_copy(text, m->cmdline, length);
	text[length] = '\0';
	r->type = ABI_BOOT_MODULE;
	r->version = 1;
	r->start = (word_t)m->start;
	r->size = m->size;
	r->cmdline = (word_t)text - (word_t)r;
	return r;
}

GLUE_INIT static void put_boot_info(const struct glue_boot_info *bi, const struct elf_program *root)
{
	struct abi_boot_info *info = place(sizeof(*info));
	struct abi_boot_rec *last = NULL;

	k_kip->boot_info = offset_of(info);
	info->magic = ABI_BOOT_MAGIC;
	info->version = 1;
	for (unsigned i = 0; i < bi->modules; i++) {
		struct abi_boot_rec *r = put_record(&bi->module[i]);

		if (!r) {
			k_printf("cobnut: boot: no room for boot records of modules %u to %u\n", i,
				 bi->modules - 1);
			break;
		}
		if (i == 0)
			describe_root(r, root);
		if (last)
			last->next = (word_t)r - (word_t)last;
		else
			info->first = (word_t)r - (word_t)info;
		last = r;
		info->count++;
	}
	info->size = (word_t)k_kip + used - (word_t)info;
}

GLUE_INIT void kip_build(const struct glue_boot_info *bi, const struct boot_memory *mem,
			 const struct elf_program *root, word_t utcb_area)
{
	struct abi_kip *k = k_kip; /* all zeros */

	k->magic = ABI_KIP_MAGIC;
	k->api_version = ABI_API_VERSION;
	k->api_flags = GLUE_BIG_ENDIAN | (GLUE_WORD_BITS == 64) << 1;
	k->kernel_id = ABI_KERNEL_ID;
	k->kip_area_log2 = ABI_KIP_AREA_LOG2;
	k->utcb_align_log2 = ABI_UTCB_LOG2;
	k->utcb_size = (word_t)1 << ABI_UTCB_LOG2;
	k->utcb_area_log2 = GLUE_PAGE_LOG2;
	k->page_size_mask = GLUE_PAGE_SIZES;
	k->page_rights = GLUE_PAGE_RIGHTS;
	k->message_registers = ABI_MRS;
	k->processors = CONFIG_CPUS;
	k->thread_user_base = k_user_base;
	k->thread_system_base = k_user_base; /* no thread of the kernel's own is visible */
	k->thread_bits = ABI_TID_NUMBER_BITS;
	k->clock_khz = glue_clock_khz();
	k->sched_precision_us = SCHED_TICK_US;
	k->user_last = GLUE_USER_LAST;
	k->root_utcb_area = utcb_area;
	k->kmem_total = kmem_total_bytes();
	used = sizeof(*k_kip);
	put_strings();
	put_memory(mem);
	put_boot_info(bi, root);
	kmem_publish(&k_kip->kmem_free);
}
