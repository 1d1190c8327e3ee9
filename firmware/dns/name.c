/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names in a message (RFC 1035 4.1.4). A pointer has to lead in front of the
 * stretch of labels that it ends, so there is an end of it without counting.
 */
#include "dns/labels.h"

#include <string.h>

void labels_init(struct labels *l, const struct dns_message *m, size_t at)
{
    *l = (struct labels){.m = m, .at = at, .limit = at};
}

/* Follows pointers to where a label is. False: there is none. */
static bool find_label(struct labels *l, uint8_t *len)
{
    while (l->at < l->m->len) {
        size_t to;

        *len = dns_octet(l->m, l->at);
        if (*len <= LABEL_MAX) {
            return true;
        }
        if (*len < 0xc0 || l->m->len - l->at < 2) {
            return false;
        }
        to = (size_t)(*len & 0x3f) << 8 | dns_octet(l->m, l->at + 1);
        if (to >= l->limit) {
            return false;
        }
        if (l->end == 0) {
            l->end = l->at + 2;
        }
        l->at = l->limit = to;
    }
    return false;
}

int labels_next(struct labels *l, size_t *at)
{
    uint8_t len;

    if (!find_label(l, &len) || len >= l->m->len - l->at ||
        len + 1u > NAME_MAX_OCTETS - l->octets) {
        return -1;
    }
    *at = l->at + 1;
    l->at += len + 1u;
    l->octets += len + 1u;
    if (len == 0 && l->end == 0) {
        l->end = l->at;
    }
    return len;
}

size_t dns_name_end(const struct dns_message *m, size_t at)
{
    struct labels l;
    int len;

    labels_init(&l, m, at);
    do {
        len = labels_next(&l, &at);
    } while (len > 0);
    return len == 0 ? l.end : 0;
}

uint8_t label_lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

bool dns_name_same(const struct dns_message *m, size_t a, size_t b)
{
    struct labels la, lb;
    int len;

    labels_init(&la, m, a);
    labels_init(&lb, m, b);
    do {
        len = labels_next(&la, &a);
        if (len < 0 || labels_next(&lb, &b) != len) {
            return false;
        }
        for (int i = 0; i < len; i++) {
            if (label_lower(dns_octet(m, a++)) !=
                label_lower(dns_octet(m, b++))) {
                return false;
            }
        }
    } while (len > 0);
    return true;
}

bool dns_name_is(const struct dns_message *m, size_t at, const char *text)
{
    struct labels l;
    size_t len = strlen(text);
    int n;

    labels_init(&l, m, at);
    while ((n = labels_next(&l, &at)) > 0) {
        if ((size_t)n > len) {
            return false;
        }
        for (; n > 0; n--, len--) {
            if (label_lower(dns_octet(m, at++)) !=
                label_lower((uint8_t)*text++)) {
                return false;
            }
        }
        if (len > 0 && *text != '.') {
            return false;
        }
        text += len > 0;
        len -= len > 0;
    }
    return n == 0 && len == 0;
}

/* A dot within a label is no end of it. */
static void print_octet(struct fmt *f, uint8_t octet)
{
    char c = (char)octet;

    if (c == '.') {
        fmt_str(f, "\\x2e");
    } else {
        fmt_escaped(f, &c, 1, 1);
    }
}

void dns_name_print(const struct dns_message *m, size_t at, struct fmt *f)
{
    struct labels l;
    bool first = true;
    int len;

    labels_init(&l, m, at);
    while ((len = labels_next(&l, &at)) > 0) {
        if (!first) {
            fmt_char(f, '.');
        }
        first = false;
        for (; len > 0; len--) {
            print_octet(f, dns_octet(m, at++));
        }
    }
    if (first) {
        fmt_char(f, '.');
    }
}

size_t dns_name_query(const struct dns_message *m, size_t at,
                      enum dns_type type, uint8_t out[DNS_QUERY_MAX])
{
    struct labels l;
    struct question q;
    int len;

    question_begin(&q, out);
    labels_init(&l, m, at);
    while ((len = labels_next(&l, &at)) > 0) {
        char label[LABEL_MAX];

        for (int i = 0; i < len; i++) {
            label[i] = (char)dns_octet(m, at++);
        }
        question_label(&q, label, (size_t)len);
    }
    return len == 0 ? question_end(&q, type) : 0;
}
