/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/port.h - what the files of this port know of each other.
 */
#ifndef ARCH_PORT_H
#define ARCH_PORT_H

#include <glue/glue.h>

/* For large objects: out of the way of the small ones, which GCC so addresses from one base
 * (section anchors). It saves the IPC path a handful of instructions. */
#define FAR_BSS __attribute__((section(".bss.far")))

/* ---- entry.S, boot.S and the linker script ------------------------------------------- */
extern char _text[], _einit[], _etext[], _erodata[], _edata[], _bss[], _boot_bss[], _end[],
    _kernel_stack_top[];
extern char arm_vectors[], arm_halt_vectors[];

/* ---- trap.c: called by entry.S -------------------------------------------------------- */
struct glue_ctx *arm_undefined(struct glue_ctx *c, word_t fpexc);
struct glue_ctx *arm_prefetch_abort(struct glue_ctx *c);
struct glue_ctx *arm_data_abort(struct glue_ctx *c);
_Noreturn void arm_kernel_trap(const struct glue_ctx *c, unsigned kind);

/* The kernel stack pointer at the trap that led to a panic, or 0. */
extern word_t arm_trap_sp;

/* ---- boot.c: called by boot.S ---------------------------------------------------------- */
struct glue_ctx *arm_boot(void);

/* ---- mmu.c ------------------------------------------------------------------------------ */
/* Bits of TTBR0 and TTBR1 beside the address: the walker uses the caches as the kernel does. */
#define TTBR_FLAGS 0x6a /* IRGN, RGN: write-back, write-allocate; S, NOS: inner shareable */

/* The kernel's level-1 table. No walk uses its lower half, which stays empty: it is the table
 * of user space while there is none. */
extern uint32_t arm_kernel_l1[4096];

/* The second-level table of the image's first section. */
extern uint32_t arm_image_l2[256];

/* Replace boot.S's map by the final one: each part of the image with its own rights. */
void arm_mmu_init(void);

/* The last thing of booting: the pages of GLUE_INIT code, which the kernel was told are the
 * boot loader's, are no longer executable. Returns `c`. */
struct glue_ctx *arm_mmu_drop_init(struct glue_ctx *c);

/* The kernel address of device registers. Only at boot, DEVICE_SLOTS times. */
volatile uint32_t *arm_map_device(paddr_t pa);

/* ---- space.c ----------------------------------------------------------------------------- */
/* If the space in force allows the access, and it failed only because the page's referenced
 * bits are kept by such faults: set them. True: the instruction can be repeated. */
bool arm_absorb_fault(struct glue_space *as, word_t va, unsigned access);

/* ---- asid.c ------------------------------------------------------------------------------ */
/* The space in force; NULL after glue_space_leave. */
struct glue_space *arm_space(void);
void arm_asid_release(struct glue_space *as);
void arm_tlb_flush_all(void);

/* ---- fpu.c -------------------------------------------------------------------------------- */
/* Whether the undefined instruction at which `c`, in the space in force, stands is one of
 * those that the FPU has when it is on. */
bool arm_uses_fpu(const struct glue_ctx *c);

/* ---- drivers -------------------------------------------------------------------------------- */
void arm_console_init(void);
void arm_gic_init(void);
void arm_timer_init(void);
void arm_timer_off(void);

#endif
