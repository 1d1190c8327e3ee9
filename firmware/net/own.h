/* SPDX-License-Identifier: BSD-3-Clause */
/* The device's own addresses. */
#ifndef TINYMX_NET_OWN_H
#define TINYMX_NET_OWN_H

#include <stdbool.h>
#include <stddef.h>

struct own_address {
    char text[48]; /* "192.0.2.1", "2001:db8::1" */
    bool global;   /* none of those that mean something on a local network only
                      (RFC 1918, 3927, 4193, 4291) */
};

/* The `n`th that is valid, but those of a link alone. False: there is none. */
bool own_address(struct own_address *own, size_t n);

#endif
