/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * contract.h - what the properties of the contract are written with. The same properties run
 * under cmocka on the modelled machine, and inside a kernel image on each ISA.
 *
 * A property is an ordinary function, in the place of the kernel. Where it wants something to
 * happen in user mode it makes a context that will do it (user_op), and waits for the upcall
 * that comes of it (run_user).
 */
#ifndef CONTRACT_CONTRACT_H
#define CONTRACT_CONTRACT_H

#include <contract_arch.h>
#include <glue/glue.h>

#include "ops.h"

/* ---- properties and checks --------------------------------------------------------------- */

struct property {
	const char *name;
	void (*run)(void);
};

#define PROPERTY(name) void prop_##name(void);
#include "properties.def"
#undef PROPERTY

extern const struct property contract_properties[];
extern const unsigned contract_property_count;

/* The property under way doesn't hold. */
void contract_fail(const char *file, unsigned line, const char *what, uint64_t a, uint64_t b);

#define CHECK(x)                                                                                   \
	do {                                                                                       \
		if (!(x)) {                                                                        \
			contract_fail(__FILE__, __LINE__, #x, 0, 0);                               \
			return;                                                                    \
		}                                                                                  \
	} while (0)

/* The values are printed when they differ. */
#define CHECK_EQ(a, b)                                                                             \
	do {                                                                                       \
		uint64_t va_ = (uint64_t)(a), vb_ = (uint64_t)(b);                                 \
		if (va_ != vb_) {                                                                  \
			contract_fail(__FILE__, __LINE__, #a " == " #b, va_, vb_);                 \
			return;                                                                    \
		}                                                                                  \
	} while (0)

/* ---- memory ---------------------------------------------------------------------------------*/

/* The physical memory [start, end) is free for frames. Once. */
void contract_frames_init(paddr_t start, paddr_t end);

/* A frame of 2^log2 bytes, zeroed; 0: there is none. All are given back by the next property. */
paddr_t frame(unsigned log2);
void frames_reset(void);

/* The word at byte `offset` of a frame. */
volatile word_t *frame_word(paddr_t pa, word_t offset);

/* Bytes free in the pool. */
size_t pool_free(void);

/* The range of 2^log2 bytes at va, to be unmapped (prot 0), or mapped cached to 0. */
struct glue_range range_of(word_t va, unsigned log2, unsigned prot);

/* Map all of it. False: no memory. */
bool map_quietly(struct glue_space *as, word_t va, paddr_t pa, unsigned log2, unsigned prot,
		 enum glue_attr attr);
/* And flush. */
bool map_now(struct glue_space *as, word_t va, paddr_t pa, unsigned log2, unsigned prot,
	     enum glue_attr attr);
bool unmap_now(struct glue_space *as, word_t va, unsigned log2);
/* Fini until it is done. */
void fini_now(struct glue_space *as);

#if CONTRACT_KERNEL_RIGHTS
/* The piece of the kernel's own half of the address space that begins at *va or behind: its rights
 * for the kernel itself, as the processor's tables have them; *va becomes the end. GLUE_RWX + 1:
 * there is none. In arch/<isa>/rights.c. */
unsigned contract_kernel_rights(word_t *va);
#endif

/* ---- user mode --------------------------------------------------------------------------------*/

enum event_kind { EV_SYSCALL, EV_IPC, EV_PAGEFAULT, EV_EXCEPTION, EV_INTERRUPT, EV_FPU };

/* An upcall: its context, and its arguments behind the context. */
struct event {
	enum event_kind kind;
	struct glue_ctx *ctx;
	word_t arg[3];
};

/* Resume `c` in `as`, and wait for the next upcall. */
struct event run_user(struct glue_ctx *c, struct glue_space *as);

/* Nothing to run: wait for an interrupt. */
struct event run_idle(void);

/* Let time pass, without user mode, until the clock says `until`. */
void contract_pass_time(uint64_t until);

/* Where things are in a space made by user_space. DATA is anything that a test maps. */
#define USER_CODE ((word_t)CODE_ADDRESS) /* the snippets, r-x */
#define USER_ARGS ((word_t)0x00500000)   /* arguments and results of the snippet under way, rw- */
#define USER_UTCB ((word_t)0x00600000)
#define USER_DATA ((word_t)0x10000000)

struct user {
	struct glue_ctx ctx;
	struct glue_space as;
	paddr_t args;
};

/* Make a space in which the snippets can run. False: no memory. */
bool user_init(struct user *u);
void user_fini(struct user *u);

/* Let the context start snippet `op` with two arguments. */
void user_op(struct user *u, enum user_op op, word_t a, word_t b);

/* Argument or result i of the snippet: 0-3 arguments, 4-7 results. */
volatile word_t *user_arg(struct user *u, unsigned i);

/* Run until the next upcall. */
struct event user_run(struct user *u);

/* user_op and user_run; true if the snippet ended as it should. */
bool user_does(struct user *u, enum user_op op, word_t a, word_t b);

/* The user address at which snippet `op` begins. */
word_t user_op_address(enum user_op op);

/* From arch/<isa>/user.S: the snippets, and the offset of each in them. */
extern const uint32_t contract_user_code[], contract_user_size;
extern const uint32_t contract_user_offsets[OPS];

#endif
