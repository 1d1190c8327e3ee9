/* SPDX-License-Identifier: BSD-3-Clause */
/* Certificates out of a PEM text that comes line by line (RFC 7468). */
#include "tinymx/identity.h"

#include "tinymx/err.h"

#include <string.h>

#define BEGIN "-----BEGIN "
#define BEGIN_CERT "-----BEGIN CERTIFICATE-----"
#define END_CERT "-----END CERTIFICATE-----"
#define KEY_ENDS "PRIVATE KEY-----"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is(const char *line, size_t len, const char *text)
{
    return len == strlen(text) && memcmp(line, text, len) == 0;
}

static bool begins(const char *line, size_t len, const char *text)
{
    return len >= strlen(text) && memcmp(line, text, strlen(text)) == 0;
}

static bool begins_key(const char *line, size_t len)
{
    const size_t n = strlen(KEY_ENDS);

    return begins(line, len, BEGIN) && len >= n &&
           memcmp(line + len - n, KEY_ENDS, n) == 0;
}

/* The six bits of a base64 character, or -1. */
static int value(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    if (c == '+') {
        return 62;
    }
    return c == '/' ? 63 : -1;
}

/* Four characters are there: three bytes, less one for each "=". */
static int take_group(struct mx_pem *pem)
{
    if (pem->ends > 2) {
        return MX_EFORMAT;
    }
    for (unsigned i = 0; i < 3u - pem->ends; i++) {
        if (pem->len >= pem->room) {
            return MX_E2BIG;
        }
        pem->der[pem->len++] = (uint8_t)(pem->bits >> (16 - 8 * i));
    }
    pem->have = 0;
    pem->bits = 0;
    return 0;
}

static int take_char(struct mx_pem *pem, char c)
{
    int v = value(c);

    if (c == '=') {
        pem->ends++;
        v = 0;
    } else if (v < 0 || pem->ends > 0) {
        return MX_EFORMAT;
    }
    pem->bits = pem->bits << 6 | (uint32_t)v;
    pem->have = (uint8_t)(pem->have + 6);
    return pem->have == 24 ? take_group(pem) : 0;
}

static int take_base64(struct mx_pem *pem, const char *line, size_t len)
{
    int err = 0;

    for (size_t i = 0; i < len && err == 0; i++) {
        err = is_blank(line[i]) ? 0 : take_char(pem, line[i]);
    }
    return err;
}

static int begin(struct mx_pem *pem)
{
    pem->inside = true;
    pem->from = pem->len;
    pem->bits = 0;
    pem->have = 0;
    pem->ends = 0;
    return 0;
}

static int end(struct mx_pem *pem)
{
    pem->inside = false;
    pem->count++;
    return pem->have == 0 && pem->len > pem->from ? 0 : MX_EFORMAT;
}

static int take_line(struct mx_pem *pem, const char *line, size_t len)
{
    if (begins_key(line, len)) {
        return MX_EREFUSED;
    }
    if (!pem->inside) {
        return is(line, len, BEGIN_CERT) ? begin(pem) : 0;
    }
    return is(line, len, END_CERT) ? end(pem) : take_base64(pem, line, len);
}

/* Pasted text comes indented, and with the CR of a CRLF. */
int mx_pem_line(struct mx_pem *pem, const char *line, size_t len)
{
    while (len > 0 && is_blank(line[len - 1])) {
        len--;
    }
    while (len > 0 && is_blank(*line)) {
        line++;
        len--;
    }
    if (pem->error == 0) {
        pem->error = take_line(pem, line, len);
    }
    return pem->error;
}

int mx_pem_end(struct mx_pem *pem)
{
    if (pem->error == 0 && pem->inside) {
        pem->error = MX_EFORMAT;
    }
    return pem->error;
}
