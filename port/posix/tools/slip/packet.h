/* SPDX-License-Identifier: BSD-3-Clause */
/* IP packets on a serial line (RFC 1055). */
#ifndef TINYMX_SLIP_PACKET_H
#define TINYMX_SLIP_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACKET_MAX 1500
#define PACKET_CODED_MAX (2 * PACKET_MAX + 2) /* every byte escaped */

/* A packet as it goes over the line; `out` has room for all of it. How long that
 * is. */
size_t packet_encode(uint8_t *out, const uint8_t *packet, size_t len);

/* What came of the next one. All zero at the start. */
struct packet {
    uint8_t bytes[PACKET_MAX];
    size_t len;
    bool escaped; /* the next byte is behind an ESC */
    bool broken;  /* too long: thrown away at its end */
    bool ended;   /* the next byte begins another one */
};

/* The next byte of the line. True: `bytes` are a packet, until the next call. */
bool packet_push(struct packet *p, uint8_t byte);

#endif
