/* SPDX-License-Identifier: BSD-3-Clause */
#include "tls/pem.h"

#include "tinymx/err.h"
#include "tls/arena.h"

#include <mbedtls/base64.h>

#include <string.h>

static const char begin_mark[] = "-----BEGIN ";
static const char end_mark[] = "-----END ";
static const char close_mark[] = "-----";

static const char *find(const char *s, size_t len, const char *what)
{
    size_t n = strlen(what);

    for (; len >= n; s++, len--) {
        if (memcmp(s, what, n) == 0) {
            return s;
        }
    }
    return NULL;
}

/* Moves behind the next `what`; returns where it began, or NULL. */
static const char *skip_past(struct pem *pem, const char *what)
{
    const char *hit = find(pem->at, pem->left, what);

    if (hit != NULL) {
        const char *next = hit + strlen(what);

        pem->left -= (size_t)(next - pem->at);
        pem->at = next;
    }
    return hit;
}

/* The END's label must be the BEGIN's. */
static bool closes(const struct pem *pem)
{
    const size_t n = strlen(close_mark);

    return pem->left >= pem->label_len + n &&
           memcmp(pem->at, pem->label, pem->label_len) == 0 &&
           memcmp(pem->at + pem->label_len, close_mark, n) == 0;
}

bool pem_next(struct pem *pem)
{
    const char *end;

    if (skip_past(pem, begin_mark) == NULL) {
        return false;
    }
    pem->broken = true;
    pem->label = pem->at;
    end = skip_past(pem, close_mark);
    if (end == NULL) {
        return false;
    }
    pem->label_len = (size_t)(end - pem->label);
    pem->body = pem->at;
    end = skip_past(pem, end_mark);
    if (end == NULL || !closes(pem)) {
        return false;
    }
    pem->body_len = (size_t)(end - pem->body);
    pem->broken = false;
    return true;
}

bool pem_label_ends(const struct pem *pem, const char *suffix)
{
    size_t n = strlen(suffix);

    return pem->label_len >= n &&
           memcmp(pem->label + pem->label_len - n, suffix, n) == 0;
}

int pem_decode(const struct pem *pem, uint8_t **der, size_t *len)
{
    /* Four characters for three bytes, at the most. */
    size_t room = pem->body_len / 4 * 3 + 3;
    uint8_t *buf = mx_arena_calloc(1, room);

    if (buf == NULL) {
        return MX_ENOMEM;
    }
    if (mbedtls_base64_decode(buf, room, len, (const uint8_t *)pem->body,
                              pem->body_len) != 0 ||
        *len == 0) {
        mx_arena_free(buf);
        return MX_EFORMAT;
    }
    *der = buf;
    return 0;
}
