/* SPDX-License-Identifier: BSD-3-Clause */
/* Records. What dns_parse() has let through can be read without a check. */
#include "dns/labels.h"

#include "tinymx/err.h"

#include <string.h>

#define HEADER 12u
#define FIXED 10u /* of a record: type, class, TTL, length */
#define CLASS_IN 1u
#define ALIASES_MAX 8u

/* Of the header. */
#define QR_OPCODE 0xf800u
#define QR 0x8000u
#define TC 0x0200u
#define AD 0x0020u

uint8_t dns_octet(const struct dns_message *m, size_t at)
{
    return m->octet(m->packet, at);
}

static uint16_t read16(const struct dns_message *m, size_t at)
{
    return (uint16_t)(dns_octet(m, at) << 8 | dns_octet(m, at + 1));
}

/* What stands behind the name in a query, but the OPT. */
static size_t question_len(const uint8_t *query)
{
    size_t at = HEADER;

    while (query[at] != 0) {
        at += query[at] + 1u;
    }
    return at + 5 - HEADER;
}

bool dns_is_answer(const uint8_t *query, size_t len,
                   const struct dns_message *m)
{
    size_t n = len > HEADER ? question_len(query) : 0;

    if (n == 0 || m->len < HEADER + n || dns_octet(m, 0) != query[0] ||
        dns_octet(m, 1) != query[1] || (read16(m, 2) & QR_OPCODE) != QR ||
        read16(m, 4) != 1) {
        return false;
    }
    for (size_t i = HEADER; i < HEADER + n; i++) {
        if (label_lower(dns_octet(m, i)) != label_lower(query[i])) {
            return false;
        }
    }
    return true;
}

/* --- records ------------------------------------------------------------ */

struct raw {
    size_t name, data, next;
    uint16_t type, class, len;
};

/* The record at `at`. False: it goes beyond the message. */
static bool read_record(const struct dns_message *m, size_t at, struct raw *r)
{
    size_t end = dns_name_end(m, at);

    if (end == 0 || m->len - end < FIXED) {
        return false;
    }
    *r = (struct raw){.name = at,
                      .type = read16(m, end),
                      .class = read16(m, end + 2),
                      .len = read16(m, end + 8),
                      .data = end + FIXED};
    r->next = r->data + r->len;
    return r->next <= m->len;
}

/* A name that fills the rest of a record. */
static bool is_name(const struct dns_message *m, const struct raw *r,
                    uint16_t skip)
{
    return r->len > skip && dns_name_end(m, r->data + skip) == r->next;
}

static bool is_text(const struct dns_message *m, const struct raw *r)
{
    size_t at = r->data;

    while (at < r->next) {
        at += dns_octet(m, at) + 1u;
    }
    return r->len > 0 && at == r->next;
}

static bool is_sound(const struct dns_message *m, const struct raw *r)
{
    switch (r->type) {
    case DNS_A:
        return r->len == 4;
    case DNS_AAAA:
        return r->len == 16;
    case DNS_TLSA:
        return r->len > 3;
    case DNS_TXT:
        return is_text(m, r);
    case DNS_MX:
        return is_name(m, r, 2);
    case DNS_PTR:
    case DNS_CNAME:
        return is_name(m, r, 0);
    default:
        return true;
    }
}

bool dns_next(const struct dns_message *m, enum dns_type type,
              struct dns_record *r)
{
    struct raw raw;

    if (r->done == 0) {
        r->next = m->first;
    }
    while (r->done < m->answers && read_record(m, r->next, &raw)) {
        uint16_t skip = type == DNS_MX ? 2 : 0;

        r->done++;
        r->next = raw.next;
        if (raw.type == (uint16_t)type && raw.class == CLASS_IN &&
            dns_name_same(m, raw.name, m->name)) {
            r->preference = type == DNS_MX ? read16(m, raw.data) : 0;
            r->data = raw.data + skip;
            r->len = (uint16_t)(raw.len - skip);
            return true;
        }
    }
    return false;
}

/* --- the whole ---------------------------------------------------------- */

static bool check_records(const struct dns_message *m)
{
    size_t at = m->first;
    struct raw r;

    for (uint16_t i = 0; i < m->answers; i++) {
        if (!read_record(m, at, &r) ||
            (r.class == CLASS_IN && !is_sound(m, &r))) {
            return false;
        }
        at = r.next;
    }
    return true;
}

static bool follow_aliases(struct dns_message *m)
{
    struct dns_record r = {0};

    while (dns_next(m, DNS_CNAME, &r)) {
        if (m->aliases == ALIASES_MAX) {
            return false;
        }
        m->aliases++;
        m->name = r.data;
        r = (struct dns_record){0}; /* they come in any order */
    }
    return true;
}

int dns_parse(struct dns_message *m)
{
    uint16_t flags;
    size_t end;

    if (m->len < HEADER) {
        return MX_EFORMAT;
    }
    flags = read16(m, 2);
    end = dns_name_end(m, DNS_QUESTION);
    if (read16(m, 4) != 1 || end == 0 || m->len - end < 4) {
        return MX_EFORMAT;
    }
    m->rcode = (enum dns_rcode)(flags & 15);
    m->cut = (flags & TC) != 0;
    m->validated = (flags & AD) != 0;
    m->aliases = 0;
    m->answers = m->cut ? 0 : read16(m, 6);
    m->first = end + 4;
    m->name = DNS_QUESTION;
    return check_records(m) && follow_aliases(m) ? 0 : MX_EFORMAT;
}

void dns_text(const struct dns_message *m, const struct dns_record *r,
              char *text, size_t room)
{
    size_t fill = 0;

    for (size_t at = r->data; at < r->data + r->len;) {
        for (uint8_t n = dns_octet(m, at++); n > 0; n--, at++) {
            if (fill < room - 1) {
                text[fill++] = (char)dns_octet(m, at);
            }
        }
    }
    text[fill] = '\0';
}
