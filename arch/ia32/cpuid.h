/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * cpuid.h - feature bits (SDM vol. 2A, CPUID).
 */
#ifndef IA32_CPUID_H
#define IA32_CPUID_H

#define CPUID_1_EDX_FPU   0x00000001u
#define CPUID_1_EDX_PSE   0x00000008u
#define CPUID_1_EDX_TSC   0x00000010u
#define CPUID_1_EDX_MSR   0x00000020u
#define CPUID_1_EDX_APIC  0x00000200u
#define CPUID_1_EDX_SEP   0x00000800u
#define CPUID_1_EDX_PGE   0x00002000u
#define CPUID_1_EDX_CMOV  0x00008000u
#define CPUID_1_EDX_PAT   0x00010000u
#define CPUID_1_EDX_CLFSH 0x00080000u
#define CPUID_1_EDX_FXSR  0x01000000u
#define CPUID_1_EDX_SSE   0x02000000u

#define CPUID_LEAF_STRUCTURED 7
#define CPUID_7_EBX_SMEP      0x00000080u
#define CPUID_7_EBX_SMAP      0x00100000u
#define CPUID_7_ECX_UMIP      0x00000004u

#endif
