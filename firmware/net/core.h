/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lwIP's core, and who may be in it.
 *
 * On a board there is one thread, and nothing of this costs anything. Where lwIP
 * has a thread of its own (tcpip_thread), the server runs in another, and both
 * see a connection:
 *
 *     tcpip_thread ── holds the core ──► callbacks: they note, and wake the server
 *     server's task ── enters the core ──► tcp_write(), what callbacks noted
 *
 * Whatever a callback writes is read and written inside the core alone. Inside
 * it nothing waits: no TLS, no sink, no log, no second core_enter().
 */
#ifndef TINYMX_NET_CORE_H
#define TINYMX_NET_CORE_H

#include "lwip/opt.h"

#if NO_SYS

enum { CORE_SHARED = 0 };
static inline void core_enter(void)
{
}
static inline void core_leave(void)
{
}
static inline void core_wake(void)
{
}

#else

#include "lwip/tcpip.h"
#include "tinymx/port.h"

#if !LWIP_TCPIP_CORE_LOCKING
#error "lwIP's core has no lock: LWIP_TCPIP_CORE_LOCKING has to be 1 \
(CONFIG_LWIP_TCPIP_CORE_LOCKING=y)"
#endif

enum { CORE_SHARED = 1 };
static inline void core_enter(void)
{
    LOCK_TCPIP_CORE();
}
static inline void core_leave(void)
{
    UNLOCK_TCPIP_CORE();
}
/* From a callback: the server has something to do. */
static inline void core_wake(void)
{
    mx_port_wake();
}

#endif

#endif
