/* SPDX-License-Identifier: BSD-3-Clause */
#include "dns/labels.h"

#include <string.h>

#define HEADER 12u

void question_begin(struct question *q, uint8_t *out)
{
    /* RD and AD; a question, and a record behind it. */
    static const uint8_t header[HEADER] = {0, 0, 0x01, 0x20, 0, 1,
                                           0, 0, 0,    0,    0, 1};

    memcpy(out, header, sizeof header);
    q->out = out;
    q->len = HEADER;
}

void question_label(struct question *q, const char *label, size_t len)
{
    /* The root label has to follow. */
    if (q->len == 0 || len == 0 || len > LABEL_MAX ||
        q->len - HEADER + 1 + len + 1 > NAME_MAX_OCTETS) {
        q->len = 0;
        return;
    }
    q->out[q->len] = (uint8_t)len;
    memcpy(q->out + q->len + 1, label, len);
    q->len += 1 + len;
}

size_t question_end(struct question *q, enum dns_type type)
{
    /* Of the root: OPT, 1232 octets, version 0 and no flags (RFC 6891 6.1). */
    static const uint8_t opt[] = {0, 0, 41, 1232 >> 8, 1232 & 255, 0,
                                  0, 0, 0,  0,         0};
    uint8_t tail[] = {0, 0, (uint8_t)type, 0, 1};

    if (q->len == 0) {
        return 0;
    }
    memcpy(q->out + q->len, tail, sizeof tail);
    memcpy(q->out + q->len + sizeof tail, opt, sizeof opt);
    return q->len + sizeof tail + sizeof opt;
}

static void put_text(struct question *q, const char *text, size_t len)
{
    size_t from = 0;

    for (size_t i = 0; i < len; i++) {
        if (text[i] == '.') {
            question_label(q, text + from, i - from);
            from = i + 1;
        }
    }
    if (from < len) {
        question_label(q, text + from, len - from);
    }
}

size_t dns_query(uint8_t out[DNS_QUERY_MAX], enum dns_type type,
                 const char *prefix, const char *name, size_t len)
{
    struct question q;

    question_begin(&q, out);
    put_text(&q, prefix, strlen(prefix));
    put_text(&q, name, len);
    return len > 0 ? question_end(&q, type) : 0;
}

/* 192.0.2.99 is 99.2.0.192; of IPv6 every nibble is a label. */
static void put_octet(struct question *q, uint8_t octet, bool nibbles)
{
    static const char hex[] = "0123456789abcdef";
    char digits[4];
    struct fmt f;

    if (nibbles) {
        question_label(q, &hex[octet & 15], 1);
        question_label(q, &hex[octet >> 4], 1);
    } else {
        fmt_init(&f, digits, sizeof digits);
        fmt_u32(&f, octet);
        question_label(q, f.buf, f.len);
    }
}

size_t dns_query_reverse(uint8_t out[DNS_QUERY_MAX], const uint8_t *address,
                         size_t len)
{
    struct question q;

    question_begin(&q, out);
    for (size_t i = len; i-- > 0;) {
        put_octet(&q, address[i], len > 4);
    }
    question_label(&q, len > 4 ? "ip6" : "in-addr", len > 4 ? 3 : 7);
    question_label(&q, "arpa", 4);
    return question_end(&q, DNS_PTR);
}
