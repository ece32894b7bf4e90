/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * timer.c - time: the time-stamp counter is the clock, the local APIC's one-shot timer
 * raises the interrupt, and the 8254 says at boot how fast both are. After that the 8254
 * and its interrupt, line 0, are free for user level.
 */
#include <glue/glue.h>
#include <arch/layout.h>

#include "cpu.h"
#include "paging.h"
#include "port.h"

/* ---- local APIC (SDM vol. 3A, chapter 10) ---------------------------------------------- */

#define APIC_BASE_ENABLE 0x800u
#define APIC_BASE_FLAGS  0xfffu

/* Where it is at reset, and where it is mapped. */
#define APIC_PHYS 0xfee00000u
#define APIC_VA   (DEVICE_BASE + (APIC_PHYS & (LARGE_PAGE - 1)))

/* Registers, as indices of 32-bit words. */
enum {
	APIC_TPR = 0x080 / 4,
	APIC_EOI = 0x0b0 / 4,
	APIC_SVR = 0x0f0 / 4,
	APIC_IRR = 0x200 / 4, /* eight words, each 16 bytes after the other */
	APIC_LVT_TIMER = 0x320 / 4,
	APIC_LVT_LINT0 = 0x350 / 4,
	APIC_LVT_LINT1 = 0x360 / 4,
	APIC_TIMER_INITIAL = 0x380 / 4,
	APIC_TIMER_CURRENT = 0x390 / 4,
	APIC_TIMER_DIVIDE = 0x3e0 / 4
};

#define SVR_ENABLE  0x100u
#define LVT_EXTINT  0x700u /* the 8259A pair */
#define LVT_NMI     0x400u
#define LVT_MASKED  0x10000u
#define DIVIDE_BY_2 0u

static volatile uint32_t *const apic = (volatile uint32_t *)APIC_VA;

GLUE_INIT void apic_init(void)
{
	uint64_t base = rdmsr(MSR_APIC_BASE);

	/* Back there, if the firmware has moved it. */
	wrmsr(MSR_APIC_BASE, APIC_PHYS | APIC_BASE_ENABLE | (base & APIC_BASE_FLAGS));
	paging_map_device(APIC_PHYS);
	__asm__ volatile("" : : : "memory"); /* not before it is mapped */
	apic[APIC_SVR] = SVR_ENABLE | VEC_SPURIOUS;
	apic[APIC_TPR] = 0;
	apic[APIC_LVT_LINT0] = LVT_EXTINT;
	apic[APIC_LVT_LINT1] = LVT_NMI;
	apic[APIC_LVT_TIMER] = LVT_MASKED;
	apic[APIC_TIMER_DIVIDE] = DIVIDE_BY_2;
}

void apic_eoi(void)
{
	apic[APIC_EOI] = 0;
}

bool apic_timer_pending(void)
{
	return apic[APIC_IRR + VEC_TIMER / 32 * 4] >> (VEC_TIMER % 32) & 1;
}

/* ---- calibration ---------------------------------------------------------------------- */

/* Channel 2 of the 8254 (Intel 231164), which interrupts nobody. */
#define PIT_HZ       1193182u
#define PIT_COUNT2   0x42
#define PIT_COMMAND  0x43
#define PIT_SELECT2  0xb0 /* channel 2, low byte then high byte, mode 0 */
#define PIT_LATCH2   0x80
#define PORT_B       0x61
#define PORT_B_GATE2 0x01
#define PORT_B_SPEAK 0x02
#define PORT_B_OUT2  0x20

/* 10 ms; the counter lasts for 55. */
#define PIT_SPAN 11932u

struct sample {
	uint64_t tsc;
	uint32_t apic;
	uint16_t pit;
};

GLUE_INIT static void pit_start(void)
{
	uint8_t b = inb(PORT_B) & (uint8_t) ~(PORT_B_GATE2 | PORT_B_SPEAK);

	outb(PORT_B, b);
	outb(PIT_COMMAND, PIT_SELECT2);
	outb(PIT_COUNT2, 0xff);
	outb(PIT_COUNT2, 0xff);
	outb(PORT_B, b | PORT_B_GATE2);
}

GLUE_INIT static uint16_t pit_read(void)
{
	outb(PIT_COMMAND, PIT_LATCH2);
	uint8_t low = inb(PIT_COUNT2);

	return (uint16_t)(low | inb(PIT_COUNT2) << 8);
}

/* All three counters at one moment. Under an emulator or a hypervisor the moment may be
 * long: of several tries, the shortest counts. */
GLUE_INIT static struct sample take_sample(void)
{
	struct sample best = {0};
	uint64_t shortest = UINT64_MAX;

	for (unsigned i = 0; i < 8; i++) {
		uint64_t before = rdtsc();
		uint16_t pit = pit_read();
		uint32_t count = apic[APIC_TIMER_CURRENT];
		uint64_t after = rdtsc();

		if (after - before < shortest) {
			shortest = after - before;
			best = (struct sample){before, count, pit};
		}
	}
	return best;
}

static uint32_t clock_khz;
static uint32_t apic_per_tick; /* APIC timer counts per tick of the clock, times 2^32 */

GLUE_INIT static bool calibrate(void)
{
	pit_start();
	apic[APIC_TIMER_INITIAL] = UINT32_MAX;
	struct sample a = take_sample();

	while ((uint16_t)(a.pit - pit_read()) < PIT_SPAN)
		;
	struct sample b = take_sample();

	apic[APIC_TIMER_INITIAL] = 0;
	if (inb(PORT_B) & PORT_B_OUT2)
		return false; /* held up for so long that the counter has run out */

	uint32_t pit = (uint16_t)(a.pit - b.pit);
	uint32_t count = a.apic - b.apic;
	uint64_t ticks = b.tsc - a.tsc;

	if (ticks > UINT32_MAX || ticks <= count || count == 0)
		return false;
	clock_khz = div64_32(ticks * (PIT_HZ / 2), pit * 500);
	apic_per_tick = div64_32((uint64_t)count << 32, (uint32_t)ticks);
	return true;
}

GLUE_INIT void timer_init(void)
{
	unsigned tries = 10;

	while (!calibrate())
		if (--tries == 0)
			k_panic(NULL, "can't find out the speed of the processor's clock: the "
				      "8254 timer does not count, or the TSC or the local APIC's "
				      "timer does not");
	apic[APIC_LVT_TIMER] = VEC_TIMER;
}

/* ---- the contract ---------------------------------------------------------------------- */

static uint64_t armed = GLUE_TIMER_OFF; /* the last deadline */

uint64_t glue_clock(void)
{
	return rdtsc();
}

uint32_t glue_clock_khz(void)
{
	return clock_khz;
}

static void count_down(uint32_t ticks)
{
	apic[APIC_TIMER_INITIAL] = (uint32_t)((uint64_t)ticks * apic_per_tick >> 32) + 1;
}

/* The deadline isn't within the next 2^32 ticks: it is out of reach, or is none, or has passed. */
static __attribute__((noinline)) void arm_far(bool passed)
{
	if (armed == GLUE_TIMER_OFF)
		apic[APIC_TIMER_INITIAL] = 0;
	else
		count_down(passed ? 0 : UINT32_MAX);
}

void glue_timer_arm(uint64_t deadline)
{
	uint64_t past;

	armed = deadline;
	past = rdtsc() - deadline; /* in this order it is computed where the counter is read to */
	if (__builtin_expect((uint32_t)(past >> 32) != UINT32_MAX, 0))
		arm_far((int64_t)past >= 0);
	else
		count_down(-(uint32_t)past);
}

/* An interrupt that comes too early (a deadline out of the hardware's reach, or one that
 * was moved while the interrupt was pending) is not told to the kernel. */
static __attribute__((noinline)) void arm_again(void)
{
	glue_timer_arm(armed);
}

bool timer_expired(void)
{
	if (rdtsc() >= armed)
		return true;
	arm_again();
	return false;
}
