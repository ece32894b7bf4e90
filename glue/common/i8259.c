/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * i8259.c - driver of the cascaded 8259A pair. Command words: Intel 8259A data sheet
 * (231468), "Programming the 8259A".
 */
#include <common/i8259.h>
#include <glue/types.h>

#define ICW1_INIT     0x11 /* edge-triggered, cascaded, ICW4 follows */
#define ICW4_8086     0x01 /* 8086 mode, normal end of interrupt */
#define OCW2_SPECIFIC 0x60 /* specific end of interrupt; line in the low bits */
#define OCW3_POLL     0x0c
#define OCW3_READ_IRR 0x0a /* what a read of a0 = 0 returns from now on */
#define OCW3_READ_ISR 0x0b
#define SPURIOUS      7 /* a request that went away shows as the chip's last line */

/* A one for each masked line. The cascade is open for good; the slave's own mask decides. */
static uint32_t masked;

GLUE_INIT void i8259_init(unsigned vector)
{
	for (unsigned slave = 0; slave < 2; slave++) {
		i8259_write(slave, 0, ICW1_INIT);
		i8259_write(slave, 1, (uint8_t)(vector + 8 * slave));
		i8259_write(slave, 1, slave ? I8259_CASCADE : 1 << I8259_CASCADE);
		i8259_write(slave, 1, ICW4_8086);
		i8259_write(slave, 0, OCW3_READ_IRR);
	}
	masked = 0xffff;
	i8259_unmask(I8259_CASCADE);
	i8259_mask(I8259_LINES - 1);
}

static inline __attribute__((always_inline)) void write_mask(unsigned line)
{
	if (line < 8)
		i8259_write(false, 1, (uint8_t)masked);
	else
		i8259_write(true, 1, (uint8_t)(masked >> 8));
}

void i8259_mask(unsigned line)
{
	masked |= 1u << line;
	write_mask(line);
}

void i8259_unmask(unsigned line)
{
	masked &= ~(1u << line);
	write_mask(line);
}

/* Mask `line` and end its interrupt. The master has seen one of the slave's as its own. */
static void finish(unsigned line)
{
	masked |= 1u << line;
	if (line < 8) {
		i8259_write(false, 1, (uint8_t)masked);
		i8259_write(false, 0, (uint8_t)(OCW2_SPECIFIC | line));
	} else {
		i8259_write(true, 1, (uint8_t)(masked >> 8));
		i8259_write(true, 0, (uint8_t)(OCW2_SPECIFIC | (line & 7)));
		i8259_write(false, 0, OCW2_SPECIFIC | I8259_CASCADE);
	}
}

/* Whether a chip's last line has not asked, as it seemed. The slave's is to be ended at the
 * master, which has seen an interrupt all the same. */
static __attribute__((noinline)) bool spurious(bool slave)
{
	bool is;

	i8259_write(slave, 0, OCW3_READ_ISR);
	is = !(i8259_read(slave, 0) >> SPURIOUS & 1);
	i8259_write(slave, 0, OCW3_READ_IRR);
	if (is && slave)
		i8259_write(false, 0, OCW2_SPECIFIC | I8259_CASCADE);
	return is;
}

bool i8259_claim(unsigned line)
{
	if ((line & 7) == SPURIOUS && spurious(line >= 8))
		return false;
	finish(line);
	return true;
}

/* What a chip answers to a poll: bit 7 if there is an interrupt, and its line. */
static int8_t poll(bool slave)
{
	i8259_write(slave, 0, OCW3_POLL);
	return (int8_t)i8259_read(slave, 0);
}

int i8259_poll(void)
{
	int answer = poll(false);
	unsigned line;

	if (answer >= 0)
		return -1;
	line = answer & 7;
	if (line == I8259_CASCADE) {
		answer = poll(true);
		if (answer >= 0) {
			i8259_write(false, 0, OCW2_SPECIFIC | I8259_CASCADE);
			return -1;
		}
		line = 8 + (answer & 7);
	}
	finish(line);
	return (int)line;
}

bool i8259_pending(void)
{
	/* The slave's requests show as the cascade line. */
	return (i8259_read(false, 0) & (uint8_t)~masked) != 0;
}
