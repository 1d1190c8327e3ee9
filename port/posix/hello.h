/* SPDX-License-Identifier: BSD-3-Clause */
/* What the simulator says when it is ready: where it is, who it is, and what
 * to try next. */
#ifndef TINYMX_POSIX_HELLO_H
#define TINYMX_POSIX_HELLO_H

#include "addr.h"
#include "identity_files.h"
#include "options.h"

/* A place that really accepts. */
struct hello_place {
    char host[INET6_ADDRSTRLEN]; /* "": the device's own address */
    uint16_t port;
    bool pop3; /* not SMTP */
    bool tls;  /* from the first byte */
};

struct hello {
    const struct options *options;
    const struct mx_identity *id; /* NULL: TLS is not offered */
    bool made;                    /* by this start */
    const struct identity_files *files;
    const struct hello_place *place;
    size_t places;
};

/* The log line event=listen for one place. */
void hello_listen(const struct hello_place *place);

/* The whole of it, on standard output. */
void hello_print(const struct hello *hello);

#endif
