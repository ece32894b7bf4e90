/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * runner.c - the supervisor: which cases there are, running them, and saying how they ended.
 *
 *   conformance                 all cases
 *   conformance IPC-012 MAP     these: an id, or the beginning of some
 *   conformance list            only name them
 *
 * For each case the console has `[case] run <id>` and then one of
 *   [case] pass <id> insn=<n>
 *   [case] fail <id> insn=<n> <reason>
 *   [case] skip <id> insn=<n> <reason>
 * and at the end `[conformance] cases=<n> pass=<n> fail=<n> skip=<n>`. tests/conformance/check
 * compares this with the list of cases in the tree.
 */
#include <rt/exit.h>

#include "conf.h"
#include "internal.h"
#include "suites.h"

#define CALIBRATION 100000u /* loops of two instructions or more */

enum verdict { RUNNING, PASSED, FAILED, SKIPPED };

static const struct suite *const suites[] = {
#define SUITE(name) &name,
    CONF_SUITES
#undef SUITE
};

static volatile enum verdict verdict;
static char reason[240];
static const char *context_text;

static const struct suite *case_suite;
static unsigned case_row;

static unsigned count[4];       /* by verdict */
static uint64_t ticks_per_loop; /* of two instructions, times 2^16 */

/* ---- verdicts ------------------------------------------------------------------------------- */

static _Noreturn void stop(enum verdict v, const char *fmt, va_list args)
{
	size_t n = 0;

	if (context_text)
		n = (size_t)snprintf(reason, sizeof(reason), "%s: ", context_text);
	if (n < sizeof(reason))
		vsnprintf(reason + n, sizeof(reason) - n, fmt, args);
	verdict = v;
	if (L4_IsNilThread(case_thread) || L4_IsThreadNotEqual(L4_Myself(), case_thread))
		rt_fail("%s", reason);
	workers_stop();
	for (;;)
		(void)L4_WaitForever();
}

void fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	stop(FAILED, fmt, args);
}

void skip(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	stop(SKIPPED, fmt, args);
}

void context(const char *text)
{
	context_text = text;
}

void check_eq(const char *what, word_t got, word_t want)
{
	CHECK(got == want, "%s: %lx; %lx is right", what, got, want);
}

/* ---- cases -------------------------------------------------------------------------------------
 */

static void case_main(void)
{
	if (case_suite->cases)
		case_suite->cases[case_row].run();
	else
		case_suite->run(case_row);
	verdict = PASSED;
	workers_stop();
	for (;;)
		(void)L4_WaitForever();
}

static void case_id(const struct suite *s, unsigned row, char *buf, size_t size)
{
	snprintf(buf, size, "%s-%03u", s->prefix, s->first + row);
}

static void case_title(const struct suite *s, unsigned row, char *buf, size_t size)
{
	if (s->cases)
		snprintf(buf, size, "%s", s->cases[row].title);
	else
		s->title(row, buf, size);
}

/* Instructions executed in a time, as well as the machine's clock can tell. */
static unsigned long instructions(uint64_t ticks)
{
	return ticks_per_loop ? (unsigned long)((ticks << 17) / ticks_per_loop) : 0;
}

static void calibrate(void)
{
	uint64_t start = __l4_ticks();

	for (unsigned i = CALIBRATION; i > 0; i--)
		__asm__ volatile("" : "+r"(i));
	ticks_per_loop = ((__l4_ticks() - start) << 16) / CALIBRATION;
}

static void run_case(const struct suite *s, unsigned row)
{
	static const char *const names[] = {"", "pass", "fail", "skip"};
	word_t kernel_before, kernel_after;
	uint64_t frames_before, ticks;
	char id[16];

	case_id(s, row, id, sizeof(id));
	printf("[case] run %s\n", id);
	case_suite = s;
	case_row = row;
	context_text = NULL;
	reason[0] = '\0';
	verdict = RUNNING;
	kernel_before = kmem_free();
	frames_before = rt_frames_free();

	ticks = __l4_ticks();
	case_start(case_main);
	settle_all();
	ticks = __l4_ticks() - ticks;
	if (verdict == RUNNING) {
		verdict = FAILED;
		snprintf(reason, sizeof(reason), "%s%sthe case blocked or died (state %lu)",
			 context_text ? context_text : "", context_text ? ": " : "",
			 state_of(case_thread));
	}
	case_thread = L4_nilthread;
	world_clean();

	kernel_after = kmem_free();
	if (verdict != FAILED && kernel_after != kernel_before) {
		verdict = FAILED;
		snprintf(reason, sizeof(reason), "kernel memory: %lu bytes free before, %lu after",
			 kernel_before, kernel_after);
	} else if (verdict != FAILED && rt_frames_free() != frames_before) {
		verdict = FAILED;
		snprintf(reason, sizeof(reason), "the case did not give back its memory");
	}
	count[verdict]++;
	printf("[case] %s %s insn=%lu%s%s\n", names[verdict], id, instructions(ticks),
	       reason[0] ? " " : "", reason);
}

static bool selected(const char *id, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *a = argv[i], *b = id;

		while (*a && *a == *b) {
			a++;
			b++;
		}
		if (!*a)
			return true;
	}
	return argc <= 1;
}

static void list_case(const struct suite *s, unsigned row, const char *id)
{
	char title[160];

	case_title(s, row, title, sizeof(title));
	printf("[list] %s %s\n", id, title);
}

int main(int argc, char **argv)
{
	bool list = argc > 1 && strcmp(argv[1], "list") == 0;
	unsigned n = 0;

	if (list) {
		argc--;
		argv++;
	}
	world_init();
	calibrate();
	for (unsigned i = 0; i < ARRAY_SIZE(suites); i++) {
		for (unsigned row = 0; row < suites[i]->count; row++) {
			char id[16];

			case_id(suites[i], row, id, sizeof(id));
			if (!selected(id, argc, argv))
				continue;
			n++;
			if (list)
				list_case(suites[i], row, id);
			else
				run_case(suites[i], row);
		}
	}
	if (n == 0) {
		printf("[conformance] no case has an id that begins like that\n");
		return 1;
	}
	printf("[conformance] cases=%u pass=%u fail=%u skip=%u\n", n, count[PASSED], count[FAILED],
	       count[SKIPPED]);
	if (count[FAILED])
		return 1;
	world_end();
	return 0;
}
