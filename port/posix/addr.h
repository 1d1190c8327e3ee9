/* SPDX-License-Identifier: BSD-3-Clause */
/* Addresses as people write them. */
#ifndef TINYMX_POSIX_ADDR_H
#define TINYMX_POSIX_ADDR_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "tinymx/posix.h"

/* Where to listen: "127.0.0.1:2525", "[::1]:2525", "2525". */
struct addr_listen {
    char host[INET6_ADDRSTRLEN]; /* no brackets; "": not said */
    uint16_t port;
};

/* "[::1]:65535" and a NUL. */
#define ADDR_TEXT_MAX (INET6_ADDRSTRLEN + 8)

/* 0, or MX_EINVAL. */
int addr_parse_listen(struct addr_listen *out, const char *text, char *why);

/* "[::1]:2525" of host and port; `out` holds ADDR_TEXT_MAX bytes. */
void addr_format(char *out, const char *host, uint16_t port);

/* An IPv4 or IPv6 literal and a port as a socket address.
 * 0, or MX_EINVAL. */
int addr_parse_socket(struct sockaddr_storage *out, socklen_t *len,
                      const char *host, uint16_t port);

/* "192.0.2.5/24", both in network byte order. 0, or MX_EINVAL. */
int addr_parse_cidr(struct in_addr *addr, struct in_addr *mask,
                    const char *text, char *why);

/* "2001:db8::5", "2001:db8::5/64". 0, or MX_EINVAL. */
int addr_parse_ip6(struct in6_addr *addr, const char *text, char *why);

#endif
