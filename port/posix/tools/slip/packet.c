/* SPDX-License-Identifier: BSD-3-Clause */
#include "packet.h"

enum { END = 0300, ESC = 0333, ESC_END = 0334, ESC_ESC = 0335 };

/* An END in front too: it ends whatever noise there was on the line. */
size_t packet_encode(uint8_t *out, const uint8_t *packet, size_t len)
{
    uint8_t *at = out;

    *at++ = END;
    for (size_t i = 0; i < len; i++) {
        if (packet[i] == END || packet[i] == ESC) {
            *at++ = ESC;
            *at++ = packet[i] == END ? ESC_END : ESC_ESC;
        } else {
            *at++ = packet[i];
        }
    }
    *at++ = END;
    return (size_t)(at - out);
}

static void take(struct packet *p, uint8_t byte)
{
    if (p->len == sizeof p->bytes) {
        p->broken = true;
        return;
    }
    p->bytes[p->len++] = byte;
}

static bool end(struct packet *p)
{
    bool whole = p->len > 0 && !p->broken;

    p->broken = false;
    p->ended = true;
    return whole;
}

bool packet_push(struct packet *p, uint8_t byte)
{
    if (p->ended) {
        p->len = 0;
        p->ended = false;
    }
    if (byte == END) {
        p->escaped = false;
        return end(p);
    }
    if (byte == ESC && !p->escaped) {
        p->escaped = true;
        return false;
    }
    if (p->escaped) { /* any other byte is itself, as RFC 1055's own code has it */
        p->escaped = false;
        byte = byte == ESC_END ? END : byte == ESC_ESC ? ESC : byte;
    }
    take(p, byte);
    return false;
}
