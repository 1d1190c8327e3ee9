/* SPDX-License-Identifier: BSD-3-Clause */
/* Host names, and when a certificate's name covers one (RFC 9525 6.3). */
#ifndef TINYMX_TLS_NAME_H
#define TINYMX_TLS_NAME_H

#include <stdbool.h>
#include <stddef.h>

#define NAME_MAX_LEN 253

enum name_match {
    NAME_DIFFERS,
    NAME_BY_WILDCARD,
    NAME_SAME,
};

/* Whether `name` is a host name: letters, digits, hyphens in labels of 1 to 63
 * (RFC 1123 2.1), the last of them not a number, so that no IPv4 address is
 * one. An IDN is given as its A-labels. */
bool name_is_host(const char *name);

/* Does the dNSName `pattern` cover `name`? Neither is trusted; the pattern may
 * hold anything, NULs included. One final dot of `name` does not count. */
enum name_match name_match(const char *pattern, size_t len, const char *name);

#endif
