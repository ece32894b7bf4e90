/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * ops.h - the snippets of user code that arch/<isa>/user.S has, in this order. Each starts
 * with SP at eight words: d[0] to d[3] are arguments, d[4] to d[7] results. Each ends in
 * system call NR_DONE, never to return.
 */
#ifndef CONTRACT_OPS_H
#define CONTRACT_OPS_H

/* Numbers of the system calls that the snippets make. */
#define NR_DONE   100 /* one that the kernel does not know */
#define NR_REPORT 9   /* and one that it does, for which a port may have a shorter way */

/* What the registers are filled with: PATTERN + their number, or anything else that differs
 * in each of them. */
#define PATTERN 0x5a5a0000

/* Where the snippets are. */
#define CODE_ADDRESS 0x00400000

#ifndef __ASSEMBLER__
enum user_op {
	OP_READ,       /* d[4] = word at d[0] */
	OP_WRITE,      /* word at d[0] = d[1] */
	OP_EXEC,       /* d[4] = result of the function at d[0] */
	OP_SPIN,       /* count in d[4] for ever */
	OP_SYSCALL,    /* system call NR_REPORT with d[0] to d[3]; d[4] to d[7] = its results */
	OP_IPC,        /* IPC to d[0], from d[1], with tag d[2]; d[4] = tag, d[5] = from */
	OP_KEEP_CALL,  /* all registers filled, NR_REPORT; d[4] = how many lost their values */
	OP_KEEP_TRAP,  /* all registers filled, word at d[0] read until not 0; d[4] likewise */
	OP_UNDEFINED,  /* begins with an undefined instruction */
	OP_PRIVILEGED, /* begins with an instruction that is not for user mode */
	OP_FPU_SET,    /* FPU register = d[0] */
	OP_FPU_GET,    /* d[4] = FPU register */
	OP_TLS,        /* d[4] = address of the UTCB as user mode finds it */
	OP_EXCLUSIVE,  /* load-linked at d[0], NR_REPORT, store-conditional of d[1];
			* d[4] = 1 if that stored */
	OP_DEVICE,     /* device register d[0] = d[1]; a port where the machine has ports */
	OPS
};
#endif
#endif
