/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * misc.c - the system calls that are a few lines each.
 */
#include <kernel/kernel.h>

unsigned sys_kernel_interface(struct tcb *cur)
{
	sys_ret(cur, 0, space_of(cur)->kip.base);
	sys_ret(cur, 1, k_kip->api_version);
	sys_ret(cur, 2, k_kip->api_flags);
	sys_ret(cur, 3, k_kip->kernel_id);
	return ABI_OK;
}

/* No port can change frequencies or voltages. */
unsigned sys_processor_control(struct tcb *cur)
{
	return cur->privileged ? ABI_ERR_PARAM : ABI_ERR_NO_PRIVILEGE;
}

unsigned sys_console(struct tcb *cur)
{
	glue_putc((char)sys_arg(cur, 0));
	return ABI_OK;
}
