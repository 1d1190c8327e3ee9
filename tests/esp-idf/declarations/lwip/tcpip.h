/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of lwip/tcpip.h, as 5.5 and
 * 6.0 have it with CONFIG_LWIP_TCPIP_CORE_LOCKING. */
#ifndef TINYMX_DECLARED_LWIP_TCPIP_H
#define TINYMX_DECLARED_LWIP_TCPIP_H

#include "lwip/opt.h"

void declared_lock(void);
void declared_unlock(void);
#define LOCK_TCPIP_CORE() declared_lock()
#define UNLOCK_TCPIP_CORE() declared_unlock()

#endif
