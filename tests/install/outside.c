/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * outside.c - the root task of the project outside the tree.
 */
#include <l4/thread.h>
#include <rt/stdio.h>

int main(int argc, char **argv)
{
	printf("outside:");
	for (int i = 1; i < argc; i++)
		printf(" %s", argv[i]);
	printf("\n");
	return L4_IsNilThread(L4_Myself());
}
