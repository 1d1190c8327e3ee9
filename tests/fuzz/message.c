/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "message.h"

#include "tinymx/config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool message_by_data(const char *raw, size_t len, const char *body,
                     size_t body_len)
{
    const char *end = raw + len;

    for (;;) {
        const char *eol = memmem(raw, (size_t)(end - raw), "\r\n", 2);
        size_t n = eol != NULL ? (size_t)(eol - raw) : 0;

        if (eol == NULL || memchr(raw, '\r', n) || memchr(raw, '\n', n) ||
            memchr(raw, '\0', n)) {
            return false;
        }
        if (n == 1 && *raw == '.') {
            return eol + 2 == end && body_len == 0;
        }
        n += 2;
        if (*raw == '.') {
            raw++;
            n--;
        }
        if (n > body_len || memcmp(raw, body, n) != 0) {
            return false;
        }
        raw += n;
        body += n;
        body_len -= n;
    }
}

long message_chunk(const char *line, size_t len, bool *last)
{
    char text[MX_LINE_MAX + 1], *words[4] = {NULL};
    char *at = text;
    unsigned long long size;

    if (len >= sizeof text || memchr(line, '\0', len) != NULL ||
        memchr(line, '\r', len) != NULL || memchr(line, '\n', len) != NULL) {
        return -1;
    }
    memcpy(text, line, len);
    text[len] = '\0';
    for (size_t i = 0; i < 4; i++) {
        words[i] = strtok_r(at, " \t", &at);
    }
    *last = words[2] != NULL && strcasecmp(words[2], "LAST") == 0;
    if (words[1] == NULL || strcasecmp(words[0], "BDAT") != 0 ||
        words[1][strspn(words[1], "0123456789")] != '\0' ||
        (words[2] != NULL && !*last) || words[3] != NULL) {
        return -1;
    }
    size = strtoull(words[1], NULL, 10);
    return size <= UINT32_MAX ? (long)size : -1;
}

bool message_by_bdat(const char *raw, size_t len, const char *body,
                     size_t body_len)
{
    const char *end = raw + len;

    while (raw < end) {
        const char *eol = memmem(raw, (size_t)(end - raw), "\r\n", 2);
        bool last = false;
        long n;

        if (eol == NULL) {
            return false;
        }
        n = message_chunk(raw, (size_t)(eol - raw), &last);
        raw = eol + 2;
        if (n < 0) {
            continue;
        }
        if (n > end - raw || (size_t)n > body_len ||
            memcmp(raw, body, (size_t)n) != 0) {
            return false;
        }
        raw += n;
        body += n;
        body_len -= (size_t)n;
        if (last) {
            return raw == end && body_len == 0;
        }
    }
    return false;
}

unsigned message_hops(const char *body, size_t len)
{
    const char *end = body + len;
    unsigned hops = 0;

    while (body < end && *body != '\n' &&
           !(end - body >= 2 && memcmp(body, "\r\n", 2) == 0)) {
        const char *eol = memchr(body, '\n', (size_t)(end - body));
        const char *name_end = body + 8;

        while (name_end < end && (*name_end == ' ' || *name_end == '\t')) {
            name_end++;
        }
        hops += name_end < end && *name_end == ':' &&
                strncasecmp(body, "Received", 8) == 0;
        body = eol != NULL ? eol + 1 : end;
    }
    return hops;
}
