/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * meter.c - a QEMU TCG plugin that counts what runs between two program counters.
 *
 * A region begins when its start address is executed and ends when its stop address is
 * (that instruction not counted). In it the meter counts instructions, kernel and user
 * apart, entries into the kernel, and the distinct instruction and data cache lines the
 * kernel touched. It knows nothing of the guest but where its kernel begins, so it works
 * on any system image.
 *
 *   -plugin meter.so,out=FILE,kernel=0xADDR,region=NAME:0xSTART:0xSTOP[,region=...]
 *
 * One line of JSON per pass of a region goes to FILE, in the order they ended.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "qemu_plugin_api.h"

METER_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;
METER_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
				     char **argv);

#define MAX_REGIONS 32

/* A set of cache-line numbers: open addressing, zero means empty (so line + 1 is kept). */
struct lines {
	uint64_t *slot;
	size_t used, size; /* size: a power of two, or 0 */
};

struct region {
	char name[64];
	uint64_t start, stop;
	bool active;
	uint64_t kernel, user, entries;
	struct lines i64, i32, d64, d32;
};

static struct region regions[MAX_REGIONS];
static unsigned n_regions, n_active;
static uint64_t kernel_base = UINT64_MAX;
static bool in_kernel;
static FILE *out;

static void lines_insert(struct lines *l, uint64_t key)
{
	size_t i = (key * 0x9e3779b97f4a7c15u >> 20) & (l->size - 1);

	while (l->slot[i] && l->slot[i] != key)
		i = (i + 1) & (l->size - 1);
	if (!l->slot[i]) {
		l->slot[i] = key;
		l->used++;
	}
}

static void lines_add(struct lines *l, uint64_t line)
{
	if (l->used * 2 >= l->size) {
		struct lines bigger = {.size = l->size ? l->size * 2 : 256};

		bigger.slot = calloc(bigger.size, sizeof(*bigger.slot));
		if (!bigger.slot)
			abort();
		for (size_t i = 0; i < l->size; i++)
			if (l->slot[i])
				lines_insert(&bigger, l->slot[i]);
		free(l->slot);
		*l = bigger;
	}
	lines_insert(l, line + 1);
}

static void lines_clear(struct lines *l)
{
	free(l->slot);
	memset(l, 0, sizeof(*l));
}

static void region_begin(unsigned vcpu, void *udata)
{
	struct region *r = udata;

	(void)vcpu;
	if (!r->active)
		n_active++;
	r->active = true;
	r->kernel = r->user = r->entries = 0;
	lines_clear(&r->i64);
	lines_clear(&r->i32);
	lines_clear(&r->d64);
	lines_clear(&r->d32);
}

static void region_end(unsigned vcpu, void *udata)
{
	struct region *r = udata;

	(void)vcpu;
	if (!r->active)
		return;
	r->active = false;
	n_active--;
	fprintf(out,
		"{\"region\": \"%s\", \"kernel\": %" PRIu64 ", \"user\": %" PRIu64
		", \"entries\": %" PRIu64 ", \"ilines64\": %zu, \"ilines32\": %zu"
		", \"dlines64\": %zu, \"dlines32\": %zu}\n",
		r->name, r->kernel, r->user, r->entries, r->i64.used, r->i32.used, r->d64.used,
		r->d32.used);
	fflush(out);
}

static void count_insn(unsigned vcpu, void *udata)
{
	uint64_t pc = (uintptr_t)udata;
	bool kernel = pc >= kernel_base;

	(void)vcpu;
	if (n_active) {
		for (unsigned i = 0; i < n_regions; i++) {
			struct region *r = &regions[i];

			if (!r->active)
				continue;
			if (!kernel) {
				r->user++;
				continue;
			}
			r->kernel++;
			r->entries += !in_kernel;
			lines_add(&r->i64, pc >> 6);
			lines_add(&r->i32, pc >> 5);
		}
	}
	in_kernel = kernel;
}

static void count_access(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *udata)
{
	(void)vcpu;
	(void)info;
	(void)udata;
	if (!n_active)
		return;
	for (unsigned i = 0; i < n_regions; i++) {
		if (!regions[i].active)
			continue;
		lines_add(&regions[i].d64, vaddr >> 6);
		lines_add(&regions[i].d32, vaddr >> 5);
	}
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	for (size_t n = 0; n < qemu_plugin_tb_n_insns(tb); n++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, n);
		uint64_t pc = qemu_plugin_insn_vaddr(insn);

		for (unsigned i = 0; i < n_regions; i++)
			if (regions[i].stop == pc)
				qemu_plugin_register_vcpu_insn_exec_cb(
				    insn, region_end, QEMU_PLUGIN_CB_NO_REGS, &regions[i]);
		for (unsigned i = 0; i < n_regions; i++)
			if (regions[i].start == pc)
				qemu_plugin_register_vcpu_insn_exec_cb(
				    insn, region_begin, QEMU_PLUGIN_CB_NO_REGS, &regions[i]);
		qemu_plugin_register_vcpu_insn_exec_cb(insn, count_insn, QEMU_PLUGIN_CB_NO_REGS,
						       (void *)(uintptr_t)pc);
		if (pc >= kernel_base)
			qemu_plugin_register_vcpu_mem_cb(insn, count_access, QEMU_PLUGIN_CB_NO_REGS,
							 QEMU_PLUGIN_MEM_RW, NULL);
	}
}

static void finished(qemu_plugin_id_t id, void *udata)
{
	(void)id;
	(void)udata;
	fclose(out);
}

static bool parse_region(const char *text)
{
	struct region *r = &regions[n_regions];

	if (n_regions == MAX_REGIONS ||
	    sscanf(text, "%63[^:]:%" SCNx64 ":%" SCNx64, r->name, &r->start, &r->stop) != 3)
		return false;
	n_regions++;
	return true;
}

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		bool ok = false;

		if (!strncmp(argv[i], "out=", 4))
			ok = (out = fopen(argv[i] + 4, "w"));
		else if (!strncmp(argv[i], "kernel=", 7))
			ok = sscanf(argv[i] + 7, "%" SCNx64, &kernel_base) == 1;
		else if (!strncmp(argv[i], "region=", 7))
			ok = parse_region(argv[i] + 7);
		if (!ok) {
			fprintf(stderr,
				"meter: bad argument '%s': out=FILE, kernel=0xADDR, "
				"region=NAME:0xSTART:0xSTOP (at most %d)\n",
				argv[i], MAX_REGIONS);
			return -1;
		}
	}
	if (!out || !n_regions) {
		fprintf(stderr, "meter: out= and at least one region= are needed\n");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, finished, NULL);
	return 0;
}
