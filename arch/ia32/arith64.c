/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arith64.c - what the compiler calls for arithmetic on 64-bit integers. The compiler's own
 * library takes its arguments on the stack, kernel code passes them in registers.
 */
#include "cpu.h"

uint64_t __udivmoddi4(uint64_t n, uint64_t d, uint64_t *rest);
uint64_t __udivdi3(uint64_t n, uint64_t d);
uint64_t __umoddi3(uint64_t n, uint64_t d);
int __popcountdi2(uint64_t v);

/* Long division with 32-bit digits where the divisor has one digit. Where it has two, the
 * quotient has one: dividing both by 2^s, so that the divisor's high digit is normalised,
 * gives it, or one too many. */
uint64_t __udivmoddi4(uint64_t n, uint64_t d, uint64_t *rest)
{
	uint32_t high = (uint32_t)(n >> 32), dhigh = (uint32_t)(d >> 32);
	uint64_t q;

	if (dhigh == 0) {
		uint32_t d0 = (uint32_t)d, qhigh = high / d0;

		q = (uint64_t)qhigh << 32 |
		    div64_32((uint64_t)(high - qhigh * d0) << 32 | (uint32_t)n, d0);
	} else if (n < d) {
		q = 0;
	} else {
		unsigned s = (unsigned)__builtin_clz(dhigh);

		/* n / 2 so that the quotient fits: (n/2) / (d * 2^s / 2^32) * 2^(s-31) */
		q = div64_32(n >> 1, (uint32_t)(d << s >> 32)) >> (31 - s);
		if (q != 0)
			q--;
		if (n - q * d >= d)
			q++;
	}
	if (rest != NULL)
		*rest = n - q * d;
	return q;
}

uint64_t __udivdi3(uint64_t n, uint64_t d)
{
	return __udivmoddi4(n, d, NULL);
}

uint64_t __umoddi3(uint64_t n, uint64_t d)
{
	uint64_t rest;

	__udivmoddi4(n, d, &rest);
	return rest;
}

/* Counts of ever wider groups of bits, added up pairwise. */
static uint32_t popcount(uint32_t v)
{
	v -= v >> 1 & 0x55555555;
	v = (v & 0x33333333) + (v >> 2 & 0x33333333);
	v = (v + (v >> 4)) & 0x0f0f0f0f;
	return v * 0x01010101 >> 24;
}

int __popcountdi2(uint64_t v)
{
	return (int)(popcount((uint32_t)v) + popcount((uint32_t)(v >> 32)));
}
