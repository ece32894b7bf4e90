/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * host_main.c - the properties of the contract as cmocka tests of the modelled machine.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <host/host.h>
#include <kernel/kmem.h>

#include "contract.h"

#define POOL_SIZE 0x800000u

void contract_fail(const char *file, unsigned line, const char *what, uint64_t a, uint64_t b)
{
	print_error("%s:%u: %s (%llx, %llx)\n", file, line, what, (unsigned long long)a,
		    (unsigned long long)b);
	_fail(file, (int)line);
}

static void on_host_fail(const char *message)
{
	fail_msg("%s", message);
}

static int setup(void **state)
{
	(void)state;
	host_reset();
	host_on_fail = on_host_fail;
	kmem_init(glue_phys_to_virt(HOST_RAM_START),
		  (char *)glue_phys_to_virt(HOST_RAM_START) + POOL_SIZE);
	contract_frames_init(HOST_RAM_START + POOL_SIZE, GLUE_DIRECT_LAST + 1);
	return 0;
}

static void run(void **state)
{
	const struct property *p = *state;

	p->run();
	kmem_check();
}

int main(void)
{
	struct CMUnitTest *tests = calloc(contract_property_count, sizeof(*tests));
	int failed;

	for (unsigned i = 0; i < contract_property_count; i++)
		tests[i] = (struct CMUnitTest){contract_properties[i].name, run, setup, NULL,
					       (void *)&contract_properties[i]};
	failed = _cmocka_run_group_tests("contract", tests, contract_property_count, NULL, NULL);
	free(tests);
	return failed != 0;
}
