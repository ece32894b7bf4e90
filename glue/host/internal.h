/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * internal.h - what the parts of the modelled machine know of one another.
 */
#ifndef HOST_INTERNAL_H
#define HOST_INTERNAL_H

#include <host/host.h>

/* Check a precondition of the contract. */
#define REQUIRE(x) ((x) ? (void)0 : host_fail("%s: called against the contract: %s", __func__, #x))

/* Power-on state of each part. */
void host_cpu_reset(void);
void host_tlb_reset(void);
void host_irq_reset(void);
void host_cache_reset(void);

/* Forget every translation of `as`. */
void host_tlb_forget(const struct glue_space *as);

/* Set referenced bits in the tables of `as` for the page at va, as a hardware walker does. */
void host_mmu_reference(struct glue_space *as, word_t va, unsigned access);

/* An instruction fetch of the bytes at `pa`, one line of the instruction cache at most. */
void host_icache_fetch(paddr_t pa, void *buf, size_t len);

#endif
