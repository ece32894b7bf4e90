/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * guest.c - a root task that ends, or doesn't, as its first argument says. The boot tests, and
 * the tests of the scripts that judge a boot, run it.
 */
#include <l4/bootinfo.h>
#include <l4/kip.h>
#include <rt/exit.h>
#include <rt/stdio.h>
#include <rt/string.h>

#define HANG_LINES 30 /* more than the scripts show of a guest that hangs */

/* `forever` is volatile, so that the compiler can't assume the loop to end. */
static void hang(volatile int *forever)
{
	for (int i = 1; i <= HANG_LINES; i++)
		printf("guest: line %d\n", i);
	while (*forever)
		;
}

/* Name the modules, in the order in which the kernel tells of them. */
static int count_modules(void)
{
	const void *info = (const void *)L4_BootInfo(L4_GetKernelInterface());
	const L4_BootRec_t *rec = L4_BootInfo_Valid(info) ? L4_BootInfo_FirstEntry(info) : NULL;
	unsigned long n = 0;

	for (; rec; rec = L4_BootRec_Next(rec)) {
		if (L4_BootRec_Type(rec) != L4_BootInfo_Module)
			continue;
		if (strcmp(L4_Module_Cmdline(rec), "") == 0)
			return 1;
		n++;
	}
	printf("guest: %lu modules\n", n);
	return 0;
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "ok";
	volatile int forever = 1;
	volatile int *volatile nowhere = (volatile int *)16;

	printf("guest: %s\n", how);
	if (strcmp(how, "ok") == 0)
		return 0;
	if (strcmp(how, "modules") == 0)
		return count_modules();
	if (strcmp(how, "hang") == 0)
		hang(&forever);
	if (strcmp(how, "crash") == 0)
		*nowhere = 1;
	if (strcmp(how, "trap") == 0)
		abort();
	if (strcmp(how, "liar") == 0) {
		/* Says what a successful root task says, and ends as a failed one. */
		printf("[root] all passed\n");
		return 1;
	}
	return 2;
}
