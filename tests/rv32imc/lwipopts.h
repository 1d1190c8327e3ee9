/* SPDX-License-Identifier: BSD-3-Clause */
/* lwIP with a thread of its own, as far as its headers show it. On a device it is
 * ESP-IDF's, with a configuration of its own. */
#ifndef TINYMX_RV32IMC_LWIPOPTS_H
#define TINYMX_RV32IMC_LWIPOPTS_H

#include "../../port/config/lwipopts.h"

#undef NO_SYS
#undef SYS_LIGHTWEIGHT_PROT
#define NO_SYS 0
#define SYS_LIGHTWEIGHT_PROT 1
#define LWIP_TCPIP_CORE_LOCKING 1
#define MEMP_NUM_TCPIP_MSG_API 4
#define MEMP_NUM_TCPIP_MSG_INPKT 8

#endif
