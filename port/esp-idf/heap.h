/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All of mbedTLS's memory in the server's task, where the heap is everybody's:
 * what firmware/tls calls its arena (tls/arena.h), with a reserve.
 *
 *     ├──────────── free ────────────┤
 *     │ sessions may take │ reserve  │   lwIP, Wi-Fi, the application
 *
 * A TLS session begins when a whole handshake fits above the reserve, so that a
 * full house leaves the rest of the device alive; until then it waits as for a
 * slot. A single request that would reach into the reserve fails and is counted.
 * What other tasks take of mbedTLS's memory is not looked at. Of the statistics
 * only blocks and failures are mbedTLS's own; the rest is of the whole heap.
 */
#ifndef TINYMX_ESP_IDF_HEAP_H
#define TINYMX_ESP_IDF_HEAP_H

#include <stddef.h>
#include <stdint.h>

/* In force from the next mx_tls_arena_init(). Bytes: what stays free, and what a
 * TLS session takes. */
void heap_limits(uint32_t reserve, uint32_t session);

/* For `status`: how often a session had to wait for memory. Those that wait
 * together count once. */
uint32_t heap_waits(void);

#endif
