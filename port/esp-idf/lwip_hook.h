/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What ESP-IDF's lwIP includes, as ESP_IDF_LWIP_HOOK_FILENAME: a peer may come
 * again from the port of its last connection. A project with hooks of its own
 * switches TINYMX_LWIP_HOOK off and includes this in its own file.
 */
#ifndef TINYMX_ESP_IDF_LWIP_HOOK_H
#define TINYMX_ESP_IDF_LWIP_HOOK_H

#include "../../firmware/net/reuse.h"

#define LWIP_HOOK_TCP_INPACKET_PCB(pcb, header, optlen, opt1len, opt2, p)      \
    reuse_port(pcb, header)

#endif
