/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * l4/types.h - words, thread ids, fpages, rights and error codes.
 *
 * Nothing in this file enters the kernel.
 *
 * Each union has `raw`, which is the binary interface, and bit-field views (`X`, `global`)
 * for programs that name the fields. The views are a courtesy to such sources: neither the
 * library nor the kernel uses them.
 */
#ifndef L4_TYPES_H
#define L4_TYPES_H

#include <stddef.h>
#include <stdint.h>

#include <l4/abi/const.h>

#if ABI_WORD_BITS == 64
#define L4_64BIT
#else
#define L4_32BIT
#endif
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define L4_BIG_ENDIAN
#else
#define L4_LITTLE_ENDIAN
#endif

typedef uint64_t L4_Word64_t;
typedef uint32_t L4_Word32_t;
typedef uint16_t L4_Word16_t;
typedef uint8_t L4_Word8_t;
typedef unsigned long L4_Word_t; /* as wide as a pointer and a general register */
typedef long L4_SignedWord_t;
typedef L4_Word_t L4_Bool_t; /* 0: false */
typedef size_t L4_Size_t;

#define L4_INLINE        static inline
#define L4_BITS_PER_WORD ABI_WORD_BITS

/* A value of union or struct type `type` the first member of which is `value`. */
#if defined(__cplusplus) && __cplusplus >= 201103L
#define __L4_VALUE(type, value) (type{(value)})
#else /* GCC and Clang take C99's compound literals in C90 and C++98, too */
#define __L4_VALUE(type, value) (__extension__(type){(value)})
#endif

/* The compiler stops, showing `text`, unless the constant x is true. */
#if !defined(__cplusplus)
#define __L4_ASSERT(x, text) __extension__ _Static_assert(x, text)
#elif __cplusplus >= 201103L
#define __L4_ASSERT(x, text) static_assert(x, text)
#else /* an array has no negative size; the same type may be given the same name again */
#define __L4_ASSERT(x, text) extern char __l4_holds[(x) ? 1 : -1] __attribute__((__unused__))
#endif

/* Members of a bit-field view, the least significant first. */
#ifdef L4_BIG_ENDIAN
#define __L4_VIEW2(a, b)       L4_Word_t b, a
#define __L4_VIEW3(a, b, c)    L4_Word_t c, b, a
#define __L4_VIEW4(a, b, c, d) L4_Word_t d, c, b, a
#else
#define __L4_VIEW2(a, b)       L4_Word_t a, b
#define __L4_VIEW3(a, b, c)    L4_Word_t a, b, c
#define __L4_VIEW4(a, b, c, d) L4_Word_t a, b, c, d
#endif

__L4_ASSERT(sizeof(L4_Word_t) == sizeof(void *), "a word is as wide as a pointer");

/* ---- error codes: the TCR ErrorCode after a system call that returned 0 ----------------- */

#define L4_ErrOk                (ABI_OK)
#define L4_ErrNoPrivilege       (ABI_ERR_NO_PRIVILEGE)
#define L4_ErrInvalidThread     (ABI_ERR_THREAD)
#define L4_ErrInvalidSpace      (ABI_ERR_SPACE)
#define L4_ErrInvalidScheduler  (ABI_ERR_SCHEDULER)
#define L4_ErrInvalidParam      (ABI_ERR_PARAM)
#define L4_ErrUtcbArea          (ABI_ERR_UTCB_AREA)
#define L4_ErrKipArea           (ABI_ERR_KIP_AREA)
#define L4_ErrNoMem             (ABI_ERR_NO_MEM)
#define L4_ErrInvalidRedirector (ABI_ERR_REDIRECTOR)

/* After an IPC that failed, ErrorCode is the code here << 1 | the phase. */
#define L4_ErrNoPartner   (ABI_IPC_NO_PARTNER)
#define L4_ErrTimeout     L4_ErrNoPartner /* its name in older programs */
#define L4_ErrNonExist    (ABI_IPC_NON_EXIST)
#define L4_ErrCanceled    (ABI_IPC_CANCELED)
#define L4_ErrMsgOverflow (ABI_IPC_MSG_OVERFLOW)
#define L4_ErrNotAccepted (ABI_IPC_NOT_ACCEPTED)
#define L4_ErrAborted     (ABI_IPC_ABORTED)
#define L4_ErrSendPhase   (ABI_IPC_SEND_PHASE)
#define L4_ErrRecvPhase   (ABI_IPC_RECV_PHASE)

/* The phase in which an IPC failed, L4_ErrSendPhase or L4_ErrRecvPhase, and, in *code
 * unless that is NULL, one of the codes above. `err` is L4_ErrorCode(). */
L4_INLINE L4_Bool_t L4_IpcError(L4_Word_t err, L4_Word_t *code)
{
	if (code)
		*code = (err >> 1) & 0xf;
	return err & 1;
}

/* ---- thread ids --------------------------------------------------------------------------- */

typedef union {
	L4_Word_t raw;
	struct {
		__L4_VIEW2(version : ABI_TID_VERSION_BITS, thread_no : ABI_TID_NUMBER_BITS);
	} X;
} L4_GthreadId_t;

typedef union {
	L4_Word_t raw;
	L4_GthreadId_t global;
} L4_ThreadId_t;

#define L4_nilthread  __L4_VALUE(L4_ThreadId_t, (L4_Word_t)ABI_NILTHREAD)
#define L4_anythread  __L4_VALUE(L4_ThreadId_t, (L4_Word_t)ABI_ANYTHREAD)
#define L4_waitnotify __L4_VALUE(L4_ThreadId_t, (L4_Word_t)ABI_WAITNOTIFY)

/* The id of thread number `number` with `version`. The version's low six bits must not all
 * be 0. An interrupt line's id is L4_GlobalId(line, 1). */
L4_INLINE L4_ThreadId_t L4_GlobalId(L4_Word_t number, L4_Word_t version)
{
	L4_Word_t mask = ((L4_Word_t)1 << ABI_TID_VERSION_BITS) - 1;

	return __L4_VALUE(L4_ThreadId_t, number << ABI_TID_VERSION_BITS | (version & mask));
}

/* The thread number of t. */
L4_INLINE L4_Word_t L4_ThreadNo(L4_ThreadId_t t)
{
	return t.raw >> ABI_TID_VERSION_BITS;
}

/* The version of t. */
L4_INLINE L4_Word_t L4_Version(L4_ThreadId_t t)
{
	return t.raw & (((L4_Word_t)1 << ABI_TID_VERSION_BITS) - 1);
}

/* True if l and r are the same id, version included. */
L4_INLINE L4_Bool_t L4_IsThreadEqual(L4_ThreadId_t l, L4_ThreadId_t r)
{
	return l.raw == r.raw;
}

/* True if l and r are different ids. */
L4_INLINE L4_Bool_t L4_IsThreadNotEqual(L4_ThreadId_t l, L4_ThreadId_t r)
{
	return l.raw != r.raw;
}

/* True if t is L4_nilthread. */
L4_INLINE L4_Bool_t L4_IsNilThread(L4_ThreadId_t t)
{
	return t.raw == ABI_NILTHREAD;
}

/* ---- fpages: naturally aligned pieces of an address space, with rights -------------------- */

typedef union {
	L4_Word_t raw;
	struct {
		__L4_VIEW4(rwx : 3, reserved : 1, s : 6, b : ABI_WORD_BITS - 10);
	} X;
} L4_Fpage_t;

#define L4_Readable        (ABI_R)
#define L4_Writable        (ABI_W)
#define L4_eXecutable      (ABI_X)
#define L4_NoAccess        (0)
#define L4_FullyAccessible (ABI_R | ABI_W | ABI_X)
#define L4_ReadWriteOnly   (ABI_R | ABI_W)
#define L4_ReadeXecOnly    (ABI_R | ABI_X)

#define L4_Nilpage __L4_VALUE(L4_Fpage_t, (L4_Word_t)0)
#define L4_CompleteAddressSpace                                                                    \
	__L4_VALUE(L4_Fpage_t, (L4_Word_t)ABI_FPAGE_COMPLETE_SIZE << ABI_FPAGE_SIZE_SHIFT)

/* The fpage of 2^log2 bytes at `base`, without rights. 10 <= log2 < 64, and base is a
 * multiple of 2^log2: the kernel refuses any other (L4_ErrInvalidParam). */
L4_INLINE L4_Fpage_t L4_FpageLog2(L4_Word_t base, int log2)
{
	L4_Word_t low = ((L4_Word_t)1 << ABI_FPAGE_BASE_SHIFT) - 1;

	return __L4_VALUE(L4_Fpage_t, (base & ~low) | ((L4_Word_t)log2 & 0x3f)
							  << ABI_FPAGE_SIZE_SHIFT);
}

/* The exponent of the smallest power of two that is not less than `size` > 0. */
L4_INLINE int __L4_Log2(L4_Word_t size)
{
	return size <= 1 ? 0 : ABI_WORD_BITS - __builtin_clzl(size - 1);
}

/* The fpage of `size` bytes, rounded up to a power of two, at `base`, without rights. */
L4_INLINE L4_Fpage_t L4_Fpage(L4_Word_t base, L4_Word_t size)
{
	return L4_FpageLog2(base, __L4_Log2(size));
}

/* True if f is L4_Nilpage. */
L4_INLINE L4_Bool_t L4_IsNilFpage(L4_Fpage_t f)
{
	return f.raw == 0;
}

/* log2 of the size of f in bytes; of L4_CompleteAddressSpace, 1. */
L4_INLINE L4_Word_t L4_SizeLog2(L4_Fpage_t f)
{
	return (f.raw >> ABI_FPAGE_SIZE_SHIFT) & 0x3f;
}

/* Size of f in bytes; 0 of L4_Nilpage. */
L4_INLINE L4_Word_t L4_Size(L4_Fpage_t f)
{
	return L4_SizeLog2(f) == 0 ? 0 : (L4_Word_t)1 << L4_SizeLog2(f);
}

/* First address of f. */
L4_INLINE L4_Word_t L4_Address(L4_Fpage_t f)
{
	return f.raw & ~(((L4_Word_t)1 << L4_SizeLog2(f)) - 1);
}

/* The rights that f carries: an OR of L4_Readable, L4_Writable, L4_eXecutable. */
L4_INLINE L4_Word_t L4_Rights(L4_Fpage_t f)
{
	return f.raw & L4_FullyAccessible;
}

/* Replace the rights of *f by rwx. Returns the new fpage. */
L4_INLINE L4_Fpage_t L4_Set_Rights(L4_Fpage_t *f, L4_Word_t rwx)
{
	f->raw = (f->raw & ~(L4_Word_t)L4_FullyAccessible) | (rwx & L4_FullyAccessible);
	return *f;
}

/* f with the rights rwx added. */
L4_INLINE L4_Fpage_t L4_FpageAddRights(L4_Fpage_t f, L4_Word_t rwx)
{
	f.raw |= rwx & L4_FullyAccessible;
	return f;
}

/* Add the rights rwx to *f. Returns the new fpage. */
L4_INLINE L4_Fpage_t L4_FpageAddRightsTo(L4_Fpage_t *f, L4_Word_t rwx)
{
	*f = L4_FpageAddRights(*f, rwx);
	return *f;
}

/* f without the rights rwx. */
L4_INLINE L4_Fpage_t L4_FpageRemoveRights(L4_Fpage_t f, L4_Word_t rwx)
{
	f.raw &= ~(rwx & L4_FullyAccessible);
	return f;
}

/* Remove the rights rwx from *f. Returns the new fpage. */
L4_INLINE L4_Fpage_t L4_FpageRemoveRightsFrom(L4_Fpage_t *f, L4_Word_t rwx)
{
	*f = L4_FpageRemoveRights(*f, rwx);
	return *f;
}

/* ---- I/O fpages: ranges of ports, on machines that have them ------------------------------- */

/* The I/O fpage of 2^log2 ports from `port` on, without rights; port is a multiple of
 * 2^log2. Any right at all lets the space use the ports. */
L4_INLINE L4_Fpage_t L4_IoFpageLog2(L4_Word_t port, int log2)
{
	return __L4_VALUE(L4_Fpage_t, (port & 0xffff) << 16 | ((L4_Word_t)log2 & 0x3f) << 10 |
					  (L4_Word_t)ABI_FPAGE_IO_SIZE << ABI_FPAGE_SIZE_SHIFT);
}

/* The same, for `size` ports, rounded up to a power of two. */
L4_INLINE L4_Fpage_t L4_IoFpage(L4_Word_t port, L4_Word_t size)
{
	return L4_IoFpageLog2(port, __L4_Log2(size));
}

/* True if f is an I/O fpage. */
L4_INLINE L4_Bool_t L4_IsIoFpage(L4_Fpage_t f)
{
	return L4_SizeLog2(f) == ABI_FPAGE_IO_SIZE;
}

/* First port of the I/O fpage f. */
L4_INLINE L4_Word_t L4_IoFpagePort(L4_Fpage_t f)
{
	return (f.raw >> 16) & 0xffff;
}

/* log2 of the number of ports of the I/O fpage f. */
L4_INLINE L4_Word_t L4_IoFpageSizeLog2(L4_Fpage_t f)
{
	return (f.raw >> 10) & 0x3f;
}

/* Number of ports of the I/O fpage f. */
L4_INLINE L4_Word_t L4_IoFpageSize(L4_Fpage_t f)
{
	return (L4_Word_t)1 << L4_IoFpageSizeLog2(f);
}

#endif
