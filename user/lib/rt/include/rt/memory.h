/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * rt/memory.h - for a root task: physical memory, and places of its own space to map it at.
 */
#ifndef RT_MEMORY_H
#define RT_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RT_PAGE_LOG2 12
#define RT_PAGE_SIZE ((size_t)1 << RT_PAGE_LOG2)

/* Learn from the kernel interface page which memory is free. Once, before all else here. */
void rt_memory_init(const void *kip);

/* 2^log2 bytes of free physical memory, naturally aligned; 0: there is none. Their contents
 * are whatever they were. */
uint64_t rt_frame_alloc(unsigned log2);

/* Give them back. Mapped nowhere any more. */
void rt_frame_free(uint64_t frame, unsigned log2);

/* Bytes that are free, all together. */
uint64_t rt_frames_free(void);

/* Map 2^log2 bytes of physical memory in the root task's space, with rights and attribute as
 * l4/space.h has them; NULL: the kernel refused, or no addresses are left. */
void *rt_map(uint64_t frame, unsigned log2, unsigned rights, unsigned attribute);

/* Undo rt_map. */
void rt_unmap(void *at, unsigned log2);

/* 2^log2 bytes of memory, zeroed, readable and writable; *frame, unless NULL: where they are.
 * NULL: there are none. */
void *rt_pages_alloc(unsigned log2, uint64_t *frame);

/* Unmap and free them. */
void rt_pages_free(void *at, unsigned log2);

/* Physical memory behind an address of the root task's space; 0: nothing is mapped there. */
uint64_t rt_frame_of(const void *at);

#endif
