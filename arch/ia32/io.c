/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * io.c - I/O ports per address space.
 *
 * The TSS has room for one I/O map, which is filled when a thread of a space with ports
 * faults on one. Until another space needs the room, switching to the space only sets the
 * map's base again; a space without ports never costs more than that.
 */
#include <glue/glue.h>

#include "cpu.h"
#include "descriptors.h"
#include "port.h"

#define PORTS    65536u
#define MAP_LOG2 13
#define IO_BASE  ((word_t)offsetof(struct main_tss, io_map) << 16)

_Static_assert(IO_MAP_BYTES == PORTS / 8 && IO_MAP_BYTES == 1 << MAP_LOG2, "a bit for each port");

/* The space of which the map in the TSS is a copy. */
static struct glue_space *owner;

/* Ports of the interrupt controllers, with which user level could stop the kernel. */
static const struct {
	word_t first, last;
} kernel_ports[] = {{0x20, 0x21}, {0xa0, 0xa1}};

static void set_base(struct glue_space *as, word_t base)
{
	as->io_base = base;
	if (as == active_space)
		main_tss.tss.io_base = base;
}

static void disown(void)
{
	if (owner != NULL)
		set_base(owner, IO_BASE_NONE);
	owner = NULL;
}

bool io_fault(void)
{
	struct glue_space *as = active_space;

	if (as->ports == NULL || as == owner)
		return false;
	disown();
	rep_movsl(main_tss.io_map, as->ports, IO_MAP_BYTES / 4);
	owner = as;
	set_base(as, IO_BASE);
	return true;
}

void io_fini(struct glue_space *as)
{
	if (as->ports == NULL)
		return;
	if (as == owner)
		disown();
	k_free(as->ports, MAP_LOG2);
	as->ports = NULL;
}

static bool kernel_uses(word_t first, word_t last)
{
	for (unsigned i = 0; i < sizeof kernel_ports / sizeof kernel_ports[0]; i++)
		if (first <= kernel_ports[i].last && last >= kernel_ports[i].first)
			return true;
	return false;
}

enum glue_err glue_io_allow(struct glue_space *as, word_t port, unsigned log2, bool allow)
{
	if (log2 > 16 || port > PORTS - (1u << log2) || port & ((1u << log2) - 1))
		return GLUE_EINVAL;
	word_t end = port + (1u << log2);

	if (allow && kernel_uses(port, end - 1))
		return GLUE_EINVAL;
	if (as->ports == NULL) {
		if (!allow)
			return GLUE_OK;
		as->ports = k_alloc(MAP_LOG2);
		if (as->ports == NULL)
			return GLUE_ENOMEM;
		rep_stosb(as->ports, 0xff, IO_MAP_BYTES);
	}
	uint8_t *byte = &as->ports[port / 8];

	if (log2 >= 3) {
		rep_stosb(byte, allow ? 0 : 0xff, 1u << (log2 - 3));
	} else {
		uint8_t bits = (uint8_t)(((1u << (1u << log2)) - 1) << (port & 7));

		*byte = allow ? *byte & (uint8_t)~bits : *byte | bits;
	}
	if (!allow && repe_scasl(as->ports, ~(word_t)0, IO_MAP_BYTES / 4))
		io_fini(as); /* that was the last one */
	else if (as == owner)
		disown(); /* the next access copies the map again */
	return GLUE_OK;
}

bool glue_io_allowed(const struct glue_space *as, word_t port)
{
	return port < PORTS && as->ports != NULL && !(as->ports[port / 8] >> (port & 7) & 1);
}
