/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * test_boot.c - booting: memory maps, command lines, the root task's ELF file, the KIP; and
 * each way in which a boot image can be wrong, with its message.
 */
#include "harness.h"

static int setup(void **state)
{
	(void)state;
	host_reset();
	boot_prepare();
	return 0;
}

#define BOOT_TEST(f) cmocka_unit_test_setup(f, setup)

static void do_boot(void *arg)
{
	(void)arg;
	host_resume(k_boot(&boot_info));
}

static void assert_boots(void)
{
	int why = host_try(do_boot, NULL);

	if (why != -1)
		fail_msg("halted: %s", host_console());
	assert_running(ROOT);
}

/* Booting ends, with a message that has this in it. */
static void assert_refused(const char *text)
{
	assert_int_equal(host_try(do_boot, NULL), GLUE_HALT_PANIC);
	if (strstr(host_console(), "cobnut: boot: ") == NULL || !strstr(host_console(), text))
		fail_msg("\"%s\" is not in: %s", text, host_console());
	host_reset();
	boot_prepare();
}

static struct abi_mem_desc *descriptor(unsigned i)
{
	return (struct abi_mem_desc *)((char *)k_kip + k_kip->mem_descs) + i;
}

/* What user level may take an address for: the last descriptor that has it counts. */
static unsigned memory_type(word_t pa)
{
	unsigned type = ABI_MEM_UNDEFINED;

	for (unsigned i = 0; i < k_kip->mem_desc_count; i++) {
		const struct abi_mem_desc *d = descriptor(i);

		if (!(d->low & ABI_MEM_VIRTUAL) && (d->low & ~(word_t)0x3ff) <= pa &&
		    pa <= (d->high | 0x3ff))
			type = d->low & 0xff;
	}
	return type;
}

/* ---- what works -------------------------------------------------------------------------------
 */

static void test_root_task(void **state)
{
	struct tcb *root;
	struct glue_mapping m;
	uint32_t insn;
	word_t value;

	(void)state;
	assert_boots();
	root = tcb(ROOT);
	assert_int_equal(root->g.ctx.ip, good_elf.entry);
	assert_int_equal(root->g.prio, PRIO_MAX);
	assert_int_equal(root->g.utcb->pager, NIL);
	assert_int_equal(root->scheduler, ROOT);
	assert_true(root->privileged);
	/* Its segments, with their rights, and zeros behind what was in the file. */
	assert_true(host_user_exec(0x400000, &insn));
	assert_false(host_user_write(0x400000, 1));
	assert_true(host_user_read(0x500000, &value));
	assert_int_equal(value & 0xff, (uint8_t)(0x2000 / 7));
	assert_true(host_user_read(0x500128, &value));
	assert_int_equal(value, 0);
	assert_true(host_user_write(0x502000, 1));
	assert_false(host_user_exec(0x500000, &insn));
	assert_false(host_user_read(0x503000, &value));
	assert_true(glue_lookup(root->g.space, 0x500000, &m));
	assert_int_equal(m.prot, GLUE_R | GLUE_W);
	assert_console("cobnut 0.1.0 host ");
}

static void test_kip(void **state)
{
	const struct abi_boot_info *bi;
	const struct abi_boot_rec *r;

	(void)state;
	boot_info.module[1] = (struct glue_boot_module){host_frame(12), 0x234, "data  with words"};
	boot_info.module[2] = (struct glue_boot_module){host_frame(12), 1, ""};
	boot_info.modules = 3;
	assert_boots();
	assert_int_equal(k_kip->magic, ABI_KIP_MAGIC);
	assert_int_equal(k_kip->api_flags, GLUE_WORD_BITS == 64 ? 2 : 0);
	assert_int_equal(k_kip->page_size_mask, GLUE_PAGE_SIZES);
	assert_int_equal(k_kip->thread_user_base, k_user_base);
	assert_int_equal(k_kip->clock_khz, glue_clock_khz());
	assert_int_equal(k_kip->kmem_free, kmem_free_bytes());
	assert_non_null(strstr((char *)k_kip + k_kip->version_string, CONFIG_VERSION));
	assert_string_equal((char *)k_kip + k_kip->features, "host");

	bi = (const void *)((char *)k_kip + k_kip->boot_info);
	assert_int_equal(bi->magic, ABI_BOOT_MAGIC);
	assert_int_equal(bi->count, 3);
	r = (const void *)((const char *)bi + bi->first);
	assert_int_equal(r->type, ABI_BOOT_SIMPLE_EXEC);
	assert_int_equal(r->entry, good_elf.entry);
	assert_int_equal(r->text_start, 0x400000);
	assert_int_equal(r->data_start, 0x500000);
	assert_string_equal((const char *)r + r->cmdline, "root one two");
	r = (const void *)((const char *)r + r->next);
	assert_int_equal(r->type, ABI_BOOT_MODULE);
	assert_int_equal(r->start, boot_info.module[1].start);
	assert_int_equal(r->size, 0x234);
	assert_string_equal((const char *)r + r->cmdline, "data  with words");
	r = (const void *)((const char *)r + r->next);
	assert_string_equal((const char *)r + r->cmdline, "");
	assert_int_equal(r->next, 0);
}

static void test_memory_descriptors(void **state)
{
	struct glue_mapping m;

	(void)state;
	boot_info.mem[1] = (struct glue_boot_mem){HOST_RAM_START + 0x100001,
						  HOST_RAM_START + 0x180001, GLUE_MEM_KERNEL};
	boot_info.mem[2] = (struct glue_boot_mem){0xf0000000, 0xf0001000, GLUE_MEM_DEVICE};
	boot_info.mem[4] =
	    (struct glue_boot_mem){HOST_RAM_START, HOST_RAM_START + 0x10000, GLUE_MEM_BOOT};
	boot_info.mem[3] = (struct glue_boot_mem){HOST_RAM_START + 0x200000,
						  HOST_RAM_START + 0x200801, GLUE_MEM_BOOT};
	boot_info.mems = 5;
	assert_boots();
	assert_int_equal(memory_type(HOST_RAM_START + 0x101000), ABI_MEM_RESERVED);
	assert_int_equal(memory_type(HOST_RAM_START + 0x180fff), ABI_MEM_RESERVED);
	assert_int_equal(memory_type(HOST_RAM_START + 0x181000), ABI_MEM_CONVENTIONAL);
	assert_int_equal(memory_type(0xf0000000), ABI_MEM_DEDICATED);
	assert_int_equal(memory_type(0xf0001000), ABI_MEM_SHARED);
	assert_int_equal(memory_type(HOST_RAM_START + 0x200000), ABI_MEM_BOOT);
	assert_int_equal(memory_type((word_t)boot_info.module[0].start),
			 ABI_MEM_BOOT | ABI_MEM_BOOT_MODULE);
	assert_int_equal(memory_type((word_t)glue_virt_to_phys(k_kip)), ABI_MEM_RESERVED);
	assert_true(glue_lookup(tcb(ROOT)->g.space, 0x400000, &m));
	assert_true(m.pa >= HOST_RAM_START + 0x10000);
	assert_int_equal(memory_type((word_t)m.pa), ABI_MEM_BOOT | ABI_MEM_BOOT_ROOT);
	/* And what is the kernel's can't be mapped. */
	assert_fails(map_one(ROOT, 0x40000000, 12, GLUE_R, HOST_RAM_START + 0x180000, 0),
		     ABI_ERR_PARAM);
	assert_fails(map_one(ROOT, 0x40000000, 12, GLUE_R, 0xf0000000, 0), ABI_ERR_PARAM);
	assert_succeeds(map_one(ROOT, 0x40000000, 12, GLUE_R, HOST_RAM_START + 0x181000, 0));
}

static void test_absurd_memory_maps(void **state)
{
	(void)state;
	boot_info.mem[1] = (struct glue_boot_mem){5, 3, GLUE_MEM_RAM};
	boot_info.mem[2] = (struct glue_boot_mem){0x1000, 0x1000, GLUE_MEM_KERNEL};
	boot_info.mem[3] = (struct glue_boot_mem){0x1234, 0x1235, GLUE_MEM_RAM};
	boot_info.mem[4] = (struct glue_boot_mem){(paddr_t)-0x5000, (paddr_t)-1, GLUE_MEM_RAM};
	boot_info.mem[5] = (struct glue_boot_mem){(paddr_t)-0x800, (paddr_t)-1, GLUE_MEM_BOOT};
	boot_info.mem[6] = boot_info.mem[0];
	boot_info.mem[7] = (struct glue_boot_mem){0x200000000, 0x300000000, GLUE_MEM_RAM};
	boot_info.mems = 8;
	boot_info.mems_cut = boot_info.modules_cut = true;
	assert_boots();
	assert_console("ends (3) before it begins (5)");
	assert_console("more than 32 entries");
	assert_console("more than 112 modules");
}

static void test_command_line(void **state)
{
	(void)state;
	boot_info.cmdline = "mem=32M kmem=1M other=5 xmem=7";
	assert_boots();
	assert_in_range(kmem_total_bytes(), 0xf0000, 0x100000);
	assert_int_not_equal(memory_type(HOST_RAM_START + 0x2000000), ABI_MEM_CONVENTIONAL);
	setup(state);
	boot_info.cmdline = "kmem=2048K";
	assert_boots();
	assert_in_range(kmem_total_bytes(), 0x1f0000, 0x200000);
	setup(state);
	boot_info.cmdline = "kmem=1048576";
	assert_boots();
	assert_in_range(kmem_total_bytes(), 0xf0000, 0x100000);
	setup(state);
	boot_info.cmdline = "mem=1G"; /* more than there is */
	assert_boots();
	setup(state);
	boot_info.cmdline = "kmem=1";
	assert_refused("no memory: the kernel's pool is too small");
}

static void test_many_modules(void **state)
{
	static char name[200];

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	for (unsigned i = 1; i < GLUE_BOOT_MODULES; i++)
		boot_info.module[i] = (struct glue_boot_module){host_frame(12), 0x1000, name};
	boot_info.modules = GLUE_BOOT_MODULES;
	assert_boots();
	assert_console("no room for boot records of modules");
}

static void test_many_pieces_of_memory(void **state)
{
	(void)state;
	/* Modules in more places than a set of ranges holds. */
	for (unsigned i = 1; i < 100; i++)
		boot_info.module[i] = (struct glue_boot_module){
		    HOST_RAM_START + 0x1000000 + (paddr_t)i * 0x4000, 0x1000, "m"};
	boot_info.modules = 100;
	assert_refused("the modules lie in more than 64 places");
	for (unsigned i = 1; i < 32; i++)
		boot_info.mem[i] =
		    (struct glue_boot_mem){0x100000000 + (paddr_t)i * 0x4000,
					   0x100001000 + (paddr_t)i * 0x4000, GLUE_MEM_RAM};
	boot_info.mems = 32;
	for (unsigned i = 1; i < 40; i++)
		boot_info.module[i] = (struct glue_boot_module){
		    HOST_RAM_START + 0x1000000 + (paddr_t)i * 0x4000, 0x1000, "m"};
	boot_info.modules = 40;
	assert_boots();
	if (GLUE_WORD_BITS == 64)
		assert_console("no room for a descriptor of memory");
}

/* ---- what is refused
 * ----------------------------------------------------------------------------- */

static void test_no_root_task(void **state)
{
	(void)state;
	boot_info.modules = 0;
	assert_refused("no root task in the boot image");
	boot_info.error = "archive: bad magic";
	assert_refused("archive: bad magic");
}

static void test_no_memory(void **state)
{
	(void)state;
	boot_info.mems = 0;
	assert_refused("no memory");
	boot_info.cmdline = "mem=200K";
	assert_refused("no memory: the kernel's pool needs");
	boot_info.cmdline = "mem=264K kmem=256K";
	assert_refused("no memory: the root task needs");
	boot_info.cmdline = "kmem=1G";
	assert_refused("no memory: the kernel's pool needs");
	boot_info.mem[0].end = boot_info.mem[0].start;
	assert_refused("no memory");
}

static void test_bad_command_lines(void **state)
{
	static const char *const bad[] = {"mem=",
					  "mem=x",
					  "mem=5X",
					  "mem=0",
					  "mem=5M5",
					  "mem=-1",
					  "mem=99999999999999999999999",
					  "kmem=k",
					  "kmem=1T"};

	(void)state;
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		boot_info.cmdline = bad[i];
		assert_refused("= needs a size");
	}
}

static void test_module_out_of_reach(void **state)
{
	(void)state;
	boot_info.module[0].start = GLUE_DIRECT_LAST + 1;
	assert_refused("out of the kernel's reach");
	boot_info.module[0].size = (size_t)GLUE_DIRECT_LAST;
	assert_refused("out of the kernel's reach");
}

/* The root task's file, as `spec` has it. */
static void *root_file(const struct elf_spec *spec)
{
	void *file = glue_phys_to_virt(boot_info.module[0].start);

	boot_info.module[0].size = make_elf(file, spec);
	return file;
}

static void test_not_elf(void **state)
{
	uint8_t *file;
	/* Offsets in the header: the magic, the class, the byte order. */
	static const unsigned at[] = {0, 1, 2, 3, 4, 5};

	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		file = root_file(&good_elf);
		file[at[i]] ^= 0x55;
		assert_refused(i < 4 ? "not an ELF file" : "this kernel needs");
	}
	file = root_file(&good_elf);
	file[4] = GLUE_WORD_BITS == 64 ? 1 : 2;
	assert_refused(GLUE_WORD_BITS == 64 ? "32-bit little-endian" : "64-bit little-endian");
	file = root_file(&good_elf);
	file[5] = 2;
	assert_refused("big-endian");
	file = root_file(&good_elf);
	file[16] = 3;
	assert_refused("ELF type 3");
	file = root_file(&good_elf);
	file[18] = 99;
	assert_refused("for machine 99");
	file = root_file(&good_elf);
	file[GLUE_WORD_BITS == 64 ? 54 : 42]++;
	assert_refused("program headers of");
	for (size_t size = 0; size < 64; size += 21) {
		boot_info.module[0].size = size;
		assert_refused(size < 52 || GLUE_WORD_BITS == 64 ? "not an ELF file" : "truncated");
	}
	file = root_file(&good_elf);
	file[GLUE_WORD_BITS == 64 ? 56 : 44] = 200; /* phnum */
	file[GLUE_WORD_BITS == 64 ? 57 : 45] = 200;
	assert_refused("truncated");
	file = root_file(&good_elf);
	memset(file + (GLUE_WORD_BITS == 64 ? 32 : 28), 0xff, sizeof(word_t)); /* phoff */
	assert_refused("truncated");
}

static void test_bad_segments(void **state)
{
	struct elf_spec spec;

#define WITH(change, text)                                                                         \
	do {                                                                                       \
		spec = good_elf;                                                                   \
		change;                                                                            \
		root_file(&spec);                                                                  \
		assert_refused(text);                                                              \
	} while (0)

	(void)state;
	WITH(spec.segment[0].offset = 0x3900, "truncated");
	WITH(spec.segment[0].offset = KEEP, "truncated");
	WITH(spec.segment[0].file_size = KEEP, "truncated");
	WITH(spec.segment[1].size = 1, "larger in the file than in memory");
	WITH(spec.segment[1].va = GLUE_USER_LAST - 0x1000, "is not all user memory");
	WITH(spec.segment[1].va = GLUE_USER_LAST + 1, "is not all user memory");
	WITH(spec.segment[1].size = KEEP, "is not all user memory");
	WITH(spec.segment[0].flags = 7, "writable and executable");
	WITH(spec.segment[1].flags = 3, "writable and executable");
	WITH(spec.segment[1].flags = 0, "gives no rights");
	WITH(spec.segment[1].va = 0x400400, "overlap, or share a page");
	WITH(spec.segment[1].va = 0x400800, "overlap, or share a page");
	WITH(spec.segment[1].va = 0x3ff000, "overlap, or share a page");
	WITH(spec.segment[1].type = 3, "linked dynamically");
	WITH(spec.entry = 0x400800, "is in no executable segment");
	WITH(spec.entry = 0x500000, "is in no executable segment");
	WITH(spec.entry = 0, "is in no executable segment");
	WITH(spec.segments = 0, "is in no executable segment");
	WITH(spec.segment[1].va = GLUE_USER_LAST + 1 - 0x1000000,
	     "overlaps the kernel interface page");
	WITH(spec.segment[1].va = GLUE_USER_LAST + 1 - 0x800000,
	     "overlaps the kernel interface page");
	WITH(
	    {
		    spec.segments = 9;
		    for (unsigned i = 2; i < 9; i++) {
			    spec.segment[i] = spec.segment[1];
			    spec.segment[i].va += i * 0x10000;
		    }
	    },
	    "more than 8 segments");
	/* Empty ones and other types don't count. */
	spec = good_elf;
	spec.segments = 10;
	for (unsigned i = 2; i < 10; i++) {
		spec.segment[i] = spec.segment[1];
		spec.segment[i].va += i * 0x10000;
		if (i & 1)
			spec.segment[i].size = 0;
		else
			spec.segment[i].type = 0x6474e551;
	}
	root_file(&spec);
	assert_boots();
}

/* The pool too small for each of the things that booting needs. */
static void test_no_memory_in_the_pool(void **state)
{
	unsigned n;

	for (n = 1; n < 100; n++) {
		setup(state);
		host_fail_alloc(n, true);
		if (host_try(do_boot, NULL) == -1)
			break;
		assert_console("no memory: the ");
		assert_console("kmem= makes it larger");
	}
	assert_in_range(n, 5, 99);
	assert_running(ROOT);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    BOOT_TEST(test_root_task),
	    BOOT_TEST(test_kip),
	    BOOT_TEST(test_memory_descriptors),
	    BOOT_TEST(test_absurd_memory_maps),
	    BOOT_TEST(test_command_line),
	    BOOT_TEST(test_many_modules),
	    BOOT_TEST(test_many_pieces_of_memory),
	    BOOT_TEST(test_no_root_task),
	    BOOT_TEST(test_no_memory),
	    BOOT_TEST(test_bad_command_lines),
	    BOOT_TEST(test_module_out_of_reach),
	    BOOT_TEST(test_not_elf),
	    BOOT_TEST(test_bad_segments),
	    BOOT_TEST(test_no_memory_in_the_pool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
