/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * i8259.c - driver of the cascaded 8259A pair. Command words: Intel 8259A data sheet
 * (231468), "Programming the 8259A".
 */
#include <common/i8259.h>
#include <glue/types.h>

#define ICW1_INIT      0x11 /* edge-triggered, cascaded, ICW4 follows */
#define ICW4_8086      0x01 /* 8086 mode, normal end of interrupt */
#define OCW2_SPECIFIC  0x60 /* specific end of interrupt; line in the low bits */
#define OCW3_POLL      0x0c
#define OCW3_READ_IRR  0x0a /* what a read of a0 = 0 returns from now on */
#define OCW3_READ_ISR  0x0b
#define POLL_INTERRUPT 0x80
#define SPURIOUS       7 /* a request that went away shows as the chip's last line */

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
	i8259_mask(I8259_CASCADE, false);
	i8259_mask(I8259_LINES - 1, true);
}

void i8259_mask(unsigned line, bool on)
{
	uint32_t mask = masked | 1u << line;

	if (!on)
		mask &= ~(1u << line);
	masked = mask;
	if (line < 8)
		i8259_write(false, 1, (uint8_t)mask);
	else
		i8259_write(true, 1, (uint8_t)(mask >> 8));
}

/* Mask `line` and end its interrupt. The master has seen one of the slave's as its own. */
static void finish(unsigned line)
{
	i8259_mask(line, true);
	i8259_write(line >= 8, 0, (uint8_t)(OCW2_SPECIFIC | (line & 7)));
	if (line >= 8)
		i8259_write(false, 0, OCW2_SPECIFIC | I8259_CASCADE);
}

static bool in_service(bool slave, unsigned bit)
{
	bool yes;

	i8259_write(slave, 0, OCW3_READ_ISR);
	yes = i8259_read(slave, 0) >> bit & 1;
	i8259_write(slave, 0, OCW3_READ_IRR);
	return yes;
}

bool i8259_claim(unsigned line)
{
	bool slave = line >= 8;

	if ((line & 7) != SPURIOUS || in_service(slave, SPURIOUS)) {
		finish(line);
		return true;
	}
	/* The master has seen an interrupt even if the slave's turned out spurious. */
	if (slave)
		i8259_write(false, 0, OCW2_SPECIFIC | I8259_CASCADE);
	return false;
}

/* What a chip answers to a poll. */
static uint8_t poll(bool slave)
{
	i8259_write(slave, 0, OCW3_POLL);
	return i8259_read(slave, 0);
}

int i8259_poll(void)
{
	unsigned line, answer = poll(false);

	if (!(answer & POLL_INTERRUPT))
		return -1;
	line = answer & 7;
	if (line == I8259_CASCADE) {
		answer = poll(true);
		if (!(answer & POLL_INTERRUPT)) {
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
