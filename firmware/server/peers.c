/* SPDX-License-Identifier: BSD-3-Clause */
#include "server/peers.h"

#include "net/address.h"
#include "tinymx/port.h"

#include <string.h>

#define MINUTE_MS 60000u
#define NO_LIMIT 0xffff

static void begin_minute(struct mx_peers *peers)
{
    uint32_t now_ms = mx_port_now_ms();

    if (now_ms - peers->minute_ms >= MINUTE_MS) {
        memset(peers, 0, sizeof *peers);
        peers->minute_ms = now_ms;
    }
}

static uint32_t weight(const struct mx_peer *row)
{
    return (uint32_t)row->count[PEERS_CONNECTION] + row->count[PEERS_HANDSHAKE];
}

/* A row that nobody has is of weight 0. */
static struct mx_peer *find(struct mx_peers *peers, const struct mx_prefix *who)
{
    struct mx_peer *least = &peers->row[0];

    for (size_t i = 0; i < MX_PEERS; i++) {
        struct mx_peer *row = &peers->row[i];

        if (address_same(&row->prefix, who)) {
            return row;
        }
        if (weight(row) < weight(least)) {
            least = row;
        }
    }
    *least = (struct mx_peer){.prefix = *who};
    return least;
}

bool peers_allow(struct mx_peers *peers, const struct mx_prefix *who,
                 enum peers_event event, uint16_t limit)
{
    struct mx_peer *row;

    if (limit == NO_LIMIT) {
        return true;
    }
    begin_minute(peers);
    row = find(peers, who);
    if (row->count[event] >= limit) {
        return false;
    }
    row->count[event]++;
    return true;
}
