/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who comes to port 25 of a public address, and what they do there: a table.
 * Some are mail servers (rig/sender.h), honest or leaving in the middle; the
 * others speak from a script and then wait for what becomes of it.
 */
#ifndef TINYMX_SOAK_BEHAVE_H
#define TINYMX_SOAK_BEHAVE_H

#include "chance.h"
#include "sender.h"

struct visitor {
    struct sender sender; /* its talk is the script's too */
    const struct behaviour *is;
    unsigned line; /* of the script: how many were said */
    char *blob;    /* and what comes behind it, */
    size_t blob_len, blob_done;
    uint64_t ends_ms; /* a script's patience */
};

struct behaviour {
    const char *name;
    unsigned weight;
    bool slow; /* holds its session for long: not too many at once */
    void (*begin)(struct visitor *v, unsigned host, struct chance *c);
    bool (*turn)(struct visitor *v, struct chance *c); /* false: it left */
    uint64_t (*due)(const struct visitor *v);
    const struct script *script; /* unless it is a mail server */
};

extern const struct behaviour behaviours[];
extern const unsigned behaviour_count;

#endif
