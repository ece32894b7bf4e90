/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * noports.c - the I/O ports of a machine that has none.
 */
#include <glue/space.h>

enum glue_err glue_io_allow(struct glue_space *as, word_t port, unsigned log2, bool allow)
{
	(void)as;
	(void)port;
	(void)log2;
	(void)allow;
	return GLUE_ENOSYS;
}

bool glue_io_allowed(const struct glue_space *as, word_t port)
{
	(void)as;
	(void)port;
	return false;
}
