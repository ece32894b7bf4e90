/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * boot.c - the order in which the machine comes up.
 */
#include <glue/glue.h>

#include "paging.h"
#include "port.h"

const struct glue_boot_info *boot_main(word_t magic, word_t info);

GLUE_INIT const struct glue_boot_info *boot_main(word_t magic, word_t info)
{
	GLUE_INIT_BSS static struct glue_boot_info bi;

	cpu_check();
	console_init();
	descriptors_init();
	paging_init();
	cpu_init();
	fpu_init();
	irq_init();
	multiboot_read(&bi, magic, info);
	timer_init();
	return &bi;
}
