/* SPDX-License-Identifier: BSD-3-Clause */
/* lwIP's view of compiler and platform, by way of tinymx/port.h. */
#ifndef TINYMX_ARCH_CC_H
#define TINYMX_ARCH_CC_H

#include "tinymx/port.h"

/* File and line say which it was; the messages are kilobytes of flash. */
#define LWIP_PLATFORM_ASSERT(message) mx_port_fatal(__FILE__, __LINE__, "lwIP")
#define LWIP_PLATFORM_DIAG(message) ((void)0)
#define LWIP_NO_INTTYPES_H 0

/* Initial sequence numbers' and ports' share of unpredictability. */
static inline unsigned int mx_lwip_rand(void)
{
    unsigned int n = 0;

    (void)mx_port_entropy(&n, sizeof n);
    return n;
}
#define LWIP_RAND() mx_lwip_rand()

typedef unsigned int sys_prot_t; /* where lwIP has a thread */

#endif
