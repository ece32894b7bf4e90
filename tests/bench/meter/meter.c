/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * meter.c - a QEMU TCG plugin that counts what runs between two program counters.
 *
 * A region begins when its start address is executed and ends when its stop address is
 * (that instruction not counted). In it the meter counts
 *
 * - instructions, kernel and user apart, and of the user's those in the stubs;
 * - the distinct instruction and data cache lines the kernel touched;
 * - each stay in the kernel, from its first instruction to the last before user mode: where
 *   it came from, entered and left to, its instructions, lines, and bytes stored. Stays that
 *   are alike are one entry with a count;
 * - the longest stretch of kernel instructions without a point: from a stay's first
 *   instruction, or a point, to the next point, or the stay's end. Points are the addresses
 *   where the kernel looks whether an interrupt is pending.
 *
 * It knows nothing of the guest but where its kernel begins, so it works on any system image.
 *
 *   -plugin meter.so,out=FILE,kernel=0xADDR,region=NAME:0xSTART:0xSTOP[,region=...]
 *            [,stubs=0xSTART:0xSTOP][,points=FILE][,trace=FILE]
 *
 * points names a file with one hexadecimal address per line. One line of JSON per pass of a
 * region goes to out, in the order they ended. A stay that was under way when the region
 * began is in the sums, but is no entry of its own. To trace go the addresses of each
 * instruction of each stay that is not like one before it in its region: a line of JSON each.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "footprint.h"
#include "qemu_plugin_api.h"

METER_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;
METER_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
				     char **argv);

#define MAX_REGIONS 32
#define MAX_POINTS  4096
#define MAX_TRACE   65536 /* instructions of a stay; what is behind them is not traced */

/* What is kept of a stay in the kernel. */
struct stay {
	uint64_t from, entry, exit; /* program counters: the last of the user, ... */
	uint64_t insn, stored;
	uint64_t i64, d64, i32, d32;
};

struct stays {
	struct stay stay;
	uint64_t count;
};

struct stretch {
	uint64_t insn, from, to;
};

struct region {
	char name[64];
	uint64_t start, stop;
	bool active;
	uint64_t kernel, user, stub, entries;
	struct footprint touched;
	struct stretch longest; /* anywhere */
	struct stretch last;    /* of those from a point to the end of a stay */
	struct stays *stays;
	size_t n_stays, max_stays;
};

static struct region regions[MAX_REGIONS];
static unsigned n_regions, n_active;
static uint64_t kernel_base = UINT64_MAX, stubs_start, stubs_stop;
static uint64_t points[MAX_POINTS];
static unsigned n_points;
static FILE *out, *trace;

/* The stay under way: whole, if its beginning was seen. */
static struct stay now;
static struct footprint now_touched;
static struct stretch now_stretch;
static bool in_kernel, whole, after_point;
static uint64_t last_user;
static uint64_t executed[MAX_TRACE]; /* now.insn of them, if they are traced */

static void stretch_begin(uint64_t pc, bool point)
{
	now_stretch.insn = 0;
	now_stretch.from = pc;
	after_point = point;
}

static void stretch_end(uint64_t pc, bool stay_ends)
{
	now_stretch.to = pc;
	for (unsigned i = 0; i < n_regions; i++) {
		struct region *r = &regions[i];

		if (!r->active)
			continue;
		if (now_stretch.insn > r->longest.insn)
			r->longest = now_stretch;
		if (stay_ends && after_point && now_stretch.insn > r->last.insn)
			r->last = now_stretch;
	}
}

static void stay_begin(uint64_t pc)
{
	memset(&now, 0, sizeof(now));
	now.from = last_user;
	now.entry = pc;
	footprint_clear(&now_touched);
	whole = true;
	stretch_begin(pc, false);
}

/* The stay that has just ended. */
static void put_trace(void)
{
	uint64_t n = now.insn < MAX_TRACE ? now.insn : MAX_TRACE;

	fprintf(trace, "[%" PRIu64 ", %" PRIu64 ", %" PRIu64 ", %" PRIu64, now.from, now.entry,
		now.exit, now.insn);
	for (uint64_t i = 0; i < n; i++)
		fprintf(trace, ", %" PRIu64, executed[i]);
	fprintf(trace, "]\n");
}

static void stays_add(struct region *r)
{
	for (size_t i = 0; i < r->n_stays; i++) {
		if (!memcmp(&r->stays[i].stay, &now, sizeof(now))) {
			r->stays[i].count++;
			return;
		}
	}
	if (r->n_stays == r->max_stays) {
		r->max_stays = r->max_stays ? r->max_stays * 2 : 64;
		r->stays = realloc(r->stays, r->max_stays * sizeof(*r->stays));
		if (!r->stays)
			abort();
	}
	r->stays[r->n_stays++] = (struct stays){now, 1};
	if (trace)
		put_trace();
}

static void stay_end(uint64_t pc)
{
	stretch_end(pc, true);
	now.exit = pc;
	now.i64 = now_touched.i64.used;
	now.i32 = now_touched.i32.used;
	now.d64 = now_touched.d64.used;
	now.d32 = now_touched.d32.used;
	for (unsigned i = 0; i < n_regions && whole; i++)
		if (regions[i].active)
			stays_add(&regions[i]);
}

static void region_begin(unsigned vcpu, void *udata)
{
	struct region *r = udata;

	(void)vcpu;
	if (!r->active && n_active++ == 0)
		whole = false;
	r->active = true;
	r->kernel = r->user = r->stub = r->entries = 0;
	footprint_clear(&r->touched);
	r->longest = r->last = (struct stretch){0};
	r->n_stays = 0;
}

static void put_stretch(const char *name, const struct stretch *s)
{
	fprintf(out, ", \"%s\": [%" PRIu64 ", %" PRIu64 ", %" PRIu64 "]", name, s->insn, s->from,
		s->to);
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
		", \"stub\": %" PRIu64 ", \"entries\": %" PRIu64
		", \"ilines64\": %zu, \"dlines64\": %zu, \"ilines32\": %zu, \"dlines32\": %zu",
		r->name, r->kernel, r->user, r->stub, r->entries, r->touched.i64.used,
		r->touched.d64.used, r->touched.i32.used, r->touched.d32.used);
	put_stretch("longest", &r->longest);
	put_stretch("last", &r->last);
	fprintf(out, ", \"stays\": [");
	for (size_t i = 0; i < r->n_stays; i++) {
		const struct stay *s = &r->stays[i].stay;

		fprintf(out,
			"%s[%" PRIu64 ", %" PRIu64 ", %" PRIu64 ", %" PRIu64 ", %" PRIu64
			", %" PRIu64 ", %" PRIu64 ", %" PRIu64 ", %" PRIu64 ", %" PRIu64 "]",
			i ? ", " : "", r->stays[i].count, s->from, s->entry, s->exit, s->insn,
			s->i64, s->d64, s->i32, s->d32, s->stored);
	}
	fprintf(out, "]}\n");
	fflush(out);
}

static void point(unsigned vcpu, void *udata)
{
	uint64_t pc = (uintptr_t)udata;

	(void)vcpu;
	if (!n_active || !in_kernel)
		return;
	stretch_end(pc, false);
	stretch_begin(pc, true);
}

static void count_kernel(unsigned vcpu, void *udata)
{
	uint64_t pc = (uintptr_t)udata;
	bool entered = !in_kernel;

	(void)vcpu;
	in_kernel = true;
	if (!n_active)
		return;
	if (entered)
		stay_begin(pc);
	if (trace && now.insn < MAX_TRACE)
		executed[now.insn] = pc;
	now.insn++;
	now_stretch.insn++;
	footprint_insn(&now_touched, pc);
	for (unsigned i = 0; i < n_regions; i++) {
		struct region *r = &regions[i];

		if (!r->active)
			continue;
		r->kernel++;
		r->entries += entered;
		footprint_insn(&r->touched, pc);
	}
}

static void count_user(unsigned vcpu, void *udata)
{
	uint64_t pc = (uintptr_t)udata;
	bool stub = pc >= stubs_start && pc < stubs_stop;

	(void)vcpu;
	if (in_kernel && n_active)
		stay_end(pc);
	in_kernel = false;
	last_user = pc;
	for (unsigned i = 0; n_active && i < n_regions; i++) {
		regions[i].user += regions[i].active;
		regions[i].stub += regions[i].active && stub;
	}
}

static void count_access(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *udata)
{
	uint64_t size = (uint64_t)1 << qemu_plugin_mem_size_shift(info);

	(void)vcpu;
	(void)udata;
	if (!n_active)
		return;
	if (qemu_plugin_mem_is_store(info))
		now.stored += size;
	footprint_data(&now_touched, address, address + size - 1);
	for (unsigned i = 0; i < n_regions; i++)
		if (regions[i].active)
			footprint_data(&regions[i].touched, address, address + size - 1);
}

static bool is_point(uint64_t pc)
{
	for (unsigned i = 0; i < n_points; i++)
		if (points[i] == pc)
			return true;
	return false;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	for (size_t n = 0; n < qemu_plugin_tb_n_insns(tb); n++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, n);
		uint64_t pc = qemu_plugin_insn_vaddr(insn);
		void *udata = (void *)(uintptr_t)pc;

		for (unsigned i = 0; i < n_regions; i++)
			if (regions[i].stop == pc)
				qemu_plugin_register_vcpu_insn_exec_cb(
				    insn, region_end, QEMU_PLUGIN_CB_NO_REGS, &regions[i]);
		for (unsigned i = 0; i < n_regions; i++)
			if (regions[i].start == pc)
				qemu_plugin_register_vcpu_insn_exec_cb(
				    insn, region_begin, QEMU_PLUGIN_CB_NO_REGS, &regions[i]);
		if (pc < kernel_base) {
			qemu_plugin_register_vcpu_insn_exec_cb(insn, count_user,
							       QEMU_PLUGIN_CB_NO_REGS, udata);
			continue;
		}
		qemu_plugin_register_vcpu_insn_exec_cb(insn, count_kernel, QEMU_PLUGIN_CB_NO_REGS,
						       udata);
		if (is_point(pc))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, point, QEMU_PLUGIN_CB_NO_REGS,
							       udata);
		qemu_plugin_register_vcpu_mem_cb(insn, count_access, QEMU_PLUGIN_CB_NO_REGS,
						 QEMU_PLUGIN_MEM_RW, NULL);
	}
}

static void finished(qemu_plugin_id_t id, void *udata)
{
	(void)id;
	(void)udata;
	fclose(out);
	if (trace)
		fclose(trace);
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

static bool read_points(const char *name)
{
	FILE *file = fopen(name, "r");
	int found = 1;

	if (!file)
		return false;
	while (n_points < MAX_POINTS && found == 1) {
		found = fscanf(file, "%" SCNx64, &points[n_points]);
		n_points += found == 1;
	}
	found = feof(file);
	fclose(file);
	return found;
}

static bool parse(const char *arg)
{
	if (!strncmp(arg, "out=", 4))
		return (out = fopen(arg + 4, "w")) != NULL;
	if (!strncmp(arg, "kernel=", 7))
		return sscanf(arg + 7, "%" SCNx64, &kernel_base) == 1;
	if (!strncmp(arg, "stubs=", 6))
		return sscanf(arg + 6, "%" SCNx64 ":%" SCNx64, &stubs_start, &stubs_stop) == 2;
	if (!strncmp(arg, "points=", 7))
		return read_points(arg + 7);
	if (!strncmp(arg, "trace=", 6))
		return (trace = fopen(arg + 6, "w")) != NULL;
	return !strncmp(arg, "region=", 7) && parse_region(arg + 7);
}

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		if (parse(argv[i]))
			continue;
		fprintf(stderr,
			"meter: bad argument '%s': out=FILE, kernel=0xADDR, "
			"region=NAME:0xSTART:0xSTOP (at most %d), stubs=0xSTART:0xSTOP, "
			"points=FILE (at most %d), trace=FILE\n",
			argv[i], MAX_REGIONS, MAX_POINTS - 1);
		return -1;
	}
	if (!out || !n_regions) {
		fprintf(stderr, "meter: out= and at least one region= are needed\n");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, finished, NULL);
	return 0;
}
