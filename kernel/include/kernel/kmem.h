/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * kmem.h - the kernel's pool: every object of the kernel comes from it, and when it is
 * empty, a system call fails with NoMem. The functions ports use too (k_alloc, k_free,
 * k_counter) are in glue/upcall.h.
 */
#ifndef KERNEL_KMEM_H
#define KERNEL_KMEM_H

#include <glue/glue.h>

/* The port's: compilers call it anyway. */
void *memset(void *dst, int byte, size_t n);

/* log2 of the smallest block that has `size` bytes: a constant, if that is one. */
static inline __attribute__((always_inline)) unsigned kmem_log2(size_t size)
{
	return size <= 128 ? 7 : GLUE_WORD_BITS - (unsigned)__builtin_clzl(size - 1);
}

/* True if there is a block of 2^log2 bytes, of less than a page. Then kmem_take takes it: what is
 * in it is left from its last owner. */
bool kmem_ready(word_t log2) MUSTUSE;
void *kmem_take(word_t log2) MUSTUSE;

/* k_counter of the page that `at` is in. */
uint16_t *kmem_page_counter(const void *at);

/* Manage [start, end), direct-map addresses, page-aligned. Once, from k_boot. */
void kmem_init(void *start, void *end);

/* Bytes: free (counting rests of partly used pages), and managed in all. */
size_t kmem_free_bytes(void);
size_t kmem_total_bytes(void);

/* True if `n` blocks of 2^log2 bytes, at least a KiB, can be allocated one after another. */
bool kmem_has(size_t n, unsigned log2);

/* From now on keep *gauge at kmem_free_bytes(). */
void kmem_publish(word_t *gauge);

/* Check the allocator's own invariants; panics. Debug and host builds. */
void kmem_check(void);

#endif
