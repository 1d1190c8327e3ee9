/* SPDX-License-Identifier: BSD-3-Clause */
/* How lwIP is run: ethif_one.c or ethif_threads.c. */
#ifndef TINYMX_POSIX_ETHIF_LWIP_H
#define TINYMX_POSIX_ETHIF_LWIP_H

#include "lwip/netif.h"

/* Again does nothing. */
void ethif_start_lwip(void);

/* Takes a frame that came. */
extern const netif_input_fn ethif_take;

#endif
