/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of lwip/opt.h, as 5.5 has it;
 * in 6.0 the thread has another name. */
#ifndef TINYMX_DECLARED_LWIP_OPT_H
#define TINYMX_DECLARED_LWIP_OPT_H

#include <stddef.h>

#define TCPIP_THREAD_NAME "tiT"

#endif
