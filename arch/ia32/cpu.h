/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * cpu.h - instructions C has no words for, and the bits of the registers they touch (Intel
 * SDM vol. 3A, chapter 2; vol. 4 for the MSRs).
 */
#ifndef IA32_CPU_H
#define IA32_CPU_H

#include <glue/types.h>

#define CR0_PE 0x00000001u
#define CR0_MP 0x00000002u /* WAIT obeys TS as well */
#define CR0_TS 0x00000008u
#define CR0_ET 0x00000010u
#define CR0_NE 0x00000020u
#define CR0_WP 0x00010000u
#define CR0_PG 0x80000000u

/* Caches on, alignment check off, no FPU emulation; the same for ever, but for TS. */
#define CR0_KERNEL (CR0_PE | CR0_MP | CR0_ET | CR0_NE | CR0_WP | CR0_PG)

#define CR4_PSE        0x00000010u
#define CR4_PGE        0x00000080u
#define CR4_OSFXSR     0x00000200u
#define CR4_OSXMMEXCPT 0x00000400u
#define CR4_UMIP       0x00000800u
#define CR4_SMEP       0x00100000u
#define CR4_SMAP       0x00200000u

#define MSR_APIC_BASE    0x01b
#define MSR_SYSENTER_CS  0x174
#define MSR_SYSENTER_ESP 0x175
#define MSR_SYSENTER_EIP 0x176
#define MSR_PAT          0x277

static inline uint8_t inb(uint16_t port)
{
	uint8_t v;

	__asm__ volatile("inb %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}

static inline void outb(uint16_t port, uint8_t v)
{
	__asm__ volatile("outb %0, %1" : : "a"(v), "Nd"(port));
}

static inline void outl(uint16_t port, uint32_t v)
{
	__asm__ volatile("outl %0, %1" : : "a"(v), "Nd"(port));
}

#define IA32_CR(n)                                                                                 \
	static inline word_t read_cr##n(void)                                                      \
	{                                                                                          \
		word_t v;                                                                          \
                                                                                                   \
		__asm__ volatile("movl %%cr" #n ", %0" : "=r"(v) : : "memory");                    \
		return v;                                                                          \
	}                                                                                          \
	static inline void write_cr##n(word_t v)                                                   \
	{                                                                                          \
		__asm__ volatile("movl %0, %%cr" #n : : "r"(v) : "memory");                        \
	}
IA32_CR(0)
IA32_CR(2)
IA32_CR(3)
IA32_CR(4)
#undef IA32_CR

static inline void invlpg(word_t va)
{
	__asm__ volatile("invlpg (%0)" : : "r"(va) : "memory");
}

static inline uint64_t rdtsc(void)
{
	uint64_t v;

	__asm__ volatile("rdtsc" : "=A"(v));
	return v;
}

static inline uint64_t rdmsr(uint32_t msr)
{
	uint64_t v;

	__asm__ volatile("rdmsr" : "=A"(v) : "c"(msr));
	return v;
}

static inline void wrmsr(uint32_t msr, uint64_t v)
{
	__asm__ volatile("wrmsr" : : "A"(v), "c"(msr) : "memory");
}

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid cpuid(uint32_t leaf)
{
	struct cpuid r;

	__asm__ volatile("cpuid"
			 : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
			 : "a"(leaf), "c"(0));
	return r;
}

/* DF is clear in the kernel. */
static inline void rep_movsl(void *dst, const void *src, size_t words)
{
	__asm__ volatile("rep movsl" : "+D"(dst), "+S"(src), "+c"(words) : : "memory");
}

static inline void rep_stosb(void *dst, uint8_t byte, size_t n)
{
	__asm__ volatile("rep stosb" : "+D"(dst), "+c"(n) : "a"(byte) : "memory");
}

/* True if all the words, at least one, are v. */
static inline bool repe_scasl(const void *p, word_t v, size_t words)
{
	bool equal;

	__asm__ volatile("repe scasl" : "+D"(p), "+c"(words), "=@cce"(equal) : "a"(v) : "memory");
	return equal;
}

/* n / d, where the quotient is known to fit 32 bits. */
static inline uint32_t div64_32(uint64_t n, uint32_t d)
{
	uint32_t quotient, rest;

	__asm__("divl %4"
		: "=a"(quotient), "=d"(rest)
		: "a"((uint32_t)n), "d"((uint32_t)(n >> 32)), "rm"(d)
		: "cc");
	return quotient;
}

#endif
