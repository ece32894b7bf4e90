/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * main.c - a root task that shows, one after the other, what the kernel does, and ends well
 * only if all of it went well.
 *
 * Its command line may ask it to end otherwise, so that those who watch it can be tested:
 *   root fail    report a failure and end as after one
 *   root hang    report nothing and never end
 *   root fault   access memory that isn't there
 *   root liar    report success and fail
 */
#include <l4/ipc.h>
#include <l4/kip.h>
#include <l4/schedule.h>
#include <rt/exit.h>
#include <rt/stdio.h>
#include <rt/string.h>

#include "root.h"

static void misbehave(const char *how)
{
	if (strcmp(how, "fail") == 0) {
		report_fail("fail", "asked for on the command line");
		rt_fail("not all passed");
	}
	if (strcmp(how, "hang") == 0) {
		puts("[root] hanging");
		(void)L4_WaitForever();
	}
	if (strcmp(how, "fault") == 0) {
		puts("[root] faulting");
		*(volatile int *)(RT_SPACE_AREAS - RT_PAGE_SIZE) = 0;
	}
	if (strcmp(how, "liar") == 0) {
		puts("[root] all passed");
		__builtin_trap();
	}
	rt_fail("unknown argument \"%s\"; known are fail, hang, fault, liar", how);
}

static bool show_all(void)
{
	static bool (*const shows[])(void) = {
	    show_runtime,   show_library, show_ipc,    show_pager,     show_protection,
	    show_exception, show_notify,  show_slices, show_interrupt,
	};

	for (unsigned i = 0; i < sizeof(shows) / sizeof(shows[0]); i++) {
		if (!shows[i]())
			return false;
	}
	return true;
}

/* All threads, spaces and pages that were made are gone again. */
static bool check_leaks(uint64_t before)
{
	uint64_t after = rt_frames_free();

	EXPECT("cleanup", rt_root_space.threads == 1);
	EXPECT("cleanup", after == before);
	report_pass("cleanup", 0, "%llu KiB of memory free, as at the start",
		    (unsigned long long)after / 1024);
	return true;
}

int main(int argc, char **argv)
{
	void *kip = L4_GetKernelInterface();
	uint64_t memory;

	printf("[root] started on %s, kernel %s\n", L4_TICKS_NAME, L4_KernelVersionString(kip));
	if (argc > 1)
		misbehave(argv[1]);
	rt_memory_init(kip);
	rt_thread_init(kip);
	(void)L4_Set_Timeslice(L4_Myself(), 0, 0);
	if (!measure_calibrate())
		puts("[root] time is no count of instructions here; scripts/run --measure makes it "
		     "one");

	memory = rt_frames_free();
	if (!show_all() || !check_leaks(memory) || report_failed())
		rt_fail("not all passed");
	puts("[root] all passed");
	return 0;
}
