/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a resolver answers: any octets. Whatever parses has records and names
 * within it, and is read to the end.
 */
#include "fuzz.h"

#include "dns/message.h"

#include <string.h>

struct lent {
    const uint8_t *bytes;
    size_t len;
};

static uint8_t octet(const void *packet, size_t at)
{
    const struct lent *lent = packet;

    FUZZ_CHECK(at < lent->len);
    return lent->bytes[at];
}

/* At most 255 octets, each of four characters, and a dot for each label. */
#define TEXT_MAX 1300

static void try_name(const struct dns_message *m, size_t at)
{
    uint8_t query[DNS_QUERY_MAX];
    char text[TEXT_MAX];
    struct fmt f;
    size_t len = dns_name_query(m, at, DNS_A, query);

    fmt_init(&f, text, sizeof text);
    FUZZ_CHECK(dns_name_end(m, at) != 0);
    FUZZ_CHECK(dns_name_same(m, at, at));
    FUZZ_CHECK(len >= 12 + 1 + 4 + 11 && len <= sizeof query);
    dns_name_print(m, at, &f);
    FUZZ_CHECK(!f.cut && f.len > 0);
    for (size_t i = 0; i < f.len; i++) {
        FUZZ_CHECK(text[i] > ' ' && text[i] <= '~');
    }
    if (strchr(text, '\\') == NULL) {
        FUZZ_CHECK(dns_name_is(m, at, strcmp(text, ".") != 0 ? text : ""));
        fuzz_reached("name");
    }
}

static void try_records(const struct dns_message *m, enum dns_type type,
                        bool is_name)
{
    struct dns_record r = {0};
    char text[128];

    for (size_t count = 0; dns_next(m, type, &r); count++) {
        FUZZ_CHECK(count < m->answers);
        FUZZ_CHECK(r.data + r.len <= m->len);
        if (is_name) {
            try_name(m, r.data);
        }
        if (type == DNS_TXT) {
            dns_text(m, &r, text, sizeof text);
            fuzz_reached("text");
        }
        fuzz_reached("record");
    }
}

void fuzz_one(const uint8_t *data, size_t len)
{
    struct lent lent = {data, len};
    struct dns_message m = {.octet = octet, .packet = &lent, .len = len};
    uint8_t query[DNS_QUERY_MAX] = {0};
    size_t n = dns_query(query, DNS_MX, "", "example.test", 12);

    (void)dns_is_answer(query, n, &m);
    if (dns_parse(&m) != 0) {
        return;
    }
    try_name(&m, DNS_QUESTION);
    try_name(&m, m.name);
    if (m.aliases > 0) {
        fuzz_reached("alias");
    }
    try_records(&m, DNS_A, false);
    try_records(&m, DNS_AAAA, false);
    try_records(&m, DNS_TLSA, false);
    try_records(&m, DNS_TXT, false);
    try_records(&m, DNS_MX, true);
    try_records(&m, DNS_PTR, true);
}
