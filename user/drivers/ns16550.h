/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ns16550.h - how the NS16550 driver reaches the registers: by ports or in memory.
 */
#ifndef DRIVERS_NS16550_H
#define DRIVERS_NS16550_H

#include <stdbool.h>
#include <stdint.h>

/* Get and give up access to the eight registers. */
bool ns16550_attach(void);
void ns16550_detach(void);

uint8_t ns16550_read(unsigned reg);
void ns16550_write(unsigned reg, uint8_t value);

#endif
