/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * abi/const.h - every number that user level and the kernel agree on. Only
 * macros, so that assembler files may include it. Nothing here depends on the
 * instruction set, only on the width of a word.
 */
#ifndef L4_ABI_CONST_H
#define L4_ABI_CONST_H

#define ABI_WORD_BITS  (__SIZEOF_POINTER__ * 8)
#define ABI_WORD_LOG2B (__SIZEOF_POINTER__ == 8 ? 3 : 2)

/* ---- identifiers ---------------------------------------------------------- */
#if __SIZEOF_POINTER__ == 8
#define ABI_TID_VERSION_BITS 32
#else
#define ABI_TID_VERSION_BITS 14
#endif
#define ABI_TID_NUMBER_BITS (ABI_WORD_BITS - ABI_TID_VERSION_BITS)
#define ABI_TID_LOCAL_MASK  0x3f /* version's low six bits: never all 0 in a global id */
#define ABI_NILTHREAD       0
#define ABI_ANYTHREAD       (-1)
#define ABI_WAITNOTIFY      (-2)
#define ABI_IRQ_VERSION     1

/* ---- fpages and physical descriptors --------------------------------------- */
#define ABI_X               1
#define ABI_W               2
#define ABI_R               4
#define ABI_FPAGE_SIZE_SHIFT 4 /* six bits of log2 size above four of rights */
#define ABI_FPAGE_BASE_SHIFT 10
#define ABI_FPAGE_COMPLETE_SIZE 1 /* size field of the whole address space */
#define ABI_FPAGE_IO_SIZE    2    /* size field of an I/O fpage (ports) */
#define ABI_PHYS_ATTR_BITS  6

#define ABI_ATTR_DEFAULT  0 /* cached */
#define ABI_ATTR_UNCACHED 1
#define ABI_ATTR_WC       2 /* write-combining, or buffered */
#define ABI_ATTR_IO       3 /* device: uncached and strongly ordered */

/* ---- the UTCB: indices of words -------------------------------------------- */
#define ABI_UTCB_MY_ID        0
#define ABI_UTCB_PROCESSOR    1
#define ABI_UTCB_HANDLE       2
#define ABI_UTCB_PAGER        3
#define ABI_UTCB_EXC_HANDLER  4
#define ABI_UTCB_ERROR        5
#define ABI_UTCB_ACCEPTOR     6
#define ABI_UTCB_NOTIFY_MASK  7
#define ABI_UTCB_NOTIFY_BITS  8
#define ABI_UTCB_PREEMPT_FLAGS 9
#define ABI_UTCB_PREEMPT_IP   10 /* preemption callback */
#define ABI_UTCB_PREEMPTED_IP 11
#define ABI_UTCB_TLS          12 /* thread-local words, user level's own */
#define ABI_UTCB_TLS_WORDS    4
#define ABI_UTCB_SYSARG       16 /* system-call arguments and results from the fifth on */
#define ABI_UTCB_SYSARG_WORDS 8
#define ABI_UTCB_MR           32 /* message registers */
#define ABI_MRS               64
#define ABI_UTCB_WORDS        128
#define ABI_UTCB_LOG2         (7 + ABI_WORD_LOG2B)

#define ABI_ACCEPT_NOTIFY 0x2 /* takes notification */
#define ABI_ACCEPT_NOSYNC 0x4 /* takes no synchronous IPC */

#define ABI_PREEMPT_CALLBACK 0x20 /* preempt flags: callback enabled */
#define ABI_PREEMPT_SIGNALLED 0x40 /* preempt flags: a preemption was signalled */

/* ---- message tag ------------------------------------------------------------ */
#define ABI_TAG_U_MASK      0x3f
#define ABI_TAG_RESERVED    0xfc0
#define ABI_TAG_COUNT_MASK  0xfff /* words and the reserved bits above them */
#define ABI_TAG_NOTIFY      0x2000
#define ABI_TAG_RBLOCK      0x4000
#define ABI_TAG_SBLOCK      0x8000
#define ABI_TAG_ERROR       0x8000 /* in a result */
#define ABI_TAG_XCPU        0x4000 /* in a result */
#define ABI_TAG_FLAGS       0xf000
#define ABI_TAG_LABEL_SHIFT 16

/* Labels of the messages that the kernel sends in a thread's name: the protocol above four
 * bits that only a page fault uses, for the access (0rwx). */
#define ABI_PROTO_INTERRUPT (-1)
#define ABI_PROTO_PAGEFAULT (-2)
#define ABI_PROTO_QUANTUM   (-3)
#define ABI_PROTO_SYSCALL   (-4)
#define ABI_PROTO_EXCEPTION (-5)
#define ABI_PROTO_SHIFT     4

/* Exception number, beside the port's own: the FPU was used, and the kernel has no memory
 * for its registers. */
#define ABI_EXC_NO_FPU_MEMORY 0x1000

/* ---- errors ------------------------------------------------------------------ */
#define ABI_OK                0
#define ABI_ERR_NO_PRIVILEGE  1
#define ABI_ERR_THREAD        2
#define ABI_ERR_SPACE         3
#define ABI_ERR_SCHEDULER     4
#define ABI_ERR_PARAM         5
#define ABI_ERR_UTCB_AREA     6
#define ABI_ERR_KIP_AREA      7
#define ABI_ERR_NO_MEM        8
#define ABI_ERR_REDIRECTOR    9

#define ABI_IPC_NO_PARTNER    1
#define ABI_IPC_NON_EXIST     2
#define ABI_IPC_CANCELED      3
#define ABI_IPC_MSG_OVERFLOW  4
#define ABI_IPC_NOT_ACCEPTED  5
#define ABI_IPC_ABORTED       7
#define ABI_IPC_SEND_PHASE    0
#define ABI_IPC_RECV_PHASE    1
#define ABI_IPC_ERROR(code, phase) ((code) << 1 | (phase))

/* ---- thread states as Schedule returns them ----------------------------------- */
#define ABI_STATE_ERROR         0
#define ABI_STATE_DEAD          1
#define ABI_STATE_INACTIVE      2
#define ABI_STATE_RUNNING       3
#define ABI_STATE_PENDING_SEND  4
#define ABI_STATE_SENDING       5
#define ABI_STATE_WAITING       6
#define ABI_STATE_RECEIVING     7
#define ABI_STATE_WAIT_NOTIFY   8

/* ---- ExchangeRegisters control ------------------------------------------------ */
#define ABI_XREG_HALTED   0x001 /* in with H_WRITE: the new halt flag; out: it was halted */
#define ABI_XREG_RECV     0x002 /* in: cancel a receive; out: was receiving */
#define ABI_XREG_SEND     0x004 /* in: cancel a send; out: was sending */
#define ABI_XREG_SP       0x008
#define ABI_XREG_IP       0x010
#define ABI_XREG_FLAGS    0x020
#define ABI_XREG_HANDLE   0x040
#define ABI_XREG_PAGER    0x080
#define ABI_XREG_H_WRITE  0x100 /* the halt flag is to be written */
#define ABI_XREG_DELIVER  0x200 /* return the old values */
#define ABI_XREG_COPY     0x400 /* copy the registers of the thread named by SOURCE */
#define ABI_XREG_TO_MRS   0x800 /* copy dest's registers into the caller's MRs */
#define ABI_XREG_FROM_MRS 0x1000 /* load dest's registers from the caller's MRs */
#define ABI_XREG_KNOWN    0x1fff
/* The source of COPY: its thread number, in the place it has in an id. */
#define ABI_XREG_SOURCE_SHIFT ABI_TID_VERSION_BITS

/* ---- MapControl control -------------------------------------------------------- */
#define ABI_MAP_ITEMS_MASK 0x3f
#define ABI_MAP_MAX_ITEMS  32
#define ABI_MAP_READ_BIT   (ABI_WORD_BITS - 2)
#define ABI_MAP_MODIFY_BIT (ABI_WORD_BITS - 1)

/* ---- CacheControl control: operation in bits 0-5, items in bits 6-11 (ranges as
 * MR pairs: start, length in bytes) ---------------------------------------------- */
#define ABI_CACHE_FLUSH_ALL   0 /* whole caches; no items */
#define ABI_CACHE_CLEAN_D     1
#define ABI_CACHE_INVAL_D     2
#define ABI_CACHE_FLUSH_D     3 /* clean and invalidate */
#define ABI_CACHE_SYNC_I      4 /* make written code executable */
#define ABI_CACHE_OPS         5
#define ABI_CACHE_ITEMS_SHIFT 6
#define ABI_CACHE_ITEMS_MASK  0x3f
#define ABI_CACHE_MAX_ITEMS   31

/* ---- system calls: see syscalls.def --------------------------------------------- */
#define ABI_SYS_IPC              0
#define ABI_SYS_THREAD_SWITCH    1
#define ABI_SYS_THREAD_CONTROL   2
#define ABI_SYS_EXCHANGE_REGS    3
#define ABI_SYS_SCHEDULE         4
#define ABI_SYS_MAP_CONTROL      5
#define ABI_SYS_SPACE_CONTROL    6
#define ABI_SYS_CACHE_CONTROL    7
#define ABI_SYS_PROC_CONTROL     8
#define ABI_SYS_KERNEL_INTERFACE 9
#define ABI_SYS_CONSOLE          10 /* debug console: one character out */
#define ABI_SYS_COUNT            11

/* Interface version and kernel id, as L4_KernelInterface returns them. */
#define ABI_API_VERSION 0x86000000
#define ABI_KERNEL_ID   0x0c000000

#define ABI_KIP_AREA_LOG2 14
#define ABI_ROOT_UTCB_AREA_LOG2 18
#endif
