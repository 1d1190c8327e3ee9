/* SPDX-License-Identifier: BSD-3-Clause */
/* `identity dns`: what the owner publishes, as text of a zone (RFC 1035 5). What
 * is not to be pasted is a comment. */
#ifndef TINYMX_CONSOLE_PUBLISH_H
#define TINYMX_CONSOLE_PUBLISH_H

#include "tinymx/console_identity.h"

struct publish {
    const struct mx_table *table;
    struct mx_names addresses;
    const char *mx_name;
    unsigned flags;               /* of the certificate */
    const uint8_t *digest, *next; /* of the keys; NULL: there is none */
};

void publish_print(struct mx_console *c, const struct publish *p);

/* 32 bytes in hex. */
void publish_digest(struct mx_console *c, const uint8_t digest[32]);

#endif
