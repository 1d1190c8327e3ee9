/* SPDX-License-Identifier: BSD-3-Clause */
/* Prints the limits and the struct sizes that ram_table.py cannot see in a
 * binary: "name value" a line. */
#include "tinymx/server.h"

#include <stdio.h>

static const struct {
    const char *name;
    size_t value;
} rows[] = {
    {"sessions", MX_SESSIONS},
    {"session", sizeof(struct mx_session)},
    {"engine", sizeof(struct mx_smtp)},
    {"connection", sizeof(struct mx_conn)},
    {"tls_sessions", MX_TLS_SESSIONS},
    {"tls", sizeof(struct mx_tls)},
    {"server", sizeof(struct mx_server)},
    {"arena", MX_ARENA_SIZE},
    {"pbufs", MX_PBUF_COUNT},
};

int main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        printf("%s %zu\n", rows[i].name, rows[i].value);
    }
    return 0;
}
