/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The network between sender and device: frames wait in it, and its weather
 * says what becomes of them.
 *
 *     link_put() ─► drop? flip a bit? twice? how long? ─► link_get(), when due
 */
#ifndef TINYMX_RIG_LINK_H
#define TINYMX_RIG_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum link_end { TO_DEVICE, TO_SENDER };

/* The same both ways. Chances are per mille of frames. */
struct weather {
    uint16_t drop;
    uint16_t twice;
    uint16_t flip; /* one bit, anywhere: every checksum there is sees it */
    uint16_t late; /* arrives late_ms later than it should, overtaken */
    uint32_t late_ms;
    uint32_t delay_ms;  /* every frame */
    uint32_t jitter_ms; /* at most so much on top, each frame for itself */
    uint32_t up_s;      /* so long it is there, and then for */
    uint32_t down_s;    /* so long it is not; 0: always there */
};

#define FRAME_MAX 1500

struct frame {
    enum link_end to;
    size_t len;
    unsigned char bytes[FRAME_MAX];
};

struct link_stats {
    uint64_t frames, dropped, doubled, flipped, late;
    unsigned most; /* in flight at once */
};
extern struct link_stats link_stats;

void link_open(const struct weather *weather, uint64_t seed);
void link_put(enum link_end to, const void *bytes, size_t len);
/* The next that is due, or false. */
bool link_get(struct frame *frame);
/* When the next is due; UINT64_MAX: there is none. */
uint64_t link_due(void);
/* Of every frame that was ever put: when, where to, its bytes, its fate. */
uint64_t link_trace(void);

#endif
