/* SPDX-License-Identifier: BSD-3-Clause */
#include "addr.h"

#include "tinymx/err.h"
#include "why.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* Decimal digits to the end of `text`, at most `max`. */
static int parse_number(const char *text, unsigned max, unsigned *out)
{
    unsigned n = 0;

    if (*text == '\0') {
        return MX_EINVAL;
    }
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9') {
            return MX_EINVAL;
        }
        n = n * 10 + (unsigned)(*text - '0');
        if (n > max) {
            return MX_EINVAL;
        }
    }
    *out = n;
    return 0;
}

static bool is_literal(const char *host)
{
    struct in6_addr addr;

    return inet_pton(AF_INET, host, &addr) == 1 ||
           inet_pton(AF_INET6, host, &addr) == 1;
}

/* Copies the host part [text, end) without its brackets. */
static int take_host(struct addr_listen *out, const char *text, size_t len)
{
    if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
        text++;
        len -= 2;
    } else if (memchr(text, ':', len) != NULL) {
        return MX_EINVAL; /* IPv6 without brackets: where does it end? */
    }
    if (len == 0 || len >= sizeof out->host) {
        return MX_EINVAL;
    }
    memcpy(out->host, text, len);
    out->host[len] = '\0';
    return is_literal(out->host) ? 0 : MX_EINVAL;
}

int addr_parse_listen(struct addr_listen *out, const char *text, char *why)
{
    const char *colon = strrchr(text, ':');
    const char *port = colon != NULL ? colon + 1 : text;
    unsigned number;

    memset(out, 0, sizeof *out);
    if (is_literal(text) || text[0] == '\0' || text[strlen(text) - 1] == ']') {
        return why_set(why, MX_EINVAL,
                       "'%s' has no port: write ADDRESS:PORT, for instance "
                       "127.0.0.1:2525 or [::1]:2525",
                       text);
    }
    if (parse_number(port, 65535, &number) != 0) {
        return why_set(why, MX_EINVAL,
                       "'%s': '%s' is not a port: write ADDRESS:PORT with a "
                       "number from 0 (any free one) to 65535",
                       text, port);
    }
    if (colon != NULL && colon != text &&
        take_host(out, text, (size_t)(colon - text)) != 0) {
        return why_set(why, MX_EINVAL,
                       "'%s': '%.*s' is not an address of this machine as a "
                       "number, like 127.0.0.1 or [::1]",
                       text, (int)(colon - text), text);
    }
    out->port = (uint16_t)number;
    return 0;
}

void addr_format(char *out, const char *host, uint16_t port)
{
    bool v6 = strchr(host, ':') != NULL;

    snprintf(out, ADDR_TEXT_MAX, "%s%s%s:%u", v6 ? "[" : "", host,
             v6 ? "]" : "", (unsigned)port);
}

int addr_parse_socket(struct sockaddr_storage *out, socklen_t *len,
                      const char *host, uint16_t port)
{
    struct sockaddr_in *in = (struct sockaddr_in *)out;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;

    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, host, &in->sin_addr) == 1) {
        in->sin_family = AF_INET;
        in->sin_port = htons(port);
        *len = sizeof *in;
        return 0;
    }
    if (inet_pton(AF_INET6, host, &in6->sin6_addr) == 1) {
        in6->sin6_family = AF_INET6;
        in6->sin6_port = htons(port);
        *len = sizeof *in6;
        return 0;
    }
    return MX_EINVAL;
}

/* Splits "address/bits"; without a slash *bits stays as it is. */
static int split_prefix(char *host, size_t cap, const char *text, unsigned max,
                        unsigned *bits)
{
    size_t len = strcspn(text, "/");

    if (len >= cap) {
        return MX_EINVAL;
    }
    memcpy(host, text, len);
    host[len] = '\0';
    return text[len] == '/' ? parse_number(text + len + 1, max, bits) : 0;
}

int addr_parse_cidr(struct in_addr *addr, struct in_addr *mask,
                    const char *text, char *why)
{
    char host[INET_ADDRSTRLEN];
    unsigned bits = 0;

    if (split_prefix(host, sizeof host, text, 32, &bits) != 0 || bits == 0 ||
        inet_pton(AF_INET, host, addr) != 1) {
        return why_set(why, MX_EINVAL,
                       "'%s' is not an IPv4 address with its prefix, like "
                       "192.0.2.5/24, nor the word dhcp",
                       text);
    }
    mask->s_addr = htonl((uint32_t)(0xffffffffu << (32 - bits)));
    return 0;
}

int addr_parse_ip6(struct in6_addr *addr, const char *text, char *why)
{
    char host[INET6_ADDRSTRLEN];
    unsigned bits = 64;

    if (split_prefix(host, sizeof host, text, 128, &bits) != 0 || bits != 64 ||
        inet_pton(AF_INET6, host, addr) != 1) {
        return why_set(why, MX_EINVAL,
                       "'%s' is not an IPv6 address with a prefix of 64, like "
                       "2001:db8::5/64",
                       text);
    }
    return 0;
}
