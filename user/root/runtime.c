/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * runtime.c - the C runtime on this machine: formatting, strings, memory.
 */
#include <rt/stdio.h>
#include <rt/string.h>
#include <rt/time.h>

#include "root.h"

#define NAME "runtime"

static bool check_format(void)
{
	char text[64];
	int n;

	n = snprintf(text, sizeof(text), "%d|%5u|%-4x|%08lx|%c|%%", -12, 345u, 0xabcu, 0xfeedul,
		     'q');
	EXPECT(NAME, strcmp(text, "-12|  345|abc |0000feed|q|%") == 0 && n == (int)strlen(text));
	snprintf(text, sizeof(text), "%llu %lld %X", 18446744073709551615ull, -9000000000ll,
		 0xBEEFu);
	EXPECT(NAME, strcmp(text, "18446744073709551615 -9000000000 BEEF") == 0);
	snprintf(text, sizeof(text), "%.3s|%6s|%-6s|%.4d|%05d", "abcdef", "xy", "z", 7, -42);
	EXPECT(NAME, strcmp(text, "abc|    xy|z     |0007|-0042") == 0);
	n = snprintf(text, 4, "%s", "long");
	EXPECT(NAME, n == 4 && strcmp(text, "lon") == 0);
	return true;
}

static bool check_memory(void)
{
	char buf[40];

	memset(buf, 'a', sizeof(buf));
	memcpy(buf + 3, "0123456789", 10);
	memmove(buf + 5, buf + 3, 10);
	EXPECT(NAME, memcmp(buf, "aaa010123456789a", 16) == 0);
	memmove(buf + 3, buf + 5, 10);
	EXPECT(NAME, memcmp(buf, "aaa0123456789", 13) == 0);
	EXPECT(NAME, strcmp("abc", "abd") < 0 && strcmp("b", "a") > 0);
	return true;
}

/* Frames come aligned, apart from each other, and can be given back in any order. */
static bool check_frames(void)
{
	uint64_t before = rt_frames_free();
	uint64_t a = rt_frame_alloc(RT_PAGE_LOG2), b = rt_frame_alloc(RT_PAGE_LOG2 + 4),
		 c = rt_frame_alloc(RT_PAGE_LOG2);

	EXPECT(NAME, a && b && c && a != c && b % (RT_PAGE_SIZE << 4) == 0);
	EXPECT(NAME, rt_frames_free() == before - 18 * RT_PAGE_SIZE);
	rt_frame_free(b, RT_PAGE_LOG2 + 4);
	rt_frame_free(a, RT_PAGE_LOG2);
	rt_frame_free(c, RT_PAGE_LOG2);
	EXPECT(NAME, rt_frames_free() == before);
	EXPECT(NAME, rt_frame_alloc(60) == 0);
	return true;
}

bool show_runtime(void)
{
	uint64_t start = __l4_ticks();

	if (!check_format() || !check_memory() || !check_frames())
		return false;
	report_pass(NAME, measure_insn(rt_ticks_since(start), 1, 1), "formats, memory and frames");
	return true;
}
