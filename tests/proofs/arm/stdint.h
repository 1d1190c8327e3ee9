/* SPDX-License-Identifier: BSD-3-Clause */
/* The types of a 32-bit board. The machine's own header is for the machine, and
 * has `long` for 64 bits. */
#ifndef TINYMX_PROOF_ARM_STDINT_H
#define TINYMX_PROOF_ARM_STDINT_H

typedef signed char int8_t;
typedef short int16_t;
typedef int int32_t;
typedef long long int64_t;
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
typedef unsigned int uintptr_t;

#define INT32_MAX 2147483647
#define UINT8_MAX 255
#define UINT16_MAX 65535
#define UINT32_MAX 4294967295u
#define SIZE_MAX 4294967295ul

#endif
