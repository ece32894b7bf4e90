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

static void write_mask(struct i8259 *p, bool slave)
{
	p->write(slave, 1, (uint8_t)(slave ? p->masked >> 8 : p->masked));
}

GLUE_INIT void i8259_init(struct i8259 *p, unsigned vector)
{
	for (unsigned slave = 0; slave < 2; slave++) {
		p->write(slave, 0, ICW1_INIT);
		p->write(slave, 1, (uint8_t)(vector + 8 * slave));
		p->write(slave, 1, slave ? I8259_CASCADE : 1 << I8259_CASCADE);
		p->write(slave, 1, ICW4_8086);
		p->write(slave, 0, OCW3_READ_IRR);
	}
	/* The cascade is open for good; the slave's own mask decides. */
	p->masked = (uint16_t) ~(1u << I8259_CASCADE);
	write_mask(p, false);
	write_mask(p, true);
}

void i8259_mask(struct i8259 *p, unsigned line, bool masked)
{
	if (masked)
		p->masked |= (uint16_t)(1u << line);
	else
		p->masked &= (uint16_t) ~(1u << line);
	write_mask(p, line >= 8);
}

static bool in_service(struct i8259 *p, bool slave, unsigned bit)
{
	p->write(slave, 0, OCW3_READ_ISR);
	bool yes = p->read(slave, 0) >> bit & 1;
	p->write(slave, 0, OCW3_READ_IRR);
	return yes;
}

bool i8259_claim(struct i8259 *p, unsigned line)
{
	bool slave = line >= 8;
	bool real = (line & 7) != SPURIOUS || in_service(p, slave, SPURIOUS);

	if (real) {
		i8259_mask(p, line, true);
		p->write(slave, 0, (uint8_t)(OCW2_SPECIFIC | (line & 7)));
	}
	/* The master has seen an interrupt even if the slave's turned out spurious. */
	if (slave)
		p->write(false, 0, OCW2_SPECIFIC | I8259_CASCADE);
	return real;
}

int i8259_poll(struct i8259 *p)
{
	p->write(false, 0, OCW3_POLL);
	uint8_t answer = p->read(false, 0);
	unsigned line = answer & 7;

	if (!(answer & POLL_INTERRUPT))
		return -1;
	if (line == I8259_CASCADE) {
		p->write(true, 0, OCW3_POLL);
		answer = p->read(true, 0);
		if (!(answer & POLL_INTERRUPT)) {
			p->write(false, 0, OCW2_SPECIFIC | I8259_CASCADE);
			return -1;
		}
		line = 8 + (answer & 7);
	}
	i8259_mask(p, line, true);
	p->write(line >= 8, 0, (uint8_t)(OCW2_SPECIFIC | (line & 7)));
	if (line >= 8)
		p->write(false, 0, OCW2_SPECIFIC | I8259_CASCADE);
	return (int)line;
}

bool i8259_pending(const struct i8259 *p)
{
	/* The slave's requests show as the cascade line. */
	return (p->read(false, 0) & (uint8_t)~p->masked) != 0;
}
