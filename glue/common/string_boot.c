/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * common/string_boot.c - comparing text, which only booting needs. Nothing that the compiler
 * calls on its own may be here: this memory is given away.
 */
#include <stdint.h>

#include <common/string.h>
#include <glue/types.h>

GLUE_INIT int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}

GLUE_INIT int strncmp(const char *a, const char *b, size_t n)
{
	for (; n > 0; n--, a++, b++) {
		if (*a != *b || *a == '\0')
			return (unsigned char)*a - (unsigned char)*b;
	}
	return 0;
}
